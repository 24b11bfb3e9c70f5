"""Which stored files the database speaks of, and where."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Column, Connection, Table, select

from service.store.tables import jobs, metadata

HASH = "sha256"
DATA = "data"
"""The argument of a job that names a stored file."""


def hash_columns() -> Iterator[tuple[Table, Column[str]]]:
    """The columns that hold the hash of a stored file."""
    for table in metadata.sorted_tables:
        for column in table.c:
            if column.name == HASH or column.name.endswith(f"_{HASH}"):
                yield table, column


def referenced_files(connection: Connection) -> dict[str, str]:
    """Every hash that the database speaks of, with one place where it does (``table.column``)."""
    found: dict[str, str] = {}
    for table, column in hash_columns():
        for sha256 in connection.scalars(select(column).where(column.is_not(None), column != "").distinct()):
            found.setdefault(sha256, f"{table.name}.{column.name}")
    for arguments in connection.scalars(select(jobs.c.arguments)):
        if isinstance(arguments.get(DATA), str):
            found.setdefault(arguments[DATA], "job.arguments")
    return found
