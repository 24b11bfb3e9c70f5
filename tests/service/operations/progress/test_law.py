"""The law of the seven states: every edge of it, and what holds whatever lies there."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.operations.progress.law import LABELS, ORDER, Dates, Duty, Pile, State, came_late, days_late, state_of

DATES = Dates(dt.date(2026, 7, 20), dt.date(2026, 8, 31))
ALWAYS, NOTHING = Duty("always"), Duty()
BEFORE, FIRST, LAST, NEXT = dt.date(2026, 7, 19), DATES.self_check_on, DATES.hand_in_by, dt.date(2026, 9, 1)
LATER = dt.date(2026, 9, 10)
BACK = Pile(returned=1, returned_until=LATER)

EDGES = [
    ("before it begins nothing is due", ALWAYS, Pile(), BEFORE, State.NOT_DUE),
    ("on the first day it is due", ALWAYS, Pile(), FIRST, State.DUE),
    ("on the last day it is still due", ALWAYS, Pile(), LAST, State.DUE),
    ("the day after it is late", ALWAYS, Pile(), NEXT, State.LATE),
    ("what nobody owes is never late", NOTHING, Pile(), NEXT, State.NOT_DUE),
    ("a file that came is received", ALWAYS, Pile(received=1), BEFORE, State.RECEIVED),
    ("while the office has it nothing is late", ALWAYS, Pile(received=1), NEXT, State.RECEIVED),
    ("somebody looks at it", ALWAYS, Pile(review=1, received=1), NEXT, State.IN_REVIEW),
    ("it was accepted", ALWAYS, Pile(accepted=1), NEXT, State.ACCEPTED),
    ("accepted stays while another one is looked at", ALWAYS, Pile(accepted=1, review=1), NEXT, State.ACCEPTED),
    ("returned before the last day", ALWAYS, Pile(returned=1, returned_until=FIRST), LAST, State.RETURNED),
    ("returned, its own day past, the last day past", ALWAYS, Pile(returned=1, returned_until=LAST), NEXT, State.LATE),
    ("returned, its own day not past", ALWAYS, BACK, LATER, State.RETURNED),
    ("returned, its own day past", ALWAYS, BACK, LATER + dt.timedelta(days=1), State.LATE),
    ("returned and handed in again", ALWAYS, Pile(returned=1, returned_until=LAST, received=1), LATER, State.RECEIVED),
    ("returned though nobody owes it", NOTHING, Pile(returned=1, returned_until=FIRST), LATER, State.RETURNED),
    ("accepted though nobody owes it", NOTHING, Pile(accepted=1), LATER, State.ACCEPTED),
    ("loans not known yet", Duty("loans", None), Pile(), NEXT, State.NOT_DUE),
    ("no loan of more than a month", Duty("loans", 0, 0), Pile(), NEXT, State.NOT_DUE),
    ("loans without a form", Duty("loans", 3, 3), Pile(), NEXT, State.LATE),
    ("some loans have theirs", Duty("loans", 3, 1), Pile(accepted=2), NEXT, State.LATE),
    ("the rest is being looked at", Duty("loans", 3, 1), Pile(accepted=2, review=1), NEXT, State.IN_REVIEW),
    ("all loans have theirs", Duty("loans", 3, 0), Pile(accepted=3), NEXT, State.ACCEPTED),
    ("loans in time", Duty("loans", 3, 3), Pile(), LAST, State.DUE),
]


@pytest.mark.parametrize(("_name", "duty", "pile", "day", "wanted"), EDGES, ids=[edge[0] for edge in EDGES])
def test_each_edge(_name: str, duty: Duty, pile: Pile, day: dt.date, wanted: State) -> None:
    assert state_of(duty, pile, DATES, day) is wanted


def test_every_state_has_a_word_and_a_place() -> None:
    assert set(LABELS) == set(State) == set(ORDER)
    assert {edge[4] for edge in EDGES} == set(State)


def test_why_nothing_is_owed_is_told() -> None:
    assert Duty().reason == "此类单位不报"
    assert Duty("loans", None).reason == "附件1接收后确定"
    assert Duty("loans", 0).reason == "没有应逐人审批的借用"
    assert ALWAYS.reason == ""


def test_a_file_that_came_after_the_last_day_is_told_so() -> None:
    assert came_late(State.ACCEPTED, Pile(accepted=1, first_on=NEXT), DATES)
    assert not came_late(State.ACCEPTED, Pile(accepted=1, first_on=LAST), DATES)
    assert not came_late(State.LATE, Pile(returned=1, first_on=NEXT), DATES)


small = st.integers(0, 3)
days = st.dates(dt.date(2026, 1, 1), dt.date(2027, 12, 31))
piles = st.builds(Pile, small, small, small, small, small, returned_until=st.none() | days, first_on=st.none() | days)
duties = st.sampled_from([ALWAYS, NOTHING]) | st.builds(
    lambda needed, missing: Duty("loans", needed, min(needed, missing)), small, small
)


@given(duties, piles, days)
def test_late_says_by_how_much_and_only_late_does(duty: Duty, pile: Pile, day: dt.date) -> None:
    state = state_of(duty, pile, DATES, day)
    late = days_late(state, pile, DATES, day)
    assert (late > 0) == (state is State.LATE)


@given(duties, piles, days)
def test_nothing_is_late_while_the_office_has_it_before_the_last_day_or_unowed(
    duty: Duty, pile: Pile, day: dt.date
) -> None:
    state = state_of(duty, pile, DATES, day)
    if pile.received or pile.review or day <= DATES.hand_in_by or not duty.is_owed:
        assert state is not State.LATE


@given(duties, piles, days)
def test_time_alone_never_takes_lateness_back(duty: Duty, pile: Pile, day: dt.date) -> None:
    if state_of(duty, pile, DATES, day) is State.LATE:
        assert state_of(duty, pile, DATES, day + dt.timedelta(days=1)) is State.LATE
