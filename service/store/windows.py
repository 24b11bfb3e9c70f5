"""Some rows of a long list, as a page shows them: what is not on the page is not opened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, case, func, select

from service.store.campaign_tables import document_parts
from service.store.parts import HEAD, NOW, heads_of, piece_of, sizes_of
from service.store.tables import findings

MOST_FINDINGS = 500
"""Findings of one form that are shown, the worst first."""
_RANK = case({"error": 0, "warning": 1}, value=findings.c.severity, else_=2)


@dataclass(frozen=True, slots=True)
class Window:
    """A form of a document with some of its rows: ``first`` is the number of the first of them.

    ``count`` rows, ``review`` values to look at, and findings of each severity has the whole form; ``form`` has of its
    findings :data:`MOST_FINDINGS` at most.
    """

    form: dict[str, Any]
    first: int
    count: int
    review: int
    severities: dict[str, int]


def windows_of(connection: Connection, identity: str, first: int, count: int) -> list[Window]:
    """The forms of a long document as they stand now, each with ``count`` rows from that one on."""
    reviews = _reviews(connection, identity)
    sizes = sizes_of(connection, identity)
    made: list[Window] = []
    for head, (item, pieces) in zip(heads_of(connection, identity), sorted(sizes.items()), strict=True):
        rows = _rows(connection, (identity, item), pieces, (first, count))
        severities, told = _findings(connection, identity, item)
        form = {**head, "records": rows, "findings": told}
        made.append(Window(form, first, sum(pieces.values()), reviews.get(item, 0), severities))
    return made


def _rows(
    connection: Connection, form: tuple[str, int], pieces: dict[int, int], wanted: tuple[int, int]
) -> list[dict[str, Any]]:
    first, count = wanted
    rows: list[dict[str, Any]] = []
    start = 0
    for number, size in sorted(pieces.items()):
        if start < first + count and start + size > first:
            rows += piece_of(connection, *form, number)[max(0, first - start) : first + count - start]
        start += size
    return rows


def _reviews(connection: Connection, identity: str) -> dict[int, int]:
    """Values to look at in each form, by the newest of each piece."""
    table = document_parts
    wanted = select(table.c.item, table.c.number, table.c.role, table.c.review).where(table.c.document_id == identity)
    newest: dict[tuple[int, int], int] = {}
    for row in connection.execute(wanted):
        if row.number >= HEAD and (row.role == NOW or (row.item, row.number) not in newest):
            newest[row.item, row.number] = row.review
    found: dict[int, int] = {}
    for (item, _), review in newest.items():
        found[item] = found.get(item, 0) + review
    return found


def _findings(connection: Connection, identity: str, item: int) -> tuple[dict[str, int], Sequence[dict[str, Any]]]:
    mine = (findings.c.document_id == identity, findings.c.item == item)
    counted = select(findings.c.severity, func.count()).where(*mine).group_by(findings.c.severity)
    severities = {str(severity): int(count) for severity, count in connection.execute(counted)}
    worst = select(findings.c.body).where(*mine).order_by(_RANK, findings.c.id).limit(MOST_FINDINGS)
    return severities, list(connection.scalars(worst))
