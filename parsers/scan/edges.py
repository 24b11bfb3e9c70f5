"""Shadows along the edges of a page, and what of the page they hide.

A dark area that touches the picture's edge is a shadow, the desk or the black border of a copier: it is wiped away. It
may reach into the form. What stood there is gone then, and nobody may take the cell for empty or a line for whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from parsers.scan.cells import CellSeen
from parsers.scan.gridding import GridPlace
from parsers.scan.units import Gray, Mask, PixelBox, mm

SHADED = "cell-shaded"
"""Note of a cell that a shadow hides a part of."""
PAGE_SHADED = "page-shaded"
"""Note of a page of which a shadow hides a part of a form."""
LEAST_OF_CELL, LEAST_OF_FORM = 1.5, 100.0
"""Square millimetres of a cell, and of a form, that are hidden, at least."""
BORDER = 3.0
"""Millimetres inside the border of a form from which a shadow counts: along it runs the black edge of many a copy."""


@dataclass(frozen=True, slots=True)
class Cleared:
    """A page without its dark edges; ``gone`` (255) is where they were, ``None`` where there were none."""

    gray: Gray
    ink: Mask
    gone: Mask | None = None

    def noted(self, cells: Sequence[CellSeen]) -> tuple[CellSeen, ...]:
        """The cells, each that is hidden in part with a note."""
        if self.gone is None:
            return tuple(cells)
        least = LEAST_OF_CELL * mm(1) ** 2
        return tuple(
            replace(cell, notes=(*cell.notes, SHADED)) if self._hidden(cell.inside) >= least else cell for cell in cells
        )

    def hides_form(self, grids: Sequence[GridPlace]) -> bool:
        """Whether so much of a form is hidden that rows may be missing."""
        edge = mm(BORDER)
        inner = ((grid.box[0] + edge, grid.box[1] + edge, grid.box[2] - edge, grid.box[3] - edge) for grid in grids)
        return self.gone is not None and sum(map(self._hidden, inner)) >= LEAST_OF_FORM * mm(1) ** 2

    def _hidden(self, box: PixelBox) -> int:
        """How many pixels of a box are hidden."""
        left, top, right, bottom = (max(0, place) for place in box)
        return 0 if self.gone is None else int(np.count_nonzero(self.gone[top:bottom, left:right]))


def clear_edges(gray: Gray, ink: Mask) -> Cleared:
    """The page without the shadows and the desk along its edges."""
    small = cv2.resize(ink, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    touched = _from_edge((small > 96).astype(np.uint8))
    if not touched.any():
        return Cleared(gray, ink)
    area = cv2.dilate(_without_hung_rules(touched), np.ones((3, 3), np.uint8))
    gone = cv2.resize(area * 255, (gray.shape[1], gray.shape[0]), interpolation=cv2.INTER_NEAREST)
    gray, ink = gray.copy(), ink.copy()
    gray[gone > 0] = 255
    ink[gone > 0] = 0
    return Cleared(gray, ink, np.asarray(gone, np.uint8))


def _from_edge(dark: Mask) -> Mask:
    """What of a mask of ones hangs together with the picture's edge."""
    framed = cv2.copyMakeBorder(dark, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=1)
    labels = cv2.connectedComponents(framed)[1]
    return np.asarray((labels == labels[0, 0])[1:-1, 1:-1], np.uint8)


def _without_hung_rules(touched: Mask) -> Mask:
    """A shadow without the rules of a table that runs into it: they are thin, and hide nothing of the cells between.

    ``touched`` is 1 for the shadow, at a quarter of the page's size. What is thin but near thick parts is its fringe,
    and what is thin along the picture's edge the black edge of a copy.
    """
    edge, thick = mm(BORDER) // 4, np.ones((3, 3), np.uint8)
    core = _from_edge(np.asarray(cv2.morphologyEx(touched, cv2.MORPH_OPEN, thick), np.uint8))
    fringe = cv2.dilate(core, np.ones((7, 7), np.uint8))
    fringe[:edge] = fringe[-edge:] = 1
    fringe[:, :edge] = fringe[:, -edge:] = 1
    return np.asarray(cv2.bitwise_and(touched, fringe), np.uint8)
