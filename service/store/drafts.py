"""What somebody is typing into a form: kept until it is handed in, thrown away, or long forgotten."""

from __future__ import annotations

import time
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from service.store.draft_tables import drafts
from service.store.sealing.columns import InRow, row_of

KEPT_DAYS = 90
"""A draft that nobody touched for so long goes."""
_DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Draft:
    """What was typed, by which page of a browser, and when (seconds since 1970)."""

    page: str
    saved_at: float
    content: dict[str, Any]


def find_draft(connection: Connection, account_id: str, form: str) -> Draft | None:
    """The draft of that person and form."""
    columns = (drafts.c.page, drafts.c.saved_at, drafts.c.content)
    row = connection.execute(select(*columns).where(*_of(account_id, form))).first()
    return Draft(*row) if row else None


def drafts_of(connection: Connection, account_id: str) -> dict[str, float]:
    """The forms of which somebody has a draft, and when each was kept."""
    found = connection.execute(select(drafts.c.form, drafts.c.saved_at).where(drafts.c.account_id == account_id))
    return {row.form: row.saved_at for row in found}


def keep_draft(
    connection: Connection, account_id: str, form: str, page: str, content: dict[str, Any], over: Collection[str]
) -> Draft | None:
    """Keep what was typed on a page, over what one of the pages ``over`` or it itself kept before.

    Returns what stands now, or ``None`` where another page kept something else: that stays.
    """
    mine = select(drafts.c.page).where(*_of(account_id, form)).with_for_update()
    kept = connection.execute(mine).scalar_one_or_none()
    if kept is not None and kept != page and kept not in over:
        return None
    now = time.time()
    connection.execute(delete(drafts).where(*_of(account_id, form)))
    connection.execute(delete(drafts).where(drafts.c.saved_at < now - KEPT_DAYS * _DAY))
    sealed = InRow(row_of(account_id, form), content)
    row = {"account_id": account_id, "form": form, "page": page, "saved_at": now, "content": sealed}
    connection.execute(insert(drafts).values(row))
    return Draft(page, now, content)


def drop_draft(connection: Connection, account_id: str, form: str) -> None:
    """Throw it away."""
    connection.execute(delete(drafts).where(*_of(account_id, form)))


def _of(account_id: str, form: str) -> tuple[Any, Any]:
    return drafts.c.account_id == account_id, drafts.c.form == form
