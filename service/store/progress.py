"""What progress is counted from: files by unit, form and state, accepted forms, people by code, and days.

Everything is grouped by the database; whose a file is, the table ``belonging`` says.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, FromClause, and_, func, insert, or_, select

from service.store.account_tables import belongings
from service.store.progress_tables import dated_rows, form_counts, form_figures
from service.store.tables import accepted, documents, notices, records, submissions
from service.store.unit_tables import units
from service.store.units import UnitKind

LOAN, DISPATCH = "loan", "dispatch"
"""Kinds of rows with days."""
CHUNK = 500
"""People that one statement names."""
ROSTER, CARD = "attachment-1", "attachment-4"
"""The list of a unit's loans, and the form of which one is owed for each longer loan in it."""


@dataclass(frozen=True, slots=True)
class Place:
    """Of which campaign and of which units things are counted.

    ``loose`` takes in what belongs to no campaign, as files of before there were campaigns do. ``units`` is ``None``
    where there is no limit, which takes in what belongs to no known unit.
    """

    campaign_id: str | None = None
    loose: bool = True
    units: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class UnitLine:
    """A unit as progress needs it; ``ended_on`` is the first day on which it is no more, empty while it lives."""

    id: str
    name: str
    kind: UnitKind
    parent_id: str | None
    ended_on: str
    liaison: str


@dataclass(frozen=True, slots=True)
class FileCount:
    """Files of one unit with the same forms in the same state.

    ``unit_id`` is ``None`` where none is known, ``forms`` empty where nobody knows yet. Times are seconds since 1970.
    """

    unit_id: str | None
    forms: frozenset[str]
    state: str
    count: int
    first_at: float
    deadline: str
    returned_at: float


@dataclass(frozen=True, slots=True)
class FormCount:
    """Accepted forms of one kind of one unit, the people in them, and how many of those call for an attachment-4."""

    unit_id: str | None
    form: str
    count: int
    people: int
    cards: int
    first_at: float


def _in_place(place: Place, *, unit: ColumnElement[Any]) -> list[ColumnElement[bool]]:
    where = [_of_campaign(place, documents)]
    if place.units is not None:
        where.append(unit.in_(sorted(place.units)))
    return where


def _of_campaign(place: Place, file: FromClause) -> ColumnElement[bool]:
    """The condition on a document that it belongs to the campaign."""
    ways = [file.c.campaign_id == place.campaign_id] if place.campaign_id is not None else []
    if place.loose:
        ways.append(file.c.campaign_id.is_(None))
    return or_(*ways)


def _with_unit(kind: str, thing: ColumnElement[Any], rest: FromClause) -> FromClause:
    return rest.outerjoin(belongings, and_(belongings.c.kind == kind, belongings.c.thing_id == thing))


def unit_lines(connection: Connection) -> list[UnitLine]:
    """Every unit in the order of the list."""
    columns = [units.c[name] for name in ("id", "name", "kind", "parent_id", "ended_on", "liaison")]
    found = connection.execute(select(*columns).order_by(units.c.position, units.c.name))
    return [
        UnitLine(row.id, row.name, UnitKind(row.kind), row.parent_id, row.ended_on or "", row.liaison or "")
        for row in found
    ]


def file_counts(connection: Connection, place: Place) -> list[FileCount]:
    """The returned files by unit, forms and state (``received``, ``review``, ``returned``, ``accepted``, superseded).

    A file that was not read yet is counted under the form that its sender said it is.
    """
    joined = documents.outerjoin(submissions, submissions.c.document_id == documents.c.id)
    joined = joined.outerjoin(notices, notices.c.document_id == documents.c.id)
    source = _with_unit("document", documents.c.id, joined)
    keys = (belongings.c.unit_id, belongings.c.forms, documents.c.form_hint, submissions.c.state)
    figures = (
        func.count().label("files"),
        func.min(documents.c.received_at).label("first_at"),
        func.max(notices.c.deadline).label("deadline"),
        func.max(notices.c.made_at).label("returned_at"),
    )
    wanted = select(*keys, *figures).select_from(source).where(*_in_place(place, unit=belongings.c.unit_id))
    return [
        FileCount(
            row.unit_id,
            frozenset((row.forms or row.form_hint or "").split(",")) - {""},
            row.state if row.state not in (None, "read") else "received",
            row.files,
            row.first_at,
            row.deadline or "",
            row.returned_at or 0.0,
        )
        for row in connection.execute(wanted.group_by(*keys))
    ]


