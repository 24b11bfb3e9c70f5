"""Accepted people who stand in several forms, and what was found of them across units."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Connection, Row, Select, and_, case, delete, func, insert, or_, select

from service.store.campaign_tables import cross_findings
from service.store.sealing.columns import InRow, opener, row_of, sealed_text
from service.store.tables import accepted, documents, records

CHUNK = 500
PORTION = 2000
"""Rows that come from the database together."""
_STAFF = ("attachment-2", "attachment-3", "attachment-5")
_LOANS = ("attachment-1", "attachment-4")
Within = Callable[[ColumnElement[str]], ColumnElement[bool]] | None
"""What limits a query to the things that somebody may see, made for the column with their ids; ``None`` for all."""


@dataclass(frozen=True, slots=True)
class FormRow:
    """An accepted form: whose it is, in which document, of which campaign, with the values of its head."""

    id: str
    document_id: str
    item: int
    form: str
    edition: str
    unit: str
    campaign_id: str | None
    header: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person of an accepted form; ``line`` counts from zero."""

    accepted_id: str
    line: int
    name: str
    id_index: str
    entries: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class CrossFinding:
    """What two accepted forms show together, as entered for one of them.

    ``told`` is what the unit of the document may read; ``body`` names both sides.
    """

    document_id: str
    item: int
    form: str
    unit: str
    other_document_id: str
    other_unit: str
    campaign_id: str | None
    severity: str
    code: str
    path: str
    told: str
    body: Mapping[str, Any]


def accepted_now(connection: Connection) -> dict[str, FormRow]:
    """Every accepted form that no other has superseded, by its id."""
    joined = accepted.join(documents, documents.c.id == accepted.c.document_id)
    columns = [accepted.c[name] for name in ("id", "document_id", "item", "form", "edition", "unit")]
    wanted = select(*columns, documents.c.campaign_id, accepted.c.header).select_from(joined)
    found = connection.execute(wanted.where(accepted.c.state == "accepted"))
    return {row.id: FormRow(**row._mapping) for row in found}  # noqa: SLF001  # the documented way to a row as a mapping


def shared_numbers(connection: Connection, document: str | None = None) -> list[str]:
    """The blind indexes of identity numbers that stand in forms which may speak against each other.

    Those of two units, or of one unit as dismissed and kept, or as borrowed and employed. With ``document`` only those
    that stand in it.
    """
    joined = records.join(accepted, accepted.c.id == records.c.accepted_id)

    def has(*forms: str) -> Any:  # noqa: ANN401  # an SQL expression
        return func.max(case((accepted.c.form.in_(forms), 1), else_=0))

    mixed = or_(
        func.count(accepted.c.unit.distinct()) > 1,
        has("attachment-2") + has("attachment-3", "attachment-5") > 1,
        has(*_LOANS) + has(*_STAFF) > 1,
        has("attachment-1") + has("attachment-4") > 1,
    )
    where = [records.c.id_index != "", accepted.c.state == "accepted"]
    if document is not None:
        theirs = select(records.c.id_index).join(accepted, accepted.c.id == records.c.accepted_id)
        where.append(records.c.id_index.in_(theirs.where(accepted.c.document_id == document)))
    grouped = select(records.c.id_index).select_from(joined).where(*where).group_by(records.c.id_index).having(mixed)
    return list(connection.scalars(grouped))


def unnumbered_names(connection: Connection, document: str | None = None) -> list[str]:
    """The names of people without an identity number; with ``document`` also all names in it where any lacks one."""
    joined = records.join(accepted, accepted.c.id == records.c.accepted_id)
    where = and_(records.c.id_index == "", records.c.name != "", accepted.c.state == "accepted")
    names = select(records.c.name).distinct().select_from(joined).where(where)
    if document is not None:
        theirs = select(records.c.name).join(accepted, accepted.c.id == records.c.accepted_id)
        names = names.where(records.c.name.in_(theirs.where(accepted.c.document_id == document)))
    return list(connection.scalars(names))


