"""The database: one SQLite file, or PostgreSQL. Whoever reads in order to write is alone while doing so.

On SQLite a transaction that writes begins with ``BEGIN IMMEDIATE``. On PostgreSQL it takes one advisory lock, which
comes to the same: two of them wait for each other, and none fails late because of the other. What only reads
(:meth:`Database.reading`) and what only touches rows that it holds by their token (:meth:`Database.rows`) waits for
nobody on PostgreSQL.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import URL, Connection, Engine, String, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.compiler import compiles

import service.store.account_tables  # its tables join those of the metadata
import service.store.audit_tables  # its tables join those of the metadata
import service.store.campaign_tables  # its tables join those of the metadata
import service.store.draft_tables  # its table joins those of the metadata
import service.store.key_tables  # its tables join those of the metadata
import service.store.pack_tables  # its tables join those of the metadata
import service.store.progress_tables  # its tables join those of the metadata
import service.store.unit_tables  # its tables join those of the metadata
import service.store.waiting_tables  # noqa: F401  # its tables join those of the metadata
from service.store import errors
from service.store.migrating import migrate
from service.store.patience import PATIENCE, Breaker, PatientConnection
from service.store.sealing.errors import KeyMissingError
from service.store.sealing.keyring import load, refresh
from service.store.sealing.outer_key import OuterKey, beside
from service.store.sealing.suites import Suite
from service.store.sealing.vault import Vault, attach
from service.store.snapshots import copied

_FIXED_WAL = (3, 51, 3)
_FIXED_WAL_BACKPORTS = {(3, 44): 6, (3, 50): 7}
_WRITER_LOCK = 7205759403792793602
"""The advisory lock of the one that writes; any number that nobody else uses."""
_LOCK_SECONDS = 30.0
_CONNECT_SECONDS = 5
_POOL = 12
_MODE = "service_mode"
QUEUED = "service_queued"
"""Under this name a connection notes the jobs (id, kind) that were queued in its transaction."""


def wal_is_safe(version: tuple[int, int, int] = sqlite3.sqlite_version_info) -> bool:
    """Whether this SQLite is free of the WAL-reset fault (3.7.0-3.51.2; fixed in 3.51.3, 3.44.6 and 3.50.7)."""
    return version >= _FIXED_WAL or version[2] >= _FIXED_WAL_BACKPORTS.get(version[:2], 1000)


@compiles(String, "postgresql")
def _unbounded(_type: String, _compiler: object, **_arguments: object) -> str:
    """A length in the tables says what is expected. SQLite never enforced it, so PostgreSQL must not refuse by it."""
    return "VARCHAR"


class Database:
    """The tables of an installation, brought to this program's schema when opened.

    ``place`` is a file of SQLite or a database URL (``postgresql://…``). ``told`` is called after a commit with the ids
    and kinds of the jobs that were queued by it.
    """

    def __init__(self, place: Path | str, outer: OuterKey | None = None, suite: Suite = Suite.INTL) -> None:
        """``outer`` opens its keys: for a file of SQLite the one beside its folder where none is given.

        Raises:
            KeyMissingError, KeyWrongError: its keys cannot be opened.
        """
        url = sqlite_url(place) if isinstance(place, Path) else database_url(place)
        self.is_sqlite = url.get_backend_name() == "sqlite"
        self.engine = _open_sqlite(url) if self.is_sqlite else open_postgresql(url)
        self.told: Callable[[Sequence[tuple[str, str]]], None] | None = None
        self._writer = threading.Lock()
        self._breakers = {is_reading: Breaker() for is_reading in (True, False)}
        self.vault = Vault(outer or _key_of(url), suite)
        attach(self.engine.dialect, self.vault)
        with translated():
            migrate(self.engine)
            with self.engine.begin() as connection:
                load(connection, self.vault)

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """A transaction that may read first and write what follows from it: there is one at a time.

        Raises:
            StorageFullError: the disk is full; nothing of the transaction was kept.
            DatabaseAwayError: the database cannot be reached, or is too busy; nothing of it was kept.
        """
        yield from self._transaction("alone")

    @contextmanager
    def rows(self) -> Iterator[Connection]:
        """A transaction that touches only rows which it has locked or holds by their token; raises the same."""
        yield from self._transaction("rows")

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One moment of the database, to be read only; raises the same."""
        yield from self._transaction("reading")

    @contextmanager
    def reading_long(self) -> Iterator[Connection]:
        """One moment of the database for whoever works in it for seconds; raises the same.

        A reader of a SQLite file without WAL holds up who writes, and who waits to write holds up all other readers:
        so this one works in a copy of the file, and in the file itself only where there is no room for a copy.
        """
        database = self.engine.url.database
        if not self.is_sqlite or wal_is_safe() or database is None:
            with self.reading() as connection:
                yield connection
            return
        with translated(), copied(Path(database)) as place:
            if place is None:
                with self.reading() as connection:
                    yield connection
                return
            engine = _open_sqlite(URL.create("sqlite", database=str(place)))
            attach(engine.dialect, self.vault)
            try:
                with engine.connect().execution_options(**{_MODE: "reading"}) as connection, connection.begin():
                    refresh(connection, self.vault)
                    yield connection
            finally:
                engine.dispose()

    def _transaction(self, mode: str) -> Iterator[Connection]:
        with translated(), self._in_turn(mode), self._asked(mode) as plain:
            connection = plain.execution_options(**{_MODE: mode})
            notes = connection.info
            notes.pop(QUEUED, None)
            with connection.begin():
                refresh(connection, self.vault)
                yield connection
            queued = notes.pop(QUEUED, None)
        if queued and self.told is not None:
            self.told(queued)

    @contextmanager
    def _in_turn(self, mode: str) -> Iterator[None]:
        """On SQLite the writers of this process wait for each other here, where nobody is passed over.

        SQLite itself lets those who wait ask again and again, with pauses that grow.
        """
        if not self.is_sqlite or mode == "reading":
            yield
            return
        if not self._writer.acquire(timeout=PATIENCE.get() or _LOCK_SECONDS):
            raise errors.DatabaseAwayError
        try:
            yield
        finally:
            self._writer.release()

    @contextmanager
    def _asked(self, mode: str) -> Iterator[Connection]:
        """A connection, for whoever waits no longer than their patience."""
        patience, breaker, began = PATIENCE.get(), self._breakers[mode == "reading"], time.monotonic()
        if patience is not None:
            breaker.enter()
        try:
            with translated(), self.engine.connect() as connection:
                yield connection
        except errors.DatabaseAwayError:
            if patience is not None:
                breaker.failed(time.monotonic() - began, min(patience, _CONNECT_SECONDS))
            raise
        breaker.answered()

    def look_again(self) -> None:
        """Take notice of keys that another process has made; raises as :meth:`transaction` does."""
        with self.reading():
            pass

    def close(self) -> None:
        """Let go of all connections."""
        self.engine.dispose()


def _key_of(url: URL) -> OuterKey:
    if url.get_backend_name() != "sqlite" or url.database is None:
        raise KeyMissingError(path="HZFORMS_KEY_FILE")
    return OuterKey(beside(Path(url.database).parent))


def sqlite_url(path: Path) -> URL:
    """The address of a SQLite file, whose folder is made if it is not there.

    Raises:
        DatabaseMovedError: it was moved away.
    """
    if moved_aside(path).exists() and not path.exists():
        raise errors.DatabaseMovedError
    path.parent.mkdir(parents=True, exist_ok=True)
    return URL.create("sqlite", database=str(path))


def moved_aside(path: Path) -> Path:
    """Where a file lies whose rows were moved to a server."""
    return path.with_name(f"{path.name}.moved")


def database_url(text: str) -> URL:
    """An address as it stands in a setting.

    Raises:
        DatabaseAddressError: it is none, or of a database that is not supported.
    """
    try:
        url = make_url(text)
        backend = url.get_backend_name()
    except (ValueError, SQLAlchemyError) as fault:
        raise errors.DatabaseAddressError from fault
    if backend == "sqlite" and url.database:
        return sqlite_url(Path(url.database))
    if backend in {"postgresql", "postgres"} and url.database:
        return url.set(drivername="postgresql+psycopg")
    raise errors.DatabaseAddressError


@contextmanager
def translated() -> Iterator[None]:
    """What a driver reports of a full disk or a lost connection, in our own words."""
    try:
        yield
    except PoolTimeoutError as fault:
        raise errors.DatabaseAwayError from fault
    except (DBAPIError, sqlite3.Error) as fault:  # that of a listener of ours, who begins and connects, comes bare
        known = _fault_of_sqlite(fault) if isinstance(fault, sqlite3.Error) else _fault_of(fault)
        if known is None:
            raise
        raise known from fault


def _fault_of_sqlite(cause: sqlite3.Error) -> errors.StorageFullError | errors.DatabaseAwayError | None:
    number = getattr(cause, "sqlite_errorcode", 0) & 0xFF
    if number == sqlite3.SQLITE_FULL:
        return errors.StorageFullError()
    return errors.DatabaseAwayError() if number in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED} else None


