"""Word tables → grids: spans, continued merges, rows left out at the edges, tables in cells."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from parsers.document import Cell, Grid
from parsers.readers.package import Element
from parsers.readers.wordtext import W, Written

_ROW_WRAPPERS = frozenset(f"{W}{name}" for name in ("sdt", "sdtContent", "ins", "moveTo", "customXml"))
_MOST_COLUMNS = 512


@dataclass(slots=True)
class _Placed:
    """A cell that may still grow downwards or to the right."""

    row: int
    column: int
    column_span: int
    written: Written
    row_span: int = 1


@dataclass(slots=True)
class TableContent:
    """A table as read: its grid, the tables in its cells, the notes that belong to the whole page."""

    grid: Grid
    nested: list[Element] = field(default_factory=list)
    floating: list[Element] = field(default_factory=list)
    notes: set[str] = field(default_factory=set)


GatherCell = Callable[[Element], tuple[Written, list[Element]]]
"""Reads the content of a ``w:tc``: what is written, and the tables inside it."""


class TableReader:
    """Reads one ``w:tbl``; ``gather`` reads the content of a cell."""

    def __init__(self, number: int, gather: GatherCell) -> None:
        self._number = number
        self._gather = gather
        self._placed: list[_Placed] = []
        self._open: dict[int, _Placed] = {}
        self._hidden: set[int] = set()
        self._columns = 0
        self._content = TableContent(Grid(0, 0, ()))

    def read(self, table: Element) -> TableContent:
        """The grid of the table and what was met inside it."""
        row = 0
        for line in table_rows(table):
            properties = line.find(f"{W}trPr")
            if properties is not None and properties.find(f"{W}del") is not None:
                self._content.notes.add("tracked-deletion")
                continue
            if properties is not None and properties.find(f"{W}hidden") is not None:
                self._hidden.add(row)
            self._row(row, line, _number(properties, "gridBefore"))
            row += 1
        cells = tuple(self._cell(placed) for placed in self._placed)
        self._content.grid = Grid(row, self._columns, cells, hidden_rows=frozenset(self._hidden))
        return self._content

    def _row(self, row: int, line: Element, before: int) -> None:
        column = before
        last: _Placed | None = None
        for cell in _cells(line):
            properties = cell.find(f"{W}tcPr")
            span = max(1, min(_number(properties, "gridSpan"), _MOST_COLUMNS))
            if last is not None and _merge(properties, "hMerge") == "continue":
                last.column_span += span
                column += span
                continue
            last = self._place(row, column, span, cell, _merge(properties, "vMerge"))
            column += span
        self._columns = max(self._columns, min(column, _MOST_COLUMNS))
        for key in [key for key in self._open if key >= column]:
            del self._open[key]

    def _place(self, row: int, column: int, span: int, cell: Element, merge: str) -> _Placed:
        above = self._open.get(column)
        if merge == "continue" and above is not None:
            above.row_span = row - above.row + 1
            return above
        written, nested = self._gather(cell)
        self._content.nested.extend(nested)
        self._content.floating.extend(written.boxes)
        placed = _Placed(row, column, span, written)
        self._placed.append(placed)
        for inner in range(column, column + span):
            self._open.pop(inner, None)
        if merge:
            self._open[column] = placed
        return placed

    def _cell(self, placed: _Placed) -> Cell:
        return Cell(
            placed.row,
            placed.column,
            placed.written.text.strip("\n"),
            placed.row_span,
            placed.column_span,
            struck=placed.written.is_struck,
            address=f"表{self._number} 第{placed.row + 1}行 第{placed.column + 1}列",
            pictures=placed.written.pictures,
            notes=placed.written.finding_codes(),
        )


def table_rows(parent: Element) -> Iterator[Element]:
    """The ``w:tr`` of a table, also those in content controls and insertions."""
    for child in parent:
        if child.tag == f"{W}tr":
            yield child
        elif child.tag in _ROW_WRAPPERS:
            yield from table_rows(child)


def _cells(parent: Element) -> Iterator[Element]:
    for child in parent:
        if child.tag == f"{W}tc":
            yield child
        elif child.tag in _ROW_WRAPPERS:
            yield from _cells(child)


def _number(properties: Element | None, name: str) -> int:
    found = None if properties is None else properties.find(f"{W}{name}")
    value = "" if found is None else (found.get(f"{W}val") or "")
    return int(value) if value.isdigit() else 0


def _merge(properties: Element | None, name: str) -> str:
    """``restart``, ``continue`` or nothing."""
    found = None if properties is None else properties.find(f"{W}{name}")
    return "" if found is None else (found.get(f"{W}val") or "continue")
