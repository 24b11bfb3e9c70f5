"""Rims of seals that are not red: photocopied, faxed or photographed without colour, they lie in the black layer.

Such a rim is taken for short rules and the words under it cannot be bleached free, so it must be known before rules
are looked for. For each radius a seal may have, the darkness along a ring is measured at every place of a small
picture; the best places are tried on the page itself, where most directions must show a dark rim.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import cv2
import numpy as np
import numpy.typing as npt

from parsers.scan.seals import SealFound
from parsers.scan.units import Gray, Mask, PixelBox, mm

SMALLER = 4
"""How many times smaller the picture is on which rings are looked for."""
RADII = (9.0, 27.0)
"""Millimetres."""
RING_DARK = 0.55
"""Mean darkness along a ring worth trying."""
BEYOND_PAGE = 0.5
"""What is taken for the darkness outside the page, where a rim cannot be seen."""
SAME_SIZE = 0.75
"""A circle much smaller than one it overlaps is no rim."""
TRIED = 24
BINS = 240
RIM = 0.3
"""Millimetres by which a rim may be off its circle."""
ROUND_ENOUGH = 0.62
"""Part of the directions in which a rim must show; text alone reaches half."""
RIM_WIDTH = 1.0
"""Millimetres on both sides of a rim's middle that are kept from the search for rules."""
LIGHTER = 100
"""Grey levels by which a seal must be lighter than the page's black to be bleached: thin strokes are not all black."""
MOST = 8
LONG_RULE = 25.0
"""Millimetres: straight runs this long are rules and say nothing of circles."""

Floats = npt.NDArray[np.float32]


