"""The 未报名单: which units are late with what, as a Word file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from writers.letters.sheet import Column, Sender, in_words, table, title
from writers.officialpage import RIGHT, content_of, line, new_document
from writers.packing.fixed import fixed_office

TITLE = "借用人员和编外用工专项清理材料未报名单"
HEADS = ("序号", "单位", "主管（牵头）单位", "逾期未报的材料", "最长逾期", "联络员")
_WIDTHS = (12.0, 52.0, 52.0, 66.0, 22.0, 21.0)


@dataclass(frozen=True, slots=True)
class LateUnit:
    """A unit that is late: what it owes in words, the most days it is late, and its liaison."""

    unit: str
    supervising: str
    owed: tuple[str, ...]
    days: int
    liaison: str = ""


@dataclass(frozen=True, slots=True)
class LateList:
    """The whole list; ``units`` is of how many units it was drawn."""

    campaign: str
    hand_in_by: dt.date
    units: int
    late: tuple[LateUnit, ...]


def rows_of(late: Sequence[LateUnit]) -> list[tuple[str, ...]]:
    """The lines of the list under :data:`HEADS`."""
    return [
        (str(number), item.unit, item.supervising, "、".join(item.owed), f"{item.days}天", item.liaison)
        for number, item in enumerate(late, start=1)
    ]


def make_late_list(listed: LateList, sender: Sender) -> bytes:
    """The list as .docx on pages across; the same content gives the same bytes."""
    document = new_document(landscape=True)
    title(document, TITLE)
    summary = (
        f"{listed.campaign}。应于{in_words(listed.hand_in_by)}前报送。截至{in_words(sender.day)}，"
        f"{listed.units} 个单位中有 {len(listed.late)} 个单位逾期未报齐。"
    )
    line(document, summary, size=12)
    if listed.late:
        centred = {"序号", "最长逾期", "联络员"}
        columns = [Column(head, width, centred=head in centred) for head, width in zip(HEADS, _WIDTHS, strict=True)]
        table(document, columns, rows_of(listed.late))
    else:
        line(document, "没有逾期未报的单位。", size=12)
    line(document)
    line(document, f"{'、'.join(sender.signed)}  {in_words(sender.day)}", size=12, align=RIGHT)
    return fixed_office(content_of(document))
