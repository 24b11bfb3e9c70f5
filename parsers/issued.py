"""How a reader learns what was printed on a page that carries our mark: by borrowing the print under its id.

The reader sits in a fenced child that sees nothing of the store. It names the id that it has seen, and is lent that
one document: its PDF and its field map, as two files in a folder of the child's own.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

MAP_FILE = "map.json"
"""The field map, as :meth:`forms.fieldmap.FieldMap.to_plain` makes it."""
PRINT_FILE = "print.pdf"
"""The PDF as it was handed out."""

Lend = Callable[[str, Path], bool]
"""Puts both files of a document into a folder; ``False`` when no such document was printed here."""
Borrow = Callable[[str], Path | None]
"""The folder that holds both files of a document, ``None`` for an id that nobody knows."""


def lend_nothing(_document_id: str, _folder: Path) -> bool:
    """The answer of a place that has printed nothing."""
    return False


def borrow_nothing(_document_id: str) -> Path | None:
    """The answer to a reader that nobody lends to."""
    return None
