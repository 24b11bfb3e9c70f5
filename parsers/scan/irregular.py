"""Cells of a roster that do not fit the rows around them: a false or a lost rule may have made them.

The rows of a roster are divided alike. A row that has a column more than most, or one less, or a border that runs
along a part of its columns, was perhaps not ruled so on paper: its cells go to a person.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from parsers.scan.gridcells import CellPlace

FEWEST_CELLS, FEWEST_ROWS = 6, 3
"""Cells of a row, and rows divided alike, from which a grid is a roster."""
ALIKE = 0.5
"""Part of the cells that a row must share with most rows to be one of them, badly ruled."""
FEW = 0.35
"""Part of the columns that is too few to tell whether a level border parts two rows."""

Place = tuple[int, int]
"""First column and number of columns."""


def false_borders(cells: Sequence[CellPlace], rows: int) -> frozenset[int]:
    """The rows of a roster at whose top a border runs along so few columns that it parts no two persons.

    What is divided alike above and below it, and not in the column of the numbers, is one row: read as two, a person
    would stand on the roster twice.
    """
    by_row, shapes = _rows_of(cells, rows)
    usual = _usual(shapes)
    return frozenset(
        row
        for row in range(1, rows)
        if usual is not None
        and shapes[row - 1] == shapes[row] == usual
        and by_row[row][0].row < row
        and 0 < sum(cell.row == row for cell in by_row[row]) <= FEW * len(usual)
    )


def _rows_of(cells: Sequence[CellPlace], rows: int) -> tuple[list[tuple[CellPlace, ...]], list[tuple[Place, ...]]]:
    """The cells of each row, those that run through it from above too, and how they divide it."""
    by_row = [tuple(cell for cell in cells if cell.row <= row < cell.row + cell.row_span) for row in range(rows)]
    by_row = [tuple(sorted(own, key=lambda cell: cell.column)) for own in by_row]
    return by_row, [tuple((cell.column, cell.column_span) for cell in own) for own in by_row]


def _usual(shapes: Sequence[tuple[Place, ...]]) -> tuple[Place, ...] | None:
    """How the rows of a roster are divided; ``None`` where the grid is none."""
    common = Counter(shape for shape in shapes if len(shape) >= FEWEST_CELLS).most_common(1)
    return common[0][0] if common and common[0][1] >= FEWEST_ROWS else None


def irregular(cells: Sequence[CellPlace], rows: int) -> frozenset[CellPlace]:
    """The cells of a grid that do not fit."""
    by_row, shapes = _rows_of(cells, rows)
    usual = _usual(shapes)
    if usual is None:
        return frozenset()
    found: set[CellPlace] = set()
    like = [_likeness(shape, usual) >= ALIKE for shape in shapes]
    for own, shape, is_like in zip(by_row, shapes, like, strict=True):
        if is_like and shape != usual:
            found |= {cell for cell in own if (cell.column, cell.column_span) not in usual and not _is_sum(cell, own)}
    found.update(_badly_parted(by_row, like))
    return frozenset(found)


def _is_sum(cell: CellPlace, own: Sequence[CellPlace]) -> bool:
    """Whether a cell has the place of the word 合计: the first columns of a row in one."""
    return cell is own[0] and cell.column_span > 1


def _likeness(shape: Sequence[Place], usual: Sequence[Place]) -> float:
    return len(set(shape) & set(usual)) / len(usual)


def _badly_parted(by_row: Sequence[Sequence[CellPlace]], like: Sequence[bool]) -> Iterator[CellPlace]:
    """Cells at a border between two rows that does not run along all of the columns.

    Where most have it those that have it not, where few have it those that do. Between the two nobody knows whether
    those are two rows or one, nor what stands in which: all cells of both.
    """
    for row in range(1, len(by_row)):
        if not (like[row - 1] and like[row]):
            continue
        through = [cell for cell in by_row[row] if cell.row < row]
        parted = [cell for cell in by_row[row] if cell.row == row]
        share = len(parted) / max(1, len(by_row[row]))
        if share >= 1 - FEW:
            yield from through
        elif share <= FEW:
            yield from parted
            yield from (cell for cell in by_row[row - 1] if cell.row + cell.row_span == row)
        else:
            yield from by_row[row - 1]
            yield from by_row[row]
