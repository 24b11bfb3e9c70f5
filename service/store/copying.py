"""The rows of a database as files of JSON lines and back: what a backup of PostgreSQL is made of.

Values go as they stand, sealed ones sealed: nothing is opened on the way.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Connection, Integer, MetaData, Table, Text, func, insert, select

from service.store.sealing.columns import Sealed
from service.store.tables import metadata

TOGETHER = 500


def raw_tables() -> list[Table]:
    """All tables, those that others refer to first, with sealed columns as the text that stands in them."""
    raw = MetaData()
    return [
        Table(
            table.name,
            raw,
            *(
                Column(column.name, Text() if isinstance(column.type, Sealed) else column.type, key=column.name)
                for column in table.c
            ),
        )
        for table in metadata.sorted_tables
    ]


def row_counts(connection: Connection) -> dict[str, int]:
    """How many rows each table has."""
    return {
        table.name: int(connection.execute(select(func.count()).select_from(table)).scalar_one())
        for table in metadata.sorted_tables
    }


def write_tables(connection: Connection, folder: Path) -> list[Path]:
    """A file of JSON lines for each table, of the one moment that the transaction sees."""
    folder.mkdir()
    made = []
    for table in raw_tables():
        path = folder / f"{table.name}.jsonl"
        with path.open("w", encoding="utf-8") as file:
            for row in connection.execution_options(yield_per=TOGETHER).execute(select(table)).mappings():
                file.write(json.dumps(dict(row), ensure_ascii=False) + "\n")
        made.append(path)
    return made


def read_tables(connection: Connection, folder: Path) -> None:
    """Enter the rows of such files into a database whose tables are empty."""
    for table in raw_tables():
        batch: list[dict[str, Any]] = []
        for row in _lines(folder / f"{table.name}.jsonl"):
            batch.append(row)
            if len(batch) == TOGETHER:
                connection.execute(insert(table), batch)
                batch = []
        if batch:
            connection.execute(insert(table), batch)
    if connection.dialect.name == "postgresql":
        _count_on(connection)


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        yield from (json.loads(line) for line in file)


def _count_on(connection: Connection) -> None:
    """Let the numbers that PostgreSQL gives begin after those that were entered."""
    for table in metadata.sorted_tables:
        key = table.autoincrement_column
        if key is None or not isinstance(key.type, Integer):
            continue
        last = connection.execute(select(func.max(key))).scalar_one()
        if last is not None:
            sequence = func.pg_get_serial_sequence(f'"{table.name}"', key.name)
            connection.execute(select(func.setval(sequence, last)))
