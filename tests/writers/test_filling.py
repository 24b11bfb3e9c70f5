from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from forms.catalogue import Catalogue
from forms.codes import load_table
from forms.definition import FormDefinition
from forms.intake import take_in
from forms.record import Entry, Mark, MarkKind, Record
from parsers.extracting import extract
from parsers.readers import docx, xlsx
from samples.records import make_records
from tests.strategies import plain_data
from tests.writers.filling_data import FORMS, record_of, with_values
from writers.errors import FormatUnsupportedError, IllegalCharacterError
from writers.filling import FillJob, Purpose, fill, fill_many
from writers.fitting import CONTINUED, SHRUNK

PRINTED_REASONS = load_table("loan-reason").names[:3]
LONG = "".join(f"第{number}项工作任务较重,需要熟悉业务的人员承担资料归集与整理。" for number in range(1, 40))


def read_back(definition: FormDefinition, content: bytes) -> Record:
    reader = docx if definition.file_format == "docx" else xlsx
    (found,) = extract(reader.read_bytes(content), Catalogue.load())
    return found.record


def whole(data: Mapping[str, Any], definition: FormDefinition) -> dict[str, Any]:
    """Drawn data as an office would hand it in: persons have a name and a number, running text has its values."""
    for part in (data["header"], *data["records"]):
        for key in [key for key, value in part.items() if value in ("/", "—", "无")]:
            field = definition.field(key) or definition.header_field(key)
            if field is not None and (field.suffix or field.type.name in ("day", "month", "integer")):
                del part[key]
    for row in data["records"]:
        row.update(name="王小明", id_number="320799198506150016")
        row.pop("months", None)
        if not row.get("start_date"):
            row.pop("end_date", None)
        if definition.form == "attachment-4" and row.get("reason_category") not in PRINTED_REASONS:
            row.pop("reason_category", None)
    return dict(data)


@pytest.mark.parametrize("form", FORMS)
def test_what_is_filled_is_what_is_read(catalogue: Catalogue, form: str) -> None:
    """The law: fill, read, equal. ``fill`` itself raises when the record does not come back."""
    definition = catalogue.find(form)

    @settings(max_examples=12)
    @given(plain_data(definition).map(lambda data: whole(data, definition)))
    def law(data: dict[str, Any]) -> None:
        for intake in take_in(data, catalogue):
            filled = fill(definition, intake.record)
            found = read_back(definition, filled.content)
            given_rows = [row for row in intake.record.rows if any(entry.value for entry in row.values())]
            assert len(found.rows) == max(len(given_rows), definition.layout == "card")
            for wanted, row in zip(given_rows, found.rows, strict=False):
                for key, entry in wanted.items():
                    if entry.value and not (definition.field(key) or definition.fields[0]).calculated:
                        assert row[key].value == entry.value

    law()


@pytest.mark.parametrize("form", FORMS)
def test_a_blank_form_is_read_as_nobody(catalogue: Catalogue, form: str) -> None:
    definition = catalogue.find(form)
    record = Record(form, definition.edition, {"unit": Entry("海州区教育局")} if definition.header else {})
    filled = fill(definition, record, purpose=Purpose.BLANK)
    found = read_back(definition, filled.content)
    assert all(entry.value in ("", None) for row in found.rows for entry in row.values())
    if definition.header:
        assert found.header["unit"].value == "海州区教育局"
    assert filled.name.endswith(f"空白.{definition.file_format}")


def test_a_blank_roster_has_as_many_numbered_rows_as_asked(catalogue: Catalogue) -> None:
    definition = catalogue.find("attachment-5")
    filled = fill(definition, Record("attachment-5", "r1"), purpose=Purpose.BLANK, blank_rows=9)
    sheet = load_workbook(io.BytesIO(filled.content)).worksheets[0]
    numbers = [row[0].value for row in sheet.iter_rows(min_row=7, max_row=15)]
    assert numbers == list(range(1, 10))


@pytest.mark.parametrize("form", ["attachment-4", "attachment-5", "attachment-1"])
@pytest.mark.parametrize(
    "text",
    [
        "A<B & C “引号” \"x\" 'y'",
        "第一行说明文字\n第二行 {{ header.unit }} {% if x %}",
        "甲\t乙",
        "&amp; ]]> <w:t> _x000D_ _x005F_",
        "王𬭊㛃䶮 \ue83a",
        "=cmd|'/c calc'!A1",
        "+1+2 @SUM(A1)",
    ],
)
def test_every_character_arrives(catalogue: Catalogue, form: str, text: str) -> None:
    definition = catalogue.find(form)
    filled = fill(definition, with_values(record_of(form), note=text))
    assert read_back(definition, filled.content).rows[0]["note"].value == text


@pytest.mark.parametrize("form", ["attachment-2", "attachment-3", "attachment-5"])
def test_a_prefilled_roster_with_rows_to_write_on_has_no_sum_and_no_count(catalogue: Catalogue, form: str) -> None:
    definition, record = catalogue.find(form), take_in(make_records(form, 3, 5), catalogue)[0].record

    def totals(blank_rows: int | None) -> list[str]:
        made = fill(definition, record, purpose=Purpose.PREFILLED, blank_rows=blank_rows)
        sheet = load_workbook(io.BytesIO(made.content)).worksheets[0]
        row = next(row for row in sheet.iter_rows(values_only=True) if row[0] == "合计")
        return [str(value) for value in row if re.search(r"\d", str(value))]

    assert totals(4) == []
    assert len(totals(None)) == 2


