"""The one resolution at which scanned pages are worked on, and lengths on paper as pixels of it."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

from forms.finding import Box

WORK_DPI = 200.0
"""More gained nothing in measurements of printed forms and costs time."""

Gray = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.uint8]
"""255 where something is, 0 elsewhere."""
Rgb = npt.NDArray[np.uint8]
PixelBox = tuple[int, int, int, int]
"""Left, top, right, bottom in working pixels; right and bottom are outside."""


@cache
def mm(length: float) -> int:
    """Millimetres on paper as working pixels, at least one."""
    return max(1, round(length * WORK_DPI / 25.4))


def to_points(box: PixelBox) -> Box:
    """A box in points of the upright page."""
    left, top, right, bottom = (round(edge * 72 / WORK_DPI, 2) for edge in box)
    return left, top, right, bottom


def to_pixels(box: Box) -> PixelBox:
    """A box in working pixels."""
    left, top, right, bottom = (round(edge * WORK_DPI / 72) for edge in box)
    return left, top, right, bottom
