"""Tick boxes printed in running text, found by their outline and decided by the ink inside them.

A recogniser reads an open box as 口 or leaves a ticked one out; the square outline is surer. A square is a box only
where the recogniser is not certain of a character there: 口, 国, 回 and 日 are squares too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import cv2
import numpy as np

from parsers.scan.units import Mask, PixelBox, mm

SIDES = (1.9, 6.5)
"""Millimetres of a box's side."""
SQUARE = (0.78, 1.28)
"""Its width by its height."""
LEAST_SIDE = 0.55
"""Part of the line's height that a box has at least; the squares inside characters are smaller."""
SIDE_DRAWN = 0.8
"""Part of each side that must be drawn."""
TICKED, UNTICKED = 0.075, 0.03
"""Part of the inside that is ink: above the first it is ticked, below the second it is not."""
BOX_GLYPHS = frozenset("□☐▢囗☑☒■⊠√✓✔")
LOOKALIKES = frozenset("口回図囚凶区曰日図V冈因图团")
SURE_CHARACTER = 0.97


@dataclass(frozen=True, slots=True)
class TickBox:
    """A box: where it is on the page, and whether it is ticked (``None`` when that is not clear)."""

    box: PixelBox
    ticked: bool | None

    @property
    def middle(self) -> float:
        """The column of its middle."""
        return (self.box[0] + self.box[2]) / 2

    @property
    def text(self) -> str:
        """How it is written in a cell's text."""
        return "□" if self.ticked is False else "☑"


def find_tick_boxes(ink: Mask, line: PixelBox) -> tuple[TickBox, ...]:
    """The square outlines in a line of writing, from left to right; ``ink`` is the whole page's."""
    grow = mm(1)
    left, top = max(0, line[0] - grow), max(0, line[1] - grow)
    part = ink[top : line[3] + grow, left : line[2] + grow]
    run = mm(1.4)
    level = _bars(cv2.morphologyEx(part, cv2.MORPH_OPEN, np.ones((1, run), np.uint8)))
    plumb = _bars(cv2.morphologyEx(part, cv2.MORPH_OPEN, np.ones((run, 1), np.uint8)))
    found: list[TickBox] = []
    squares = {*_pairs(level), *(_swapped(box) for box in _pairs([_swapped(bar) for bar in plumb]))}
    squares |= set(_cornered(level, plumb))
    smallest = max(mm(SIDES[0]), round((line[3] - line[1]) * LEAST_SIDE))
    for x, y, right, bottom in sorted(squares, key=lambda box: (box[2] - box[0]) * (box[3] - box[1])):
        if min(right - x, bottom - y) < smallest:
            continue
        square = part[y:bottom, x:right]
        box = (left + x, top + y, left + right, top + bottom)
        if _is_outlined(square) and not any(_overlaps(box, other.box) for other in found):
            found.append(TickBox(box, _is_ticked(square)))
    return tuple(sorted(found, key=lambda box: box.box[0]))


def _swapped(box: PixelBox) -> PixelBox:
    return box[1], box[0], box[3], box[2]


def _bars(mask: cv2.typing.MatLike) -> list[PixelBox]:
    count, _, stats, _ = cv2.connectedComponentsWithStats(np.asarray(mask, np.uint8))
    return [(int(x), int(y), int(x + wide), int(y + high)) for x, y, wide, high in stats[1:count, :4]]


def _pairs(bars: list[PixelBox]) -> list[PixelBox]:
    """Squares of which two level bars are the top and the bottom."""
    if len(bars) < 2:
        return []
    left, top, right, bottom = np.asarray(bars).T
    slack, shortest, longest = mm(0.45), mm(SIDES[0]), mm(SIDES[1])
    high = bottom[None, :] - top[:, None]
    wide = np.maximum(right[:, None], right[None, :]) - np.minimum(left[:, None], left[None, :])
    is_square = (
        (np.abs(left[:, None] - left[None, :]) <= slack)
        & (np.abs(right[:, None] - right[None, :]) <= slack)
        & (np.minimum(high, wide) >= shortest)
        & (np.maximum(high, wide) <= longest)
        & (wide >= SQUARE[0] * high)
        & (wide <= SQUARE[1] * high)
    )
    return [
        (min(bars[above][0], bars[below][0]), bars[above][1], max(bars[above][2], bars[below][2]), bars[below][3])
        for above, below in np.argwhere(is_square).tolist()
    ]


def _cornered(level: list[PixelBox], plumb: list[PixelBox]) -> Iterator[PixelBox]:
    """Squares of a level bar and an upright one at each of its ends: a tick that runs out broke the fourth side."""
    slack, shortest, longest = mm(0.45), mm(SIDES[0]), mm(SIDES[1])
    for left, top, right, bottom in level:
        if not shortest <= right - left <= longest:
            continue
        first = [bar for bar in plumb if abs(bar[0] - left) <= slack]
        last = [bar for bar in plumb if abs(bar[2] - right) <= slack]
        for one, other in product(first, last):
            if one is other:
                continue
            upper, lower = min(one[1], other[1]), max(one[3], other[3])
            if abs(lower - bottom) <= slack:
                box = (left, upper, right, bottom)
            elif abs(upper - top) <= slack:
                box = (left, top, right, lower)
            else:
                continue
            high = box[3] - box[1]
            if shortest <= high <= longest and SQUARE[0] * high <= right - left <= SQUARE[1] * high:
                yield box


def _overlaps(box: PixelBox, other: PixelBox) -> bool:
    return min(box[2], other[2]) > max(box[0], other[0]) and min(box[3], other[3]) > max(box[1], other[1])


def _is_outlined(square: Mask) -> bool:
    edge = max(2, mm(0.45))
    sides = (
        square[:edge].any(axis=0),
        square[-edge:].any(axis=0),
        square[:, :edge].any(axis=1),
        square[:, -edge:].any(axis=1),
    )
    return all(float(np.mean(side)) >= SIDE_DRAWN for side in sides)


def _is_ticked(square: Mask) -> bool | None:
    inset = max(3, round(min(square.shape) * 0.22))
    inside = square[inset:-inset, inset:-inset]
    share = float(np.mean(inside > 0)) if inside.size else 0.0
    if share >= TICKED:
        return True
    return False if share <= UNTICKED else None


def may_be_box(text: str, probability: float) -> bool:
    """Whether a reading at the place of a square leaves room for a tick box."""
    if text in BOX_GLYPHS:
        return True
    return probability < (SURE_CHARACTER if text in LOOKALIKES else 0.8)
