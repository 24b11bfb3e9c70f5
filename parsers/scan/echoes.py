"""Words that were read unsurely and stand surely read in another line of the same page.

Rows of one unit repeat its name, its posts and its reasons. What was read in a line is never changed for it: a line is
only surer when the very same words were surely read elsewhere, and no others that are all but the same.

Counted on faxes of seeds 530 to 535 and on a hand (long-cang, 530 to 532), of lines of four characters and more in
words: 61 that were read at 0.5 to 0.9 and 114 at 0.9 to 0.98 stood elsewhere at 0.98; none of them was wrong.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from parsers.scan.readlines import ReadLine
from parsers.scan.units import PixelBox
from parsers.scan.witnessing import WITNESSED

KINDS = frozenset({"text", "unit", "coded", "yes_no"})
"""Types that are written in words; names and figures are a person's own."""
ECHOED_FROM, SURELY_FROM, NEARLY_FROM = 0.5, 0.98, 0.8
"""How surely a line must have been read itself, how surely elsewhere, and others from which on they count as read."""
FEWEST = 4
"""Characters of the shortest words that are no chance."""
CLEAR = 0.95
"""A numeral less sure than this may be another: of 第一 and 第二 the one does not speak for the other."""
NUMERALS = frozenset("0123456789〇○零一二三四五六七八九十甲乙丙丁东南西北上中下")


class Echoes:
    """The lines of a document's pages, by what was read in them."""

    def __init__(self) -> None:
        self._by_length: dict[tuple[int, int], dict[str, list[tuple[PixelBox, float]]]] = defaultdict(dict)

    def add(self, page: int, lines: Iterable[ReadLine]) -> None:
        """Take in the lines of a cell."""
        for line in lines:
            text = line.reading.text
            if len(text) >= FEWEST and not line.is_capped and line.limit == 1:
                known = self._by_length[page, len(text)].setdefault(text, [])
                known.append((line.line.box, line.reading.confidence or 0.0))

    def raised(self, page: int, kind: str, lines: Sequence[ReadLine]) -> list[ReadLine]:
        """Lines of a cell of a type, those surer that another line of the page says as well."""
        if kind not in KINDS:
            return list(lines)
        return [
            replace(line, confidence=WITNESSED) if line.confidence < WITNESSED and self._is_echoed(page, line) else line
            for line in lines
        ]

    def _is_echoed(self, page: int, line: ReadLine) -> bool:
        text = line.reading.text
        is_open = any(glyph.probability < CLEAR and glyph.text in NUMERALS for glyph in line.reading.glyphs)
        if is_open or line.is_capped or line.limit < 1 or (line.reading.confidence or 0.0) < ECHOED_FROM:
            return False
        read = self._by_length[page, len(text)]
        if not any(place != line.line.box and sure >= SURELY_FROM for place, sure in read.get(text, ())):
            return False
        return not any(
            _is_nearly(text, other) and any(sure >= NEARLY_FROM for _, sure in places) for other, places in read.items()
        )


def _is_nearly(text: str, other: str) -> bool:
    """Whether two texts of one length differ in one character."""
    return sum(mark != its for mark, its in zip(text, other, strict=True)) == 1