def accepted_counts(connection: Connection, place: Place) -> list[FormCount]:
    """The accepted forms that no other has superseded, by unit and form."""
    joined = accepted.join(documents, documents.c.id == accepted.c.document_id)
    joined = joined.join(form_figures, form_figures.c.accepted_id == accepted.c.id)
    source = _with_unit("accepted", accepted.c.id, joined)
    keys = (belongings.c.unit_id, accepted.c.form)
    figures = (
        func.count().label("forms"),
        func.sum(form_figures.c.people).label("people"),
        func.sum(form_figures.c.cards).label("cards"),
        func.min(documents.c.received_at).label("first_at"),
    )
    where = [accepted.c.state == "accepted", *_in_place(place, unit=belongings.c.unit_id)]
    found = connection.execute(select(*keys, *figures).select_from(source).where(*where).group_by(*keys))
    return [FormCount(row.unit_id, row.form, row.forms, int(row.people), int(row.cards), row.first_at) for row in found]


def cards_there(connection: Connection, place: Place) -> dict[str | None, int]:
    """By unit: rows of its accepted attachment-1 that call for an attachment-4 and whose person has an accepted one.

    People are known by the blind index of their numbers; one without a number is found by nobody. The way begins at
    the attachment-4, of which there are few.
    """
    joined = accepted.join(documents, documents.c.id == accepted.c.document_id)
    source = _with_unit("accepted", accepted.c.id, joined)
    here = [accepted.c.state == "accepted", *_in_place(place, unit=belongings.c.unit_id)]
    base = select(belongings.c.unit_id, accepted.c.id).select_from(source).where(*here)
    rosters = {row.id: row.unit_id for row in connection.execute(base.where(accepted.c.form == ROSTER))}
    of_card = base.where(accepted.c.form == CARD).subquery()
    cards = select(of_card.c.unit_id, records.c.id_index).join(of_card, of_card.c.id == records.c.accepted_id)
    found = connection.execute(cards.where(records.c.id_index != ""))
    have = {(row.unit_id, row.id_index) for row in found}
    people = sorted({person for _, person in have})
    of_row = and_(dated_rows.c.accepted_id == records.c.accepted_id, dated_rows.c.line == records.c.line)
    # No more tables than these two: what they are joined with otherwise tempts a database to begin elsewhere
    owed = select(records.c.accepted_id, records.c.id_index).join(dated_rows, of_row).where(dated_rows.c.needs_card)
    there: dict[str | None, int] = {}
    for start in range(0, len(people), CHUNK):
        for form, person in connection.execute(owed.where(records.c.id_index.in_(people[start : start + CHUNK]))):
            if form in rosters and (rosters[form], person) in have:
                there[rosters[form]] = there.get(rosters[form], 0) + 1
    return there


def code_counts(connection: Connection, place: Place, key: str) -> dict[tuple[str, str], int]:
    """People of accepted forms by form and the code that they have in a field."""
    joined = form_counts.join(accepted, accepted.c.id == form_counts.c.accepted_id)
    source = _with_unit("accepted", accepted.c.id, joined.join(documents, documents.c.id == accepted.c.document_id))
    where = [accepted.c.state == "accepted", form_counts.c.key == key, *_in_place(place, unit=belongings.c.unit_id)]
    keys = (accepted.c.form, form_counts.c.code)
    wanted = select(*keys, func.sum(form_counts.c.people).label("people")).select_from(source).where(*where)
    return {(row.form, row.code): int(row.people) for row in connection.execute(wanted.group_by(*keys))}


class DatedRow(NamedTuple):
    """A person on loan or dispatched: where the row stands, whose it is, and its days (``YYYY-MM-DD`` or empty).

    ``person`` is the blind index of the number, empty without one. There are tens of thousands of them: a tuple.
    """

    accepted_id: str
    line: int
    document_id: str
    form: str
    unit: str
    unit_id: str | None
    person: str
    name: str
    starts_on: str | None
    ends_on: str | None
    term_ends_on: str | None
    returned_on: str | None
    partner: str
    closed: bool
    unsure: bool


class DatedForm(NamedTuple):
    """An accepted form that may have rows with days, and whose it is."""

    id: str
    document_id: str
    form: str
    unit: str
    unit_id: str | None


_DAYS = ("starts_on", "ends_on", "term_ends_on", "returned_on", "partner", "closed", "unsure")


