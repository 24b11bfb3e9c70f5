"""The normalised store: people of accepted forms, the findings of all documents, and who saw whole numbers."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Select, delete, func, insert, or_, select, update

from service.store.looking_up import of_unit, people_with
from service.store.sealing.columns import InRow, row_of
from service.store.sealing.vault import vault_of
from service.store.tables import accepted, disclosures, documents, findings, records, submissions

Within = Callable[[ColumnElement[str]], ColumnElement[bool]] | None
"""The condition that limits a query to what somebody may see, made for the column with the things' ids; or no limit."""
MOST_NAMED = 500
"""Rows that one statement names."""
ID_NUMBER = "id_number"
"""What the blind index of records is of."""


@dataclass(frozen=True, slots=True)
class AcceptedForm:
    """One form of an accepted document, to be entered. ``people`` have their normal values and codes by key."""

    item: int
    form: str
    edition: str
    unit: str
    header: dict[str, Any]
    marks: list[dict[str, Any]]
    people: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class RecordQuery:
    """Which people are wanted; an empty text is no condition. ``state`` ``all`` is any.

    ``unit`` and ``id_number`` are whole; ``name`` may be a part of it, ``words`` of a name or unit.
    """

    form: str = ""
    unit: str = ""
    state: str = "accepted"
    name: str = ""
    id_number: str = ""
    words: str = ""
    document: str = ""


@dataclass(frozen=True, slots=True)
class FindingQuery:
    """Which findings are wanted; an empty text is no condition."""

    form: str = ""
    unit: str = ""
    severity: str = ""
    code: str = ""
    document: str = ""


def keep_accepted(
    connection: Connection, identity: str, forms: Iterable[AcceptedForm], who: str, reason: str = ""
) -> int:
    """Enter the forms of an accepted document and their people; returns how many people that are."""
    count = 0
    for item in forms:
        key = str(uuid.uuid4())
        row = {
            "id": key,
            "document_id": identity,
            "item": item.item,
            "form": item.form,
            "edition": item.edition,
            "unit": item.unit,
            "state": "accepted",
            "header": InRow(key, item.header),
            "marks": InRow(key, item.marks),
            "accepted_at": time.time(),
            "accepted_by": who,
            "reason": InRow(key, reason),
            "people": len(item.people),
        }
        connection.execute(insert(accepted).values(row))
        rows = [_person(connection, key, line, person) for line, person in enumerate(item.people)]
        if rows:
            connection.execute(insert(records), rows)
        count += len(rows)
    return count


def _person(connection: Connection, key: str, line: int, person: Mapping[str, Any]) -> dict[str, Any]:
    name, number = (str((person.get(known) or {}).get("value") or "").strip() for known in ("name", "id_number"))
    index = vault_of(connection.dialect).index(ID_NUMBER, number.upper())
    return {
        "accepted_id": key,
        "line": line,
        "name": name,
        "id_index": index,
        "entries": InRow(row_of(key, line), dict(person)),
    }


def supersede_accepted(connection: Connection, identity: str) -> None:
    """The forms of that document are no longer the latest word."""
    connection.execute(update(accepted).where(accepted.c.document_id == identity).values(state="superseded"))


def find_records(
    connection: Connection, query: RecordQuery, within: Within = None
) -> tuple[int, Sequence[Mapping[str, Any]]]:
    """How many people there are, and all of them: the columns of both tables, by form, unit and line."""
    where = [*form_conditions(query, within), *person_conditions(connection, query, records)]
    if query.words:
        named = records.c.name.contains(query.words, autoescape=True)
        where.append(or_(named, of_unit(connection, query.words)))
    few = people_with(connection, query.name)
    if few is not records:
        where.append(records.c.id.in_(select(few.c.id)))
    rows = _page(connection, _wide().where(*where), None, 0)
    return len(rows), rows


def records_of(connection: Connection, ids: Sequence[int]) -> Sequence[Mapping[str, Any]]:
    """The rows with these ids, as :func:`find_records` gives them."""
    return _page(connection, _wide().where(records.c.id.in_(ids)), None, 0) if ids else ()


def in_order(people: FromClause) -> tuple[ColumnElement[Any], ...]:
    """By what people of accepted forms are sorted, who may be some of the table only."""
    of_form = (accepted.c.form, accepted.c.unit, accepted.c.accepted_at, accepted.c.id)
    return (*of_form, people.c.line)


def _wide() -> Select[Any]:
    columns = (accepted.c[name] for name in _OF_FORM)
    return select(records, *columns).select_from(_JOINED).order_by(*in_order(records))


_JOINED = records.join(accepted, accepted.c.id == records.c.accepted_id)


def _within(within: Within, column: ColumnElement[str]) -> list[ColumnElement[bool]]:
    return [] if within is None else [within(column)]


_OF_FORM = ("document_id", "item", "form", "edition", "unit", "state", "header", "accepted_at", "accepted_by", "reason")


