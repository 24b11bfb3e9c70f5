"""Specks of a copier or a fax: dots that stand alone, on a page that is strewn with them.

What is near writing may be a dot of it and stays: a stop or comma behind a character, the two dots of a colon, a dot
between two figures. So does what lies in heaps: the remains of thin strokes. A page with few dots is left as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from parsers.scan.inktest import FAINT_CONTRAST
from parsers.scan.units import Gray, Mask, mm

APART = 0.5
"""Millimetres between what belongs together, at most."""
LARGEST, LONG = 1.1, 2.2
"""Millimetres of a speck's longer side, at most, and how much longer than wide a short dash is."""
RULE = 5.0
"""Millimetres of a straight run that is no writing."""
BEHIND, BETWEEN, CLOSE = 1.3, 2.2, 0.9
"""Millimetres behind a character within which a low dot is its stop, to both sides of a dot between characters, and
within which a dot level with a character may be a part of it."""
LOW = 0.45
"""Part of a character's height, from below, in which stops and commas stand."""
HEAP, HEAP_SIDE = 3, 5.0
"""Dots in a square of so many millimetres that are what is left of writing."""
PAIR_ALIKE = 0.5
"""How large the smaller dot of a colon is beside the other."""
PAIR_HEIGHT = (0.5, 2.4)
"""Millimetres between the two dots of a colon."""
UPRIGHT = 2
"""Pixels by which one dot of a colon stands beside the other, at most."""
TOGETHER = 256
"""Dots that are held against their neighbours at a time."""
STREWN = 10
"""Specks from which a page is strewn with them."""
USUAL, LARGER = 80, 1.3
"""Per cent of a page's specks, and how much larger than these the largest may be."""
ROUND, FILLED = 1.5, 0.5
"""How much longer than wide a dot is at most, and the part of its box that it fills."""
SOLID, AS_FULL = 9.0, 0.7
"""Pixels of ink of a page's usual speck from which remains of strokes are less, and the part of it that tells one."""
SEAL_REST = 1.5
"""Millimetres around red, halved, in which bleaching leaves dots."""
SOFT = 2
"""Pixels around a speck that it darkens."""

Stats = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Despeckled:
    """A page without its specks; ``open`` (255) are dots of a speck's size that stand beside writing and stayed."""

    gray: Gray
    ink: Mask
    open: Mask | None = None


def without_specks(gray: Gray, ink: Mask, red: Mask | None = None) -> Despeckled:
    """The page and its ink without specks; the same arrays where it is not strewn with them.

    What bleaching leaves of a seal where the page was ``red`` is no speck.
    """
    bare, beside_rules = _without_rules(_strokes(gray, ink))
    reach = max(1, mm(APART) // 2)
    joined = cv2.dilate(bare, np.ones((2 * reach + 1, 2 * reach + 1), np.uint8))
    _, found, raw, _ = cv2.connectedComponentsWithStats(np.asarray(joined, np.uint8))
    labels, stats = np.asarray(found, np.int32), _shrunk(np.asarray(raw, np.int32), reach)
    small = _is_small(stats)
    small[np.unique(labels[beside_rules & (bare > 0)])] = False
    areas = np.bincount(labels[ink > 0], minlength=len(stats))
    small &= (areas > 0) & _is_filled(np.bincount(labels[bare > 0], minlength=len(stats)), stats)
    if red is not None and red.any():
        near = cv2.dilate(red, np.ones((mm(SEAL_REST), mm(SEAL_REST)), np.uint8)) > 0
        small[np.unique(labels[near])] = False
    if np.count_nonzero(small) < STREWN:
        return Despeckled(gray, ink)
    alone = small & ~_in_heaps(small, stats, ink.shape)
    specks = alone & ~_beside_writing(alone, stats, ink.shape) & ~_is_colon(alone, small, areas, stats)
    if np.count_nonzero(specks) < STREWN:
        return Despeckled(gray, ink)
    solid = _solid(areas, stats, small, specks)
    specks |= solid & ~_beside_writing(solid, stats, ink.shape) & ~_is_colon(solid, small, areas, stats)
    longer = stats[:, 2:4].max(axis=1)
    usual = float(np.percentile(longer[specks], USUAL))
    specks &= longer <= LARGER * usual
    mask = np.asarray(specks.astype(np.uint8)[labels] * 255 & bare, np.uint8)
    soft = cv2.dilate(mask, np.ones((2 * SOFT + 1, 2 * SOFT + 1), np.uint8)) > 0
    others = cv2.dilate(cv2.subtract(ink, mask), np.ones((3, 3), np.uint8)) > 0
    wiped = soft & ~others
    gray, ink = gray.copy(), ink.copy()
    gray[wiped] = 255
    ink[mask > 0] = 0
    return Despeckled(gray, ink, _dots(np.asarray(cv2.subtract(bare, mask), np.uint8), LARGER * usual))


def _is_filled(areas: npt.NDArray[np.int64], stats: Stats) -> Flags:
    """Which groups fill their boxes: two strokes of a ditto mark do not."""
    return np.asarray(areas >= FILLED * stats[:, 2] * stats[:, 3], np.bool_)


def _solid(areas: npt.NDArray[np.int64], stats: Stats, small: Flags, specks: Flags) -> Flags:
    """Of small things those as full as the page's specks, where these are larger than what is left of thin strokes."""
    usual = float(np.median(areas[specks]))
    longer, shorter = stats[:, 2:4].max(axis=1), np.maximum(1, stats[:, 2:4].min(axis=1))
    solid = small & (areas >= AS_FULL * usual) & (longer <= ROUND * shorter)
    return np.asarray(solid & (usual >= SOLID), np.bool_)


def _strokes(gray: Gray, ink: Mask) -> Mask:
    """The ink with its pale parts: a thin stroke is one piece however unevenly it was printed."""
    dark = gray[ink > 0]
    black = float(np.percentile(dark, 20)) if dark.size else 0.0
    pale = (gray < 255 - (255 - black) * FAINT_CONTRAST).astype(np.uint8) * 255
    return np.asarray(cv2.bitwise_or(pale, ink), np.uint8)


def _dots(ink: Mask, largest: float) -> Mask:
    """Round dots of a speck's size among or beside the strokes of writing, but for those of colons."""
    _, found, raw, _ = cv2.connectedComponentsWithStats(np.asarray(ink, np.uint8))
    labels, stats = np.asarray(found, np.int32), np.asarray(raw, np.int32)
    longer, shorter = stats[:, 2:4].max(axis=1), np.maximum(1, stats[:, 2:4].min(axis=1))
    is_dot = (longer <= largest) & (longer <= ROUND * shorter) & (stats[:, 4] >= FILLED * longer * shorter)
    is_dot[0] = False
    is_dot &= ~_is_colon(is_dot, longer <= largest, stats[:, 4], stats)
    return np.asarray(is_dot.astype(np.uint8)[labels] * 255, np.uint8)


def _without_rules(ink: Mask) -> tuple[Mask, Flags]:
    """The ink without long straight runs, and where it hung together with them: the ends of such strokes are left."""
    level = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, mm(RULE)), np.uint8))
    plumb = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((mm(RULE), 1), np.uint8))
    runs = cv2.bitwise_or(level, plumb)
    rules = cv2.dilate(runs, np.ones((3, 3), np.uint8))
    beside = np.asarray(cv2.dilate(runs, np.ones((5, 5), np.uint8)) > 0)
    return np.asarray(cv2.bitwise_and(ink, cv2.bitwise_not(rules)), np.uint8), beside


