"""Rules too pale for the common search: grey lines of a dying toner, a light copy, a form printed in grey.

A rule is dark along its own direction and pale across it, so the picture is smoothed along the direction and what
stands out from its neighbours on both sides is kept. Writing would stand out as well; where there is any, nothing
is taken for a rule.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np

from parsers.scan.ruling import Rule, Rules, is_part, runs
from parsers.scan.units import Gray, Mask, Rgb, mm

SMOOTHED = 3.0
"""Millimetres over which darkness is taken together along a rule."""
THICKEST = 1.2
"""Millimetres: nothing thicker is a pale rule."""
LEAST = 5.0
"""Grey levels by which a rule must be darker than the paper beside it."""
OVER_NOISE = 6.0
KEPT_FROM_WRITING = 0.5
"""Millimetres around writing in which nothing is looked for."""
REACH, GAP = 1.6, 3.0
IN_LINE = 0.6
"""Millimetres within which a pale rule lies in line with a known one."""


def evened(pixels: Rgb) -> Gray:
    """The red channel under even light: paper is white, pale lines keep their grey, seals are pale."""
    red = np.ascontiguousarray(pixels[..., 0])
    small = cv2.resize(red, None, fx=1 / 8, fy=1 / 8, interpolation=cv2.INTER_AREA)
    size = max(3, mm(7) // 8 | 1)
    high = cv2.dilate(cv2.medianBlur(small, 3), np.ones((size, size), np.uint8))
    paper = cv2.resize(cv2.GaussianBlur(high, (0, 0), size / 1.5), (red.shape[1], red.shape[0]))
    return np.asarray(cv2.divide(red, np.maximum(paper, 30), scale=255), np.uint8)


def find_faint(even: Gray, writing: Mask) -> Rules:
    """Pale rules of a page, away from its ``writing``."""
    square = np.ones((mm(KEPT_FROM_WRITING), mm(KEPT_FROM_WRITING)), np.uint8)
    near = np.asarray(cv2.dilate(writing, square), np.uint8)
    level, _ = runs(_standing_out(even, near), even)
    turned = np.asarray(cv2.transpose(even), np.uint8)
    plumb, _ = runs(_standing_out(turned, np.asarray(cv2.transpose(near), np.uint8)), turned)
    return Rules(tuple(level), tuple(plumb))


def _standing_out(even: Gray, near: Mask) -> Mask:
    smooth = cv2.blur(even, (mm(SMOOTHED), 1))
    beside = cv2.morphologyEx(smooth, cv2.MORPH_CLOSE, np.ones((mm(THICKEST), 1), np.uint8))
    depth = cv2.subtract(beside, smooth)
    grain = float(np.median(np.abs(even[::4, ::4].astype(np.int16) - smooth[::4, ::4])))
    least = max(LEAST, OVER_NOISE * grain / mm(SMOOTHED) ** 0.5)
    return np.asarray(np.where((depth >= least) & (near == 0), 255, 0), np.uint8)


def with_faint(known: Rules, faint: Rules) -> Rules:
    """Rules carried on by pale ones where they broke off in the open; these count as unseen.

    Pale rules in other places may be those of the paper's other side.
    """
    level = _fitting(faint.level, known.level, (*known.plumb, *faint.plumb))
    plumb = _fitting(faint.plumb, known.plumb, (*known.level, *level))
    return Rules((*known.level, *level), (*known.plumb, *plumb))


def _fitting(faint: Sequence[Rule], known: Sequence[Rule], across: Sequence[Rule]) -> tuple[Rule, ...]:
    return tuple(
        replace(rule, holes=((rule.start, rule.end),))
        for rule in faint
        if not any(is_part(rule, other) for other in known)
        and any(_carries_on(rule, other, across) for other in known)
        and all(any(_ends_at(rule, end, line) for line in across) for end in (rule.start, rule.end))
    )


def _carries_on(rule: Rule, known: Rule, across: Sequence[Rule]) -> bool:
    """Whether a pale rule lies in line with a known one and touches an end of it that is at no other rule."""
    if abs(known.place((rule.start + rule.end) / 2) - rule.at) > mm(IN_LINE):
        return False
    ends = [end for end, start in ((known.end, rule.start), (known.start, rule.end)) if abs(end - start) <= mm(GAP)]
    return any(not any(_ends_at(known, end, line) for line in across) for end in ends)


def _ends_at(rule: Rule, end: float, line: Rule) -> bool:
    place = rule.place(end)
    return abs(line.place(place) - end) <= mm(REACH) and line.start - mm(REACH) <= place <= line.end + mm(REACH)
