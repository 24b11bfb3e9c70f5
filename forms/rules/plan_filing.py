"""S1 rules on handing in: when, to whom, by whom, and what an unfinished clean-up forbids (方案二, 三(二)3, 四)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from forms.finding import Severity
from forms.rules.base import SetFinding
from forms.rules.books import Books
from forms.rules.marks import box_of, lacking, seal_of
from forms.rules.periods import in_words
from forms.rules.rule import ROSTERS, STAFF, Flaw, Rule
from forms.rules.units import looks_like, plain_name
from forms.rules.view import Sheet

E, W = Severity.ERROR, Severity.WARNING

RECEIPTS = "receipts"
"""Key of ``CheckSet.extra``: the offices whose receipt is there (组织部、人社局、财政局)."""

OWED_UNITS = "owed_units"
"""Key of ``CheckSet.extra``: the units that owe a return, one a line."""

COMPLETE = "complete"
"""Key of ``CheckSet.extra``: ``yes`` when the set is all that a unit hands in."""

_CAMPAIGN = frozenset({"attachment-1", "attachment-2", "attachment-3"})
_THREE_OFFICES = (("organization_seal", "区委组织部"), ("hr_seal", "区人社局"), ("finance_seal", "区财政局"))
_NEW = "1"


def in_time(sheet: Sheet) -> Iterator[Flaw]:
    """S1-16."""
    day, deadline = sheet.header.day("filled_on"), dt.date(sheet.settings.year, 8, 31)
    if day and day > deadline:
        message = f"表头:填报日期{in_words(day)}晚于{in_words(deadline)},已逾期,请说明原因"
        yield Flaw(sheet.header.path("filled_on"), message)


def receipts(books: Books) -> Iterator[tuple[Sheet, Flaw]]:
    """S1-16: both offices have confirmed. Decided only where the caller tells of receipts."""
    told = books.said(RECEIPTS)
    if told is None:
        return
    for office, word in (("区委组织部", "组织"), ("区人社局", "人社")):
        for sheet in books.of(*_CAMPAIGN):
            if word not in told:
                yield (
                    sheet,
                    Flaw(sheet.header.path("unit"), f"未见{office}的接收回执,应分别报送区委组织部、区人社局", W),
                )


def three_offices(sheet: Sheet) -> Iterator[Flaw]:
    """S1-18 for one roster: the three offices' filing seals."""
    for box, office in _THREE_OFFICES:
        lack = lacking(sheet, box, "seal")
        if lack is not None:
            yield Flaw(lack.path, lack.says(f"备案栏未见{office}盖章,请向{office}备案"), W)
        seal, defined = seal_of(sheet, box), box_of(sheet, box)
        names = defined.unit_names if defined else ()
        if seal is not None and seal.unit and names and not any(looks_like(seal.unit, name) for name in names):
            yield Flaw(f"marks.{box}.seal", f"备案栏“{office}”处的章是“{seal.unit}”,请核对", W)


def no_roster(books: Books) -> Iterator[tuple[Sheet, Flaw]]:
    """S1-18 for a set: those who stay are to be filed on attachment-5, in three places."""
    complete = books.said(COMPLETE) == "yes"
    filed = books.covered("attachment-5")
    for unit, sheets in books.by_unit("attachment-2", "attachment-3").items():
        kept = [sheet for sheet in sheets if sheet.form == "attachment-3" and sheet.rows]
        both = {sheet.form for sheet in sheets} == {"attachment-2", "attachment-3"}
        if kept and plain_name(unit) not in filed and (complete or both or filed):
            message = (
                f"“{unit}”有保留人员而未见附件5《编外用工备案花名册》,所有编外用工均要填写并向组织、人社、财政备案"
            )
            yield kept[0], Flaw(kept[0].header.path("unit"), message, E if complete else W)
    told = books.said(RECEIPTS)
    for sheet in books.of("attachment-5") if told is not None else ():
        missing = [office for office in ("组织", "人社", "财政") if office not in (told or "")]
        if missing:
            yield sheet, Flaw(sheet.header.path("unit"), f"附件5备案回执不齐,缺{'、'.join(missing)}部门", W)