def dated_forms(connection: Connection, place: Place, forms: Collection[str]) -> list[DatedForm]:
    """The accepted forms of those kinds that were counted and that no other has superseded, by unit and form."""
    joined = accepted.join(documents, documents.c.id == accepted.c.document_id)
    joined = joined.join(form_figures, form_figures.c.accepted_id == accepted.c.id)
    columns = (accepted.c.id, accepted.c.document_id, accepted.c.form, accepted.c.unit, belongings.c.unit_id)
    wanted = select(*columns).select_from(_with_unit("accepted", accepted.c.id, joined))
    where = [accepted.c.state == "accepted", accepted.c.form.in_(sorted(forms))]
    where += _in_place(place, unit=belongings.c.unit_id)
    order = (accepted.c.unit, accepted.c.form, accepted.c.accepted_at, accepted.c.id)
    return [DatedForm(*row) for row in connection.execute(wanted.where(*where).order_by(*order))]


def days_of_forms(connection: Connection, forms: Sequence[DatedForm], kind: str) -> dict[str, list[DatedRow]]:
    """The rows with days of those forms, by form and in the order of the lines; a form without any has none."""
    found: dict[str, list[DatedRow]] = {form.id: [] for form in forms}
    heads = {form.id: form for form in forms}
    of_row = and_(records.c.accepted_id == dated_rows.c.accepted_id, records.c.line == dated_rows.c.line)
    columns = (dated_rows.c.accepted_id, dated_rows.c.line, records.c.id_index, records.c.name)
    wanted = select(*columns, *(dated_rows.c[name] for name in _DAYS)).select_from(dated_rows.join(records, of_row))
    ids = [form.id for form in forms]
    for start in range(0, len(ids), CHUNK):
        here = (dated_rows.c.accepted_id.in_(ids[start : start + CHUNK]), dated_rows.c.kind == kind)
        for identity, line, *rest in connection.execute(wanted.where(*here)):
            head = heads[identity]
            found[identity].append(
                DatedRow(identity, line, head.document_id, head.form, head.unit, head.unit_id, *rest)
            )
    for rows in found.values():
        rows.sort(key=_line_of)
    return found


def _line_of(row: DatedRow) -> int:
    return row.line


def dated(connection: Connection, place: Place, kind: str, between: tuple[str, str]) -> list[DatedRow]:
    """The rows of accepted forms with days that end between two days, by unit, form and line."""
    joined = dated_rows.join(accepted, accepted.c.id == dated_rows.c.accepted_id)
    joined = joined.join(documents, documents.c.id == accepted.c.document_id)
    of_row = and_(records.c.accepted_id == dated_rows.c.accepted_id, records.c.line == dated_rows.c.line)
    source = _with_unit("accepted", accepted.c.id, joined.join(records, of_row))
    wanted = select(
        dated_rows.c.accepted_id,
        dated_rows.c.line,
        dated_rows.c.document_id,
        accepted.c.form,
        accepted.c.unit,
        belongings.c.unit_id,
        records.c.id_index.label("person"),
        records.c.name,
        *(dated_rows.c[name] for name in _DAYS),
    ).select_from(source)
    where = [accepted.c.state == "accepted", dated_rows.c.kind == kind, *_in_place(place, unit=belongings.c.unit_id)]
    where.append(or_(*(dated_rows.c[name].between(*between) for name in ("ends_on", "term_ends_on"))))
    order = (accepted.c.unit, accepted.c.form, accepted.c.accepted_at, dated_rows.c.accepted_id, dated_rows.c.line)
    return [DatedRow(*row) for row in connection.execute(wanted.where(*where).order_by(*order))]


def undated(connection: Connection, place: Place, kind: str) -> int:
    """How many rows of accepted forms, not over by their own word, have no certain end."""
    joined = dated_rows.join(accepted, accepted.c.id == dated_rows.c.accepted_id)
    source = _with_unit("accepted", accepted.c.id, joined.join(documents, documents.c.id == accepted.c.document_id))
    where = [accepted.c.state == "accepted", dated_rows.c.kind == kind, *_in_place(place, unit=belongings.c.unit_id)]
    where += [dated_rows.c.ends_on.is_(None), dated_rows.c.term_ends_on.is_(None), dated_rows.c.closed.is_(False)]
    return connection.execute(select(func.count()).select_from(source).where(*where)).scalar_one()


