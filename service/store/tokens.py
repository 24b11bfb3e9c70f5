"""The rows of API tokens and of approvals by a second person."""

from __future__ import annotations

import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, insert, select, update

from service.store.account_tables import api_tokens, approvals
from service.store.accounts import hash_of


@dataclass(frozen=True, slots=True)
class ApiToken:
    """A token of a program; see :data:`service.store.account_tables.api_tokens`."""

    id: str
    token_hash: str
    account_id: str
    name: str
    actions: list[str]
    made_at: float
    expires_at: float
    used_at: float | None
    revoked_at: float | None

    def holds_at(self, now: float) -> bool:
        """Whether it may be used."""
        return self.revoked_at is None and now < self.expires_at


@dataclass(frozen=True, slots=True)
class Approval:
    """What a second person is asked for; see :data:`service.store.account_tables.approvals`."""

    id: str
    kind: str
    subject: dict[str, Any]
    reason: str
    state: str
    asked_by: str
    unit_id: str | None
    asked_at: float
    expires_at: float
    decided_by: str | None
    decided_at: float | None
    note: str


def add_token(connection: Connection, token: str, **values: Any) -> str:  # noqa: ANN401  # the columns of the table
    """A new token of the named columns; returns its id."""
    identity = str(uuid.uuid4())
    row = {"id": identity, "token_hash": hash_of(token), "made_at": time.time(), **values}
    connection.execute(insert(api_tokens).values(row))
    return identity


def find_token(connection: Connection, token: str) -> ApiToken | None:
    """The token, also one that holds no more."""
    row = connection.execute(select(api_tokens).where(api_tokens.c.token_hash == hash_of(token))).first()
    return ApiToken(**row._mapping) if row else None  # noqa: SLF001  # the documented way to a row as a mapping


def tokens_of(connection: Connection, account_id: str) -> Sequence[ApiToken]:
    """The tokens of an account that were not revoked, the latest first."""
    table = api_tokens
    query = select(table).where(table.c.account_id == account_id, table.c.revoked_at.is_(None))
    found = connection.execute(query.order_by(table.c.made_at.desc(), table.c.id))
    return [ApiToken(**row._mapping) for row in found]  # noqa: SLF001  # as above


def token_used(connection: Connection, identity: str) -> None:
    """It was used now."""
    connection.execute(update(api_tokens).where(api_tokens.c.id == identity).values(used_at=time.time()))


def revoke_token(connection: Connection, account_id: str, identity: str | None = None) -> bool:
    """End one token of an account, or all of them; ``False`` where there was none to end."""
    table = api_tokens
    ended = update(table).where(table.c.account_id == account_id, table.c.revoked_at.is_(None))
    if identity is not None:
        ended = ended.where(table.c.id == identity)
    return connection.execute(ended.values(revoked_at=time.time())).rowcount > 0


def add_approval(connection: Connection, **values: Any) -> str:  # noqa: ANN401  # the columns of the table
    """A new open request of the named columns; returns its id."""
    identity = str(uuid.uuid4())
    row = {"id": identity, "state": "open", "asked_at": time.time(), "note": "", **values}
    connection.execute(insert(approvals).values(row))
    return identity


def find_approval(connection: Connection, identity: str) -> Approval | None:
    """The request of that id."""
    row = connection.execute(select(approvals).where(approvals.c.id == identity)).first()
    return Approval(**row._mapping) if row else None  # noqa: SLF001  # as above


def list_approvals(connection: Connection, condition: ColumnElement[bool], limit: int) -> Sequence[Approval]:
    """The requests under a condition, the latest first."""
    query = select(approvals).where(condition).order_by(approvals.c.asked_at.desc(), approvals.c.id).limit(limit)
    return [Approval(**row._mapping) for row in connection.execute(query)]  # noqa: SLF001  # as above


def move_approval(connection: Connection, identity: str, before: str, **values: Any) -> bool:  # noqa: ANN401  # as above
    """Set the named columns if it is still in that state; ``False`` where somebody was faster."""
    moved = update(approvals).where(approvals.c.id == identity, approvals.c.state == before)
    return connection.execute(moved.values(**values)).rowcount == 1
