from __future__ import annotations

import io
import zipfile

from bench.people import definition_of, records_of
from writers.filling import fill
from writers.packing.printsource import without_page_numbers


def sheet_of(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read("xl/worksheets/sheet1.xml").decode()


def test_a_sheet_loses_its_page_numbers() -> None:
    made = fill(definition_of("attachment-3"), records_of("attachment-3", 20)[0]).content
    sheet = sheet_of(without_page_numbers(made, "xlsx"))
    assert "&amp;P" in sheet_of(made)
    assert "&amp;P" not in sheet
    assert sheet.count("<headerFooter>") == 1
    assert "<pageSetup" in sheet
