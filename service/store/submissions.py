"""The rows of what people made of returned files: state, version and content, each step with its history."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from service.store.sealing.columns import InRow, row_of
from service.store.tables import changes, documents, notices, submissions
from service.store.waiting_tables import waiting

ADDED, REMOVED = "row-added", "row-removed"
ROW_STEPS = (ADDED, REMOVED)
"""Actions by which a person adds a row to a list, or takes one out."""


@dataclass(frozen=True, slots=True)
class Submission:
    """A returned file in people's hands; see :data:`service.store.tables.submissions`."""

    document_id: str
    state: str
    version: int
    content: list[dict[str, Any]] | None
    supersedes: str | None
    superseded_by: str | None
    merged_from: str | None
    moved_at: float
    checked_version: int | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One step in the history of a document.

    ``action`` is ``read``, ``entered``, ``carried``, ``conflict``, ``moved``, ``noted`` or one of :data:`ROW_STEPS`, of
    which ``before`` or ``after`` is the whole row and ``path`` its place. Else ``path`` is the value's
    (``documents[0].records[0].name``), empty for a step of the whole document. ``before`` and ``after`` are the whole
    ENTRY or mark, or the states of a move.
    """

    who: str
    action: str
    path: str = ""
    before: Any = None
    after: Any = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """The 补正通知书 of a document, by the hashes of its files, and the findings told with it."""

    document_id: str
    made_at: float
    name: str
    docx_sha256: str
    pdf_sha256: str | None
    marked_sha256: str | None
    findings: list[dict[str, Any]]
    deadline: str | None = None


def find_submission(connection: Connection, identity: str) -> Submission | None:
    """The submission of that document; ``None`` where nothing happened to it since it was received."""
    row = connection.execute(select(submissions).where(submissions.c.document_id == identity)).first()
    return Submission(**row._mapping) if row else None  # noqa: SLF001  # the documented way to a row as a mapping


def open_submission(connection: Connection, identity: str, supersedes: str | None = None) -> Submission:
    """The submission of that document, entered as ``read`` in version 0 where there was none."""
    found = find_submission(connection, identity)
    if found is not None:
        return found
    row = {"document_id": identity, "state": "read", "version": 0, "supersedes": supersedes, "moved_at": time.time()}
    connection.execute(insert(submissions).values(row))
    return Submission(identity, "read", 0, None, supersedes, None, None, row["moved_at"])  # type: ignore[arg-type]  # a mixed dict


def change_submission(connection: Connection, identity: str, **values: Any) -> None:  # noqa: ANN401  # the columns
    """Set the named columns and count the version up; what waited in it is to be counted anew, if it still waits."""
    table = submissions
    if "content" in values:
        values["content"] = InRow(identity, values["content"])
    statement = update(table).where(table.c.document_id == identity)
    connection.execute(statement.values(version=table.c.version + 1, moved_at=time.time(), **values))
    connection.execute(delete(waiting).where(waiting.c.document_id == identity))


def set_checked(connection: Connection, identity: str) -> None:
    """The findings are those of the version that it has."""
    connection.execute(update(submissions).where(submissions.c.document_id == identity).values(checked_version=None))


def set_supersedes(connection: Connection, identity: str, supersedes: str | None) -> None:
    """Which document its sender says that it corrects."""
    table = submissions
    connection.execute(update(table).where(table.c.document_id == identity).values(supersedes=supersedes))


def never_opened(connection: Connection) -> list[str]:
    """Documents that were read before submissions were kept."""
    joined = documents.outerjoin(submissions, submissions.c.document_id == documents.c.id)
    query = select(documents.c.id).select_from(joined)
    return list(connection.scalars(query.where(submissions.c.document_id.is_(None), documents.c.state != "received")))


def returned_documents(connection: Connection) -> Sequence[str]:
    """The documents that wait for a corrected one, the latest first."""
    query = select(submissions.c.document_id).where(submissions.c.state == "returned")
    return list(connection.scalars(query.order_by(submissions.c.moved_at.desc())))


def add_changes(connection: Connection, identity: str, steps: Iterable[Change]) -> None:
    """Append to the history of a document."""
    now = time.time()
    rows = [_change(identity, now, step) for step in steps]
    if rows:
        connection.execute(insert(changes), rows)


def _change(identity: str, now: float, step: Change) -> dict[str, Any]:
    row = row_of(identity, step.action, step.path)
    return {
        "document_id": identity,
        "at": now,
        "who": step.who,
        "action": step.action,
        "path": step.path,
        **{name: InRow(row, getattr(step, name)) for name in ("before", "after", "reason")},
    }


def history_of(connection: Connection, identity: str, path: str | None = None) -> list[Mapping[str, Any]]:
    """The history of a document, or of one value of it, the oldest first."""
    query = select(changes).where(changes.c.document_id == identity).order_by(changes.c.number)
    if path is not None:
        query = query.where(changes.c.path == path)
    return [dict(row._mapping) for row in connection.execute(query)]  # noqa: SLF001  # as above


def last_changes(connection: Connection, identity: str, limit: int, action: str = "") -> list[Mapping[str, Any]]:
    """The last steps of a document's history without the values before and after, the newest first; of one action."""
    names = ("number", "at", "who", "action", "path", "reason")
    query = select(*(changes.c[name] for name in names)).where(changes.c.document_id == identity)
    if action:
        query = query.where(changes.c.action == action)
    rows = connection.execute(query.order_by(changes.c.number.desc()).limit(limit))
    return [dict(row._mapping) for row in rows]  # noqa: SLF001  # as above


def keep_notice(connection: Connection, notice: Notice) -> None:
    """Enter the notice of a document that is being returned."""
    row = {name: getattr(notice, name) for name in Notice.__slots__}
    row |= {name: InRow(notice.document_id, row[name]) for name in ("name", "findings")}
    connection.execute(insert(notices).values(row))


def set_notice_file(connection: Connection, identity: str, **hashes: str) -> None:
    """Remember a file that was made of a notice: ``pdf_sha256`` or ``marked_sha256``."""
    connection.execute(update(notices).where(notices.c.document_id == identity).values(**hashes))


def find_notice(connection: Connection, identity: str) -> Notice | None:
    """The notice with which a document was returned."""
    row = connection.execute(select(notices).where(notices.c.document_id == identity)).first()
    return Notice(**row._mapping) if row else None  # noqa: SLF001  # as above
