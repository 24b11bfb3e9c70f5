"""S1-06 to S1-09 and X-09: who must sign and stamp attachment-4, and in which order (方案三(三)2)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from forms.finding import Severity
from forms.record import Mark, MarkKind
from forms.rules.marks import is_excused, lacking, refusal, seal_of
from forms.rules.periods import in_words
from forms.rules.rule import Flaw, Rule
from forms.rules.units import SAME, is_same_unit, looks_like, resolved
from forms.rules.view import Line, Sheet

E, W = Severity.ERROR, Severity.WARNING

_CARD = frozenset({"attachment-4"})
_WHAT = {"opinion": "意见", "signature": "签字", "seal": "盖章", "date": "日期"}
_UNITS = (("lending", "借出单位"), ("borrowing", "借入单位"))
_LEADERS = (("lending_leader", "借出单位区分管领导意见"), ("borrowing_leader", "借入单位区分管领导意见"))
_STAGES = (
    ("applicant",),
    ("lending_unit", "borrowing_unit"),
    ("lending_supervisor", "borrowing_supervisor"),
    ("lending_leader", "borrowing_leader"),
    ("hr_review",),
    ("final_approval",),
)
_LABELS = {
    "applicant": "本人意见",
    "lending_unit": "借出单位意见",
    "borrowing_unit": "借入单位意见",
    "lending_supervisor": "借出单位主管部门意见",
    "borrowing_supervisor": "借入单位主管部门意见",
    "lending_leader": "借出单位区分管领导意见",
    "borrowing_leader": "借入单位区分管领导意见",
    "hr_review": "区组织人社部门审核意见",
    "final_approval": "区委、区政府分管领导审批意见",
}
_ORGANIZATION = re.compile(r"组织部")
_HR = re.compile(r"人力资源|人社")
_CIVIL_SERVICE = frozenset({"1", "2"})
_OTHERS = frozenset({"3", "4", "5", "6"})
_SECTION_CHIEF = re.compile(r"[正副]?[科处]级|局长|镇长|调研员|主任科员")
_UNCLEAR_RANK = re.compile(r"[科处]长|主任|书记|院长|校长|所长|站长")


def _card(sheet: Sheet) -> Line:
    return sheet.rows[0] if sheet.rows else sheet.header


def _missing(sheet: Sheet, box: str, kinds: dict[str, Severity]) -> Iterator[Flaw]:
    for kind, severity in kinds.items():
        lack = lacking(sheet, box, kind)
        if lack is not None:
            message = f"{_card(sheet).who}:“{_LABELS[box]}”栏未见{_WHAT[kind]},请补{_WHAT[kind]}"
            yield Flaw(lack.path, lack.says(message), lack.severity(severity))


def _refused(sheet: Sheet, box: str) -> Iterator[Flaw]:
    mark = refusal(sheet, box)
    if mark is not None:
        message = f"{_card(sheet).who}:“{_LABELS[box]}”栏的意见为“{mark.text}”,不是同意,不得借用"
        yield Flaw(f"marks.{box}.opinion", message, W if mark.review else E)


def unit_seals(sheet: Sheet) -> Iterator[Flaw]:
    """S1-06: both units and both supervisors; a supervisor that is the unit itself need not stamp again."""
    yield from _refused(sheet, "applicant")
    line = _card(sheet)
    for side, label in _UNITS:
        unit, head = line.text(f"{side}_unit"), line.text(f"{side}_supervisor")
        yield from _stamped(sheet, f"{side}_unit", unit)
        box = f"{side}_supervisor"
        if is_excused(sheet, box):
            if unit and head and not is_same_unit(resolved(head, unit), unit):
                message = (
                    f"{line.who}:“{_LABELS[box]}”栏填同单位意见,但{label}“{unit}”与主管部门“{head}”不是同一单位,请核对"
                )
                yield Flaw(f"marks.{box}.seal", message, W)
        elif not _is_own_head(line, side):
            yield from _stamped(sheet, box, head, certain=bool(head))


def _is_own_head(line: Line, side: str) -> bool:
    """The supervisor is the unit itself (本级), or the form says by a placeholder that there is none."""
    unit, key = line.text(f"{side}_unit"), f"{side}_supervisor"
    entry = line.entries.get(key)
    placeholder = entry is not None and entry.is_blank and bool(entry.value)
    head = line.text(key)
    return placeholder or head in SAME or is_same_unit(head, unit)


def _stamped(sheet: Sheet, box: str, unit: str, *, certain: bool = True) -> Iterator[Flaw]:
    must = E if certain else W
    yield from _missing(sheet, box, {"seal": must, "date": must, "opinion": W, "signature": W})
    yield from _refused(sheet, box)
    seal = seal_of(sheet, box)
    if seal is not None and seal.unit and unit and not looks_like(seal.unit, unit):
        message = f"{_card(sheet).who}:“{_LABELS[box]}”栏的章是“{seal.unit}”,应为“{unit}”,请核对"
        yield Flaw(f"marks.{box}.seal", message, W if seal.review else E)


def leaders(sheet: Sheet) -> Iterator[Flaw]:
    """S1-07, unless the edition or the settings have one layer of leaders only."""
    if sheet.settings.single_leader_layer or not sheet.definition.options.get("leader_layer", True):
        return
    for box, _ in _LEADERS:
        yield from _missing(sheet, box, {"signature": E, "date": W})
        yield from _refused(sheet, box)


def reviewing_office(sheet: Sheet) -> Iterator[Flaw]:
    """S1-08."""
    yield from _missing(sheet, "hr_review", {"seal": E, "date": W})
    yield from _refused(sheet, "hr_review")
    seal, line = seal_of(sheet, "hr_review"), _card(sheet)
    due = _office_due(line)
    if seal is None or due is None:
        return
    words = f"{seal.unit or ''}{seal.text}"
    stamped = {name for name, found in (("区委组织部", _ORGANIZATION), ("区人社局", _HR)) if found.search(words)}
    if stamped and due not in stamped:
        message = (
            f"{line.who}:编制性质为“{line.text('establishment_type')}”、职务为“{line.text('post')}”,按干部管理权限应由{due}审核,"
            f"落章为{'、'.join(sorted(stamped))},请核对"
        )
        yield Flaw("marks.hr_review.seal", message)


def _office_due(line: Line) -> str | None:
    """区委组织部 for civil servants and section chiefs upwards, else 区人社局 (forms-reference §1.4, inferred).

    ``None`` where the establishment is not known, or where the post's title may be of either rank.
    """
    code = line.code("establishment_type")
    post = line.text("post")
    if code in _CIVIL_SERVICE or (code in _OTHERS and _SECTION_CHIEF.search(post)):
        return "区委组织部"
    return "区人社局" if code in _OTHERS and not _UNCLEAR_RANK.search(post) else None


def final_approval(sheet: Sheet) -> Iterator[Flaw]:
    """S1-09."""
    yield from _missing(sheet, "final_approval", {"signature": E, "date": E})
    yield from _refused(sheet, "final_approval")


def _dated(sheet: Sheet) -> list[list[tuple[str, dt.date, Mark]]]:
    stages = []
    for boxes in _STAGES:
        dated = []
        for box in boxes:
            mark = sheet.marks.get((box, MarkKind.DATE))
            day = sheet.day_of(mark.value) if mark and mark.value and not mark.excused else None
            if mark is not None and day is not None:
                dated.append((box, day, mark))
        stages.append(dated)
    return stages


def date_chain(sheet: Sheet) -> Iterator[Flaw]:
    """X-09: each stage signs on or after the days of those before it, the last no later than the loan begins."""
    before: tuple[str, dt.date, Mark] | None = None
    who = _card(sheet).who
    for stage in _dated(sheet):
        for box, day, mark in stage:
            if before is not None and day < before[1]:
                doubt = "(日期识别存疑,请先核对原件)" if mark.review or before[2].review else ""
                message = (
                    f"{who}:“{_LABELS[box]}”日期{in_words(day)}早于“{_LABELS[before[0]]}”日期{in_words(before[1])},"
                    f"审批次序倒置,请核对{doubt}"
                )
                yield Flaw(f"marks.{box}.date", message, W)
        before = max((item for item in (before, *stage) if item is not None), key=lambda item: item[1], default=None)
    yield from _borrowed_first(sheet)


def _borrowed_first(sheet: Sheet) -> Iterator[Flaw]:
    line = _card(sheet)
    mark, start = sheet.marks.get(("final_approval", MarkKind.DATE)), line.day("start_date")
    day = sheet.day_of(mark.value) if mark and mark.value else None
    if mark is None or day is None or start is None or day <= start:
        return
    old = start < sheet.plan_day
    message = f"{line.who}:审批日期{in_words(day)}晚于借用起日{in_words(start)},属先借后批,请核对或说明"
    yield Flaw("marks.final_approval.date", message, W if old or mark.review else E)


RULES = (
    Rule(
        "S1-06",
        "S1",
        (E, W),
        "方案三(三)2:“借出、借入单位及其主管部门同意盖章”",
        "四个单位意见栏的章和日期齐(缺意见、负责人签字为警告),意见为同意,章与单位一致;单位与主管部门为同一单位(本级、同单位意见、/)不算缺",
        "附件4盖章签字、借出借入单位及主管部门",
        forms=_CARD,
        sheet=unit_seals,
    ),
    Rule(
        "S1-07",
        "S1",
        (E, W),
        "方案三(三)2:“借用人员要经借出、借入单位区分管领导同意”",
        "两位区分管领导签字(缺日期为警告);同一领导一次签、单层领导模板除外",
        "附件4区分管领导签字",
        forms=_CARD,
        sheet=leaders,
    ),
    Rule(
        "S1-08",
        "S1",
        (W, E),
        "方案三(三)2:“按干部管理权限报送区组织人社部门审核”",
        "审核栏无章为错误、缺日期为警告;公务员、参公、科级以上应由区委组织部,其余由区人社局,落章部门不符为警告",
        "附件4审核栏、编制性质、现任职务",
        forms=_CARD,
        sheet=reviewing_office,
    ),
    Rule(
        "S1-09",
        "S1",
        (E, W),
        "方案三(三)2:“由区委、区政府分管领导审批”",
        "终审签字和日期齐,意见为同意",
        "附件4审批栏",
        forms=_CARD,
        sheet=final_approval,
    ),
    Rule(
        "X-09",
        "X",
        (W, E),
        "方案三(三)2的审批次序:本人、借出借入单位、主管部门、区分管领导、组织人社审核、区委区政府分管领导审批、借用",
        "各栏日期依次不倒置(同日可以),倒置为警告;审批晚于借用起日为先借后批(7月20日前已借用的为警告)",
        "附件4各栏日期、借用起始日期",
        forms=_CARD,
        sheet=date_chain,
    ),
)
