"""A ledger as a table of texts, and its truth."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

Truth = str | int | bool


@dataclass(frozen=True, slots=True)
class Column:
    """A column: the keys it holds (none: not ours), its head from top to bottom, and how its values are written."""

    keys: tuple[str, ...]
    path: tuple[str, ...]
    write: Callable[[Mapping[str, Truth]], str]
    width: float = 16.0


@dataclass(frozen=True, slots=True)
class Line:
    """A row below the head. ``kind`` is ``person``, ``struck`` or ``total``; ``person`` is its place in the truth."""

    kind: str
    texts: tuple[str, ...]
    person: int | None = None


@dataclass(frozen=True)
class LedgerSample:
    """A ledger, page by page. ``truth`` are the current persons by key, ``dittos`` the cells that say 同上."""

    titles: tuple[str, ...]
    unit_line: str
    columns: tuple[Column, ...]
    pages: tuple[tuple[Line, ...], ...]
    truth: tuple[Mapping[str, Truth], ...]
    struck: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    unit: str = ""
    dittos: frozenset[tuple[int, str]] = field(default_factory=frozenset)

    @property
    def levels(self) -> int:
        """How many rows the head takes."""
        return max(len(column.path) for column in self.columns)


def head_rows(sample: LedgerSample) -> list[list[tuple[str, int, int]]]:
    """The head as rows of (text, columns, rows); a place taken by a span is left out."""
    rows: list[list[tuple[str, int, int]]] = [[] for _ in range(sample.levels)]
    place = 0
    while place < len(sample.columns):
        path = sample.columns[place].path
        if len(path) == 1:
            rows[0].append((path[0], 1, sample.levels))
            place += 1
            continue
        wide = 1
        while place + wide < len(sample.columns) and sample.columns[place + wide].path[:1] == path[:1]:
            wide += 1
        rows[0].append((path[0], wide, 1))
        rows[1].extend((column.path[1], 1, 1) for column in sample.columns[place : place + wide])
        place += wide
    return rows
