from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from forms.catalogue import Catalogue
from forms.definition import FormDefinition
from tests.writers.filling_data import record_of, with_values
from writers.errors import TemplateInvalidError, TemplateUnsafeError
from writers.filling import fill
from writers.references import Shift
from writers.template import compile_template

Edited = Callable[[Callable[[Worksheet], None]], FormDefinition]


@pytest.fixture
def edited(catalogue: Catalogue, tmp_path: Path) -> Edited:
    """Attachment-2 with an official file changed by a function."""

    def make(change: Callable[[Worksheet], None]) -> FormDefinition:
        definition = catalogue.find("attachment-2")
        book = load_workbook(definition.template_path)
        change(book.worksheets[0])
        book.save(tmp_path / definition.template)
        return replace(definition, folder=tmp_path)

    return make


def filled_sheet(definition: FormDefinition, count: int) -> Worksheet:
    content = fill(definition, record_of("attachment-2", count)).content
    return load_workbook(io.BytesIO(content)).worksheets[0]


def test_everything_below_the_persons_moves_down(catalogue: Catalogue) -> None:
    definition = catalogue.find("attachment-2")
    before = load_workbook(definition.template_path).worksheets[0]
    after = filled_sheet(definition, 30)
    for row in range(1, 7):
        assert after.row_dimensions[row].height == before.row_dimensions[row].height
    for row in range(8, before.max_row + 1):
        moved = row + 29
        assert after.row_dimensions[moved].height == before.row_dimensions[row].height
        assert [cell.style_id for cell in after[moved]] != []
        assert after.cell(moved, 1).value == before.cell(row, 1).value
    shift = Shift(7, 29)
    assert {str(area) for area in after.merged_cells.ranges} == {
        shift.reference(str(area)) for area in before.merged_cells.ranges
    }


def test_each_person_has_the_looks_of_the_prototype(catalogue: Catalogue) -> None:
    definition = catalogue.find("attachment-2")
    model = load_workbook(definition.template_path).worksheets[0][7]
    for row in filled_sheet(definition, 12).iter_rows(min_row=7, max_row=18):
        for cell, looks in zip(row, model, strict=True):
            assert cell.border.left.style == looks.border.left.style
            is_day = isinstance(cell.value, str) and cell.value.endswith("日")
            assert cell.font.name == looks.font.name
            assert cell.font.sz == looks.font.sz - (1 if is_day else 0), "a narrow column's days are a point smaller"
            assert cell.number_format == looks.number_format


def test_the_printed_area_grows_and_the_head_repeats(catalogue: Catalogue) -> None:
    definition = catalogue.find("attachment-2")
    before, after = load_workbook(definition.template_path).worksheets[0], filled_sheet(definition, 30)
    assert after.print_area == Shift(7, 29).reference(before.print_area)
    assert after.print_title_rows == before.print_title_rows


def test_lists_to_choose_from_reach_over_all_persons(edited: Edited) -> None:
    def change(sheet: Worksheet) -> None:
        validation = DataValidation(type="list", formula1='"男,女"')
        validation.add("D7")
        sheet.add_data_validation(validation)

    after = filled_sheet(edited(change), 10)
    assert [str(item.sqref) for item in after.data_validations.dataValidation] == ["D7:D16"]


def test_a_formula_in_the_official_file_is_refused(edited: Edited) -> None:
    def change(sheet: Worksheet) -> None:
        sheet["P9"] = "=SUM(P7:P8)"

    with pytest.raises(TemplateInvalidError):
        compile_template(edited(change))


def test_a_forbidden_expression_is_refused(edited: Edited) -> None:
    def change(sheet: Worksheet) -> None:
        sheet["C7"] = "{{ row.name.__class__ }}"

    with pytest.raises(TemplateUnsafeError):
        compile_template(edited(change))


def test_a_loop_has_no_place_in_a_cell(edited: Edited) -> None:
    def change(sheet: Worksheet) -> None:
        sheet["C7"] = "{% for row in rows %}{{ row.name }}{% endfor %}"

    with pytest.raises(TemplateUnsafeError):
        compile_template(edited(change))


def test_two_rows_of_persons_are_refused(edited: Edited) -> None:
    def change(sheet: Worksheet) -> None:
        sheet["C8"] = "{{ row.name }}"

    with pytest.raises(TemplateInvalidError):
        compile_template(edited(change))


def test_a_missing_tag_is_refused(edited: Edited) -> None:
    def change(sheet: Worksheet) -> None:
        sheet["C7"] = "张三"

    with pytest.raises(TemplateInvalidError) as caught:
        compile_template(edited(change))
    assert "row.name" in caught.value.detail["faults"]


def test_a_longer_text_gets_a_taller_row(catalogue: Catalogue) -> None:
    definition = catalogue.find("attachment-2")
    record = with_values(record_of("attachment-2"), 1, note="需要说明的特殊情形,文字较长,单元格须加高才能全部印出")
    sheet = load_workbook(io.BytesIO(fill(definition, record).content)).worksheets[0]
    heights = [sheet.row_dimensions[row].height for row in (7, 8, 9)]
    assert heights[1] is not None
    assert heights[1] > (heights[0] or 0)


@pytest.mark.parametrize(
    ("reference", "moved"),
    [
        ("A1:B2", "A1:B2"),
        ("A7:T7", "A7:T16"),
        ("C7", "C7:C16"),
        ("C8", "C17"),
        ("A5:T9", "A5:T18"),
        ("$A$1:$T$13", "$A$1:$T$22"),
        ("C7 D9", "C7:C16 D18"),
    ],
)
def test_references_move_and_grow(reference: str, moved: str) -> None:
    assert Shift(7, 9).reference(reference) == moved
