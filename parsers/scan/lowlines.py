"""Lines too low or too high for what was read in them.

Half of a character is read as another (the foot of 员 as 贝), or is passed over below the line that it runs into.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from parsers.scan.readlines import ReadLine
from parsers.scan.spacing import is_hanzi

LOW = 0.78
"""Part of the highest line's height below which a line holds no whole character."""
HIGH, HIGH_WITH_MARKS = 1.2, 1.35
"""Times as high as its hanzi are apart is a line at least that holds a part of another line: hanzi are square.

The second is for lines with brackets, commas and figures. Of 1,030 lines of prints, scans, copies and photos of
nothing but hanzi (seed 485) one was as high by itself.
"""
FEWEST_STEPS = 2
"""Pairs of neighbouring hanzi that tell how far they are apart."""
FEW = 2
"""Characters up to which a line is judged: in a longer one some character is always high."""
SURE_BY_HAND = 0.98
"""How surely a low line must have been read in a hand to be of whole characters."""
NATURALLY_LOW = frozenset("一二三四六工土士上下口日曰心小八人入凸凹山皿血西回田由甲申已己巳十大丁卜〇")
"""Characters that do not fill their square from top to bottom."""


def has_low_line(lines: Sequence[ReadLine]) -> bool:
    """Whether some line of a cell is too low for its characters beside the cell's highest line.

    No two characters of a hand are of one height: what was surely read there is whole.
    """
    heights = [line.line.box[3] - line.line.box[1] for line in lines]
    highest = max(heights, default=0)
    return any(
        height < LOW * highest
        and _is_of_whole_characters(line.text)
        and not (line.by_hand and (line.reading.confidence or 0.0) >= SURE_BY_HAND)
        for height, line in zip(heights, lines, strict=True)
    )


def has_high_line(lines: Sequence[ReadLine]) -> bool:
    """Whether some printed line of a cell is too high for its characters, and so holds what was not read."""
    return any(not line.by_hand and (height_in_steps(line) or 0.0) >= _high(line.reading.text) for line in lines)


def _high(text: str) -> float:
    return HIGH if all(map(is_hanzi, text)) else HIGH_WITH_MARKS


def height_in_steps(line: ReadLine) -> float | None:
    """How many times as high as its hanzi are apart a line is; ``None`` where too few tell."""
    glyphs = line.reading.glyphs
    steps = [
        line.line.page_x(behind.at) - line.line.page_x(before.at)
        for before, behind in pairwise(glyphs)
        if is_hanzi(before.text) and is_hanzi(behind.text)
    ]
    if len(line.line.pieces) != 1 or len(steps) < FEWEST_STEPS:
        return None
    return (line.line.box[3] - line.line.box[1]) / max(1.0, float(median(steps)))


def _is_of_whole_characters(text: str) -> bool:
    hanzi = [character for character in text if "\u3400" <= character <= "\u9fff"]
    return 0 < len(hanzi) == len(text) <= FEW and not NATURALLY_LOW.issuperset(hanzi)
