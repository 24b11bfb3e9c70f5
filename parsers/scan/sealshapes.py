"""Seals that are not round: ovals, frames, name stamps, and the part of a seal that is left at the edge of a page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from parsers.scan.units import mm

Floats = npt.NDArray[np.float64]

LONGEST = 62.0
"""Millimetres of a seal's longer side at most."""
FRAME_SHORT, FRAME_RATIO = 5.0, 4.2
"""Millimetres of a frame's shorter side at least, and how many times longer the other one may be."""
FRAMED, OVAL_ENOUGH = 0.78, 0.62
"""Part of a frame's sides, of an oval's directions, in which red must show."""
NAME_STAMP = 26.0
"""Millimetres of the longer side up to which a square is a person's stamp; one line of a name is longer but low."""
LOW = 13.5
"""Millimetres of the shorter side of such a line at most."""
SOLID = 0.55
"""Part of a large frame that is red when it is a picture and no seal."""
OVAL_SIDES = (18.0, 62.0)
BEYOND = 0.06
"""Part of the red that may stand outside an oval."""
SLIMMEST = 0.5
"""Ratio of an oval's axes at least."""
AT_EDGE = 4.0
"""Millimetres from the page's edge within which a cut seal ends."""
CUT_AT = 2.2
"""Millimetres from the page's edge within which red is cut."""
DEEP, APART = 30.0, 18.0
"""Millimetres that a part reaches into the page, and between its arcs, words and star."""
PART = (15.0, 52.0)
"""Millimetres that the part of a cut seal is high."""
TOGETHER = 2.5
"""Millimetres between pieces of one patch."""
FEWEST = 40
"""Points of a patch."""
BINS = 90
GRID = 2
"""Pixels from one point of red to the next."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A shape made out in red points: ``oval``, ``square``, ``stamp``, ``part`` or ``unclear``."""

    name: str
    confidence: float
    low: Floats
    high: Floats
    middle: tuple[float, float] = (0.0, 0.0)
    axes: tuple[float, float] = (0.0, 0.0)
    turned: float = 0.0
    whole: bool = True


def other_shapes(points: Floats, page: tuple[int, int]) -> Iterator[Shape]:
    """The shapes in red points of which round seals were taken out."""
    for patch in _patches(points):
        sides = (patch.max(axis=0) - patch.min(axis=0)) / mm(1)
        if max(sides.tolist()) > LONGEST * 1.4:
            continue
        shape = _framed(patch) or _oval(patch)
        if shape is not None and not _at_edge(patch, page):
            yield shape


def clear_shapes(points: Floats, enough: float, page: tuple[int, int]) -> tuple[list[Shape], Floats]:
    """The patches of red that are a frame or a clear oval as a whole, and the points of all others."""
    shapes, rest = [], []
    for patch in _patches(points):
        sides = (patch.max(axis=0) - patch.min(axis=0)) / mm(1)
        shape = _framed(patch) or _oval(patch, enough) if max(sides.tolist()) <= LONGEST * 1.4 else None
        if shape is None or shape.name == "round" or _at_edge(patch, page):
            rest.append(patch)
        else:
            shapes.append(shape)
    return shapes, np.concatenate(rest) if rest else np.zeros((0, 2))


def _patches(points: Floats) -> Iterator[Floats]:
    """Points that lie close together."""
    if len(points) < FEWEST:
        return
    low = points.min(axis=0)
    places = ((points - low) / GRID).astype(int)
    mask = np.zeros((int(places[:, 1].max()) + 1, int(places[:, 0].max()) + 1), np.uint8)
    mask[places[:, 1], places[:, 0]] = 255
    reach = mm(TOGETHER) // GRID
    joined = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8))
    count, labels = cv2.connectedComponents(np.asarray(joined, np.uint8))
    of = labels[places[:, 1], places[:, 0]]
    for label in range(1, count):
        patch = points[of == label]
        if len(patch) >= FEWEST:
            yield patch


def _framed(points: Floats) -> Shape | None:
    """A seal within a frame, or one whose characters are white in solid red."""
    (cx, cy), (wide, high), degrees = cv2.minAreaRect(points.astype(np.float32))
    short, long = sorted((wide / mm(1), high / mm(1)))
    if short < FRAME_SHORT or long > LONGEST or long > FRAME_RATIO * short:
        return None
    share = _frame_share(points, (cx, cy), (wide, high), degrees)
    if share < FRAMED:
        return None
    is_stamp = long <= NAME_STAMP or (short <= LOW and long > 1.6 * short)
    inked = len(points) * GRID**2 / (wide * high)
    if not is_stamp and inked > SOLID:
        return None
    name = "stamp" if is_stamp else "square"
    if wide < high:
        wide, high, degrees = high, wide, degrees + 90
    degrees = (degrees + 90) % 180 - 90
    if abs(degrees) > 45 and long < 1.25 * short:
        wide, high, degrees = high, wide, degrees - 90 * np.sign(degrees)
    low, top = points.min(axis=0), points.max(axis=0)
    return Shape(name, min(0.97, 0.3 + share * 0.7), low, top, (cx, cy), (wide / 2, high / 2), float(degrees))


