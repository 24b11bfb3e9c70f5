"""Pages of black and white alone, as fax machines and some scanners send them: their steps are smoothed for reading.

A recogniser has learnt from pictures with grey edges. Only what it is given is smoothed: the page's own ink stays as
it came. Of fax lines at 150 dpi it reads one in ten more so than without.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np

from parsers.scan.readlines import ReadLine
from parsers.scan.units import Gray, Rgb

DARK, LIGHT = 40, 215
"""Grey between which a page of black and white has nothing."""
FEW = 0.02
"""As many grey pixels as this part of the dark ones there may be all the same."""

COARSE, DOUBT = 1.1, 8
"""Working pixels of a dot from which characters lose strokes, and the power that takes a probability to what it is
worth there: the recogniser is as sure of 调 for 训 as ever."""


def dot_size(picture: Rgb, page: Rgb) -> float:
    """How many pixels of the flat page a dot of the picture is, where that is black and white alone; else 0."""
    sample = picture[::5, ::3, 1]
    dark, grey = int(np.count_nonzero(sample <= DARK)), int(np.count_nonzero((sample > DARK) & (sample < LIGHT)))
    if not dark or grey > FEW * dark:
        return 0.0
    return float(max(page.shape[:2]) / max(picture.shape[:2]))


def smoothed(crops: Sequence[Gray], dot: float) -> list[Gray]:
    """Crops of such a page with grey edges; as they are where ``dot`` is 0."""
    if not dot:
        return list(crops)
    return [np.asarray(cv2.GaussianBlur(crop, (0, 0), dot), np.uint8) for crop in crops]


def less_sure(lines: Sequence[ReadLine], dot: float) -> list[ReadLine]:
    """Lines of a coarse page of black and white, as sure as such readings may be."""
    if dot < COARSE:
        return list(lines)
    return [replace(line, confidence=line.confidence**DOUBT, care=line.care * DOUBT) for line in lines]
