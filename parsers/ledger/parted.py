"""A rule that is missing between two rows of a scan: one tall row that holds the lines of several persons."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from statistics import median

from parsers.document import Cell, Grid, Word

MISSING = "border-missing"
"""The note of cells that were parted where a rule should be."""
_FEWEST_ROWS = 4
_OFF = 0.22
"""How far, in usual rows, a tall row may be from a whole number of them."""
_MOST = 6
_IN_BANDS = 0.6
_FEWEST_CELLS = 2


def parted(grid: Grid) -> Grid:
    """The grid with such rows taken apart by the places of their lines; every cell of them is noted.

    A tall row whose texts merely wrap stays whole: its short texts stand in the middle of it, not in bands.
    """
    heights = {
        row: median(cell.box[3] - cell.box[1] for cell in cells if cell.box is not None)
        for row, cells in _single_rows(grid).items()
    }
    if len(heights) < _FEWEST_ROWS:
        return grid
    usual = median(heights.values())
    bands = {row: round(high / usual) for row, high in heights.items() if usual > 0}
    tall = {
        row: count
        for row, count in bands.items()
        if 1 < count <= _MOST
        and abs(heights[row] - count * usual) <= _OFF * usual
        and _stands_in_bands([cell for cell in grid.cells if cell.row == row], count)
    }
    return grid if not tall else _parted(grid, tall)


def _single_rows(grid: Grid) -> dict[int, list[Cell]]:
    own = sorted((cell for cell in grid.cells if cell.row_span == 1 and cell.box), key=lambda cell: cell.row)
    rows = {row: list(cells) for row, cells in groupby(own, key=lambda cell: cell.row)}
    return {row: cells for row, cells in rows.items() if sum(cell.column_span for cell in cells) == grid.columns}


def _stands_in_bands(cells: list[Cell], count: int) -> bool:
    """Whether most written cells have lines in several bands."""
    written = [cell for cell in cells if cell.words]
    several = [cell for cell in written if len({_band(cell, word, count) for word in cell.words}) > 1]
    return len(several) >= max(_FEWEST_CELLS, _IN_BANDS * len(written))


def _band(cell: Cell, word: Word, count: int) -> int:
    top, bottom = (cell.box[1], cell.box[3]) if cell.box is not None else (0.0, 1.0)
    middle = (word.box[1] + word.box[3]) / 2
    return min(count - 1, max(0, int((middle - top) / (bottom - top) * count)))


def _parted(grid: Grid, tall: dict[int, int]) -> Grid:
    cells: list[Cell] = []
    for cell in grid.cells:
        down = sum(count - 1 for row, count in tall.items() if row < cell.row)
        if cell.row not in tall or cell.row_span > 1:
            inside = sum(count - 1 for row, count in tall.items() if cell.row <= row < cell.row + cell.row_span)
            cells.append(replace(cell, row=cell.row + down, row_span=cell.row_span + inside))
            continue
        cells.extend(_piece(cell, band, tall[cell.row], cell.row + down) for band in range(tall[cell.row]))
    added = sum(count - 1 for count in tall.values())
    return replace(grid, rows=grid.rows + added, cells=tuple(cells))


def _piece(cell: Cell, band: int, count: int, first: int) -> Cell:
    words = tuple(word for word in cell.words if _band(cell, word, count) == band)
    box = cell.box
    if box is not None:
        step = (box[3] - box[1]) / count
        box = (box[0], box[1] + band * step, box[2], box[1] + (band + 1) * step)
    return replace(
        cell,
        row=first + band,
        text="\n".join(word.text for word in words),
        box=box,
        ink=bool(words),
        confidence=min((word.confidence or 0.0 for word in words), default=cell.confidence),
        candidates=(),
        notes=(*cell.notes, MISSING) if words else (),
        words=words,
    )
