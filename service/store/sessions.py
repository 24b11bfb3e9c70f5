"""The rows of sessions: found by the hash of what a cookie holds, seen, and ended."""

from __future__ import annotations

import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from service.store.account_tables import sessions
from service.store.accounts import hash_of
from service.store.sealing.columns import InRow


@dataclass(frozen=True, slots=True)
class Session:
    """One session; see :data:`service.store.account_tables.sessions`."""

    id: str
    token_hash: str
    account_id: str
    csrf: str
    owes: str | None
    pending_secret: str | None
    address: str
    agent: str
    made_at: float
    seen_at: float
    verified_at: float
    ended_at: float | None


def add_session(connection: Connection, token: str, **values: Any) -> str:  # noqa: ANN401  # the columns of the table
    """A new session of the named columns; returns its id."""
    identity = str(uuid.uuid4())
    now = time.time()
    row = {"id": identity, "token_hash": hash_of(token), "made_at": now, "seen_at": now, "verified_at": now, **values}
    connection.execute(insert(sessions).values(row))
    return identity


def find_session(connection: Connection, token: str) -> Session | None:
    """The session of what a cookie holds, also one that ended."""
    row = connection.execute(select(sessions).where(sessions.c.token_hash == hash_of(token))).first()
    return _session(row) if row else None


def _session(row: Row[Any]) -> Session:
    return Session(**row._mapping)  # noqa: SLF001  # the documented way to a row as a mapping


def open_sessions(connection: Connection, account_id: str, idle_since: float, made_since: float) -> Sequence[Session]:
    """The sessions of an account that still hold, the latest first."""
    table = sessions
    query = select(table).where(table.c.account_id == account_id, table.c.ended_at.is_(None))
    query = query.where(table.c.seen_at > idle_since, table.c.made_at > made_since)
    return [_session(row) for row in connection.execute(query.order_by(table.c.made_at.desc(), table.c.id))]


def change_session(connection: Connection, identity: str, **values: Any) -> None:  # noqa: ANN401  # as above
    """Set the named columns."""
    if values.get("pending_secret") is not None:
        values["pending_secret"] = InRow(identity, values["pending_secret"])
    connection.execute(update(sessions).where(sessions.c.id == identity).values(**values))


def end_session(connection: Connection, identity: str, account_id: str) -> bool:
    """End one session of an account; ``False`` where it has no such open session."""
    table = sessions
    ended = update(table).where(table.c.id == identity, table.c.account_id == account_id, table.c.ended_at.is_(None))
    return connection.execute(ended.values(ended_at=time.time())).rowcount == 1


def end_sessions(connection: Connection, account_id: str, but: str | None = None) -> None:
    """End all sessions of an account, except one if that is named."""
    ended = update(sessions).where(sessions.c.account_id == account_id, sessions.c.ended_at.is_(None))
    if but is not None:
        ended = ended.where(sessions.c.id != but)
    connection.execute(ended.values(ended_at=time.time()))
