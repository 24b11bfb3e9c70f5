"""The rows of what a person confirmed of a unit's ledger: which column holds what."""

from __future__ import annotations

import time

from sqlalchemy import Connection, delete, insert, select

from parsers.ledger.options import Columns, Remembered, columns_from_plain, columns_to_plain
from service.store.tables import ledger_mappings


def keep_mapping(connection: Connection, unit: str, head: str, columns: Columns) -> None:
    """Remember the columns of a head row of a unit; what was remembered for it before is replaced."""
    table = ledger_mappings
    connection.execute(delete(table).where(table.c.unit == unit, table.c.head == head))
    row = {"unit": unit, "head": head, "columns": columns_to_plain(columns), "confirmed_at": time.time()}
    connection.execute(insert(table).values(row))


def known_mappings(connection: Connection) -> tuple[Remembered, ...]:
    """All that is remembered, by unit and head."""
    query = select(ledger_mappings).order_by(ledger_mappings.c.unit, ledger_mappings.c.head)
    return tuple(Remembered(row.unit, row.head, columns_from_plain(row.columns)) for row in connection.execute(query))


def forget_mappings(connection: Connection, unit: str) -> int:
    """Forget all of a unit; returns how many there were."""
    return connection.execute(delete(ledger_mappings).where(ledger_mappings.c.unit == unit)).rowcount