@pytest.mark.parametrize("text", ["a\x0bb", "\ud800", "\ufffe", "\x00"])
def test_what_xml_cannot_carry_is_a_finding_before_anything_is_written(catalogue: Catalogue, text: str) -> None:
    with pytest.raises(IllegalCharacterError) as caught:
        fill(catalogue.find("attachment-5"), with_values(record_of("attachment-5"), 1, note=text))
    assert [item.path for item in caught.value.findings] == ["records[1].note"]


def test_a_formula_is_a_text_and_a_number_a_number(catalogue: Catalogue) -> None:
    record = with_values(record_of("attachment-5"), note="=1+1", monthly_wage=3500)
    sheet = load_workbook(io.BytesIO(fill(catalogue.find("attachment-5"), record).content)).worksheets[0]
    cells = {cell.value: cell.data_type for cell in sheet[7]}
    assert cells["=1+1"] == "s"
    assert cells[3500] == "n"
    assert cells[record.rows[0]["id_number"].value] == "s"


@pytest.mark.parametrize("form", ["attachment-1", "attachment-4", "attachment-5"])
def test_a_text_that_is_too_long_is_moved_whole_and_reported(catalogue: Catalogue, form: str) -> None:
    definition = catalogue.find(form)
    filled = fill(definition, with_values(record_of(form), note=LONG))
    assert ("records[0].note", CONTINUED) in {(item.path, item.code) for item in filled.findings}
    assert read_back(definition, filled.content).rows[0]["note"].value == LONG


def test_a_text_a_little_too_long_is_set_smaller_and_reported(catalogue: Catalogue) -> None:
    record = with_values(record_of("attachment-4"), school_major="示例师范学院 数学与应用数学")
    filled = fill(catalogue.find("attachment-4"), record)
    assert ("records[0].school_major", SHRUNK) in {(item.path, item.code) for item in filled.findings}


def test_opinions_and_dates_are_printed_in_their_boxes(catalogue: Catalogue) -> None:
    marks = (
        Mark("lending_unit", MarkKind.OPINION, present=True, text="同意借用。"),
        Mark("lending_unit", MarkKind.DATE, present=True, value="2026-03-01"),
        Mark("lending_unit", MarkKind.SEAL, present=True, text="某某单位"),
    )
    definition = catalogue.find("attachment-4")
    filled = fill(definition, replace(record_of("attachment-4"), marks=marks))
    found = {(mark.key, mark.kind): mark for mark in read_back(definition, filled.content).marks}
    assert found["lending_unit", MarkKind.OPINION].text.strip() == "同意借用。"
    assert found["lending_unit", MarkKind.DATE].value == "2026-03-01"
    assert [item.path for item in filled.findings if item.code == "not-printed"] == ["marks.lending_unit.seal"]


def test_an_option_that_is_not_printed_is_reported(catalogue: Catalogue) -> None:
    filled = fill(catalogue.find("attachment-4"), with_values(record_of("attachment-4"), reason_category="编制空缺"))
    assert "records[0].reason_category" in {item.path for item in filled.findings if item.severity == "error"}


@pytest.mark.parametrize(
    ("form", "asked"), [("attachment-4", "xlsx"), ("attachment-5", "docx"), ("attachment-5", "png")]
)
def test_a_form_comes_in_its_own_format_and_pdf(catalogue: Catalogue, form: str, asked: str) -> None:
    with pytest.raises(FormatUnsupportedError):
        fill(catalogue.find(form), record_of(form), as_format=asked)


def test_the_same_input_gives_the_same_bytes(catalogue: Catalogue) -> None:
    for form in ("attachment-1", "attachment-4", "attachment-5"):
        first, second = (fill(catalogue.find(form), record_of(form), document_id="7K3M9Q2X5T1B") for _ in range(2))
        assert first == second


def test_many_forms_come_in_order(catalogue: Catalogue) -> None:
    definition = catalogue.find("attachment-4")
    record = record_of("attachment-4")
    jobs = [FillJob(definition, with_values(record, serial=f"2026-{number:03d}")) for number in range(150)]
    found = [read_back(definition, filled.content).rows[0]["serial"].value for filled in list(fill_many(jobs))[::30]]
    assert found == [f"2026-{number:03d}" for number in range(0, 150, 30)]


@given(st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs", "Co"]), min_size=1, max_size=40))
@settings(max_examples=15)
def test_any_text_in_a_note_comes_back_or_stops_the_file(text: str) -> None:
    """What is handed out reads back; :class:`OutputCheckFailedError` is the only other way."""
    definition = Catalogue.load().find("attachment-5")
    asked = f"甲{text}乙"
    filled = fill(definition, with_values(record_of("attachment-5", 1), note=asked))
    value = read_back(definition, filled.content).rows[0]["note"].value
    note = definition.field("note")
    assert note is not None
    assert value == note.type.read(asked).value


def test_no_tag_is_left_anywhere_in_the_file(catalogue: Catalogue) -> None:
    for form in FORMS:
        filled = fill(catalogue.find(form), record_of(form))
        with zipfile.ZipFile(io.BytesIO(filled.content)) as archive:
            texts = [
                name for name in archive.namelist() if not name.endswith(".png")
            ]  # packed pixels may hold any bytes
            assert len(texts) > 3
            for name in texts:
                assert b"{{" not in archive.read(name)
                assert b"{%" not in archive.read(name)
