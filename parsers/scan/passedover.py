"""Small marks of punctuation that a recogniser passed over: a comma of small type is left out as if none were there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import cv2
import numpy as np

from parsers.scan.lines import Line
from parsers.scan.spacing import is_hanzi
from parsers.scan.units import Mask

SMALL, LOW = 0.38, 0.6
"""Line heights of the largest comma, either way, and from the top of the line on where its middle stands."""
LEAST_AREA = 4
"""Pixels of the smallest one."""
ROOM, CLEAR = 1.12, 0.4
"""Usual steps between two hanzi with a mark between them, at least, and from the middle of either to the mark."""


def small_strokes(ink: Mask, line: Line) -> Iterator[float]:
    """The middles of small strokes low in a line that have their columns to themselves."""
    for piece in line.pieces:
        left, top, right, bottom = piece.box
        part = ink[max(0, top) : bottom, max(0, left) : right]
        high = bottom - top
        count, _, stats, _ = cv2.connectedComponentsWithStats(part)
        columns = (part > 0).sum(axis=0)
        for x, y, wide, tall, area in stats[1:count].tolist():
            is_low = y + tall / 2 > high * LOW
            is_small = max(wide, tall) <= SMALL * high and area >= LEAST_AREA
            if is_low and is_small and columns[x : x + wide].sum() == area:
                yield left + x + wide / 2


def passes_over_mark(ink: Mask, line: Line, marks: Sequence[tuple[str, float]], usual: float | None = None) -> bool:
    """Whether a small stroke stands between two hanzi, where there is room for a mark, and nothing was read of it.

    Args:
        ink: of the whole page.
        line: where the text stands.
        marks: the characters that were read and their columns on the page, from left to right.
        usual: the distance of hanzi in its cell, in pixels; else that of most in the line.
    """
    pairs = [
        (before[1], behind[1]) for before, behind in pairwise(marks) if is_hanzi(before[0]) and is_hanzi(behind[0])
    ]
    if not pairs:
        return False
    step = usual or float(np.median([end - start for start, end in pairs]))
    wide = [(start + CLEAR * step, end - CLEAR * step) for start, end in pairs if end - start >= ROOM * step]
    return bool(wide) and any(start < x < end for x in small_strokes(ink, line) for start, end in wide)
