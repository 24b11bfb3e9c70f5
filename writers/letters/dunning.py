"""The 催报函: what a unit still owes, since when, by which clause of the plan, and whom it may ask. As a Word file."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from writers.letters.sheet import PLAN, Column, Sender, foot, in_words, table, title
from writers.officialpage import content_of, line, new_document
from writers.packing.fixed import fixed_office

TITLE = "关于催报清理规范工作材料的函"
HEADS = ("序号", "应报材料", "依据", "应报日期", "目前情况", "逾期天数")
_WIDTHS = (12.0, 48.0, 31.0, 32.0, 20.0, 13.0)


@dataclass(frozen=True, slots=True)
class Owed:
    """One form that is late: its title with its number, the clause that asks for it, its last day, how it stands."""

    form: str
    clause: str
    last_day: dt.date
    standing: str
    days: int


@dataclass(frozen=True, slots=True)
class Dunning:
    """What stands in the letter. ``until`` is the new day; ``supervising`` the unit in charge, if it is another one."""

    unit: str
    hand_in_by: dt.date
    until: dt.date
    owed: tuple[Owed, ...]
    supervising: str = ""


def make_dunning(dunning: Dunning, sender: Sender) -> bytes:
    """The letter as .docx; the same content gives the same bytes."""
    document = new_document()
    title(document, TITLE)
    line(document, f"{dunning.unit}：")
    line(
        document,
        f"根据区委、区政府{PLAN}三（二）3的要求，各单位应于{in_words(dunning.hand_in_by)}前将清理规范工作的有关表格和"
        f"材料分别报送区委组织部、区人社局。截至{in_words(sender.day)}，你单位尚有下列 {len(dunning.owed)} 项"
        "材料逾期未报：",
        indent=2,
    )
    columns = [
        Column(head, width, centred=head not in {"应报材料", "依据"})
        for head, width in zip(HEADS, _WIDTHS, strict=True)
    ]
    rows = [
        (str(number), owed.form, owed.clause, in_words(owed.last_day), owed.standing, f"{owed.days}天")
        for number, owed in enumerate(dunning.owed, start=1)
    ]
    table(document, columns, rows)
    line(
        document,
        f"请于{in_words(dunning.until)}前补报，纸质材料由主要负责人签字并加盖单位公章。没有相应人员的，也须报送盖章的空表"
        "（零报告）。确有困难不能按时报送的，请书面说明原因。对逾期不清理或清理不到位的，将按方案四2的规定处理。",
        indent=2,
    )
    foot(document, sender, copies_to=dunning.supervising)
    return fixed_office(content_of(document))
