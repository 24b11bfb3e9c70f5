"""X rules on persons who stand in several forms of staff outside the establishment."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from forms.finding import Severity
from forms.rules.books import Books, People
from forms.rules.periods import in_words
from forms.rules.rosters import GONE
from forms.rules.rule import STAFF, Flaw, Rule
from forms.rules.units import is_same_unit, plain_name
from forms.rules.view import Line, Sheet, softer

E, W, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO

BUDGET_HEADS, BUDGET_WAGES = "budget_heads", "budget_wages"
"""Keys of ``CheckSet.extra``: persons and monthly wages (yuan) in the budget for staff paid by the treasury."""

_BY_AGENCY = "1"
_TREASURY = "1"
_NO_ESTABLISHMENT = "9"
_COMPARED = ("employment_form", "contract_start", "contract_end", "funding", "post")
_TRANSITIONAL = frozenset({"employment_form", "contract_start", "contract_end"})
_SECOND_JOB = re.compile(r"(?<![非不])兼职")
_UNSURE = "(身份证号缺失或有误,按姓名等推断)"


def _weighed(usual: Severity, *, certain: bool) -> Severity:
    return usual if certain else softer(usual)


def _note(*, certain: bool) -> str:
    return "" if certain else _UNSURE


def title(sheet: Sheet) -> str:
    """``附件3`` for a message."""
    return f"附件{sheet.definition.number}"


def in_both(books: Books) -> Iterator[tuple[Sheet, Flaw]]:
    """X-01."""
    dismissed = books.people("attachment-2")
    for line in books.lines("attachment-3"):
        for other, certain in dismissed.matches(line):
            message = (
                f"附件3 {line.who}:此人又列在附件2({other.who}),清退与保留只能列一处,请核对{_note(certain=certain)}"
            )
            yield line.sheet, Flaw(line.path("id_number"), message, _weighed(E, certain=certain))


def _as_of(books: Books) -> dt.date | None:
    """The day of attachment-5: its 备案时点, else its 填报日期; the latest of several."""
    days = (sheet.header.day("as_of") or sheet.header.day("filled_on") for sheet in books.of("attachment-5"))
    return max((day for day in days if day), default=None)


def kept_and_filed(books: Books) -> Iterator[tuple[Sheet, Flaw]]:
    """X-03: who is kept is in attachment-5, and who else is there came after the plan and was approved.

    A unit without any attachment-5 in the set is S1-18's.
    """
    if not books.of("attachment-3") or not books.of("attachment-5"):
        return
    as_of = _as_of(books)
    if as_of is None or as_of >= dt.date(books.settings.year, 8, 31):
        filed, covered = books.people("attachment-5"), books.covered("attachment-5")
        for line in books.lines("attachment-3"):
            units = {plain_name(name) for name in (line.unit, line.sheet.header.text("unit")) if name}
            if not filed.holds(line) and (units & covered or not units):
                certain = bool(line.identity) and as_of is not None
                message = (
                    f"附件3 {line.who}:保留人员不在附件5花名册中,请补入附件5或核对身份证号{_note(certain=certain)}"
                )
                yield line.sheet, Flaw(line.path("id_number"), message, _weighed(E, certain=certain))
    kept = books.people("attachment-3")
    for line in books.lines("attachment-5"):
        if line.code("change") != GONE and not kept.holds(line):
            yield from _newcomer(line, kept)


def _newcomer(line: Line, kept: People) -> Iterator[tuple[Sheet, Flaw]]:
    units = {other.sheet.header.text("unit") for other in kept.lines}
    hired = line.day("hired_on")
    if hired is None or not any(is_same_unit(line.sheet.header.text("unit"), unit) for unit in units):
        return
    if hired < line.sheet.plan_day:
        message = f"附件5 {line.who}:{in_words(hired)}到岗,早于方案,却不在附件3保留人员中,请核对"
        yield line.sheet, Flaw(line.path("hired_on"), message, W)
    elif line.is_blank("approval"):
        message = f"附件5 {line.who}:方案后新录用人员未见审批,请补填审批单位及文号"
        yield line.sheet, Flaw(line.path("approval"), message, W)


def dismissed_in_post(books: Books) -> Iterator[tuple[Sheet, Flaw]]:
    """X-04."""
    dismissed = books.people("attachment-2")
    for line in books.lines("attachment-5"):
        header = line.sheet.header
        as_of = header.day("as_of") or header.day("filled_on")
        if line.is_unread("change") or line.code("change") == GONE:
            continue
        for other, certain in dismissed.matches(line):
            day = other.day("dismissed_on")
            if day and as_of and day <= as_of:
                message = (
                    f"附件5 {line.who}:附件2({other.who})已于{in_words(day)}清退,备案时点{in_words(as_of)}不应在岗,"
                    f"请删去或在变动情况填“离岗”{_note(certain=certain)}"
                )
                yield line.sheet, Flaw(line.path("change"), message, _weighed(E, certain=certain))


def borrowed_and_staff(books: Books) -> Iterator[tuple[Sheet, Flaw]]:
    """X-05."""
    staff = books.people(*sorted(STAFF))
    for line in books.lines("attachment-1", "attachment-4"):
        found = list(staff.matches(line))
        if found:
            certain = any(sure for _, sure in found)
            places = "、".join(dict.fromkeys(f"{title(other.sheet)}({other.who})" for other, _ in found))
            message = (
                f"{title(line.sheet)} {line.who}:借用人员又列为编外用工({places}),借用须为在编在职人员,请核对"
                f"{_note(certain=certain)}"
            )
            yield line.sheet, Flaw(line.path("id_number"), message, _weighed(W, certain=certain))


def not_established(line: Line) -> Iterator[Flaw]:
    """X-05 on one form: who is borrowed holds a post of the establishment."""
    if line.code("establishment_type") == _NO_ESTABLISHMENT:
        message = f"{line.who}:编制性质填“{line.text('establishment_type')}”,借用人员须为在编在职人员,请核对"
        yield Flaw(line.path("establishment_type"), message, INFO)


def same_facts(books: Books) -> Iterator[tuple[Sheet, Flaw]]:
    """X-12."""
    filed = books.people("attachment-5")
    for line in books.lines("attachment-3"):
        for other, certain in filed.matches(line):
            to_agency = line.code("management") == _BY_AGENCY
            for key in _COMPARED:
                if not (to_agency and key in _TRANSITIONAL):
                    yield from _differs(line, other, key, certain=certain)
            if to_agency and other.code("employment_form") not in {None, _BY_AGENCY}:
                form = other.text("employment_form")
                message = (
                    f"附件5 {other.who}:附件3管理方式为由代理处劳务派遣,附件5用工形式为“{form}”,"
                    f"应为劳务派遣(区代理处),过渡期内请说明{_note(certain=certain)}"
                )
                yield other.sheet, Flaw(other.path("employment_form"), message, _weighed(W, certain=certain))


def _differs(line: Line, other: Line, key: str, *, certain: bool) -> Iterator[tuple[Sheet, Flaw]]:
    values = line.text(key), other.text(key)
    codes = line.code(key), other.code(key)
    if not all(values) or values[0] == values[1] or (codes[0] and codes[0] == codes[1]):
        return
    field = other.sheet.fields.get(key)
    label = field.label if field else key
    message = f"附件5 {other.who}:“{label}”为“{values[1]}”,附件3({line.who})为“{values[0]}”,两表不一致,请核对"
    yield other.sheet, Flaw(other.path(key), message + _note(certain=certain), _weighed(W, certain=certain))


def two_units(books: Books) -> Iterator[tuple[Sheet, Flaw]]:
    """X-13: one person, staff of two units, in different documents; 兼职 in a note explains it."""
    people = books.people("attachment-3", "attachment-5")
    for line in people.lines:
        for other, certain in people.matches(line):
            later = other.sheet.position < line.sheet.position
            if not later or not line.unit or not other.unit or is_same_unit(line.unit, other.unit):
                continue
            if _is_explained(line) or _is_explained(other):
                continue
            message = (
                f"{title(line.sheet)} {line.who}:同时为“{other.unit}”({title(other.sheet)} {other.who})"
                f"和“{line.unit}”的编外用工,请核对;确属兼职的请在备注说明{_note(certain=certain)}"
            )
            yield line.sheet, Flaw(line.path("unit"), message, _weighed(E, certain=certain))


def _is_explained(line: Line) -> bool:
    return bool(_SECOND_JOB.search(line.text("note"))) or line.code("change") == GONE


def budget(books: Books) -> Iterator[tuple[Sheet, Flaw]]:
    """X-14, where the caller tells the budget's figures."""
    sheets = books.of("attachment-5")
    paid = [x for sheet in sheets for x in sheet.rows if x.code("funding") == _TREASURY and x.code("change") != GONE]
    wages = sum(line.number("monthly_wage") or 0 for line in paid)
    for key, due, what in ((BUDGET_HEADS, len(paid), "人数"), (BUDGET_WAGES, wages, "月工资总额")):
        told = books.said(key)
        if told is None or not sheets:
            continue
        figure = float(told) if told.replace(".", "", 1).isdigit() else None
        if figure is not None and figure != due:
            message = f"附件5经费来源为财政拨款的{what}为{due},财政预算口径为{told},请与财政核对"
            yield sheets[0], Flaw(sheets[0].header.path("total"), message)


