"""The list of units that is shipped is the one that the program makes, of reserved codes and in good order."""

from __future__ import annotations

import openpyxl

from forms.identity import has_valid_credit_check
from samples.units import PATH, credit_code, sample_units
from service.operations.unit_columns import UNIT_SHEET
from service.store.units import UnitKind


def test_the_shipped_list_is_the_one_that_is_made() -> None:
    sheet = openpyxl.load_workbook(PATH)[UNIT_SHEET]
    shipped = [tuple(cell.value for cell in row[:4]) for row in sheet.iter_rows(min_row=2)]
    names = {unit.id: unit.name for unit in sample_units()}
    made = [
        (unit.name, unit.kind.label, names.get(unit.parent_id or ""), unit.credit_code or None)
        for unit in sample_units()
    ]
    assert shipped == made


def test_codes_are_of_the_reserved_range_and_check() -> None:
    codes = [unit.credit_code for unit in sample_units() if unit.credit_code]
    assert len(codes) == len(set(codes)) > 70
    assert all(code[8:11] == "PDY" and has_valid_credit_check(code) for code in codes)
    assert credit_code(2, "12") == "12320706PDY000028L"  # worked out in forms-reference §6.2


def test_every_kind_of_unit_is_there() -> None:
    assert {unit.kind for unit in sample_units()} == set(UnitKind)
