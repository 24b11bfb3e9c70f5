"""The outlines of an OFD path, its curves as short lines: for drawing it, where :mod:`ofdshapes` reads its ruling."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise

from lxml import etree

from parsers.errors import DamagedFileError, TooComplexError
from parsers.readers.ofdshapes import COMMAND, MOST_DELTAS, OPERANDS, numbers

CURVE_STEPS = 12
"""Short lines in place of a curve; an arc may be a whole ellipse and has four times as many."""

Point = tuple[float, float]


def outlines_of(element: etree._Element) -> Iterator[list[Point]]:
    """The figures of a ``PathObject`` in its own units, curves as so many short lines that they look round.

    Raises:
        DamagedFileError: it is no path, or of another count of numbers.
        TooComplexError: more corners than any form has.
    """
    count = 0
    for child in element:
        if not isinstance(child.tag, str) or etree.QName(child).localname != "AbbreviatedData":
            continue
        for figure in _figures(child.text or ""):
            count += len(figure)
            if count > MOST_DELTAS:
                raise TooComplexError
            yield figure


def _figures(data: str) -> Iterator[list[Point]]:
    figure: list[Point] = []
    for found in COMMAND.finditer(data):
        count = OPERANDS.get(found[1])
        if count is None:
            raise DamagedFileError
        given = numbers(found[2], count)
        if found[1] in "MS" and figure:
            yield figure
            figure = []
        if found[1] == "C":
            figure += figure[:1]
        elif found[1] in "QB" and figure:
            corners = [figure[-1], *zip(given[::2], given[1::2], strict=True)]
            figure += [_bezier(corners, step / CURVE_STEPS) for step in range(1, CURVE_STEPS + 1)]
        elif found[1] == "A" and figure:
            figure += _arc(figure[-1], given)
        else:
            figure.append((given[-2], given[-1]))
    if figure:
        yield figure


def _bezier(corners: Sequence[Point], share: float) -> Point:
    """The point of a curve at a share of it, by de Casteljau's halving."""
    while len(corners) > 1:
        corners = [(x0 + (x1 - x0) * share, y0 + (y1 - y0) * share) for (x0, y0), (x1, y1) in pairwise(corners)]
    return corners[0]


def _arc(start: Point, given: Sequence[float]) -> list[Point]:
    """Points of an arc of an ellipse: radii, its turn in degrees, large or small, clockwise or not, and its end.

    GB/T 33190 has it from SVG, whose appendix B.2.4 says how the middle is found.
    """
    across, down, turn, is_large, is_clockwise, *end = given
    across, down, angle = abs(across), abs(down), math.radians(turn)
    cos, sin = math.cos(angle), math.sin(angle)
    half_x, half_y = (start[0] - end[0]) / 2, (start[1] - end[1]) / 2
    x, y = cos * half_x + sin * half_y, cos * half_y - sin * half_x
    if not across or not down or (not x and not y):
        return [(end[0], end[1])]
    larger = math.sqrt(max(1.0, (x / across) ** 2 + (y / down) ** 2))
    across, down = across * larger, down * larger
    span = (across * y) ** 2 + (down * x) ** 2
    far = math.sqrt(max(0.0, ((across * down) ** 2 - span) / span))
    far = far if bool(is_large) != bool(is_clockwise) else -far
    middle_x, middle_y = far * across * y / down, -far * down * x / across
    first = math.atan2((y - middle_y) / down, (x - middle_x) / across)
    last = math.atan2((-y - middle_y) / down, (-x - middle_x) / across)
    sweep = (last - first) % math.tau if is_clockwise else -((first - last) % math.tau)
    points = []
    for step in range(1, 4 * CURVE_STEPS + 1):
        at = first + sweep * step / (4 * CURVE_STEPS)
        on_x, on_y = across * math.cos(at) + middle_x, down * math.sin(at) + middle_y
        points.append(
            (cos * on_x - sin * on_y + (start[0] + end[0]) / 2, sin * on_x + cos * on_y + (start[1] + end[1]) / 2)
        )
    return points
