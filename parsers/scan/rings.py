"""Rings of a seal's size in a picture of ink, however strong or dry: the rims of round seals, red or grey.

On a small picture the mean strength along a ring is taken for every place and radius at once, less what stands just
outside it; the best places are then fitted to the page's own pixels, direction by direction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
import numpy.typing as npt

from parsers.ocr.sidebyside import side_by_side
from parsers.scan.units import Gray, Mask, mm

Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]

SMALLER = 6
"""How many times smaller the picture is on which rings are looked for."""
RADII = (9.0, 27.0)
"""Millimetres of a seal's radius."""
BINS = 180
REACHES = (1.6, 1.0, 0.7)
"""Millimetres around a ring in which its rim is looked for, round after round."""
RIM = 0.45
"""Millimetres by which a rim may be off its fitted circle."""
OUTSIDE = (1.1, 2.3)
"""Millimetres beyond a rim where there is paper, but for what lies under the seal."""
LEVEL = 0.4
"""Part of a rim's own strength that counts as ink."""
FAINTEST = 28
"""Strength (0-255) below which there is no ink."""
SEEN = 0.28
"""Part of a ring that must lie on the page and be free of rules."""
TRIED, MOST = 120, 8
PLACES, APART = 12, 5
"""How many of the best places are looked at closely before rings are given up, and how many pixels of the small picture
they lie apart: dense print makes good places, too.
"""
WHOLE, CUT_SHARE = 0.97, 0.75
"""Part of a ring on the page from which it is whole, and of its directions that must show a rim when it is not."""


@dataclass(frozen=True, slots=True)
class Ring:
    """A circle with ink along it: in working pixels; ``share`` of its directions that can be seen show ink."""

    x: float
    y: float
    radius: float
    share: float
    whole: bool


def find_rings(
    ink: Gray,
    least: float,
    *,
    hidden: Mask | None = None,
    mean: float = 0.3,
    edge: bool = True,
    smallest: float = RADII[0],
) -> tuple[Ring, ...]:
    """Rings of at least ``least`` of their directions, the clearest first; each found one is wiped out for the next.

    Args:
        ink: strength of the ink, 255 for full.
        least: part of the directions in which a rim must show.
        hidden: what cannot be judged (255), such as long rules.
        mean: the least mean strength along a ring (of the ink's own) worth a closer look.
        edge: rings may go on beyond the picture's edge; else there is paper.
        smallest: millimetres of the least radius.
    """
    left = ink.copy()
    found: list[Ring] = []
    tried = 0
    while tried < TRIED and len(found) < MOST:
        candidates = _candidates(left, mean, edge=edge, smallest=smallest)
        tried += max(1, len(candidates))
        rings = (_fitted(ink, hidden, x, y, radius) for x, y, radius in candidates)
        ring = next((one for one in rings if one is not None and one.share >= least and not _has(found, one)), None)
        if ring is None:
            break
        found.append(ring)
        cv2.circle(left, (round(ring.x), round(ring.y)), round(ring.radius), 0, 2 * mm(0.8))
    return tuple(ring for ring in found if not any(_is_within(ring, other) for other in found))


def _has(found: Sequence[Ring], ring: Ring) -> bool:
    return any(_same(ring, other) for other in found)


def _is_within(ring: Ring, other: Ring) -> bool:
    """Whether a ring lies in another: a second rim, or one made of words and star."""
    if ring is other or ring.radius >= other.radius:
        return False
    return float(np.hypot(ring.x - other.x, ring.y - other.y)) + ring.radius <= 1.08 * other.radius


def _same(ring: Ring, other: Ring) -> bool:
    """Whether a ring is another rim of a seal: nearly the same middle."""
    apart = float(np.hypot(ring.x - other.x, ring.y - other.y))
    return apart < 0.2 * other.radius and ring.radius < 1.15 * other.radius


