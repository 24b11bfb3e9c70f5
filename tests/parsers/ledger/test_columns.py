"""Which key a column holds: sure by its head alone when its values agree, else a person's choice, never a guess."""

from __future__ import annotations

from pathlib import Path

import pytest

from forms.record import ColumnStatus
from parsers.ledger.options import LedgerOptions, Remembered, columns_from_plain
from tests.parsers.ledger.building import column, is_open, ledger, ledgers, people, values

HEAD = ("序号", "姓名", "身份证号", "岗位")


def plain_rows(count: int = 4) -> list[tuple[object, ...]]:
    return [(index + 1, one["name"], one["id_number"], "保洁") for index, one in enumerate(people(count))]


def test_known_heads_are_read_without_a_person(tmp_path: Path) -> None:
    found = ledger(
        tmp_path, ("某局编外人员台账",), ("职工 姓名", "公民身份号码", "工种"), *[row[1:] for row in plain_rows()]
    )
    assert [one.status for one in found.columns] == [ColumnStatus.KNOWN] * 3
    assert values(found, "id_number") == [one["id_number"] for one in people(4)]
    assert values(found, "post") == ["保洁"] * 4
    assert not any(entry.review for row in found.record.rows for entry in row.values())
    assert found.record.form == "ledger"


@pytest.mark.parametrize(
    ("head", "value", "key"),
    [
        ("工资", "3200", "monthly_wage"),
        ("月工资(万元)", "0.32", "monthly_wage"),
        ("工资(元/年)", "42000", "monthly_wage"),
        ("职务", "协管员", "post"),
        ("用人单位", "示例劳务公司", "unit"),
        ("单位", "示例局", "unit"),
        ("时间", "2021-03-01", "hired_on"),
        ("人员类别", "临时工", "employment_form"),
        ("合同期限", "二年", "contract_start"),
    ],
)
def test_a_head_that_may_mean_several_things_is_left_to_a_person(
    tmp_path: Path, head: str, value: str, key: str
) -> None:
    found = ledger(tmp_path, (*HEAD, head), *[(*row, value) for row in plain_rows()])
    one = column(found, head)
    assert one.status in (ColumnStatus.UNSURE, ColumnStatus.UNPLACED)
    assert any(key in keys.split("+") for keys, _ in one.candidates)
    assert all(is_open(found, name) for name in one.keys)
    if not one.keys:
        assert any(item.label == head for item in found.unplaced)


def test_values_that_cannot_be_what_the_head_says_put_the_column_in_doubt(tmp_path: Path) -> None:
    rows = [(row[0], row[2], row[1], "13900000001") for row in plain_rows()]
    found = ledger(tmp_path, HEAD, *rows)
    assert column(found, "姓名").keys != ("name",)
    assert column(found, "岗位").keys != ("post",)
    assert all(is_open(found, key) for key in ("name", "id_number", "phone"))


def test_columns_of_another_person_are_never_taken_for_the_row_s_own(tmp_path: Path) -> None:
    head = ("序号", "基本情况", None, "紧急联系人", None, "配偶身份证号")
    below = (None, "姓名", "身份证号", "姓名", "电话", None)
    others = people(4, seed=9)
    rows = [
        (*row[:3], "李建国", "13900000001", other["id_number"]) for row, other in zip(plain_rows(), others, strict=True)
    ]
    found = ledger(tmp_path, head, below, *rows, merged=("B1:C1", "D1:E1", "A1:A2", "F1:F2"))
    assert values(found, "name") == [one["name"] for one in people(4)]
    assert not any("phone" in row for row in found.record.rows)
    assert {item.label for item in found.unplaced} >= {"紧急联系人/姓名", "紧急联系人/电话", "配偶身份证号"}


def test_bank_cards_are_told_of_and_not_taken_down(tmp_path: Path) -> None:
    found = ledger(tmp_path, (*HEAD, "工资卡号"), *[(*row, "6222000011112222333") for row in plain_rows()])
    (left,) = (item for item in found.unplaced if item.label == "工资卡号")
    assert "6222" not in left.text
    assert "4" in left.text
    assert not any("6222" in finding.message for finding in found.findings)


