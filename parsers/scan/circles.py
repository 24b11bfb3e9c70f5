"""Rims of seals that are not red: photocopied, faxed or photographed without colour, they lie in the black layer.

Such a rim is taken for short rules and the words under it cannot be bleached free, so it must be known before rules
are looked for.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from parsers.scan.rings import find_rings
from parsers.scan.seals import SealFound
from parsers.scan.units import Gray, Mask, PixelBox, mm

RING_DARK = 0.3
"""Mean darkness along a ring, less half of that outside it, worth trying."""
LEAST_RADIUS = 12.5
"""Millimetres; characters and signs make smaller circles in black."""
SAME_SIZE = 0.75
"""A circle much smaller than one it overlaps is no rim."""
ROUND_ENOUGH = 0.7
"""Part of the directions in which a rim must show; text alone reaches half."""
PAPER, PALE = 18, 3
"""Grey levels that paper may be off white; how much a pale rim is made stronger to be looked for."""
RIM_WIDTH = 1.0
"""Millimetres on both sides of a rim's middle that are kept from the search for rules."""
LIGHTER = 100
"""Grey levels by which a seal must be lighter than the page's black to be bleached: thin strokes are not all black."""
NEAR_RED = 1.5
"""Millimetres around red, halved, that belong to a red seal."""
UNSEEN = 230.0
"""Grey of a rim, where the page is bleached, from which its words are lost there."""
SURELY_ROUND = 0.9
"""Part of the directions in which a rim must show that is as pale as that."""
LONG_RULE = 25.0
"""Millimetres: straight runs this long are rules and say nothing of circles."""


def find_circles(ink: Mask, gray: Gray | None = None) -> tuple[SealFound, ...]:
    """Circles of a seal's size drawn in the ink of a page, the clearest first; ``gray`` shows those too pale."""
    bare, hidden = _without_long_rules(ink)
    high, wide = bare.shape
    strength = bare
    if gray is not None:
        pale = cv2.subtract(np.full_like(gray, 255 - PAPER), gray)
        pale[(hidden > 0) | (cv2.dilate(ink, np.ones((3, 3), np.uint8)) > 0)] = 0
        strength = np.asarray(np.maximum(bare, np.minimum(pale, 255 // PALE) * PALE), np.uint8)
    found: list[SealFound] = []
    for ring in find_rings(strength, ROUND_ENOUGH, hidden=hidden, mean=RING_DARK, smallest=LEAST_RADIUS):
        box = (
            max(0, round(ring.x - ring.radius)),
            max(0, round(ring.y - ring.radius)),
            min(wide, round(ring.x + ring.radius)),
            min(high, round(ring.y + ring.radius)),
        )
        middle, axes = (ring.x, ring.y), (ring.radius, ring.radius)
        circle = SealFound(box, "round", min(0.95, ring.share), middle, axes, whole=ring.whole)
        if ring.radius >= mm(LEAST_RADIUS) and not any(_is_between(circle, other) for other in found):
            found.append(circle)
    return tuple(found)


def _is_between(circle: SealFound, other: SealFound) -> bool:
    """Whether a small circle is made of the words and rims of a larger one."""
    apart = float(np.hypot(circle.middle[0] - other.middle[0], circle.middle[1] - other.middle[1]))
    return circle.radius < SAME_SIZE * other.radius and apart < other.radius + circle.radius


def _without_long_rules(ink: Mask) -> tuple[Mask, Mask]:
    """The ink without long straight runs, and where these were."""
    length = mm(LONG_RULE)
    level = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
    plumb = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((length, 1), np.uint8))
    hidden = np.asarray(cv2.dilate(cv2.bitwise_or(level, plumb), np.ones((3, 3), np.uint8)), np.uint8)
    return np.asarray(cv2.bitwise_and(ink, cv2.bitwise_not(hidden)), np.uint8), hidden


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
        inked = gray[(rim > 0) & (ink > 0)]
        level = float(np.percentile(inked, 30)) if inked.size else 0.0
        if level < black + LIGHTER:
            continue
        cv2.circle(disc, middle, round(circle.radius) + mm(RIM_WIDTH), 255, -1)
        lit = np.clip(gray.astype(np.float32) * 255.0 / max(1.0, level * 0.95), 0, 255).astype(np.uint8)
        bare = np.where(disc > 0, lit, bare)
    return np.asarray(bare, np.uint8)


def without_red(even: Gray, red: Mask) -> Gray:
    """The evenly lit page with no ink bleached, in which pale grey seals show; what is red is looked for elsewhere."""
    near = cv2.dilate(red, np.ones((mm(NEAR_RED), mm(NEAR_RED)), np.uint8)) > 0
    return np.asarray(np.where(near, 255, even), np.uint8)


def is_pale(circle: SealFound, gray: Gray) -> bool:
    """Whether a seal is too pale to be seen in the page as it is read."""
    rim = np.zeros_like(gray)
    cv2.circle(rim, (round(circle.middle[0]), round(circle.middle[1])), round(circle.radius), 255, 3)
    along = gray[rim > 0]
    return bool(along.size) and float(np.median(along)) > UNSEEN


def is_stain(circle: SealFound, gray: Gray) -> bool:
    """Whether what is too pale to be read is not even round enough: a stain, a shadow, the print of the other side."""
    return circle.confidence < SURELY_ROUND and is_pale(circle, gray)


def touches(circle: SealFound, box: PixelBox) -> bool:
    """Whether a box lies under a circle, at least in part."""
    x = min(max(circle.middle[0], box[0]), box[2])
    y = min(max(circle.middle[1], box[1]), box[3])
    return float(np.hypot(x - circle.middle[0], y - circle.middle[1])) <= circle.radius + mm(0.6)
