"""The rows of returned files."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, delete, func, insert, select, update

from service.store import parts
from service.store.sealing.columns import InRow
from service.store.tables import documents, submissions
from service.store.waiting_tables import waiting

DELETED = "deleted"
"""Where a document is that somebody deleted before it was settled."""
SETTLED = ("accepted", "returned", "superseded")
"""Where a person brought a document to; it stays there when its file is deleted."""
SPLIT = "split"
"""Key in a stored reading whose forms are kept in pieces."""


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A returned file as the database knows it; ``reading`` is empty until it was read.

    ``state`` says how the reading went. What people made of it since stands in ``review_state``, ``version`` and
    ``content`` (see :data:`service.store.tables.submissions`), all empty until something happened. ``checked_version``
    is the version that the findings are of, empty where that is ``version`` itself. ``is_split`` says that it is kept
    in pieces (:mod:`service.store.parts`); in a list of documents it has then ``tally`` (people, errors, values to
    look at) and no rows.
    """

    id: str
    sha256: str
    name: str
    size: int
    form_hint: str | None
    unit: str | None
    state: str
    received_at: float
    job_id: str | None
    reading: dict[str, Any] | None
    review_state: str | None = None
    version: int = 0
    content: list[dict[str, Any]] | None = None
    supersedes: str | None = None
    superseded_by: str | None = None
    merged_from: str | None = None
    campaign_id: str | None = None
    unit_from: str | None = None
    checked_version: int | None = None
    is_split: bool = False
    tally: tuple[int, int, int] | None = None

    @property
    def is_checked(self) -> bool:
        """Whether the findings are those of what it says now."""
        return self.checked_version in (None, self.version)

    @property
    def stage(self) -> str:
        """Where it is on its way: how the reading went, or what a person did with it after."""
        if not self.sha256 and self.review_state not in SETTLED:
            return DELETED
        return self.review_state if self.review_state not in (None, "read") else self.state

    @property
    def found(self) -> list[dict[str, Any]]:
        """The documents in it as they stand now: as read, with what people entered since."""
        if self.content is not None:
            return self.content
        as_read: list[dict[str, Any]] = (self.reading or {}).get("documents", [])
        return as_read


def add_document(  # noqa: PLR0913  # what a sender says of a file
    connection: Connection,
    *,
    sha256: str,
    name: str,
    size: int,
    form_hint: str | None,
    unit: str | None,
    unit_from: str | None = None,
    campaign: str | None = None,
) -> str:
    """A new row in state ``received``; returns its id."""
    identity = str(uuid.uuid4())
    connection.execute(
        insert(documents).values(
            id=identity,
            sha256=sha256,
            name=InRow(identity, name),
            size=size,
            form_hint=form_hint,
            unit=unit,
            unit_from=unit_from,
            campaign_id=campaign,
            state="received",
            received_at=time.time(),
        )
    )
    return identity


def set_job(connection: Connection, identity: str, job_id: str) -> None:
    """The job that reads it."""
    connection.execute(update(documents).where(documents.c.id == identity).values(job_id=job_id))


def set_form_hint(connection: Connection, identity: str, form: str) -> None:
    """Which form its sender now says it is."""
    connection.execute(update(documents).where(documents.c.id == identity).values(form_hint=form))


def set_unit(connection: Connection, identity: str, unit: str) -> None:
    """Whose it is, where the sender did not say."""
    connection.execute(update(documents).where(documents.c.id == identity).values(unit=unit))


def set_reading(
    connection: Connection,
    identity: str,
    state: str,
    reading: dict[str, Any],
    sealed: Sequence[dict[str, Any]] = (),
) -> None:
    """What was read, and how that ended; a long list is kept in pieces, which may be sealed already."""
    found = reading.get("documents", [])
    if sealed:
        parts.keep_sealed(connection, identity, parts.READ, sealed)
    elif parts.is_long(found) or parts.is_split(connection, identity):
        parts.keep_whole(connection, identity, parts.READ, found)
    if sealed or parts.is_split(connection, identity):
        reading = {**reading, "documents": [], SPLIT: True}
    values = {"state": state, "reading": InRow(identity, reading)}
    connection.execute(update(documents).where(documents.c.id == identity).values(values))
    connection.execute(delete(waiting).where(waiting.c.document_id == identity))


