"""Months and years as the plan counts them."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.rules import periods

DAYS = st.dates(dt.date(1950, 1, 1), dt.date(2090, 12, 31))


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("start", "end", "months", "longer"),
    [
        ("2026-07-20", "2026-08-19", 1, False),
        ("2026-07-20", "2026-08-20", 1, True),
        ("2026-01-31", "2026-02-28", 1, False),
        ("2026-01-31", "2026-03-01", 1, True),
        ("2026-01-01", "2026-12-31", 12, False),
        ("2026-01-01", "2027-01-01", 12, True),
        ("2024-02-29", "2025-02-28", 12, False),
        ("2024-02-29", "2025-03-01", 12, True),
        ("2023-03-01", "2024-02-29", 12, False),
        ("2023-02-28", "2024-02-27", 12, False),
        ("2023-02-28", "2024-02-28", 12, True),
    ],
)
def test_a_period_is_longer_only_after_its_last_day(start: str, end: str, months: int, longer: bool) -> None:  # noqa: FBT001 - a parameter of the table
    assert periods.exceeds(day(start), day(end), months) is longer


@given(DAYS, st.integers(1, 40))
def test_whole_months_end_on_their_last_day(start: dt.date, months: int) -> None:
    last = periods.last_day(start, months)
    assert periods.whole_months(start, last) == months
    assert periods.whole_months(start, last - dt.timedelta(days=1)) == months - 1
    assert not periods.exceeds(start, last, months)
    assert periods.exceeds(start, last + dt.timedelta(days=1), months)


@given(st.lists(st.tuples(DAYS, DAYS), max_size=8))
def test_a_union_has_each_day_once(given: list[tuple[dt.date, dt.date]]) -> None:
    near = [(start, start + dt.timedelta(days=abs((end - start).days) % 400)) for start, end in given]
    days = {start + dt.timedelta(days=n) for start, end in near for n in range((end - start).days + 1)}
    assert periods.count_days(periods.union(near)) == len(days)


@pytest.mark.parametrize(
    ("year", "days", "more"), [(2026, 182, False), (2026, 183, True), (2028, 183, False), (2028, 184, True)]
)
def test_half_of_the_assessment_year(year: int, days: int, more: bool) -> None:  # noqa: FBT001 - a parameter of the table
    assert periods.is_more_than_half_of(days, year) is more


def test_a_gap_of_thirty_days_joins_and_of_thirty_one_does_not() -> None:
    first = (day("2026-01-01"), day("2026-01-31"))
    assert len(periods.chains([first, (day("2026-03-03"), day("2026-03-31"))], 30)) == 1
    assert len(periods.chains([first, (day("2026-03-04"), day("2026-03-31"))], 30)) == 2
