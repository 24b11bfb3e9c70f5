"""A page of the people of accepted forms, and how many there are: quick, however many the store has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Select, func, not_, select, union_all

from service.store.looking_up import keeping_order, of_unit, people_with, work_plainly
from service.store.records import (
    MOST_NAMED,
    RecordQuery,
    Within,
    form_conditions,
    in_order,
    person_conditions,
    records_of,
)
from service.store.tables import accepted, records

COUNTED = 500
"""So many people are counted one by one, and no more."""


@dataclass(frozen=True, slots=True)
class RecordPage:
    """Some of the people who were asked for, and how many there are; with ``is_least`` so many at least."""

    total: int
    is_least: bool
    rows: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class _Slice:
    """Which people are shown (``limit`` from ``offset`` on), and up to how many are counted."""

    limit: int
    offset: int

    @property
    def most(self) -> int:
        return max(COUNTED, self.offset + 2 * self.limit)


@dataclass(frozen=True, slots=True)
class _Found:
    """Who stands on the page, by the ids of their rows, and how many there are in all."""

    total: int
    is_least: bool
    shown: Sequence[int]


def page_of_records(
    connection: Connection, query: RecordQuery, limit: int, offset: int, within: Within = None
) -> RecordPage:
    """A page of what :func:`service.store.records.find_records` finds.

    What is told by names alone is counted one by one: beyond :data:`COUNTED` people, and more than the next page, that
    is not done. Nobody reads through them all, and counting would take longer than everything else.
    """
    work_plainly(connection)
    part = _Slice(limit, offset)
    found = _found(connection, query, form_conditions(query, within), part, sees_all=within is None)
    # What is sorted is narrow: the values of a page are fetched when it is known who stands on it
    return RecordPage(found.total, found.is_least, records_of(connection, found.shown))


def _found(
    connection: Connection, query: RecordQuery, forms: Sequence[ColumnElement[bool]], part: _Slice, *, sees_all: bool
) -> _Found:
    if not (query.name or query.words or query.id_number):
        return _of_forms(connection, forms, part)
    people: FromClause = records
    named: FromClause = records
    is_wide = not (query.unit or query.id_number or query.document)  # else little is left, which is looked through
    if is_wide:
        people = people_with(connection, query.name)
        named = people_with(connection, query.name + query.words) if query.words else people
    with keeping_order(connection, wanted=is_wide and sees_all and people is records and named is records):
        if query.words:
            return _with_words(connection, query, forms, (people, named), part)
        wanted = _narrow(people, *forms, *person_conditions(connection, query, people))
        return _one_by_one(connection, wanted, part)


def _narrow(people: FromClause, *where: ColumnElement[bool]) -> Select[Any]:
    """Ids of people, and by what they are sorted."""
    order = in_order(people)
    columns = (people.c.id, *(column.label(f"by{at}") for at, column in enumerate(order)))
    joined = people.join(accepted, accepted.c.id == people.c.accepted_id)
    return select(*columns).select_from(joined).where(*where).order_by(*order)


def _of_forms(connection: Connection, forms: Sequence[ColumnElement[bool]], part: _Slice) -> _Found:
    """All people of some forms: each form knows how many it lists."""
    shown = list(connection.scalars(_narrow(records, *forms).limit(part.limit).offset(part.offset)))
    if len(shown) < part.limit and (shown or part.offset == 0):
        return _Found(part.offset + len(shown), is_least=False, shown=shown)
    return _Found(_listed(connection, forms), is_least=False, shown=shown)


def _listed(connection: Connection, forms: Sequence[ColumnElement[bool]]) -> int:
    total = select(func.coalesce(func.sum(accepted.c.people), 0)).where(*forms)
    return int(connection.execute(total).scalar_one())


def _one_by_one(connection: Connection, wanted: Select[Any], part: _Slice) -> _Found:
    """Read from the first person, or far behind from the first of the page, until enough are counted."""
    first = 0 if part.offset <= COUNTED else part.offset
    wanted = wanted.with_only_columns(wanted.selected_columns.id)
    ids = list(connection.scalars(wanted.limit(part.most + 1 - first).offset(first)))
    total = first + len(ids) if ids or not first else _counted(connection, wanted, part.most)
    shown = ids[part.offset - first :][: part.limit]
    return _Found(min(total, part.most), total > part.most, shown)


def _counted(connection: Connection, wanted: Select[Any], most: int) -> int:
    """How many there are, or one more than ``most``. In their order, as that is how they are found quickly."""
    return int(connection.execute(select(func.count()).select_from(wanted.limit(most + 1).subquery())).scalar_one())


def _with_words(
    connection: Connection,
    query: RecordQuery,
    forms: Sequence[ColumnElement[bool]],
    among: tuple[FromClause, FromClause],
    part: _Slice,
) -> _Found:
    """People of units with these words, and people named so in others: looked for apart, each has its own index.

    ``among`` are where the first and where the second are found.
    """
    unit, (people, named) = of_unit(connection, query.words), among
    by_name = _named(connection, named, query.words)
    ways = (
        _narrow(people, *forms, *person_conditions(connection, query, people), unit),
        _narrow(named, *forms, *person_conditions(connection, query, named), not_(unit), by_name),
    )
    tops = (way.limit(part.limit + part.offset).subquery() for way in ways)
    both = union_all(*(select(top) for top in tops)).subquery()
    order = [column for column in both.c if column is not both.c.id]
    shown = list(connection.scalars(select(both.c.id).order_by(*order).limit(part.limit).offset(part.offset)))
    if len(shown) < part.limit and (shown or part.offset == 0):
        return _Found(part.offset + len(shown), is_least=False, shown=shown)
    if query.name or query.id_number:
        total = sum(_counted(connection, way, part.most) for way in ways)
        return _Found(min(total, part.most), total > part.most, shown)
    found = _counted(connection, ways[1], part.most)
    total = _listed(connection, [*forms, unit]) + min(found, part.most)
    return _Found(total, found > part.most, shown)


def _named(connection: Connection, people: FromClause, words: str) -> ColumnElement[bool]:
    """People named so; on SQLite, if they are few, looked up once, through the names alone and not form by form."""
    holds: ColumnElement[bool] = people.c.name.contains(words, autoescape=True)
    if connection.dialect.name != "sqlite":
        return holds
    few = list(connection.scalars(select(people.c.id).where(holds).limit(MOST_NAMED + 1)))
    return people.c.id.in_(few) if len(few) <= MOST_NAMED else holds
