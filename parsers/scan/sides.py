"""The outer borders of a table that were not printed, or lie outside the picture.

Where several rules run on beyond the last rule they meet and end at one place, the table is open there. A border is
put in so that the outermost cells are cells; what stands in them goes to a person. Only a table that is open on the
left and on the right, with white paper on either side, was drawn so (开口表): nothing of it is missing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from parsers.scan.ruling import STRAIGHT_FROM, Rule, Rules, meets
from parsers.scan.units import Mask, mm

OVERHANG = 6.0
"""Millimetres that rules must run on to be the borders of cells."""
AT_EDGE, CUT_OFF = 1.5, 2.5
"""Millimetres from the edge of the picture at which a rule was cut off with it, and how far it must run on then."""
AGREE = 2.5
"""Millimetres within which they must end."""
FEWEST = 3
"""Rules that must end together."""
REACH = 1.6
MARGIN = 6.0
"""Millimetres of paper beside a table that was drawn open."""
WITHIN, BEYOND = 1.0, 3.0
"""Millimetres on either side of its end in which nothing is written."""
BESIDE_RULE = 1.2
"""Millimetres above and below a level rule that are left out of that: its own end."""


def with_sides(rules: Rules, ink: Mask) -> Rules:
    """The rules with the missing outer borders; ``ink`` is that of the whole page."""
    high, wide = ink.shape[:2]
    sides = _missing(rules.level, rules.plumb, wide, level=True)
    if _are_both(sides, rules.level) and all(_is_clear(side, rules.level, ink) for side in sides):
        sides = [replace(side, guessed=False) for side in sides]
    plumb = (*rules.plumb, *sides)
    level = (*rules.level, *_missing(plumb, rules.level, high, level=False))
    return Rules(level, plumb)


def _are_both(sides: Sequence[Rule], level: Sequence[Rule]) -> bool:
    """Whether two borders are the left and the right one of a single table: the same rules end at both."""
    if len(sides) != 2:
        return False
    left, right = sides
    ends = [rule for rule in level if max(abs(rule.start - left.at), abs(rule.end - right.at)) <= mm(AGREE)]
    return len(ends) >= FEWEST


def _is_clear(side: Rule, level: Sequence[Rule], ink: Mask) -> bool:
    """Whether a table ends at a side in white paper: nothing that was written is cut off there."""
    if min(side.at, ink.shape[1] - side.at) < mm(MARGIN):
        return False
    is_right = side.at * 2 > ink.shape[1]
    first = round(side.at) - (mm(WITHIN) if is_right else mm(BEYOND))
    last = round(side.at) + (mm(BEYOND) if is_right else mm(WITHIN))
    rows = np.zeros(ink.shape[0], bool)
    rows[max(0, round(side.start)) : round(side.end)] = True
    for rule in level:
        middle = round(rule.place(side.at))
        rows[max(0, middle - mm(BESIDE_RULE)) : middle + mm(BESIDE_RULE)] = False
    return not ink[rows, first:last].any()


def _missing(rules: Sequence[Rule], across: Sequence[Rule], extent: int, *, level: bool) -> list[Rule]:
    """Borders that ``rules`` end at; ``level`` says which way these run, over ``extent`` pixels of paper."""
    starts: list[tuple[float, Rule]] = []
    ends: list[tuple[float, Rule]] = []
    for rule in rules:
        if rule.end - rule.start < mm(STRAIGHT_FROM):
            continue
        met = [
            other.place(rule.at)
            for other in across
            if (meets(rule, other, mm(REACH)) if level else meets(other, rule, mm(REACH)))
        ]
        if len(met) < 2:
            continue
        if min(met) - rule.start >= (mm(OVERHANG) if rule.start > mm(AT_EDGE) else mm(CUT_OFF)):
            starts.append((rule.start, rule))
        if rule.end - max(met) >= (mm(OVERHANG) if rule.end < extent - mm(AT_EDGE) else mm(CUT_OFF)):
            ends.append((rule.end, rule))
    return [*_borders(starts), *_borders(ends)]


def _borders(ends: list[tuple[float, Rule]]) -> list[Rule]:
    """One border for each place at which enough rules end."""
    borders = []
    left = sorted(ends, key=lambda end: end[0])
    while left:
        group = [end for end in left if end[0] - left[0][0] <= mm(AGREE)]
        left = left[len(group) :]
        if len(group) >= FEWEST:
            places = [rule.place(along) for along, rule in group]
            borders.append(Rule(min(places), max(places), float(np.median([end for end, _ in group])), guessed=True))
    return borders
