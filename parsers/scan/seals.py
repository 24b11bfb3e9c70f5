"""Seals in the red layer: where they are, what shape they have, and the words along the rim of a round one.

A round seal is found by its rim: a circle most of whose directions show red. Rims are taken away one by one, so seals
that overlap are several seals. The words are a hint to be matched against known units, not a value.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from parsers.scan.units import Gray, Mask, PixelBox, mm

Floats = npt.NDArray[np.float64]

COARSE = 2
MIN_SIZE, MAX_SIZE = 11.0, 62.0
"""Millimetres of a seal's sides."""
RADII = (9.0, 27.0)
"""Millimetres a round seal's radius has; a picture of a seal alone, of unknown scale, may show a larger one."""
RIM = 0.7
"""Millimetres by which a rim may be off its circle."""
BINS = 90
ROUND_ENOUGH = 0.5
"""Part of the directions in which a rim must show."""
SAME_SIZE, CLEAR_RIM = 0.75, 0.8
"""A circle much smaller than the one it overlaps is made of its words and star, unless its rim is clear."""
TRIES = 500
BAND = (0.62, 0.955)
"""Part of the radius between which the words along the rim stand."""
MAX_SEALS = 30


@dataclass(frozen=True, slots=True)
class SealFound:
    """A seal: its box, shape, how sure it is one, and for a round one its middle and radius (working pixels)."""

    box: PixelBox
    shape: str
    confidence: float
    middle: tuple[float, float] = (0.0, 0.0)
    radius: float = 0.0


def find_seals(red: Mask) -> tuple[SealFound, ...]:
    """The seals of a page, from top to bottom."""
    small = cv2.resize(red, None, fx=1 / COARSE, fy=1 / COARSE, interpolation=cv2.INTER_AREA)
    small = (small > 60).astype(np.uint8) * 255
    joined = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((mm(2.5) // COARSE, mm(2.5) // COARSE), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(np.asarray(joined, np.uint8))
    found: list[SealFound] = []
    for label in sorted(range(1, count), key=lambda place: -int(stats[place][2]) * int(stats[place][3])):
        left, top, wide, high = (float(value) * COARSE for value in stats[label][:4])
        if min(wide, high) < mm(MIN_SIZE * 0.6) or max(wide, high) < mm(MIN_SIZE) or len(found) >= MAX_SEALS:
            continue
        if any(_holds(seal.box, (left + wide / 2, top + high / 2)) for seal in found):
            continue
        ys, xs = np.nonzero((labels == label) & (small > 0))
        points = np.column_stack([xs, ys]).astype(np.float64) * COARSE
        found += _seals_of(points, (red.shape[1], red.shape[0]))
    return tuple(sorted(found, key=lambda seal: (seal.box[1], seal.box[0])))


def _holds(box: PixelBox, point: tuple[float, float]) -> bool:
    return box[0] <= point[0] <= box[2] and box[1] <= point[1] <= box[3]


def _seals_of(points: Floats, page: tuple[int, int]) -> list[SealFound]:
    """The seals of one patch of red."""
    rounds: list[SealFound] = []
    left = points
    while len(left) > 60 and len(rounds) < 8:
        circle = _circle(left, page)
        if circle is None:
            break
        x, y, radius, share = circle
        if rounds and radius < SAME_SIZE * rounds[0].radius and share < CLEAR_RIM:
            break
        box = (round(x - radius), round(y - radius), round(x + radius), round(y + radius))
        rounds.append(SealFound(_within(box, page), "round", min(0.99, 0.4 + share * 0.65), (x, y), radius))
        away = np.hypot(left[:, 0] - x, left[:, 1] - y)
        alone = not np.any(away > radius + mm(2.5))
        left = left[(away > radius + mm(RIM)) | (away < radius - mm(1.6))]
        if alone or radius > mm(RADII[1]):
            break
    return rounds or _other_shape(points, page)


def _within(box: PixelBox, page: tuple[int, int]) -> PixelBox:
    return max(0, box[0]), max(0, box[1]), min(page[0], box[2]), min(page[1], box[3])


def _circle(points: Floats, page: tuple[int, int]) -> tuple[float, float, float, float] | None:
    """The circle that shows red in most directions: middle, radius, and the share of its directions."""
    chance = np.random.default_rng(7)
    rim = _outline(points)
    if len(rim) < 12:
        return None
    sample = points if len(points) <= 4000 else points[chance.choice(len(points), 4000, replace=False)]
    largest = max(mm(RADII[1]), float(np.ptp(points, axis=0).max()) * 0.52)
    best = (0.0, 0.0, 0.0, 0.0)
    for _ in range(TRIES):
        x, y, radius = _through(*rim[chance.choice(len(rim), 3, replace=False)])
        if not mm(RADII[0]) <= radius <= largest:
            continue
        share = _share(sample, (x, y, radius), page)
        if share * radius**0.25 > best[3] * max(1.0, best[2]) ** 0.25:
            best = (x, y, radius, share)
    if best[3] < ROUND_ENOUGH:
        return None
    return _refined(points, best, page)


def _outline(points: Floats) -> Floats:
    """Points on the outer contours of a patch."""
    low = points.min(axis=0) - 2
    size = np.ceil((points.max(axis=0) - low + 4) / COARSE).astype(int)
    mask = np.zeros((int(size[1]) + 2, int(size[0]) + 2), np.uint8)
    where = ((points - low) / COARSE).astype(int)
    mask[where[:, 1], where[:, 0]] = 255
    mask = np.asarray(cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8)), np.uint8)
    contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    long = [contour.reshape(-1, 2) for contour in contours if len(contour) > 20]
    return np.concatenate(long).astype(np.float64) * COARSE + low if long else np.zeros((0, 2))


