"""What is typed or pasted on a page: in its columns, nothing lost in silence, checked like any form."""

from __future__ import annotations

import pytest

from forms.definition import FormDefinition
from service.operations.typing_in import MOST_ROWS, Typed, check_typed, pasted
from service.runtime import Runtime

NUMBER, WRONG = "320799199001011234", "320799199001011235"


@pytest.fixture
def roster(shared_runtime: Runtime) -> FormDefinition:
    return shared_runtime.catalogue.find("attachment-2")


def test_cells_are_spread_from_the_one_in_hand_on(roster: FormDefinition) -> None:
    made = pasted(roster, Typed(rows=({"post": "门卫"}, {})), "张三\t男\t" + NUMBER + "\n李四\t女\n", "r1.name")
    assert [row.get("name", "") for row in made.typed.rows] == ["", "张三", "李四"]
    assert made.typed.rows[1] == {"name": "张三", "sex": "男", "id_number": NUMBER}
    assert made.typed.rows[0] == {"post": "门卫"}
    assert (made.rows_left, made.cells_left) == (0, 0)


def test_a_line_of_labels_says_which_column_is_which_and_what_has_none_is_counted(roster: FormDefinition) -> None:
    text = "姓 名\t公民身份号码\t身高\n张三\t" + NUMBER + "\t180\n李四\t\t\n"
    made = pasted(roster, Typed(rows=({"name": "王五"},)), text)
    assert [row.get("name") for row in made.typed.rows] == ["王五", "张三", "李四"]
    assert made.typed.rows[1]["id_number"] == NUMBER
    assert made.cells_left == 1


def test_lines_within_a_cell_and_quotes_of_a_workbook_stay_one_cell(roster: FormDefinition) -> None:
    made = pasted(roster, Typed(), '"海州区\n示例局"\t"张""三"', "r0.unit")
    assert made.typed.rows[0] == {"unit": "海州区\n示例局", "name": '张"三'}


def test_rows_that_find_no_room_are_counted_and_not_dropped_unsaid(roster: FormDefinition) -> None:
    made = pasted(roster, Typed(), "\n".join(f"人{number}" for number in range(MOST_ROWS + 7)), "r0.name")
    assert len(made.typed.rows) == MOST_ROWS
    assert made.rows_left == 7
    beyond = pasted(roster, Typed(rows=({},)), "甲\t男", "r9999.name")
    assert (beyond.rows_left, len(beyond.typed.rows)) == (1, MOST_ROWS)


def test_faults_stand_at_the_rows_of_the_page_and_seals_are_not_asked_for(
    shared_runtime: Runtime, roster: FormDefinition
) -> None:
    typed = Typed({"unit": "海州区示例局"}, ({}, {"name": "张三", "id_number": WRONG}, {}))
    faults = check_typed(shared_runtime, roster, typed)
    wrong = [one for one in faults if one.finding.code == "F-1"]
    assert [(one.place, one.where) for one in wrong] == [("r1.id_number", "第2行 身份证号")]
    assert not [one for one in faults if one.finding.path.startswith("marks")]
    assert not [one for one in faults if one.place in {"r1.no", "h.total"}], "worked out by the program"
    severities = [one.finding.severity.value for one in faults]
    assert severities == sorted(severities, key=["error", "warning", "info"].index)


def test_a_card_has_one_person_though_nothing_was_typed(shared_runtime: Runtime) -> None:
    card = shared_runtime.catalogue.find("attachment-4")
    faults = check_typed(shared_runtime, card, Typed(rows=({"name": " 张三 "},)))
    assert {one.place for one in faults} >= {"r0.id_number", "r0.end_date"}
    assert "r0.name" not in {one.place for one in faults}
