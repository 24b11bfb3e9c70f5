"""Pages of black and white alone, as fax machines and some scanners send them: their steps are smoothed for reading.

A recogniser has learnt from pictures with grey edges. Only what it is given is smoothed: the page's own ink stays as
it came. Of fax lines at 150 dpi it reads one in ten more so than without.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import prod

import cv2
import numpy as np

from parsers.ocr.lattice import Glyph
from parsers.scan.bracketpairs import PAIRED
from parsers.scan.brackets import MEASURED
from parsers.scan.readlines import OF_BOXES, ReadLine
from parsers.scan.ticks import BOX_GLYPHS
from parsers.scan.units import Gray, Rgb

DARK, LIGHT = 40, 215
"""Grey between which a page of black and white has nothing."""
FEW = 0.02
"""As many grey pixels as this part of the dark ones there may be all the same."""

COARSE, DOUBT = 1.1, 8
"""Working pixels of a dot from which characters lose strokes, and the power that takes a probability to what it is
worth there: the recogniser is as sure of 调 for 训 as ever."""
SOFT, SOFT_DOUBT = 1.2, 3
"""The same for a page in grey or colour: made so much larger (from below 170 dpi) its small characters are soft."""
DOUBT_OF = {"unit": 3, "coded": 1, "text": 3, "yes_no": 3, "day": 3, "month": 3}
"""The power for types whose values are words or days, among which a misread one hardly is.

Counted on faxes of seeds 530 to 532, by how surely the least sure line of a value was read: of 122 units from 0.7 on
none was wrong, of 310 words of lists from 0.85 and of 122 other texts from 0.9 one each, neither of them a word
(普通离中, 包驶员). Of 63 names from 0.96 on two were wrong, at 0.995 and 0.993. A unit is no word of a list, and on a
paler fax one was read with a wrong character at 0.958: units are taken as other texts.
"""
FREE = frozenset({"text", "yes_no"})
"""Types of free text."""
ALIKE = frozenset("人入八土士未末己已巳千干天夫")
"""Characters that differ by less than a dot may hide: 入 was read as 人 at 0.986 (seed 550)."""


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


def less_sure(lines: Sequence[ReadLine], dot: float, scale: float = 1.0) -> list[ReadLine]:
    """Lines of a page, which know its ``dot``; those of a coarse one are as sure as such readings may be.

    ``scale``: how many pixels of the flat page one of the picture is.
    """
    if not dot and scale >= SOFT:
        return [replace(line, confidence=line.confidence**SOFT_DOUBT, care=line.care * SOFT_DOUBT) for line in lines]
    if dot < COARSE:
        return [replace(line, dot=dot) for line in lines] if dot else list(lines)
    return [
        replace(line, confidence=_worth(line, line.confidence, DOUBT), care=line.care * DOUBT, dot=dot)
        for line in lines
    ]


def is_coarse(line: ReadLine) -> bool:
    """Whether a line stands on a page whose dots are so large that characters lose strokes."""
    return line.dot >= COARSE


def as_sure_as(kind: str, lines: Sequence[ReadLine]) -> list[ReadLine]:
    """Lines of a coarse page as sure as readings of a field type are there: a wrong one of them is rarely a value."""
    return [
        _recast(line, line.care // DOUBT * _power(kind, line)) if is_coarse(line) and not line.is_capped else line
        for line in lines
    ]


def _power(kind: str, line: ReadLine) -> int:
    """The power for a line of a type; words do not tell 录人员 from 录入员 where the type is any text."""
    if kind in FREE and not ALIKE.isdisjoint(line.reading.text):
        return DOUBT
    return DOUBT_OF.get(kind, DOUBT)


def _recast(line: ReadLine, power: int) -> ReadLine:
    sure = min(line.limit, _worth(line, line.reading.confidence or 0.0, power))
    return replace(line, confidence=sure, care=power)


def _worth(line: ReadLine, sure: float, power: int) -> float:
    """What a line read so surely is worth there; what was measured, brackets and boxes, is as sure as elsewhere."""
    glyphs = line.reading.glyphs
    limits = [glyph.probability for glyph in glyphs if _is_measured(glyph)] + [OF_BOXES] * len(line.boxes)
    if not limits or sure < min(limits):
        return sure**power
    read = (glyph for glyph in glyphs if not _is_measured(glyph) and glyph.text not in BOX_GLYPHS)
    return float(min(*limits, 1.0, prod(glyph.probability for glyph in read) ** power))


def _is_measured(glyph: Glyph) -> bool:
    return glyph.probability in (MEASURED, PAIRED) and not glyph.text.isalnum()
