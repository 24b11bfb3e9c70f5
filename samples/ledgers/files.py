"""Ledgers as files: a workbook, a Word file, a web page."""

from __future__ import annotations

import html
import io

from docx import Document
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.worksheet.worksheet import Worksheet

from samples.ledgers.shapes import LedgerSample, head_rows

_LONGEST_FIGURE = 6


def _head(sheet: Worksheet, sample: LedgerSample, row: int) -> None:
    """The head from a row of a sheet on, merged as it spans."""
    for level, cells in enumerate(head_rows(sample)):
        place = 1
        starts = iter(at + 1 for at, column in enumerate(sample.columns) if len(column.path) > 1)
        for text, columns, rows in cells:
            at = place if level == 0 else next(starts)
            sheet.cell(row + level, at, text)
            if columns > 1 or rows > 1:
                bottom, right = row + level + rows - 1, at + columns - 1
                sheet.merge_cells(start_row=row + level, end_row=bottom, start_column=at, end_column=right)
            place += columns


def as_xlsx(sample: LedgerSample, *, typed: bool = True) -> bytes:
    """One sheet with all pages below each other; the head again on each page."""
    book = Workbook()
    sheet = book.worksheets[0]
    thin = Side(style="thin")
    row, wide = 1, len(sample.columns)
    for text in [*sample.titles, *([sample.unit_line] if sample.unit_line else [])]:
        sheet.cell(row, 1, text)
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=wide)
        row += 1
    for page in sample.pages:
        _head(sheet, sample, row)
        row += sample.levels
        for line in page:
            for at, text in enumerate(line.texts, start=1):
                cell = sheet.cell(row, at)
                is_figure = typed and text.isdecimal() and len(text) <= _LONGEST_FIGURE
                cell.value = int(text) if is_figure else text or None
                cell.number_format = "General" if is_figure else "@"
                cell.border = Border(thin, thin, thin, thin)
                cell.alignment = Alignment(wrap_text=True)
                if line.kind == "struck":
                    cell.font = Font(strike=True)
            row += 1
    for text in sample.notes:
        sheet.cell(row, 1, text)
        row += 1
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def as_docx(sample: LedgerSample) -> bytes:
    """A Word file with one table a page."""
    document = Document()
    for text in [*sample.titles, *([sample.unit_line] if sample.unit_line else [])]:
        document.add_paragraph(text)
    for number, page in enumerate(sample.pages):
        if number:
            document.add_paragraph("")
        table = document.add_table(sample.levels + len(page), len(sample.columns), style="Table Grid")
        taken: set[tuple[int, int]] = set()
        for level, cells in enumerate(head_rows(sample)):
            place = 0
            for text, columns, rows in cells:
                while (level, place) in taken:
                    place += 1
                taken |= {(level + r, place + c) for r in range(rows) for c in range(columns)}
                cell = table.cell(level, place).merge(table.cell(level + rows - 1, place + columns - 1))
                cell.text = text
        for row, line in enumerate(page, start=sample.levels):
            for at, text in enumerate(line.texts):
                run = table.cell(row, at).paragraphs[0].add_run(text)
                run.font.strike = line.kind == "struck" or None
    for text in sample.notes:
        document.add_paragraph(text)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def as_html(sample: LedgerSample) -> bytes:
    """A web page as old programs save their tables under the name of a workbook."""
    out = ["<html><head><meta charset='utf-8'></head><body><table border='1'>"]
    wide = len(sample.columns)
    lines = [*sample.titles, *([sample.unit_line] if sample.unit_line else [])]
    out += [f"<tr><td colspan='{wide}'>{html.escape(text)}</td></tr>" for text in lines]
    for page in sample.pages:
        for cells in head_rows(sample):
            spans = (
                f"<td colspan='{columns}' rowspan='{rows}'>{html.escape(text)}</td>" for text, columns, rows in cells
            )
            out.append("<tr>" + "".join(spans) + "</tr>")
        for line in page:
            opening, closing = ("<s>", "</s>") if line.kind == "struck" else ("", "")
            out.append(
                "<tr>" + "".join(f"<td>{opening}{html.escape(text)}{closing}</td>" for text in line.texts) + "</tr>"
            )
    out.append("</table></body></html>")
    return "".join(out).encode()
