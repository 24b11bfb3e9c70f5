"""The clerk's guide inside the program: ``docs/guide.zh.md`` a chapter at a time, with its pictures.

Each chapter of the guide begins with a heading; the comment in the line above gives it its name: ``<!-- upload -->``.
Every page of the program links the chapter that speaks of it (:data:`CHAPTERS`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from flask import Response, render_template, request, send_from_directory
from markdown_it import MarkdownIt
from markupsafe import Markup

from service.settings import PROJECT
from service.store.errors import NotFoundError
from service.web.blueprints import page_blueprint

blueprint = page_blueprint("help_pages", __name__)
GUIDE = PROJECT / "docs" / "guide.zh.md"
PICTURES = PROJECT / "docs" / "pictures" / "guide"
_CHAPTER = re.compile(r"^<!-- (?P<name>[a-z-]+) -->\n## (?P<title>.+)\n", re.MULTILINE)
_PICTURE = re.compile(r"\(pictures/guide/([a-z-]+\.webp)\)")
CHAPTERS: tuple[tuple[str, str], ...] = (
    ("/forms", "forms"),
    ("/upload", "upload"),
    ("/review", "review"),
    ("/ledgers", "ledger"),
    ("/documents", "review"),
    ("/progress", "progress"),
    ("/records", "records"),
    ("/findings", "findings"),
    ("/consolidation", "packs"),
    ("/packs", "packs"),
    ("/account", "account"),
    ("/sign-in", "account"),
    ("/first-account", "account"),
    ("/password-link", "account"),
    ("/admin", "admin"),
    ("/units", "admin"),
    ("/accounts", "admin"),
    ("/approvals", "admin"),
    ("/campaigns", "admin"),
    ("/rules", "admin"),
    ("/editions", "admin"),
    ("/jobs", "admin"),
    ("/quarantine", "admin"),
    ("/audit", "admin"),
    ("/health", "admin"),
    ("/api", "admin"),
)
"""Starts of addresses, and the chapter that speaks of those pages; everything else begins at the first one."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """One part of the guide: its name in addresses, its heading, its text as HTML."""

    name: str
    title: str
    html: Markup


@cache
def chapters() -> tuple[Chapter, ...]:
    """The guide, read once."""
    text = GUIDE.read_text(encoding="utf-8")
    heads = list(_CHAPTER.finditer(text))
    ends = [head.start() for head in heads[1:]] + [len(text)]
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    return tuple(
        Chapter(head["name"], head["title"], _rendered(markdown, text[head.end() : end]))
        for head, end in zip(heads, ends, strict=True)
    )


def _rendered(markdown: MarkdownIt, text: str) -> Markup:
    """The text of a chapter; the guide's own addresses become those of the program."""
    local = _PICTURE.sub(r"(/help/pictures/\1)", text)
    html = str(markdown.render(local))
    html = html.replace("<img ", '<img loading="lazy" class="guide-picture" ')
    return Markup(html.replace("<table>", '<table class="table">'))  # noqa: S704  # text of the project itself


def chapter_of(path: str) -> str:
    """The chapter that speaks of the page at a path."""
    fits = [(start, name) for start, name in CHAPTERS if path == start or path.startswith(f"{start}/")]
    return max(fits, key=lambda item: len(item[0]))[1] if fits else "start"


@blueprint.get("/help")
def show_help() -> str:
    """The guide from its beginning."""
    return _page(chapters()[0].name)


@blueprint.get("/help/<name>")
def show_chapter(name: str) -> str:
    """One chapter."""
    return _page(name)


def _page(name: str) -> str:
    found = chapters()
    place = next((number for number, one in enumerate(found) if one.name == name), None)
    if place is None:
        raise NotFoundError
    before = found[place - 1] if place else None
    after = found[place + 1] if place + 1 < len(found) else None
    return render_template("help.html", chapters=found, chapter=found[place], before=before, after=after)


@blueprint.get("/help/pictures/<name>")
def show_picture(name: str) -> Response:
    """A picture of the guide."""
    response = send_from_directory(Path(PICTURES), name)
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response


@blueprint.app_context_processor
def _for_templates() -> dict[str, Any]:
    return {"help_chapter": lambda: f"/help/{chapter_of(request.path)}"}
