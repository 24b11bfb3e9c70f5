"""Tick boxes printed in running text, found by their outline and decided by the ink inside them.

A recogniser reads an open box as 口 or leaves a ticked one out; the square outline is surer. A square is a box only
where the recogniser is not certain of a character there: 口, 国, 回 and 日 are squares too.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from parsers.scan.units import Mask, PixelBox, mm

SIDES = (1.9, 6.5)
"""Millimetres of a box's side."""
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
    level = cv2.morphologyEx(part, cv2.MORPH_OPEN, np.ones((1, run), np.uint8))
    plumb = cv2.morphologyEx(part, cv2.MORPH_OPEN, np.ones((run, 1), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(np.asarray(cv2.bitwise_or(level, plumb), np.uint8))
    found = []
    for label in range(1, count):
        x, y, wide, high = (int(value) for value in stats[label][:4])
        if not (mm(SIDES[0]) <= min(wide, high) and max(wide, high) <= mm(SIDES[1]) and 0.78 <= wide / high <= 1.28):
            continue
        square = part[y : y + high, x : x + wide]
        if _is_outlined(square):
            found.append(TickBox((left + x, top + y, left + x + wide, top + y + high), _is_ticked(square)))
    return tuple(sorted(found, key=lambda box: box.box[0]))


def _is_outlined(square: Mask) -> bool:
    edge = max(2, mm(0.45))
    sides = (square[:edge].any(axis=0), square[-edge:].any(axis=0), square[:, :edge].any(axis=1), square[:, -edge:].any(axis=1))
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
