"""Who must be reminded of whom: loans that end or have ended, loans over a year, assessments, dispatch contracts.

Everything is worked out from accepted rows as they stand, for a day. A person who stands in attachment-1 and in
attachment-4 with the same days is one line. Rows whose days are not certain are counted and never guessed.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

from sqlalchemy import Connection

from forms.rules import periods
from forms.rules.periods import Period
from forms.rules.plan_loans import RENEWAL_GAP
from parsers.collecting import uncollected
from service.access.scope import EVERYTHING, Scope
from service.operations.progress.board import Round, round_of
from service.operations.progress.facts import LOAN_FORMS, STAFF_FORMS, catch_up
from service.operations.units import office_day
from service.runtime import Runtime
from service.store.progress import (
    DISPATCH,
    LOAN,
    DatedForm,
    DatedRow,
    Place,
    dated,
    dated_forms,
    days_of_forms,
    undated,
)
from writers.letters.reminding import Topic

LABELS: dict[Topic, str] = {
    Topic.ENDING: "借用即将期满",
    Topic.OVERDUE: "借用逾期未返回",
    Topic.OVERLONG: "借用超过一年",
    Topic.ASSESSMENT: "年度考核",
    Topic.DISPATCH: "派遣合同即将到期",
}
MONTHS_OF_A_YEAR, SHORTEST_YEAR = 12, 365
_STAFF_FIRST = ("attachment-5", "attachment-3")
_LOANS_FIRST = ("attachment-1", "attachment-4")


class Reminded(NamedTuple):
    """One person of a list: the row it stands in, the days that count, and the figure of the list.

    ``figure`` is days left, days over, months, or days in the year. ``by_borrower`` says for the assessment who is to
    assess. ``unsure`` is a row with a day that somebody left open when the form was accepted.
    """

    row: DatedRow
    period: Period
    figure: int
    by_borrower: bool = False
    unsure: bool = False


@dataclass(frozen=True)
class Reminders:
    """A list on a day; ``without_days`` are rows of the kind whose days are not certain.

    ``found`` are its people in no order: of most lists a page shows only how many they are.
    """

    topic: Topic
    round: Round
    day: dt.date
    days: int
    found: Sequence[Reminded]
    without_days: int

    @cached_property
    def people(self) -> Sequence[Reminded]:
        """The people, by unit and by what ends first."""
        return sorted(self.found, key=_by_unit)

    @property
    def unit_ids(self) -> list[str]:
        """The units concerned, in the order of the list; people of no known unit are of none."""
        return list(dict.fromkeys(item.row.unit_id for item in self.people if item.row.unit_id))


@dataclass(frozen=True, slots=True)
class AskedList:
    """Which list is wanted; ``unit_id`` limits it to one unit."""

    topic: Topic
    campaign: str = ""
    day: dt.date | None = None
    days: int = 30
    unit_id: str = ""


def reminders_of(runtime: Runtime, asked: AskedList, scope: Scope = EVERYTHING) -> Reminders:
    """The list, within somebody's reach.

    Raises:
        NotFoundError: there is no such campaign.
    """
    return next(iter(lists_of(runtime, asked, scope, (asked.topic,)).values()))


def lists_of(
    runtime: Runtime, asked: AskedList, scope: Scope = EVERYTHING, topics: Sequence[Topic] = tuple(Topic)
) -> dict[Topic, Reminders]:
    """Several lists of one moment, whichever of them is asked for.

    Raises:
        NotFoundError: there is no such campaign.
    """
    known = replace(asked, day=asked.day or office_day())
    of_all = replace(known, topic=Topic.ENDING) if len(topics) > 1 else known
    key = ("reminders", of_all, scope, tuple(topics))
    return runtime.memory.of(
        key, lambda: _lists_now(runtime, known, scope, topics), lambda: _made_of(runtime, known, scope)
    )


def _place(connection: Connection, runtime: Runtime, asked: AskedList, scope: Scope) -> tuple[Round, Place]:
    units = None if scope.everything else scope.units
    if asked.unit_id:
        units = frozenset({asked.unit_id}) & (units if units is not None else {asked.unit_id})
    chosen = round_of(connection, runtime, asked.campaign)
    return chosen, chosen.place(units)


def _made_of(runtime: Runtime, asked: AskedList, scope: Scope) -> object:
    """All that the lists are made of beside the day: the round, and the accepted forms with days."""
    catch_up(runtime)
    with runtime.database.reading() as connection:
        chosen, place = _place(connection, runtime, asked, scope)
        return chosen, dated_forms(connection, place, LOAN_FORMS | STAFF_FORMS)


def _lists_now(runtime: Runtime, asked: AskedList, scope: Scope, topics: Sequence[Topic]) -> dict[Topic, Reminders]:
    """The lists, worked out now."""
    with uncollected():
        return _worked_out(runtime, asked, scope, topics)


def _worked_out(runtime: Runtime, asked: AskedList, scope: Scope, topics: Sequence[Topic]) -> dict[Topic, Reminders]:
    catch_up(runtime)
    day = asked.day or office_day()
    until = day + dt.timedelta(days=asked.days)
    loans: list[DatedRow] = []
    staff, without = [], 0
    with runtime.database.reading() as connection:
        chosen, place = _place(connection, runtime, asked, scope)
        if any(topic is not Topic.DISPATCH for topic in topics):
            loans = _loans(runtime, connection, place)
        if Topic.DISPATCH in topics:
            staff = dated(connection, place, DISPATCH, (day.isoformat(), until.isoformat()))
            without = undated(connection, place, DISPATCH)
    sure, unsure = certain(loans)
    book = Book(sure)
    found: dict[Topic, Reminders] = {}
    for topic in topics:
        if topic is Topic.DISPATCH:
            found[topic] = Reminders(topic, chosen, day, asked.days, dispatched(staff, day, asked.days), without)
        else:
            found[topic] = Reminders(topic, chosen, day, asked.days, listed(topic, book, day, asked.days), unsure)
    return found


def _loans(runtime: Runtime, connection: Connection, place: Place) -> list[DatedRow]:
    """The loans of a place; of forms that were read before nothing is read again."""
    heads = dated_forms(connection, place, LOAN_FORMS)
    rows = runtime.days.of(heads, lambda missing: _rows_of(connection, missing))
    return [row for form in rows.values() for row in form]


def _rows_of(connection: Connection, heads: Sequence[DatedForm]) -> dict[DatedForm, list[DatedRow]]:
    found = days_of_forms(connection, heads, LOAN)
    return {head: found[head.id] for head in heads}


Sure = Sequence[tuple[DatedRow, Period]]
"""Loans with the days that are certain."""


class Book:
    """Loans, by whose they are."""

    def __init__(self, loans: Sure) -> None:
        self.loans = loans

    @cached_property
    def ends(self) -> Mapping[object, dt.date]:
        """The last day of all loans of a person to a unit: a loan that another one follows is not at its end."""
        ends: dict[object, dt.date] = {}
        for row, period in self.loans:
            key = _person(row)
            known = ends.get(key)
            if known is None or known < period[1]:
                ends[key] = period[1]
        return ends

    @cached_property
    def people(self) -> Sequence[Sure]:
        """The loans of each person to a unit in their order, each until the day of return."""
        grouped: defaultdict[object, list[tuple[DatedRow, Period]]] = defaultdict(list)
        for row, period in self.loans:
            grouped[_person(row)].append((row, _until_return(row, period)))
        for mine in grouped.values():
            if len(mine) > 1:
                mine.sort(key=_in_order)
        return list(grouped.values())


def _in_order(item: tuple[DatedRow, Period]) -> tuple[object, ...]:
    row, period = item
    return (period, row.accepted_id, row.line)


def certain(rows: Iterable[DatedRow]) -> tuple[Sure, int]:
    """Each loan once with its days, and how many that are not over have no certain ones."""
    loans = [(row, _period(row)) for row in once(rows, _LOANS_FIRST)]
    sure = [(row, period) for row, period in loans if period is not None]
    return sure, sum(1 for row, period in loans if period is None and not row.closed)


def listed(topic: Topic, book: Book, day: dt.date, days: int) -> list[Reminded]:
    """The people of a list of loans, in no order."""
    return list(_TOPICS[topic](book, day, days))


def dispatched(rows: Iterable[DatedRow], day: dt.date, days: int) -> list[Reminded]:
    """The dispatched people whose contract or term of use ends soon, in no order."""
    ends = [(row, end) for row in once(rows, _STAFF_FIRST) if not row.closed and (end := _dispatch_end(row))]
    return [
        Reminded(row, (_start(row, end), end), (end - day).days, unsure=row.unsure)
        for row, end in ends
        if day <= end <= day + dt.timedelta(days=days)
    ]


def _by_unit(item: Reminded) -> tuple[str, dt.date, str, int]:
    return (item.row.unit, item.period[1], item.row.accepted_id, item.row.line)


def once(rows: Iterable[DatedRow], first: Sequence[str]) -> list[DatedRow]:
    """Each person's row of the same days with the same unit once, that of the form named first.

    Where one of them says that it is over, it is. A row without a number stands for itself.
    """
    found: dict[object, DatedRow] = {}
    closed: set[object] = set()
    ordered = sorted(rows, key=lambda row: first.index(row.form) if row.form in first else len(first))
    for row in ordered:
        days = (row.starts_on, row.ends_on, row.term_ends_on if row.form in _STAFF_FIRST else None)
        key: object = (row.person, row.partner, *days) if row.person else (row.accepted_id, row.line)
        found.setdefault(key, row)
        if row.closed:
            closed.add(key)
    return [row._replace(closed=True) if key in closed else row for key, row in found.items()]


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _period(row: DatedRow) -> Period | None:
    start, end = _day(row.starts_on), _day(row.ends_on)
    return (start, end) if start is not None and end is not None and start <= end else None


def _dispatch_end(row: DatedRow) -> dt.date | None:
    """What ends first: the contract, or what the person is used for."""
    ends = [end for end in (_day(row.ends_on), _day(row.term_ends_on)) if end is not None]
    return min(ends) if ends else None


def _start(row: DatedRow, end: dt.date) -> dt.date:
    start = _day(row.starts_on)
    return start if start is not None and start <= end else end


def _person(row: DatedRow) -> object:
    return (row.person, row.partner) if row.person else (row.accepted_id, row.line)


def _ending(book: Book, day: dt.date, days: int) -> Iterable[Reminded]:
    for row, period in book.loans:
        left = (period[1] - day).days
        if not row.closed and 0 <= left <= days and book.ends[_person(row)] == period[1]:
            yield Reminded(row, period, left, unsure=row.unsure)


def _overdue(book: Book, day: dt.date, _days: int) -> Iterable[Reminded]:
    for row, period in book.loans:
        if not row.closed and period[1] < day and book.ends[_person(row)] == period[1]:
            yield Reminded(row, period, (day - period[1]).days, unsure=row.unsure)


def _overlong(book: Book, _day: dt.date, _days: int) -> Iterable[Reminded]:
    """Loans of more than a year, also in a row with at most thirty days between them (S1-01)."""
    for mine in book.people:
        if len(mine) == 1 and (mine[0][1][1] - mine[0][1][0]).days < SHORTEST_YEAR:
            continue
        if all(row.closed for row, _ in mine):
            continue
        for chain in periods.chains((period for _, period in mine), RENEWAL_GAP):
            start, end = chain[0][0], chain[-1][1]
            days = periods.count_days(chain)
            year = (periods.last_day(start, MONTHS_OF_A_YEAR) - start).days + 1
            last = max((item for item in mine if start <= item[1][0] <= end), key=lambda item: item[1][1])
            if days > year and not last[0].closed:
                yield Reminded(last[0], (start, end), periods.whole_months(start, end), unsure=_any_unsure(mine))


def _assessment(book: Book, day: dt.date, _days: int) -> Iterable[Reminded]:
    """Everybody on loan in the year of that day: the borrower assesses who is there more than half of it (S1-10)."""
    first, last = dt.date(day.year, 1, 1), dt.date(day.year, 12, 31)
    for mine in book.people:
        touched = [period for _, period in mine if period[0] <= last and first <= period[1]]
        parts = [(max(start, first), min(end, last)) for start, end in touched]
        count = periods.count_days(parts if len(parts) < 2 else periods.union(parts))  # noqa: PLR2004  # one is itself
        if count:
            span = (min(period[0] for period in touched), max(period[1] for period in touched))
            here = periods.is_more_than_half_of(count, day.year)
            yield Reminded(mine[-1][0], span, count, by_borrower=here, unsure=_any_unsure(mine))


def _any_unsure(mine: Sure) -> bool:
    return any(row.unsure for row, _ in mine)


def _until_return(row: DatedRow, period: Period) -> Period:
    """A loan that ended before its time ended on the day of return."""
    back = _day(row.returned_on)
    return (period[0], back) if back is not None and period[0] <= back < period[1] else period


_TOPICS: Mapping[Topic, Callable[[Book, dt.date, int], Iterable[Reminded]]] = {
    Topic.ENDING: _ending,
    Topic.OVERDUE: _overdue,
    Topic.OVERLONG: _overlong,
    Topic.ASSESSMENT: _assessment,
}
