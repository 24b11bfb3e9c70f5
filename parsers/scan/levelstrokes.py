"""一, 二 and 三 told by their strokes, for a recogniser may take one for another and be sure of it."""

from __future__ import annotations

import numpy as np

from parsers.scan.units import Mask, PixelBox

STROKES = {"一": 1, "二": 2, "三": 3}
"""The level strokes of each."""
HALF_WIDTH = 0.2
"""Line heights to each side of the character's middle that are looked at."""


def is_miscounted(ink: Mask, box: PixelBox, character: str, middle: float) -> bool:
    """Whether the strokes on the page are not those of the character that was read.

    Args:
        ink: the whole page, 255 where it is written on.
        box: the line's place on the page.
        character: what was read; any but 一, 二 and 三 is never miscounted.
        middle: the column of the page in which its middle lies.
    """
    if character not in STROKES:
        return False
    top, bottom = max(0, box[1]), box[3]
    reach = max(2, round((bottom - top) * HALF_WIDTH))
    left = max(0, round(middle) - reach)
    window = (ink[top:bottom, left : round(middle) + reach + 1] > 0).astype(np.int8)
    if not window.size:
        return True
    crossings = np.count_nonzero(np.diff(np.pad(window, ((1, 1), (0, 0))), axis=0) == 1, axis=0)
    return round(float(np.median(crossings))) != STROKES[character]