RULES = (
    Rule(
        "X-01", "X", (E, W), "方案三(二)2(2):清退的填附件2,保留的填附件3",
        "同一人不得同时在附件2和附件3(按身份证号;缺证号时按姓名及出生年月或单位推断,降一级)", "附件2、附件3",
        forms=frozenset({"attachment-3"}), across=in_both,
    ),
    Rule(
        "X-03", "X", (E, W), "方案三(三)3:“全区所有编外用工的使用情况均要填写”附件5",
        "备案时点在8月31日及以后的,附件3人员都在附件5;附件5中不在附件3的,须为7月20日后新录用且有审批(否则警告)",
        "附件3、附件5、备案时点、到岗时间、审批", forms=frozenset({"attachment-3", "attachment-5"}),
        across=kept_and_filed,
    ),
    Rule(
        "X-04", "X", (E, W), "方案三(二)2(2)、三(三)3:清退人员不再在岗",
        "附件2清退时间不晚于备案时点的,不得在附件5在岗(变动情况为离岗的除外)", "附件2清退时间、附件5备案时点、变动情况",
        forms=frozenset({"attachment-5"}), across=dismissed_in_post,
    ),
    Rule(
        "X-05", "X", (W, INFO), "方案三(二)2:借用人员填附件1,编外用工填附件2、3、5",
        "借用(附件1、4)与编外(附件2、3、5)人员不相交;编制性质为其他的提示", "附件1、4与附件2、3、5;编制性质",
        forms=frozenset({"attachment-1", "attachment-4"}), row=not_established, across=borrowed_and_staff,
    ),
    Rule(
        "X-12", "X", (W, INFO), "方案三(二)2(2)、三(三)3:附件3与附件5同人信息一致",
        "同一人的用工形式、合同起止、经费来源、岗位一致;附件3由代理处派遣的,附件5用工形式为区代理处派遣",
        "附件3、附件5",
        forms=frozenset({"attachment-5"}), across=same_facts,
    ),
    Rule(
        "X-13", "X", (E, W), "方案三(三)3:编外用工由用工单位逐人填报",
        "同一人不得列在两个单位的附件3、5(备注写明兼职或已离岗的除外)", "附件3、附件5的用工单位",
        forms=frozenset({"attachment-3", "attachment-5"}), across=two_units,
    ),
    Rule(
        "X-14", "X", (INFO,), "方案三(三)3:“分别上报区组织、人社和财政部门备案”",
        "附件5财政拨款人数、月工资总额与给出的财政预算数一致",
        "经费来源、月工资;extra.budget_heads、extra.budget_wages",
        forms=frozenset({"attachment-5"}), across=budget,
    ),
)  # fmt: skip
