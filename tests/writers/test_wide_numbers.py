"""Numbers wider than their columns: shrunk and written out in the workbook, whole on the printed page."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest

from forms.catalogue import Catalogue
from forms.intake import take_in
from forms.record import Record
from samples.records import make_records
from writers.filling import FilledForm, fill
from writers.fitting import SHRUNK
from writers.packing.printcheck import page_texts, require_printed, sheet_blocks
from writers.rendering import to_pdf

WAGES: tuple[float, ...] = (12345.67, 3200, 4800.5, 98765.43, 1234567)
FIELDS = {"attachment-2": "compensation", "attachment-3": "monthly_wage", "attachment-5": "monthly_wage"}


def roster(form: str) -> Record:
    data: dict[str, Any] = make_records(form, len(WAGES), 41)
    for row, wage in zip(data["records"], WAGES, strict=True):
        row[FIELDS[form]] = wage
    return take_in(data, Catalogue.load())[0].record


def made_of(form: str) -> FilledForm:
    return fill(Catalogue.load().find(form), roster(form))


@pytest.mark.parametrize("form", FIELDS)
def test_a_wide_number_shrinks_and_stays_a_number(form: str) -> None:
    made = made_of(form)
    sheet = openpyxl.load_workbook(io.BytesIO(made.content)).worksheets[0]
    found = {cell.value: cell for row in sheet.iter_rows() for cell in row if cell.value in (*WAGES, sum(WAGES))}
    assert set(found) == {*WAGES, sum(WAGES)}
    looks = {value: (cell.alignment.shrink_to_fit, cell.number_format) for value, cell in found.items()}
    assert looks[sum(WAGES)] == (True, "0.00")
    assert form == "attachment-2" or looks[12345.67] == (True, "0.00")
    assert form == "attachment-2" or looks[1234567] == (True, "0")
    assert not looks[3200][0]
    shrunk = {item.path: item.message for item in made.findings if item.code == SHRUNK}
    assert FIELDS[form] not in shrunk[f"header.{FIELDS[form]}"]


@pytest.mark.slow
@pytest.mark.xdist_group("office")
def test_wide_numbers_are_printed_whole() -> None:
    made = [made_of(form).content for form in FIELDS]
    for content, pdf in zip(made, to_pdf([(content, "xlsx") for content in made]), strict=True):
        pages = page_texts(pdf)
        require_printed(list(sheet_blocks(content)), pages)
        text = "".join(pages)
        assert "12345.67" in text
        assert "#" not in text


def test_a_number_rounded_on_paper_is_noticed() -> None:
    book = openpyxl.Workbook()
    book["Sheet"]["A1"] = 12345.67
    buffer = io.BytesIO()
    book.save(buffer)
    (block,) = sheet_blocks(buffer.getvalue())
    assert all(way.replace(",", "") == "12345.67" for way in block[0])
