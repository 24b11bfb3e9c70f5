"""The import workbook as Excel would see it."""

from __future__ import annotations

import io
import time

import openpyxl
import pytest
from openpyxl.utils import get_column_letter
from openpyxl.workbook.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from forms.catalogue import Catalogue
from forms.definition import FormDefinition, Requirement
from writers.workbook import ENTRY_SHEET, EXAMPLE, HELP_SHEET, LISTS_SHEET, make_import_workbook

DEFINITIONS = Catalogue.load().definitions


def opened(definition: FormDefinition) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(make_import_workbook(definition)))


def example_row(sheet: Worksheet) -> int:
    return next(row for row in range(1, 20) if sheet.cell(row, 1).value == EXAMPLE)


def head_of(sheet: Worksheet, column: int, example: int) -> str:
    """What stands over a column: its own head, under a common one where there is one."""
    found = sheet.cell(example - 1, column).value or sheet.cell(example - 2, column).value
    assert isinstance(found, str)
    return found


@pytest.mark.parametrize("definition", DEFINITIONS, ids=lambda item: item.form)
def test_every_field_has_its_official_label_over_its_example(definition: FormDefinition) -> None:
    sheet = opened(definition)[ENTRY_SHEET]
    example = example_row(sheet)
    for column, field in enumerate(definition.fields, start=1):
        assert head_of(sheet, column, example).removeprefix("*") == field.label
        if column > 1 and field.example:
            assert sheet.cell(example, column).value == field.example


@pytest.mark.parametrize("definition", DEFINITIONS, ids=lambda item: item.form)
def test_required_columns_are_starred_and_red_and_the_others_are_not(definition: FormDefinition) -> None:
    sheet = opened(definition)[ENTRY_SHEET]
    example = example_row(sheet)
    for column, field in enumerate(definition.fields, start=1):
        row = example - 1 if sheet.cell(example - 1, column).value else example - 2
        head = sheet.cell(row, column)
        needed = field.required is Requirement.REQUIRED
        assert str(head.value).startswith("*") is needed
        assert (head.font.color is not None and head.font.color.rgb == "FFC00000") is needed


@pytest.mark.parametrize("definition", DEFINITIONS, ids=lambda item: item.form)
def test_a_closed_list_is_chosen_from_the_list_sheet(definition: FormDefinition) -> None:
    book = opened(definition)
    sheet, lists = book[ENTRY_SHEET], book[LISTS_SHEET]
    first = example_row(sheet) + 1
    offered = {}
    for validation in sheet.data_validations.dataValidation:
        if validation.type == "list":
            area = str(validation.formula1).split("!")[1].replace("$", "")
            values = tuple(cell.value for (cell,) in lists[area])
            for cells in validation.sqref.ranges:
                assert cells.min_row == first
                assert cells.max_row >= first + 9_999
                offered[cells.min_col] = values
    expected = {
        column: field.type.choices() for column, field in enumerate(definition.fields, start=1) if field.type.choices()
    }
    assert offered == expected
    assert expected, "every form has a coded field"
    assert lists.sheet_state == "hidden"


@pytest.mark.parametrize("definition", DEFINITIONS, ids=lambda item: item.form)
def test_id_numbers_and_phones_are_text_in_the_whole_column(definition: FormDefinition) -> None:
    sheet = opened(definition)[ENTRY_SHEET]
    columns = {
        get_column_letter(column): field
        for column, field in enumerate(definition.fields, start=1)
        if field.type.name in {"id_number", "phone"}
    }
    assert columns
    for letter in columns:
        assert sheet.column_dimensions[letter].number_format == "@"


@pytest.mark.parametrize("definition", DEFINITIONS, ids=lambda item: item.form)
def test_every_head_says_whether_it_must_be_filled(definition: FormDefinition) -> None:
    sheet = opened(definition)[ENTRY_SHEET]
    example = example_row(sheet)
    for column in range(1, len(definition.fields) + 1):
        row = example - 1 if sheet.cell(example - 1, column).value else example - 2
        comment = sheet.cell(row, column).comment
        assert comment is not None
        assert comment.text.split("\n")[0].endswith(("必填", "按情况填", "选填"))


def test_the_help_sheet_explains_every_field() -> None:
    definition = DEFINITIONS[0]
    book = opened(definition)
    shown = {cell.value for row in book[HELP_SHEET].iter_rows(max_col=1) for cell in row}
    for field in (*definition.header, *definition.fields):
        assert f"{field.group} {field.label}".strip() in shown
    assert book[HELP_SHEET].sheet_state == "visible"


def test_the_same_definition_gives_the_same_bytes() -> None:
    first = make_import_workbook(DEFINITIONS[1])
    time.sleep(1.1)  # a time stamp in it would show
    assert make_import_workbook(DEFINITIONS[1]) == first
