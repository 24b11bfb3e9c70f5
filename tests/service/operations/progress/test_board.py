"""The board over real files: each step of a file's way, and sums that agree."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from service.operations.campaigns import CampaignAsked, new_campaign
from service.operations.progress.board import Board, Cell, Round, Row, Wanted, _groups, rows_wanted, sums_of
from service.operations.progress.law import ORDER, Dates, Duty, Pile, State, state_of
from service.operations.progress.plain import board_to_plain, figures, label_of
from service.store.account_tables import belongings
from service.store.progress import UnitLine
from service.store.units import UnitKind
from tests.service.operations.progress.district import (
    AFTER,
    BEFORE,
    IDS,
    LAST_DAY,
    NAMES,
    OPEN_DAY,
    District,
    loan,
    worker,
)

A1, A2, A4, A5 = "attachment-1", "attachment-2", "attachment-4", "attachment-5"


def test_a_file_goes_its_way(district: District) -> None:
    assert district.state("school", A2, BEFORE) is State.NOT_DUE
    assert district.state("school", A2, LAST_DAY) is State.DUE
    assert district.state("school", A2, AFTER) is State.LATE
    district.hand_in("school", A2, worker(0), read=False)
    assert district.state("school", A2, AFTER) is State.RECEIVED, "the sender said which form it is"
    second = district.take_up(district.hand_in("school", A5, worker(0)))
    assert district.state("school", A5, AFTER) is State.IN_REVIEW
    district.accept(second)
    assert district.state("school", A5, AFTER) is State.ACCEPTED
    assert district.state("clinic", A5, AFTER) is State.LATE, "the neighbour's is not its own"


def test_what_was_returned_is_late_after_its_own_day_and_a_corrected_one_is_received(district: District) -> None:
    back = district.send_back(district.hand_in("school", A2, worker(0)), dt.date(2026, 8, 30), dt.date(2026, 9, 6))
    assert district.state("school", A2, LAST_DAY) is State.RETURNED
    assert district.state("school", A2, dt.date(2026, 9, 6)) is State.RETURNED
    assert district.state("school", A2, dt.date(2026, 9, 7)) is State.LATE
    again = district.hand_in("school", A2, worker(0), on=dt.date(2026, 9, 8), corrects=back)
    cell = cell_of(district, "school", A2, AFTER)
    assert (cell.state, cell.pile.returned, cell.pile.received) == (State.RECEIVED, 0, 1), "superseded ones are no more"
    assert not cell.came_late, "the first one came in time"
    district.accept(again)
    assert district.state("school", A2, AFTER) is State.ACCEPTED


def test_an_accepted_form_that_is_corrected_waits_again(district: District) -> None:
    old = district.accept(district.hand_in("town", A5, worker(0), worker(1)))
    assert cell_of(district, "town", A5, AFTER).pile.people == 2
    new = district.hand_in("town", A5, worker(0), corrects=old)
    cell = cell_of(district, "town", A5, AFTER)
    assert (cell.state, cell.pile.people) == (State.RECEIVED, 0)
    district.accept(new)
    assert cell_of(district, "town", A5, AFTER).pile.people == 1


def test_a_report_of_nobody_is_shown_as_one(district: District) -> None:
    district.accept(district.hand_in("town", A2, on=AFTER))
    cell = cell_of(district, "town", A2, AFTER)
    assert cell.pile.is_zero
    assert label_of(cell) == "零报告（迟交）"


def test_loans_of_more_than_a_month_call_for_a_form_each(district: District) -> None:
    assert cell_of(district, "town", A4, AFTER).duty.reason == "附件1接收后确定"
    people = (
        loan(0, "2026-07-25", "2026-12-31"),
        loan(1, "2026-07-25", "2026-08-24"),  # a month to the day
        loan(2, "2026-08-01", "2027-01-31"),
        loan(3, "2026-08-01", "2027-01-31", note="系统内借用"),
    )
    district.accept(district.hand_in("town", A1, *people))
    cell = cell_of(district, "town", A4, AFTER)
    assert (cell.state, cell.duty.needed, cell.duty.missing) == (State.LATE, 2, 2)
    district.accept(district.hand_in("town", A4, loan(0, "2026-07-25", "2026-12-31")))
    cell = cell_of(district, "town", A4, AFTER)
    assert (cell.state, cell.duty.needed, cell.duty.missing) == (State.LATE, 2, 1)
    assert label_of(cell) == "逾期12天 1/2"
    district.accept(district.hand_in("town", A4, loan(3, "2026-08-01", "2027-01-31")))
    assert cell_of(district, "town", A4, AFTER).duty.missing == 1, "another person's form is none of hers"
    district.accept(district.hand_in("town", A4, loan(2, "2026-08-01", "2027-01-31")))
    assert cell_of(district, "town", A4, AFTER).state is State.ACCEPTED


def test_a_headquarters_owes_no_approval_form(district: District) -> None:
    district.accept(district.hand_in("site", A1, loan(0, "2026-07-25", "2026-12-31")))
    cell = cell_of(district, "site", A4, AFTER)
    assert (cell.state, cell.duty.reason) == (State.NOT_DUE, "此类单位不报")


def test_the_unit_in_charge_stands_over_its_own(district: District) -> None:
    board = district.board(AFTER)
    assert [(group.top.name, len(group.rows)) for group in board.groups] == [
        (NAMES["office"], 3),
        (NAMES["town"], 1),
        (NAMES["site"], 1),
    ]
    under = rows_wanted(board, Wanted(under=IDS["office"]))
    assert {row.unit.id for row in under} == {IDS["office"], IDS["school"], IDS["clinic"]}
    assert figures(board.rows) == {"units": 5, "complete": 0, "late": 5}


def test_files_of_no_known_unit_and_of_another_campaign_are_in_no_cell(district: District) -> None:
    lost = district.hand_in("school", A2, worker(0))
    with district.runtime.database.transaction() as connection:
        connection.execute(update(belongings).where(belongings.c.thing_id == lost).values(unit_id=None))
    other = str(new_campaign(district.runtime, CampaignAsked(2025, title="去年"))["id"])
    district.campaign = other
    district.hand_in("school", A5, worker(0))
    board = district.board(AFTER)
    assert board.loose.files == 1
    assert district.state("school", A2, AFTER) is State.LATE
    assert district.state("school", A5, AFTER) is State.LATE


def test_a_page_of_the_board_as_json(district: District) -> None:
    district.accept(district.hand_in("school", A2, worker(0)))
    body = board_to_plain(district.board(AFTER), Wanted(A2, State.LATE), 2, 0)
    assert (body["total"], len(body["units"]), body["hand_in_by"]) == (4, 2, "2026-08-31")
    assert body["sums"][A2] == {**dict.fromkeys((state.value for state in State), 0), "late": 4, "accepted": 1}
    assert sum(group["units"] for group in body["supervising"]) == body["figures"]["units"] == 5


def cell_of(district: District, place: str, form: str, day: dt.date) -> Cell:
    return next(row for row in district.board(day).rows if row.unit.id == IDS[place]).cells[form]


FORMS = (A1, A2, A5)
DATES = Dates(OPEN_DAY, LAST_DAY)
PILE = st.builds(Pile, *[st.integers(0, 2)] * 5)


@st.composite
def boards(draw: st.DrawFn) -> Board:
    """A board of some units in a tree of any shape, with any piles."""
    count = draw(st.integers(1, 12))
    parents = [draw(st.none() | st.integers(0, number - 1)) if number else None for number in range(count)]
    units = [
        UnitLine(str(number), f"单位{number}", UnitKind.SUBORDINATE, None if above is None else str(above), "", "")
        for number, above in enumerate(parents)
    ]
    tops: dict[str, UnitLine] = {}
    for unit in units:
        tops[unit.id] = unit if unit.parent_id is None else tops[unit.parent_id]
    day = draw(st.dates(BEFORE, AFTER))
    rows = []
    for unit in units:
        cells = {}
        for form in FORMS:
            duty, pile = Duty(draw(st.sampled_from(["", "always"]))), draw(PILE)
            state = state_of(duty, pile, DATES, day)
            cells[form] = Cell(form, duty, pile, state, 0, LAST_DAY, came_late=False)
        rows.append(Row(unit, tops[unit.id], cells))
    chosen = Round("", "清理", 2026, DATES, {}, is_current=True)
    return Board(chosen, day, FORMS, rows, _groups(rows, FORMS), sums_of(rows, FORMS))


@given(boards())
def test_the_sums_of_the_units_in_charge_make_that_of_the_district(board: Board) -> None:
    for form in FORMS:
        for state in ORDER:
            counted = sum(row.cells[form].state is state for row in board.rows)
            assert board.sums[form][state] == sum(group.sums[form][state] for group in board.groups) == counted
        assert sum(board.sums[form].values()) == len(board.rows)
    assert sum(len(group.rows) for group in board.groups) == len(board.rows)


@given(boards(), st.sampled_from(FORMS), st.sampled_from(list(State)))
def test_each_number_is_that_of_the_rows_it_leads_to(board: Board, form: str, state: State) -> None:
    assert len(rows_wanted(board, Wanted(form, state))) == board.sums[form][state]
    assert len(rows_wanted(board, Wanted(is_done=True))) == figures(board.rows)["complete"]
    for group in board.groups:
        assert len(rows_wanted(board, Wanted(form, state, group.top.id))) == group.sums[form][state]


@pytest.mark.parametrize("day", [BEFORE, LAST_DAY, AFTER])
def test_the_sums_over_real_units_agree(district: District, day: dt.date) -> None:
    district.accept(district.hand_in("school", A2, worker(0)))
    district.hand_in("clinic", A2)
    board = district.board(day)
    for form in board.forms:
        assert sum(board.sums[form].values()) == len(board.rows) == 5
        for state in ORDER:
            assert board.sums[form][state] == sum(group.sums[form][state] for group in board.groups)
