"""A workbook that is none of the forms, as plain rows: what lists of units, and other tables of our own, are read from.

Runs inside the fenced child. What each cell means is for the caller to say; here only what stands there is told, with
all that makes a cell doubtful: struck out, hidden, an error, a formula that was never worked out.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from parsers.child import Request
from parsers.document import Cell, Document, Page
from parsers.errors import ContentMismatchError
from parsers.gate.admission import admit
from parsers.readers import legacy, xlsx
from parsers.sniffing import FileFormat

TASK = f"{__name__}:read_sheets"
"""The name under which the fenced child finds :func:`read_sheets`."""
STRUCK, HIDDEN = "struck", "hidden"
"""Notes of a cell beside those of its reader: crossed out; in a hidden row or column."""


def read_sheets(request: Request) -> dict[str, Any]:
    """The sheets of a workbook: ``{"sheets": [{"name", "hidden", "cells": [[row, column, value, notes], …]}]}``.

    Rows and columns count from zero; a cell merged downwards stands in each of its rows. A value is text, a number or
    a truth value; a day is text ``YYYY-MM-DD``. A workbook of another format whose conversion does not stand beside it
    is sent back: ``todo`` is ``convert``.

    Raises:
        ContentMismatchError: the file is no workbook.
        DocumentError: it cannot be used.
    """
    admitted = admit(request.path, request.name)
    is_sheet = admitted.format is FileFormat.XLSX or legacy.TARGETS.get(admitted.format) == "xlsx"
    if not is_sheet:
        raise ContentMismatchError(pointer=request.name)
    if admitted.format is FileFormat.XLSX:
        return _plain(xlsx.read(request.path))
    if not legacy.converted_beside(request.path).exists():
        return {"todo": "convert", "format": admitted.format.value}
    return _plain(legacy.read(request.path, admitted.format))


def _plain(document: Document) -> dict[str, Any]:
    return {"sheets": [_sheet(page) for page in document.pages]}


def _sheet(page: Page) -> dict[str, Any]:
    cells: list[list[Any]] = []
    for grid in page.grids:
        for cell in grid.cells:
            for row in range(cell.row, cell.row + cell.row_span):
                notes = list(cell.notes)
                if cell.struck:
                    notes.append(STRUCK)
                if row in grid.hidden_rows or cell.column in grid.hidden_columns:
                    notes.append(HIDDEN)
                if cell.text.strip() or notes:
                    cells.append([row, cell.column, _value(cell), notes])
    return {"name": page.name, "hidden": page.hidden, "cells": cells}


def _value(cell: Cell) -> str | int | float | bool:
    raw = cell.raw
    if raw is None or isinstance(raw, str):
        return cell.text
    if isinstance(raw, dt.date):
        return raw.isoformat()[:10]
    return raw
