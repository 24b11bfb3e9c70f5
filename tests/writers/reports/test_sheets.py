"""Subtotals and sources behind the official sheet: nothing of the form changes, and the reader sees the form alone."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from typing import Any

import openpyxl
import pytest

from forms.catalogue import Catalogue
from forms.consolidating import Consolidation, SourceForm, UnitNode, consolidate_forms
from forms.intake import take_in
from forms.rules.base import CheckSettings
from samples.records import make_records
from writers.errors import OutputCheckFailedError
from writers.filling import fill
from writers.proving import prove
from writers.reports import consolidated_file, subtotals_workbook
from writers.reports.sheets import SHEETS_APART, with_sheets
from writers.reports.subtotals import figure_table, source_table, subtotal_table

EXCEL = ("attachment-2", "attachment-3", "attachment-5")
UNITS = (UnitNode("a", "海州区示例一局", None, (), "主管部门"), UnitNode("b", "海州区示例二镇", None, (), "镇街"))


def consolidated(form: str, count: int = 4, *units: str, seed: int = 650, **values: Any) -> Consolidation:
    forms = []
    for place, unit in enumerate(units or [node.name for node in UNITS]):
        data = make_records(form, count, seed + place)
        data["header"]["unit"] = unit
        for row in data["records"]:
            row |= {"borrowing_unit" if form == "attachment-1" else "unit": unit, **values}
        record = take_in(data, Catalogue.load())[0].record
        forms.append(SourceForm(record, unit, None, f"d{place}", f"a{place}", 0, float(place), f"{unit}.xlsx"))
    return consolidate_forms(forms, UNITS, CheckSettings(2026, dt.date(2026, 9, 1)))


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.parametrize("form", EXCEL)
def test_the_official_sheet_is_copied_byte_by_byte_and_read_alone(form: str) -> None:
    one = consolidated(form).forms[form]
    alone = fill(one.definition, one.record, print_mark=False, document_id="AAAAAAAAAAAA")
    made = consolidated_file(one, document_id="AAAAAAAAAAAA")
    before, after = parts(alone.content), parts(made.content)
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"xl/workbook.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml", "xl/styles.xml"}
    assert made.record is not None
    prove(one.definition, made.record, made.content, "xlsx")
    book = openpyxl.load_workbook(io.BytesIO(made.content))
    assert book.sheetnames[1:] == ["小计", "来源"]
    assert made.content == consolidated_file(one, document_id="AAAAAAAAAAAA").content


def test_the_looks_of_the_official_sheet_keep_their_numbers() -> None:
    one = consolidated("attachment-3").forms["attachment-3"]
    alone = openpyxl.load_workbook(io.BytesIO(fill(one.definition, one.record, print_mark=False).content)).worksheets[0]
    made = openpyxl.load_workbook(io.BytesIO(consolidated_file(one).content)).worksheets[0]
    for row, again in zip(alone.iter_rows(), made.iter_rows(), strict=True):
        for cell, other in zip(row, again, strict=True):
            assert cell.value == other.value
            assert repr((cell.font, cell.border, cell.alignment)) == repr((other.font, other.border, other.alignment))


def test_a_long_form_is_proved_with_its_sheets() -> None:
    one = consolidated("attachment-2", 230).forms["attachment-2"]
    made = consolidated_file(one)
    sheet = openpyxl.load_workbook(io.BytesIO(made.content), read_only=True)["来源"]
    assert sum(1 for _ in sheet.iter_rows(min_row=4)) == 460
    assert not [item for item in made.findings if item.code == SHEETS_APART]


@pytest.mark.parametrize("name", ["姓名", "用工形式"])
def test_words_that_would_be_read_as_a_form_stay_out_of_the_file(name: str) -> None:
    one = consolidated("attachment-3", 2, name).forms["attachment-3"]
    try:
        made = consolidated_file(one)
    except OutputCheckFailedError:
        return  # the official form itself cannot carry such a unit
    assert [item.code for item in made.findings if item.code == SHEETS_APART]
    assert openpyxl.load_workbook(io.BytesIO(made.content)).sheetnames[1:] == []


def test_a_word_form_and_a_form_of_nobody_are_handed_out_alone() -> None:
    found = consolidated("attachment-1")
    assert consolidated_file(found.forms["attachment-1"]).format == "docx"
    empty = consolidated("attachment-2", 1).forms["attachment-5"]
    made = consolidated_file(empty)
    assert openpyxl.load_workbook(io.BytesIO(made.content)).sheetnames[1:] == ["小计", "来源"]


def test_a_sheet_of_the_same_name_is_refused() -> None:
    one = consolidated("attachment-2").forms["attachment-2"]
    made = consolidated_file(one)
    with pytest.raises(OutputCheckFailedError):
        with_sheets(made.content, (subtotal_table(one),))


def test_texts_are_texts_whatever_stands_in_them() -> None:
    hostile = '=cmd|"/c calc"!A1 <&>"'
    found = consolidated("attachment-3", 1, hostile)
    book = openpyxl.load_workbook(io.BytesIO(subtotals_workbook(found)))
    cell = book["附件3小计"].cell(4, 1)
    assert (cell.value, cell.data_type) == (hostile, "s")


def test_the_workbook_of_all_is_the_same_for_the_same_input() -> None:
    found = consolidated("attachment-5")
    assert subtotals_workbook(found) == subtotals_workbook(found)
    assert openpyxl.load_workbook(io.BytesIO(subtotals_workbook(found))).sheetnames[-1] == "数字出处"


def test_tables_have_as_many_cells_as_heads() -> None:
    found = consolidated("attachment-2")
    for form in found.forms.values():
        for table in (subtotal_table(form), source_table(form), figure_table(found)):
            assert len(table.heads) == len(table.groups) == len(table.widths)
            assert all(len(row) == len(table.heads) for row in table.rows)
