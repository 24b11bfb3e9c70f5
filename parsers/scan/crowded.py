"""Lines of writing that reach into each other: each piece of ink belongs to the line in which most of it lies.

Handwriting keeps no line. A straight cut between two lines takes the foot off one character and puts it under the
next, where it makes 二 of 一. The cut therefore winds through the widest gaps from left to right, and pieces that hang
together are given away whole where they can be.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import cv2
import numpy as np
import numpy.typing as npt

from parsers.scan.units import Mask

MOSTLY = 0.7
"""Part of a piece that must lie in a line for all of it to be of that line."""
TALLEST = 1.35
"""Line heights of the tallest piece that is of one line; a taller one is cut."""
WINDING = 0.25
"""Line heights by which a cut may wind up and down."""
INK, STRAY = 3.0, 0.15
"""What a pixel of ink costs a cut beside the narrowest gap, and each pixel off its own middle."""


def owned(strokes: Mask, rows: Sequence[tuple[int, int]], height: float) -> list[Mask]:
    """The strokes of each of the lines that ``rows`` (top and bottom, downwards, without overlap) are of.

    Args:
        strokes: all writing of a box.
        rows: the lines as a straight cut parts them.
        height: the page's own line height in pixels.
    """
    band_of = np.zeros(strokes.shape, np.intp)
    across = np.arange(strokes.shape[0])[:, None]
    for above, below in pairwise(rows):
        band_of += across >= _cut(strokes, (above[1] + below[0]) // 2, round(height * WINDING))[None, :]
    count, found, stats, _ = cv2.connectedComponentsWithStats(strokes, connectivity=8)
    labels = np.asarray(found, np.intp)
    shares = np.zeros((count, len(rows)))
    np.add.at(shares, (labels, band_of), 1)
    whole = shares.max(axis=1) >= MOSTLY * np.maximum(1, stats[:, cv2.CC_STAT_AREA])
    whole &= stats[:, cv2.CC_STAT_HEIGHT] <= TALLEST * height
    owner = np.where(whole[labels], shares.argmax(axis=1)[labels], band_of)
    return [np.asarray(np.where((owner == index) & (strokes > 0), 255, 0), np.uint8) for index in range(len(rows))]


def _cut(strokes: Mask, middle: int, reach: int) -> npt.NDArray[np.intp]:
    """The first row below a cut in each column: the way from left to right with the most room around it."""
    first = max(0, middle - reach)
    window = strokes[first : middle + reach + 1]
    room = cv2.distanceTransform(np.where(window > 0, 0, 255).astype(np.uint8), cv2.DIST_L2, 3)
    rows = np.arange(len(window))
    cost = np.where(window > 0, INK, 1.0 / np.maximum(1.0, room)) + STRAY * np.abs(rows + first - middle)[:, None]
    steps = np.zeros(cost.shape, np.intp)
    ways = np.full((3, len(window)), np.inf)  # to each row from the one above, from itself, from the one below
    total = cost[:, 0].copy()
    for column in range(1, cost.shape[1]):
        ways[0, 1:], ways[1], ways[2, :-1] = total[:-1], total, total[1:]
        steps[:, column] = ways.argmin(axis=0) - 1
        np.add(ways.min(axis=0), cost[:, column], out=total)
    path = np.zeros(cost.shape[1], np.intp)
    path[-1] = int(total.argmin())
    for column in range(cost.shape[1] - 1, 0, -1):
        path[column - 1] = path[column] + steps[path[column], column]
    return path + first
