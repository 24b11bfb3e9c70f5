"""The audit chain: events written in the transaction of what they tell of, each sealed together with the one before.

Whoever changes, removes or adds a row without the key breaks the chain at that row. The last row is held by the sealed
head; an old state of the whole database is told by heads that were exported every day (:mod:`service.audit.heads`).
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select, update

from service.audit.events import AuditEvent, current_actor
from service.masking import hide_text
from service.store.audit_tables import audit_events, audit_heads
from service.store.sealing.vault import Vault, vault_of

START = "0" * 64
"""What stands before the first row."""
_TOGETHER = 1000
_LOCK_NUMBER = 7205759403792793603
LONGEST = 500


@dataclass(frozen=True, slots=True)
class Head:
    """The number and keyed hash of the last event."""

    number: int
    mac: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of verifying: how many rows are whole from the first on, and what is wrong with the next one.

    ``fault`` is ``altered``, ``missing`` or ``head``, empty where nothing is wrong; ``number`` the first faulty row.
    """

    rows: int
    fault: str = ""
    number: int = 0


def record(connection: Connection, event: AuditEvent) -> int:
    """Write down what is done in this transaction; if that cannot be written, it is not done. Returns the number."""
    if connection.dialect.name != "sqlite":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK_NUMBER})")
    vault = vault_of(connection.dialect)
    found = connection.execute(select(audit_heads)).first()
    before = Head(found.number, found.mac) if found else Head(0, START)
    row = _row(event, before)
    row["mac"] = _mac(vault, row)
    connection.execute(insert(audit_events).values(row))
    head = {"number": row["number"], "mac": row["mac"], "seal": head_seal(vault, Head(row["number"], row["mac"]))}
    connection.execute(update(audit_heads).values(head) if found else insert(audit_heads).values(id=1, **head))
    return int(row["number"])


def head_of(connection: Connection) -> Head:
    """The last event as the head has it."""
    found = connection.execute(select(audit_heads)).first()
    return Head(found.number, found.mac) if found else Head(0, START)


def head_seal(vault: Vault, head: Head) -> str:
    """The keyed hash that only the service can make of a head."""
    return vault.chained(f"head|{head.number}|{head.mac}".encode())


def verify(connection: Connection, exported: Iterable[Head] = ()) -> Verdict:
    """Go through the whole chain and name the first row that is not as it was written.

    ``exported`` are heads of earlier days: a row that one of them names must still be there.
    """
    vault = vault_of(connection.dialect)
    known = {head.number: head.mac for head in exported}
    before = Head(0, START)
    for row in _rows(connection):
        if row["number"] != before.number + 1:
            return Verdict(before.number, "missing", before.number + 1)
        is_whole = row["previous"] == before.mac and row["mac"] == _mac(vault, row)
        if not is_whole or known.get(row["number"], row["mac"]) != row["mac"]:
            return Verdict(before.number, "altered", row["number"])
        before = Head(row["number"], row["mac"])
    last = max(known, default=0)
    found = connection.execute(select(audit_heads)).first()
    if last > before.number or (found is not None and found.number > before.number):
        return Verdict(before.number, "missing", before.number + 1)
    if found is None:
        return Verdict(before.number, "head", before.number) if before.number else Verdict(0)
    if Head(found.number, found.mac) != before or found.seal != head_seal(vault, before):
        return Verdict(before.number, "head", found.number)
    return Verdict(before.number)


def events(connection: Connection, after: int = 0) -> Iterator[dict[str, Any]]:
    """The events as JSON objects, the oldest first."""
    for row in _rows(connection, after):
        yield {**row, "details": json.loads(row["details"])}


def _rows(connection: Connection, after: int = 0) -> Iterator[dict[str, Any]]:
    query = select(audit_events).order_by(audit_events.c.number).limit(_TOGETHER)
    while rows := connection.execute(query.where(audit_events.c.number > after)).mappings().all():
        yield from (dict(row) for row in rows)
        after = rows[-1]["number"]


def _row(event: AuditEvent, before: Head) -> dict[str, Any]:
    actor = current_actor()
    texts = {
        "who": event.who or actor.name,
        "role": actor.role,
        "unit": actor.unit,
        "address": actor.address,
        "request_id": actor.request_id,
        "object_type": event.object_type,
        "object_id": event.object_id,
    }
    return {
        "number": before.number + 1,
        "at": dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds"),
        "action": event.action.value,
        "result": event.result.value,
        "count": event.count,
        "details": _details(event.details),
        "previous": before.mac,
        **{name: _clean(text) for name, text in texts.items()},
    }


def _details(details: Mapping[str, Any]) -> str:
    clean = {key: _clean(value) if isinstance(value, str) else value for key, value in details.items()}
    return json.dumps(clean, ensure_ascii=False, sort_keys=True)


def _clean(text: str) -> str:
    """Without whole numbers of people, not endless, and such that every database takes it."""
    return hide_text(text)[:LONGEST].replace("\0", "").encode("utf-8", "replace").decode("utf-8")


_CHAINED = tuple(column.name for column in audit_events.c if column.name != "mac")


def _mac(vault: Vault, row: Mapping[str, Any]) -> str:
    written = json.dumps([row[name] for name in _CHAINED], ensure_ascii=False, separators=(",", ":"))
    return vault.chained(f"event|{written}".encode())
