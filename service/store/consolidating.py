"""Accepted forms with all their people, as a consolidation takes them: by campaign and kind of form."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import ColumnElement, Connection, Select, and_, or_, select

from service.store.account_tables import belongings
from service.store.sealing.columns import opener, sealed_text
from service.store.tables import accepted, documents, records

CHUNK = 500


class StoredEntry(msgspec.Struct, frozen=True, gc=False):
    """A value of an accepted form as the store keeps it; ``origin`` is one of :class:`forms.record.Origin`."""

    value: str | int | float | bool | None
    code: str | None
    origin: str
    review: bool | None = False


_ROW = msgspec.json.Decoder(dict[str, StoredEntry])


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


class AcceptedId(NamedTuple):
    """An accepted form by its id alone, and whose it is: what is sealed in it stays closed."""

    id: str
    unit: str
    unit_id: str | None


def accepted_ids(connection: Connection, forms: Sequence[str], campaign: str | None) -> list[AcceptedId]:
    """The forms of :func:`accepted_heads`, in the same order."""
    columns = (accepted.c.id, accepted.c.unit, belongings.c.unit_id)
    return [AcceptedId(*row) for row in connection.execute(_wanted(columns, forms, campaign))]


def accepted_heads(connection: Connection, forms: Sequence[str], campaign: str | None) -> list[AcceptedHead]:
    """The accepted forms of a kind that no other has superseded, of a campaign and those of none, as accepted."""
    own = [accepted.c[name] for name in AcceptedHead.__slots__ if name not in {"unit_id", "file"}]
    columns = (*own, belongings.c.unit_id, documents.c.name.label("file"))
    found = connection.execute(_wanted(columns, forms, campaign))
    return [AcceptedHead(**row._mapping) for row in found]  # noqa: SLF001  # the documented way to a row as a mapping


def _wanted(columns: Sequence[ColumnElement[Any]], forms: Sequence[str], campaign: str | None) -> Select[Any]:
    owned = and_(belongings.c.kind == "accepted", belongings.c.thing_id == accepted.c.id)
    joined = accepted.join(documents, documents.c.id == accepted.c.document_id).outerjoin(belongings, owned)
    where = [
        accepted.c.state == "accepted",
        accepted.c.form.in_(forms),
        or_(documents.c.campaign_id == campaign, documents.c.campaign_id.is_(None)),
    ]
    return select(*columns).select_from(joined).where(*where).order_by(accepted.c.accepted_at, accepted.c.id)


def people_of(
    connection: Connection, forms: Sequence[str], keep: Callable[[str, Mapping[str, StoredEntry]], None]
) -> None:
    """Hand each person of the named accepted forms to ``keep`` with the form's id, in the order of the lines."""
    opened = opener(records.c.entries, connection.dialect)
    query = select(records.c.accepted_id, sealed_text(records.c.entries))
    for start in range(0, len(forms), CHUNK):
        chosen = query.where(records.c.accepted_id.in_(forms[start : start + CHUNK]))
        for identity, sealed in connection.execute(chosen.order_by(records.c.accepted_id, records.c.line)):
            keep(identity, row_from(opened(sealed)))


def head_values(header: Mapping[str, Any]) -> dict[str, StoredEntry]:
    """The values of a form's head by key."""
    return msgspec.convert(header, dict[str, StoredEntry])


def row_from(text: str) -> dict[str, StoredEntry]:
    """The values of a person by key, of their JSON. What JSON has no sign for but Python writes is taken as well."""
    try:
        return _ROW.decode(text)
    except (msgspec.DecodeError, UnicodeEncodeError):
        return msgspec.convert(json.loads(text), dict[str, StoredEntry])
