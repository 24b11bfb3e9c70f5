"""Lists of documents: a line each, without opening again and again what was read in them."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

from service.access.scope import EVERYTHING, Scope
from service.store.database import Database
from service.store.document_search import DocumentSearch
from service.store.documents import StoredDocument, documents_in_list, latest_documents

MOST_REMEMBERED = 20_000
EVERY_DOCUMENT = DocumentSearch()


@dataclass(frozen=True, slots=True)
class Figures:
    """What a line of a list says of a document's content: its forms, records, errors and values to look at."""

    forms: tuple[str, ...]
    people: int
    errors: int
    review: int


class Listing:
    """Remembers the figures of documents by their version; there is no personal data in them."""

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[object, ...], Figures] = OrderedDict()
        self._lock = threading.Lock()

    def newest(
        self,
        database: Database,
        limit: int = 50,
        offset: int = 0,
        scope: Scope = EVERYTHING,
        search: DocumentSearch = EVERY_DOCUMENT,
    ) -> list[dict[str, Any]]:
        """The latest documents within somebody's reach, a line each."""
        with database.reading() as connection:
            found = latest_documents(connection, limit, offset, scope.within("document"), search.conditions())
            known = {document.id: self._known.get(_stamp(document)) for document in found}
            new = [identity for identity, figures in known.items() if figures is None]
            opened = documents_in_list(connection, new) if new else ()
        for document in opened:
            known[document.id] = self._remember(document)
        return [_line(document, figures) for document in found if (figures := known[document.id]) is not None]

    def _remember(self, document: StoredDocument) -> Figures:
        people, errors, review = document.tally or tally_of(document.found)
        figures = Figures(tuple(item["form"] for item in document.found), people, errors, review)
        with self._lock:
            self._known[_stamp(document)] = figures
            if len(self._known) > MOST_REMEMBERED:
                self._known.popitem(last=False)
        return figures


def _stamp(document: StoredDocument) -> tuple[object, ...]:
    """What changes with a document's content and with its findings."""
    return document.id, document.state, document.version, document.checked_version, document.sha256


def _line(document: StoredDocument, figures: Figures) -> dict[str, Any]:
    return {
        "id": document.id,
        "file": document.name,
        "unit": document.unit,
        "state": document.stage,
        "received_at": document.received_at,
        "forms": list(figures.forms),
        "records": figures.people,
        "errors": figures.errors,
        "review": figures.review,
    }


def tally_of(found: list[dict[str, Any]]) -> tuple[int, int, int]:
    """How many people, errors and values to look at there are in the forms of a document."""
    findings = [finding for item in found for finding in item["findings"]]
    entries = [entry for item in found for row in (item["header"], *item["records"]) for entry in row.values()]
    marks = [mark for item in found for mark in item["marks"]]
    return (
        sum(len(item["records"]) for item in found),
        sum(finding["severity"] == "error" for finding in findings),
        sum(bool(one.get("review", False)) for one in (*entries, *marks)),
    )
