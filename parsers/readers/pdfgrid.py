"""Cells of a ruled table on a PDF page, and the lines of text in them.

A PDF knows no line breaks. Lines of one cell are joined without anything between where the next word had no room on
the line before; where it had, the break was meant and stays.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from forms.finding import Box
from parsers.document import Cell, Grid

UNREADABLE = "\ufffd"
"""Stands for a glyph whose character the file does not tell."""

_SNAP = 3.0
_GAP = 0.45
_WIDE_GAP = 1.4
_PADDING = 13.0
_CLOSING = frozenset("，。、；：？！）》」』】”’,.;:?!)]}%％")
_SAME_LINE = 0.5
_ON_TOP = 0.3
_OVER = 0.12
"""How far, in sizes of a character, its box may reach over a rule (descenders, tight rows)."""


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character of a page: its text and its box in points."""

    text: str
    left: float
    top: float
    right: float
    bottom: float

    @property
    def size(self) -> float:
        """The height of the character."""
        return self.bottom - self.top

    @property
    def middle(self) -> tuple[float, float]:
        """The centre of its box."""
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2


@dataclass(frozen=True, slots=True)
class Written:
    """One line of text and its box. ``blank_after`` says that a blank is written behind it."""

    text: str
    box: Box
    blank_after: bool = False


def grid_of(boxes: Sequence[Box], glyphs: Iterable[Glyph], number: int) -> tuple[Grid, set[Glyph]]:
    """The grid whose cells have these boxes, and the characters that stand in it."""
    xs = _steps(edge for box in boxes for edge in (box[0], box[2]))
    ys = _steps(edge for box in boxes for edge in (box[1], box[3]))
    spans: dict[tuple[int, int], tuple[int, int, int, int]] = {}
    places: list[tuple[int, int, int, int, Box]] = []
    for box in boxes:
        left, right = _nearest(xs, box[0]), _nearest(xs, box[2])
        top, bottom = _nearest(ys, box[1]), _nearest(ys, box[3])
        if right <= left or bottom <= top or (top, left) in spans:
            continue
        place = (top, left, bottom - top, right - left)
        places.append((*place, box))
        for row in range(top, bottom):
            for column in range(left, right):
                spans.setdefault((row, column), place)
    inside: dict[tuple[int, int], list[Glyph]] = {}
    taken: set[Glyph] = set()
    spilled: set[tuple[int, int]] = set()
    for glyph in glyphs:
        x, y = glyph.middle
        row, column = bisect_right(ys, y) - 1, bisect_right(xs, x) - 1
        span = spans.get((row, column))
        if span is not None:
            inside.setdefault((span[0], span[1]), []).append(glyph)
            taken.add(glyph)
        if not glyph.text.isspace():
            met = {spans.get(place) for place in _places(xs, ys, glyph)}
            if len(met) > 1:
                spilled.update(place[:2] for place in met if place is not None)
    spilled.update(place for place, own in inside.items() if _is_overwritten(own))
    for top, left, height, _ in [spans[place] for place in spilled]:
        spilled.update(spans[row, left][:2] for row in (top - 1, top + height) if (row, left) in spans)
    cells = tuple(_cell(inside.get(place[:2], ()), place, number, is_spilled=place[:2] in spilled) for place in places)
    outline = (xs[0], ys[0], xs[-1], ys[-1])
    return Grid(len(ys) - 1, len(xs) - 1, cells, outline), taken


def _is_overwritten(glyphs: Sequence[Glyph]) -> bool:
    """Whether characters stand on top of each other, as where texts of two cells run into one."""
    solid = sorted((one for one in glyphs if not one.text.isspace()), key=lambda one: one.left)
    for position, one in enumerate(solid):
        for other in solid[position + 1 :]:
            if other.left >= one.right - _ON_TOP * one.size:
                break
            if min(one.bottom, other.bottom) - max(one.top, other.top) > _ON_TOP * one.size:
                return True
    return False


