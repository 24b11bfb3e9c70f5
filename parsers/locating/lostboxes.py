"""Boxes of a card whose label was not read: a seal that crosses it, a torn corner.

The boxes of a card stand in the order of the form, each a label and the cell beside it. Where the boxes before and
after were found, and as many pairs of cells lie between them as boxes are missing, these are the missing ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rapidfuzz import fuzz

from forms.cleaning import squeeze
from forms.definition import FormDefinition, OpinionBox
from parsers.document import Cell, Grid
from parsers.locating.boxes import BoxPlace

LEAST_LIKE = 30.0
"""How like its label (0-100) the words of a label cell must be at least; a seal leaves some of them."""


def lost_boxes(definition: FormDefinition, found: Sequence[BoxPlace]) -> Iterator[BoxPlace]:
    """The places of boxes that are missing among ``found``."""
    by_key: dict[str, list[BoxPlace]] = {}
    for place in found:
        by_key.setdefault(place.box.key, []).append(place)
    if any(len(places) > 1 for places in by_key.values()):
        return
    missing: list[OpinionBox] = []
    before: BoxPlace | None = None
    for box in (*definition.boxes, None):
        if box is not None and box.key not in by_key:
            missing.append(box)
            continue
        after = by_key[box.key][0] if box is not None else None
        if missing and before is not None:
            yield from _between(before, after, missing)
        missing, before = [], after


def _between(before: BoxPlace, after: BoxPlace | None, missing: Sequence[OpinionBox]) -> Iterator[BoxPlace]:
    if not before.page.scanned or before.cell.row < 0:
        return
    grid = next((grid for grid in before.page.grids if _in_grid(before.cell, grid) is not None), None)
    first = _in_grid(before.cell, grid)
    last = _in_grid(after.label, grid) if after is not None else None
    if grid is None or first is None or (after is not None and last is None):
        return
    cells = _run(grid, first, last)
    if len(cells) != 2 * len(missing):
        return
    for box, label, cell in zip(missing, cells[::2], cells[1::2], strict=True):
        if label.row != cell.row or _likeness(label.text, box) < LEAST_LIKE:
            return
    for box, label, cell in zip(missing, cells[::2], cells[1::2], strict=True):
        yield BoxPlace(box, before.page, cell, cell.text, label)


def _in_grid(cell: Cell | None, grid: Grid | None) -> Cell | None:
    """The cell of a grid at the same place; one that was taken apart has the box of the whole."""
    if cell is None or grid is None:
        return None
    return next((one for one in grid.cells if one.box == cell.box and one.row == cell.row), None)


def _run(grid: Grid, first: Cell, last: Cell | None) -> list[Cell]:
    """The cells after ``first`` and before ``last`` in reading order; without ``last`` those beside ``first``."""
    ordered = sorted(grid.cells, key=lambda cell: (cell.row, cell.column))
    start = ordered.index(first) + 1
    if last is None:
        return [cell for cell in ordered[start:] if cell.row == first.row]
    return ordered[start : ordered.index(last)]


def _likeness(text: str, box: OpinionBox) -> float:
    words = squeeze(text)
    return max(fuzz.ratio(words, squeeze(name)) for name in (box.label, *box.synonyms)) if words else 0.0
