"""The board: where each form of each unit stands on a day, summed by the unit in charge and for all that one sees."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import Connection

from service.access.scope import EVERYTHING, Scope
from service.operations.campaigns import LOANS, usual_values
from service.operations.progress.facts import catch_up
from service.operations.progress.law import ORDER, Dates, Duty, Pile, State, came_late, days_late, last_day, state_of
from service.operations.returning import DAYS
from service.operations.units import office_day
from service.runtime import Runtime
from service.store.campaigns import Campaign, all_campaigns
from service.store.errors import NotFoundError
from service.store.progress import (
    CARD,
    FileCount,
    Place,
    UnitLine,
    accepted_counts,
    cards_there,
    file_counts,
    unit_lines,
)

LOAN_LIST = "attachment-1"


@dataclass(frozen=True, slots=True)
class Round:
    """The round of handing in that is looked at; ``campaign_id`` is empty while there is none, with the plan's days."""

    campaign_id: str
    title: str
    year: int
    dates: Dates
    due: Mapping[str, Mapping[str, str]]
    is_current: bool

    def place(self, units: frozenset[str] | None) -> Place:
        """What belongs to it, of those units."""
        return Place(self.campaign_id or None, self.is_current, units)


@dataclass(frozen=True, slots=True)
class Cell:
    """One form of one unit."""

    form: str
    duty: Duty
    pile: Pile
    state: State
    days_late: int
    last_day: dt.date
    came_late: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One unit with a cell a form; ``top`` is the unit in charge of it, itself where it stands under none."""

    unit: UnitLine
    top: UnitLine
    cells: Mapping[str, Cell]

    def cells_in(self, states: Iterable[State]) -> list[Cell]:
        """Its forms in those states."""
        wanted = set(states)
        return [cell for cell in self.cells.values() if cell.state in wanted]

    @property
    def is_done(self) -> bool:
        """Whether all that it owes is accepted."""
        return all(cell.state in {State.ACCEPTED, State.NOT_DUE} for cell in self.cells.values())


Sums = Mapping[str, Mapping[State, int]]
"""Form → state → units."""


@dataclass(frozen=True, slots=True)
class Group:
    """The units under one unit in charge, itself among them."""

    top: UnitLine
    rows: Sequence[Row]
    sums: Sums


@dataclass(frozen=True, slots=True)
class Loose:
    """What stands in no cell: files and accepted forms of no known unit, and files of which no form is known."""

    files: int = 0
    forms: int = 0
    unread: int = 0


@dataclass(frozen=True, slots=True)
class Board:
    """Everything on one day, as far as somebody may see it."""

    round: Round
    day: dt.date
    forms: tuple[str, ...]
    rows: Sequence[Row]
    groups: Sequence[Group]
    sums: Sums
    loose: Loose = field(default_factory=Loose)

    def late_rows(self) -> list[Row]:
        """The units with a form that is late."""
        return [row for row in self.rows if row.cells_in([State.LATE])]


def round_of(connection: Connection, runtime: Runtime, named: str = "") -> Round:
    """The campaign of that id, title or year; where none is named the current one, else the latest, else the plan's.

    Raises:
        NotFoundError: no campaign, or more than one, is called so.
    """
    every = all_campaigns(connection)
    if named:
        found = [item for item in every if named in (item.id, item.title)]
        found = found or [item for item in every if named == str(item.year)]
        if len(found) != 1:
            raise NotFoundError(pointer="campaign")
        return _round(found[0])
    chosen = next((item for item in every if item.current), every[0] if every else None)
    if chosen is not None:
        return replace(_round(chosen), is_current=True)
    usual = usual_values(runtime.settings, runtime.settings.year_on(office_day()))
    dates = _dates(usual["self_check_on"], usual["hand_in_by"])
    return Round("", usual["title"], usual["year"], dates, usual["due"], is_current=True)


def _round(item: Campaign) -> Round:
    return Round(item.id, item.title, item.year, _dates(item.self_check_on, item.hand_in_by), item.due, item.current)


def _dates(first: str, last: str) -> Dates:
    return Dates(dt.date.fromisoformat(first), dt.date.fromisoformat(last))


def board_of(runtime: Runtime, named: str = "", day: dt.date | None = None, scope: Scope = EVERYTHING) -> Board:
    """The board of a campaign, as the store is now, judged as if it were that day.

    Raises:
        NotFoundError: there is no such campaign.
    """
    today = day or office_day()
    forms = tuple(item.form for item in runtime.catalogue.definitions if item.number)
    return runtime.memory.of(("board", named, today, scope, forms), lambda: _worked_out(runtime, named, today, scope))


def _worked_out(runtime: Runtime, named: str, today: dt.date, scope: Scope) -> Board:
    """The board, counted now."""
    catch_up(runtime)
    forms = tuple(item.form for item in runtime.catalogue.definitions if item.number)
    with runtime.database.reading() as connection:
        chosen = round_of(connection, runtime, named)
        seen = None if scope.everything else scope.units
        place = chosen.place(seen)
        lines = [unit for unit in unit_lines(connection) if scope.covers_unit(unit.id)]
        files = file_counts(connection, place)
        piles, loose = _piles(connection, place, files)
        there = cards_there(connection, place)
    tops = _tops(lines)
    rows = [
        Row(unit, tops[unit.id], _cells(unit, forms, chosen, (piles, there), today))
        for unit in lines
        if not unit.ended_on or today.isoformat() < unit.ended_on
    ]
    return Board(chosen, today, forms, rows, _groups(rows, forms), sums_of(rows, forms), loose)


Piles = dict[tuple[str, str], Pile]


def _piles(connection: Connection, place: Place, files: Sequence[FileCount]) -> tuple[Piles, Loose]:
    """What lies there of each unit and form, and what belongs to none."""
    piles: defaultdict[tuple[str, str], Pile] = defaultdict(Pile)
    loose = Loose()
    for item in files:
        living = item.state != "superseded"
        if item.unit_id is None:
            waiting = item.count if living and item.state != "accepted" else 0
            loose = replace(loose, files=loose.files + waiting)
            continue
        if not item.forms and living:
            loose = replace(loose, unread=loose.unread + item.count)
        for form in item.forms:
            piles[item.unit_id, form] = _with_files(piles[item.unit_id, form], item)
    for found in accepted_counts(connection, place):
        if found.unit_id is None:
            loose = replace(loose, forms=loose.forms + found.count)
            continue
        key = (found.unit_id, found.form)
        pile = piles[key]
        first = _earlier(pile.first_on, _day_of(found.first_at))
        piles[key] = replace(pile, accepted=found.count, people=found.people, cards=found.cards, first_on=first)
    return dict(piles), loose


def _with_files(pile: Pile, item: FileCount) -> Pile:
    """The pile with other files on it; of accepted ones the forms are counted, of superseded ones only the day."""
    first = _earlier(pile.first_on, _day_of(item.first_at))
    if item.state == "returned":
        until = _until(item)
        latest = until if pile.returned_until is None else max(pile.returned_until, until)
        return replace(pile, returned=pile.returned + item.count, returned_until=latest, first_on=first)
    if item.state == "review":
        return replace(pile, review=pile.review + item.count, first_on=first)
    if item.state == "received":
        return replace(pile, received=pile.received + item.count, first_on=first)
    return replace(pile, first_on=first)


def _until(item: FileCount) -> dt.date:
    """The last day for a correction: the one set in the notice, for older notices the usual days."""
    if item.deadline:
        return dt.date.fromisoformat(item.deadline)
    return _day_of(item.returned_at or item.first_at) + dt.timedelta(days=DAYS)


def _day_of(seconds: float) -> dt.date:
    return dt.datetime.fromtimestamp(seconds).date()  # noqa: DTZ006  # the office's own calendar day


def _earlier(one: dt.date | None, other: dt.date) -> dt.date:
    return other if one is None else min(one, other)


def _cells(
    unit: UnitLine,
    forms: Sequence[str],
    chosen: Round,
    known: tuple[Piles, Mapping[str | None, int]],
    day: dt.date,
) -> dict[str, Cell]:
    piles, there = known
    owed = chosen.due.get(unit.kind.value, {})
    cells: dict[str, Cell] = {}
    for form in forms:
        when = owed.get(form, "")
        duty = _loan_duty(unit, piles, there) if when == LOANS and form == CARD else Duty(when)
        pile = piles.get((unit.id, form), _NOTHING)
        state = state_of(duty, pile, chosen.dates, day)
        late = days_late(state, pile, chosen.dates, day)
        last, tardy = last_day(pile, chosen.dates), came_late(state, pile, chosen.dates)
        cells[form] = Cell(form, duty, pile, state, late, last, tardy)
    return cells


_NOTHING = Pile()


def _loan_duty(unit: UnitLine, piles: Piles, there: Mapping[str | None, int]) -> Duty:
    roster = piles.get((unit.id, LOAN_LIST), _NOTHING)
    if not roster.accepted:
        return Duty(LOANS, None)
    return Duty(LOANS, roster.cards, max(0, roster.cards - there.get(unit.id, 0)))


def _tops(lines: Sequence[UnitLine]) -> dict[str, UnitLine]:
    """The unit in charge of each: the uppermost above it, as far as one sees."""
    by_id = {unit.id: unit for unit in lines}
    tops: dict[str, UnitLine] = {}
    for unit in lines:
        at, way = unit, {unit.id}
        while at.parent_id in by_id and at.parent_id not in way:
            at = by_id[at.parent_id]
            way.add(at.id)
        tops[unit.id] = at
    return tops


def _groups(rows: Sequence[Row], forms: Sequence[str]) -> list[Group]:
    members: dict[str, list[Row]] = {}
    for row in rows:
        members.setdefault(row.top.id, []).append(row)
    return [Group(found[0].top, found, sums_of(found, forms)) for found in members.values()]


def sums_of(rows: Iterable[Row], forms: Sequence[str]) -> dict[str, dict[State, int]]:
    """How many units are in each state, by form."""
    sums: dict[str, dict[State, int]] = {form: dict.fromkeys(ORDER, 0) for form in forms}
    for row in rows:
        for cell in row.cells.values():
            sums[cell.form][cell.state] += 1
    return sums


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which units of a board are wanted; empty is no condition.

    ``under`` is the id of the unit in charge; ``is_done`` takes those of which all that they owe is accepted.
    """

    form: str = ""
    state: State | None = None
    under: str = ""
    text: str = ""
    is_done: bool = False


def rows_wanted(board: Board, wanted: Wanted) -> list[Row]:
    """The units with a cell of that form and state, under that unit or itself, with those words in the name."""
    return [row for row in board.rows if _is_wanted(row, wanted)]


def _is_wanted(row: Row, wanted: Wanted) -> bool:
    if wanted.under and row.top.id != wanted.under:
        return False
    if wanted.is_done and not row.is_done:
        return False
    if wanted.text and wanted.text.casefold() not in row.unit.name.casefold():
        return False
    cells = [row.cells[wanted.form]] if wanted.form else list(row.cells.values())
    return wanted.state is None or any(cell.state is wanted.state for cell in cells)


def top_called(board: Board, named: str) -> str:
    """The id of a unit in charge, by id or full name.

    Raises:
        NotFoundError: none of the board is called so.
    """
    if not named:
        return ""
    found = next((group.top.id for group in board.groups if named in (group.top.id, group.top.name)), None)
    if found is None:
        raise NotFoundError(pointer="under")
    return found


def row_of_unit(board: Board, identity: str) -> Row:
    """The row of one unit.

    Raises:
        NotFoundError: it is not on the board.
    """
    found = next((row for row in board.rows if row.unit.id == identity), None)
    if found is None:
        raise NotFoundError
    return found
