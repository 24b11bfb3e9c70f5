"""The outer borders of a table that were not printed, or lie outside the picture.

Where several rules run on beyond the last rule they meet and end at one place, the table is open there. A border is
put in so that the outermost cells are cells; what stands in them goes to a person.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from parsers.scan.ruling import STRAIGHT_FROM, Rule, Rules, meets
from parsers.scan.units import mm

OVERHANG = 6.0
"""Millimetres that rules must run on to be the borders of cells."""
AT_EDGE, CUT_OFF = 1.5, 2.5
"""Millimetres from the edge of the picture at which a rule was cut off with it, and how far it must run on then."""
AGREE = 2.5
"""Millimetres within which they must end."""
FEWEST = 3
"""Rules that must end together."""
REACH = 1.6


def with_sides(rules: Rules, size: tuple[int, int]) -> Rules:
    """The rules with the missing outer borders; ``size`` are height and width of the page."""
    plumb = (*rules.plumb, *_missing(rules.level, rules.plumb, size[1], level=True))
    level = (*rules.level, *_missing(plumb, rules.level, size[0], level=False))
    return Rules(level, plumb)


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