def form_conditions(query: RecordQuery, within: Within) -> list[ColumnElement[bool]]:
    """What a query says of the form on which somebody stands."""
    exact = {
        accepted.c.form: query.form,
        accepted.c.unit: query.unit,
        accepted.c.document_id: query.document,
        accepted.c.state: "" if query.state == "all" else query.state,
    }
    return [*(column == wanted for column, wanted in exact.items() if wanted), *_within(within, accepted.c.id)]


def person_conditions(connection: Connection, query: RecordQuery, people: FromClause) -> list[ColumnElement[bool]]:
    """What a query says of the person, but for its words, of ``people``: the table, or some of its rows."""
    where: list[ColumnElement[bool]] = []
    if query.id_number:
        indexes = vault_of(connection.dialect).indexes(ID_NUMBER, query.id_number.strip().upper())
        where.append(people.c.id_index.in_(indexes))
    if query.name:
        where.append(people.c.name.contains(query.name, autoescape=True))
    return where


def find_person(connection: Connection, identity: str, item: int, line: int) -> list[Mapping[str, Any]]:
    """A row of a form of a document as it stands in the store, the latest acceptance first; with both tables' columns.

    A document that was accepted again has the row once for each time.
    """
    wide = select(records, *(accepted.c[name] for name in _OF_FORM)).select_from(_JOINED)
    where = (accepted.c.document_id == identity, accepted.c.item == item, records.c.line == line)
    return list(_page(connection, wide.where(*where).order_by(accepted.c.accepted_at.desc()), None, 0))


def accepted_forms(connection: Connection, query: RecordQuery, within: Within = None) -> Sequence[Mapping[str, Any]]:
    """The accepted forms themselves, also those that list nobody, under the conditions that speak of a form."""
    wanted = select(accepted).order_by(accepted.c.form, accepted.c.unit, accepted.c.accepted_at)
    return _page(connection, wanted.where(*form_conditions(query, within)), None, 0)


def keep_findings(
    connection: Connection, identity: str, found: Iterable[tuple[int, str, str, Mapping[str, Any]]]
) -> None:
    """The findings of a document as they stand now: item, form, unit and body of each; those of before go."""
    connection.execute(delete(findings).where(findings.c.document_id == identity))
    rows = [_finding(identity, *one) for one in found]
    if rows:
        connection.execute(insert(findings), rows)


def _finding(identity: str, item: int, form: str, unit: str, body: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "document_id": identity,
        "item": item,
        "form": form,
        "unit": unit,
        "severity": body["severity"],
        "code": body["code"],
        "path": body["path"],
        "body": InRow(row_of(identity, item, body["code"], body["path"]), dict(body)),
    }


def findings_of(connection: Connection, identity: str) -> list[tuple[int, int, dict[str, Any]]]:
    """The findings of a document: number of the row, form in the file, and body."""
    wanted = select(findings.c.id, findings.c.item, findings.c.body).where(findings.c.document_id == identity)
    return [(row.id, row.item, row.body) for row in connection.execute(wanted.order_by(findings.c.id))]


def change_findings(
    connection: Connection,
    identity: str,
    gone: Sequence[int],
    come: Iterable[tuple[int, str, str, Mapping[str, Any]]],
) -> None:
    """Take some findings of a document away, by the numbers of their rows, and enter others."""
    for start in range(0, len(gone), MOST_NAMED):
        few = gone[start : start + MOST_NAMED]
        connection.execute(delete(findings).where(findings.c.document_id == identity, findings.c.id.in_(few)))
    rows = [_finding(identity, *one) for one in come]
    if rows:
        connection.execute(insert(findings), rows)


def find_findings(
    connection: Connection, query: FindingQuery, limit: int, offset: int = 0, within: Within = None
) -> tuple[int, Sequence[Mapping[str, Any]]]:
    """How many findings there are, and those of one page; a document that was superseded tells none any more."""
    joined = findings.join(submissions, submissions.c.document_id == findings.c.document_id).join(
        documents, documents.c.id == findings.c.document_id
    )
    exact = {
        findings.c.form: query.form,
        findings.c.unit: query.unit,
        findings.c.severity: query.severity,
        findings.c.code: query.code,
        findings.c.document_id: query.document,
    }
    where = [*(column == text for column, text in exact.items() if text), *_within(within, findings.c.document_id)]
    if not query.document:
        where.append(submissions.c.state != "superseded")
    total = connection.execute(select(func.count()).select_from(joined).where(*where)).scalar_one()
    wanted = select(findings, submissions.c.state, documents.c.name.label("file")).select_from(joined).where(*where)
    return int(total), _page(connection, wanted.order_by(findings.c.id.desc()), limit, offset)


def keep_disclosure(
    connection: Connection, *, who: str, what: str, filters: Mapping[str, str], people: int, reason: str
) -> None:
    """Record that somebody saw whole numbers."""
    row = {"at": time.time(), "who": who, "what": what, "filters": dict(filters), "people": people, "reason": reason}
    connection.execute(insert(disclosures).values(row))


def _page(connection: Connection, wanted: Select[Any], limit: int | None, offset: int) -> Sequence[Mapping[str, Any]]:
    paged = wanted.limit(limit).offset(offset) if limit is not None else wanted
    return [dict(row._mapping) for row in connection.execute(paged)]  # noqa: SLF001  # the documented way
