"""Pieces of writing on a page, laid straight and put together to levels: runs of characters, and lines of runs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from forms.finding import Box

SAME_LEVEL = 0.42
"""Characters by which the middles of two pieces on one level may differ."""
OVERLAP = 0.22
"""Characters by which lines reach into each other that belong to cells side by side."""
ABOVE = 0.34
"""Part of the pieces of such a line that may stand above or below one of the other."""
FARTHEST = 25.0
"""Characters between two pieces that still say together how a line leans."""
FEWEST_IN_LINE, SHORTEST = 3, 18.0
"""Pieces of a line, and its length in characters, from which it says how the page leans."""
MOST_LEAN = 0.03
"""No page leans more after it was laid straight."""
ONE_CHARACTER = (0.62, 1.35)
"""Width, in characters, of a piece that is one Chinese character."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A drawn rule: where it lies across, and from where to where it runs, on the page as laid straight."""

    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of characters that stand together: its box as laid straight, and its number among those of the page."""

    left: float
    top: float
    right: float
    bottom: float
    numbers: tuple[int, ...]

    def is_part(self, others: Iterable[Piece]) -> bool:
        """Whether it is one of some pieces, or was joined to one."""
        return any(set(self.numbers) <= set(one.numbers) for one in others)

    @property
    def middle(self) -> float:
        """Its middle from the top."""
        return (self.top + self.bottom) / 2

    @property
    def width(self) -> float:
        """From its left to its right edge."""
        return self.right - self.left


@dataclass(frozen=True, slots=True)
class Level:
    """Pieces side by side, from left to right."""

    pieces: tuple[Piece, ...]

    @property
    def middle(self) -> float:
        """Its middle from the top."""
        return (self.top + self.bottom) / 2

    @property
    def top(self) -> float:
        """The upper edge of its highest piece."""
        return min(piece.top for piece in self.pieces)

    @property
    def bottom(self) -> float:
        """The lower edge of its lowest piece."""
        return max(piece.bottom for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class Lean:
    """How a page leans: what it goes down for each step to the right."""

    slope: float = 0.0

    def straight(self, box: Box, number: int) -> Piece:
        """A box of the page as a piece on the page laid straight."""
        left, top, right, bottom = box
        right_by = self.slope * (top + bottom) / 2
        down = -self.slope * (left + right) / 2
        return Piece(left + right_by, top + down, right + right_by, bottom + down, (number,))

    def leaning(self, box: Box) -> Box:
        """The inverse for a box."""
        left, top, right, bottom = box
        down, right_by = self.slope * (left + right) / 2, -self.slope * (top + bottom) / 2
        return left + right_by, top + down, right + right_by, bottom + down


def lean_of(boxes: Sequence[Box], size: float) -> Lean:
    """How the lines of a page lean; ``size`` is the height of a character."""
    slopes = []
    free = sorted(boxes)
    while free:
        line = [free.pop(0)]
        while (after := _next(line[-1], free, size)) is not None:
            line.append(after)
            free.remove(after)
        wide = line[-1][0] - line[0][0]
        if len(line) >= FEWEST_IN_LINE and wide >= SHORTEST * size:
            slopes.append(_slope(line))
    found = median(slopes) if len(slopes) >= FEWEST_IN_LINE else 0.0
    return Lean(found if abs(found) <= MOST_LEAN else 0.0)


def _next(box: Box, free: Iterable[Box], size: float) -> Box | None:
    """The piece that follows in the same line."""
    beside = [
        other
        for other in free
        if -size < other[0] - box[2] < FARTHEST * size
        and min(box[3], other[3]) - max(box[1], other[1]) > 0.5 * min(box[3] - box[1], other[3] - other[1])
    ]
    return min(beside, key=lambda other: other[0], default=None)


def _slope(line: Sequence[Box]) -> float:
    xs = [(box[0] + box[2]) / 2 for box in line]
    ys = [(box[1] + box[3]) / 2 for box in line]
    x, y = sum(xs) / len(xs), sum(ys) / len(ys)
    square = sum((one - x) ** 2 for one in xs)
    return sum((one - x) * (other - y) for one, other in zip(xs, ys, strict=True)) / square if square else 0.0


def levels_of(pieces: Iterable[Piece], size: float) -> list[Level]:
    """The levels from top to bottom.

    What stands half a line higher or lower in its cell, as where a text takes two lines and the one beside it one, is
    on the same level: rows of their own do not reach into each other.
    """
    made: list[Level] = []
    for level in _lines(pieces, size):
        reach = min(made[-1].bottom, level.bottom) - max(made[-1].top, level.top) if made else 0.0
        if reach > OVERLAP * size and _are_beside(made[-1], level, size):
            made[-1] = Level(tuple(sorted((*made[-1].pieces, *level.pieces), key=lambda piece: piece.left)))
        else:
            made.append(level)
    return made


def _are_beside(level: Level, other: Level, size: float) -> bool:
    """Whether the pieces of two lines stand beside each other, but for a few: two rows have theirs above each other."""
    few, many = sorted((level.pieces, other.pieces), key=len)
    above = sum(any(_reach_over(one, piece, size) for one in many) for piece in few)
    return above <= ABOVE * len(few)


def _reach_over(piece: Piece, other: Piece, size: float) -> bool:
    """Whether two pieces of different lines stand above each other and reach into each other, as no cell's lines do."""
    across = min(piece.right, other.right) - max(piece.left, other.left)
    down = min(piece.bottom, other.bottom) - max(piece.top, other.top)
    return across > size / 2 and down > 0


def _lines(pieces: Iterable[Piece], size: float) -> list[Level]:
    """Pieces in one line each."""
    groups: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda piece: piece.middle):
        if groups and piece.middle - sum(one.middle for one in groups[-1]) / len(groups[-1]) <= SAME_LEVEL * size:
            groups[-1].append(piece)
        else:
            groups.append([piece])
    return [Level(tuple(sorted(group, key=lambda piece: piece.left))) for group in groups]


def closed_up(level: Level, size: float, widest: float) -> Level:
    """The level with characters set apart (姓  名) as one piece; ``widest`` is the gap between them, in characters."""
    made: list[Piece] = []
    for piece in level.pieces:
        if made and _is_character(piece, size) and _ends_in_character(made[-1], size):
            gap = piece.left - made[-1].right
            if gap <= widest * size:
                made[-1] = joined(made[-1], piece)
                continue
        made.append(piece)
    return Level(tuple(made))


def joined(piece: Piece, other: Piece) -> Piece:
    """Two pieces as one."""
    return Piece(
        min(piece.left, other.left),
        min(piece.top, other.top),
        max(piece.right, other.right),
        max(piece.bottom, other.bottom),
        (*piece.numbers, *other.numbers),
    )


def _is_character(piece: Piece, size: float) -> bool:
    return ONE_CHARACTER[0] * size <= piece.width <= ONE_CHARACTER[1] * size


def _ends_in_character(piece: Piece, size: float) -> bool:
    """Whether a piece is one character, or several that were set apart already."""
    return _is_character(piece, size) or len(piece.numbers) > 1
