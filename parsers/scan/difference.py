"""A registered page minus what we printed: where the ink is as printed, and where it is not.

What the print looks like after printer, paper and scanner is learned from the page itself: how soft its edges are and
how dark each grey comes out. What remains is summed, with its sign, over windows of the width of a stroke: an edge that
lies half a pixel beside its place is dark on one side and pale on the other and sums to nothing, while a stroke more
or a stroke less does not. Measured on the smallest type of our forms (6.5 pt) at 150 and 200 dpi, pages as printed
stay below 0.12 of the ink's contrast, and the least change of one character (梁 for 粱) is above 0.10; a cell is
believed below 0.085 and known to be changed above 0.15.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import cv2
import numpy as np
import numpy.typing as npt

from parsers.scan.units import Gray, Mask, PixelBox, mm

SOFTNESS = (0.4, 0.7, 1.0, 1.4)
"""Blurs tried, in pixels: the page is at least as soft as the sharpest."""
STROKE = 1.2
"""Standard deviation, in pixels, of the window over which differences are summed."""
BELIEVED = 0.085
"""Part of the contrast below which all differences of a cell must stay for it to say what was printed."""
CHANGED = 0.15
"""Part of the contrast above which a cell is surely not as printed, where no seal explains it."""
LEAST_CONTRAST = 60.0
"""Grey levels between paper and ink below which nothing can be told."""
BINS = 32
FEWEST = 30
"""Pixels of a grey from which its tone is learned."""
INSET = 2
"""Pixels inside the middle of its rules where a cell begins: the rules themselves are no content."""
NEAR_RED = 5
"""Pixels around red ink in which a difference may be the seal's."""
LOOSE_RED = 0.4
"""Square millimetres of red of no seal that may be writing."""

Floats = npt.NDArray[np.float32]


class Verdict(Enum):
    """What the ink in a box says: as printed, surely another, or something that must be read."""

    AS_PRINTED = "as-printed"
    CHANGED = "changed"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Look:
    """How the print came out: softness in pixels, the tone of each grey, contrast in grey levels, mean misfit."""

    softness: float
    tone: npt.NDArray[np.uint8]
    contrast: float
    misfit: float


@dataclass(frozen=True, slots=True)
class Difference:
    """What is on a page beyond its print.

    ``excess`` is, for each pixel, how much darker (or, below zero, paler) its surroundings are than printed, as a part
    of the ink's contrast.
    """

    excess: Floats
    near_red: Mask
    loose_red: Mask

    def judge(self, box: PixelBox) -> Verdict:
        """What the ink in a box says; ``box`` runs along the middle of its rules."""
        left, top, right, bottom = box
        window = (
            slice(max(0, top + INSET), max(0, bottom - INSET)),
            slice(max(0, left + INSET), max(0, right - INSET)),
        )
        excess = np.abs(self.excess[window])
        if not excess.size:
            return Verdict.UNCLEAR
        if float(excess.max()) <= BELIEVED:
            is_clean = np.count_nonzero(self.loose_red[window]) < LOOSE_RED * mm(1) ** 2
            return Verdict.AS_PRINTED if is_clean else Verdict.UNCLEAR
        by_itself = excess[self.near_red[window] == 0]
        return Verdict.CHANGED if by_itself.size and float(by_itself.max()) > CHANGED else Verdict.UNCLEAR

    def added(self) -> Mask:
        """The pixels where ink was surely added, a seal's surroundings left out."""
        found = (self.excess > CHANGED) & (self.near_red == 0)
        return np.asarray(found.astype(np.uint8) * 255, np.uint8)


def compare(gray: Gray, red: Mask, loose_red: Mask, printed: Gray) -> Difference | None:
    """The difference of a registered page from its print; ``None`` when the page is too poor to tell.

    Args:
        gray: the page without its red layer, paper white, lying over ``printed``.
        red: its red ink.
        loose_red: the red that belongs to no seal.
        printed: the page as we printed it.
    """
    look = learn_look(gray, printed)
    if look is None or look.contrast < LEAST_CONTRAST:
        return None
    expected = cv2.LUT(_soft(255 - printed, look.softness), look.tone)
    off = cv2.subtract(255 - gray, expected, dtype=cv2.CV_32F)
    excess = cv2.GaussianBlur(off, (0, 0), STROKE) / look.contrast
    near = cv2.dilate(red, np.ones((2 * NEAR_RED + 1, 2 * NEAR_RED + 1), np.uint8))
    return Difference(np.asarray(excess, np.float32), np.asarray(near, np.uint8), loose_red)


def learn_look(gray: Gray, printed: Gray) -> Look | None:
    """How the print came out, learned from every sixth pixel that lies near print; ``None`` for too little print."""
    ink = (255 - gray)[::2, ::3]
    near = cv2.erode(printed, np.ones((9, 9), np.uint8))[::2, ::3] < 250
    seen = ink[near].astype(np.float32)
    level = float(np.median(ink[~near])) if np.any(~near) else 0.0
    best: Look | None = None
    for softness in SOFTNESS:
        soft = _soft(255 - printed, softness)[::2, ::3][near]
        tone = _tone(soft, ink[near], level)
        if tone is None:
            return None
        misfit = float(np.mean(np.minimum(np.abs(seen - tone[soft]), LEAST_CONTRAST)))
        if best is None or misfit < best.misfit:
            best = Look(softness, tone, float(tone[235]) - level, misfit)
    return best


def _tone(soft: npt.NDArray[np.uint8], ink: npt.NDArray[np.uint8], level: float) -> npt.NDArray[np.uint8] | None:
    """How dark each grey of the softened print comes out: rising, by the middle value of each bin."""
    width = 256 // BINS
    which = soft // width
    order = np.argsort(which, kind="stable")
    bounds = np.searchsorted(which[order], np.arange(BINS + 1))
    values = ink[order]
    middles, known = [level], [0.0]
    for number in range(BINS):
        own = values[bounds[number] : bounds[number + 1]]
        if own.size >= FEWEST:
            known.append(number * width + width / 2)
            middles.append(float(np.median(own)))
    if len(known) < BINS // 4:
        return None
    rising = np.maximum.accumulate(np.asarray(middles))
    return np.asarray(np.rint(np.interp(np.arange(256), known, rising)), np.uint8)


def _soft(ink: npt.NDArray[np.uint8], softness: float) -> npt.NDArray[np.uint8]:
    return np.asarray(cv2.GaussianBlur(ink, (0, 0), softness), np.uint8)
