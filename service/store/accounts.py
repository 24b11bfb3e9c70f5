"""The rows of accounts: who may sign in, with which password and second factor, and one-time links for both."""

from __future__ import annotations

import hashlib
import secrets
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, func, insert, select, update

from service.store.account_tables import accounts, failures, one_time, password_history
from service.store.sealing.columns import InRow


@dataclass(frozen=True, slots=True)
class Account:
    """A person who may sign in; see :data:`service.store.account_tables.accounts`."""

    id: str
    name: str
    title: str
    role: str
    unit_id: str | None
    state: str
    password_hash: str | None
    password_at: float | None
    must_change: bool
    totp_secret: str | None
    totp_step: int
    certificate: str | None
    made_at: float
    made_by: str
    used_at: float | None


def hash_of(token: str) -> str:
    """A random token as it is kept: whoever reads the database cannot use it."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def count_accounts(connection: Connection) -> int:
    """How many accounts were ever made: none is deleted."""
    return int(connection.execute(select(func.count()).select_from(accounts)).scalar_one())


def add_account(connection: Connection, **values: Any) -> str:  # noqa: ANN401  # the columns of the table
    """A new row of the named columns; returns its id."""
    identity = str(uuid.uuid4())
    row = {"id": identity, "must_change": False, "totp_step": 0, "made_at": time.time(), **values}
    connection.execute(insert(accounts).values(row))
    return identity


def find_account(connection: Connection, identity: str) -> Account | None:
    """The account of that id."""
    return _one(connection, accounts.c.id == identity)


def account_named(connection: Connection, name: str) -> Account | None:
    """The account of that name, in whatever case it is written."""
    return _one(connection, accounts.c.name == name.strip().lower())


def _one(connection: Connection, condition: ColumnElement[bool]) -> Account | None:
    row = connection.execute(select(accounts).where(condition)).first()
    return _account(row) if row else None


def _account(row: Row[Any]) -> Account:
    return Account(**row._mapping)  # noqa: SLF001  # the documented way to a row as a mapping


def list_accounts(connection: Connection, condition: ColumnElement[bool]) -> Sequence[Account]:
    """The accounts under a condition, by name."""
    return [_account(row) for row in connection.execute(select(accounts).where(condition).order_by(accounts.c.name))]


def change_account(connection: Connection, identity: str, **values: Any) -> None:  # noqa: ANN401  # as above
    """Set the named columns."""
    if values.get("totp_secret") is not None:
        values["totp_secret"] = InRow(identity, values["totp_secret"])
    connection.execute(update(accounts).where(accounts.c.id == identity).values(**values))


def use_code(connection: Connection, identity: str, step: int) -> bool:
    """Take the code of a time step once; ``False`` where it, or a later one, was taken before."""
    table = accounts
    taken = update(table).where(table.c.id == identity, table.c.totp_step < step).values(totp_step=step)
    return connection.execute(taken).rowcount == 1


def set_password(connection: Connection, identity: str, password_hash: str) -> None:
    """A new password, remembered with those of before."""
    now = time.time()
    change_account(connection, identity, password_hash=password_hash, password_at=now, must_change=False)
    connection.execute(insert(password_history).values(account_id=identity, password_hash=password_hash, set_at=now))


def latest_passwords(connection: Connection, identity: str, count: int) -> list[str]:
    """The hashes of the latest passwords, the newest first."""
    table = password_history
    query = select(table.c.password_hash).where(table.c.account_id == identity).order_by(table.c.number.desc())
    return list(connection.scalars(query.limit(count)))


def make_link(connection: Connection, kind: str, account_id: str | None, made_by: str, seconds: float) -> str:
    """A one-time token, and the end of earlier ones of that kind for the same account; returns what is handed out."""
    now = time.time()
    end = update(one_time).where(one_time.c.kind == kind, one_time.c.used_at.is_(None))
    connection.execute(end.where(one_time.c.account_id.is_not_distinct_from(account_id)).values(used_at=now))
    token = secrets.token_urlsafe(24)
    row = {"kind": kind, "account_id": account_id, "made_by": made_by, "made_at": now, "expires_at": now + seconds}
    connection.execute(insert(one_time).values(token_hash=hash_of(token), **row))
    return token


def link_account(connection: Connection, kind: str, token: str) -> tuple[bool, str | None]:
    """Whether a token is good, and the account it is for."""
    row = connection.execute(
        select(one_time.c.account_id).where(
            one_time.c.token_hash == hash_of(token),
            one_time.c.kind == kind,
            one_time.c.used_at.is_(None),
            one_time.c.expires_at > time.time(),
        )
    ).first()
    return row is not None, row.account_id if row else None


def use_link(connection: Connection, token: str) -> bool:
    """Use a token up; ``False`` where somebody was faster."""
    spent = update(one_time).where(one_time.c.token_hash == hash_of(token), one_time.c.used_at.is_(None))
    return connection.execute(spent.values(used_at=time.time())).rowcount == 1


def add_failure(connection: Connection, who: str, address: str) -> None:
    """Somebody failed to sign in."""
    connection.execute(insert(failures).values(who=who, address=address, at=time.time()))


def failures_since(connection: Connection, who: str, address: str, since: float) -> list[float]:
    """When it failed for that name from that address, the latest first."""
    table = failures
    query = select(table.c.at).where(table.c.who == who, table.c.address == address, table.c.at > since)
    return list(connection.scalars(query.order_by(table.c.at.desc())))


def forget_failures(connection: Connection, who: str, address: str | None = None) -> None:
    """Begin to count anew: from one address after success, from all when an administrator unlocks."""
    gone = delete(failures).where(failures.c.who == who)
    connection.execute(gone if address is None else gone.where(failures.c.address == address))


def forget_old_failures(connection: Connection, before: float) -> None:
    """Failures so old that they count no more."""
    connection.execute(delete(failures).where(failures.c.at < before))
