"""A document emptied: a tombstone stays in its place, and the audit chain has the hash of what was there.

There remain its id, unit, state and days, and who did what when; its values, its name and the hold on its file are
gone. The file itself goes with the next ``admin purge``: at this very moment the same bytes may be handed in anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, delete, or_, select, update

from service.audit.chain import record
from service.audit.events import Action, AuditEvent
from service.store.sealing.columns import InRow, row_of
from service.store.tables import accepted, changes, documents, metadata, records, submissions

CLEARED = "(已清除)"
_STAY = frozenset({submissions.name, changes.name})
"""Tables whose rows of a document stay, without its values."""


def clear(connection: Connection, identity: str, action: Action, more: Mapping[str, str] | None = None) -> None:
    """Empty a document; ``action`` is what is written down of it, with ``more`` to tell."""
    was = connection.execute(
        select(documents.c.sha256, documents.c.size, documents.c.received_at).where(documents.c.id == identity)
    ).one()
    forms = select(accepted.c.id).where(accepted.c.document_id == identity)
    people = connection.execute(delete(records).where(records.c.accepted_id.in_(forms))).rowcount
    for table in reversed(metadata.sorted_tables):
        columns = [key.parent for key in table.foreign_keys if key.column is documents.c.id]
        if columns and table.name not in _STAY:
            connection.execute(delete(table).where(or_(*(column == identity for column in columns))))
    connection.execute(update(submissions).where(submissions.c.document_id == identity).values(content=None))
    for step in connection.execute(select(changes.c.number, changes.c.action, changes.c.path).where(_of(identity))):
        emptied = {"before": None, "after": None, "reason": InRow(row_of(identity, step.action, step.path), "")}
        connection.execute(update(changes).where(changes.c.number == step.number).values(emptied))
    values: dict[str, Any] = {"name": InRow(identity, CLEARED), "reading": None, "sha256": "", "size": 0}
    connection.execute(update(documents).where(documents.c.id == identity).values(values))
    proof = {"sha256": was.sha256, "size": was.size, "received_at": was.received_at, **(more or {})}
    record(connection, AuditEvent(action, "document", identity, count=people, details=proof))


def _of(identity: str) -> Any:  # noqa: ANN401  # an SQL expression
    return changes.c.document_id == identity
