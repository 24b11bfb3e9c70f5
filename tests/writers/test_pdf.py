from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forms.catalogue import Catalogue
from forms.intake import take_in
from forms.record import Record
from parsers.extracting import extract
from parsers.readers import pdf
from samples.records import make_records
from tests.writers.filling_data import FORMS, record_of, with_values
from writers.filling import FilledForm, FillJob, Purpose, fill_many
from writers.rendering import page_count

LONG = "".join(f"第{number}项工作任务较重,需要熟悉业务的人员承担资料归集与整理。" for number in range(1, 30))

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("office")]


@pytest.fixture(scope="module")
def made() -> dict[str, FilledForm]:
    """Some PDFs from one conversion; each has been proved before it is handed out."""
    catalogue = Catalogue.load()
    card = record_of("attachment-4")
    records: dict[str, Record] = {form: record_of(form) for form in FORMS}
    records["long-card"] = with_values(card, reason=LONG, note=LONG[:180], post="一级主任科员、综合管理岗" * 4)
    records["rare"] = with_values(card, name="王𬭊㛃", note="A<B & C “引号”")
    records["roster"] = record_of("attachment-5", 30)
    jobs = [
        FillJob(catalogue.find(record.form), record, as_format="pdf", document_id="7K3M9Q2X5T1B")
        for record in records.values()
    ]
    blank = FillJob(catalogue.find("attachment-5"), Record("attachment-5", "r1"), Purpose.BLANK, "pdf")
    results: Iterator[FilledForm] = fill_many([*jobs, blank])
    return dict(zip([*records, "blank"], results, strict=True))


@pytest.mark.parametrize("form", FORMS)
def test_the_text_layer_gives_the_record_back(catalogue: Catalogue, made: dict[str, FilledForm], form: str) -> None:
    (found,) = extract(pdf.read_bytes(made[form].content), catalogue)
    assert found.record.form == form
    assert found.document_id == "7K3M9Q2X5T1B"
    wanted = record_of(form).rows
    assert [row["name"].value for row in found.record.rows] == [row["name"].value for row in wanted]


def test_an_approval_form_is_one_page(made: dict[str, FilledForm]) -> None:
    assert page_count(made["attachment-4"].content) == 1
    assert page_count(made["rare"].content) == 1


def test_what_does_not_fit_follows_on_a_page_of_its_own(made: dict[str, FilledForm]) -> None:
    assert page_count(made["long-card"].content) == 2
    assert {item.code for item in made["long-card"].findings} >= {"text-continued"}


def test_a_blank_roster_fills_one_page(made: dict[str, FilledForm]) -> None:
    assert page_count(made["blank"].content) == 1


def test_a_long_roster_repeats_its_head(made: dict[str, FilledForm]) -> None:
    document = pdf.read_bytes(made["roster"].content)
    assert len(document.pages) > 1
    with_persons = [
        page for page in document.pages if any("3207" in cell.text for grid in page.grids for cell in grid.cells)
    ]
    assert all(
        any(cell.text.startswith("身份证号") for grid in page.grids for cell in grid.cells) for page in with_persons
    )


@settings(max_examples=3)
@given(seeds=st.tuples(*(st.tuples(st.integers(0, 10**6), st.integers(1, 9)) for _ in FORMS)))
def test_whoever_is_in_it_the_printed_form_reads_as_the_data(
    catalogue: Catalogue, seeds: tuple[tuple[int, int], ...]
) -> None:
    """The law for PDF: fill, print, read, equal (blanks at the end of a printed line cannot be told).

    All forms of an example are printed by one run of LibreOffice, whose start takes longer than they do.
    """
    records: list[Record] = []
    for form, (seed, count) in zip(FORMS, seeds, strict=True):
        made_up = make_records(form, 1 if form == "attachment-4" else count, seed)
        records += [intake.record for intake in take_in(made_up, catalogue)]
    jobs = [FillJob(catalogue.find(record.form), record, as_format="pdf") for record in records]
    for record, printed in zip(records, fill_many(jobs), strict=True):
        (found,) = extract(pdf.read_bytes(printed.content), catalogue)
        assert found.record.form == record.form
        assert found.document_id == printed.document_id
        for wanted, row in zip(record.rows, found.record.rows, strict=True):
            for key, entry in wanted.items():
                if entry.value != "":
                    assert str(row[key].value).replace(" ", "") == str(entry.value).replace(" ", ""), record.form
                    assert not row[key].review
