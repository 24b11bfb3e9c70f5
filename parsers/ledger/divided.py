"""A rule that is missing between two columns of a scan: one wide column whose head says the labels of both."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from forms.labels import normalise_label
from parsers.document import Cell, Grid, Word
from parsers.ledger.parted import MISSING

_HEAD_WITHIN = 30
_FEWEST_LABELS = 3
"""Other labels in a row that make it a head."""
_MOSTLY = 0.6
"""Part of the column's values that must be in as many pieces as its head."""


def divided(grid: Grid, is_label: Callable[[str], bool]) -> Grid:
    """The grid with such columns taken apart where the gap in their head is; every value of theirs is noted.

    A column whose values are not in as many pieces stays whole: its head may name what both labels say together.
    """
    for head in sorted(grid.cells, key=lambda cell: -cell.column):
        labels = head.text.split()
        if head.row < _HEAD_WITHIN and len(labels) > 1 and _is_of_two(grid, head, labels, is_label):
            grid = _divided(grid, head, labels)
    return grid


def _is_of_two(grid: Grid, head: Cell, labels: Sequence[str], is_label: Callable[[str], bool]) -> bool:
    if head.column_span > 1 or len(head.words) != 1 or len(set(map(normalise_label, labels))) < len(labels):
        return False
    if is_label(normalise_label(head.text)) or not all(len(label) > 1 and is_label(label) for label in labels):
        return False
    beside = [cell for cell in grid.cells if cell.row == head.row and cell is not head]
    below = [cell for cell in grid.cells if cell.row > head.row and cell.column == head.column and cell.text.strip()]
    split = [cell for cell in below if cell.column_span == 1 and len(cell.text.split()) == len(labels)]
    return sum(is_label(cell.text) for cell in beside) >= _FEWEST_LABELS and len(split) >= _MOSTLY * len(below) > 0


def _divided(grid: Grid, head: Cell, labels: Sequence[str]) -> Grid:
    cuts = _cuts(head.words[0], labels)
    more = len(labels) - 1
    cells: list[Cell] = []
    for cell in grid.cells:
        if cell.column > head.column:
            cells.append(replace(cell, column=cell.column + more))
        elif cell.column <= head.column < cell.column + cell.column_span and cell.row < head.row:
            cells.append(replace(cell, column_span=cell.column_span + more))
        elif cell.column == head.column and cell.column_span == 1:
            cells.extend(_pieces(cell, cuts, is_head=cell is head))
        elif cell.column <= head.column < cell.column + cell.column_span:
            cells.append(replace(cell, column_span=cell.column_span + more))
        else:
            cells.append(cell)
    return replace(grid, columns=grid.columns + more, cells=tuple(cells))


def _cuts(word: Word, labels: Sequence[str]) -> list[float]:
    """Where the gaps of a head are, from the left edge of the page: its characters are as wide as high."""
    left, top, right, bottom = word.box
    characters = sum(map(len, labels))
    width = min(bottom - top, (right - left) / characters)
    gap = (right - left - characters * width) / (len(labels) - 1)
    cuts, at = [], left
    for label in labels[:-1]:
        at += len(label) * width + gap
        cuts.append(at - gap / 2)
    return cuts


def _pieces(cell: Cell, cuts: Sequence[float], *, is_head: bool) -> list[Cell]:
    """A cell as one for each column. What is not in as many pieces stands whole in the first, and none is sure."""
    texts = cell.text.split()
    if len(texts) != len(cuts) + 1:
        texts = [cell.text, *("" for _ in cuts)]
    edges = [None, *cuts, None] if cell.box is None else [cell.box[0], *cuts, cell.box[2]]
    pieces = []
    for place, text in enumerate(texts):
        left, right = edges[place], edges[place + 1]
        box = None if cell.box is None or left is None or right is None else (left, cell.box[1], right, cell.box[3])
        is_doubtful = not is_head and bool(cell.text.strip())
        made = replace(
            cell,
            column=cell.column + place,
            text=text,
            raw=None,
            box=box,
            words=(),
            candidates=(),
            ink=bool(text) or (is_doubtful and cell.ink),
            notes=(*cell.notes, MISSING) if is_doubtful else cell.notes,
        )
        pieces.append(made)
    return pieces