def _through(first: Floats, second: Floats, third: Floats) -> tuple[float, float, float]:
    """Middle and radius of the circle through three points; radius 0 when they are in line."""
    (ax, ay), (bx, by), (cx, cy) = first, second, third
    twice = 2 * (ax * (by - cy) + bx * (cy - ay) + cx * (ay - by))
    if abs(twice) < 1e-6:
        return 0.0, 0.0, 0.0
    a, b, c = ax * ax + ay * ay, bx * bx + by * by, cx * cx + cy * cy
    x = (a * (by - cy) + b * (cy - ay) + c * (ay - by)) / twice
    y = (a * (cx - bx) + b * (ax - cx) + c * (bx - ax)) / twice
    return float(x), float(y), float(np.hypot(ax - x, ay - y))


def _share(points: Floats, circle: tuple[float, float, float], page: tuple[int, int]) -> float:
    """The share of a circle's directions, as far as they lie on the page, in which its rim is red."""
    x, y, radius = circle
    dx, dy = points[:, 0] - x, points[:, 1] - y
    on_rim = np.abs(np.hypot(dx, dy) - radius) <= mm(RIM)
    bins = ((np.arctan2(dy[on_rim], dx[on_rim]) + np.pi) / (2 * np.pi) * BINS).astype(int) % BINS
    angles = (np.arange(BINS) + 0.5) / BINS * 2 * np.pi - np.pi
    rim_x, rim_y = x + radius * np.cos(angles), y + radius * np.sin(angles)
    on_page = (rim_x >= 0) & (rim_y >= 0) & (rim_x < page[0]) & (rim_y < page[1])
    seen = np.zeros(BINS, bool)
    seen[bins] = True
    return int(np.count_nonzero(seen & on_page)) / max(BINS * 0.3, float(np.count_nonzero(on_page)))


def _refined(
    points: Floats, circle: tuple[float, float, float, float], page: tuple[int, int]
) -> tuple[float, float, float, float]:
    """The circle fitted to all points of its rim (least squares)."""
    x, y, radius, share = circle
    near = np.abs(np.hypot(points[:, 0] - x, points[:, 1] - y) - radius) <= mm(RIM)
    rim = points[near]
    if len(rim) < 20:
        return circle
    system = np.column_stack([2 * rim, np.ones(len(rim))])
    (fx, fy, rest), *_ = np.linalg.lstsq(system, np.square(rim).sum(axis=1), rcond=None)
    fitted = (float(fx), float(fy), float(np.sqrt(max(1.0, rest + fx * fx + fy * fy))))
    better = _share(points, fitted, page)
    return (*fitted, better) if better >= share else circle


