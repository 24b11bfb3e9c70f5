"""All rows of a SQLite file into an empty PostgreSQL database: in one transaction, compared row by row before it ends.

Values go as they stand, sealed ones sealed: nothing is opened on the way, and the same outer key opens them afterwards.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import JSON, Boolean, Connection, Table, inspect

from service.store.database import Database, database_url, moved_aside, open_postgresql, translated
from service.store.errors import DatabaseAddressError, DatabaseNotEmptyError, MoveDiffersError, UnmovableTextError
from service.store.migrating import upgrade
from service.store.sealing.vault import Vault, attach
from service.store.tables import metadata

TOGETHER = 1000
WORD = 1 << 256


@dataclass(frozen=True, slots=True)
class MovedTable:
    """A table that was moved: its rows, and a sum over the hash of each, whatever their order."""

    name: str
    rows: int
    sha256: str


def move(source: Database, path: Path, target: str) -> list[MovedTable]:
    """Copy the rows of the file at ``path``, which nobody can change meanwhile, and put it aside under another name.

    Raises:
        DatabaseAddressError, DatabaseAwayError, StorageFullError: the target cannot be used.
        DatabaseNotEmptyError: there is something in the target already.
        UnmovableTextError: a text holds the character NUL, which PostgreSQL cannot store.
        MoveDiffersError: what arrived is not what was sent.

    After a fault both are as they were.
    """
    url = database_url(target)
    if url.get_backend_name() != "postgresql":
        raise DatabaseAddressError
    engine = open_postgresql(url)
    attach(engine.dialect, Vault(source.vault.outer, source.vault.suite))
    try:
        with source.transaction() as here, translated(), engine.begin() as there:
            moved = _all_moved(here, there)
        source.close()
        path.rename(moved_aside(path))
    finally:
        engine.dispose()
    return moved


def _all_moved(here: Connection, there: Connection) -> list[MovedTable]:
    if inspect(there).get_table_names():
        raise DatabaseNotEmptyError
    upgrade(there)
    for table in reversed(metadata.sorted_tables):  # what a migration makes at once, as the first keys
        there.execute(table.delete())
    moved = [_moved(here, there, table) for table in metadata.sorted_tables]
    for table in metadata.sorted_tables:
        _set_counters(_driver(there), table)
    return moved


def _moved(here: Connection, there: Connection, table: Table) -> MovedTable:
    driver = _driver(there)
    sent, arrived = _Tally(), _Tally()
    columns = sql.SQL(", ").join(sql.Identifier(column.name) for column in table.c)
    into = sql.SQL("copy {} ({}) from stdin").format(sql.Identifier(table.name), columns)
    with driver.cursor() as cursor, cursor.copy(into) as copy:
        for row in sent.counted(_rows_of_sqlite(here, table)):
            copy.write_row(row)
    for _ in arrived.counted(_rows_of_postgresql(driver, table)):
        pass
    if (sent.rows, sent.sum) != (arrived.rows, arrived.sum):
        raise MoveDiffersError(table=table.name, sent=sent.rows, arrived=arrived.rows)
    return MovedTable(table.name, sent.rows, f"{sent.sum:064x}")


class _Tally:
    rows = 0
    sum = 0

    def counted(self, rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
        """The same rows, counted and summed up."""
        for row in rows:
            self.rows += 1
            self.sum = (self.sum + int.from_bytes(hashlib.sha256(repr(row).encode()).digest())) % WORD
            yield row


def _rows_of_sqlite(connection: Connection, table: Table) -> Iterator[tuple[Any, ...]]:
    names = ", ".join(f'"{column.name}"' for column in table.c)
    truths = [number for number, column in enumerate(table.c) if isinstance(column.type, Boolean)]
    for row in connection.exec_driver_sql(f'select {names} from "{table.name}"'):  # noqa: S608  # names of our tables
        values = list(row)
        for number in truths:
            values[number] = None if values[number] is None else bool(values[number])
        if any(isinstance(value, str) and "\0" in value for value in values):
            raise UnmovableTextError(table=table.name, key=values[0])
        yield tuple(values)


def _rows_of_postgresql(driver: psycopg.Connection[Any], table: Table) -> Iterator[tuple[Any, ...]]:
    names = [
        sql.SQL("{}::text" if isinstance(column.type, JSON) else "{}").format(sql.Identifier(column.name))
        for column in table.c
    ]
    query = sql.SQL("select {} from {}").format(sql.SQL(", ").join(names), sql.Identifier(table.name))
    with driver.cursor(name="moved") as cursor:
        cursor.itersize = TOGETHER
        cursor.execute(query)
        yield from cursor


def _set_counters(driver: psycopg.Connection[Any], table: Table) -> None:
    """Go on counting where the rows end."""
    column = table.autoincrement_column
    if column is None:
        return
    counter = driver.execute("select pg_get_serial_sequence(%s, %s)", (table.name, column.name)).fetchone()
    if counter is None or counter[0] is None:
        return
    last = sql.SQL("select setval(%s, coalesce(max({}), 0) + 1, false) from {}")
    driver.execute(last.format(sql.Identifier(column.name), sql.Identifier(table.name)), (counter[0],))


def _driver(connection: Connection) -> psycopg.Connection[Any]:
    driver = connection.connection.driver_connection
    if not isinstance(driver, psycopg.Connection):
        raise TypeError("not a connection of psycopg")
    return driver
