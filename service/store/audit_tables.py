"""The tables of what was done: rows that are only ever added, and the head of their chain."""

from __future__ import annotations

from sqlalchemy import DDL, Column, Integer, String, Table, Text, event

from service.store.tables import metadata

audit_events = Table(
    "audit_event",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", String(32), nullable=False),
    Column("action", String(40), nullable=False, index=True),
    Column("result", String(16), nullable=False),
    Column("who", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("request_id", Text, nullable=False),
    Column("object_type", Text, nullable=False),
    Column("object_id", Text, nullable=False),
    Column("count", Integer, nullable=False),
    Column("details", Text, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("mac", String(64), nullable=False),
)
"""One thing that was done. ``number`` runs from one without a gap, ``at`` is ISO 8601 in UTC, ``details`` JSON; ``mac``
is the keyed hash of the row with the ``mac`` of the one before it, which ``previous`` repeats."""

audit_heads = Table(
    "audit_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("number", Integer, nullable=False),
    Column("mac", String(64), nullable=False),
    Column("seal", String(64), nullable=False),
)
"""The one row that says which is the last event; ``seal`` is a keyed hash of that."""

SQLITE_GUARDS = tuple(
    f"create trigger audit_event_no_{verb} before {verb} on audit_event begin"
    " select raise(abort, 'audit_event is append-only'); end"
    for verb in ("update", "delete")
)
REFUSAL = "begin raise exception 'audit_event is append-only'; end"
REFUSE = "execute function audit_event_refuse()"
POSTGRESQL_GUARDS = (
    f"create function audit_event_refuse() returns trigger language plpgsql as $$ {REFUSAL} $$",
    f"create trigger audit_event_no_change before update or delete on audit_event for each row {REFUSE}",
    f"create trigger audit_event_no_truncate before truncate on audit_event for each statement {REFUSE}",
)
for dialect, guards in (("sqlite", SQLITE_GUARDS), ("postgresql", POSTGRESQL_GUARDS)):
    for words in guards:
        made = DDL(words).execute_if(dialect=dialect)  # type: ignore[no-untyped-call]  # SQLAlchemy left it untyped
        event.listen(audit_events, "after_create", made)
