"""Is everything still there and as it was: files against their hashes, sealed values, rows and files together."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, select

from service.audit.chain import record
from service.audit.events import Action, AuditEvent, Result
from service.runtime import Runtime
from service.store.references import referenced_files
from service.store.sealing.errors import SealedValueError
from service.store.sealing.resealing import sealed_columns

SETTLING_SECONDS = 3600.0
"""A file that no row speaks of may still be on its way into one for so long."""


@dataclass(frozen=True, slots=True)
class StoreFault:
    """One thing that is wrong: ``missing``, ``damaged``, ``unreadable``, ``broken``; an ``orphan`` harms nobody."""

    kind: str
    what: str
    where: str = ""

    @property
    def is_loss(self) -> bool:
        """Whether something was lost or altered."""
        return self.kind != "orphan"


def verify_store(runtime: Runtime) -> Iterator[StoreFault]:
    """Everything that is wrong with the files and the database; what came of it is written down at the end."""
    losses = 0
    for fault in _faults(runtime):
        losses += fault.is_loss
        yield fault
    result = Result.FAILED if losses else Result.DONE
    with runtime.database.transaction() as connection:
        record(connection, AuditEvent(Action.VERIFY, "store", result=result, count=losses))


def _faults(runtime: Runtime) -> Iterator[StoreFault]:
    with runtime.database.reading() as connection:
        yield from _database_faults(connection)
        yield from _unreadable(connection)
        wanted = referenced_files(connection)
    found = set(runtime.blobs.hashes())
    damaged = set(runtime.blobs.damaged())
    for sha256, where in sorted(wanted.items()):
        if sha256 not in found:
            yield StoreFault("missing", sha256, where)
        elif sha256 in damaged:
            yield StoreFault("damaged", sha256, where)
    yield from (StoreFault("damaged", sha256) for sha256 in sorted(damaged - wanted.keys()))
    yield from (StoreFault("orphan", sha256) for sha256 in orphans(runtime))


def orphans(runtime: Runtime) -> list[str]:
    """Files that no row speaks of, and that are not on their way into one."""
    oldest = time.time() - SETTLING_SECONDS
    settled = [sha256 for sha256 in runtime.blobs.hashes() if runtime.blobs.kept_at(sha256) < oldest]
    with runtime.database.reading() as connection:
        wanted = referenced_files(connection)
    return [sha256 for sha256 in settled if sha256 not in wanted]


def _database_faults(connection: Connection) -> Iterator[StoreFault]:
    if connection.dialect.name != "sqlite":
        return
    for (line,) in connection.exec_driver_sql("PRAGMA integrity_check"):
        if line != "ok":
            yield StoreFault("broken", line)
    for row in connection.exec_driver_sql("PRAGMA foreign_key_check"):
        yield StoreFault("broken", f"{row[0]} {row[1]} refers to no {row[2]}")


def _unreadable(connection: Connection) -> Iterator[StoreFault]:
    """The rows whose sealed values do not open."""
    for table, columns in sealed_columns().items():
        keys = list(table.primary_key.columns)
        try:
            for _ in connection.execute(select(*columns)):
                pass
        except SealedValueError:
            for key in connection.execute(select(*keys)).all():
                is_it = [column == value for column, value in zip(keys, key, strict=True)]
                try:
                    connection.execute(select(*columns).where(*is_it)).all()
                except SealedValueError as fault:
                    yield StoreFault("unreadable", fault.detail.get("place", ""), table.name)
