"""The rows of import workbooks that were handed in."""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select

from service.store.sealing.columns import InRow
from service.store.tables import imports


@dataclass(frozen=True, slots=True)
class StoredImport:
    """An import workbook as the database knows it."""

    id: str
    form: str
    edition: str
    sha256: str
    name: str
    records: list[dict[str, Any]]
    findings: list[dict[str, Any]]
    received_at: float


def add_import(connection: Connection, **values: Any) -> str:  # noqa: ANN401  # the columns of the table
    """A new row of the named columns; returns its id."""
    identity = str(uuid.uuid4())
    sealed = {key: InRow(identity, values[key]) for key in ("name", "records", "findings")}
    connection.execute(insert(imports).values({"id": identity, "received_at": time.time(), **values, **sealed}))
    return identity


def find_import(connection: Connection, identity: str) -> StoredImport | None:
    """The import of that id."""
    row = connection.execute(select(imports).where(imports.c.id == identity)).first()
    return StoredImport(**row._mapping) if row else None  # noqa: SLF001  # the documented way to a row as a mapping
