"""Files that were refused as they came: kept for a while, and given back to who sent them and to nobody else.

Such a file may do harm to who opens it. Who sent it may have it back; a security administrator may look at it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, select

from service.access.errors import ForbiddenError, StepUpNeededError
from service.access.matrix import Action
from service.access.principal import Principal
from service.access.scope import Scope, scope_of
from service.runtime import Runtime
from service.store.belonging import find_belonging
from service.store.documents import StoredDocument
from service.store.tables import documents

QUARANTINE_DAYS = 30
"""After so many days ``admin purge`` clears them."""
MOST_LISTED = 500


def is_refused_row() -> ColumnElement[bool]:
    """A file that no job was ever to read; one that was cleared is gone."""
    return and_(documents.c.state == "failed", documents.c.job_id.is_(None), documents.c.sha256 != "")


def is_refused(document: StoredDocument) -> bool:
    """Whether a document is a file that was refused as it came."""
    return document.state == "failed" and document.job_id is None


def refused_before(connection: Connection, moment: float) -> Sequence[str]:
    """The documents that were refused before then."""
    return list(connection.scalars(select(documents.c.id).where(is_refused_row(), documents.c.received_at < moment)))


def list_refused(runtime: Runtime, scope: Scope, limit: int, offset: int) -> list[Mapping[str, Any]]:
    """The refused files within somebody's reach, the newest first."""
    within = scope.within("document")
    where = [is_refused_row(), *([within(documents.c.id)] if within is not None else [])]
    names = ("id", "name", "size", "sha256", "unit", "received_at", "reading")
    wanted = select(*(documents.c[name] for name in names)).where(*where)
    wanted = wanted.order_by(documents.c.received_at.desc(), documents.c.id)
    with runtime.database.reading() as connection:
        rows = connection.execute(wanted.limit(min(limit, MOST_LISTED)).offset(offset)).mappings().all()
    return [
        {
            **{name: row[name] for name in ("id", "size", "sha256", "unit", "received_at")},
            "file": row["name"],
            "problem": (row["reading"] or {}).get("problem"),
        }
        for row in rows
    ]


def require_own(runtime: Runtime, principal: Principal, document: StoredDocument) -> None:
    """Stop who is given a refused file that another one sent.

    Raises:
        ForbiddenError: it is not one's own, and one does not look after such files.
        StepUpNeededError: one does, but proved who one is too long ago.
    """
    if principal.is_desk or not is_refused(document):
        return
    right = principal.right(Action.QUARANTINE)
    with runtime.database.reading() as connection:
        scope = scope_of(connection, principal, Action.QUARANTINE)
        if not right.is_given or not scope.covers(find_belonging(connection, "document", document.id)):
            raise ForbiddenError
    if right.step_up and not principal.is_fresh:
        raise StepUpNeededError
