"""The 补正通知书: what a unit is told when a form is sent back, each fault with place and clause, as a Word file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Cm, Pt
from docx.table import _Cell

from writers.officialpage import content_of, number_pages, set_row, write

TITLE = "补正通知书"
HEADS = ("序号", "位置", "人员", "栏目", "程度", "问题和改正办法", "依据")
_WIDTHS = (1.2, 3.2, 2.6, 2.8, 1.4, 8.6, 5.0)
_TITLE_FONT = "黑体"
_TEXT_SIZE = 14
_A4 = (Cm(29.7), Cm(21.0))


@dataclass(frozen=True, slots=True)
class NoticeFault:
    """One line of the notice: where it stands (page or cell), whose row, which field, what is wrong, and the clause."""

    place: str
    person: str
    label: str
    severity: str
    message: str
    advice: str = ""
    clause: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """What stands in a notice. ``forms`` are the titles of the forms in the file; ``note`` is the sender's own word."""

    unit: str
    forms: tuple[str, ...]
    file: str
    received: dt.date
    returned: dt.date
    deadline: dt.date
    number: str
    faults: tuple[NoticeFault, ...] = ()
    note: str = ""


def make_notice(notice: Notice) -> bytes:
    """The notice as .docx. Characters that no Word file can carry are shown as □."""
    document = docx.Document()
    _set_up(document)
    heading = document.add_paragraph()
    heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
    write(heading, TITLE, size=22, font=_TITLE_FONT)
    number = document.add_paragraph()
    number.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    write(number, f"编号:{notice.number}", size=11)
    for text in _sentences(notice):
        write(document.add_paragraph(), text, size=_TEXT_SIZE)
    if notice.faults:
        _list(document, notice.faults)
    for text in _ending(notice):
        write(document.add_paragraph(), text, size=_TEXT_SIZE)
    foot = document.add_paragraph()
    foot.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    write(foot, f"{_day(notice.returned)}(盖章)", size=_TEXT_SIZE)
    return content_of(document)


def _sentences(notice: Notice) -> list[str]:
    forms = "、".join(f"《{title}》" for title in notice.forms) or "材料"
    told = f"经核对,有下列 {len(notice.faults)} 处需要补正:" if notice.faults else "经核对,需要补正。"
    return [
        f"{notice.unit or '填报单位'}:",
        f"    你单位于{_day(notice.received)}报送的{forms}(文件“{notice.file}”){told}",
    ]


def _ending(notice: Notice) -> list[str]:
    said = [f"    补充说明:{notice.note}"] if notice.note else []
    return [
        *said,
        f"    请于{_day(notice.deadline)}前改正后重新报送。程度为“错误”的必须改正,为“警告”的请核对或书面说明。",
    ]


def _day(day: dt.date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _set_up(document: Document) -> None:
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = _A4
    section.left_margin = section.right_margin = Cm(2.4)
    section.top_margin = section.bottom_margin = Cm(2.2)
    number_pages(document)


def _list(document: Document, faults: Sequence[NoticeFault]) -> None:
    table = document.add_table(rows=1, cols=len(HEADS), style="Table Grid")
    table.autofit = False
    for column, width in zip(table.columns, _WIDTHS, strict=True):
        column.width = Cm(width)
    _row(table.rows[0].cells, HEADS, bold=True)
    set_row(table.rows[0], "tblHeader")
    for number, fault in enumerate(faults, start=1):
        words = f"{fault.message}\n建议:{fault.advice}" if fault.advice else fault.message
        texts = (str(number), fault.place, fault.person, fault.label, fault.severity, words, fault.clause)
        row = table.add_row()
        _row(row.cells, texts)
        set_row(row, "cantSplit")


def _row(cells: Sequence[_Cell], texts: Sequence[str], *, bold: bool = False) -> None:
    for cell, text, width in zip(cells, texts, _WIDTHS, strict=True):
        cell.width = Cm(width)
        write(cell.paragraphs[0], text, size=10.5, bold=bold)
        cell.paragraphs[0].paragraph_format.space_after = Pt(2)
