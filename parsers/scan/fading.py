"""Lines that fade towards one end: glare, a dry ribbon or a cold roller, and what stood beyond may be gone unseen.

水电维护员 under a flash is 水电维护: all that can be seen is read surely, and the value is wrong. What tells is
that the last character is paler than the others of its line and far paler than those of the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

import numpy as np

from parsers.scan.readlines import ReadLine
from parsers.scan.spacing import is_hanzi
from parsers.scan.units import Gray

FADED_LIMIT = 0.5
"""No line is surer that fades at an end."""
PALE_ON_PAGE, PALE_IN_LINE = 0.56, 0.75
"""Parts of the darkness of a page's and of its own line's hanzi below which the one at an end is fading.

Over 4,000 lines of prints, photos and copies 2 in 1,000 have an end as pale as both; seeds 549 and 527.
"""
FEWEST = 3
"""Characters of a line of which the ends can be told from the others."""
DARKEST = 12
"""One in so many pixels of a character's square is its stroke at its darkest."""
HALF = 0.45
"""Line heights on both sides of a character's middle that are its square."""
THIN = frozenset("一二三十卜丫丶个")
"""Hanzi of few thin strokes, which are pale without fading."""


def with_fading_doubted(cells: Sequence[Sequence[ReadLine]]) -> list[list[ReadLine]]:
    """The lines of a page's cells, less sure where a line fades towards an end."""
    darks = [[_darkness(line) for line in lines] for lines in cells]
    page = [dark for lines in darks for line in lines for dark in line if dark is not None]
    if not page:
        return [list(lines) for lines in cells]
    usual = median(page)
    return [
        [line.limited(FADED_LIMIT) if _fades(dark, usual) else line for line, dark in zip(lines, of_lines, strict=True)]
        for lines, of_lines in zip(cells, darks, strict=True)
    ]


def _fades(darks: Sequence[float | None], usual: float) -> bool:
    """Whether the first or the last character is a hanzi that is pale beside those of its line and of the page."""
    seen = [dark for dark in darks if dark is not None]
    if len(darks) < FEWEST or len(seen) < FEWEST:
        return False
    own = median(seen)
    ends = [dark for dark in (darks[0], darks[-1]) if dark is not None]
    return any(dark < PALE_ON_PAGE * usual and dark < PALE_IN_LINE * own for dark in ends)


def _darkness(line: ReadLine) -> list[float | None]:
    """How dark the strokes of each character are, 0 to 255; ``None`` for what is no hanzi or has hardly any strokes."""
    crop = line.line.crop
    high, wide = crop.shape[:2]
    found: list[float | None] = []
    for glyph in line.reading.glyphs:
        middle = glyph.at * wide
        square = crop[:, max(0, int(middle - HALF * high)) : int(middle + HALF * high) + 1]
        is_seen = square.size > DARKEST and is_hanzi(glyph.text) and glyph.text not in THIN
        found.append(_strokes(square) if is_seen else None)
    return found


def _strokes(square: Gray) -> float:
    count = max(3, square.size // DARKEST)
    return 255.0 - float(np.mean(np.partition(square, count, axis=None)[:count]))
