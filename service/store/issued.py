"""The rows of documents that were handed out: what was printed under which print mark, and where."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select

from forms.fieldmap import FieldMap
from forms.plain import record_from_plain, record_to_plain
from forms.record import Record
from service.store.sealing.columns import InRow
from service.store.tables import issued


@dataclass(frozen=True, slots=True)
class Issued:
    """One document as it was handed out.

    ``field_map`` and ``print_sha256`` (its PDF in the blob store) are there where it was printed by us; of an Office
    file only the record is known, for the clerk's own program prints it.
    """

    id: str
    form: str
    edition: str
    format: str
    purpose: str
    record: Record
    field_map: FieldMap | None = None
    print_sha256: str | None = None
    made_at: float = 0.0


def keep_issued(connection: Connection, documents: Iterable[Issued]) -> None:
    """Enter documents; one that was made again under its id takes the place of the first."""
    rows = [
        {
            "id": item.id,
            "form": item.form,
            "edition": item.edition,
            "format": item.format,
            "purpose": item.purpose,
            "made_at": item.made_at or time.time(),
            "record": InRow(item.id, record_to_plain(item.record)),
            "field_map": InRow(item.id, None if item.field_map is None else item.field_map.to_plain()),
            "print_sha256": item.print_sha256,
        }
        for item in documents
    ]
    if rows:
        for row in rows:
            connection.execute(delete(issued).where(issued.c.id == row["id"]))
        connection.execute(insert(issued), rows)


def find_issued(connection: Connection, identity: str) -> Issued | None:
    """The document of that print mark."""
    row = connection.execute(select(issued).where(issued.c.id == identity)).first()
    if row is None:
        return None
    return Issued(
        row.id,
        row.form,
        row.edition,
        row.format,
        row.purpose,
        record_from_plain(row.record),
        None if row.field_map is None else FieldMap.from_plain(row.field_map),
        row.print_sha256,
        row.made_at,
    )


def find_print(connection: Connection, identity: str) -> tuple[bytes, str] | None:
    """The field map (as JSON) and the SHA-256 of the PDF of a document that we printed; ``None`` for any other."""
    row = connection.execute(select(issued.c.field_map, issued.c.print_sha256).where(issued.c.id == identity)).first()
    if row is None or row.field_map is None or row.print_sha256 is None:
        return None
    return json.dumps(row.field_map, ensure_ascii=False, separators=(",", ":")).encode("utf-8"), row.print_sha256
