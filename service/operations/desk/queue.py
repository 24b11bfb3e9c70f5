"""The queue of a desk: documents in the order in which they came, or all values of one kind across documents."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from forms.catalogue import Catalogue
from service.access.scope import EVERYTHING, Scope
from service.operations.desk.kinds import KINDS, by_field, fields_of, what_of
from service.operations.desk.spots import Spot, spots_of
from service.operations.showing import Shown, shown
from service.runtime import Runtime
from service.store.documents import find_document, find_light
from service.store.waiting import (
    MARKS,
    Count,
    Waiting,
    Wanted,
    count_waiting,
    counts_by_field,
    keep_counts,
    uncounted,
    waiting_documents,
)

ROWS = 100
"""Rows of a long list that are opened at once."""
COUNTED_AT_ONCE, LEAST_COUNTED, COUNTED_SECONDS = 60, 10, 0.03
"""Documents whose waiting values are counted while somebody waits for a page: at most, at least, and for how long."""
OTHER = "text"
"""The kind of what no edition knows any more."""
_FARTHEST = 1_000_000
_FEW = 1000
"""Up to so many documents with values of a kind are looked up one by one; among more, the next is soon come upon."""
_LOOKED_THROUGH = 25
"""Documents that are opened in search of the next value of a kind, before the next page goes on searching."""


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits within somebody's reach: how many documents, some of them, and values by kind.

    ``uncounted`` documents are still to be counted, by the next looks at the queue.
    """

    total: int
    documents: list[Waiting]
    kinds: dict[str, int]
    uncounted: int


@dataclass(frozen=True, slots=True)
class Found:
    """A value of a kind that waits, and the document in which it stands."""

    document: str
    version: int
    spot: Spot


def queue_of(runtime: Runtime, scope: Scope = EVERYTHING, limit: int = 50, offset: int = 0) -> Queue:
    """The documents that wait, the oldest first, and how many values of each kind wait in all of them."""
    within = scope.within("document")
    left = _count_new(runtime, scope)
    with runtime.database.reading() as connection:
        found = waiting_documents(connection, Wanted(within=within), limit, offset)
        fields = counts_by_field(connection, within)
        total = count_waiting(connection, within)
    return Queue(total, found, _by_kind(runtime.catalogue, fields), left)


def left_of_kind(runtime: Runtime, scope: Scope, kind: str) -> int:
    """How many values of that kind wait in the documents that are counted; none of a kind that there is not."""
    if kind not in KINDS:
        return 0
    wanted = None if kind == OTHER else fields_of(runtime.catalogue, kind)
    with runtime.database.reading() as connection:
        fields = counts_by_field(connection, scope.within("document"), wanted)
    return _by_kind(runtime.catalogue, fields).get(kind, 0)


def _by_kind(catalogue: Catalogue, fields: Mapping[str, Count]) -> dict[str, int]:
    known = by_field(catalogue)
    counts = Counter[str]()
    for what, count in fields.items():
        counts[known.get(what, OTHER)] += count.values
    return {kind: counts[kind] for kind in KINDS}


def _count_new(runtime: Runtime, scope: Scope) -> int:
    """Count what waits in documents that were changed since it was counted; returns how many are left to count."""
    with runtime.database.reading() as connection:
        changed = uncounted(connection, COUNTED_AT_ONCE + 1, scope.within("document"))
    found = _counts_of(runtime, changed[:COUNTED_AT_ONCE])
    if found:
        with runtime.database.transaction() as connection:
            for identity, version, counts in found:
                count_read(connection, identity, version, counts)
    return len(changed) - len(found)


def _counts_of(runtime: Runtime, changed: Sequence[str]) -> list[tuple[str, int, dict[str, int]]]:
    """Id, version and counts of documents, of as many as there is time for, and of some in any case."""
    found, until = [], time.monotonic() + COUNTED_SECONDS
    with runtime.database.reading() as connection:
        for identity in changed:
            document = find_document(connection, identity)
            if document is not None:
                found.append((identity, document.version, waiting_in(document.found)))
            if len(found) >= LEAST_COUNTED and time.monotonic() > until:
                break
    return found


def count_read(connection: Connection, identity: str, version: int, counts: Mapping[str, int]) -> None:
    """Keep what :func:`waiting_in` found in that version of a document, if it still is of that version."""
    now = find_light(connection, identity)
    if now is not None and now.version == version:
        keep_counts(connection, identity, version, counts)


