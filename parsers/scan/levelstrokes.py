"""一, 二 and 三 told by their strokes, for a recogniser may take one for another and be sure of it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from parsers.scan.units import Gray, Mask, PixelBox

STROKES = {"一": 1, "二": 2, "三": 3}
"""The level strokes of each."""
SEEN, LIKE_DARKEST = 0.15, 0.4
"""Parts of the line's black, and of the darkest row, from which a row holds a stroke."""
PARTED = 0.6
"""What a row between two strokes has of their darkness at most."""
HALF_WIDTH = 0.2
"""Line heights to each side of the character's middle that are looked at."""


def are_counted(crop: Gray, character: str, at: float) -> bool:
    """Whether the level strokes of a character show in the grey of a line, where thin ones drop out of its ink.

    Args:
        crop: the line, dark on light.
        character: 一, 二 or 三.
        at: its middle, as a part of the crop's width.
    """
    height, width = crop.shape
    middle, reach = at * width, max(2, round(height * HALF_WIDTH))
    window = crop[:, max(0, round(middle) - reach) : round(middle) + reach + 1]
    if not window.size:
        return False
    black = float(np.percentile(crop, 2))
    dark = np.clip((255.0 - window.mean(axis=1)) / max(1.0, 255.0 - black), 0.0, 1.0)
    soft = np.convolve(np.pad(dark, 1), (0.25, 0.5, 0.25), mode="valid")
    return _peaks(soft) == STROKES.get(character)


def _peaks(dark: npt.NDArray[np.float64]) -> int:
    """How many dark rows stand out, each parted from the next by one that is clearly lighter."""
    least = max(SEEN, LIKE_DARKEST * float(dark.max()))
    count, valley, is_up = 0, 0.0, False
    peak = 0.0
    for value in dark:
        if is_up:
            peak = max(peak, float(value))
            if value <= PARTED * peak:
                count, is_up, valley = count + 1, False, float(value)
        else:
            valley = min(valley, float(value))
            if value >= least and valley <= PARTED * value:
                is_up, peak = True, float(value)
    return count + is_up


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
