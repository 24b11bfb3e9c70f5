"""Text and paths of an OFD page as characters and ruled lines with places."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from lxml import etree

from forms.finding import Box
from parsers.errors import DamagedFileError, TooComplexError
from parsers.readers.pdfgrid import UNREADABLE, Glyph

Rule = Box
"""A line that runs level or upright; its box has next to no height or width."""
ASCENT, DESCENT = 0.88, 0.12
"""Shares of the type size above and below the base line."""
THIN = 2.0
"""Points: a filled box no thicker than this is a line."""
MOST_DELTAS = 100_000
NARROW = 0xFF
PRIVATE = range(0xE000, 0xF900)
STAND_IN = "\N{CURRENCY SIGN}"
"""What writers put for a glyph that has no character."""
COMMAND = re.compile(r"([A-Za-z])([^A-Za-z]*)")
OPERANDS = {"M": 2, "S": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0}


@dataclass(frozen=True, slots=True)
class Matrix:
    """``x' = a·x + c·y + e``, ``y' = b·x + d·y + f``."""

    a: float
    b: float
    c: float
    d: float
    e: float
    f: float

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Where a point comes to lie."""
        return self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f

    def box(self, box: Box) -> Box:
        """The box around where a box comes to lie."""
        corners = [self.point(x, y) for x in (box[0], box[2]) for y in (box[1], box[3])]
        xs, ys = [x for x, _ in corners], [y for _, y in corners]
        return (min(xs), min(ys), max(xs), max(ys))

    def after(self, first: Matrix) -> Matrix:
        """What comes of doing ``first`` and then this."""
        a, b = self.a * first.a + self.c * first.b, self.b * first.a + self.d * first.b
        c, d = self.a * first.c + self.c * first.d, self.b * first.c + self.d * first.d
        return Matrix(a, b, c, d, *self.point(first.e, first.f))


class GlyphsRead(NamedTuple):
    """The characters of a text object, and how many more run down (or, below zero, up) the page than level."""

    glyphs: list[Glyph]
    turned: int


def numbers(text: str, count: int | None = None) -> list[float]:
    """The numbers in an attribute, ``count`` of them if given.

    Raises:
        DamagedFileError: if they are not numbers, or not so many.
    """
    try:
        found = [float(word) for word in text.split()]
    except ValueError as error:
        raise DamagedFileError from error
    if (count is not None and len(found) != count) or not all(map(math.isfinite, found)):
        raise DamagedFileError
    return found


def glyphs_of(element: etree._Element, to_page: Matrix) -> GlyphsRead:
    """The characters of a ``TextObject``, each where it stands on the page."""
    matrix = object_matrix(element, to_page)
    size = numbers(element.get("Size", "0"), 1)[0]
    glyphs: list[Glyph] = []
    for code in element:
        if isinstance(code.tag, str) and etree.QName(code).localname == "TextCode" and code.text:
            places = _places(code, size)
            glyphs += [Glyph(_readable(text), *matrix.box(box)) for text, box in places if text.strip()]
    is_level = abs(matrix.a) >= abs(matrix.b)
    return GlyphsRead(glyphs, 0 if is_level else len(glyphs) if matrix.b > 0 else -len(glyphs))


def rules_of(element: etree._Element, to_page: Matrix) -> list[Rule]:
    """The level and upright lines of a ``PathObject``: its sides, or all of it where it is as thin as a line."""
    matrix = object_matrix(element, to_page)
    rules: list[Rule] = []
    for child in element:
        if not isinstance(child.tag, str) or etree.QName(child).localname != "AbbreviatedData":
            continue
        for figure in _figures(child.text or ""):
            points = [matrix.point(x, y) for x, y in figure]
            xs, ys = [x for x, _ in points], [y for _, y in points]
            outline = (min(xs), min(ys), max(xs), max(ys))
            if min(outline[2] - outline[0], outline[3] - outline[1]) <= THIN:
                rules.append(outline)
            else:
                rules += [_side(first, second) for first, second in pairwise(points) if _is_straight(first, second)]
    return rules


def object_matrix(element: etree._Element, to_page: Matrix) -> Matrix:
    """How what is inside an object comes to lie on the page."""
    left, top, _, _ = numbers(element.get("Boundary", ""), 4)
    placed = to_page.after(Matrix(1.0, 0.0, 0.0, 1.0, left, top))
    own = element.get("CTM")
    return placed.after(Matrix(*numbers(own, 6))) if own else placed


def _places(code: etree._Element, size: float) -> Iterator[tuple[str, Box]]:
    """Each character and its box in the units of its object."""
    text = code.text or ""
    x, y = numbers(code.get("X", "0"), 1)[0], numbers(code.get("Y", "0"), 1)[0]
    across, down = _deltas(code.get("DeltaX", "")), _deltas(code.get("DeltaY", ""))
    for number, character in enumerate(text):
        natural = size if ord(character) > NARROW else size / 2
        width = _nth(across, number)
        shown = natural if width is None or width <= 0 else min(natural, width)
        yield character, (x, y - ASCENT * size, x + shown, y + DESCENT * size)
        fall = _nth(down, number)
        x += width if width is not None else 0.0 if fall is not None else natural
        y += fall or 0.0


def _deltas(text: str) -> list[float]:
    """Distances between characters; ``g 3 2.5`` stands for three times 2.5."""
    words, deltas = text.split(), []
    at = 0
    while at < len(words):
        if words[at] == "g":
            count, amount = numbers(" ".join(words[at + 1 : at + 3]), 2)
            if not 0 <= count <= MOST_DELTAS:
                raise TooComplexError
            deltas += [amount] * int(count)
            at += 3
        else:
            deltas += numbers(words[at], 1)
            at += 1
        if len(deltas) > MOST_DELTAS:
            raise TooComplexError
    return deltas


def _nth(deltas: Sequence[float], number: int) -> float | None:
    """A distance; the last one holds for all that follow."""
    return deltas[min(number, len(deltas) - 1)] if deltas else None


def _readable(character: str) -> str:
    """A character; one of a font's own, which nobody can tell, is the replacement character."""
    return UNREADABLE if ord(character) in PRIVATE or character == STAND_IN else character


def _figures(data: str) -> Iterator[list[tuple[float, float]]]:
    """The corners of each figure of a path; curves count by their ends."""
    figure: list[tuple[float, float]] = []
    for found in COMMAND.finditer(data):
        count = OPERANDS.get(found[1])
        if count is None:
            raise DamagedFileError
        operands = numbers(found[2], count)
        if found[1] in "MS" and figure:
            yield figure
            figure = []
        if found[1] == "C" and figure:
            figure.append(figure[0])
        elif count:
            figure.append((operands[-2], operands[-1]))
    if figure:
        yield figure


def _is_straight(first: tuple[float, float], second: tuple[float, float]) -> bool:
    return abs(first[0] - second[0]) <= THIN or abs(first[1] - second[1]) <= THIN


def _side(first: tuple[float, float], second: tuple[float, float]) -> Rule:
    return (min(first[0], second[0]), min(first[1], second[1]), max(first[0], second[0]), max(first[1], second[1]))