def _other_shape(points: Floats, page: tuple[int, int]) -> list[SealFound]:
    """An oval or a square seal, or red that is one but of no clear shape."""
    low, high = points.min(axis=0), points.max(axis=0)
    box = (round(low[0]), round(low[1]), round(high[0]) + 1, round(high[1]) + 1)
    sides = (high - low) / mm(1)
    longest, shortest = float(np.max(sides)), float(np.min(sides))
    if longest > MAX_SIZE or shortest < MIN_SIZE * 0.6 or longest > 2.2 * shortest:
        return []
    rectangle = cv2.minAreaRect(points.astype(np.float32))
    share = _frame_share(points, rectangle)
    if share > 0.6:
        return [SealFound(_within(box, page), "square", min(0.97, 0.3 + share * 0.7))]
    ellipse = cv2.fitEllipse(cv2.convexHull(points.astype(np.float32))) if len(points) > 60 else None
    if ellipse is not None and _ellipse_share(points, ellipse) > 0.6:
        return [SealFound(_within(box, page), "oval", 0.85)]
    if shortest >= MIN_SIZE and len(points) * COARSE**2 > 0.04 * sides[0] * sides[1] * mm(1) ** 2:
        return [SealFound(_within(box, page), "unclear", 0.4)]
    return []


def _frame_share(points: Floats, rectangle: cv2.typing.RotatedRect) -> float:
    """The share of a turned rectangle's sides along which there is red."""
    (cx, cy), (wide, high), degrees = rectangle
    angle = np.radians(degrees)
    shifted = points - (cx, cy)
    x = shifted @ (np.cos(angle), np.sin(angle)) / max(wide / 2, 1)
    y = shifted @ (-np.sin(angle), np.cos(angle)) / max(high / 2, 1)
    seen = 0
    for along, across in ((x, y), (x, -y), (y, x), (y, -x)):
        near = across > 1 - 2 * mm(1.0) / max(1.0, min(wide, high))
        seen += len(np.unique(np.clip((along[near] + 1) * 10, 0, 19).astype(int)))
    return seen / 80


def _ellipse_share(points: Floats, ellipse: cv2.typing.RotatedRect) -> float:
    (cx, cy), (wide, high), degrees = ellipse
    if not 0.35 < min(wide, high) / max(wide, high, 1) < 0.97:
        return 0.0
    angle = np.radians(degrees)
    shifted = points - (cx, cy)
    x = shifted @ (np.cos(angle), np.sin(angle)) / (wide / 2)
    y = shifted @ (-np.sin(angle), np.cos(angle)) / (high / 2)
    rim = np.abs(np.hypot(x, y) - 1) < 2 * mm(0.9) / min(wide, high)
    bins = ((np.arctan2(y[rim], x[rim]) + np.pi) / (2 * np.pi) * BINS).astype(int) % BINS
    return len(np.unique(bins)) / BINS


def rim_strip(red_ink: Gray, seal: SealFound) -> Gray | None:
    """The words along the rim laid straight, beginning at the widest gap; ``None`` where there is nothing."""
    around = round(2 * np.pi * seal.radius * 0.8)
    turned = cv2.warpPolar(
        255 - red_ink, (round(seal.radius), around), seal.middle, seal.radius, cv2.INTER_LINEAR | cv2.WARP_POLAR_LINEAR
    )
    band = turned[:, round(BAND[0] * seal.radius) : round(BAND[1] * seal.radius)]
    strip = np.ascontiguousarray(band.T[::-1])
    filled = strip.max(axis=0) > 90
    if np.count_nonzero(filled) < around * 0.1:
        return None
    start, length = _widest_gap(filled)
    rolled = np.roll(strip, -(start + length // 2), axis=1)
    places = np.flatnonzero(np.roll(filled, -(start + length // 2)))
    cut = rolled[:, max(0, places[0] - 8) : places[-1] + 9]
    strong = float(np.percentile(cut, 97))
    return np.asarray(255 - np.clip(cut.astype(np.float32) * 255 / max(60.0, strong), 0, 255), np.uint8)


def _widest_gap(filled: npt.NDArray[np.bool_]) -> tuple[int, int]:
    """Start and length of the longest run of empty columns on a closed ring."""
    twice = np.concatenate([filled, filled])
    best, start, run = (0, 0), 0, 0
    for place, full in enumerate(twice.tolist()):
        if full:
            run = 0
            continue
        if run == 0:
            start = place
        run += 1
        if run > best[1] and run <= len(filled):
            best = (start % len(filled), run)
    return best


def without_seals(red: Mask, seals: Sequence[SealFound]) -> Mask:
    """The red that belongs to no seal."""
    loose = red.copy()
    for seal in seals:
        left, top, right, bottom = seal.box
        grow = mm(1.5)
        loose[max(0, top - grow) : bottom + grow, max(0, left - grow) : right + grow] = 0
    return loose
