"""Seals in the red layer: where they are and what shape they have.

A round seal is found by its rim: a circle most of whose directions show red, with paper outside it. Rims are taken away
one by one, so seals that overlap are several seals; what is left is looked at for other shapes (``sealshapes``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from parsers.scan.red import Layers
from parsers.scan.rings import RADII, find_rings
from parsers.scan.sealshapes import DEEP, Floats, Shape, clear_shapes, edge_parts, other_shapes
from parsers.scan.units import Gray, Mask, PixelBox, mm

COARSE = 2
MIN_SIZE = 11.0
"""Millimetres of a seal's longer side."""
NARROWEST = 4.5
"""Millimetres of its shorter one: name stamps, and parts of seals at the page's edge."""
LEAST_ROUND = 16.0
"""Millimetres of a patch from which there may be a round seal in it."""
ROUND_ENOUGH = 0.55
"""Part of the directions in which a rim must show."""
CLEAR_OVAL = 0.86
"""The same for an oval that is not taken for a ring."""
SAME_SIZE, CLEAR_RIM = 0.75, 0.85
"""A ring much smaller than the one it overlaps is made of its words and star, unless its rim is clear."""
MAX_SEALS = 30
OVER = 0.3
"""Part of its radius by which a ring may reach out of its group."""
TOGETHER = 8.0
"""Millimetres between the pieces of a dry seal."""
NEAR, FAINT = 5.0, 30
"""Millimetres around sure red within which fainter red (strength 0-255) belongs to it."""
FILLED = 0.72
"""Part of a circle that is red when it is a red picture and no seal."""


@dataclass(frozen=True, slots=True)
class SealFound:
    """A seal: its box, shape and how sure it is one; in working pixels its middle and its half sides or half axes.

    ``turned`` is the angle of its first axis in degrees; ``whole`` is ``False`` when the page's edge cuts it.
    """

    box: PixelBox
    shape: str
    confidence: float
    middle: tuple[float, float] = (0.0, 0.0)
    axes: tuple[float, float] = (0.0, 0.0)
    turned: float = 0.0
    whole: bool = True

    @property
    def radius(self) -> float:
        """The smaller half axis."""
        return min(self.axes)


def find_seals(layers: Layers) -> tuple[SealFound, ...]:
    """The seals of a page's red layer, from top to bottom."""
    red = layers.red
    if not red.any():
        return ()
    strength = np.asarray(255 - layers.red_ink, np.uint8)
    small = _inked(red, strength)
    page = (red.shape[1], red.shape[0])
    found: list[SealFound] = []
    for points in _groups(small):
        if len(found) < MAX_SEALS:
            found += _seals_of(points, strength, page)
    found += _cut(without_seals(small, found, COARSE), page)
    return tuple(sorted(found, key=lambda seal: (seal.box[1], seal.box[0])))


