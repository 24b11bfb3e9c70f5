"""F rules that look at a whole document: unit names, running numbers, totals, persons named twice."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from forms.finding import Severity
from forms.record import Value
from forms.rules import periods
from forms.rules.books import Books
from forms.rules.rule import ROSTERS, Flaw, Rule
from forms.rules.units import SAME, full_names
from forms.rules.view import Line, Sheet, mask

E, W, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO

GONE = "4"
"""Code of 离岗 in the table of changes."""

_OUTSIDE = frozenset({"lending_unit", "lending_supervisor", "contract_party", "dispatch_agency"})
_CHANGES = {"added": ("1", "新增"), "renewed": ("2", "续签"), "changed": ("3", "变更"), "removed": (GONE, "离岗")}
_ATTRITION = re.compile(r"自然减员\D{0,4}?(\d+)\s*[人名]")
_MANY = 8


def unit_names(sheet: Sheet) -> Iterator[Flaw]:
    """F-7: names of units against the directory, if there is one."""
    directory = sheet.settings.units
    if not directory:
        return
    known, asked = frozenset(directory) | SAME, {}
    for line in (sheet.header, *sheet.rows):
        fields = sheet.definition.header if line is sheet.header else sheet.definition.fields
        for key in (field.key for field in fields if field.type.name == "unit"):
            name = line.text(key)
            if not name or name in known:
                continue
            if name not in asked:
                asked[name] = full_names(name, directory)
            if (flaw := _not_full(line, key, asked[name])) is not None:
                yield flaw


def _not_full(line: Line, key: str, names: tuple[str, ...]) -> Flaw | None:
    where = "表头" if line.prefix == "header" else line.who
    field = line.sheet.fields.get(key) or line.sheet.definition.header_field(key)
    label = field.label if field else key
    said = f"{where}:“{label}”填“{line.text(key)}”,不是单位名录中的规范全称"
    if names:
        only = names[0] if len(names) == 1 else None
        return Flaw(line.path(key), f"{said},是否为“{'”“'.join(names)}”?请改填全称", suggestion=only)
    if line.prefix == "header":
        return None  # a reporting unit that is like none of the directory is S1-22
    return Flaw(line.path(key), f"{said},请核对", INFO if key in _OUTSIDE else W)


def running_numbers(sheet: Sheet) -> Iterator[Flaw]:
    """F-8: the running numbers are 1 to n, each once. Their order is left to the clerk."""
    if all(line.is_blank("no") for line in sheet.rows):
        return
    seen: set[int] = set()
    for line in sheet.rows:
        number = line.number("no")
        if line.is_blank("no"):
            yield Flaw(line.path("no"), f"{line.who}:序号未填,请从1起连续编号")
        elif isinstance(number, int) and number in seen:
            yield Flaw(line.path("no"), f"{line.who}:序号{number}重复,请从1起连续编号")
        elif isinstance(number, int):
            seen.add(number)
    unread = any(not isinstance(line.number("no"), int) for line in sheet.rows)
    missing = [number for number in range(1, max(seen, default=0)) if number not in seen]
    if missing and not unread:
        last = max(sheet.rows, key=lambda line: line.number("no") or 0)
        shown = "、".join(str(number) for number in missing[:_MANY]) + ("等" if len(missing) > _MANY else "")
        yield Flaw(last.path("no"), f"序号不连续,缺{shown}号,请核对是否漏行、删行,并从1起连续编号")


def totals(sheet: Sheet) -> Iterator[Flaw]:
    """F-9: the figures around the grid against its rows."""
    header = sheet.header
    for key, label, due in _counts(sheet):
        stated = header.number(key)
        if stated is not None and stated != due and not (key == "total" and stated == _in_post(sheet)):
            message = f"表头、合计:“{label}”填{stated}人,明细为{due}人,请核对明细行和合计"
            yield Flaw(header.path(key), message, W if key in _CHANGES else E, suggestion=str(due))
    yield from _before(sheet)
    yield from _sums(sheet)


def _counts(sheet: Sheet) -> Iterator[tuple[str, str, int]]:
    rows = len(sheet.rows)
    yield "total", "合计", rows
    if sheet.form == "attachment-2":
        yield "dismissed_total", "清退", rows
    if sheet.form == "attachment-3":
        yield "retained_total", "保留", rows
    if sheet.form != "attachment-5":
        return
    codes = [line.code("change") for line in sheet.rows]
    certain = all(code or line.is_blank("change") for code, line in zip(codes, sheet.rows, strict=True))
    if certain:
        yield "in_post", "期末在岗", rows - codes.count(GONE)
    if certain and any(codes):
        for key, (code, label) in _CHANGES.items():
            yield key, label, codes.count(code)


def _in_post(sheet: Sheet) -> int | None:
    """On attachment-5 the total may leave out those who left."""
    return next((due for key, _, due in _counts(sheet) if key == "in_post"), None)


def _before(sheet: Sheet) -> Iterator[Flaw]:
    header = sheet.header
    figures = [header.number(key) for key in ("before_total", "dismissed_total", "retained_total")]
    before, dismissed, retained = figures
    if before is None or dismissed is None or retained is None:
        return
    due = dismissed + retained
    if before not in {due, due + attrition(sheet)}:
        message = (
            f"表头:清理前总数{before}人≠清退{dismissed}人+保留{retained}人(合计{due}人),请核对;"
            "差额如为期间自然减员,请在备注写明“自然减员×人”"
        )
        yield Flaw(header.path("before_total"), message)


def attrition(sheet: Sheet) -> int:
    """The persons lost by nature that the notes of a document name (自然减员2人)."""
    notes = (line.text("note") for line in (sheet.header, *sheet.rows))
    return sum(int(found) for note in notes for found in _ATTRITION.findall(note))


def _sums(sheet: Sheet) -> Iterator[Flaw]:
    for total in sheet.definition.totals:
        stated = sheet.header.number(total.key)
        source = total.how.removeprefix("sum:")
        if stated is None or source == total.how or any(line.is_unread(source) for line in sheet.rows):
            continue
        numbers = [line.number(source) for line in sheet.rows]
        due = sum((Decimal(str(number)) for number in numbers if number is not None), Decimal(0))
        if Decimal(str(stated)) != due:
            message = f"合计行:“{total.label}”填{stated},明细相加为{due},请核对"
            yield Flaw(sheet.header.path(total.key), message, suggestion=str(due))


def stated_months(line: Line) -> Iterator[Flaw]:
    """F-9 for a loan: the months stated against the two dates; a begun month may be counted or not."""
    period, months = line.period("start_date", "end_date"), line.number("months")
    if period is None or months is None:
        return
    whole = periods.whole_months(*period)
    due = {whole} if whole and periods.last_day(period[0], whole) == period[1] else {whole, whole + 1}
    if months not in due:
        message = (
            f"{line.who}:借用时长填{months}个月,按起止日期为{'或'.join(str(item) for item in sorted(due))}个月,请核对"
        )
        yield Flaw(line.path("months"), message, W, suggestion=str(max(due)))


def identity_key(line: Line) -> str:
    """What identity numbers are compared by: a valid number, or a text of 18 characters that is not in doubt."""
    if line.identity:
        return line.identity
    entry = line.entries.get("id_number")
    text = line.text("id_number")
    return text if entry is not None and len(text) == 18 and not entry.review else ""  # noqa: PLR2004 - digits of an ID number


def twice(sheet: Sheet) -> Iterator[Flaw]:
    """F-10: one identity number in several rows."""
    first: dict[str, Line] = {}
    for line in sheet.rows:
        number = identity_key(line)
        earlier = first.setdefault(number, line) if number else line
        if earlier is line:
            continue
        apart = _are_apart(earlier, line)
        advice = "两段借用期不重叠,如为续借请在备注说明" if apart else "请删去重复行或更正身份证号"
        message = f"{line.who}:身份证号{mask(number)}与{earlier.who}重复,{advice}"
        yield Flaw(line.path("id_number"), message, W if apart else None)


def _are_apart(one: Line, other: Line) -> bool:
    """Two loans of one person, one after the other, may stand in attachment-1."""
    first, second = one.period("start_date", "end_date"), other.period("start_date", "end_date")
    return bool(first and second and not periods.overlap(first, second))


def _groups(lines: Iterator[Line], by: str) -> Iterator[list[Line]]:
    found: defaultdict[Value, list[Line]] = defaultdict(list)
    for line in lines:
        key = line.text(by) if by == "name" else identity_key(line)
        if key:
            found[key].append(line)
    return (group for group in found.values() if len(group) > 1)


def names_and_numbers(sheet: Sheet) -> Iterator[Flaw]:
    """F-11 in one document."""
    for group in _groups(iter(sheet.rows), "id_number"):
        for line in group[1:]:
            yield from _other_name(group[0], line)
    for group in _groups(iter(sheet.rows), "name"):
        numbers = {key for line in group if (key := identity_key(line))}
        if len(numbers) > 1:
            places = "、".join(line.who for line in group[:_MANY]) + ("等" if len(group) > _MANY else "")
            message = f"{places}:姓名相同而身份证号不同,请确认是同名的不同人"
            yield Flaw(group[0].path("name"), message, INFO)


def _other_name(one: Line, other: Line) -> Iterator[Flaw]:
    names = one.text("name"), other.text("name")
    if all(names) and names[0] != names[1]:
        message = f"{other.who}:身份证号{mask(identity_key(other))}与{one.who}相同而姓名不同,请核对身份证号和姓名"
        yield Flaw(other.path("name"), message)


def names_across(books: Books) -> Iterator[tuple[Sheet, Flaw]]:
    """F-11 between documents: one identity number, two names."""
    lines = (line for sheet in books.sheets for line in sheet.rows)
    for group in _groups(lines, "id_number"):
        first = group[0]
        for line in group[1:]:
            if line.sheet is not first.sheet:
                for flaw in _other_name(first, line):
                    where = f"(另见{first.sheet.definition.title})"
                    yield line.sheet, Flaw(flaw.path, flaw.message + where)


RULES = (
    Rule(
        "F-7",
        "F",
        (W, E, INFO),
        "表格填写要求:单位填规范全称",
        "填的是单位名称(错误);与单位名录比对,简称给出全称建议;借出单位、签约单位等可能在区外,比不上时只提示",
        "各单位栏;单位名录",
        sheet=unit_names,
    ),
    Rule(
        "F-8",
        "F",
        (W,),
        "表格填写要求:序号自1起连续",
        "序号无缺号、无重号、无空号(全表不填序号的不查)",
        "序号",
        forms=ROSTERS,
        sheet=running_numbers,
    ),
    Rule(
        "F-9",
        "F",
        (E, W),
        "表格填写要求:合计等于明细行数、明细之和",
        "合计、清退、保留、期末在岗与明细行数一致,清理前总数=清退+保留(备注写明的自然减员除外),金额合计=明细之和;"
        "新增、续签、变更、减少与变动情况一致,借用时长与起止日期一致(不符为警告)",
        "表头各数、合计行、变动情况、借用起止与时长",
        row=stated_months,
        sheet=totals,
    ),
    Rule(
        "F-10",
        "F",
        (E, W),
        "表格填写要求:一人一行",
        "同一表内身份证号不重复;附件1中同一人前后不重叠的两段借用为警告",
        "身份证号、借用起止",
        forms=ROSTERS | {"ledger"},
        sheet=twice,
    ),
    Rule(
        "F-11",
        "F",
        (E, INFO),
        "表格填写要求:姓名与身份证号一一对应",
        "同一身份证号姓名不同(错误,跨表也查);同名不同证号(提示)",
        "姓名、身份证号",
        sheet=names_and_numbers,
        across=names_across,
    ),
)