def _shrunk(stats: Stats, reach: int) -> Stats:
    """The boxes of groups without what joining added around them."""
    fresh = stats.copy()
    fresh[1:, :2] += reach
    fresh[1:, 2:4] -= 2 * reach
    return fresh


def _is_small(stats: Stats) -> Flags:
    longer, shorter = stats[:, 2:4].max(axis=1), np.maximum(1, stats[:, 2:4].min(axis=1))
    small = (longer <= mm(LARGEST)) & ((longer < LONG * shorter) | (longer <= mm(APART)))
    small[0] = False
    return np.asarray(small, np.bool_)


def _middles(stats: Stats) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    return stats[:, 0] + stats[:, 2] // 2, stats[:, 1] + stats[:, 3] // 2


def _in_heaps(small: Flags, stats: Stats, shape: tuple[int, ...]) -> Flags:
    xs, ys = _middles(stats)
    places = np.zeros(shape, np.float32)
    np.add.at(places, (ys[small].clip(0, shape[0] - 1), xs[small].clip(0, shape[1] - 1)), 1.0)
    around = cv2.boxFilter(places, -1, (mm(HEAP_SIDE) | 1, mm(HEAP_SIDE) | 1), normalize=False)
    heaped = np.zeros_like(small)
    heaped[small] = around[ys[small].clip(0, shape[0] - 1), xs[small].clip(0, shape[1] - 1)] >= HEAP - 0.5
    return heaped


def _beside_writing(small: Flags, stats: Stats, shape: tuple[int, ...]) -> Flags:
    """Which dots stand low behind a character, level with one and close to it, or between two of them."""
    behind, after, before, level = (np.zeros(shape, np.uint8) for _ in range(4))
    written = np.flatnonzero(~small)
    for left, top, wide, high in stats[written[written > 0], :4].tolist():
        low = top + round(high * (1 - LOW))
        behind[low : top + high + mm(0.4), left : left + wide + mm(BEHIND)] = 255
        after[top : top + high, left + wide // 2 : left + wide + mm(BETWEEN)] = 255
        before[top : top + high, max(0, left - mm(BETWEEN)) : left + wide // 2] = 255
        level[top : top + high, max(0, left - mm(CLOSE)) : left + wide + mm(CLOSE)] = 255
    xs, ys = _middles(stats)
    beside = np.zeros_like(small)
    at = ys[small].clip(0, shape[0] - 1), xs[small].clip(0, shape[1] - 1)
    beside[small] = (behind[at] > 0) | (level[at] > 0) | ((after[at] > 0) & (before[at] > 0))
    return beside


def _is_colon(dots: Flags, small: Flags, areas: npt.NDArray[np.integer[Any]], stats: Stats) -> Flags:
    """Which dots stand above or below a ``small`` thing about as large as they are."""
    xs, ys = _middles(stats)
    by_place = np.argsort(xs, kind="stable")
    indexes, others = by_place[dots[by_place]], by_place[small[by_place]]
    colon = np.zeros_like(dots)
    # From left to right, a few at a time, beside their neighbours alone: on a page of twenty thousand dots each of
    # them beside each other would not fit into the memory.
    for start in range(0, len(indexes), TOGETHER):
        some = indexes[start : start + TOGETHER]
        left, right = np.searchsorted(xs[others], (xs[some[0]] - UPRIGHT, xs[some[-1]] + UPRIGHT + 1))
        near = others[left:right]
        dx = np.abs(xs[some][:, None] - xs[near][None, :])
        dy = np.abs(ys[some][:, None] - ys[near][None, :])
        larger = np.maximum(areas[some][:, None], areas[near][None, :])
        alike = np.minimum(areas[some][:, None], areas[near][None, :]) >= PAIR_ALIKE * larger
        paired = (dx <= UPRIGHT) & (dy >= mm(PAIR_HEIGHT[0])) & (dy <= mm(PAIR_HEIGHT[1])) & alike
        colon[some] = paired.any(axis=1)
    return colon