def waiting_in(forms: Collection[Mapping[str, Any]]) -> dict[str, int]:
    """How many values of each field of these forms are marked for a person."""
    counts = Counter[str]()
    for form in forms:
        for row in (form["header"], *form["records"]):
            counts.update(what_of(form["form"], key) for key, entry in row.items() if entry.get("review"))
        counts[MARKS] += sum(bool(mark.get("review")) for mark in form["marks"])
    return {what: count for what, count in counts.items() if count}


def next_document(runtime: Runtime, scope: Scope, after: str) -> str | None:
    """The document whose turn it is after that one: the next that came, else the first of those that wait."""
    within = scope.within("document")
    with runtime.database.reading() as connection:
        here = find_light(connection, after)
        if here is not None:
            since = Wanted((here.received_at, here.id), within)
            later = waiting_documents(connection, since, 1)
            if later:
                return later[0].id
        first = waiting_documents(connection, Wanted(within=within, but=after), 1)
    return first[0].id if first else None


def is_waiting(runtime: Runtime, scope: Scope, identity: str) -> bool:
    """Whether a document waits, within somebody's reach."""
    with runtime.database.reading() as connection:
        return bool(waiting_documents(connection, Wanted(within=scope.within("document"), only=identity), 1))


def next_of_kind(runtime: Runtime, scope: Scope, kind: str, after: tuple[str, str] | None = None) -> Found | None:
    """The next value of a kind that waits, in the order of documents and places; from the beginning at the end.

    ``after`` is the document and path that were decided last.

    Raises:
        KindUnknownError: there is no such kind.
    """
    wanted = fields_of(runtime.catalogue, kind)
    _count_new(runtime, scope)
    for identity, path in _in_turn(runtime, scope, wanted, after):
        seen = _first_open(runtime, identity, kind, path)
        if seen is not None:
            return seen
    return None


def _in_turn(
    runtime: Runtime, scope: Scope, wanted: Collection[str], after: tuple[str, str] | None
) -> Iterator[tuple[str, str]]:
    """Documents to look into, each with the path after which to look; first the one that was looked at, if it waits."""
    within = scope.within("document")
    here: list[Waiting] = []
    later: list[Waiting] = []
    with runtime.database.reading() as connection:
        counts = counts_by_field(connection, None, wanted)  # of everybody: which fields, and about how many
        wanted, are_few = frozenset(counts), sum(count.documents for count in counts.values()) <= _FEW
        was = find_light(connection, after[0]) if after else None
        if was is not None:
            here = waiting_documents(connection, Wanted(None, within, wanted, are_few=are_few, only=was.id), 1)
            since = Wanted((was.received_at, was.id), within, wanted, are_few=are_few)
            later = waiting_documents(connection, since, _LOOKED_THROUGH)
        first = waiting_documents(connection, Wanted(None, within, wanted, are_few=are_few), _LOOKED_THROUGH)
    if after is not None and here:
        yield after
    yield from ((one.id, "") for one in (*later, *first))


def _first_open(runtime: Runtime, identity: str, kind: str, after: str) -> Found | None:
    for seen in walked(runtime, identity, row_of(after)):
        spots = spots_of(seen.windows, runtime.catalogue)
        spot = following([one for one in spots if one.is_open and one.kind == kind], spots, after)
        if spot is not None:
            return Found(identity, seen.document.version, spot)
    return None


def following(wanted: list[Spot], everything: list[Spot], after: str) -> Spot | None:
    """The first of ``wanted`` that comes after a path; the very first where the path is not there or nothing does."""
    order = {spot.path: number for number, spot in enumerate(everything)}
    here = order.get(after, -1)
    return next((spot for spot in wanted if order[spot.path] > here), wanted[0] if wanted and here < 0 else None)


def row_of(path: str) -> int:
    """The number of the row that a path names, zero where it names none."""
    head, _, rest = path.partition("records[")
    digits = rest.partition("]")[0]
    return int(digits) if head and digits.isascii() and digits.isdigit() else 0


def walked(runtime: Runtime, identity: str, row: int = 0) -> Iterator[Shown]:
    """A document from the rows around that one on: in one piece where it is short, else :data:`ROWS` rows at a time.

    Raises:
        NotFoundError: there is no such document.
    """
    first = row - row % ROWS
    while first < _FARTHEST:
        seen = shown(runtime.database, identity, first, ROWS)
        yield seen
        if not seen.document.is_split or first + ROWS >= max((window.count for window in seen.windows), default=0):
            return
        first += ROWS
