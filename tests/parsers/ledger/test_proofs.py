"""Columns that their values prove: sure without a head that says so, but never where two could be it."""

from __future__ import annotations

from pathlib import Path

import pytest

from forms.record import ColumnStatus
from parsers.document import Cell
from parsers.ledger.evidence import ColumnValues
from parsers.ledger.proofs import proven
from tests.parsers.ledger.building import column, ledger, people, values

STAFF = people(6)
NUMBERS = [one["id_number"] for one in STAFF]
BIRTHS = [f"{number[6:10]}.{number[10:12]}" for number in NUMBERS]


def column_of(*texts: str) -> ColumnValues:
    return ColumnValues.of([Cell(row, 0, text) for row, text in enumerate(texts)])


def test_values_that_can_be_nothing_else_need_no_head(tmp_path: Path) -> None:
    rows = [
        (one["name"], one["id_number"], birth, one["sex"], "保洁") for one, birth in zip(STAFF, BIRTHS, strict=True)
    ]
    found = ledger(tmp_path, ("何人", "公民代码", "何时出生", "别", "岗位"), *rows)
    assert [one.status for one in found.columns] == [ColumnStatus.KNOWN] * 5
    assert values(found, "name") == [one["name"] for one in STAFF]
    assert values(found, "birth_month") == [birth.replace(".", "-") for birth in BIRTHS]
    assert not any(entry.review for row in found.record.rows for entry in row.values())


@pytest.mark.parametrize(
    ("columns", "kept"),
    [
        ((NUMBERS, NUMBERS[::-1]), set()),
        ((NUMBERS, BIRTHS, BIRTHS), {"id_number"}),
        ((BIRTHS,), set()),
        ((NUMBERS[:2],), set()),
        ((NUMBERS, ["1999.01"] * 6), {"id_number"}),
        (([one["name"] for one in STAFF], ["王强", "李丽", "赵明", "钱多", "孙立", "周正"]), set()),
        ((["王强"] * 6,), set()),
    ],
)
def test_what_could_be_either_of_two_or_anything_is_not_proven(columns: tuple[list[str], ...], kept: set[str]) -> None:
    assert set(proven([column_of(*texts) for texts in columns]).values()) == kept


def test_an_upper_head_about_the_person_changes_nothing(tmp_path: Path) -> None:
    head = ("姓名", "个人基本情况", None, "聘用情况", None)
    below = (None, "学历", "联系电话", "聘用时间", "月工资(元)")
    rows = [(one["name"], "大专", "13900000001", "2021年3月", 3200) for one in STAFF]
    found = ledger(tmp_path, head, below, *rows, merged=("A1:A2", "B1:C1", "D1:E1"))
    assert [one.status for one in found.columns] == [ColumnStatus.KNOWN] * 5


def test_a_month_under_the_head_of_a_day_is_kept_and_asked_about(tmp_path: Path) -> None:
    found = ledger(tmp_path, ("姓名", "岗位", "到岗时间"), *[(one["name"], "保洁", "2021年3月") for one in STAFF])
    assert column(found, "到岗时间").keys == ("hired_on",)
    assert values(found, "hired_on") == ["2021-03"] * 6
    assert all(row["hired_on"].review for row in found.record.rows)
