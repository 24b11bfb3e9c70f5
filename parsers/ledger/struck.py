"""A line by hand through a whole row of a scan, which the ruling takes for a rule: two rows of half the height."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from statistics import median

from forms.finding import Box
from parsers.document import Cell, Grid

_FEWEST_ROWS = 4
_HALVES = (0.18, 0.82)
_WHOLE = (0.87, 1.13)
_UNREADABLE = 0.75
_MOSTLY = 0.5


def rejoined(grid: Grid) -> Grid:
    """The grid with such halves as one struck row. Their text is cut through and says nothing; their place is kept."""
    rows = _whole_rows(grid)
    heights = {row: _height(cells) for row, cells in rows.items()}
    if len(heights) < _FEWEST_ROWS:
        return grid
    usual = median(heights.values())
    joined: set[int] = set()
    for row in sorted(heights):
        if row - 1 in joined or row + 1 not in heights:
            continue
        halves = (heights[row], heights[row + 1])
        are_halves = all(_HALVES[0] * usual <= high <= _HALVES[1] * usual for high in halves)
        are_one = are_halves and _WHOLE[0] * usual <= sum(halves) <= _WHOLE[1] * usual
        if are_one and _is_cut_through([*rows[row], *rows[row + 1]]):
            joined.add(row)
    return grid if not joined else replace(grid, cells=tuple(_joined(grid, joined)))


def _whole_rows(grid: Grid) -> dict[int, list[Cell]]:
    """The rows whose cells all span one row."""
    rows: dict[int, list[Cell]] = {}
    for cell in grid.cells:
        if cell.row_span == 1 and cell.box is not None:
            rows.setdefault(cell.row, []).append(cell)
    return {row: cells for row, cells in rows.items() if sum(cell.column_span for cell in cells) * 2 > grid.columns}


def _height(cells: Sequence[Cell]) -> float:
    return median(cell.box[3] - cell.box[1] for cell in cells if cell.box is not None)


def _is_cut_through(cells: Sequence[Cell]) -> bool:
    """Whether most of the writing cannot be read: two lines of their own would be."""
    inked = [cell for cell in cells if cell.ink or cell.text.strip()]
    unread = [cell for cell in inked if not cell.text.strip() or (cell.confidence or 0.0) < _UNREADABLE]
    return len(unread) >= _MOSTLY * len(inked) and bool(inked)


def _joined(grid: Grid, joined: set[int]) -> list[Cell]:
    """The cells, those of the lower half laid to the ones above; what lies below keeps its address."""
    below = {(cell.row, cell.column): cell for cell in grid.cells}
    cells: list[Cell] = []
    for cell in grid.cells:
        if cell.row - 1 in joined:
            continue
        if cell.row not in joined:
            cells.append(cell)
            continue
        other = below.get((cell.row + 1, cell.column))
        text = "".join(one.text for one in (cell, other) if one is not None)
        cells.append(replace(cell, text=text or "-", struck=True, ink=True, box=_around(cell, other)))
    return cells


def _around(cell: Cell, other: Cell | None) -> Box | None:
    if cell.box is None or other is None or other.box is None:
        return cell.box
    first, second = cell.box, other.box
    return min(first[0], second[0]), first[1], max(first[2], second[2]), second[3]
