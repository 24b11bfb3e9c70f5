"""The keys in the database: made on the first start, opened with the outer key, renewed, wrapped anew."""

from __future__ import annotations

import time
from base64 import b64decode, b64encode
from secrets import token_bytes

from cryptography.exceptions import InvalidTag
from sqlalchemy import Connection, func, insert, inspect, select, update

from service.store.key_tables import data_keys, file_keys
from service.store.sealing.errors import KeyMissingError, KeyWrongError
from service.store.sealing.outer_key import OuterKey
from service.store.sealing.suites import ENCRYPTION, KEY_BYTES, Suite, decrypt, derived, encrypt, self_test
from service.store.sealing.vault import Key, Keys, Vault

LOCK_NUMBER = 7205759403792793602
"""The advisory lock under which a process on PostgreSQL makes a first or a new key."""
FILES = "files"
_NEWEST = select(*(select(func.max(table.c.id)).scalar_subquery() for table in (data_keys, file_keys)))


def load(connection: Connection, vault: Vault) -> None:
    """Open the keys of a database; on its first start make them, and the outer key with them.

    Raises:
        CryptoSelfTestError: the algorithms do not compute what they should.
        KeyMissingError: there are keys, and the outer one is not there.
        KeyWrongError: the outer key does not open them.
    """
    self_test()
    lock_keys(connection)
    if not inspect(connection).has_table(file_keys.name):  # an early migration seals before a later one makes it
        file_keys.create(connection)
    newest, newest_file = connection.execute(_NEWEST).one()
    if newest is None:
        key = vault.outer.read_or_make()
        for purpose in ("data", "audit"):
            add_key(connection, key, purpose, vault.suite)
    if newest_file is None:
        add_file_key(connection, vault.outer.read(), vault.suite)
    vault.take(_read(connection, vault.outer))


def refresh(connection: Connection, vault: Vault) -> None:
    """Take notice of a key that another process made since."""
    if tuple(connection.execute(_NEWEST).one()) != vault.keys.newest:
        vault.take(_read(connection, vault.outer))


def lock_keys(connection: Connection) -> None:
    """Be the only one who makes keys, until the transaction ends; on SQLite every transaction is."""
    if connection.dialect.name != "sqlite":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK_NUMBER})")


def add_key(connection: Connection, outer: bytes, purpose: str, suite: Suite) -> int:
    """A new current key of that purpose; the one before it retires. Returns its number."""
    is_of_purpose = (data_keys.c.purpose == purpose) & (data_keys.c.state == "current")
    connection.execute(update(data_keys).where(is_of_purpose).values(state="retired"))
    row = {"purpose": purpose, "suite": suite.value, "state": "current", "made_at": time.time()}
    wrapped = _wrapped(outer, purpose, suite, token_bytes(KEY_BYTES))
    connection.execute(insert(data_keys).values(wrapped=wrapped, **row))
    return int(connection.execute(select(func.max(data_keys.c.id))).scalar_one())


def add_file_key(connection: Connection, outer: bytes, suite: Suite) -> int:
    """A new key for files; the one before it retires. Returns its number."""
    moment = time.time()
    connection.execute(update(file_keys).where(file_keys.c.retired_at.is_(None)).values(retired_at=moment))
    wrapped = _wrapped(outer, FILES, suite, token_bytes(KEY_BYTES))
    connection.execute(insert(file_keys).values(suite=suite.value, wrapped=wrapped, made_at=moment))
    return int(connection.execute(select(func.max(file_keys.c.id))).scalar_one())


def wrap_anew(connection: Connection, old: bytes, new: bytes) -> int:
    """Wrap all keys with another outer key; returns how many there are.

    Raises:
        KeyWrongError: ``old`` does not open them.
    """
    rows = [(data_keys, row, row.purpose) for row in connection.execute(select(data_keys))]
    rows += [(file_keys, row, FILES) for row in connection.execute(select(file_keys))]
    for table, row, purpose in rows:
        suite = Suite(row.suite)
        wrapped = _wrapped(new, purpose, suite, _unwrapped(old, purpose, suite, row.wrapped))
        connection.execute(update(table).where(table.c.id == row.id).values(wrapped=wrapped))
    return len(rows)


def _read(connection: Connection, outer: OuterKey) -> Keys:
    key = outer.read()
    rows = connection.execute(select(data_keys).order_by(data_keys.c.id)).all()
    masters = [(row, _unwrapped(key, row.purpose, Suite(row.suite), row.wrapped)) for row in rows]
    sealing = {row.id: Key(row.id, Suite(row.suite), master) for row, master in masters if row.purpose == "data"}
    current = [row.id for row in rows if (row.purpose, row.state) == ("data", "current")]
    chains = [
        (Suite(row.suite), derived(Suite(row.suite), master, "audit"))
        for row, master in masters
        if (row.purpose, row.state) == ("audit", "current")
    ]
    files = connection.execute(select(file_keys).order_by(file_keys.c.id)).all()
    of_files = {
        row.id: Key(row.id, Suite(row.suite), _unwrapped(key, FILES, Suite(row.suite), row.wrapped)) for row in files
    }
    seals = [row.id for row in files if row.retired_at is None]
    if (len(current), len(chains), len(seals)) != (1, 1, 1):
        raise KeyMissingError(path="data_key")
    return Keys(sealing, current[0], chains[0], of_files, seals[0], (rows[-1].id, files[-1].id))


def _wrapped(outer: bytes, purpose: str, suite: Suite, master: bytes) -> str:
    key = derived(suite, outer, ENCRYPTION)
    return b64encode(encrypt(suite, key, master, f"data_key:{purpose}".encode())).decode()


def _unwrapped(outer: bytes, purpose: str, suite: Suite, wrapped: str) -> bytes:
    try:
        return decrypt(suite, derived(suite, outer, ENCRYPTION), b64decode(wrapped), f"data_key:{purpose}".encode())
    except (InvalidTag, ValueError) as fault:
        raise KeyWrongError(
            reason_zh="它打不开库中保存的数据密钥", reason_en="it does not open the keys in the database"
        ) from fault
