"""The last printed page of a roster has a person on it, whatever their number."""

from __future__ import annotations

import io
import re

import openpyxl
import pdfplumber
import pypdfium2
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from forms.catalogue import Catalogue
from forms.intake import take_in
from samples.records import make_records
from service.operations.filling import FillOptions, fill_records
from writers.filling import Purpose
from writers.rendering import to_pdf_each
from writers.sheetpages import Paging, row_breaks

PAGING = Paging(500.0, range(2, 3), 15.0, breaks=False)
HEAD, TAIL = [60.0, 40.0], [20.0, 150.0, 30.0]


def breaks_of(people: int, paging: Paging = PAGING) -> list[int]:
    found = row_breaks([*HEAD, *[50.0] * people, *TAIL], range(2, 2 + people), paging)
    return [int(number) for number in re.findall(r'<brk id="(\d+)"', found)]


def test_the_last_person_goes_with_what_stands_below() -> None:
    assert breaks_of(1) == []
    assert breaks_of(4) == [], "all on one page"
    assert breaks_of(7) == [8], "seven fit, and all below them stood alone"
    assert breaks_of(11) == [], "some go on by themselves"
    assert breaks_of(15) == [16], "the same on a later page"
    assert breaks_of(0) == []


def test_nothing_is_broken_that_would_not_fit_or_breaks_itself() -> None:
    assert breaks_of(7, Paging(500.0, range(2, 3), 15.0, breaks=True)) == []
    tall = row_breaks([*HEAD, *[50.0] * 7, 480.0], range(2, 9), PAGING)
    assert tall == "", "the last person and what stands below fill more than a page"


def test_a_number_that_just_fits_is_in_a_cell_that_shrinks_it() -> None:
    """A page break of its own makes LibreOffice scale the sheet otherwise, and what just fitted was printed as ###."""
    catalogue = Catalogue.load()
    record = take_in(make_records("attachment-3", 1003, 1), catalogue)[0].record
    (made,) = fill_records(catalogue.find("attachment-3"), [record], FillOptions(Purpose.FINAL, "xlsx"))
    sheet = openpyxl.load_workbook(io.BytesIO(made.content)).worksheets[0]
    assert isinstance(sheet, Worksheet)
    cells = {row[0].value: row[0] for row in sheet.iter_rows(max_col=1)}
    assert cells[1000].alignment.shrink_to_fit
    assert not cells[9].alignment.shrink_to_fit


@pytest.mark.slow
@pytest.mark.timeout(200)
@pytest.mark.xdist_group("office")
def test_every_last_page_has_a_person_and_no_word_for_day_stands_alone() -> None:
    catalogue, jobs = Catalogue.load(), []
    for count in (12, 13, 22):
        record = take_in(make_records("attachment-1", count, count + 40), catalogue)[0].record
        (made,) = fill_records(catalogue.find("attachment-1"), [record], FillOptions(Purpose.FINAL, "docx"))
        jobs.append((made.content, "docx"))
    for form, counts in (("attachment-2", (10, 13, 20)), ("attachment-3", (7, 13, 16)), ("attachment-5", (8, 17, 21))):
        for count in counts:
            record = take_in(make_records(form, count, count + 40), catalogue)[0].record
            (made,) = fill_records(catalogue.find(form), [record], FillOptions(Purpose.FINAL, "xlsx"))
            jobs.append((made.content, "xlsx"))
    printed = to_pdf_each(jobs)
    for content in printed:
        assert isinstance(content, bytes)
        with pypdfium2.PdfDocument(io.BytesIO(content)) as file:
            last = file[len(file) - 1].get_textpage().get_text_range()
        assert re.search(r"\d{17}[\dX]", last)
        assert "合计" in last
        assert "负责人签字" in last
    for content in printed:
        assert isinstance(content, bytes)
        with pdfplumber.open(io.BytesIO(content)) as file:
            for page in file.pages:
                words = page.extract_words()
                people = [word for word in words if re.fullmatch(r"320799\d{11}[\dX]", word["text"])]
                top, bottom = min(word["top"] for word in people) - 9, max(word["bottom"] for word in people) + 9
                alone = [word for word in words if word["text"] == "日" and top < word["top"] < bottom]
                assert alone == []
