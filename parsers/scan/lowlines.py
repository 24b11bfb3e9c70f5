"""Lines too low for what was read in them: half of a character is read as another (the foot of 员 as 贝)."""

from __future__ import annotations

from collections.abc import Sequence

from parsers.scan.readlines import ReadLine

LOW = 0.78
"""Part of the highest line's height below which a line holds no whole character."""
FEW = 2
"""Characters up to which a line is judged: in a longer one some character is always high."""
NATURALLY_LOW = frozenset("一二三四六工土士上下口日曰心小八人入凸凹山皿血西回田由甲申已己巳十大丁卜〇")
"""Characters that do not fill their square from top to bottom."""


def has_low_line(lines: Sequence[ReadLine]) -> bool:
    """Whether some line of a cell is too low for its characters beside the cell's highest line."""
    heights = [line.line.box[3] - line.line.box[1] for line in lines]
    highest = max(heights, default=0)
    return any(
        height < LOW * highest and _is_of_whole_characters(line.text)
        for height, line in zip(heights, lines, strict=True)
    )


def _is_of_whole_characters(text: str) -> bool:
    hanzi = [character for character in text if "\u3400" <= character <= "\u9fff"]
    return 0 < len(hanzi) == len(text) <= FEW and not NATURALLY_LOW.issuperset(hanzi)
