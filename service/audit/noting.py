"""The events of the service's own operations, in one place, so that all of them speak alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from service.audit.chain import record
from service.audit.events import Action, AuditEvent, Result
from service.store.jobs import Job
from service.store.sealing.vault import vault_of
from service.store.submissions import ROW_STEPS, Change

SENSITIVE = ("id_number", "phone")
"""Ends of the keys of values that are told by a keyed hash alone."""
MACHINE = "系统"
_EDITS = ("entered", *ROW_STEPS)
_MOVES = {"accepted": Action.ACCEPT, "returned": Action.RETURN}
_SHOWN_PATHS = 12
_SHOWN_HASH = 12


def note_changes(connection: Connection, identity: str, steps: Sequence[Change]) -> None:
    """What people did with a document: which fields they entered, and that they accepted or returned it."""
    entered = [step for step in steps if step.action in _EDITS and step.who != MACHINE]
    for who in dict.fromkeys(step.who for step in entered):
        own = [step for step in entered if step.who == who]
        details = {"fields": ", ".join(step.path for step in own[:_SHOWN_PATHS]), **_hashes(connection, own)}
        record(connection, AuditEvent(Action.EDIT, "document", identity, count=len(own), details=details, who=who))
    for step in steps:
        if step.action == "moved" and step.who != MACHINE and (action := _MOVES.get(str(step.after))):
            record(connection, AuditEvent(action, "document", identity, who=step.who))


def _hashes(connection: Connection, steps: Iterable[Change]) -> dict[str, str]:
    """Of sensitive values a keyed hash of before and after: whether it was changed back can be told, not to what."""
    vault = vault_of(connection.dialect)
    hashes = [
        " > ".join(vault.index(step.path.rpartition(".")[2], _value(side))[:_SHOWN_HASH] or "-" for side in sides)
        for step in steps
        if step.path.endswith(SENSITIVE) and (sides := (step.before, step.after))
    ]
    return {"hashes": ", ".join(hashes[:_SHOWN_PATHS])} if hashes else {}


def _value(side: Any) -> str:  # noqa: ANN401  # an ENTRY as JSON, or nothing
    return str(side.get("value") or "") if isinstance(side, Mapping) else ""


def note_upload(
    connection: Connection, files: Iterable[tuple[str | None, str | None, bool]], unit: str | None = None
) -> None:
    """Files that were taken in: document, hash, and whether each was refused."""
    for identity, sha256, refused in files:
        result = Result.REFUSED if refused else Result.DONE
        details = {"sha256": sha256 or "", "unit": unit or ""}
        record(connection, AuditEvent(Action.UPLOAD, "document", identity or "", result, 1, details))


def note_look(
    connection: Connection, action: Action, what: str, filters: Mapping[str, str], people: int, **more: str
) -> None:
    """People that somebody searched by number, saw with whole numbers, or took away as a file."""
    found = " ".join(f"{key}={value}" for key, value in filters.items() if value and key != "id_number")
    who = more.pop("who", "")
    record(connection, AuditEvent(action, what, count=people, details={"filters": found, **more}, who=who))


def note_units(connection: Connection, identity: str, changed: int) -> None:
    """The list of units was changed."""
    record(connection, AuditEvent(Action.UNITS, "unit-import", identity, count=changed))


def note_job(connection: Connection, action: Action, job: Job, state: str = "") -> None:
    """A job was begun or has ended."""
    result = Result.DONE if state in {"", "done"} else Result.FAILED
    details = {"kind": job.kind, "attempt": str(job.attempt), **({"state": state} if state else {})}
    record(connection, AuditEvent(action, "job", job.id, result, details=details))