def entries_of(connection: Connection, places: Sequence[tuple[str, int]]) -> dict[tuple[str, int], Mapping[str, Any]]:
    """The values of those rows, by form and line; each row is opened."""
    lines: dict[str, list[int]] = {}
    for identity, line in places:
        lines.setdefault(identity, []).append(line)
    found: dict[tuple[str, int], Mapping[str, Any]] = {}
    for identity, wanted in lines.items():
        query = select(records.c.line, records.c.entries).where(records.c.accepted_id == identity)
        for row in connection.execute(query.where(records.c.line.in_(wanted))):
            found[identity, row.line] = row.entries
    return found


def uncounted(connection: Connection) -> list[str]:
    """The accepted forms that were not counted yet."""
    counted = select(form_figures.c.accepted_id).where(form_figures.c.accepted_id == accepted.c.id)
    wanted = select(accepted.c.id).where(accepted.c.state == "accepted", ~counted.exists())
    return list(connection.scalars(wanted.order_by(accepted.c.accepted_at)))


@dataclass(frozen=True, slots=True)
class AcceptedWhole:
    """An accepted form with the values of its head and of its people."""

    id: str
    document_id: str
    form: str
    edition: str
    unit: str
    campaign_id: str | None
    header: Mapping[str, Any]
    people: Sequence[tuple[int, Mapping[str, Any]]]


def whole_form(connection: Connection, identity: str) -> AcceptedWhole:
    """The accepted form of that id; its rows are opened."""
    columns = [accepted.c[name] for name in ("id", "document_id", "form", "edition", "unit")]
    joined = accepted.join(documents, documents.c.id == accepted.c.document_id)
    query = select(*columns, documents.c.campaign_id, accepted.c.header).select_from(joined)
    row = connection.execute(query.where(accepted.c.id == identity)).one()
    lines = select(records.c.accepted_id, records.c.line, records.c.entries).where(records.c.accepted_id == identity)
    people = [(found.line, found.entries) for found in connection.execute(lines.order_by(records.c.line))]
    return AcceptedWhole(**row._mapping, people=people)  # noqa: SLF001  # the documented way to a row as a mapping


@dataclass(frozen=True, slots=True)
class Counted:
    """What an accepted form says in figures: people, people by field and code, and rows with days (their columns)."""

    people: int
    codes: Mapping[tuple[str, str], int]
    days: Sequence[Mapping[str, Any]]


def keep_counts(connection: Connection, accepted_id: str, document_id: str, counted: Counted) -> None:
    """Enter what an accepted form says in figures and days."""
    base = {"accepted_id": accepted_id, "document_id": document_id}
    cards = sum(1 for row in counted.days if row["needs_card"])
    connection.execute(insert(form_figures).values(**base, people=counted.people, cards=cards))
    codes = [{**base, "key": key, "code": code, "people": people} for (key, code), people in counted.codes.items()]
    if codes:
        connection.execute(insert(form_counts), codes)
    rows = [{**base, **row} for row in counted.days]
    if rows:
        connection.execute(insert(dated_rows), rows)


def accepted_ids(connection: Connection, document_id: str) -> dict[int, str]:
    """The accepted forms of a document that no other has superseded: number in the file → id."""
    wanted = select(accepted.c.item, accepted.c.id).where(accepted.c.document_id == document_id)
    return {row.item: row.id for row in connection.execute(wanted.where(accepted.c.state == "accepted"))}


@dataclass(frozen=True, slots=True)
class FileLine:
    """A returned file of a unit, for the page of that unit."""

    id: str
    name: str
    forms: frozenset[str]
    state: str
    received_at: float
    deadline: str


def files_of_unit(connection: Connection, place: Place, limit: int) -> list[FileLine]:
    """The latest files of the place's units; superseded ones too."""
    joined = documents.outerjoin(submissions, submissions.c.document_id == documents.c.id)
    joined = joined.outerjoin(notices, notices.c.document_id == documents.c.id)
    source = _with_unit("document", documents.c.id, joined)
    wanted = select(
        documents.c.id,
        documents.c.name,
        belongings.c.forms,
        documents.c.form_hint,
        documents.c.state.label("read_state"),
        submissions.c.state,
        documents.c.received_at,
        notices.c.deadline,
    ).select_from(source)
    where = _in_place(place, unit=belongings.c.unit_id)
    found = connection.execute(wanted.where(*where).order_by(documents.c.received_at.desc()).limit(limit))
    return [
        FileLine(
            row.id,
            row.name,
            frozenset((row.forms or row.form_hint or "").split(",")) - {""},
            row.state if row.state not in (None, "read") else row.read_state,
            row.received_at,
            row.deadline or "",
        )
        for row in found
    ]
