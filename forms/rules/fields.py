"""F rules of single values and of one person's values beside each other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from forms import identity
from forms.definition import Field, Layout, OpinionBox, Requirement
from forms.finding import Severity
from forms.rules import periods
from forms.rules.books import birth_month
from forms.rules.marks import lacking, seal_of
from forms.rules.rule import STAFF, Flaw, Rule
from forms.rules.units import looks_like
from forms.rules.view import Line, Sheet, mask

E, W, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO

_IN_ORDER = (
    ("start_date", "end_date"),
    ("contract_start", "contract_end"),
    ("term_start", "term_end"),
    ("hired_on", "dismissed_on"),
    ("start_date", "returned_on"),
)
_OWN_BOXES = frozenset({"unit_seal", "principal_signature"})
_LABOUR_FORMS = frozenset({"1", "2", "3"})
_DISPATCH = frozenset({"1", "2"})
_OUTSOURCED = "9"
_PART_TIME = "8"
_MONTH = 7


def _label(line: Line, key: str) -> str:
    field = line.sheet.fields.get(key) or line.sheet.definition.header_field(key)
    if field is None:
        return key
    return f"{field.group}({field.label})" if field.group else field.label


def sex_and_birth(line: Line) -> Iterator[Flaw]:
    """F-2."""
    number = line.identity
    if number:
        sex, born = identity.sex_of(number), birth_month(line)
        if line.text("sex") in {"男", "女"} and line.text("sex") != sex:
            message = f"{line.who}:性别填“{line.text('sex')}”,身份证号{mask(number)}第17位表示“{sex}”,请核对后改正"
            yield Flaw(line.path("sex"), message, suggestion=sex)
        stated = line.text("birth_month")[:_MONTH]
        if len(stated) == _MONTH and stated != born:
            said = f"{line.who}:出生年月填{stated},身份证号{mask(number)}第7至12位为{born},请核对后改正"
            yield Flaw(line.path("birth_month"), said, suggestion=born)
    yield from _age(line)


def _age(line: Line) -> Iterator[Flaw]:
    age, filled = line.number("age"), line.sheet.line_of("filled_on").day("filled_on")
    if age is None or filled is None:
        return
    number = line.identity
    if number and (birth := identity.birth_of(number)):
        ages = {_years(birth, filled)}
    elif len(born := line.text("birth_month")[:_MONTH]) == _MONTH and (first := line.sheet.day_of(f"{born}-01")):
        ages = {_years(first, filled), _years(periods.last_day(first, 1), filled)}
    else:
        return
    if age not in ages:
        due = "或".join(str(item) for item in sorted(ages))
        message = f"{line.who}:年龄填{age}岁,按填表日期{periods.in_words(filled)}应为{due}周岁,请核对"
        yield Flaw(line.path("age"), message, W, suggestion=due)


def _years(birth: dt.date, day: dt.date) -> int:
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def in_order(line: Line) -> Iterator[Flaw]:
    """F-4: what ends must not end before it began. A month is compared where the months already tell."""
    for first, last in _IN_ORDER:
        start, end = line.text(first), line.text(last)
        if not (start[:4].isdigit() and end[:4].isdigit()):
            continue
        length = min(len(start), len(end))
        if length >= _MONTH and end[:length] < start[:length]:
            message = f"{line.who}:“{_label(line, last)}”({end})早于“{_label(line, first)}”({start}),请核对起止日期"
            yield Flaw(line.path(last), message)


def required_cells(line: Line) -> Iterator[Flaw]:
    """F-5 for a person: the cells every person needs, and those needed by what another cell says."""
    for field in line.sheet.required_fields:
        if line.is_blank(field.key):
            yield _absent(line, field)
    yield from _contract(line)
    if line.sheet.form == "attachment-5":
        yield from _dispatch(line)


def _absent(line: Line, field: Field) -> Flaw:
    entry = line.entries.get(field.key)
    written = f"填的是“{entry.value}”,按未填处理" if entry is not None and entry.value else "未填"
    where = line.who if line.prefix != "header" else "表头、表尾"
    name = f"{field.group}({field.label})" if field.group else field.label
    return Flaw(line.path(field.key), f"{where}:“{name}”{written},该栏必填,请补填")


def _contract(line: Line) -> Iterator[Flaw]:
    """A contract that was made has dates, and on attachment-3 a party."""
    if "has_contract" not in line.sheet.fields or line.flag("has_contract") is not True:
        return
    for key in ("contract_start", "contract_party"):
        if key in line.sheet.fields and line.is_blank(key):
            yield Flaw(line.path(key), f"{line.who}:已签订劳动合同,“{_label(line, key)}”未填,请补填")
    if line.is_blank("contract_end"):
        message = f"{line.who}:已签订劳动合同,“{_label(line, 'contract_end')}”未填,请补填;无固定期限合同请填“无固定”"
        yield Flaw(line.path("contract_end"), message, W)


def _dispatch(line: Line) -> Iterator[Flaw]:
    form = line.code("employment_form")
    if form in _DISPATCH and line.is_blank("dispatch_agency"):
        yield Flaw(line.path("dispatch_agency"), f"{line.who}:用工形式为劳务派遣,“派遣单位”未填,请补填")
    needed = ["contract_start"] if form in _LABOUR_FORMS else []
    needed += ["term_start", "term_end"] if form in _DISPATCH else []
    for key in needed:
        if line.is_blank(key):
            message = f"{line.who}:用工形式为“{line.text('employment_form')}”,“{_label(line, key)}”未填,请补填"
            yield Flaw(line.path(key), message, W)


def required_header(sheet: Sheet) -> Iterator[Flaw]:
    """F-5 around the grid, and the reporting unit's own seal and signature where the source speaks of marks."""
    for field in sheet.definition.header:
        needed = field.required is Requirement.REQUIRED and not field.calculated
        if needed and sheet.header.is_blank(field.key):
            yield _absent(sheet.header, field)
    for box in sheet.definition.boxes:
        if sheet.definition.layout is Layout.ROSTER and box.key in _OWN_BOXES and sheet.marks:
            yield from _own_mark(sheet, box)