def no_hiring(books: Books, found: Sequence[SetFinding]) -> Iterator[tuple[Sheet, Flaw]]:
    """S1-20: a unit with errors unresolved may take nobody in."""
    wrong = {
        plain_name(_unit_of(books.sheets[item.document])) for item in found if item.finding.severity is Severity.ERROR
    }
    for sheet in books.of("attachment-5"):
        unit = sheet.header.text("unit")
        if not unit or plain_name(unit) not in wrong:
            continue
        added = [line for line in sheet.rows if line.code("change") == _NEW]
        for line in added:
            yield sheet, Flaw(line.path("change"), f"{line.who}:“{unit}”尚有未整改的错误,整改前不得调入或新招聘人员")
        if not added and (sheet.header.number("added") or 0) > 0:
            message = (
                f"表头:“{unit}”尚有未整改的错误,而本期新增{sheet.header.number('added')}人;整改前不得调入或新招聘人员"
            )
            yield sheet, Flaw(sheet.header.path("added"), message)


def _unit_of(sheet: Sheet) -> str:
    return sheet.header.text("unit") or sheet.line_of("borrowing_unit").unit


def gathered(sheet: Sheet) -> Iterator[Flaw]:
    """S1-21: the supervisor's audit seal."""
    lack = lacking(sheet, "supervisor_seal", "seal")
    if lack is not None:
        message = "“主管部门审核”处未见盖章,请由镇街开发区或主管部门审核盖章;填报单位即主管部门的,请填“同单位意见”"
        yield Flaw(lack.path, lack.says(message))


def units_missing(books: Books) -> Iterator[tuple[Sheet, Flaw]]:
    """S1-21 for a set: every unit that owes a return is in it."""
    there = {line.unit for line in books.lines(*STAFF)} | {sheet.header.text("unit") for sheet in books.sheets}
    sheets = books.of(*STAFF)
    missing = [name for name in books.names(OWED_UNITS) if name not in there]
    if missing and sheets:
        yield sheets[0], Flaw(sheets[0].header.path("unit"), f"汇总不齐,缺{'、'.join(missing)}(无人员也要交零报告)")


def within_scope(sheet: Sheet) -> Iterator[Flaw]:
    """S1-22."""
    unit = sheet.header.text("unit")
    if sheet.settings.units and unit and unit not in sheet.settings.units:
        message = f"表头:填报单位“{unit}”不在清理范围的单位名录内,请核对名称或名录"
        yield Flaw(sheet.header.path("unit"), message)


RULES = (
    Rule(
        "S1-16",
        "S1",
        (E, W),
        "方案三(二)3:“上述材料请于8月31日前分别报送区委组织部、区人社局”",
        "附件1、2、3填报日期不晚于本年度8月31日(8月31日当日不算逾期);给出回执时,组织部、人社局两路齐全(缺为警告)",
        "填报日期、年度;回执(extra.receipts)",
        forms=_CAMPAIGN,
        sheet=in_time,
        across=receipts,
    ),
    Rule(
        "S1-18",
        "S1",
        (W, E),
        "方案三(三)3:“全区所有编外用工的使用情况均要填写《海州区机关事业单位编外用工备案花名册》(附件5),"
        "分别上报区组织、人社和财政部门备案”",
        "有保留人员而无附件5(整套材料 extra.complete=yes 时为错误,只见附件2、3,或同批有别的单位的附件5时为警告);"
        "附件5三家备案章或回执不齐为警告",
        "附件2、3、5;备案栏盖章;回执(extra.receipts)",
        forms=STAFF,
        sheet=three_offices,
        across=no_roster,
    ),
    Rule(
        "S1-20",
        "S1",
        (W,),
        "方案四2:“对弄虚作假、逾期不清理或清理不到位……在人员借用期间,借用单位不得调入或新招聘人员”",
        "同一填报单位有未整改的错误,而附件5有新增人员",
        "全部检查结果、变动情况、本期新增",
        forms=frozenset({"attachment-5"}),
        late=no_hiring,
    ),
    Rule(
        "S1-21",
        "S1",
        (W,),
        "方案三(二)3:“各镇街开发区、主管部门要牵头做好系统内相关表格的填写、审核和汇总工作”",
        "附件2、3、5主管部门审核章(同单位意见除外);给出应报单位时,单位齐全",
        "审核栏盖章;应报单位(extra.owed_units)",
        forms=STAFF,
        sheet=gathered,
        across=units_missing,
    ),
    Rule(
        "S1-22",
        "S1",
        (W,),
        "方案二:“全区各级党政群机关、各级各类事业单位和海发集团、瀛洲集团的借用人员和编外用工”",
        "填报单位在单位名录内",
        "填报单位;单位名录",
        forms=ROSTERS,
        sheet=within_scope,
    ),
)