def _candidates(ink: Gray, least: float, *, edge: bool, smallest: float = RADII[0]) -> list[tuple[float, float, float]]:
    """Places and radii worth a closer look, best first."""
    high, wide = ink.shape[0] // SMALLER, ink.shape[1] // SMALLER
    if min(high, wide) < 3:
        return []
    small = cv2.resize(ink, (wide, high), interpolation=cv2.INTER_AREA).astype(np.float32)
    strong = small[small > FAINTEST * 0.4]
    if strong.size < 20:
        return []
    small = np.asarray(np.minimum(small / max(12.0, float(np.percentile(strong, 80))), 1.0), np.float32)
    room = mm(RADII[1]) // SMALLER + 2 if edge else mm(3) // SMALLER
    padded = cv2.copyMakeBorder(small, room, room, room, room, cv2.BORDER_CONSTANT, value=0)
    best = np.zeros_like(padded, np.float32)
    radius_of = np.zeros_like(padded, np.float32)
    radii = range(mm(smallest) // SMALLER, mm(RADII[1]) // SMALLER + 1)
    waves = _Waves.of(np.asarray(padded, np.float32), radii[-1])

    def along(radius: int) -> Floats:
        value = waves.summed(_contrast(radius))
        return np.asarray(value * _visible((high, wide), room, radius) if edge else value, np.float32)

    for radius, value in zip(radii, side_by_side(along, radii), strict=True):
        np.copyto(radius_of, radius, where=value > best)
        np.maximum(best, value, out=best)
    places = []
    for _ in range(PLACES):
        _, level, _, (x, y) = cv2.minMaxLoc(best)
        if level < least:
            break
        places.append(((x - room + 0.5) * SMALLER, (y - room + 0.5) * SMALLER, float(radius_of[y, x]) * SMALLER))
        cv2.circle(best, (x, y), APART, 0.0, -1)
    return places


@dataclass(frozen=True, slots=True)
class _Waves:
    """A small picture as its frequencies: they are found once for all the rings that are laid over it."""

    spectrum: Floats
    shape: tuple[int, int]

    @classmethod
    def of(cls, picture: Floats, largest: int) -> _Waves:
        """The frequencies of a picture with so much nothing behind it that no ring reaches round to the other side."""
        high, wide = picture.shape
        beyond = largest + 3
        least = [max(side + beyond, 2 * beyond + 1) for side in (high, wide)]
        size = (cv2.getOptimalDFTSize(least[0]), cv2.getOptimalDFTSize(least[1]))
        return cls(_spectrum(picture, size), (high, wide))

    def summed(self, ring: Floats) -> Floats:
        """The sum along a ring, as even on all sides as a ring is, around each pixel; beyond the picture is nothing."""
        product = cv2.mulSpectrums(self.spectrum, _spectrum(ring, self.spectrum.shape), 0)
        value = cv2.idft(product, flags=cv2.DFT_REAL_OUTPUT | cv2.DFT_SCALE)
        middle = len(ring) // 2
        high, wide = self.shape
        return np.asarray(value[middle : middle + high, middle : middle + wide], np.float32)


def _spectrum(picture: Floats, size: tuple[int, ...]) -> Floats:
    framed = np.zeros(size, np.float32)
    high, wide = picture.shape
    framed[:high, :wide] = picture
    return np.asarray(cv2.dft(framed), np.float32)


def _visible(shape: tuple[int, int], room: int, radius: int) -> Floats:
    """By how much a ring's mean is to be raised for the part of it beyond the page; 0 where too little can be seen.

    Where a ring reaches no edge it is the same everywhere: what is known of a page that is all edges is drawn out.
    """
    reach = radius + 3
    edges = (min(shape[0], 2 * reach + 1), min(shape[1], 2 * reach + 1))
    known = _visible_at_edges(edges, room, radius)
    ahead = room + reach
    rows, columns = (
        np.concatenate([np.arange(ahead), np.full(side - edge, ahead), np.arange(ahead, edge + 2 * room)])
        if side > edge
        else np.arange(side + 2 * room)
        for side, edge in zip(shape, edges, strict=True)
    )
    return np.asarray(known[rows][:, columns], np.float32)


@lru_cache(maxsize=64)
def _visible_at_edges(shape: tuple[int, int], room: int, radius: int) -> Floats:
    page = np.zeros((shape[0] + 2 * room, shape[1] + 2 * room), np.float32)
    page[room:-room, room:-room] = 1.0
    seen = _Waves.of(page, radius).summed(_ring(radius))
    return np.asarray(np.where(seen > SEEN, 1 / np.maximum(seen, SEEN), 0), np.float32)


@lru_cache(maxsize=64)
def _ring(radius: int) -> Floats:
    """A ring one pixel wide whose sum is one, with room for the one around it."""
    size = 2 * radius + 7
    ring = np.zeros((size, size), np.float32)
    cv2.circle(ring, (radius + 3, radius + 3), radius, 1.0, 1)
    return np.asarray(ring / ring.sum(), np.float32)


@lru_cache(maxsize=64)
def _contrast(radius: int) -> Floats:
    """A ring of two pixels, less half of the ring outside it."""
    size = 2 * radius + 7
    ys, xs = np.mgrid[0:size, 0:size].astype(np.float32) - (radius + 3)
    away = np.hypot(xs, ys)
    on, off = (np.abs(away - radius) <= 0.8).astype(np.float32), ((away > radius + 1.4) & (away <= radius + 2.8))
    outside = off.astype(np.float32)
    return np.asarray(1.35 * on / on.sum() - 0.55 * outside / outside.sum(), np.float32)


def _polar(ink: Gray, x: float, y: float, radius: float, reach: int) -> tuple[Floats, npt.NDArray[np.bool_], Doubles]:
    """Strength along rays around a circle, which rays lie on the page, and their angles."""
    angles = (np.arange(BINS) + 0.5) / BINS * 2 * np.pi
    away = radius + np.arange(-reach, reach + 1)
    xs = (x + np.outer(np.cos(angles), away)).astype(np.float32)
    ys = (y + np.outer(np.sin(angles), away)).astype(np.float32)
    rays = cv2.remap(ink, xs, ys, cv2.INTER_LINEAR, borderValue=0).astype(np.float32)
    rim_x, rim_y = xs[:, reach], ys[:, reach]
    on_page = (rim_x >= 0) & (rim_y >= 0) & (rim_x < ink.shape[1]) & (rim_y < ink.shape[0])
    return rays, on_page, angles


def _fitted(ink: Gray, hidden: Mask | None, x: float, y: float, radius: float) -> Ring | None:
    """The circle fitted to the rim's own pixels, ``None`` where it leads nowhere."""
    for reach in (mm(one) for one in REACHES):
        rays, on_page, angles = _polar(ink, x, y, radius, reach)
        smooth = cv2.blur(rays, (3, 1))
        peaks = smooth.max(axis=1)
        level = max(FAINTEST, LEVEL * float(np.percentile(peaks[on_page], 70))) if on_page.any() else 255.0
        used = on_page & (peaks >= level)
        if np.count_nonzero(used) < BINS // 8:
            return None
        weights = np.where(smooth >= np.maximum(level, 0.6 * peaks[:, None]), smooth, 0)
        away = radius + (weights * np.arange(-reach, reach + 1)).sum(axis=1) / np.maximum(weights.sum(axis=1), 1)
        fresh = _circle_through(x + away[used] * np.cos(angles[used]), y + away[used] * np.sin(angles[used]))
        if fresh is None or np.hypot(fresh[0] - x, fresh[1] - y) > 2.5 * reach + mm(1):
            return None
        x, y, radius = fresh
    if not mm(RADII[0]) * 0.92 <= radius <= mm(RADII[1]) * 1.05:
        return None
    return _judged(ink, hidden, x, y, radius)


def _judged(ink: Gray, hidden: Mask | None, x: float, y: float, radius: float) -> Ring | None:
    reach = mm(OUTSIDE[1])
    rays, on_page, _ = _polar(ink, x, y, radius, reach)
    rim = rays[:, reach - mm(RIM) : reach + mm(RIM) + 1].max(axis=1)
    seen = on_page
    if hidden is not None:
        veiled, _, _ = _polar(hidden, x, y, radius, mm(RIM))
        seen = on_page & ~(veiled.max(axis=1) > 0)
    if np.count_nonzero(seen) < SEEN * BINS:
        return None
    level = max(FAINTEST, LEVEL * float(np.percentile(rim[seen], 70)))
    beyond = (rays[:, reach + mm(OUTSIDE[0]) :] >= level).mean(axis=1)
    share = float(np.mean(rim[seen] >= level))
    whole = float(np.mean(on_page)) >= WHOLE
    if not whole and share < CUT_SHARE:
        return None
    if float(np.mean(beyond[seen])) > 0.5 * share:
        return None
    return Ring(x, y, radius, share, whole=whole)


def _circle_through(xs: Doubles, ys: Doubles) -> tuple[float, float, float] | None:
    """The circle of least squares, its worst quarter left out the second time."""
    kept = np.ones(len(xs), bool)
    x = y = square = 0.0
    for _ in range(3):
        system = np.column_stack([2 * xs[kept], 2 * ys[kept], np.ones(np.count_nonzero(kept))])
        (x, y, rest), *_ = np.linalg.lstsq(system, xs[kept] ** 2 + ys[kept] ** 2, rcond=None)
        square = rest + x * x + y * y
        if square <= 1:
            return None
        off = np.abs(np.hypot(xs - x, ys - y) - np.sqrt(square))
        kept = off <= max(float(np.percentile(off, 78)), 1.0)
    return float(x), float(y), float(np.sqrt(square))
