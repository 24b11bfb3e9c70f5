"""Will a text fit into its cell, and at what size? Answered from the template's own measures, without a renderer.

Widths are estimated on the wide side (fallback fonts differ from office to office): a full-width character is one em,
others a little more than half. A text that does not fit is set smaller in steps of half a point; when the smallest
size is not enough, the cell shows its beginning and says on which numbered 续页 the whole text stands.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from parsers.continuation import marker
from writers.tags import Piece, Tag

SMALLEST = 8.0
"""The smallest size in points that is still read with ease on a printed form."""

STEP = 0.5
SHRUNK, CONTINUED = "text-shrunk", "text-continued"
"""Finding codes of a text set smaller, and of one whose whole stands on a 续页."""

_PRIVATE = "\ue000"
_NATURAL = 1.3
"""Line height of the fonts in use, in em, where the template sets no exact one."""

TextOf = Callable[[Tag], str]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of a cell: pieces with their sizes in points. ``line`` is an exact line height in points."""

    pieces: tuple[tuple[Piece, float], ...]
    line: float | None = None
    factor: float = 1.0
    around: float = 0.0
    """Space before and after in points."""


@dataclass(frozen=True, slots=True)
class CellPlan:
    """What a cell offers (inner width and height in points) and what stands in it."""

    width: float
    height: float
    paragraphs: tuple[Paragraph, ...]

    @property
    def tags(self) -> tuple[Tag, ...]:
        """The tags of the cell in order."""
        return tuple(piece for part in self.paragraphs for piece, _ in part.pieces if isinstance(piece, Tag))

    def size_of(self, tag: Tag) -> float:
        """The size the template gives to a tag."""
        return next(size for part in self.paragraphs for piece, size in part.pieces if piece == tag)


@dataclass(frozen=True, slots=True)
class Fit:
    """How a cell's texts are to be printed: smaller sizes and shortened texts, by tag; empty when all fits."""

    sizes: Mapping[Tag, float] = field(default_factory=dict)
    shortened: Mapping[Tag, str] = field(default_factory=dict)


FITS = Fit()


@lru_cache(maxsize=16384)
def em(char: str) -> float:
    """The width of a character in em, on the wide side."""
    if unicodedata.east_asian_width(char) in "WFA" or char >= _PRIVATE:
        return 1.0
    if unicodedata.combining(char):
        return 0.0
    return 0.75 if char.isupper() or char in "@%&mw" else 0.56


def lines_of(text: str, size: float, width: float) -> int:
    """How many lines ``text`` takes at ``size`` points within ``width`` points; at least one."""
    room = max(width / size - 0.2, 1.0)
    count = 0
    for line in text.split("\n"):
        count += 1
        used = 0.0
        for char in line:
            wide = em(char)
            used += wide
            if used > room:
                count += 1
                used = wide
    return count


def height_of(plan: CellPlan, text_of: TextOf, sizes: Mapping[Tag, float]) -> float:
    """The height in points that the cell needs with these texts and sizes."""
    total = 0.0
    for part in plan.paragraphs:
        largest = 0.0
        text = ""
        ems: float = 0.0
        for piece, size in part.pieces:
            shown = sizes.get(piece, size) if isinstance(piece, Tag) else size
            largest = max(largest, shown)
            words = text_of(piece) if isinstance(piece, Tag) else piece
            text += words
            ems = max(ems, shown if words.strip() else 0.0)
        size = ems or largest or 10.5
        line = part.line if part.line is not None else size * _NATURAL * part.factor
        total += lines_of(text, size, plan.width) * line + part.around
    return total


def fit(plan: CellPlan, text_of: TextOf, *, number: int, smallest: float = SMALLEST) -> Fit:
    """How the texts of a cell are to be printed. ``number`` is that of the 续页 entry, should one be needed."""
    if height_of(plan, text_of, {}) <= plan.height:
        return FITS
    longest = max(plan.tags, key=lambda tag: len(text_of(tag)), default=None)
    if longest is None or not text_of(longest):
        return FITS
    size = plan.size_of(longest)
    while size > smallest:
        size = max(size - STEP, smallest)
        if height_of(plan, text_of, {longest: size}) <= plan.height:
            return Fit({longest: size})
    return Fit({longest: size}, {longest: _shortened(plan, text_of, longest, size, number)})


def _shortened(plan: CellPlan, text_of: TextOf, tag: Tag, size: float, number: int) -> str:
    """The longest beginning of the text that fits together with the words that point to the 续页."""
    whole = text_of(tag)

    def fits(length: int) -> bool:
        def shown(other: Tag) -> str:
            return whole[:length] + marker(number) if other == tag else text_of(other)

        return height_of(plan, shown, {tag: size}) <= plan.height

    low, high = 0, len(whole)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(middle) else (low, middle - 1)
    return whole[:low].rstrip("\n\t ") + marker(number)
