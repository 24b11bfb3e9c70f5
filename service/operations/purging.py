"""Personal data whose time is over: cleared, with a tombstone in its place and a proof in the audit chain.

Only documents that are settled are cleared; one that somebody still works on is told and stays. Of a cleared document
there remain its id, unit, state and days, and who did what when; its values, its name and its file are gone.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table, delete, func, or_, select, update

from service.audit.chain import record
from service.audit.events import Action, AuditEvent
from service.operations.verifying import orphans
from service.runtime import Runtime
from service.store.sealing.columns import InRow, row_of
from service.store.tables import (
    accepted,
    answers,
    changes,
    documents,
    imports,
    issued,
    jobs,
    metadata,
    records,
    results,
    submissions,
)
from service.store.unit_tables import unit_imports

DAY = 24 * 3600.0
CLEARED = "(已清除)"
SETTLED = frozenset({"accepted", "returned", "superseded"})
_STAY = frozenset({submissions.name, changes.name})
"""Tables whose rows of a document stay, without its values."""


@dataclass(frozen=True, slots=True)
class Purged:
    """One thing that was cleared, or would be: ``document``, ``kept`` (still open), rows of a table, or a ``file``."""

    kind: str
    what: str
    count: int = 1


def purge(runtime: Runtime, days: int, *, apply: bool) -> Iterator[Purged]:
    """Clear what is older than ``days``, or with ``apply`` false only tell what would be cleared."""
    before = time.time() - days * DAY
    yield from _documents(runtime, before, apply=apply)
    yield from _rows(runtime, before, apply=apply)
    for sha256 in orphans(runtime):
        if apply:
            runtime.blobs.remove(sha256)
        yield Purged("file", sha256)


def _documents(runtime: Runtime, before: float, *, apply: bool) -> Iterator[Purged]:
    with runtime.database.transaction() as connection:
        joined = documents.outerjoin(submissions, submissions.c.document_id == documents.c.id)
        query = select(documents.c.id, submissions.c.state).select_from(joined)
        old = connection.execute(query.where(documents.c.received_at < before, documents.c.sha256 != "")).all()
    for identity, state in old:
        if state not in SETTLED:
            yield Purged("kept", identity)
            continue
        if apply:
            with runtime.database.transaction() as connection:
                _clear(connection, identity)
        yield Purged("document", identity)


def _clear(connection: Connection, identity: str) -> None:
    was = connection.execute(
        select(documents.c.sha256, documents.c.size, documents.c.received_at).where(documents.c.id == identity)
    ).one()
    forms = select(accepted.c.id).where(accepted.c.document_id == identity)
    people = connection.execute(delete(records).where(records.c.accepted_id.in_(forms))).rowcount
    for table in reversed(metadata.sorted_tables):
        columns = [key.parent for key in table.foreign_keys if key.column is documents.c.id]
        if columns and table.name not in _STAY:
            connection.execute(delete(table).where(or_(*(column == identity for column in columns))))
    connection.execute(update(submissions).where(submissions.c.document_id == identity).values(content=None))
    for step in connection.execute(select(changes.c.number, changes.c.action, changes.c.path).where(_of(identity))):
        emptied = {"before": None, "after": None, "reason": InRow(row_of(identity, step.action, step.path), "")}
        connection.execute(update(changes).where(changes.c.number == step.number).values(emptied))
    values: dict[str, Any] = {"name": InRow(identity, CLEARED), "reading": None, "sha256": "", "size": 0}
    connection.execute(update(documents).where(documents.c.id == identity).values(values))
    proof = {"sha256": was.sha256, "size": was.size, "received_at": was.received_at}
    record(connection, AuditEvent(Action.PURGE, "document", identity, count=people, details=proof))


def _of(identity: str) -> Any:  # noqa: ANN401  # an SQL expression
    return changes.c.document_id == identity


def _rows(runtime: Runtime, before: float, *, apply: bool) -> Iterator[Purged]:
    """Rows that stand for themselves: what was imported, handed out, made by jobs, and first answers."""
    ages: Mapping[Table, Any] = {
        imports: imports.c.received_at,
        unit_imports: unit_imports.c.received_at,
        issued: issued.c.made_at,
        answers: answers.c.created_at,
    }
    done = select(jobs.c.id).where(jobs.c.finished_at < before)
    with runtime.database.transaction() as connection:
        wheres = {table: age < before for table, age in ages.items()} | {results: results.c.job_id.in_(done)}
        for table, where in wheres.items():
            count = connection.execute(select(func.count()).select_from(table).where(where)).scalar_one()
            if count and apply:
                connection.execute(delete(table).where(where))
                record(connection, AuditEvent(Action.PURGE, table.name, count=count))
            if count:
                yield Purged(table.name, "", count)
        if apply:
            told: dict[str, Any] = {"arguments": {}, "result": None}
            connection.execute(update(jobs).where(jobs.c.finished_at < before).values(told))
