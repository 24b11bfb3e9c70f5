"""The rows that say whose a thing is: its unit, the forms in it, and the account that made it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from service.store.account_tables import belongings


@dataclass(frozen=True, slots=True)
class Belonging:
    """Whose a thing is; see :data:`service.store.account_tables.belongings`."""

    unit_id: str | None = None
    forms: frozenset[str] = frozenset()
    account_id: str | None = None


def find_belonging(connection: Connection, kind: str, thing_id: str) -> Belonging | None:
    """Whose a thing is; ``None`` where that was never said: nobody had signed in."""
    table = belongings
    row = connection.execute(select(table).where(table.c.kind == kind, table.c.thing_id == thing_id)).first()
    if row is None:
        return None
    return Belonging(row.unit_id, frozenset(row.forms.split(",") if row.forms else ()), row.account_id)


def keep_belonging(connection: Connection, kind: str, thing_id: str, **values: Any) -> None:  # noqa: ANN401  # the columns of the table
    """Set the named columns of a thing, whether or not it has a row."""
    table = belongings
    if "forms" in values:
        values["forms"] = ",".join(sorted(values["forms"]))
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    added = insert(table).values(kind=kind, thing_id=thing_id, **values)
    connection.execute(added.on_conflict_do_update(index_elements=[table.c.kind, table.c.thing_id], set_=values))
