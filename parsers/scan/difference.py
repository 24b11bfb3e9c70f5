"""A registered page minus what we printed: where the ink is as printed, and where it is not.

How the print comes out after printer, paper and scanner is learned from the page itself: the ink of a pixel as a
polynomial of the print around it, which follows soft edges, thickened strokes and any tone alike. What remains is
summed, with its sign, over windows of the width of a stroke: an edge that lies half a pixel beside its place is dark on
one side and pale on the other and sums to nothing, while a stroke more or a stroke less does not.

Measured on the smallest type of our forms (6.5 pt), printed at 600 dpi with a printer's thickening and scanned at 200
and 300 dpi: a hundred cells as printed stay below 0.16 of the ink's contrast, ninety below 0.13; the least change of
one character (埋 for 理) is above 0.148, a changed figure above 0.2. At 150 dpi it is 0.18, 0.15 and 0.132.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

import cv2
import numpy as np
import numpy.typing as npt

from parsers.ocr.sidebyside import THREADS, side_by_side
from parsers.scan.units import Gray, Mask, PixelBox, mm

SOFTNESS = (0.6, 1.0, 1.6, 2.8)
"""Blurs of the print, in pixels, of which the ink is made up."""
REACH = 9
"""Pixels of the side of the square around print that its ink may reach."""
SAMPLES = 30_000
"""Pixels from which the print's look is learned."""
BAND = (0.3, 0.5)
"""The part of a page's height by which its drawing is chosen."""
ROUNDS = 3
"""Fits, each without the pixels that the one before could not explain: what was added or is gone."""
RIDGE = 1e-3
STROKE = 1.0
"""Standard deviation, in pixels, of the window over which differences are summed."""
BELIEVED, BELIEVED_COARSE = 0.135, 0.115
"""Part of the contrast below which all differences of a cell must stay for it to say what was printed; and the same
for a picture of less than :data:`FINE` dots an inch."""
FINE = 180.0
CHANGED, CHANGED_COARSE = 0.22, 0.32
"""Part of the contrast above which a cell is surely not as printed, where no seal explains it."""
CHANGED_STAMPED = 0.5
"""The same beside the ink of a seal, which leaves traces of its own."""
LEAST_CONTRAST = 0.25
"""Part of black by which ink must stand out from paper."""
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
class Difference:
    """What is on a page beyond its print.

    ``excess`` is, for each pixel, how much darker (or, below zero, paler) its surroundings are than printed, as a part
    of the ink's contrast; ``believed`` is what it may be in a cell that is as printed, ``changed`` what it never is.
    """

    excess: Floats
    near_red: Mask
    loose_red: Mask
    believed: float
    changed: float

    def judge(self, box: PixelBox) -> Verdict:
        """What the ink in a box says; ``box`` runs along the middle of its rules."""
        left, top, right, bottom = (max(0, edge) for edge in box)
        window = (slice(top + INSET, max(0, bottom - INSET)), slice(left + INSET, max(0, right - INSET)))
        excess = np.abs(self.excess[window])
        if not excess.size:
            return Verdict.UNCLEAR
        if float(excess.max()) <= self.believed:
            is_clean = np.count_nonzero(self.loose_red[window]) < LOOSE_RED * mm(1) ** 2
            return Verdict.AS_PRINTED if is_clean else Verdict.UNCLEAR
        limits = np.where(self.near_red[window] > 0, max(CHANGED_STAMPED, self.changed), self.changed)
        return Verdict.CHANGED if bool((excess > limits).any()) else Verdict.UNCLEAR

    def added(self) -> Gray:
        """What was added to the print, on white; the surroundings of a red seal left out."""
        dark = cv2.convertScaleAbs(np.maximum(self.excess, 0.0), alpha=255.0)
        dark[self.near_red > 0] = 0
        return np.asarray(cv2.bitwise_not(dark), np.uint8)


@dataclass(frozen=True, slots=True)
class _Look:
    """How one drawing of the print comes out on the page."""

    near: npt.NDArray[np.bool_]
    around: Sequence[Floats]
    weights: Floats
    misfit: float
    """Mean of what remains, as a part of black."""


