"""A document for a page: whole where it is short, and of a long list the rows that the page shows."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import Any

from service.store.database import Database
from service.store.documents import StoredDocument, documents_in_list, find_document, find_light, find_opening
from service.store.errors import NotFoundError
from service.store.windows import Window, windows_of


@dataclass(frozen=True, slots=True)
class Shown:
    """A document whose forms have some of their rows, and how much there is of each form."""

    document: StoredDocument
    windows: tuple[Window, ...]


def shown(database: Database, identity: str, first: int, count: int) -> Shown:
    """The document of that id; of a long list ``count`` rows of each form from that number on.

    Raises:
        NotFoundError: there is none.
    """
    with database.reading() as connection:
        document = find_opening(connection, identity)
        if document is not None and document.is_split:
            windows = tuple(windows_of(connection, identity, first, count))
            reading = {**(document.reading or {}), "documents": [one.form for one in windows]}
            return Shown(replace(document, reading=reading, content=None), windows)
        document = find_document(connection, identity)
    if document is None:
        raise NotFoundError
    return Shown(document, tuple(_whole(form) for form in document.found))


def light_document(database: Database, identity: str) -> StoredDocument:
    """The document of that id without what was read in it.

    Raises:
        NotFoundError: there is none.
    """
    with database.reading() as connection:
        document = find_light(connection, identity)
    if document is None:
        raise NotFoundError
    return document


def forms_of(database: Database, identity: str) -> list[str]:
    """The forms that were read in a document, in its order; none where it is gone or was not read."""
    with database.reading() as connection:
        return [item["form"] for document in documents_in_list(connection, [identity]) for item in document.found]


def opening_of(database: Database, identity: str) -> StoredDocument:
    """The document of that id; of a long list without its forms.

    Raises:
        NotFoundError: there is none.
    """
    with database.reading() as connection:
        document = find_opening(connection, identity)
    if document is None:
        raise NotFoundError
    return document


def _whole(form: dict[str, Any]) -> Window:
    entries = [entry for row in (form["header"], *form["records"]) for entry in row.values()]
    review = sum(bool(one.get("review", False)) for one in (*entries, *form["marks"]))
    severities = Counter(finding["severity"] for finding in form["findings"])
    return Window(form, 0, len(form["records"]), review, dict(severities))
