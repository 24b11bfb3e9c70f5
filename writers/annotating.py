"""The clerk's own workbook back, its faults marked in it: red cells, a comment in each, and a list of all of them.

The file stays one that can be corrected and sent again: marks of an earlier round are taken off first.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from typing import Any

from openpyxl import load_workbook
from openpyxl.cell.cell import Cell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.workbook.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from forms.finding import Finding, Severity
from forms.plain import finding_from_plain
from parsers.child import Request
from parsers.errors import ContentMismatchError
from parsers.gate.admission import admit
from parsers.sniffing import FileFormat

TASK = f"{__name__}:annotate_file"
"""The name under which the fenced child finds :func:`annotate_file`."""
MARKED_FILE = "marked.xlsx"
FAULT_SHEET = "错误清单"
AUTHOR = "核对"
_FILLS = {Severity.ERROR: "FFFFC7CE", Severity.WARNING: "FFFFEB9C", Severity.INFO: "FFDDEBF7"}
_WORDS = {Severity.ERROR: "错误", Severity.WARNING: "警告", Severity.INFO: "提示"}
_RANK = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}
_ADDRESS = re.compile(r"^'?(?P<sheet>.+?)'?!(?P<cell>\$?[A-Z]{1,3}\$?[0-9]{1,7})$")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def annotate(content: bytes, findings: Sequence[Finding]) -> bytes:
    """The workbook with each finding marked where it stands, and all of them listed on the sheet 错误清单.

    ``content`` comes from outside: call this in the fenced child only. A finding without a cell is listed alone.
    """
    book = load_workbook(io.BytesIO(content), keep_links=False)
    _take_off_earlier_marks(book)
    by_cell: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        place = _place_of(finding)
        if place and place[0] in book.sheetnames:
            by_cell.setdefault(place, []).append(finding)
    for (sheet, address), found in by_cell.items():
        _mark(book[sheet], address, found)
    _write_list(book, findings)
    result = io.BytesIO()
    book.save(result)
    return result.getvalue()


def annotate_file(request: Request) -> dict[str, Any]:
    """:func:`annotate` as a task of the fenced child: ``findings`` are an option, the result is an output file.

    Raises:
        DocumentError: the file may not be opened, or is no workbook.
    """
    if admit(request.path, request.name).format is not FileFormat.XLSX:
        raise ContentMismatchError(pointer=request.name)
    findings = [finding_from_plain(item) for item in request.options["findings"]]
    (request.output / MARKED_FILE).write_bytes(annotate(request.path.read_bytes(), findings))
    return {"file": MARKED_FILE}


def _place_of(finding: Finding) -> tuple[str, str] | None:
    address = finding.region.address if finding.region else None
    match = _ADDRESS.match(address or "")
    return (match["sheet"], match["cell"].replace("$", "")) if match else None


def _take_off_earlier_marks(book: Workbook) -> None:
    if FAULT_SHEET in book.sheetnames:
        del book[FAULT_SHEET]
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell, Cell) and cell.comment and cell.comment.author == AUTHOR:
                    cell.comment = None
                    cell.fill = PatternFill()


def _mark(sheet: Worksheet, address: str, found: Sequence[Finding]) -> None:
    cell = sheet[address]
    if not isinstance(cell, Cell):
        # A merged cell's later address: the mark goes to the cell that carries the value.
        anchor = next((area for area in sheet.merged_cells.ranges if address in area), None)
        if anchor is None:
            return
        cell = sheet.cell(anchor.min_row, anchor.min_col)
    worst = min(found, key=lambda finding: _RANK[finding.severity])
    cell.fill = PatternFill("solid", fgColor=_FILLS[worst.severity])
    lines = [_sentence(finding) for finding in found]
    comment = Comment("\n".join(lines), AUTHOR)
    comment.width, comment.height = 320, 40 + 40 * len(lines)
    cell.comment = comment


def _sentence(finding: Finding) -> str:
    advice = f"\n建议:{finding.suggestion}" if finding.suggestion else ""
    return f"{finding.code} {finding.message}{advice}"


def _write_list(book: Workbook, findings: Sequence[Finding]) -> None:
    sheet = book.create_sheet(FAULT_SHEET, 0)
    sheet.append(["序号", "位置", "程度", "规则", "问题", "建议", "依据"])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for number, finding in enumerate(sorted(findings, key=lambda finding: _RANK[finding.severity]), start=1):
        place = _place_of(finding)
        shown = f"{place[0]}!{place[1]}" if place else finding.path
        values = (shown, _WORDS[finding.severity], finding.code, finding.message, finding.suggestion, finding.clause)
        sheet.append([number, *(_as_text(value) for value in values)])
        row = sheet.max_row
        for cell in sheet[row]:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if isinstance(cell.value, str) and cell.value.startswith(_FORMULA_STARTS):
                cell.data_type = "s"
        if place:
            sheet.cell(row, 2).hyperlink = f"#'{place[0]}'!{place[1]}"
            sheet.cell(row, 2).font = Font(underline="single", color="FF0563C1")
    for letter, width in zip("ABCDEFG", (6, 14, 8, 12, 60, 30, 30), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A2"


def _as_text(value: str | None) -> str:
    return value or ""
