"""Months, years and half years as the plan counts them (forms-reference §3: by the day, both ends included).

A month from 20 July ends on 19 August: a loan that ends on 20 August lasts more than a month. A year is exceeded when
the end lies after the start plus one year less a day. Where the last month has no such day, its last day closes the
period.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterable

Period = tuple[dt.date, dt.date]
"""First and last day, both included."""

MONTHS_OF_A_YEAR = 12


def add_months(day: dt.date, months: int) -> dt.date:
    """The same day ``months`` later (earlier if negative), or the last day of a month that has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def last_day(start: dt.date, months: int) -> dt.date:
    """The last day of a period of whole ``months`` that begins on ``start``."""
    after = add_months(start, months)
    return after if after.day < start.day else after - dt.timedelta(days=1)


def exceeds(start: dt.date, end: dt.date, months: int) -> bool:
    """Whether a period, both days included, is longer than ``months`` months."""
    return end > last_day(start, months)


def whole_months(start: dt.date, end: dt.date) -> int:
    """The whole months in a period, both days included; 0 when ``end`` lies before ``start``."""
    months = max(0, (end.year - start.year) * 12 + end.month - start.month + 1)
    while months and last_day(start, months) > end:
        months -= 1
    return months


def is_more_than_half_of(days: int, year: int) -> bool:
    """Whether ``days`` are more than half of the assessment year (183 of 365, 184 of 366)."""
    return days * 2 > days_of_year(year)


def days_of_year(year: int) -> int:
    """365 or 366."""
    return 366 if calendar.isleap(year) else 365


def overlap(one: Period, other: Period) -> bool:
    """Whether two periods share a day."""
    return one[0] <= other[1] and other[0] <= one[1]


def within_year(period: Period, year: int) -> Period | None:
    """The part of a period that lies in a calendar year."""
    start, end = max(period[0], dt.date(year, 1, 1)), min(period[1], dt.date(year, 12, 31))
    return (start, end) if start <= end else None


def union(periods: Iterable[Period]) -> tuple[Period, ...]:
    """The same days as periods that do not overlap, in order; periods that end before they start are left out."""
    merged: list[Period] = []
    for start, end in sorted(item for item in periods if item[0] <= item[1]):
        if merged and start <= merged[-1][1] + dt.timedelta(days=1):
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return tuple(merged)


def count_days(periods: Iterable[Period]) -> int:
    """The days in periods that do not overlap, both ends included."""
    return sum((end - start).days + 1 for start, end in periods)


def chains(periods: Iterable[Period], gap: int) -> tuple[tuple[Period, ...], ...]:
    """Periods put together where at most ``gap`` days lie between the end of one and the start of the next."""
    found: list[list[Period]] = []
    for period in union(periods):
        if found and (period[0] - found[-1][-1][1]).days - 1 <= gap:
            found[-1].append(period)
        else:
            found.append([period])
    return tuple(tuple(chain) for chain in found)


def in_words(day: dt.date) -> str:
    """``2026年8月1日``."""
    return f"{day.year}年{day.month}月{day.day}日"
