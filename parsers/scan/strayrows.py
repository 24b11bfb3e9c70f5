"""The rows that a line of writing takes, but for stray dots above and below it.

A fax turns single dots over. One that lies a little above a line makes the line's crop higher, so that its characters
come smaller to the recogniser and the line looks as if a part of another stood in it.
"""

from __future__ import annotations

import cv2
import numpy as np

from parsers.scan.units import Mask, mm

DOT = 0.4
"""Millimetres of the side of a stray dot at most: two dots of a fax."""
FEW = 2
"""Dots above or below a line up to which they are stray; more of them are what is left of a broken stroke."""


def written_rows(strokes: Mask) -> tuple[int, int]:
    """The first row of a line's writing and the one behind its last; ``strokes`` are its own and not empty.

    Only where the line ends is decided: the dots themselves stay in the picture, as far as they come into the crop.
    """
    count, _, stats, _ = cv2.connectedComponentsWithStats(np.ascontiguousarray(strokes))
    wide, high, top = stats[1:count, 2], stats[1:count, 3], stats[1:count, 1]
    bottom, is_dot = top + high, np.maximum(wide, high) <= mm(DOT)
    stray = np.zeros_like(is_dot)
    if not is_dot.all():
        first, last = int(top[~is_dot].min()), int(bottom[~is_dot].max())
        for beyond in (is_dot & (bottom < first), is_dot & (top > last)):
            stray |= beyond & (np.count_nonzero(beyond) <= FEW)
    return int(top[~stray].min()), int(bottom[~stray].max())
