"""The words along the rim of a round or oval seal, laid straight for a recogniser.

The band inside the rim is sampled along the ellipse, clockwise, so that characters whose feet point to the middle
stand upright. It is cut where the name leaves its widest gap; small figures at the lower rim and straight words do not
count as the name, for they stand nearer to the rim or to the middle. Rims of other seals that run across are
no words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from parsers.scan.seals import SealFound
from parsers.scan.units import Gray, mm

Floats = npt.NDArray[np.float64]

ARCHED = frozenset({"round", "oval"})
"""Shapes of seals whose words run along the rim."""

BAND = (0.035, 0.40)
"""Depth below the rim, as part of the smaller radius, between which the words stand."""
NAME = (0.17, 0.29)
"""Depth in which every character of the name has ink, but no figure of the code and hardly a straight word."""
ARC = 0.8
"""Part of the radius at which the words are measured: there the strip is as long as they are."""
INKED, FAINTEST = 0.3, 24
"""Part of a seal's own strength that counts as ink, and the level (0-255) that does so at least."""
LEAST_FILLED = 0.1
"""Part of the ring that must hold words."""
LEAST_FRAMED = 0.03
"""Part of the inside of a frame that must be inked."""
CHARACTER = 0.13
"""Gaps narrower than this part of the radius are those between and inside characters."""
BELOW, BELOW_WIDE = (0.33, 0.64), 0.72
"""Parts of the radius below the middle, and to both sides of it, between which straight words stand."""
RIM = 1.5
"""Millimetres that the rim of another seal is wide."""
LETTERS = 0.2
"""The same for gaps between characters that are set wide."""
MARGIN = 0.12
"""Part of the radius left before and behind the words."""


@dataclass(frozen=True, slots=True)
class Around:
    """The band inside a rim as a closed ring: its ink, which of its columns hold words, and how strong its ink is."""

    strip: Gray
    filled: npt.NDArray[np.bool_]
    strong: float

    def laid(self, part: Gray) -> Gray:
        """A part of the band as a picture of dark words, full ink as black."""
        return np.asarray(255 - np.clip(part.astype(np.float32) * 255 / max(40.0, 0.9 * self.strong), 0, 255), np.uint8)


def strip_of(red_ink: Gray, seal: SealFound, others: Sequence[SealFound] = ()) -> Gray | None:
    """The words of a seal of any shape as one line, ``None`` where it has none.

    Args:
        red_ink: the strength of the ink, 0 for full.
        seal: whose words are wanted.
        others: all seals of the page.
    """
    if seal.shape in {"square", "stamp"}:
        return straight_strip(red_ink, seal)
    if seal.shape not in ARCHED:
        return None
    ring = ring_of(red_ink, seal, others)
    return _line_of(ring, min(seal.axes)) if ring is not None else None


def ring_of(red_ink: Gray, seal: SealFound, others: Sequence[SealFound] = ()) -> Around | None:
    """The band inside the rim of a round or oval seal, rims of ``others`` no words; ``None`` without words."""
    crossing = [one for one in others if one is not seal and one.shape == "round" and _is_across(one, seal)]
    return _around(red_ink, seal, _without_rims(red_ink, crossing) if crossing else None)


def _is_across(one: SealFound, seal: SealFound) -> bool:
    apart = float(np.hypot(one.middle[0] - seal.middle[0], one.middle[1] - seal.middle[1]))
    return apart < max(one.axes) + max(seal.axes)


def _without_rims(red_ink: Gray, seals: Sequence[SealFound]) -> Gray:
    bare = red_ink.copy()
    for seal in seals:
        cv2.circle(bare, (round(seal.middle[0]), round(seal.middle[1])), round(seal.radius), 255, mm(RIM))
    return bare


