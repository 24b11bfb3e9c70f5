"""The table of what waits for a person's eyes, so that all values of one kind are found without opening every file."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table

from service.store.tables import metadata

waiting = Table(
    "waiting",
    metadata,
    Column("document_id", String(36), ForeignKey("document.id"), primary_key=True),
    Column("what", String(80), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("count", Integer, nullable=False),
    Index("waiting_by_what", "what", "document_id", "count"),
)
"""How many values of a document are marked for a person. ``what`` is the form and the key of a field
(``attachment-2/id_number``), or ``marks``; the row whose ``what`` is empty says of which ``version`` the others are.
Each change of a document takes its rows away: what stands here is of documents as they are now, and of such alone as
wait; those without rows are counted by who asks. Nothing of a value stands here."""
