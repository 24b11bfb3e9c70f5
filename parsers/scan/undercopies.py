"""Where a seal of a copy has neither rim, words nor star: strokes there are not the seal's.

On a copy a seal is as grey or black as writing, so its ink cannot be taken away. But seals are cut alike: the name runs
along the rim, the star is in the middle, straight words stand below it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from parsers.scan.inktest import Sheet
from parsers.scan.seals import SealFound
from parsers.scan.units import Mask, PixelBox, mm

WORDS_FROM, STAR_TO, BELOW = 0.66, 0.42, 0.08
"""Parts of a seal's radius: where its words begin, where its star ends, and how far below its middle it may have
straight words."""
RIM = 1.0
"""Millimetres around a seal that are its rim's."""


@dataclass(frozen=True, slots=True)
class Under:
    """What of a page lies under seals of a copy: their pixels (255), and the page with these made white."""

    discs: Mask
    beside: Sheet | None
    """``None`` where the page has no such seal."""

    @classmethod
    def of(cls, sheet: Sheet, circles: Sequence[SealFound]) -> Under:
        """For all seals of a page that are not red."""
        discs = discs_of(circles, (0, 0), sheet.ink.shape)
        if not circles:
            return cls(discs, None)
        gray, ink = sheet.gray.copy(), sheet.ink.copy()
        gray[discs > 0], ink[discs > 0] = 255, 0
        return cls(discs, replace(sheet, gray=gray, ink=ink))

    def touches(self, box: PixelBox) -> bool:
        """Whether a part of a box lies under a seal."""
        return bool(self.discs[max(0, box[1]) : box[3], max(0, box[0]) : box[2]].any())

    def share(self, box: PixelBox) -> float:
        """The part of a box that lies under seals."""
        part = self.discs[max(0, box[1]) : box[3], max(0, box[0]) : box[2]]
        return float(np.count_nonzero(part)) / max(1, part.size)


def discs_of(circles: Sequence[SealFound], corner: tuple[int, int], shape: tuple[int, ...]) -> Mask:
    """The pixels under seals, in a window of the page whose left top corner is ``corner``."""
    discs = np.zeros(shape[:2], np.uint8)
    for circle in circles:
        cv2.circle(discs, _middle(circle, corner), round(circle.radius) + mm(RIM), 255, -1)
    return discs


def free_of(circles: Sequence[SealFound], corner: tuple[int, int], shape: tuple[int, ...]) -> Mask:
    """The pixels under seals on which none of them has ink of its own."""
    free = np.zeros(shape[:2], np.uint8)
    for circle in circles:
        middle = _middle(circle, corner)
        cv2.circle(free, middle, round(circle.radius * WORDS_FROM), 255, -1)
    for circle in circles:
        middle, own = _middle(circle, corner), np.zeros_like(free)
        cv2.circle(own, middle, round(circle.radius) + mm(RIM), 255, -1)
        cv2.circle(own, middle, round(circle.radius * WORDS_FROM), 0, -1)
        cv2.circle(own, middle, round(circle.radius * STAR_TO), 255, -1)
        below = np.zeros_like(free)
        cv2.circle(below, middle, round(circle.radius), 255, -1)
        below[: max(0, middle[1] + round(circle.radius * BELOW))] = 0
        free[(own > 0) | (below > 0)] = 0
    return free


def _middle(circle: SealFound, corner: tuple[int, int]) -> tuple[int, int]:
    return round(circle.middle[0]) - corner[0], round(circle.middle[1]) - corner[1]
