"""L rules: what the law says, whatever the plan says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from forms import identity
from forms.finding import Severity
from forms.rules import periods
from forms.rules.rule import LOANS, STAFF, Flaw, Rule
from forms.rules.view import Line

E, W, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO

DISPATCH = frozenset({"1", "2"})
RETIREE = "6"
"""Code of 退休返聘: retirement age is the point of it."""

_UNSIGNED = frozenset({"0", "3", "4"})
_DIRECT = "3"
_NO_CONTRACT = "4"
_OF_AGE_LEAVING = "7"
_PAID = frozenset({"1", "2", "3"})
_BY_UNIT = "3"
_WORKING_AGE = 16
_WORKER = "5"
_TECHNICAL = "A"

_REFORM = dt.date(2025, 1, 1)
_MEN, _WOMEN, _WOMEN_WORKERS = (60 * 12, 4, 36), (55 * 12, 4, 36), (50 * 12, 2, 60)


def dispatch_contract(line: Line) -> Iterator[Flaw]:
    """L-1."""
    period = line.period("contract_start", "contract_end")
    if period and line.code("employment_form") in DISPATCH and period[1] < periods.last_day(period[0], 24):
        message = f"{line.who}:劳务派遣的劳动合同({_span(period)})不满2年,请与派遣单位核对,劳动合同应签二年以上"
        yield Flaw(line.path("contract_end"), message)


def _span(period: periods.Period) -> str:
    return f"{periods.in_words(period[0])}至{periods.in_words(period[1])}"


def no_written_contract(line: Line) -> Iterator[Flaw]:
    """L-2."""
    form, hired = line.code("employment_form"), line.day("hired_on")
    until = line.day("dismissed_on") if line.sheet.form == "attachment-2" else line.sheet.settings.report_day
    if form not in _UNSIGNED or hired is None or until is None or until <= hired:
        return
    if _is_unsigned(line, form) and periods.exceeds(hired, until, 1):
        message = f"{line.who}:{periods.in_words(hired)}到岗已超过1个月,未签订书面劳动合同,请补签或说明(涉及二倍工资)"
        yield Flaw(line.path("has_contract" if "has_contract" in line.sheet.fields else "employment_form"), message)


def _is_unsigned(line: Line, form: str) -> bool:
    if "has_contract" in line.sheet.fields:
        return line.flag("has_contract") is False
    return form == _NO_CONTRACT or (form == _DIRECT and line.is_blank("contract_start"))


def _births(line: Line) -> tuple[dt.date, dt.date] | None:
    """The first and the last day the person may have been born."""
    if number := line.identity:
        day = identity.birth_of(number)
        return (day, day) if day else None
    stated = line.text("birth_month")
    if day := line.sheet.day_of(stated):
        return day, day
    first = line.sheet.day_of(f"{stated}-01")
    return (first, periods.last_day(first, 1)) if first else None


def retirement_day(birth: dt.date, sex: str, *, early: bool) -> dt.date:
    """The day of legal retirement, delayed step by step from January 2025.

    Men from 60 to 63 and women from 55 to 58 by a month for each four months of birth, women workers (``early``) from
    50 to 55 by a month for each two. Source: 全国人大常委会关于实施渐进式延迟法定退休年龄的决定(2024).
    """
    months, step, most = _MEN if sex == "男" else _WOMEN_WORKERS if early else _WOMEN
    due = periods.add_months(birth, months)
    late = (due.year - _REFORM.year) * 12 + due.month - _REFORM.month
    delay = min(most, late // step + 1) if late >= 0 else 0
    return periods.add_months(birth, months + delay)


def retires_on(line: Line) -> dt.date | None:
    """The latest day on which the person reaches retirement age, ``None`` where birth or sex is not certain.

    Loaned women count as cadres unless they hold a worker's post; women of the staff as workers unless their post is
    technical (the two ages differ by the post: the unit confirms).
    """
    births = _births(line)
    sex = identity.sex_of(line.identity) if line.identity else line.text("sex")
    if births is None or sex not in {"男", "女"}:
        return None
    if line.sheet.form in LOANS:
        early = line.code("establishment_type") == _WORKER
    else:
        early = line.code("post_category") != _TECHNICAL
    return retirement_day(births[1], sex, early=early)


def age(line: Line) -> Iterator[Flaw]:
    """L-3."""
    births, today = _births(line), line.sheet.settings.report_day
    if births is None:
        return
    of_age = periods.add_months(births[0], _WORKING_AGE * 12)
    begun = line.day("hired_on") or line.day("start_date") or today
    if min(begun, today) < of_age:
        when = "到岗时" if begun < of_age <= today else "目前"
        yield Flaw(_birth_path(line), f"{line.who}:{when}未满16周岁,用人单位不得招用,请核对出生日期和到岗时间")
    started = line.text("work_start")[:7]
    if started and started < f"{of_age.year:04d}-{of_age.month:02d}":
        yield Flaw(line.path("work_start"), f"{line.who}:参加工作时间{started}早于年满16周岁,请核对", W)
    retires = retires_on(line)
    exempt = line.code("employment_form") == RETIREE or line.code("dismissal_method") == _OF_AGE_LEAVING
    day = line.day("dismissed_on") or today
    if retires and day > retires and not exempt and line.is_blank("returned_on"):
        message = (
            f"{line.who}:已于{periods.in_words(retires)}达到法定退休年龄,请核对岗位类别和去留(退休返聘请改填用工形式)"
        )
        yield Flaw(_birth_path(line), message, W)


def _birth_path(line: Line) -> str:
    return line.path("id_number" if line.identity else "birth_month")


def compensation(line: Line) -> Iterator[Flaw]:
    """L-4."""
    method = line.code("dismissal_method")
    if method not in _PAID or not line.is_blank("compensation"):
        return
    entry = line.entries.get("dismissal_method")
    words = f"{line.text('dismissal_method')}{entry.text if entry else ''}{line.text('note')}"
    if method == _BY_UNIT and "违纪" in words and "不胜任" not in words:
        return
    message = (
        f"{line.who}:清退方式为“{line.text('dismissal_method')}”,涉及经济补偿,“经济补偿情况”未填,请填金额或“否”并说明"
    )
    yield Flaw(line.path("compensation"), message)


RULES = (
    Rule(
        "L-1",
        "L",
        (W,),
        "劳动合同法第五十八条:“劳务派遣单位应当与被派遣劳动者订立二年以上的固定期限劳动合同”",
        "用工形式为劳务派遣的,劳动合同不少于2年(止日≥起日+2年−1天)",
        "用工形式、合同起止",
        forms=frozenset({"attachment-3", "attachment-5"}),
        row=dispatch_contract,
    ),
    Rule(
        "L-2",
        "L",
        (W,),
        "劳动合同法第十条、第八十二条:“自用工之日起一个月内订立书面劳动合同”",
        "单位直接用工(直签、未签、其他)满1个月仍无书面合同;附件2算到清退日,其余算到检查日",
        "用工形式、到岗时间、是否签订劳动合同、合同起始、清退时间",
        forms=STAFF,
        row=no_written_contract,
    ),
    Rule(
        "L-3",
        "L",
        (E, W),
        "劳动法第十五条:“禁止用人单位招用未满十六周岁的未成年人”;国务院关于渐进式延迟法定退休年龄的办法",
        "年龄不满16周岁为错误;参加工作早于16周岁、超过法定退休年龄(2025年起渐进延迟)为警告;退休返聘、到龄退出除外",
        "身份证号或出生年月、性别、到岗(借用起始)时间、参加工作时间、编制性质、岗位类别",
        row=age,
    ),
    Rule(
        "L-4",
        "L",
        (W,),
        "劳动合同法第四十六条:用人单位应当向劳动者支付经济补偿的情形",
        "合同期满终止、协商解除、单位解除(违纪除外)的,经济补偿情况须填",
        "清退方式、经济补偿情况",
        forms=frozenset({"attachment-2"}),
        row=compensation,
    ),
)
