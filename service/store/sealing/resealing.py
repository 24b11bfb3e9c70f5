"""A change of keys, row by row: what older keys have sealed is opened and sealed again with the newest.

Every batch is a transaction of its own, and what is left to do is told by the values themselves: broken off at any
point, it goes on where it stopped, while the service works.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Table, Text, and_, delete, func, or_, select, tuple_, update
from sqlalchemy import type_coerce as coerced

from service.store.database import Database
from service.store.key_tables import data_keys
from service.store.records import ID_NUMBER
from service.store.sealing.columns import InRow, Sealed, row_of
from service.store.sealing.keyring import add_file_key, add_key, lock_keys, refresh
from service.store.sealing.vault import prefix_of, vault_of
from service.store.tables import metadata, records

TOGETHER = 200


def sealed_columns() -> dict[Table, list[Column[Any]]]:
    """The sealed columns of every table that has some."""
    found = {
        table: [column for column in table.c if isinstance(column.type, Sealed)] for table in metadata.sorted_tables
    }
    return {table: columns for table, columns in found.items() if columns}


def begin_rekey(database: Database) -> int:
    """Make the key that seals from now on, unless an earlier change of keys is unfinished; returns its number."""
    with database.transaction() as connection:
        lock_keys(connection)
        vault = vault_of(connection.dialect)
        if not _retired(connection):
            add_key(connection, vault.outer.read(), "data", vault.suite)
            add_file_key(connection, vault.outer.read(), vault.suite)
            refresh(connection, vault)
        return vault.keys.current


def reseal(database: Database, together: int = TOGETHER) -> Iterator[tuple[str, int]]:
    """Seal anew what older keys have sealed; tells the table and how many rows after every batch."""
    for table, columns in sealed_columns().items():
        keys = list(table.primary_key.columns)
        after: Sequence[Any] | None = None
        while True:
            with database.transaction() as connection:
                rows = _older(connection, table, columns, after, together)
                for row in rows:
                    connection.execute(update(table).where(_is(table, row)).values(_anew(connection, table, row)))
            if not rows:
                break
            after = [rows[-1][key.name] for key in keys]
            yield table.name, len(rows)


def end_rekey(database: Database) -> int:
    """Erase the keys that seal nothing any more, so that what they had sealed cannot be opened from an old copy.

    Returns how many were erased; none while there is a value that one of them sealed.
    """
    with database.transaction() as connection:
        lock_keys(connection)
        retired = _retired(connection)
        if not retired or any(
            _older(connection, table, columns, None, 1) for table, columns in sealed_columns().items()
        ):
            return 0
        connection.execute(delete(data_keys).where(data_keys.c.id.in_(retired)))
        return len(retired)


def _retired(connection: Connection) -> list[int]:
    wanted = and_(data_keys.c.purpose == "data", data_keys.c.state == "retired")
    return list(connection.scalars(select(data_keys.c.id).where(wanted)))


def left_to_reseal(connection: Connection) -> int:
    """How many rows still have a value of an older key."""
    total = 0
    for table, columns in sealed_columns().items():
        query = select(func.count()).select_from(table).where(_is_older(connection, columns))
        total += int(connection.execute(query).scalar_one())
    return total


def _is_older(connection: Connection, columns: Sequence[Column[Any]]) -> ColumnElement[bool]:
    prefix = prefix_of(vault_of(connection.dialect).keys.current)
    return or_(*(and_(column.is_not(None), coerced(column, Text).not_like(f"{prefix}%")) for column in columns))


def _older(
    connection: Connection, table: Table, columns: Sequence[Column[Any]], after: Sequence[Any] | None, most: int
) -> Sequence[Mapping[str, Any]]:
    keys = list(table.primary_key.columns)
    where = [_is_older(connection, columns)]
    if after is not None:
        where.append(tuple_(*keys) > tuple_(*after))
    kinds = [column.type for column in columns if isinstance(column.type, Sealed)]
    named = dict.fromkeys([*keys, *(table.c[name] for kind in kinds for name in kind.keys), *columns])
    query = select(*named).where(*where).order_by(*keys).limit(most)
    return [dict(row) for row in connection.execute(query).mappings()]


def _is(table: Table, row: Mapping[str, Any]) -> ColumnElement[bool]:
    return and_(*(key == row[key.name] for key in table.primary_key.columns))


def _anew(connection: Connection, table: Table, row: Mapping[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for column in sealed_columns()[table]:
        kind = column.type
        if isinstance(kind, Sealed) and row[column.name] is not None:
            values[column.name] = InRow(row_of(*(row[key] for key in kind.keys)), row[column.name])
    if table is records:
        number = str((row["entries"].get(ID_NUMBER) or {}).get("value") or "").strip().upper()
        values["id_index"] = vault_of(connection.dialect).index(ID_NUMBER, number)
    return values
