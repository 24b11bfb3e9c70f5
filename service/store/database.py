"""The database: opened in the one mode that loses nothing, written in short immediate transactions."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import OperationalError

import service.store.campaign_tables  # noqa: F401  # its tables join those of the metadata
import service.store.unit_tables  # noqa: F401  # its tables join those of the metadata
from service.store.errors import StorageFullError
from service.store.migrating import migrate

_FIXED_WAL = (3, 51, 3)
_FIXED_WAL_BACKPORTS = {(3, 44): 6, (3, 50): 7}


def wal_is_safe(version: tuple[int, int, int] = sqlite3.sqlite_version_info) -> bool:
    """Whether this SQLite is free of the WAL-reset fault (3.7.0-3.51.2; fixed in 3.51.3, 3.44.6 and 3.50.7)."""
    return version >= _FIXED_WAL or version[2] >= _FIXED_WAL_BACKPORTS.get(version[:2], 1000)


class Database:
    """One SQLite file. Reading and writing both happen in :meth:`transaction`."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.engine = _open(path)
        migrate(self.engine)

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """A write transaction from its start, so that two writers wait for each other and never fail late.

        Raises:
            StorageFullError: the disk is full; nothing of the transaction was kept.
        """
        try:
            with self.engine.begin() as connection:
                yield connection
        except OperationalError as fault:
            if isinstance(fault.orig, sqlite3.Error) and fault.orig.sqlite_errorcode == sqlite3.SQLITE_FULL:
                raise StorageFullError from fault
            raise

    def close(self) -> None:
        """Let go of all connections."""
        self.engine.dispose()


def _open(path: Path) -> Engine:
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": 30, "check_same_thread": False})

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:  # noqa: ANN401  # the driver's own connection
        connection.isolation_level = None  # SQLAlchemy's "begin" below starts transactions, not the driver
        journal = "WAL" if wal_is_safe() else "DELETE"
        for pragma in (f"journal_mode={journal}", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine
