"""Boxes of a row of pairs, label and cell beside it, whose label a copied seal made unreadable.

Where the others of the row stand in the order of the form, and as many pairs are left as boxes are missing, each of
these has its place. A label that was read as other words, and not for a seal over it, is another label.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from forms.definition import FormDefinition, OpinionBox
from parsers.document import Cell, Page
from parsers.locating.boxes import BoxPlace
from parsers.locating.hiddenheads import SEAL_OVER
from parsers.locating.lostboxes import LEAST_LIKE, likeness

FEWEST = 2
"""Boxes of a row that must be known for it to be taken for one."""


def boxes_of_rows(definition: FormDefinition, found: Sequence[BoxPlace]) -> Iterator[BoxPlace]:
    """The places of boxes of which none but a line of text was found, if any, in the rows of those that were."""
    ruled = {place.box.key: place for place in found if place.cell.row >= 0}
    seen = set[tuple[int, int]]()
    for place in ruled.values():
        if place.label is None or not place.page.scanned or (place.page.index, place.cell.row) in seen:
            continue
        seen.add((place.page.index, place.cell.row))
        own = {key for key, one in ruled.items() if one.page is place.page and one.cell.row == place.cell.row}
        if len(own) >= FEWEST:
            yield from _of_row(definition, place.page, _row_of(place), own, ruled)


def _row_of(place: BoxPlace) -> list[Cell]:
    """The cells of the row in which a box stands, from left to right."""
    for grid in place.page.grids:
        row = [cell for cell in grid.cells if cell.row == place.cell.row]
        if any(cell.box == place.cell.box for cell in row):
            return sorted(row, key=lambda cell: cell.column)
    return []


def _of_row(
    definition: FormDefinition, page: Page, row: Sequence[Cell], own: set[str], ruled: dict[str, BoxPlace]
) -> Iterator[BoxPlace]:
    """The boxes missing between one known box of a row and the next, before the first and behind the last."""
    missing: list[OpinionBox] = []
    start = 0
    for box in definition.boxes:
        if box.key not in ruled:
            missing.append(box)
        if box.key not in own:
            continue
        end = next((index for index, cell in enumerate(row) if cell.box == ruled[box.key].cell.box), -1)
        if end < start:
            return
        yield from _placed(missing, row[start : end - 1], page)
        missing, start = [], end + 1
    yield from _placed(missing, row[start:], page)


def _placed(missing: Sequence[OpinionBox], cells: Sequence[Cell], page: Page) -> Iterator[BoxPlace]:
    """Each missing box in a pair of cells; none where there are more or fewer of these, or a label of other words."""
    if len(cells) != 2 * len(missing):
        return
    lost = list(zip(missing, cells[::2], cells[1::2], strict=True))
    if all(likeness(label.text, box) >= LEAST_LIKE or SEAL_OVER in label.notes for box, label, _ in lost):
        yield from (BoxPlace(box, page, cell, cell.text, label) for box, label, cell in lost)