def people_by(connection: Connection, column: str, values: Sequence[str]) -> Iterator[PersonRow]:
    """The accepted people whose ``id_index`` or ``name`` is one of those."""
    for start in range(0, len(values), CHUNK):
        wanted = _people().where(records.c[column].in_(values[start : start + CHUNK]))
        yield from (_person(row) for row in connection.execute(wanted))


def people_of_form(
    connection: Connection, form: str, campaign: str | None, keys: Collection[str]
) -> Iterator[PersonRow]:
    """The accepted people of one form in one campaign, in any order, with those entries alone.

    They may be a great many: rows come in portions, and of each only what is asked for is kept.
    """
    joined = records.join(accepted, accepted.c.id == records.c.accepted_id)
    joined = joined.join(documents, documents.c.id == accepted.c.document_id)
    columns = [records.c[name] for name in ("accepted_id", "line", "name", "id_index")]
    wanted = select(*columns, sealed_text(records.c.entries)).select_from(joined)
    wanted = wanted.where(accepted.c.state == "accepted", accepted.c.form == form)
    wanted = wanted.where(documents.c.campaign_id.is_not_distinct_from(campaign))
    wanted = wanted.execution_options(yield_per=PORTION)
    opened = opener(records.c.entries, connection.dialect)
    for row in connection.execute(wanted):
        found = _loaded(opened(row[4]))
        yield PersonRow(*row[:4], {key: found[key] for key in keys if key in found})


def _loaded(text: str) -> dict[str, Any]:
    try:
        found: dict[str, Any] = orjson.loads(text)
    except orjson.JSONDecodeError:  # it is stricter than what the store takes
        found = json.loads(text)
    return found


def _person(row: Row[Any]) -> PersonRow:
    return PersonRow(**row._mapping)  # noqa: SLF001  # the documented way to a row as a mapping


def _people() -> Select[Any]:
    columns = [records.c[name] for name in ("accepted_id", "line", "name", "id_index", "entries")]
    joined = records.join(accepted, accepted.c.id == records.c.accepted_id)
    return select(*columns).select_from(joined).where(accepted.c.state == "accepted")


def replace_findings(connection: Connection, found: Iterable[CrossFinding], document: str | None = None) -> int:
    """Enter what was found, instead of all that was known, or of all that was known of one document.

    What speaks of a form that is accepted no more is left out. Returns how many there are.
    """
    table = cross_findings
    clearing = delete(table)
    if document is not None:
        clearing = clearing.where(or_(table.c.document_id == document, table.c.other_document_id == document))
    connection.execute(clearing)
    wanted = select(accepted.c.document_id).distinct().where(accepted.c.state == "accepted")
    living = set(connection.scalars(wanted))
    now = time.time()
    rows = [_row(item, now) for item in found if {item.document_id, item.other_document_id} <= living]
    if rows:
        connection.execute(insert(table), rows)
    return len(rows)


def _row(item: CrossFinding, now: float) -> dict[str, Any]:
    row = row_of(item.document_id, item.item, item.code, item.path)
    values = {name: getattr(item, name) for name in CrossFinding.__slots__}
    return {**values, "told": InRow(row, item.told), "body": InRow(row, dict(item.body)), "found_at": now}


def forget_findings(connection: Connection, document: str) -> None:
    """The document is accepted no more: nothing is said of it, nor of others because of it."""
    table = cross_findings
    connection.execute(delete(table).where(or_(table.c.document_id == document, table.c.other_document_id == document)))


def list_findings(
    connection: Connection, exact: Mapping[str, str], within: Within, limit: int, offset: int
) -> tuple[int, Sequence[Mapping[str, Any]]]:
    """How many there are for documents that somebody may see, and those of one page, the worst first."""
    table = cross_findings
    where = [table.c[name] == text for name, text in exact.items() if text]
    if within is not None:
        where.append(within(table.c.document_id))
    total = connection.execute(select(func.count()).select_from(table).where(*where)).scalar_one()
    order = (table.c.severity, table.c.code, table.c.unit, table.c.id)
    wanted = select(table, documents.c.name.label("file")).join(documents, documents.c.id == table.c.document_id)
    found = connection.execute(wanted.where(*where).order_by(*order).limit(limit).offset(offset))
    return int(total), [dict(row._mapping) for row in found]  # noqa: SLF001  # the documented way to a row
