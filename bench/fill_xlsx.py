"""A filled roster (attachment-5, xlsx) against a plain openpyxl fill of the same sheet with the same looks.

Ours also completes the record, sets row heights so that no text is cut, and proves the file by reading it back.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from copy import copy
from typing import Any

from openpyxl import load_workbook

from bench.people import definition_of, records_of
from writers.completing import complete
from writers.filling import fill
from writers.template import compile_template
from writers.values import content_of

TITLE = "附件5 as xlsx"
UNIT = "rows"
PEER = "openpyxl: load, set cells and styles, save"
SIZES = (100, 1_000, 10_000)
PEER_SIZES = (100, 1_000, 10_000)
QUICK = (500,)
LEAST = 4.0
MOST_MB: float | None = 300.0

FORM = "attachment-5"


def ours(size: int) -> Callable[[], None]:
    """Fill and prove; the template is compiled beforehand, as it is in a running program."""
    definition = definition_of(FORM)
    compile_template(definition)
    record = records_of(FORM, size)[0]

    def work() -> None:
        fill(definition, record)

    return work


def peer(size: int) -> Callable[[], None]:
    """The same values, cell by cell, each with the style of the prototype row."""
    definition = definition_of(FORM)
    record = complete(definition, records_of(FORM, size)[0])[0]
    content = content_of(definition, record, compile_template(definition).tags, numeric=True)

    def work() -> None:
        book = load_workbook(definition.template_path)
        sheet: Any = book.worksheets[0]
        first = next(row for row in sheet.iter_rows() if str(row[0].value).startswith("{{ row."))
        top = first[0].row
        places = [(cell.column, str(cell.value)[len("{{ row.") : -len(" }}")], cell) for cell in first]
        sheet.insert_rows(top + 1, size - 1)
        height = sheet.row_dimensions[top].height
        for offset, values in enumerate(content.rows()):
            for column, key, model in places:
                cell = sheet.cell(top + offset, column, values[key])
                cell._style = copy(model._style)  # noqa: SLF001 - the quickest way that openpyxl has
            sheet.row_dimensions[top + offset].height = height
        book.save(io.BytesIO())

    return work
