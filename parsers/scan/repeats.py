"""Crops that look the same, so that each is read once: a column of 男 and 女, a unit that stands in every row.

Two crops are laid over each other and their difference is summed, with its sign, over windows of the width of a stroke,
as :mod:`parsers.scan.difference` does. Measured on our forms at 200 dpi, half of the crops with one text stay below
0.002 of their contrast and 99 of 100 below 0.14; of 4,302 pairs of characters that are taken for each other
(茶 and 荼, 戌 and 戍, 3 and 8), drawn 18 to 36 pixels high in ten typefaces, none is below 0.127, and none below 0.117
where both are blurred as far as :data:`SHARP` allows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from parsers.scan.units import Gray

ALIKE = 0.09
"""Part of the contrast below which every difference must stay."""
SHARP = 0.15
"""Part of the contrast by which strokes stand out from their own blur; of softer crops a difference says too little."""
STROKE = 1.0
"""Standard deviation, in pixels, of the window over which differences are summed."""
BANDS, BANDS_ALIKE = (8, 2), 0.06
"""Columns and rows of parts of a crop, and the part of the contrast by which the mean greys of two may differ in any.

Of 268 pairs of crops with one text none differed by 0.035, of 4,452 others 19 of 20 by more than 0.06.
"""
SHIFT = 2
"""Pixels by which two crops of one text may be cut differently, each way."""
LOWEST = 18
"""Pixels of height below which characters are too small to be told apart so."""
LEAST_CONTRAST = 60.0
"""Grey levels between paper and the darkest stroke."""


def first_alike(crops: Sequence[Gray]) -> list[int]:
    """For each crop the place of the first that looks the same; its own where there is none before it."""
    looks = [_Look.of(crop) for crop in crops]
    firsts: list[int] = []
    seen: dict[tuple[int, int], list[int]] = defaultdict(list)
    for place, crop in enumerate(crops):
        high, wide = crop.shape
        near = [
            other
            for down in (-1, 0, 1)
            for right in range(-SHIFT, SHIFT + 1)
            for other in seen[high + down, wide + right]
        ]
        found = place
        if _may_repeat(looks[place]):
            found = next((other for other in near if _is_alike(looks[place], looks[other])), place)
        if found == place:
            seen[high, wide].append(place)
        firsts.append(found)
    return firsts


@dataclass(frozen=True, slots=True)
class _Look:
    """A crop, the mean greys of its parts and its contrast, which are asked for again and again."""

    crop: Gray
    bands: npt.NDArray[np.float32]
    contrast: float

    @classmethod
    def of(cls, crop: Gray) -> _Look:
        if not crop.size:
            return cls(crop, np.zeros(BANDS[::-1], np.float32), 0.0)
        bands = cv2.resize(crop.astype(np.float32), BANDS, interpolation=cv2.INTER_AREA)
        return cls(crop, np.asarray(bands, np.float32), float(crop.max()) - float(crop.min()))


def _may_repeat(look: _Look) -> bool:
    """Whether a crop is high, dark and sharp enough for its strokes to be compared."""
    if look.crop.shape[0] < LOWEST or look.crop.shape[1] <= 2 * SHIFT or look.contrast < LEAST_CONTRAST:
        return False
    values = look.crop.astype(np.float32)
    edges = np.abs(values - cv2.GaussianBlur(values, (0, 0), STROKE))
    return float(edges.max()) >= SHARP * look.contrast


def _is_alike(look: _Look, beside: _Look) -> bool:
    """Whether two crops, neither much larger than the other, show the same strokes."""
    if float(np.abs(look.bands - beside.bands).max()) > BANDS_ALIKE * look.contrast:
        return False
    crop, other = look.crop, beside.crop
    high, wide = max(crop.shape[0], other.shape[0]), max(crop.shape[1], other.shape[1])
    window, around = _framed(crop, high, wide, 0), _framed(other, high, wide, SHIFT)
    _, _, (left, top), _ = cv2.minMaxLoc(cv2.matchTemplate(around, window, cv2.TM_SQDIFF))
    laid = around[top : top + high, left : left + wide]
    off = cv2.GaussianBlur(window.astype(np.float32) - laid, (0, 0), STROKE)
    return float(np.abs(off).max()) <= ALIKE * min(look.contrast, beside.contrast)


def _framed(crop: Gray, high: int, wide: int, margin: int) -> Gray:
    """A crop on its own paper: made as large as said, and a margin around it."""
    paper = float(crop.max())
    down, right = high - crop.shape[0], wide - crop.shape[1]
    return np.asarray(
        cv2.copyMakeBorder(crop, margin, margin + down, margin, margin + right, cv2.BORDER_CONSTANT, value=paper),
        np.uint8,
    )