def _fault_of(fault: DBAPIError) -> errors.StorageFullError | errors.DatabaseAwayError | None:
    """What a driver's error means to whoever asked; ``None`` for a fault of the program."""
    cause = fault.orig
    if isinstance(cause, sqlite3.Error):
        return _fault_of_sqlite(cause)
    if not isinstance(cause, psycopg.Error):
        return None
    state = cause.sqlstate or ""
    if state == psycopg.errors.DiskFull.sqlstate:
        return errors.StorageFullError()
    away = fault.connection_invalidated or (not state and isinstance(cause, psycopg.OperationalError))
    # Classes of PostgreSQL's table of error codes: connection, resources, operator; then one row locked for too long
    if away or state[:2] in {"08", "53", "57"} or state == psycopg.errors.LockNotAvailable.sqlstate:
        return errors.DatabaseAwayError()
    return None


def _open_sqlite(url: URL) -> Engine:
    engine = create_engine(url, connect_args={"timeout": _LOCK_SECONDS, "check_same_thread": False})

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:  # noqa: ANN401  # the driver's own connection
        connection.isolation_level = None  # SQLAlchemy's "begin" below starts transactions, not the driver
        journal = "WAL" if wal_is_safe() else "DELETE"
        for pragma in (f"journal_mode={journal}", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        reads = connection.get_execution_options().get(_MODE) == "reading"
        driver = connection.connection.driver_connection
        if driver is not None:
            driver.execute(f"PRAGMA query_only={'ON' if reads else 'OFF'}")
            driver.execute(f"PRAGMA busy_timeout={(PATIENCE.get() or _LOCK_SECONDS) * 1000:.0f}")
            driver.execute("BEGIN" if reads else "BEGIN IMMEDIATE")

    return engine


def open_postgresql(url: URL) -> Engine:
    """The engine of that address, for which nothing was opened yet."""
    engine = create_engine(
        url,
        pool_pre_ping=True,
        pool_size=_POOL,
        max_overflow=_POOL,
        pool_timeout=_CONNECT_SECONDS,
        pool_recycle=1800,
        connect_args={
            "connect_timeout": _CONNECT_SECONDS,
            "application_name": "forms",
            # a host that is gone without a word is noticed within half a minute
            "keepalives_idle": 10,
            "keepalives_interval": 5,
            "keepalives_count": 3,
            "tcp_user_timeout": 30_000,
            "options": f"-c lock_timeout={_LOCK_SECONDS:.0f}s -c idle_in_transaction_session_timeout=10min",
        },
    )

    @event.listens_for(engine, "do_connect")
    def _connect(_dialect: object, _record: object, places: list[Any], named: dict[str, Any]) -> PatientConnection:
        return PatientConnection.connect(*places, **named)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        mode = connection.get_execution_options().get(_MODE)
        if mode == "reading":
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        elif mode == "alone":
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITER_LOCK})")

    return engine
