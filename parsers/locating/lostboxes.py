"""Boxes of a card whose label was not read: a seal that crosses it, a torn corner.

Boxes stand in the order of the form, each a label and the cell beside it. Where the boxes before and after were found,
and as many pairs of cells lie between them as boxes are missing, these are the missing ones. Where a copied seal covers
the rule between a label and its cell the two are one cell, which holds the words of the label.
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
LEAST_HELD, LONGER = 0.75, 1.2
"""The part of a label's characters that a cell must hold which is label and content in one, and how many times as long
as the label its words are at least."""


def lost_boxes(definition: FormDefinition, found: Sequence[BoxPlace]) -> Iterator[BoxPlace]:
    """The places of boxes that are missing among ``found``."""
    by_key: dict[str, list[BoxPlace]] = {}
    for place in found:
        by_key.setdefault(place.box.key, []).append(place)
    for key, places in by_key.items():
        ruled = [place for place in places if place.cell.row >= 0]
        if len(ruled or places) > 1:
            return
        by_key[key] = ruled or places  # the head of a form may name its unit's seal, too
    missing: list[OpinionBox] = []
    before: BoxPlace | None = None
    for box in (*definition.boxes, None):
        if box is not None and box.key not in by_key:
            missing.append(box)
            continue
        after = by_key[box.key][0] if box is not None else None
        if missing and before is not None:
            yield from _between(before, after, missing)
        missing = []
        if before is None or (after is not None and _is_behind(after, before)):
            before = after


def _is_behind(place: BoxPlace, other: BoxPlace) -> bool:
    """Whether a box stands behind another on its page, or on another: a form may name one above the row of the rest."""
    if place.page is not other.page:
        return True
    return (place.cell.row, place.cell.column) > (other.cell.row, other.cell.column)


def _between(before: BoxPlace, after: BoxPlace | None, missing: Sequence[OpinionBox]) -> Iterator[BoxPlace]:
    if not before.page.scanned or before.cell.row < 0:
        return
    grid = next((grid for grid in before.page.grids if _in_grid(before.cell, grid) is not None), None)
    first = _in_grid(before.cell, grid)
    last = _in_grid(after.label, grid) if after is not None else None
    if grid is None or first is None or (after is not None and last is None):
        return
    for box, label, cell in _shared_out(_run(grid, first, last), missing):
        yield BoxPlace(box, before.page, cell, cell.text, label)


def _shared_out(cells: Sequence[Cell], missing: Sequence[OpinionBox]) -> Sequence[tuple[OpinionBox, Cell | None, Cell]]:
    """Each missing box with its label and its cell, or with one cell that is both; none unless all cells are used."""
    runs_together = 2 * len(missing) - len(cells)
    if not 0 <= runs_together <= len(missing):
        return ()
    found: list[tuple[OpinionBox, Cell | None, Cell]] = []
    rest = list(cells)
    for box in missing:
        if not rest:
            return ()
        head = rest.pop(0)
        if runs_together and _holds(head.text, box) and len(squeeze(head.text)) > LONGER * len(squeeze(box.label)):
            found.append((box, None, head))
            continue
        if not rest or rest[0].row != head.row or likeness(head.text, box) < LEAST_LIKE:
            return ()
        found.append((box, head, rest.pop(0)))
    return () if rest else found


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


def _holds(text: str, box: OpinionBox) -> bool:
    """Whether nearly all characters of a label stand among the words of a cell, in whatever order they were read."""
    words = squeeze(text)
    return any(
        sum(mark in words for mark in name) >= LEAST_HELD * len(name)
        for name in map(squeeze, (box.label, *box.synonyms))
        if name
    )


def likeness(text: str, box: OpinionBox) -> float:
    """How like the label of a box a text is, 0-100."""
    words = squeeze(text)
    return max(fuzz.ratio(words, squeeze(name)) for name in (box.label, *box.synonyms)) if words else 0.0
