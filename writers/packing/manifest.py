"""``manifest.json``: every file of a pack with its SHA-256, what it is, where it came from, and what is wrong."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

NAME = "manifest.json"
VERSION = 1


@dataclass(frozen=True, slots=True)
class Listed:
    """What is said of a file: ``kind`` (``cover``, ``form``, ``scan``, …), title, form, unit, and its ``sources``.

    ``sources`` name what it was made from: received documents by id and SHA-256. ``page`` is where it begins in the
    file for printing, from one; ``None`` where it does not stand there.
    """

    kind: str
    title: str
    form: str = ""
    unit: str = ""
    page: int | None = None
    pages: int | None = None
    sources: tuple[Mapping[str, Any], ...] = ()

    def to_plain(self) -> dict[str, Any]:
        """As JSON, without what is not known."""
        plain: dict[str, Any] = {"kind": self.kind, "title": self.title}
        optional = {"form": self.form, "unit": self.unit, "page": self.page, "pages": self.pages}
        plain |= {key: value for key, value in optional.items() if value not in ("", None)}
        return plain | ({"sources": [dict(item) for item in self.sources]} if self.sources else {})


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that could not be put into a pack, or that is wrong with what is in it."""

    what: str
    code: str
    message: str
    document: str = ""

    def to_plain(self) -> dict[str, str]:
        """As JSON."""
        plain = {"what": self.what, "code": self.code, "message": self.message}
        return {**plain, "document": self.document} if self.document else plain


@dataclass(frozen=True, slots=True)
class Manifest:
    """All of it: ``about`` says for whom and of what, ``errors`` is the number of open errors when it was made."""

    about: Mapping[str, Any]
    files: Sequence[Mapping[str, object]]
    problems: Sequence[Problem] = ()
    missing: Sequence[Mapping[str, Any]] = ()
    errors: int = 0
    extra: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> bytes:
        """The file's bytes: UTF-8, keys in a fixed order."""
        plain = {
            "version": VERSION,
            **self.about,
            "complete": not (self.problems or self.missing or self.errors),
            "open_errors": self.errors,
            "missing": [dict(item) for item in self.missing],
            "problems": [item.to_plain() for item in self.problems],
            **self.extra,
            "files": list(self.files),
        }
        return (json.dumps(plain, ensure_ascii=False, indent=1) + "\n").encode("utf-8")