def compare(gray: Gray, red: Mask, loose_red: Mask, prints: Sequence[Gray], dpi: float) -> Difference | None:
    """The difference of a registered page from its print; ``None`` when the page is too poor to tell.

    Args:
        gray: the page without its red layer, paper white, lying over the prints.
        red: its red ink.
        loose_red: the red that belongs to no seal.
        prints: the page as we printed it, as drawn by a printer or by a program; the likest is taken.
        dpi: how fine the picture was.
    """
    ink = _part_of_black(gray)
    best = _look(_likest(prints, ink), ink)
    if best is None:
        return None
    near, seen = best.near, ink[best.near]
    level = float(np.median(ink[~near][::7])) if not near.all() else 0.0
    contrast = float(np.percentile(seen[::7], 98)) - level
    if contrast < LEAST_CONTRAST:
        return None
    off = ink - level
    off[near] = seen - _expected(best.around, best.weights)
    excess = cv2.GaussianBlur(off, (0, 0), STROKE) / contrast
    reddish = cv2.dilate(red, np.ones((2 * NEAR_RED + 1, 2 * NEAR_RED + 1), np.uint8))
    limits = (BELIEVED, CHANGED) if dpi >= FINE else (BELIEVED_COARSE, CHANGED_COARSE)
    return Difference(np.asarray(excess, np.float32), np.asarray(reddish, np.uint8), loose_red, *limits)


def _likest(prints: Sequence[Gray], ink: Floats) -> Gray:
    """The drawing of the print that the page is most like, by a band across its middle."""
    high = ink.shape[0]
    band = slice(round(high * BAND[0]), round(high * BAND[1]))
    seen = side_by_side(lambda printed: _look(printed[band], ink[band], 1), prints)
    looks = [(look.misfit, printed) for look, printed in zip(seen, prints, strict=True) if look is not None]
    return min(looks, key=lambda item: item[0])[1] if looks else prints[0]


def _surroundings(printed: Gray, near: npt.NDArray[np.bool_], threads: int) -> list[Floats]:
    """The print at each pixel near print, sharp and at each softness; 1 is black."""
    ink, places = _part_of_black(printed), np.flatnonzero(near)

    def soft(blur: float) -> Floats:
        return np.asarray(cv2.GaussianBlur(ink, (0, 0), blur), np.float32).ravel()[places]

    return [ink.ravel()[places], *side_by_side(soft, SOFTNESS, threads)]


def _part_of_black(gray: Gray) -> Floats:
    """0 for white, 1 for black."""
    return np.asarray((255 - gray).astype(np.float32) / np.float32(255), np.float32)


def _terms(around: Sequence[Floats]) -> list[Floats]:
    """The terms of the polynomial."""
    sharp, crisp, soft, softer, wide = around
    squares = [sharp * sharp, crisp * crisp, soft * soft, crisp * soft, soft * softer, crisp * wide]
    return [*around, *squares, squares[1] * crisp, np.ones_like(sharp)]


def _look(printed: Gray, ink: Floats, threads: int = THREADS) -> _Look | None:
    """How a drawing of the print comes out; ``None`` for a page with hardly any print."""
    near = cv2.dilate(255 - printed, np.ones((REACH, REACH), np.uint8)) > 0
    around = _surroundings(printed, near, threads)
    seen = ink[near]
    step = max(1, seen.size // SAMPLES)
    terms = np.stack(_terms([one[::step] for one in around]), axis=1)
    values = seen[::step]
    if len(values) < 100 * terms.shape[1]:
        return None
    kept = np.ones(len(values), np.bool_)
    weights, off = np.zeros(terms.shape[1], np.float32), values
    for _ in range(ROUNDS):
        own = terms[kept]
        weights = np.linalg.solve(own.T @ own + RIDGE * np.eye(own.shape[1]), own.T @ values[kept])
        off = np.abs(values - terms @ weights)
        kept = off < 3 * float(np.median(off)) + 0.05
    misfit = float(np.mean(np.minimum(off, 0.5)))
    return _Look(near, around, np.asarray(weights, np.float32), misfit)


def _expected(around: Sequence[Floats], weights: Floats) -> Floats:
    """The ink that the print should have left."""
    expected = np.zeros_like(around[0])
    for term, weight in zip(_terms(around), weights, strict=True):
        expected += weight * term
    return expected