def _places(xs: Sequence[float], ys: Sequence[float], glyph: Glyph) -> list[tuple[int, int]]:
    """Rows and columns that a character reaches into by more than its edge: one, unless it runs over a rule."""
    edge = _OVER * glyph.size
    left, right = bisect_right(xs, glyph.left + edge) - 1, bisect_right(xs, glyph.right - edge) - 1
    top, bottom = bisect_right(ys, glyph.top + edge) - 1, bisect_right(ys, glyph.bottom - edge) - 1
    if left >= right and top >= bottom:
        return []
    return [(row, column) for row in {top, bottom} for column in {left, right}]


def _cell(
    glyphs: Iterable[Glyph], place: tuple[int, int, int, int, Box], number: int, *, is_spilled: bool = False
) -> Cell:
    top, left, row_span, column_span, box = place
    text = cell_text(glyphs, box[2] - box[0])
    address = f"表{number} 第{top + 1}行 第{left + 1}列"
    notes = ("character-unreadable",) if UNREADABLE in text else ()
    if is_spilled:
        notes = (*notes, "over-border")
    return Cell(top, left, text, row_span, column_span, box=box, address=address, notes=notes)


def _steps(edges: Iterable[float]) -> list[float]:
    """Edges that are the same within the width of a ruled line, as one."""
    steps: list[float] = []
    for edge in sorted(edges):
        if not steps or edge - steps[-1] > _SNAP:
            steps.append(edge)
    return steps


def _nearest(steps: Sequence[float], edge: float) -> int:
    return min(range(len(steps)), key=lambda index: abs(steps[index] - edge))


def text_lines(glyphs: Iterable[Glyph]) -> list[Written]:
    """Characters as lines from top to bottom, with blanks where there are gaps."""
    lines: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=lambda one: (one.middle[1], one.left)):
        if lines and abs(glyph.middle[1] - lines[-1][-1].middle[1]) <= _SAME_LINE * max(glyph.size, lines[-1][-1].size):
            lines[-1].append(glyph)
        else:
            lines.append([glyph])
    return [written for written in map(_line, lines) if written.text.strip()]


def _line(glyphs: list[Glyph]) -> Written:
    glyphs.sort(key=lambda one: one.left)
    text = glyphs[0].text
    for before, after in pairwise(glyphs):
        gap = (after.left - before.right) / max(before.size, after.size, 1.0)
        if gap > _GAP and not (before.text.isspace() or after.text.isspace()):
            text += "    " if gap > _WIDE_GAP else " "
        text += after.text
    solid = [one for one in glyphs if not one.text.isspace()] or glyphs
    box = (solid[0].left, min(one.top for one in solid), solid[-1].right, max(one.bottom for one in solid))
    return Written(text.strip(), box, blank_after=text[-1:] == " ")


def cell_text(glyphs: Iterable[Glyph], width: float) -> str:
    """The text of a cell ``width`` points wide."""
    lines = text_lines(glyphs)
    if not lines:
        return ""
    text = lines[0].text
    for before, after in pairwise(lines):
        text += _joint(before, after, width) + after.text
    return text


def _joint(before: Written, after: Written, width: float) -> str:
    """What stands between two lines: nothing or a blank where the line was full, else a line break."""
    used = before.box[2] - before.box[0]
    per_character = (after.box[2] - after.box[0]) / max(len(after.text), 1)
    if used + _first_word(after.text) * per_character <= width - _PADDING:
        return "\n"
    if before.blank_after:
        return " "
    last, first = before.text[-1], after.text[0]
    return " " if last.isascii() and first.isascii() and last.isalpha() and first.isalpha() else ""


def _first_word(text: str) -> int:
    """How many characters must stay together at the start of a line."""
    length = 1
    if text[0].isascii() and text[0].isalnum():
        while length < len(text) and text[length].isascii() and (text[length].isalnum() or text[length] in "-./"):
            length += 1
    while length < len(text) and text[length] in _CLOSING:
        length += 1
    return length
