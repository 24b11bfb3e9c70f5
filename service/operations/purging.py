"""Personal data whose time is over: cleared, with a tombstone in its place and a proof in the audit chain.

Only documents that are settled are cleared; one that somebody still works on is told and stays. Of a cleared document
there remain its id, unit, state and days, and who did what when; its values, its name and its file are gone.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, delete, func, not_, select, update

from service.audit.chain import record
from service.audit.events import Action, AuditEvent
from service.operations.clearing import clear
from service.operations.quarantine import QUARANTINE_DAYS, is_refused_row, refused_before
from service.operations.sealing import erase_file_keys
from service.operations.verifying import orphans
from service.runtime import Runtime
from service.store.pack_tables import pack_parts
from service.store.references import referenced_files
from service.store.tables import (
    answers,
    documents,
    imports,
    issued,
    jobs,
    results,
    submissions,
)
from service.store.unit_tables import unit_imports

DAY = 24 * 3600.0
SETTLED = frozenset({"accepted", "returned", "superseded"})


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
    yield from _refused(runtime, time.time() - QUARANTINE_DAYS * DAY, apply=apply)
    yield from _rows(runtime, before, apply=apply)
    for sha256 in orphans(runtime):
        if apply:
            runtime.blobs.remove(sha256)
            runtime.derived.remove(sha256)
        yield Purged("file", sha256)
    if apply:
        _forget_pictures(runtime)
        erase_file_keys(runtime.database, runtime.blobs)


def _forget_pictures(runtime: Runtime) -> None:
    """Take away what was made of files that are gone."""
    with runtime.database.reading() as connection:
        wanted = referenced_files(connection)
    for sha256 in runtime.derived.hashes():
        if sha256 not in wanted:
            runtime.derived.remove(sha256)


def _documents(runtime: Runtime, before: float, *, apply: bool) -> Iterator[Purged]:
    with runtime.database.transaction() as connection:
        joined = documents.outerjoin(submissions, submissions.c.document_id == documents.c.id)
        query = select(documents.c.id, submissions.c.state).select_from(joined)
        wanted = query.where(documents.c.received_at < before, documents.c.sha256 != "", not_(is_refused_row()))
        old = connection.execute(wanted).all()
    for identity, state in old:
        if state not in SETTLED:
            yield Purged("kept", identity)
            continue
        if apply:
            with runtime.database.transaction() as connection:
                clear(connection, identity, Action.PURGE)
        yield Purged("document", identity)


def _refused(runtime: Runtime, before: float, *, apply: bool) -> Iterator[Purged]:
    """Files that were refused as they came: nobody waits for anything of theirs."""
    with runtime.database.reading() as connection:
        old = refused_before(connection, before)
    for identity in old:
        if apply:
            with runtime.database.transaction() as connection:
                clear(connection, identity, Action.PURGE)
        yield Purged("document", identity)


def _rows(runtime: Runtime, before: float, *, apply: bool) -> Iterator[Purged]:
    """Rows that stand for themselves: what was imported, handed out, made by jobs, and first answers."""
    ages: Mapping[Table, Any] = {
        imports: imports.c.received_at,
        unit_imports: unit_imports.c.received_at,
        issued: issued.c.made_at,
        answers: answers.c.created_at,
        pack_parts: pack_parts.c.made_at,
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
