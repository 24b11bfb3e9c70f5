"""Accepted forms with all their people, as a consolidation takes them: by campaign and kind of form."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, and_, or_, select

from service.store.account_tables import belongings
from service.store.tables import accepted, documents, records

CHUNK = 500


@dataclass(frozen=True, slots=True)
class AcceptedHead:
    """An accepted form without its people; ``unit_id`` is whose it is, where that is known.

    ``file`` is the returned file's name, ``reason`` why it was accepted with open faults.
    """

    id: str
    document_id: str
    item: int
    form: str
    edition: str
    unit: str
    unit_id: str | None
    accepted_at: float
    reason: str
    file: str
    header: Mapping[str, Any]
    marks: Sequence[Mapping[str, Any]]


def accepted_heads(connection: Connection, forms: Sequence[str], campaign: str | None) -> list[AcceptedHead]:
    """The accepted forms of a kind that no other has superseded, of a campaign and those of none, as accepted."""
    owned = and_(belongings.c.kind == "accepted", belongings.c.thing_id == accepted.c.id)
    joined = accepted.join(documents, documents.c.id == accepted.c.document_id).outerjoin(belongings, owned)
    columns = [accepted.c[name] for name in AcceptedHead.__slots__ if name not in {"unit_id", "file"}]
    where = [
        accepted.c.state == "accepted",
        accepted.c.form.in_(forms),
        or_(documents.c.campaign_id == campaign, documents.c.campaign_id.is_(None)),
    ]
    wanted = select(*columns, belongings.c.unit_id, documents.c.name.label("file")).select_from(joined).where(*where)
    found = connection.execute(wanted.order_by(accepted.c.accepted_at, accepted.c.id))
    return [AcceptedHead(**row._mapping) for row in found]  # noqa: SLF001  # the documented way to a row as a mapping


def people_of(connection: Connection, forms: Sequence[str], keep: Callable[[str, Mapping[str, Any]], None]) -> None:
    """Hand each person of the named accepted forms to ``keep`` with the form's id, in the order of the lines."""
    for start in range(0, len(forms), CHUNK):
        wanted = select(records.c.accepted_id, records.c.entries)
        chosen = wanted.where(records.c.accepted_id.in_(forms[start : start + CHUNK]))
        for row in connection.execute(chosen.order_by(records.c.accepted_id, records.c.line)):
            keep(row.accepted_id, row.entries)