def test_a_table_without_any_head_is_told_by_its_values_and_all_of_it_is_for_a_person(tmp_path: Path) -> None:
    found = ledger(tmp_path, *plain_rows(5))
    assert values(found, "name") == [one["name"] for one in people(5)]
    assert all(is_open(found, key) for row in found.record.rows for key in row)


def test_tables_side_by_side_are_one_list(tmp_path: Path) -> None:
    rows = plain_rows(6)
    folded = [(*rows[index], *rows[index + 3]) for index in range(3)]
    found = ledger(tmp_path, (*HEAD, *HEAD), *folded)
    assert values(found, "no") == [1, 2, 3, 4, 5, 6]


def test_the_same_head_twice_is_no_two_values_of_one_key(tmp_path: Path) -> None:
    found = ledger(tmp_path, (*HEAD, "备注", "备注"), *[(*row, "甲", "乙") for row in plain_rows()])
    assert values(found, "note") == ["甲"] * 4
    assert any(item.text.startswith("乙") for item in found.unplaced)


def test_a_ledger_of_loans_reads_the_units_as_loans_do(tmp_path: Path) -> None:
    head = ("序号", "姓名", "原单位", "现借用单位", "借用起始时间", "岗位", "工作单位")
    found = ledger(tmp_path, head, *[(*row[:2], "甲局", "乙局", "2026-01-05", "科员", "丙局") for row in plain_rows()])
    assert values(found, "lending_unit") == ["甲局"] * 4
    assert values(found, "borrowing_unit") == ["乙局"] * 4
    assert values(found, "start_date") == ["2026-01-05"] * 4
    assert column(found, "岗位").status is not ColumnStatus.KNOWN


def test_no_ledger_without_persons(tmp_path: Path) -> None:
    assert ledgers(tmp_path, ("序号", "评审内容", "分值"), (1, "团队", 10), (2, "业绩", 20), (3, "报价", 70)) == ()


def test_a_card_is_no_ledger(tmp_path: Path) -> None:
    card = (("姓名", "张明远", "性别", "男"), ("民族", "汉族", "籍贯", "示例"), ("学历", "大学本科", "专业", "会计"))
    assert ledgers(tmp_path, *card) == ()


def test_what_a_person_said_holds_unless_the_values_speak_against_it(tmp_path: Path) -> None:
    said = columns_from_plain({"工资": "monthly_wage", "职务": "phone", "岗位": None})
    head = (*HEAD, "工资", "职务")
    found = ledger(
        tmp_path, head, *[(*row, "3200", "协管员") for row in plain_rows()], options=LedgerOptions(columns=said)
    )
    assert column(found, "工资").status is ColumnStatus.GIVEN
    assert values(found, "monthly_wage") == [3200] * 4
    assert not is_open(found, "monthly_wage")
    assert column(found, "岗位").status is ColumnStatus.LEFT_OUT
    assert "post" not in found.record.rows[0]
    assert is_open(found, "phone")


@pytest.mark.parametrize(("unit", "is_recalled"), [("海州区示例局", True), ("海州区别的局", False)])
def test_a_mapping_is_remembered_for_its_unit_and_head_row(tmp_path: Path, unit: str, is_recalled: bool) -> None:  # noqa: FBT001  # a parameter of a test
    rows = [(*row, "3200") for row in plain_rows()]
    head = "序号|姓名|身份证号|岗位|工资"
    kept = Remembered("海州区示例局", head, columns_from_plain({"工资": "monthly_wage"}))
    found = ledger(tmp_path, (f"填报单位:{unit}",), (*HEAD, "工资"), *rows, options=LedgerOptions(remembered=(kept,)))
    status = column(found, "工资").status
    assert (status is ColumnStatus.REMEMBERED) is is_recalled
    assert is_open(found, "monthly_wage") is not is_recalled
    assert any(one.code == "ledger-mapping-remembered" for one in found.findings) is is_recalled
