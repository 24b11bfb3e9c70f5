"""The rows of returned files."""

from __future__ import annotations

import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from service.store.tables import documents


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A returned file as the database knows it; ``reading`` is empty until it was read."""

    id: str
    sha256: str
    name: str
    size: int
    form_hint: str | None
    unit: str | None
    state: str
    received_at: float
    job_id: str | None
    reading: dict[str, Any] | None


def add_document(
    connection: Connection, *, sha256: str, name: str, size: int, form_hint: str | None, unit: str | None
) -> str:
    """A new row in state ``received``; returns its id."""
    identity = str(uuid.uuid4())
    connection.execute(
        insert(documents).values(
            id=identity,
            sha256=sha256,
            name=name,
            size=size,
            form_hint=form_hint,
            unit=unit,
            state="received",
            received_at=time.time(),
        )
    )
    return identity


def set_job(connection: Connection, identity: str, job_id: str) -> None:
    """The job that reads it."""
    connection.execute(update(documents).where(documents.c.id == identity).values(job_id=job_id))


def set_unit(connection: Connection, identity: str, unit: str) -> None:
    """Whose it is, where the sender did not say."""
    connection.execute(update(documents).where(documents.c.id == identity).values(unit=unit))


def set_reading(connection: Connection, identity: str, state: str, reading: dict[str, Any]) -> None:
    """What was read, and how that ended."""
    connection.execute(update(documents).where(documents.c.id == identity).values(state=state, reading=reading))


def find_document(connection: Connection, identity: str) -> StoredDocument | None:
    """The document of that id."""
    row = connection.execute(select(documents).where(documents.c.id == identity)).first()
    return _stored(row) if row else None


def latest_documents(connection: Connection, limit: int = 100, offset: int = 0) -> Sequence[StoredDocument]:
    """The newest first."""
    query = select(documents).order_by(documents.c.received_at.desc(), documents.c.id).limit(limit).offset(offset)
    return [_stored(row) for row in connection.execute(query)]


def _stored(row: Row[Any]) -> StoredDocument:
    return StoredDocument(**row._mapping)  # noqa: SLF001  # the documented way to a row as a mapping
