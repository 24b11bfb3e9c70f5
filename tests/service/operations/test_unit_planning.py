"""A list of units against the tree: what it would change, and each fault by its code, row and column."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from forms.errors import UnusableDataError
from forms.finding import Severity
from forms.identity import credit_check_character
from service.operations.unit_columns import ALIAS_COLUMNS, ALIAS_SHEET, UNIT_COLUMNS, UNIT_SHEET
from service.operations.unit_faults import FAULTS
from service.operations.unit_planning import Plan, plan_units
from service.operations.unit_rows import UnitList, read_list
from service.store.units import Alias, Unit, UnitKind

TODAY = dt.date(2026, 8, 1)
CODE, OTHER_CODE = "11320706PDY00001XP", "12320706PDY000028L"
EDUCATION = Unit("u1", "海州区教育局", UnitKind.DEPARTMENT, None, CODE, 30, 28, liaison="张示例")
SCHOOL = Unit("u2", "海州区示例中学", UnitKind.SUBORDINATE, "u1")

Row = Mapping[str, Any]


def sheet(
    name: str, columns: Sequence[Any], rows: Sequence[Row], notes: Mapping[tuple[int, str], str] | None = None
) -> dict[str, Any]:
    """A sheet as the fenced child gives it: heads in the first row, a row of the list in each below."""
    cells: list[list[Any]] = [[0, at, column.label, []] for at, column in enumerate(columns)]
    for number, row in enumerate(rows, start=1):
        for at, column in enumerate(columns):
            note = (notes or {}).get((number, column.key))
            if column.key in row or note:
                cells.append([number, at, row.get(column.key, ""), [note] if note else []])
    return {"name": name, "hidden": False, "cells": cells}


def listed(*rows: Row, aliases: Sequence[Row] = (), notes: Mapping[tuple[int, str], str] | None = None) -> UnitList:
    return read_list([sheet(UNIT_SHEET, UNIT_COLUMNS, rows, notes), sheet(ALIAS_SHEET, ALIAS_COLUMNS, aliases)])


def planned(*rows: Row, known: Sequence[Unit] = (), **more: Any) -> Plan:
    return plan_units(listed(*rows, **more), known, TODAY)


def codes(plan: Plan) -> set[str]:
    return {finding.code for finding in plan.findings}


def test_a_new_unit_hangs_under_one_of_the_same_list() -> None:
    plan = planned(
        {"name": "海州区示例中学", "kind": "下属单位", "parent": "海州区教育局"},
        {"name": "海州区教育局", "kind": "主管部门", "credit_code": CODE, "posts_approved": 30},
    )
    assert plan.is_good
    below, above = (change.after for change in plan.changes)
    assert below.parent_id == above.id
    assert (above.credit_code, above.posts_approved) == (CODE, 30)


def test_an_empty_cell_keeps_what_is_stored_and_a_written_none_clears_it() -> None:
    plan = planned({"name": "海州区教育局", "posts_filled": "无", "posts_approved": 31}, known=[EDUCATION, SCHOOL])
    (change,) = plan.changes
    assert change.differences == (("核定编制", "30", "31"), ("实有人数", "28", ""))
    assert (change.after.liaison, change.after.credit_code) == ("张示例", CODE)
    assert plan.kept == 1


def test_the_code_finds_a_renamed_unit_and_its_old_name_is_kept_to_the_day_before() -> None:
    plan = planned({"name": "海州区教育体育局", "credit_code": CODE}, known=[EDUCATION])
    assert plan.is_good
    assert codes(plan) == {"unit-renamed"}
    after = plan.changes[0].after
    assert (after.id, after.aliases) == ("u1", (Alias("海州区教育局", "", "2026-07-31"),))
    assert after.names_on(TODAY) == ("海州区教育体育局",)
    assert "海州区教育局" in after.names_on(dt.date(2026, 7, 31))


def test_a_list_that_says_what_is_known_changes_nothing() -> None:
    rows = ({"name": "海州区教育局", "kind": "主管部门", "credit_code": CODE}, {"name": "海州区示例中学"})
    plan = planned(*rows, known=[EDUCATION, SCHOOL])
    assert [change.action for change in plan.changes] == ["same", "same"]


@pytest.mark.parametrize(
    ("code", "rows"),
    [
        ("unit-name-missing", [{"kind": "主管部门"}]),
        ("unit-kind-missing", [{"name": "海州区水利局"}]),
        ("unit-kind-unknown", [{"name": "海州区水利局", "kind": "局委办"}]),
        ("unit-twice", [{"name": "海州区水利局", "kind": "主管部门"}] * 2),
        ("unit-twice", [{"name": "海州区教育局", "posts_approved": 1}, {"name": "海州区教育局", "posts_approved": 2}]),
        ("unit-two-matches", [{"name": "海州区示例中学", "credit_code": CODE}]),
        (
            "unit-code-taken",
            [
                {"name": "海州区示例中学", "credit_code": OTHER_CODE},
                {"name": "海州区示例小学", "credit_code": OTHER_CODE, "kind": "下属单位", "parent": "海州区教育局"},
            ],
        ),
        ("unit-parent-unknown", [{"name": "海州区示例中学", "parent": "海州区水利局"}]),
        ("unit-parent-missing", [{"name": "海州区示例小学", "kind": "下属单位"}]),
        ("unit-parent-cycle", [{"name": "海州区教育局", "parent": "海州区示例中学"}]),
        (
            "unit-office-twice",
            [
                {"name": "中共海州区委组织部", "kind": "区委组织部"},
                {"name": "海州区编制部", "kind": "区委组织部"},
            ],
        ),
        ("F-15", [{"name": "海州区教育局", "credit_code": "11320706PDY00001XQ"}]),
        ("F-3", [{"name": "海州区教育局", "liaison_phone": "12"}]),
        ("unit-value-needed", [{"name": "海州区教育局", "kind": "/"}]),
    ],
)
def test_a_fault_is_an_error_with_its_row_and_column(code: str, rows: list[Row]) -> None:
    plan = planned(*rows, known=[EDUCATION, SCHOOL])
    assert not plan.is_good
    found = [finding for finding in plan.findings if finding.code == code]
    assert found
    assert all(finding.severity is Severity.ERROR for finding in found)
    assert all(finding.region and str(finding.region.address).startswith("单位!") for finding in found)


def test_a_fault_names_the_cell() -> None:
    plan = planned(
        {"name": "海州区教育局"}, {"name": "海州区示例中学", "posts_filled": "很多"}, known=[EDUCATION, SCHOOL]
    )
    (finding,) = (item for item in plan.findings if item.severity is Severity.ERROR)
    assert finding.region
    assert finding.region.address == "单位!F3"


@pytest.mark.parametrize(
    ("note", "code"),
    [("struck", "unit-cell-struck"), ("partly-struck", "unit-cell-struck"), ("cell-error", "unit-cell-unread")],
)
def test_a_cell_that_cannot_be_trusted_is_an_error(note: str, code: str) -> None:
    plan = planned({"name": "海州区教育局", "posts_filled": 3}, known=[EDUCATION], notes={(1, "posts_filled"): note})
    assert code in codes(plan)
    assert not plan.is_good


@pytest.mark.parametrize(
    ("code", "alias"),
    [
        ("unit-alias-owner", {"name": "海州区水利局", "alias": "区水利局"}),
        ("unit-alias-missing", {"name": "海州区教育局", "valid_from": "2020-01-01"}),
        ("unit-alias-own", {"name": "海州区教育局", "alias": "海州区教育局"}),
        ("unit-alias-taken", {"name": "海州区教育局", "alias": "海州区示例中学"}),
        (
            "unit-alias-days",
            {"name": "海州区教育局", "alias": "区教育局", "valid_from": "2026-05-01", "valid_to": "2026-04-30"},
        ),
    ],
)
def test_another_name_that_cannot_be_is_an_error(code: str, alias: Row) -> None:
    plan = planned({"name": "海州区教育局"}, known=[EDUCATION, SCHOOL], aliases=[alias])
    assert code in codes(plan)
    assert not plan.is_good


def test_two_units_may_have_had_one_name_at_different_times() -> None:
    known = [EDUCATION, Unit("u3", "海州区文体局", UnitKind.DEPARTMENT, aliases=(Alias("区教文局", "", "2019-12-31"),))]
    later = {"name": "海州区教育局", "alias": "区教文局", "valid_from": "2020-01-01"}
    assert planned(known=known, aliases=[later]).is_good
    overlapping = {"name": "海州区教育局", "alias": "区教文局", "valid_from": "2019-12-31"}
    assert codes(planned(known=known, aliases=[overlapping])) == {"unit-alias-taken"}


def test_an_alias_that_is_not_named_again_stays_and_one_that_is_gets_its_days() -> None:
    known = [Unit("u1", "海州区教育局", UnitKind.DEPARTMENT, aliases=(Alias("区教育局"), Alias("教育局")))]
    row = {"name": "海州区教育局", "alias": "区教育局", "valid_to": "2026-07-31"}
    plan = planned(known=known, aliases=[row])
    assert set(plan.changes[0].after.aliases) == {Alias("区教育局", "", "2026-07-31"), Alias("教育局")}


def test_a_column_a_sheet_and_a_hidden_row_that_we_pass_over_are_said() -> None:
    content = sheet(UNIT_SHEET, UNIT_COLUMNS, [{"name": "海州区教育局"}], {(1, "name"): "hidden"})
    content["cells"] += [[0, 20, "领导姓名", []], [1, 20, "李示例", []]]
    more = {"name": "说明", "hidden": False, "cells": [[0, 0, "请于月底前报", []]]}
    hidden = {**sheet("旧表", UNIT_COLUMNS, [{"name": "海州区旧局"}]), "hidden": True}
    plan = plan_units(read_list([content, more, hidden]), [EDUCATION], TODAY)
    assert codes(plan) == {"unit-column-unknown", "unit-sheet-ignored", "unit-sheet-hidden", "unit-row-hidden"}


def test_a_workbook_without_the_heads_is_refused() -> None:
    with pytest.raises(UnusableDataError):
        read_list([{"name": "Sheet1", "hidden": False, "cells": [[0, 0, "姓名", []], [0, 1, "身份证号", []]]}])


def test_a_list_survives_the_store() -> None:
    one = listed({"name": "海州区教育局", "posts_filled": "无"}, {"kind": "?"}, aliases=[{"name": "x", "alias": "yy"}])
    assert UnitList.from_plain(one.to_plain()) == one


def test_a_figure_over_the_approved_one_and_an_odd_kind_are_warnings() -> None:
    row = {"name": "海州区示例指挥部", "kind": "主管部门", "posts_approved": 3, "posts_filled": 4}
    plan = planned(row)
    assert plan.is_good
    assert codes(plan) == {"unit-posts-over", "unit-kind-unlikely"}


def test_every_kind_of_the_plan_can_be_entered() -> None:
    rows = [
        {"name": f"海州区示例{at}{tail}", "kind": kind.label}
        for at, (kind, tail) in enumerate(
            zip(UnitKind, ("部", "局", "局", "局", "站", "镇", "园区", "指挥部", "集团"), strict=True)
        )
    ]
    rows[4]["parent"] = rows[3]["name"]
    assert {change.after.kind for change in planned(*rows).changes} == set(UnitKind)


def test_the_sentence_of_every_fault_is_documented() -> None:
    text = (Path(__file__).parents[3] / "docs" / "formats" / "units.md").read_text(encoding="utf-8")
    for code, (severity, sentence) in FAULTS.items():
        assert f"| `{code}` | {severity.value} | {sentence} |" in text


def test_the_reserved_code_of_the_standard_checks() -> None:
    assert credit_check_character(CODE[:17]) == CODE[17]
