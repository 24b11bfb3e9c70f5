"""Pages of which a part takes long on a full store: they answer at once, and show it when it is there.

With script the page asks again by itself (htmx), without it the browser loads it anew. Whoever does not ask for HTML
gets the whole answer, however long it takes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable
from typing import TypeVar

from flask import Flask, render_template, request

from service.api.context import runtime
from service.operations.later import Told

Worked = TypeVar("Worked")


def worked_out(asked: Hashable, work_out: Callable[[], Worked]) -> Told[Worked] | None:
    """A result; ``None`` where a browser asks and it is not there yet: :func:`come_back` is the answer then.

    ``asked`` is what it is of, and the reach of whoever asks. What ``work_out`` raises is raised.
    """
    if not _is_browser():
        return Told(work_out(), None)
    return runtime().later.of(asked, work_out)


def _is_browser() -> bool:
    """Browsers name HTML when they load a page; htmx says that it is htmx."""
    return "HX-Request" in request.headers or "text/html" in request.headers.get("Accept", "")


def come_back(title: str, doing: str) -> str:
    """The page while its part is worked out. ``doing``: of what, in a few words."""
    return render_template("later.html", title=title, doing=doing, here=request.full_path.rstrip("?"))


def as_of(moment: dt.datetime | None) -> str:
    """When what a page shows was so, where somebody waited for it; empty where it is so now."""
    return "" if moment is None else moment.strftime("%Y-%m-%d %H:%M:%S")


def compile_templates(app: Flask) -> None:
    """Have all templates ready: the first look at a page would wait for it."""
    for name in app.jinja_env.list_templates(extensions=["html"]):
        app.jinja_env.get_template(name)
