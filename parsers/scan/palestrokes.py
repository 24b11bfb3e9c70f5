"""Strokes too pale to be ink: a light pen, blue or red writing on a copy that lost its colours.

Where the page is bleached for reading nothing is left of them. What they say is not read; that something stands where
somebody signs is enough to send a person there.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from parsers.scan.seals import SealFound
from parsers.scan.units import Gray, Mask, PixelBox, mm

STROKE = 1.5
"""Millimetres: what is broader is a stain or the edge of a shadow."""
DEPTH = 28
"""Grey levels, of 255, by which such a stroke is darker than the paper beside it."""
AROUND_SEAL = 1.0
"""Millimetres around a grey seal in which strokes are its own."""
AREA = 1.1
"""Square millimetres of strokes at a place from which something stands there."""


def pale_strokes(even: Gray, ink: Mask, circles: Sequence[SealFound]) -> Mask:
    """The strokes (255) of an evenly lit page that are no ``ink``, outside its grey seals."""
    closed = cv2.morphologyEx(even, cv2.MORPH_CLOSE, np.ones((mm(STROKE), mm(STROKE)), np.uint8))
    strokes = np.asarray((cv2.subtract(closed, even) > DEPTH).astype(np.uint8) * 255, np.uint8)
    strokes[cv2.dilate(ink, np.ones((7, 7), np.uint8)) > 0] = 0
    for circle in circles:
        middle = (round(circle.middle[0]), round(circle.middle[1]))
        cv2.circle(strokes, middle, round(circle.radius) + mm(AROUND_SEAL), 0, -1)
    return np.asarray(cv2.morphologyEx(strokes, cv2.MORPH_OPEN, np.ones((2, 2), np.uint8)), np.uint8)


def stands_in(strokes: Mask, box: PixelBox) -> bool:
    """Whether enough of them stands in a box of the page."""
    left, top, right, bottom = (max(0, edge) for edge in box)
    return int(np.count_nonzero(strokes[top:bottom, left:right])) >= AREA * mm(1) ** 2
