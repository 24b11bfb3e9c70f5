"""What the tests of the service hand in."""

from __future__ import annotations

import io
import json
import uuid
import zipfile
from functools import lru_cache
from pathlib import Path
from typing import Any

import openpyxl
import pypdfium2
from openpyxl.worksheet.worksheet import Worksheet

from forms.catalogue import Catalogue
from forms.definition import Field
from forms.intake import take_in
from samples.records import make_records
from writers.filling import fill
from writers.workbook import ENTRY_SHEET, EXAMPLE, make_import_workbook

DATA = Path(__file__).parents[2] / "samples" / "data"


def data_of(form: str) -> dict[str, Any]:
    """The sample data of a form."""
    data: dict[str, Any] = json.loads((DATA / f"{form}.json").read_text(encoding="utf-8"))
    return data


@lru_cache
def filled(form: str, as_format: str = "") -> bytes:
    """The official form, filled with the first records of the samples."""
    intake = take_in(data_of(form), Catalogue.load())[0]
    return fill(intake.definition, intake.record, as_format=as_format).content


def photographed(form: str, dpi: int = 150) -> list[bytes]:
    """The pages of the official form with five persons, each a picture file of its own."""
    intake = take_in(make_records(form, 5, 71), Catalogue.load())[0]
    content = fill(intake.definition, intake.record, as_format="pdf").content
    pictures = []
    with pypdfium2.PdfDocument(content) as pages:
        for page in pages:
            target = io.BytesIO()
            page.render(scale=dpi / 72).to_pil().convert("L").save(target, "PNG", dpi=(dpi, dpi))
            pictures.append(target.getvalue())
    return pictures


def another(content: bytes) -> bytes:
    """The same Office file in other bytes, so that it is a document of its own."""
    buffer = io.BytesIO(content)
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.comment = uuid.uuid4().hex.encode()
    return buffer.getvalue()


def zip_of(**files: bytes) -> bytes:
    """A zip of the named files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


class ImportWorkbook:
    """An import workbook as a clerk types into it."""

    def __init__(self, form: str, count: int = 3, seed: int = 3) -> None:
        self.definition = Catalogue.load().find(form)
        self.data = make_records(self.definition.form, count, seed)
        self._book = openpyxl.load_workbook(io.BytesIO(make_import_workbook(self.definition)))
        self.sheet: Worksheet = self._book[ENTRY_SHEET]
        self._example = next(row for row in range(1, 20) if self.sheet.cell(row, 1).value == EXAMPLE)
        for row in self.sheet.iter_rows(min_row=2, max_row=self._example - 3):
            for cell in row:
                self._type_header(int(cell.row or 0), int(cell.column or 0), str(cell.value or "").removeprefix("*"))
        for number, record in enumerate(self.data["records"]):
            for key, value in record.items():
                self.type(number, key, value)

    def _type_header(self, row: int, column: int, label: str) -> None:
        for field in self.definition.header:
            if field.label == label and field.key in self.data["header"]:
                self.sheet.cell(row, column + 1).value = _typed(field, self.data["header"][field.key])

    def address(self, number: int, key: str) -> str:
        """The cell of a person's field."""
        column = next(index for index, field in enumerate(self.definition.fields, start=1) if field.key == key)
        return self.sheet.cell(self._example + 1 + number, column).coordinate

    def type(self, number: int, key: str, value: Any) -> None:
        """Type a value into a person's field."""
        field = self.definition.field(key)
        assert field is not None
        self.sheet[self.address(number, key)].value = _typed(field, value)

    def content(self) -> bytes:
        """The file."""
        buffer = io.BytesIO()
        self._book.save(buffer)
        return buffer.getvalue()


def _typed(field: Field, value: Any) -> Any:
    if value == "":
        return None
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    return field.type.write(value)
