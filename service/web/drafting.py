"""The draft of a form that is filled in on the page: kept as one types, found again after a crash or signing out."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from typing import Any

from flask import request

from service.access.principal import current_principal
from service.api.context import runtime
from service.operations.typing_in import Typed
from service.store.drafts import drafts_of, drop_draft, find_draft, keep_draft

_PAGE = re.compile(r"^[0-9a-f]{16}$")


@dataclass(frozen=True, slots=True)
class Shown:
    """How the draft stands, for the page: the page's own name, that of the one it goes on from, and when it was kept.

    ``is_other`` says that another page has kept something else, so that nothing was kept of this one.
    """

    page: str
    base: str = ""
    saved_at: float | None = None
    is_other: bool = False
    is_found: bool = False


def begin(form: str) -> tuple[Shown, Typed | None]:
    """A page that is opened: what was typed before, if anything was."""
    with runtime().database.reading() as connection:
        kept = find_draft(connection, current_principal().id, form)
    page = secrets.token_hex(8)
    if kept is None:
        return Shown(page), None
    return Shown(page, kept.page, kept.saved_at, is_found=True), typed_of(kept.content)


def begin_anew() -> Shown:
    """A page that is opened with something else than the draft in it: what is kept is not written over."""
    return Shown(secrets.token_hex(8))


def keep(form: str, typed: Typed, *, over_others: bool = False) -> Shown:
    """Keep what a page sent, over the page that it went on from; over any other only with ``over_others``."""
    page, base = (text if _PAGE.match(text := request.form.get(name, "")) else "" for name in ("page", "base"))
    shown = Shown(page or secrets.token_hex(8), base)
    account = current_principal().id
    with runtime().database.transaction() as connection:
        other = find_draft(connection, account, form) if over_others else None
        over = {base} | ({other.page} if other else set())
        content = {"header": dict(typed.header), "rows": [dict(row) for row in typed.rows]}
        kept = keep_draft(connection, account, form, shown.page, content, over)
    if kept is None:
        return Shown(shown.page, base, is_other=True)
    return Shown(shown.page, base, kept.saved_at)


def shown_of_request() -> Shown:
    """The page that sent the request, of which nothing is to be kept now."""
    page, base = (text if _PAGE.match(text := request.form.get(name, "")) else "" for name in ("page", "base"))
    return Shown(page or secrets.token_hex(8), base)


def once() -> str:
    """Who hands in from which opened page; empty where the page did not say its name."""
    page = request.form.get("page", "")
    return f"{current_principal().id}:{page}" if _PAGE.match(page) else ""


def drop(form: str) -> None:
    """Throw the draft away."""
    with runtime().database.transaction() as connection:
        drop_draft(connection, current_principal().id, form)


def mine() -> dict[str, float]:
    """The forms of which one has a draft, and since when."""
    with runtime().database.reading() as connection:
        return drafts_of(connection, current_principal().id)


def typed_of(content: dict[str, Any]) -> Typed:
    """What was kept, as it was typed."""
    return Typed(dict(content["header"]), tuple(dict(row) for row in content["rows"]))
