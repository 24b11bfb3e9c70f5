"""A cell of a ruled grid by its place."""

from __future__ import annotations

from dataclasses import dataclass

from parsers.scan.units import PixelBox

BORDER_MISSING = "border-missing"
"""The cell is open at a side of the table that has no rule."""
GRID_IRREGULAR = "grid-irregular"
"""The cell does not fit the rows around it."""


@dataclass(frozen=True, slots=True)
class CellPlace:
    """A cell of a grid by lattice address and its box in working pixels; ``whole`` is false for a pieced-up shape."""

    row: int
    column: int
    row_span: int
    column_span: int
    box: PixelBox
    whole: bool = True
    notes: tuple[str, ...] = ()
    """Why its borders are doubted, as codes of cell notes."""
