"""The schema, brought from whatever it is to what this program needs, in one transaction that only one process has.

Each change of the schema is a file in ``migrations/versions``. The first one, ``0001_baseline``, makes what is missing
of the schema as it was before there were migrations: on an empty database all of it, on a database of that time nothing
or little. So an old database is taken over as it is and keeps all its rows.
"""

from __future__ import annotations

import threading
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from service.store.errors import DatabaseNewerError

SCRIPTS = Path(__file__).parent / "migrations"
LOCK_NUMBER = 7205759403792793600
"""The advisory lock that a process migrating on PostgreSQL holds; any number that nobody else uses."""

_ONE_AT_A_TIME = threading.Lock()  # Alembic keeps what it works on in one place of a process


def migrate(engine: Engine) -> None:
    """Bring the schema to the newest revision. Done already, it changes nothing; a second process waits for the first.

    Raises:
        DatabaseNewerError: a newer program has changed the schema; nothing was touched.
    """
    with _ONE_AT_A_TIME, engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        if (
            sqlite
        ):  # a table that is copied into its new shape is dropped for a moment: its references are checked below
            _pragma(connection, "foreign_keys=OFF")
        try:
            with connection.begin():
                if not sqlite:
                    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK_NUMBER})")
                upgrade(connection)
                if sqlite and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").first()):
                    raise AssertionError(f"a migration left a row without what it refers to: {tuple(broken)}")
        finally:
            if sqlite:
                _pragma(connection, "foreign_keys=ON")


def head() -> str:
    """The newest revision that this program knows."""
    revision = ScriptDirectory(str(SCRIPTS)).get_current_head()
    if revision is None:
        raise AssertionError("there are no migrations")
    return revision


def revision_of(connection: Connection) -> str | None:
    """The revision of a database; ``None`` before its first migration."""
    return MigrationContext.configure(connection).get_current_revision()


def upgrade(connection: Connection) -> None:
    """The same in a transaction of the caller's, on a database that nobody else can have opened."""
    script = ScriptDirectory(str(SCRIPTS))
    known = {revision.revision for revision in script.walk_revisions()}
    current = revision_of(connection)
    if current == script.get_current_head():
        return
    if current is not None and current not in known:
        raise DatabaseNewerError(found=current, newest=script.get_current_head())
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    command.upgrade(config, "head")


def _pragma(connection: Connection, words: str) -> None:
    """Set what SQLite takes only outside of a transaction, past SQLAlchemy, which would begin one."""
    driver = connection.connection.driver_connection
    if driver is None:
        raise AssertionError("a connection that was just opened is open")
    driver.execute(f"PRAGMA {words}")
