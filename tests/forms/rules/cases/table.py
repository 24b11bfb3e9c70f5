"""What a line of the tables of cases is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from forms.finding import Severity
from forms.rules.base import CheckSettings
from tests.forms.rules.builders import SETTINGS, Doc

E, W, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO
SILENT = None


@dataclass(frozen=True)
class Case:
    """``code`` is found with ``severity`` (at ``path``, where it is given), or is silent."""

    code: str
    severity: Severity | None
    documents: tuple[Doc, ...]
    path: str = ""
    settings: CheckSettings = SETTINGS
    extra: dict[str, str] = field(default_factory=dict)


def one(form: int, **changes: object) -> tuple[Doc, ...]:
    """A document with one person."""
    return (Doc(f"attachment-{form}", (changes,)),)


def many(form: int, *rows: Mapping[str, object], **header: object) -> tuple[Doc, ...]:
    """A document with several persons and changes of its header."""
    return (Doc(f"attachment-{form}", rows, header),)


def marked(form: int, changes: Mapping[tuple[str, str], Mapping[str, object]], **row: object) -> tuple[Doc, ...]:
    """A document with all its marks but for the changes."""
    return (Doc(f"attachment-{form}", (row,), marks=changes),)


ABSENT = {"present": False}
UNSURE = {"present": None}
DOUBTED = {"present": True, "review": True}
EXCUSED = {"present": False, "excused": True, "text": "同单位意见"}
GONE = {"gone": True}
