"""What pages load besides themselves: own styles and scripts, and the files for browsers of the installed packages.

Nothing of another maker lies in the tree. Only the files named in :data:`VENDORED` are served, each under an address
that changes with its content, so that a browser may keep it for a year. Icons are taken one by one out of the sprite
of Bootstrap Icons and stand inside the page.
"""

from __future__ import annotations

import hashlib
import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from flask import Blueprint, Response, send_file, send_from_directory
from markupsafe import Markup

from service.store.errors import NotFoundError

blueprint = Blueprint("assets", __name__)
OWN = Path(__file__).parent / "static"
FOR_A_YEAR = "public, max-age=31536000, immutable"
FOR_A_WHILE = "public, max-age=300"
DEBIAN = Path("/usr/share/javascript")
"""Where Debian's packages put libraries for browsers."""
_BOOTSTRAP = ("flask_bootstrap", "static/bootstrap5")
VENDORED: dict[str, tuple[str, str]] = {
    "bootstrap/bootstrap.min.css": (_BOOTSTRAP[0], f"{_BOOTSTRAP[1]}/css/bootstrap.min.css"),
    "bootstrap/bootstrap.min.js": (_BOOTSTRAP[0], f"{_BOOTSTRAP[1]}/js/bootstrap.min.js"),
    "bootstrap/popper.min.js": (_BOOTSTRAP[0], f"{_BOOTSTRAP[1]}/umd/popper.min.js"),
    "htmx/htmx.min.js": ("django_htmx", "static/django_htmx/htmx-2.min.js"),
    "chart/chart.min.js": ("", "chart.js/chart.min.js"),
}
"""Name of a served file, to the package that it comes in and its place there; without a package it is Debian's."""
_ICONS = "icons/bootstrap-icons.svg"
_SYMBOL = re.compile(
    r'<symbol[^>]*\bviewBox="(?P<box>[^"]+)"[^>]*\bid="(?P<name>[^"]+)"[^>]*>(?P<drawn>.*?)</symbol>', re.DOTALL
)


@blueprint.app_template_global()
def vendor(name: str) -> str:
    """The address of a file of another maker; empty where its package is not installed."""
    return f"/static/vendor/{_version(_path_of(name))}/{name}" if _path_of(name).is_file() else ""


@blueprint.app_template_global()
def asset(name: str) -> str:
    """The address of an own file; modules that it imports by a relative path have the same version."""
    return f"/static/own/{_own_version()}/{name}"


@blueprint.app_template_global()
@cache
def icon_markup(name: str) -> Markup:
    """A Bootstrap icon as part of the page, hidden from screen readers: words stand beside it.

    Raises:
        LookupError: there is none of that name.
    """
    box, drawn = _symbols()[name]
    return Markup(
        '<svg class="bi" width="1em" height="1em" fill="currentColor" viewBox="{}" '
        'aria-hidden="true" focusable="false">{}</svg>'
    ).format(box, Markup(drawn))  # noqa: S704  # drawings of a pinned package, no text of a user


@blueprint.get("/static/vendor/<version>/<path:name>")
def vendor_file(version: str, name: str) -> Response:
    """A file of a package, and no other than those named."""
    if name not in VENDORED or not _path_of(name).is_file():
        raise NotFoundError
    path = _path_of(name)
    return _kept(send_file(path, conditional=True), is_current=version == _version(path))


@blueprint.get("/static/own/<version>/<path:name>")
def own_file(version: str, name: str) -> Response:
    """An own style or script of this version of the program."""
    return _kept(send_from_directory(OWN, name), is_current=version == _own_version())


@blueprint.get("/static/<path:name>")
def static_file(name: str) -> Response:
    """The same, for who does not know the version."""
    return _kept(send_from_directory(OWN, name), is_current=False)


def _kept(response: Response, *, is_current: bool) -> Response:
    response.headers["Cache-Control"] = FOR_A_YEAR if is_current else FOR_A_WHILE
    if response.mimetype == "application/javascript":
        response.mimetype = "text/javascript"
    return response


@cache
def _package(name: str) -> Path:
    """The folder of an installed package. It is not imported: it may need what is not installed."""
    spec = find_spec(name)
    places = list(spec.submodule_search_locations or ()) if spec else []
    return Path(places[0]) if places else DEBIAN / "not-installed"


def _path_of(name: str) -> Path:
    package, place = VENDORED[name]
    return (_package(package) if package else DEBIAN) / place


@cache
def _version(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


@cache
def _own_version() -> str:
    digest = hashlib.sha256()
    for path in sorted(OWN.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(OWN).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


@cache
def _symbols() -> dict[str, tuple[str, str]]:
    text = (_package(_BOOTSTRAP[0]) / _BOOTSTRAP[1] / _ICONS).read_text(encoding="utf-8")
    return {found["name"]: (found["box"], found["drawn"]) for found in _SYMBOL.finditer(text)}
