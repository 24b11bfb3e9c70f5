"""The rows of packs and of their finished parts."""

from __future__ import annotations

import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, insert, select

from service.store.pack_tables import pack_parts, packs


@dataclass(frozen=True, slots=True)
class Pack:
    """A pack that was asked for; see :data:`service.store.pack_tables.packs`."""

    id: str
    job_id: str
    kind: str
    unit_id: str | None
    unit: str
    recipient: str
    campaign_id: str | None
    options: dict[str, Any]
    made_at: float
    made_by: str


def new_pack_id() -> str:
    """An id for a pack, before its job is queued under it."""
    return str(uuid.uuid4())


def add_pack(connection: Connection, **values: Any) -> None:  # noqa: ANN401  # the columns of the table
    """A new row of the named columns."""
    connection.execute(insert(packs).values(made_at=time.time(), **values))


def find_pack(connection: Connection, identity: str) -> Pack | None:
    """The pack of that id."""
    row = connection.execute(select(packs).where(packs.c.id == identity)).first()
    return _pack(row) if row else None


def list_packs(connection: Connection, where: Sequence[ColumnElement[bool]], limit: int) -> list[Pack]:
    """The latest packs that fit the conditions."""
    query = select(packs).where(*where).order_by(packs.c.made_at.desc(), packs.c.id).limit(limit)
    return [_pack(row) for row in connection.execute(query)]


def _pack(row: Row[Any]) -> Pack:
    return Pack(**row._mapping)  # noqa: SLF001  # the documented way to a row as a mapping


def find_part(connection: Connection, key: str) -> str | None:
    """The SHA-256 of the finished part of that key."""
    found: str | None = connection.scalar(select(pack_parts.c.sha256).where(pack_parts.c.key == key))
    return found


def keep_part(connection: Connection, key: str, sha256: str, size: int) -> None:
    """From now on the part of that key is this file."""
    connection.execute(delete(pack_parts).where(pack_parts.c.key == key))
    connection.execute(insert(pack_parts).values(key=key, sha256=sha256, size=size, made_at=time.time()))
