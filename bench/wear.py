"""What pages suffer on their way back, one fault at a time: turned, cut, torn, faded, faxed; repeatable by seed.

``samples.paper.degrading`` makes whole conditions; here each fault stands alone, so that a table can say which of them
the finding of pages and cells does not bear.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable

import cv2
import numpy as np
import numpy.typing as npt

from samples.paper import degrading

Rgb = npt.NDArray[np.uint8]
Wear = Callable[[Rgb, random.Random], Rgb]
DPI = 200
DARK = 140
SPECKS = 0.0006
"""Part of a fax's dots that are specks."""
HALF = 0.5
WHITE = (255, 255, 255)


def mm(length: float) -> int:
    """Millimetres as pixels of the pages here."""
    return max(1, round(length * DPI / 25.4))


def leaned(page: Rgb, degrees: float) -> Rgb:
    """Turned by so many degrees on a bed that is large enough."""
    high, wide = page.shape[:2]
    matrix = cv2.getRotationMatrix2D((wide / 2, high / 2), degrees, 1.0)
    cosine, sine = abs(matrix[0, 0]), abs(matrix[0, 1])
    size = (math.ceil(wide * cosine + high * sine), math.ceil(wide * sine + high * cosine))
    matrix[:, 2] += [(size[0] - wide) / 2, (size[1] - high) / 2]
    return _u8(cv2.warpAffine(page, matrix, size, flags=cv2.INTER_CUBIC, borderValue=WHITE))


def curled(page: Rgb, chance: random.Random, depth: float = 5.0) -> Rgb:
    """The page bent like an open book: rows rise and fall by ``depth`` millimetres from side to side."""
    high, wide = page.shape[:2]
    xs, ys = np.meshgrid(np.arange(wide, dtype=np.float32), np.arange(high, dtype=np.float32))
    phase = chance.uniform(0.0, 0.6)
    bend = mm(depth) * np.sin(math.pi * (xs / wide * (1 - phase / 2) + phase / 4))
    return _u8(cv2.remap(page, xs, ys + bend - mm(depth) / 2, cv2.INTER_CUBIC, borderValue=WHITE))


def seen_through(page: Rgb, chance: random.Random) -> Rgb:
    """The print of the other side shines through, mirrored and soft."""
    back = cv2.GaussianBlur(np.ascontiguousarray(page[::-1, ::-1][:, ::-1]), (0, 0), 2.0).astype(np.float32)
    strength = chance.uniform(0.15, 0.3)
    return _u8(np.clip(page - (255 - np.roll(back, mm(6), axis=0)) * strength, 0, 255))


def scaled_on_paper(page: Rgb, factor: float) -> Rgb:
    """Copied smaller or larger on paper of the same size."""
    high, wide = page.shape[:2]
    matrix = np.asarray([[factor, 0, wide * (1 - factor) / 2], [0, factor, high * (1 - factor) / 2]], np.float32)
    return _u8(cv2.warpAffine(page, matrix, (wide, high), flags=cv2.INTER_AREA, borderValue=WHITE))


def cut(page: Rgb, chance: random.Random, lost: float = 12.0) -> Rgb:
    """A margin lost on one side, and the page printed as close to it as a copier lays it: rules may go with it."""
    side = chance.randrange(4)
    turned = np.rot90(page, side)
    ink = np.flatnonzero((turned < DARK).all(axis=2).any(axis=0))
    start = max(mm(lost), int(ink[0]) + mm(chance.uniform(0.5, 4.0)) if len(ink) else 0)
    left = np.full_like(turned, 255)
    left[:, : turned.shape[1] - start] = turned[:, start:]
    return _u8(np.ascontiguousarray(np.rot90(left, -side)))