def _frame_share(points: Floats, middle: tuple[float, float], sides: tuple[float, float], degrees: float) -> float:
    """The share of a turned rectangle's sides along which there is red; that of its worst side counts most."""
    angle = np.radians(degrees)
    shifted = points - middle
    x = shifted @ (np.cos(angle), np.sin(angle)) / max(sides[0] / 2, 1)
    y = shifted @ (-np.sin(angle), np.cos(angle)) / max(sides[1] / 2, 1)
    shares = []
    for along, across, size in ((x, y, sides[1]), (x, -y, sides[1]), (y, x, sides[0]), (y, -x, sides[0])):
        near = across > 1 - 2 * mm(0.9) / max(1.0, size)
        shares.append(len(np.unique(np.clip((along[near] + 1) * 10, 0, 19).astype(int))) / 20)
    return min(sum(shares) / 4, min(shares) + 0.2)


def _oval(points: Floats, enough: float = OVAL_ENOUGH) -> Shape | None:
    """A seal with an oval rim: the outermost red of each direction lies on one ellipse."""
    fitted = _ellipse(points)
    if fitted is None:
        return None
    (cx, cy), (wide, high), degrees = fitted
    short, long = sorted((wide / mm(1), high / mm(1)))
    if not (OVAL_SIDES[0] <= short and long <= OVAL_SIDES[1] and short >= SLIMMEST * long):
        return None
    x, y = _in_ellipse(points, fitted)
    rim = np.abs(np.hypot(x, y) - 1) < 2 * mm(0.9) / min(wide, high)
    bins = ((np.arctan2(y[rim], x[rim]) + np.pi) / (2 * np.pi) * BINS).astype(int) % BINS
    share = len(np.unique(bins)) / BINS
    beyond = float(np.mean(np.hypot(x, y) > 1 + 2 * mm(1.6) / min(wide, high)))
    if share < enough or beyond > BEYOND or len(points) * GRID**2 > SOLID * np.pi / 4 * wide * high:
        return None
    name = "oval" if short < 0.93 * long else "round"
    low, top = points.min(axis=0), points.max(axis=0)
    return Shape(name, min(0.95, 0.3 + share * 0.65), low, top, (cx, cy), (wide / 2, high / 2), float(degrees))


def _ellipse(points: Floats) -> cv2.typing.RotatedRect | None:
    """The ellipse through the outermost points, those that lie off it left out."""
    (cx, cy), _, _ = cv2.minAreaRect(points.astype(np.float32))
    dx, dy = points[:, 0] - cx, points[:, 1] - cy
    bins = ((np.arctan2(dy, dx) + np.pi) / (2 * np.pi) * BINS).astype(int) % BINS
    away = np.hypot(dx, dy)
    order = np.lexsort((away, bins))
    last = np.flatnonzero(np.append(np.diff(bins[order]) > 0, [True]))
    rim = points[order[last]].astype(np.float32)
    fitted = None
    for _ in range(4):
        if len(rim) < BINS // 3:
            return None
        fitted = cv2.fitEllipseDirect(rim)
        if min(fitted[1]) < mm(OVAL_SIDES[0]) * 0.7:
            return None
        x, y = _in_ellipse(rim.astype(np.float64), fitted)
        off = np.abs(np.hypot(x, y) - 1) * min(fitted[1]) / 2
        rim = rim[off <= max(float(np.percentile(off, 85)), mm(0.4))]
    return fitted


def _in_ellipse(points: Floats, ellipse: cv2.typing.RotatedRect) -> tuple[Floats, Floats]:
    """Points along the axes of an ellipse, in its half axes."""
    (cx, cy), (wide, high), degrees = ellipse
    angle = np.radians(degrees)
    shifted = points - (cx, cy)
    x = shifted @ (np.cos(angle), np.sin(angle)) / (wide / 2)
    y = shifted @ (-np.sin(angle), np.cos(angle)) / (high / 2)
    return x, y


def _at_edge(points: Floats, page: tuple[int, int]) -> bool:
    """Whether red ends at the left or right edge of the page, where it is a piece of something larger."""
    return bool(points[:, 0].min() <= mm(CUT_AT) or points[:, 0].max() >= page[0] - mm(CUT_AT))


def edge_parts(points: Floats, page: tuple[int, int]) -> Iterator[Shape]:
    """The pieces of a seal that the left or right edge of the page cuts (骑缝章): arcs, words, star one below another.

    ``points`` are red that belongs to no other seal.
    """
    for away in (points[:, 0], page[0] - points[:, 0]):
        near = points[away <= mm(DEEP)]
        if len(near) < FEWEST:
            continue
        near = near[np.argsort(near[:, 1])]
        for run in np.split(near, np.flatnonzero(np.diff(near[:, 1]) > mm(APART)) + 1):
            low, high = run.min(axis=0), run.max(axis=0)
            tall = float(high[1] - low[1]) / mm(1)
            if len(run) >= FEWEST and PART[0] <= tall <= PART[1] and _ends_at_edge(run, page):
                yield Shape("part", 0.6, low, high, whole=False)


def _ends_at_edge(points: Floats, page: tuple[int, int]) -> bool:
    """Whether the upper and the lower end of a run both reach the edge, as the rim of a cut seal does."""
    low, high = points[:, 1].min(), points[:, 1].max()
    third = (high - low) / 3
    upper, lower = points[points[:, 1] <= low + third], points[points[:, 1] >= high - third]
    return _near_edge(upper, page) and _near_edge(lower, page)


def _near_edge(points: Floats, page: tuple[int, int]) -> bool:
    return bool(points[:, 0].min() <= mm(AT_EDGE) or points[:, 0].max() >= page[0] - mm(AT_EDGE))