def _cut(small: Mask, page: tuple[int, int]) -> Iterator[SealFound]:
    """Parts of seals at the left and right edges, of what belongs to no other seal."""
    wide = small.shape[1]
    near = small.copy()
    near[:, mm(DEEP) // COARSE : wide - mm(DEEP) // COARSE] = 0
    ys, xs = np.nonzero(near)
    if len(xs):
        points = np.column_stack([xs, ys]).astype(np.float64) * COARSE
        yield from (_of_shape(shape, page) for shape in edge_parts(points, page))


def _groups(small: Mask) -> Iterator[Floats]:
    """Points of red that lie so close together that they may be one seal, the largest group first."""
    gap = mm(TOGETHER) // COARSE
    rough = cv2.resize(small, None, fx=1 / 4, fy=1 / 4, interpolation=cv2.INTER_AREA)
    joined = cv2.morphologyEx((rough > 8).astype(np.uint8), cv2.MORPH_CLOSE, np.ones((gap // 4, gap // 4), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(np.asarray(joined, np.uint8))
    step = COARSE * 4
    for label in sorted(range(1, count), key=lambda place: -int(stats[place][2]) * int(stats[place][3])):
        left, top, wide, high = (int(value) * 4 for value in stats[label][:4])
        if min(wide, high) * COARSE < mm(NARROWEST) or max(wide, high) * COARSE < mm(MIN_SIZE) - step:
            continue
        own = cv2.resize(
            (labels[top // 4 : (top + high) // 4, left // 4 : (left + wide) // 4] == label).astype(np.uint8),
            (wide, high),
            interpolation=cv2.INTER_NEAREST,
        )
        part = small[top : top + high, left : left + wide]
        ys, xs = np.nonzero((part > 0) & (own[: part.shape[0], : part.shape[1]] > 0))
        if len(xs):
            yield np.column_stack([xs + left, ys + top]).astype(np.float64) * COARSE


def _inked(red: Mask, strength: Gray) -> Mask:
    """Red ink on the smaller picture: what is surely red, and what is a little red beside it, as in a pale rim."""
    size = (red.shape[1] // COARSE, red.shape[0] // COARSE)
    sure = cv2.resize(red, size, interpolation=cv2.INTER_AREA) > 60
    reach = mm(NEAR) // COARSE
    near = cv2.dilate(sure.astype(np.uint8), np.ones((reach, reach), np.uint8)) > 0
    faint = cv2.resize(strength, size, interpolation=cv2.INTER_AREA) > FAINT
    return np.asarray((sure | (faint & near)).astype(np.uint8) * 255)


def _seals_of(points: Floats, strength: Gray, page: tuple[int, int]) -> list[SealFound]:
    """The seals of a group of red points."""
    clear, rest = clear_shapes(points, CLEAR_OVAL, page)
    rounds = list(_rounds(rest, strength, page)) if len(rest) else []
    for seal in rounds:
        away = np.hypot(rest[:, 0] - seal.middle[0], rest[:, 1] - seal.middle[1])
        rest = rest[away > seal.radius + mm(1)]
    return [*rounds, *(_of_shape(shape, page) for shape in (*clear, *other_shapes(rest, page)))]


def _rounds(points: Floats, strength: Gray, page: tuple[int, int]) -> Iterator[SealFound]:
    """The round seals of a group; a picture of one seal alone, of unknown scale, is made smaller to be seen."""
    left, top = (int(edge) for edge in points.min(axis=0))
    right, bottom = (int(edge) for edge in points.max(axis=0))
    wide, high = right - left, bottom - top
    if max(wide, high) < mm(LEAST_ROUND):
        return
    x0, y0 = max(0, left - mm(2)), max(0, top - mm(2))
    part = _strength_of(points, strength, (x0, y0, right + mm(2), bottom + mm(2)))
    scale = 1.0 if min(wide, high) <= 4.2 * mm(RADII[1]) else 2 * mm(21) / min(wide, high)
    if scale < 1:
        part = np.asarray(cv2.resize(part, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
    at_edge = _edges((left, top, right, bottom), page)
    largest = 0.0
    for ring in find_rings(np.ascontiguousarray(part), ROUND_ENOUGH, edge=at_edge):
        x, y, radius = ring.x / scale + x0, ring.y / scale + y0, ring.radius / scale
        over = max(left - (x - radius), top - (y - radius), x + radius - right, y + radius - bottom)
        if not at_edge and over > OVER * radius:
            continue
        if (largest and radius < SAME_SIZE * largest and ring.share < CLEAR_RIM) or _is_filled(points, (x, y, radius)):
            continue
        largest = max(largest, radius)
        box = (round(x - radius), round(y - radius), round(x + radius), round(y + radius))
        if not ring.whole:
            box = _on_paper(points, (x, y, radius), box)
        sure = min(0.99, 0.4 + ring.share * 0.65)
        yield SealFound(_within(box, page), "round", sure, (x, y), (radius, radius), whole=ring.whole)


def _on_paper(points: Floats, circle: tuple[float, float, float], box: PixelBox) -> PixelBox:
    """The box of what there is of a ring."""
    x, y, radius = circle
    own = points[np.hypot(points[:, 0] - x, points[:, 1] - y) <= radius + mm(1)]
    if not len(own):
        return box
    (left, top), (right, bottom) = own.min(axis=0), own.max(axis=0)
    return round(left), round(top), round(right) + 1, round(bottom) + 1


def _strength_of(points: Floats, strength: Gray, window: PixelBox) -> Gray:
    """The strength of the ink of a group alone in a window of the page."""
    left, top, right, bottom = window
    part = strength[top:bottom, left:right]
    own = np.zeros_like(part)
    high, wide = part.shape
    places = (points - (left, top)).astype(int)
    own[places[:, 1].clip(0, high - 1), places[:, 0].clip(0, wide - 1)] = 255
    near = cv2.dilate(own, np.ones((2 * COARSE + 1, 2 * COARSE + 1), np.uint8))
    return np.asarray(np.where(near > 0, part, 0), np.uint8)


def _is_filled(points: Floats, circle: tuple[float, float, float]) -> bool:
    """Whether a circle is red nearly all over: a red picture, a red field."""
    x, y, radius = circle
    inside = np.count_nonzero(np.hypot(points[:, 0] - x, points[:, 1] - y) < radius)
    return bool(inside * COARSE**2 > FILLED * np.pi * radius**2)


def _edges(patch: PixelBox, page: tuple[int, int]) -> bool:
    """Whether a group reaches the edge of the page, beyond which its rings may go on."""
    left, top, right, bottom = patch
    reach = mm(1.5)
    return left <= reach or top <= reach or right >= page[0] - reach or bottom >= page[1] - reach


def _of_shape(shape: Shape, page: tuple[int, int]) -> SealFound:
    low, high = shape.low, shape.high
    box = (round(low[0]), round(low[1]), round(high[0]) + 1, round(high[1]) + 1)
    return SealFound(
        _within(box, page), shape.name, shape.confidence, shape.middle, shape.axes, shape.turned, whole=shape.whole
    )


def _within(box: PixelBox, page: tuple[int, int]) -> PixelBox:
    return max(0, box[0]), max(0, box[1]), min(page[0], box[2]), min(page[1], box[3])


def without_seals(red: Mask, seals: Sequence[SealFound], smaller: int = 1) -> Mask:
    """The red that belongs to no seal; ``smaller`` is how many times smaller the picture of it is."""
    loose, grow = red.copy(), mm(1.5)
    for seal in seals:
        left, top = (seal.box[0] - grow) // smaller, (seal.box[1] - grow) // smaller
        right, bottom = (seal.box[2] + grow) // smaller, (seal.box[3] + grow) // smaller
        middle = (round(seal.middle[0] / smaller), round(seal.middle[1] / smaller))
        axes = (round((seal.axes[0] + grow) / smaller), round((seal.axes[1] + grow) / smaller))
        if seal.shape in {"round", "oval"}:
            cv2.ellipse(loose, middle, axes, seal.turned, 0, 360, 0, -1)
        else:
            loose[max(0, top) : bottom, max(0, left) : right] = 0
    return loose