def black_edged(page: Rgb, chance: random.Random) -> Rgb:
    """The lid was open: black bars along two edges, one of them slanting."""
    page = page.copy()
    high, wide = page.shape[:2]
    thick = mm(chance.uniform(3, 9))
    page[:thick] = 25
    corner = np.asarray([[wide, 0], [wide - thick * 2, 0], [wide - thick // 3, high], [wide, high]], np.int32)
    cv2.fillPoly(page, [corner], (22, 22, 22))
    return page


def punched(page: Rgb, chance: random.Random) -> Rgb:
    """Two punched holes at the left, a staple and its shadow at the top."""
    page = page.copy()
    high = page.shape[0]
    for place in (high // 2 - mm(40), high // 2 + mm(40)):
        cv2.circle(page, (mm(12), place), mm(3), (35, 35, 35), -1)
    x, y = mm(chance.uniform(10, 30)), mm(chance.uniform(8, 16))
    cv2.line(page, (x, y), (x + mm(11), y + mm(2)), (90, 90, 90), mm(0.6))
    cv2.line(page, (x, y + mm(1)), (x + mm(11), y + mm(3)), (190, 190, 190), mm(1.2))
    return page


def faxed(page: Rgb, chance: random.Random) -> Rgb:
    """150 dpi, black or white, specks."""
    small = cv2.resize(cv2.cvtColor(page, cv2.COLOR_RGB2GRAY), None, fx=0.75, fy=0.75, interpolation=cv2.INTER_AREA)
    bits = np.where(small < chance.randint(150, 190), 0, 255).astype(np.uint8)
    specks = np.random.default_rng(chance.randrange(1 << 30)).random(bits.shape) < SPECKS
    return np.repeat(np.where(specks, 0, bits)[..., None], 3, axis=2).astype(np.uint8)


def pale(page: Rgb, chance: random.Random) -> Rgb:
    """A dying toner: black is a light grey, the paper is not white, and there is noise."""
    low = chance.uniform(135, 165)
    return degrading.noisy(_u8(low + page.astype(np.float32) * ((228 - low) / 255)), 4, chance)


def _rules(page: Rgb) -> npt.NDArray[np.bool_]:
    dark = (cv2.cvtColor(page, cv2.COLOR_RGB2GRAY) < DARK).astype(np.uint8)
    level = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((1, mm(7)), np.uint8))
    plumb = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((mm(7), 1), np.uint8))
    return np.asarray(cv2.dilate(cv2.bitwise_or(level, plumb), np.ones((3, 3), np.uint8)) > 0)


def gapped(page: Rgb, chance: random.Random, patches: int = 22) -> Rgb:
    """Rules lost in patches of 8 to 30 millimetres; what is written there stays."""
    rules = _rules(page)
    lost = np.zeros(rules.shape, bool)
    ys, xs = np.nonzero(rules)
    for _ in range(patches):
        index = chance.randrange(len(ys))
        reach_x, reach_y = mm(chance.uniform(4, 15)), mm(chance.uniform(4, 15))
        y, x = int(ys[index]), int(xs[index])
        lost[max(0, y - reach_y) : y + reach_y, max(0, x - reach_x) : x + reach_x] = True
    out = page.copy()
    out[rules & lost] = 255
    return out


def streaked(page: Rgb, chance: random.Random) -> Rgb:
    """Two white streaks of a worn drum, one down the page and one across."""
    out = page.copy()
    x, y = round(page.shape[1] * chance.uniform(0.2, 0.8)), round(page.shape[0] * chance.uniform(0.3, 0.8))
    out[:, x : x + mm(1.2)] = 255
    out[y : y + mm(0.8)] = 255
    return out


def bare(page: Rgb, chance: random.Random) -> Rgb:  # noqa: ARG001 - the shape of all wear
    """No rules at all."""
    out = page.copy()
    out[_rules(page)] = 255
    return out


def ghostly(page: Rgb, chance: random.Random) -> Rgb:
    """Rules faded to a light grey, the text still black."""
    out = page.copy()
    out[_rules(page)] = chance.randint(205, 228)
    return degrading.noisy(out, 3, chance)


def torn(page: Rgb, chance: random.Random) -> Rgb:
    """A corner is gone: the dark of the bed, or white, shows there."""
    out = page.copy()
    high, wide = page.shape[:2]
    x, y = mm(chance.uniform(25, 60)), mm(chance.uniform(25, 60))
    left, top = chance.random() < HALF, chance.random() < HALF
    corner = (0 if left else wide, 0 if top else high)
    triangle = [corner, (x if left else wide - x, corner[1]), (corner[0], y if top else high - y)]
    shade = chance.choice((30, 255))
    cv2.fillPoly(out, [np.asarray(triangle, np.int32)], (shade, shade, shade))
    return out


def turned(quarters: int) -> Wear:
    """Laid down turned by quarters, and a little askew."""
    return lambda page, chance: leaned(np.ascontiguousarray(np.rot90(page, quarters)), chance.uniform(-1, 1))


def _u8(values: object) -> Rgb:
    return np.asarray(np.clip(np.rint(np.asarray(values, np.float32)), 0, 255), np.uint8)


WEAR: dict[str, Wear] = {
    "clean": lambda page, _: page,
    "turned-90": turned(1),
    "turned-180": turned(2),
    "turned-270": turned(3),
    "skew-15": lambda page, chance: leaned(page, chance.choice((-1, 1)) * chance.uniform(8, 15)),
    "photo": lambda page, chance: degrading.packed(degrading.photographed(page, chance), 75),
    "photo-far": lambda page, chance: degrading.packed(degrading.photographed(page, chance, lean=0.13), 75),
    "photo-180": lambda page, chance: degrading.photographed(np.ascontiguousarray(page[::-1, ::-1]), chance),
    "curl": curled,
    "shadow": lambda page, chance: degrading.unevenly_lit(page, chance, depth=0.6),
    "through": seen_through,
    "scale-90": lambda page, _: scaled_on_paper(page, 0.9),
    "scale-105": lambda page, _: scaled_on_paper(page, 1.05),
    "cut-12mm": cut,
    "black-edge": black_edged,
    "punched": punched,
    "fax": faxed,
    "pale": pale,
    "gaps": gapped,
    "streaks": streaked,
    "ghost-rules": ghostly,
    "no-rules": bare,
    "torn": torn,
    "copier": lambda page, chance: degrading.copied(degrading.noisy(page, 5, chance), chance),
}
"""Name -> what is done to a page of 200 dpi."""
