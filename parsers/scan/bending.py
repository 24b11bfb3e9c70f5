"""Paper that does not lie flat: how far its rules stray from straight lines, and what lays them straight.

Every long rule is followed column by column. All level ones together say how far each place of the page lies above or
below where it should be, all plumb ones how far beside, as smooth surfaces: one rule alone, or a few broken ones,
would say too little, and writing that touches a rule too much. A page that is flat, or whose rules do not agree, has
no bend.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from parsers.scan.pieces import pieces_of_runs
from parsers.scan.units import WORK_DPI, Rgb

COARSE = 2
"""Rules are followed on a picture this many times smaller."""
RUN, GAP, LONG, THICK = 4.5, 3.0, 14.0, 1.3
"""Millimetres: of a dark run that may be of a rule, that a rule may be broken, that one must be long to be followed,
and that none is thicker than."""
STEP = 2.5
"""Millimetres from one place of a rule to the next."""
ALONG, ACROSS = 5, 2
"""Degrees of the surfaces along the rules and across them."""
STIFF = 2e-4
"""How much the surfaces resist being bent where few rules say how."""
FEWEST, FEWEST_RULES = 60, 4
"""Places, and rules, that a surface needs."""
BENT = 0.35
"""Millimetres by which rules of a flat page may stray."""
AGREED = 0.5
"""Part of the straying that may remain when the page is laid straight."""
LIMITS = (4.0, 1.5, 0.6)
"""Millimetres beyond which a place follows something other than the rest, round by round."""
COVERED = (1.0, 99.0)
"""Percentiles of the places between which a surface is known; beyond, it goes on level."""

Floats = npt.NDArray[np.float64]
Map = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Surface:
    """By how many pixels the page strays across rules of one direction; ``size`` is its length along and across."""

    factors: Floats
    size: tuple[int, int]
    known: tuple[tuple[float, float], tuple[float, float]]

    def over_page(self) -> Map:
        """The straying at each pixel, rows across and columns along."""
        (low, high), (first, last) = self.known
        along = np.clip(_part(np.arange(self.size[0]), self.size[0]), low, high)
        across = np.clip(_part(np.arange(self.size[1]), self.size[1]), first, last)
        return np.asarray(_powers(across, 0, ACROSS) @ self.factors.T @ _powers(along, 1, ALONG).T, np.float32)


@dataclass(frozen=True, slots=True)
class Bend:
    """How far each pixel of the page as it should be lies beside its place, in x and in y."""

    right: Map
    down: Map


def find_bend(page: Rgb) -> Bend | None:
    """The bend of a page whose rules run level and plumb in the main; ``None`` for one that is flat."""
    grey = cv2.cvtColor(page, cv2.COLOR_RGB2GRAY)
    small = cv2.resize(grey, None, fx=1 / COARSE, fy=1 / COARSE, interpolation=cv2.INTER_AREA)
    dark = cv2.adaptiveThreshold(small, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, _small(4) | 1, 12)
    high, wide = grey.shape
    level = _surface(np.asarray(dark, np.uint8), (wide, high))
    plumb = _surface(np.asarray(cv2.transpose(dark), np.uint8), (high, wide))
    if level is None and plumb is None:
        return None
    none = np.zeros((high, wide), np.float32)
    down = none if level is None else level.over_page()
    right = none if plumb is None else np.ascontiguousarray(plumb.over_page().T)
    return Bend(right, down)


def _surface(dark: npt.NDArray[np.uint8], size: tuple[int, int]) -> Surface | None:
    """The surface of the level rules of a picture, ``None`` where they are straight, or too few to say."""
    rules = _followed(dark)
    if len(rules) < FEWEST_RULES:
        return None
    number = np.concatenate([np.full(len(rule), index) for index, rule in enumerate(rules)])
    x, y = np.concatenate(rules).T * COARSE
    if len(x) < FEWEST:
        return None
    along, across = _part(x, size[0]), _part(y, size[1])
    terms = (_powers(along, 1, ALONG)[:, :, None] * _powers(across, 0, ACROSS)[:, None, :]).reshape(len(x), -1)
    keep = np.ones(len(x), np.bool_)
    factors, left = np.zeros(terms.shape[1]), y
    for limit in LIMITS:
        factors = _fitted(_centred(terms[keep], number[keep]), _centred(y[keep, None], number[keep])[:, 0])
        left = y - terms @ factors
        keep = np.abs(left - _medians(left[keep], number[keep], len(rules))[number]) <= _pixels(limit)
        if np.count_nonzero(keep) < max(FEWEST, len(x) // 2):
            return None
    before = np.abs(y - _medians(y[keep], number[keep], len(rules))[number])[keep]
    after = np.abs(left - _medians(left[keep], number[keep], len(rules))[number])[keep]
    if np.percentile(before, 95) < _pixels(BENT) or after.mean() > AGREED * before.mean():
        return None
    known = tuple(
        (float(low), float(top)) for low, top in (np.percentile(part[keep], COVERED) for part in (along, across))
    )
    return Surface(factors.reshape(ALONG, ACROSS + 1), size, (known[0], known[1]))


def _followed(dark: npt.NDArray[np.uint8]) -> list[Floats]:
    """The places of each long level rule, as rows of x and y."""
    thick = cv2.dilate(dark, np.ones((3, 1), np.uint8))
    runs = cv2.morphologyEx(thick, cv2.MORPH_OPEN, np.ones((1, _small(RUN)), np.uint8))
    whole = cv2.morphologyEx(runs, cv2.MORPH_CLOSE, np.ones((1, _small(GAP)), np.uint8))
    labels, stats = pieces_of_runs(np.asarray(whole, np.uint8), _small(RUN))
    rules = []
    for label, (left, top, wide, high, area) in enumerate(stats.tolist()):
        if not label or wide < _small(LONG) or area / wide > _small(THICK) + 2 or high > wide:
            continue
        ys, xs = np.nonzero(labels[top : top + high, left : left + wide] == label)
        counts = np.bincount(xs, minlength=wide)
        middles = np.bincount(xs, ys, wide) / np.maximum(1, counts) + top
        spread = np.bincount(xs, np.square(ys + top - middles[xs]), wide) / np.maximum(1, counts)
        thin = np.flatnonzero((counts > 0) & (spread <= _small(THICK) ** 2 / 12 + 1))[:: _small(STEP)]
        if len(thin) > 2:
            rules.append(np.stack([thin + left, middles[thin]], axis=1).astype(np.float64))
    return rules


def _fitted(terms: Floats, wanted: Floats) -> Floats:
    """The factors of the terms that give what is wanted, none of them larger than needed."""
    square = terms.T @ terms
    stiff = STIFF * np.trace(square) / len(square) * np.eye(len(square))
    return np.asarray(np.linalg.solve(square + stiff, terms.T @ wanted))


def _centred(values: Floats, number: npt.NDArray[np.int64]) -> Floats:
    """Values less the mean of their own rule: where a rule should lie, nobody knows."""
    counts = np.maximum(1, np.bincount(number))
    means = np.stack([np.bincount(number, column) / counts for column in values.T], axis=1)
    return np.asarray(values - means[number])


def _medians(values: Floats, number: npt.NDArray[np.int64], count: int) -> Floats:
    """The median of each rule; one without a place left is never met."""
    order = np.argsort(number, kind="stable")
    parts = np.split(values[order], np.searchsorted(number[order], np.arange(1, count)))
    return np.asarray([np.median(part) if len(part) else np.inf for part in parts])


def _part(places: npt.ArrayLike, length: int) -> Floats:
    """Places along a side as -1 to 1."""
    return np.asarray(2 * np.asarray(places, np.float64) / length - 1)


def _powers(values: Floats, first: int, last: int) -> Floats:
    return np.asarray(values[:, None] ** np.arange(first, last + 1))


def _pixels(millimetres: float) -> float:
    return millimetres * WORK_DPI / 25.4


def _small(millimetres: float) -> int:
    return max(1, round(_pixels(millimetres) / COARSE))