def _line_of(ring: Around, radius: float) -> Gray:
    """The ring cut open where it leaves its widest gap."""
    start, length = widest_gap(ring.filled)
    turn = -(start + length // 2)
    rolled, places = np.roll(ring.strip, turn, axis=1), np.flatnonzero(np.roll(ring.filled, turn))
    margin = min(round(MARGIN * radius), length // 2)
    return ring.laid(rolled[:, max(0, places[0] - margin) : places[-1] + 1 + margin])


def _around(red_ink: Gray, seal: SealFound, bare: Gray | None) -> Around | None:
    """The band inside a rim; ``bare`` is the ink without what runs across, and says where there are words."""
    radius = min(seal.axes)
    if radius <= 0:
        return None
    strip = _unrolled(255 - red_ink, seal)
    clear = _unrolled(255 - bare, seal) if bare is not None else strip
    depth = strip.shape[0] / (BAND[1] - BAND[0])
    name = clear[round((NAME[0] - BAND[0]) * depth) : round((NAME[1] - BAND[0]) * depth)]
    strong = max(1.0, float(np.percentile(strip, 97)))
    filled = (name > max(FAINTEST, INKED * strong)).sum(axis=0) >= max(2, round(0.12 * len(name)))
    filled = closed(filled, round(CHARACTER * radius))
    if np.count_nonzero(filled) < filled.size * LEAST_FILLED:
        return None
    return Around(strip, filled, strong)


def below_strip(red_ink: Gray, seal: SealFound, others: Sequence[SealFound] = ()) -> Gray | None:
    """The straight words below a round seal's middle (业务专用章) laid level, ``None`` where nothing stands there.

    Down is opposite to the middle of the name, so the seal may be turned as it likes. Arguments as of
    :func:`strip_of`; seals that overlap another are left out, for the other's ink is no word.
    """
    if seal.shape != "round" or any(one is not seal and _is_across(one, seal) for one in others):
        return None
    around = _around(red_ink, seal, None)
    if around is None:
        return None
    radius = min(seal.axes)
    filled = closed(around.filled, round(LETTERS * radius))
    down = 180.0 + 360.0 * _middle_of_longest(filled) / filled.size + seal.turned
    matrix = np.asarray(cv2.getRotationMatrix2D(seal.middle, down - 90.0, 1.0), np.float64)
    size = (round(2 * BELOW_WIDE * radius), round((BELOW[1] - BELOW[0]) * radius))
    matrix[:, 2] += np.asarray([size[0] / 2 - seal.middle[0], -BELOW[0] * radius - seal.middle[1]])
    level = cv2.warpAffine(red_ink, matrix, size, borderValue=255)
    inked = np.asarray(255 - level > INKED * around.strong)
    if float(np.mean(inked)) < LEAST_FRAMED:
        return None
    strength = np.clip((255 - level).astype(np.float32) * 255 / max(40.0, 0.9 * around.strong), 0, 255)
    return np.asarray(255 - strength, np.uint8)


def _unrolled(ink: Gray, seal: SealFound) -> Gray:
    """The band inside the rim as a strip: rows from the rim inwards, columns clockwise."""
    wide, high = seal.axes
    turn = np.radians(seal.turned)
    fine = np.linspace(0, 2 * np.pi, 1441)
    edge = np.column_stack([wide * ARC * np.cos(fine), high * ARC * np.sin(fine)])
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(edge, axis=0).T))])
    angles = np.interp(np.arange(round(along[-1])), along, fine)
    radius = min(wide, high)
    depths = np.arange(round(BAND[0] * radius), round(BAND[1] * radius), dtype=np.float64)
    normal = np.column_stack([np.cos(angles) / wide, np.sin(angles) / high])
    normal /= np.linalg.norm(normal, axis=1, keepdims=True)
    x = wide * np.cos(angles) - depths[:, None] * normal[:, 0]
    y = high * np.sin(angles) - depths[:, None] * normal[:, 1]
    map_x = seal.middle[0] + x * np.cos(turn) - y * np.sin(turn)
    map_y = seal.middle[1] + x * np.sin(turn) + y * np.cos(turn)
    seen = cv2.remap(ink, map_x.astype(np.float32), map_y.astype(np.float32), cv2.INTER_LINEAR, borderValue=0)
    return np.asarray(seen, np.uint8)


def closed(filled: npt.NDArray[np.bool_], gap: int) -> npt.NDArray[np.bool_]:
    """A closed ring without its gaps that are narrower than ``gap``."""
    thrice = np.concatenate([filled, filled, filled]).astype(np.uint8)[None] * 255
    closed = cv2.morphologyEx(thrice, cv2.MORPH_CLOSE, np.ones((1, gap | 1), np.uint8))
    return np.asarray(closed[0, filled.size : 2 * filled.size] > 0)


def widest_gap(filled: npt.NDArray[np.bool_]) -> tuple[int, int]:
    """Start and length of the longest run of empty columns on a closed ring."""
    edges = np.flatnonzero(filled)
    if not edges.size:
        return 0, filled.size
    ends = np.append(edges[1:], edges[0] + filled.size)
    widest = int(np.argmax(ends - edges))
    return int(edges[widest] + 1) % filled.size, int(ends[widest] - edges[widest] - 1)


def _middle_of_longest(filled: npt.NDArray[np.bool_]) -> float:
    """The middle of the longest run of filled columns on a closed ring."""
    start, length = widest_gap(~filled)
    return start + length / 2


def straight_strip(red_ink: Gray, seal: SealFound) -> Gray | None:
    """The inside of a frame turned level, of a stamp with a name; ``None`` where there is nothing."""
    wide, high = seal.axes
    if min(wide, high) <= 0:
        return None
    inset = 0.86
    size = (max(8, round(2 * wide * inset)), max(8, round(2 * high * inset)))
    matrix = np.asarray(cv2.getRotationMatrix2D(seal.middle, seal.turned, 1.0), np.float64)
    matrix[:, 2] += np.asarray([size[0] / 2 - seal.middle[0], size[1] / 2 - seal.middle[1]])
    level = cv2.warpAffine(red_ink, matrix, size, borderValue=255)
    inked = float(np.mean(level < 128))
    if inked < LEAST_FRAMED:
        return None
    is_white_on_red = inked > 0.5
    return np.asarray(255 - level if is_white_on_red else level, np.uint8)