def _own_mark(sheet: Sheet, box: OpinionBox) -> Iterator[Flaw]:
    for kind in box.parts:
        lack = lacking(sheet, box.key, kind)
        if lack is not None and kind in {"seal", "signature"}:
            what = "盖章" if kind == "seal" else "签字"
            yield Flaw(lack.path, lack.says(f"“{box.label}”处未见{what},请补{what}"), lack.severity(E))
    seal, unit = seal_of(sheet, box.key), sheet.header.text("unit")
    if seal is not None and seal.unit and unit and not looks_like(seal.unit, unit):
        message = f"“{box.label}”处的章是“{seal.unit}”,填报单位是“{unit}”,请核对并加盖填报单位公章"
        yield Flaw(f"marks.{box.key}.seal", message, W if seal.review else E)


def wage(line: Line) -> Iterator[Flaw]:
    """F-13 beyond the number itself: a wage is above nothing, and not below the minimum where one was set."""
    stated, least = line.number("monthly_wage"), line.sheet.settings.minimum_wage
    if stated is None:
        return
    if stated <= 0:
        yield Flaw(line.path("monthly_wage"), f"{line.who}:月工资标准应大于0,所填{stated},请核对", W)
    elif least is not None and stated < least and line.code("employment_form") != _PART_TIME:
        message = f"{line.who}:月工资标准{stated}元低于最低工资标准{least:g}元,请核对"
        yield Flaw(line.path("monthly_wage"), message, INFO)


def outsourced(line: Line) -> Iterator[Flaw]:
    """F-6 beyond the table itself: outsourced labour is no staff of the unit and stands in no form."""
    if line.sheet.form in STAFF and line.code("employment_form") == _OUTSOURCED:
        message = f"{line.who}:劳务外包(购买服务)人员不计入编外用工,不填本表,请删去或改正用工形式"
        yield Flaw(line.path("employment_form"), message)


RULES = (
    Rule(
        "F-1",
        "F",
        (E, INFO),
        "公民身份号码 GB 11643-1999",
        "身份证号18位、校验位正确、出生日期真实;15位旧号须换18位",
        "身份证号",
    ),
    Rule(
        "F-2",
        "F",
        (E, W),
        "公民身份号码 GB 11643-1999:第17位奇数为男、偶数为女,第7至14位为出生日期",
        "性别、出生年月与身份证号一致;附件4年龄等于填表日周岁(不符为警告)",
        "身份证号(校验位正确)、性别、出生年月、年龄、填表日期",
        row=sex_and_birth,
    ),
    Rule("F-3", "F", (E, W), "表格填写要求:联系电话", "电话为11位手机号或带区号的固定电话", "联系电话"),
    Rule(
        "F-4",
        "F",
        (E,),
        "表格填写要求:起止日期",
        "截止不早于起始(借用、合同、使用期限、到岗与清退、返回);同日不算",
        "各起止日期",
        row=in_order,
    ),
    Rule(
        "F-5",
        "F",
        (E, W),
        "表格填写要求:必填栏",
        "必填栏未填或只填“无”“/”“—”;已签合同缺起始日期、签订单位,派遣缺派遣单位(错误);缺合同止期、"
        "附件5缺合同始期或使用期限(警告);花名册填报单位盖章、负责人签字缺或章不是填报单位的(有盖章签字信息时)",
        "必填栏、是否签订劳动合同、用工形式、盖章签字",
        row=required_cells,
        sheet=required_header,
    ),
    Rule(
        "F-6",
        "F",
        (E, W, INFO),
        "表格填写要求:规范码表;方案三(三)3及公开口径:劳务外包不计入编外用工",
        "填写的是码表中的全称;附件2、3、5不得列劳务外包(购买服务)人员",
        "各编码栏",
        row=outsourced,
    ),
    Rule("F-12", "F", (E, W), "表格填写要求:日期", "日期真实、写到要求的年月日", "各日期栏"),
    Rule(
        "F-13",
        "F",
        (E, W, INFO),
        "表格填写要求:数字",
        "数字、金额写法正确,在允许范围内;月工资大于0(否则警告),设定了最低工资标准的,低于标准为提示(非全日制除外)",
        "各数字栏;最低工资标准",
        row=wage,
    ),
    Rule(
        "F-14",
        "F",
        (E, W, INFO),
        "表格填写要求:姓名、文字栏",
        "姓名2至20字、不夹数字符号和括注;文字不超过栏目字数",
        "姓名、文字栏",
    ),
    Rule(
        "F-15",
        "F",
        (E,),
        "法人和其他组织统一社会信用代码 GB 32100-2015",
        "统一社会信用代码18位、校验位正确",
        "信用代码",
    ),
)