def find_circles(ink: Mask) -> tuple[SealFound, ...]:
    """Circles of a seal's size drawn in the ink of a page, the clearest first."""
    bare, hidden = _without_long_rules(ink)
    high, wide = bare.shape[0] // SMALLER, bare.shape[1] // SMALLER
    if min(high, wide) < 2 * mm(RADII[0]) // SMALLER:
        return ()
    small = cv2.resize(bare, (wide, high), interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    outside = mm(RADII[1]) // SMALLER
    dark = cv2.copyMakeBorder(small, outside, outside, outside, outside, cv2.BORDER_CONSTANT, value=BEYOND_PAGE)
    best = np.zeros_like(dark)
    radius_of = np.zeros_like(dark)
    for radius in range(mm(RADII[0]) // SMALLER, mm(RADII[1]) // SMALLER + 1):
        share = cv2.filter2D(dark, cv2.CV_32F, _ring(radius), borderType=cv2.BORDER_CONSTANT)
        better = share > best
        best[better] = share[better]
        radius_of[better] = radius
    found: list[SealFound] = []
    for _ in range(TRIED):
        _, level, _, (x, y) = cv2.minMaxLoc(best)
        if level < RING_DARK or len(found) >= MOST:
            break
        middle = ((x - outside + 0.5) * SMALLER, (y - outside + 0.5) * SMALLER)
        seal = _tried(bare, hidden, *middle, float(radius_of[y, x]) * SMALLER)
        if seal is not None and not any(_is_between(seal, other) for other in found):
            same = next((k for k, other in enumerate(found) if _share_middle(seal, other)), None)
            if same is None:
                found.append(seal)
            elif found[same].radius < seal.radius:
                found[same] = seal
        cv2.circle(best, (x, y), 3, 0.0, -1)
    return tuple(found)


def _is_between(circle: SealFound, other: SealFound) -> bool:
    """Whether a small circle is made of the words and rims of a larger one."""
    apart = float(np.hypot(circle.middle[0] - other.middle[0], circle.middle[1] - other.middle[1]))
    return circle.radius < SAME_SIZE * other.radius and apart < other.radius + circle.radius


def _share_middle(circle: SealFound, other: SealFound) -> bool:
    """Whether two circles are the rims of one seal: inside one another, not beside."""
    return all(abs(a - b) <= mm(2) for a, b in zip(circle.middle, other.middle, strict=True))


@lru_cache(maxsize=64)
def _ring(radius: int) -> Floats:
    """A ring one pixel wide whose sum is one."""
    size = 2 * radius + 3
    ring = np.zeros((size, size), np.float32)
    cv2.circle(ring, (radius + 1, radius + 1), radius, 1.0, 1)
    return np.asarray(ring / ring.sum(), np.float32)


def _without_long_rules(ink: Mask) -> tuple[Mask, Mask]:
    """The ink without long straight runs, and where these were."""
    length = mm(LONG_RULE)
    level = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
    plumb = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((length, 1), np.uint8))
    hidden = np.asarray(cv2.dilate(cv2.bitwise_or(level, plumb), np.ones((3, 3), np.uint8)), np.uint8)
    return np.asarray(cv2.bitwise_and(ink, cv2.bitwise_not(hidden)), np.uint8), hidden


def _tried(bare: Mask, hidden: Mask, x: float, y: float, radius: float) -> SealFound | None:
    """The circle fitted to the page's own pixels, ``None`` when too few directions show a rim."""
    share = 0.0
    for reach in (0.8, 0.5, RIM):
        points = _rim_points(bare, x, y, radius, mm(reach))
        if len(points) < BINS // 4:
            return None
        system = np.column_stack([2 * points, np.ones(len(points))])
        (x, y, rest), *_ = np.linalg.lstsq(system, np.square(points).sum(axis=1), rcond=None)
        radius = float(np.sqrt(max(1.0, rest + x * x + y * y)))
        share = _share(bare, hidden, x, y, radius)
    if share < ROUND_ENOUGH or not mm(RADII[0]) * 0.9 <= radius <= mm(RADII[1]) * 1.1:
        return None
    high, wide = bare.shape
    box = (
        max(0, round(x - radius)),
        max(0, round(y - radius)),
        min(wide, round(x + radius)),
        min(high, round(y + radius)),
    )
    return SealFound(box, "round", min(0.95, share), (float(x), float(y)), (radius, radius))


def _polar(x: float, y: float, radius: float, reach: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Pixel places of rays around a circle: one row a direction, one column a distance from the rim."""
    angles = (np.arange(BINS) + 0.5) / BINS * 2 * np.pi
    distances = radius + np.arange(-reach, reach + 1)
    xs = np.rint(x + np.outer(np.cos(angles), distances)).astype(np.int64)
    ys = np.rint(y + np.outer(np.sin(angles), distances)).astype(np.int64)
    return xs, ys


def _rim_points(bare: Mask, x: float, y: float, radius: float, reach: int) -> npt.NDArray[np.float64]:
    """The ink near a circle, in the directions that show any: the mean place of each direction."""
    xs, ys = _polar(x, y, radius, reach)
    inside = (xs >= 0) & (ys >= 0) & (xs < bare.shape[1]) & (ys < bare.shape[0])
    values = inside & (bare[ys.clip(0, bare.shape[0] - 1), xs.clip(0, bare.shape[1] - 1)] > 0)
    counts = values.sum(axis=1)
    has = counts > 0
    return np.column_stack([(xs * values).sum(axis=1)[has] / counts[has], (ys * values).sum(axis=1)[has] / counts[has]])


def _share(bare: Mask, hidden: Mask, x: float, y: float, radius: float) -> float:
    """The share of directions, as far as they can be seen, in which the rim is dark."""
    xs, ys = _polar(x, y, radius, mm(RIM))
    inside = (xs >= 0) & (ys >= 0) & (xs < bare.shape[1]) & (ys < bare.shape[0])
    rows, columns = ys.clip(0, bare.shape[0] - 1), xs.clip(0, bare.shape[1] - 1)
    dark = ((bare[rows, columns] > 0) & inside).any(axis=1)
    unseen = ~inside[:, mm(RIM)] | (hidden[rows, columns] > 0).any(axis=1)
    seen = int(np.count_nonzero(~unseen))
    return int(np.count_nonzero(dark & ~unseen)) / max(BINS * 0.3, seen)


def rims_of(circles: Sequence[SealFound], shape: tuple[int, ...]) -> Mask:
    """The pixels along the rims of circles."""
    rims = np.zeros(shape[:2], np.uint8)
    for circle in circles:
        middle = (round(circle.middle[0]), round(circle.middle[1]))
        cv2.circle(rims, middle, round(circle.radius), 255, 2 * mm(RIM_WIDTH))
    return rims


def bleached(gray: Gray, ink: Mask, circles: Sequence[SealFound]) -> Gray:
    """The page with seals that are lighter than its black made white; what is black under them stays."""
    dark = gray[ink > 0]
    black = float(np.percentile(dark, 10)) if dark.size else 0.0
    bare = gray
    for circle in circles:
        rim, disc = np.zeros_like(ink), np.zeros_like(ink)
        middle = (round(circle.middle[0]), round(circle.middle[1]))
        cv2.circle(rim, middle, round(circle.radius), 255, 3)
        level = float(np.percentile(gray[(rim > 0) & (ink > 0)], 30))
        if level < black + LIGHTER:
            continue
        cv2.circle(disc, middle, round(circle.radius) + mm(RIM_WIDTH), 255, -1)
        lit = np.clip(gray.astype(np.float32) * 255.0 / max(1.0, level * 0.95), 0, 255).astype(np.uint8)
        bare = np.where(disc > 0, lit, bare)
    return np.asarray(bare, np.uint8)


def touches(circle: SealFound, box: PixelBox) -> bool:
    """Whether a box lies under a circle, at least in part."""
    x = min(max(circle.middle[0], box[0]), box[2])
    y = min(max(circle.middle[1], box[1]), box[3])
    return float(np.hypot(x - circle.middle[0], y - circle.middle[1])) <= circle.radius + mm(0.6)
