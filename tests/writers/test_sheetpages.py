"""The last printed page of a roster has a person on it, whatever their number."""

from __future__ import annotations

import io
import re

import openpyxl
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


def days_alone(page: pypdfium2.PdfPage) -> list[tuple[float, float, float, float]]:
    """Where a 日 in the rows of persons has nothing beside it: left, bottom, right and top in points."""
    text = page.get_textpage()
    boxes = [(text.get_text_range(at, 1), text.get_charbox(at, loose=True)) for at in range(text.count_chars())]
    whole = "".join(char for char, _ in boxes)
    assert len(whole) == len(boxes)
    people = [boxes[found.start()][1] for found in re.finditer(r"320799\d{11}[\dX]", whole)]
    low, high = min(box[1] for box in people) - 9, max(box[3] for box in people) + 9
    days = [box for char, box in boxes if char == "日" and low < box[1] < high]
    assert days, "the rows have days"
    others = [box for char, box in boxes if char.strip()]
    return [
        day
        for day in days
        if not any(
            box != day and abs(box[1] + box[3] - day[1] - day[3]) < 2 * (day[3] - day[1]) and -1 < day[0] - box[2] < 2
            for box in others
        )
    ]


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
        with pypdfium2.PdfDocument(io.BytesIO(content)) as file:
            for page in file:
                assert days_alone(page) == []
