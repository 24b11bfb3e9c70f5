"""Progress as workbooks: the board, the list of who is late, and lists of people."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from typing import Any

import xlsxwriter

from forms.illegal import without_illegal
from service.operations.progress.board import Board, Row, Wanted, rows_wanted, sums_of
from service.operations.progress.law import LABELS, ORDER, State
from service.operations.progress.plain import label_of
from service.runtime import Runtime
from writers.letters.late_list import HEADS as LATE_HEADS
from writers.letters.late_list import LateList
from writers.workbook import MADE

_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_COLOURS = {State.LATE: "#FDECEA", State.RETURNED: "#FFF4DC", State.DUE: "#FFF4DC", State.ACCEPTED: "#E8F5EC"}
_WIDEST = 40
_ROW, _LINE = 20.0, 16.0
"""Points of a row of one line, and of each line more: in any typeface that an office may have."""


def board_workbook(runtime: Runtime, board: Board, wanted: Wanted) -> bytes:
    """The units that are wanted with the state of each form; the sums of all on a second sheet."""
    titles = {form: _head(runtime, form) for form in board.forms}
    rows = rows_wanted(board, wanted)
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, _OPTIONS) as book:
        book.set_properties({"title": "报送进度", "created": MADE})
        looks = {state: book.add_format({"bg_color": colour, "text_wrap": True}) for state, colour in _COLOURS.items()}
        head = _head_look(book)
        sheet = book.add_worksheet("各单位")
        heads = ["单位", "单位类别", "主管（牵头）单位", *titles.values()]
        _set_up(sheet, heads, head, board)
        for line, row in enumerate(rows, start=1):
            for column, text in enumerate((row.unit.name, row.unit.kind.label, row.top.name)):
                sheet.write_string(line, column, without_illegal(text))
            for column, cell in enumerate(row.cells.values(), start=3):
                sheet.write_string(line, column, label_of(cell), looks.get(cell.state))
        sheet.autofilter(0, 0, max(1, len(rows)), len(heads) - 1)
        _sums(book.add_worksheet("合计"), board, titles, head)
    return buffer.getvalue()


def _head(runtime: Runtime, form: str) -> str:
    definition = runtime.catalogue.find(form)
    return f"附件{definition.number}"


def _head_look(book: Any) -> Any:  # noqa: ANN401  # xlsxwriter has no types
    return book.add_format({"bold": True, "text_wrap": True, "bg_color": "#F3F6FA", "border": 1})


def _set_up(sheet: Any, heads: Sequence[str], look: Any, board: Board) -> None:  # noqa: ANN401  # as above
    for column, text in enumerate(heads):
        sheet.write_string(0, column, text, look)
        sheet.set_column(column, column, 28 if "单位" in text and "类别" not in text else 16)
    sheet.freeze_panes(1, 1)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_footer(_footer(f"{board.round.title} 截至{board.day.isoformat()}"))


def _footer(words: str) -> str:
    """Words and page numbers at the foot of each page; ``&`` begins a command there."""
    return f"&L{words.replace('&', '&&')}&R第 &P 页，共 &N 页"


def _sums(sheet: Any, board: Board, titles: dict[str, str], look: Any) -> None:  # noqa: ANN401  # as above
    """For all and for each unit in charge: units by form and state."""
    heads = ["主管（牵头）单位", "表", *(LABELS[state] for state in ORDER), "单位数"]
    _set_up(sheet, heads, look, board)
    parts: list[tuple[str, Sequence[Row]]] = [("合计", board.rows)]
    parts += [(group.top.name, group.rows) for group in board.groups]
    line = 1
    for name, rows in parts:
        sums = sums_of(rows, board.forms)
        for form, title in titles.items():
            sheet.write_string(line, 0, without_illegal(name))
            sheet.write_string(line, 1, title)
            for column, state in enumerate(ORDER, start=2):
                sheet.write_number(line, column, sums[form][state])
            sheet.write_number(line, 2 + len(ORDER), len(rows))
            line += 1


def late_workbook(listed: LateList, day: dt.date) -> bytes:
    """The 未报名单 as a workbook."""
    rows: list[list[str | int]] = [
        [number, item.unit, item.supervising, "、".join(item.owed), item.days, item.liaison]
        for number, item in enumerate(listed.late, start=1)
    ]
    heads = [head.replace("最长逾期", "最长逾期（天）") for head in LATE_HEADS]
    return table_workbook("未报名单", heads, rows, f"{listed.campaign} 截至{day.isoformat()}")


def _width(head: str, values: Sequence[str | int]) -> float:
    """The width of a column, in figures of the standard font; a Chinese character is as wide as two."""
    longest = max((len(str(value)) for value in values), default=0)
    return min(_WIDEST, max(2 * len(head), 2 * longest, 6) + 2)


def table_workbook(title: str, heads: Sequence[str], rows: Sequence[Sequence[str | int]], foot: str) -> bytes:
    """A plain table: a text is always a text, so nothing in it becomes a formula or loses its zeros."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, _OPTIONS) as book:
        book.set_properties({"title": title, "created": MADE})
        look, body = _head_look(book), book.add_format({"text_wrap": True, "valign": "top", "border": 1})
        sheet = book.add_worksheet(title[:31])
        widths = [_width(head, [row[column] for row in rows]) for column, head in enumerate(heads)]
        for column, (head, width) in enumerate(zip(heads, widths, strict=True)):
            sheet.write_string(0, column, head, look)
            sheet.set_column(column, column, width)
        sheet.set_row(0, _ROW)
        for line, row in enumerate(rows, start=1):
            lines = max(-(-2 * len(str(value)) // int(width)) for value, width in zip(row, widths, strict=True))
            sheet.set_row(line, max(_ROW, lines * _LINE + _ROW - _LINE))
            for column, value in enumerate(row):
                if isinstance(value, int):
                    sheet.write_number(line, column, value, body)
                else:
                    sheet.write_string(line, column, without_illegal(value), body)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(1, len(rows)), len(heads) - 1)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        sheet.set_footer(_footer(foot))
    return buffer.getvalue()