def find_document(connection: Connection, identity: str) -> StoredDocument | None:
    """The document of that id."""
    found = find_opening(connection, identity)
    if found is None or not found.is_split:
        return found
    read, now = parts.whole(connection, identity)
    return replace(found, reading={**(found.reading or {}), "documents": read}, content=now)


def find_opening(connection: Connection, identity: str) -> StoredDocument | None:
    """The document of that id; of a long one (``is_split``) without its forms."""
    row = connection.execute(_whole().where(documents.c.id == identity)).first()
    return _stored(row) if row else None


def find_fetched(connection: Connection, identity: str) -> tuple[StoredDocument, parts.Fetched] | None:
    """A long document that is still sealed, and its pieces; ``None`` for any other document."""
    if not parts.is_split(connection, identity):
        return None
    found = find_opening(connection, identity)
    return (found, parts.fetch(connection, identity)) if found is not None else None


def find_light(connection: Connection, identity: str) -> StoredDocument | None:
    """The document of that id without what was read in it and what it says now."""
    row = connection.execute(_light().where(documents.c.id == identity)).first()
    return StoredDocument(**row._mapping, reading=None) if row else None  # noqa: SLF001  # the documented way


def latest_documents(
    connection: Connection,
    limit: int = 100,
    offset: int = 0,
    within: Callable[[ColumnElement[str]], ColumnElement[bool]] | None = None,
    where: Sequence[ColumnElement[bool]] = (),
) -> Sequence[StoredDocument]:
    """The newest first, without what was read in them; ``within`` makes the condition on the ids that may be seen.

    ``where`` are other conditions, on ``documents`` and their ``submissions`` (:mod:`service.store.document_search`).
    """
    query = _light() if within is None else _light().where(within(documents.c.id))
    query = query.where(*where)
    query = query.order_by(documents.c.received_at.desc(), documents.c.id).limit(limit).offset(offset)
    return [StoredDocument(**row._mapping, reading=None) for row in connection.execute(query)]  # noqa: SLF001  # as above


def documents_called(
    connection: Connection,
    identities: Sequence[str],
    within: Callable[[ColumnElement[str]], ColumnElement[bool]] | None = None,
) -> Sequence[StoredDocument]:
    """Those documents that may be seen, as :func:`latest_documents` gives them."""
    query = _light().where(documents.c.id.in_(identities))
    query = query if within is None else query.where(within(documents.c.id))
    return [StoredDocument(**row._mapping, reading=None) for row in connection.execute(query)]  # noqa: SLF001  # as above


def documents_in_list(connection: Connection, identities: Sequence[str]) -> Sequence[StoredDocument]:
    """Those documents with what was read in them; long lists without their rows."""
    rows = connection.execute(_whole().where(documents.c.id.in_(identities))).all()
    return [_in_list(connection, _stored(row)) for row in rows]


def _light() -> Select[Any]:
    columns = [column for column in documents.c if column.name != "reading"]
    since = [submissions.c[name] for name in ("supersedes", "superseded_by", "merged_from", "checked_version")]
    counted = func.coalesce(submissions.c.version, 0).label("version")
    joined = documents.outerjoin(submissions, submissions.c.document_id == documents.c.id)
    return select(*columns, submissions.c.state.label("review_state"), counted, *since).select_from(joined)


def _in_list(connection: Connection, document: StoredDocument) -> StoredDocument:
    """A long list as a line of a list: its forms without their rows, and its figures."""
    if not document.is_split:
        return document
    heads = parts.heads_of(connection, document.id)
    reading = {**(document.reading or {}), "documents": heads}
    return replace(document, reading=reading, content=None, tally=parts.tally(connection, document.id))


def _whole() -> Select[Any]:
    """Documents with what people made of them."""
    table = submissions
    since = (table.c.content, table.c.supersedes, table.c.superseded_by, table.c.merged_from, table.c.checked_version)
    counted = func.coalesce(table.c.version, 0).label("version")
    joined = documents.outerjoin(table, table.c.document_id == documents.c.id)
    return select(documents, table.c.state.label("review_state"), counted, *since).select_from(joined)


def _stored(row: Row[Any]) -> StoredDocument:
    found = StoredDocument(**row._mapping)  # noqa: SLF001  # the documented way to a row as a mapping
    if found.reading is None or SPLIT not in found.reading:
        return found
    reading = {key: value for key, value in found.reading.items() if key != SPLIT}
    return replace(found, reading=reading, is_split=True)
