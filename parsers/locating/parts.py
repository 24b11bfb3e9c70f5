"""A part of a document: the stretch of one page that belongs to one form."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from parsers.document import Cell, Grid, Page, TextLine


@dataclass(frozen=True)
class GridSlice:
    """The rows ``top`` to ``bottom`` (not included) of a grid."""

    grid: Grid
    top: int
    bottom: int

    def rows(self) -> dict[int, list[Cell]]:
        """The cells of each row from left to right; a cell that spans rows stands in each of them."""
        rows: dict[int, list[Cell]] = {}
        spanning = False
        for cell in self.grid.cells:
            if cell.row_span == 1:
                if self.top <= cell.row < self.bottom:
                    rows.setdefault(cell.row, []).append(cell)
                continue
            spanning = True
            for row in range(max(cell.row, self.top), min(cell.row + cell.row_span, self.bottom)):
                rows.setdefault(row, []).append(cell)
        for cells in rows.values():
            if spanning or any(one.column > other.column for one, other in pairwise(cells)):
                cells.sort(key=lambda cell: cell.column)
        return rows


Block = GridSlice | TextLine


@dataclass(frozen=True)
class Part:
    """Blocks of one page, in reading order. ``title`` is the line that names the form, where there is one."""

    page: Page
    blocks: tuple[Block, ...]
    title: str = ""

    @property
    def grids(self) -> tuple[GridSlice, ...]:
        """The tables of the part."""
        return tuple(block for block in self.blocks if isinstance(block, GridSlice))

    @property
    def lines(self) -> tuple[TextLine, ...]:
        """The lines of the part."""
        return tuple(block for block in self.blocks if isinstance(block, TextLine))

    def cells(self) -> Iterator[Cell]:
        """All cells of the part's tables."""
        for block in self.grids:
            for cell in block.grid.cells:
                if block.top <= cell.row < block.bottom:
                    yield cell


def line_cell(line: TextLine) -> Cell:
    """A line of text as a cell of no grid."""
    return Cell(
        -1,
        -1,
        line.text,
        box=line.box,
        struck=line.struck,
        confidence=line.confidence,
        address=line.address,
        pictures=line.pictures,
        notes=line.notes,
        printed=line.printed,
    )
