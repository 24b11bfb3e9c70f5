"""What letters share: a ruled table that repeats its head, the foot with sender and day, days in words."""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from docx.document import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_LINE_SPACING
from docx.shared import Mm, Pt
from docx.table import _Row
from docx.text.paragraph import Paragraph

from writers.officialpage import CENTER, HEI, LEFT, RIGHT, SONG, TITLE_SIZE, line, set_row, write

PLAN = "《关于开展机关事业单位借用人员和编外用工专项清理规范工作实施方案》"
PLAN_SHORT = "《实施方案》"
_SIZE = 10.5
_ROW_LINE = 15.0
_ABOVE = 6.0


@dataclass(frozen=True, slots=True)
class Sender:
    """Who writes: the offices that sign, whom to ask (in words), the day of the letter."""

    signed: tuple[str, ...]
    contact: str
    day: dt.date


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its head, its width in millimetres, whether its words stand in the middle."""

    head: str
    width: float
    centred: bool = False


def in_words(day: dt.date) -> str:
    """``2026年8月31日``."""
    return f"{day.year}年{day.month}月{day.day}日"


def title(document: Document, words: str) -> None:
    """The title, and an empty line under it."""
    line(document, words, size=TITLE_SIZE, font=SONG, align=CENTER)
    line(document)


def table(document: Document, columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> None:
    """A table of texts; its head stands on every page, and no row is broken by one.

    The line above it stands with its first rows, and a little apart from it.
    """
    above = document.paragraphs[-1].paragraph_format
    above.space_after, above.keep_with_next = Pt(_ABOVE), True
    made = document.add_table(rows=2 if rows else 1, cols=len(columns), style="Table Grid")
    made.alignment = WD_TABLE_ALIGNMENT.CENTER
    made.autofit = False
    for column, look in zip(made.columns, columns, strict=True):
        column.width = Mm(look.width)
    _fill(made.rows[0], columns, [column.head for column in columns], head=True)
    set_row(made.rows[0], "tblHeader")
    if not rows:
        return
    pattern = made.rows[1]
    set_row(pattern, "cantSplit")
    for _ in rows[1:]:
        made._tbl.append(copy.deepcopy(pattern._tr))  # noqa: SLF001  # add_row goes through all rows for each
    for element, texts in zip(made._tbl.tr_lst[1:], rows, strict=True):  # noqa: SLF001  # as above
        _fill(_Row(element, made), columns, texts)


def _fill(row: _Row, columns: Sequence[Column], texts: Sequence[str], *, head: bool = False) -> None:
    for cell, column, text in zip(row.cells, columns, texts, strict=True):
        cell.width = Mm(column.width)
        paragraph = cell.paragraphs[0]
        look = paragraph.paragraph_format
        look.space_before, look.space_after = Pt(1), Pt(4)
        look.line_spacing_rule, look.line_spacing = WD_LINE_SPACING.AT_LEAST, Pt(_ROW_LINE)
        paragraph.alignment = CENTER if head or column.centred else LEFT
        if head:
            write(paragraph, text, size=_SIZE, font=HEI)
        else:
            write(paragraph, text, size=_SIZE)


def foot(document: Document, sender: Sender, *, copies_to: str = "") -> None:
    """Whom to ask, who signs, the day, and to whom a copy goes."""
    if sender.contact:
        _together(line(document, f"联系方式：{sender.contact}。", indent=2))
    _together(line(document))
    for office in sender.signed:
        _together(line(document, office, align=RIGHT))
    last = line(document, f"{in_words(sender.day)}（盖章）", align=RIGHT)
    if copies_to:
        _together(last)
        line(document, f"抄送：{copies_to}", size=14)


def _together(paragraph: Paragraph) -> None:
    """Keep a line on the page of the next one: names and their day are not torn apart."""
    paragraph.paragraph_format.keep_with_next = True
