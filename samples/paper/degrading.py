"""What happens to a page between the printer and us: copier, scanner, fax, phone; repeatable by seed."""

from __future__ import annotations

import random
from collections.abc import Callable

import cv2
import numpy as np
import numpy.typing as npt

Rgb = npt.NDArray[np.uint8]
Condition = Callable[[Rgb, random.Random], Rgb]


def skewed(page: Rgb, degrees: float) -> Rgb:
    """The page turned by a few degrees on white."""
    high, wide = page.shape[:2]
    matrix = cv2.getRotationMatrix2D((wide / 2, high / 2), degrees, 1.0)
    return _u8(cv2.warpAffine(page, matrix, (wide, high), flags=cv2.INTER_CUBIC, borderValue=(255, 255, 255)))


def noisy(page: Rgb, sigma: float, chance: random.Random) -> Rgb:
    """Sensor noise."""
    noise = np.random.default_rng(chance.randrange(1 << 30)).normal(0, sigma, page.shape)
    return _u8(np.clip(page + noise, 0, 255))


def blurred(page: Rgb, sigma: float) -> Rgb:
    """Soft focus, ``sigma`` in pixels."""
    return _u8(cv2.GaussianBlur(page, (0, 0), sigma))


def packed(page: Rgb, quality: int) -> Rgb:
    """Through JPEG and back."""
    done, data = cv2.imencode(".jpg", page[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not done or data is None:
        raise ValueError("JPEG encoding failed")
    unpacked = cv2.imdecode(data, cv2.IMREAD_COLOR)
    if unpacked is None:
        raise ValueError("JPEG decoding failed")
    return _u8(unpacked[..., ::-1])


def unevenly_lit(page: Rgb, chance: random.Random, depth: float = 0.35) -> Rgb:
    """Light that falls off towards a side, and the soft edge of a shadow."""
    high, wide = page.shape[:2]
    ys, xs = np.mgrid[0:high, 0:wide].astype(np.float32)
    angle = chance.uniform(0, 2 * np.pi)
    slope = np.cos(angle) * xs / wide + np.sin(angle) * ys / high
    light = 1 - depth * (slope - slope.min()) / max(1e-6, float(np.ptp(slope)))
    edge = (xs * np.cos(angle + 1) + ys * np.sin(angle + 1)) / wide - chance.uniform(0.2, 0.8)
    light *= 1 - 0.18 / (1 + np.exp(-edge * 60))
    return _u8(np.clip(page * light[..., None], 0, 255))


def photographed(page: Rgb, chance: random.Random, lean: float = 0.06) -> Rgb:
    """The page on a desk, seen from an angle: perspective, desk around it, uneven light."""
    high, wide = page.shape[:2]
    pad = 0.08
    corners = np.asarray([[0, 0], [wide, 0], [wide, high], [0, high]], np.float32)
    jitter = np.asarray([[chance.uniform(0, lean) * wide, chance.uniform(0, lean) * high] for _ in range(4)])
    signs = np.asarray([[1, 1], [-1, 1], [-1, -1], [1, -1]], np.float32)
    target = corners + jitter * signs + np.asarray([wide * pad, high * pad], np.float32)
    size = (round(wide * (1 + 2 * pad)), round(high * (1 + 2 * pad)))
    matrix = cv2.getPerspectiveTransform(corners, np.asarray(target, np.float32))
    desk = np.full((size[1], size[0], 3), (92, 74, 58), np.uint8)
    desk = noisy(desk, 9, chance)
    seen = cv2.warpPerspective(page, matrix, size, flags=cv2.INTER_CUBIC)
    mask = cv2.warpPerspective(np.full((high, wide), 255, np.uint8), matrix, size)[..., None] / 255.0
    return unevenly_lit(_u8(seen * mask + desk * (1 - mask)), chance)


def resized(page: Rgb, factor: float) -> Rgb:
    """The page at another resolution."""
    how = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    return _u8(cv2.resize(page, None, fx=factor, fy=factor, interpolation=how))


def copied(page: Rgb, chance: random.Random) -> Rgb:
    """Through a copier: grey, contrast up, a black edge, specks."""
    grey = cv2.cvtColor(page, cv2.COLOR_RGB2GRAY).astype(np.float32)
    grey = np.clip((grey - 40) * 1.25, 0, 255)
    random_state = np.random.default_rng(chance.randrange(1 << 30))
    for _ in range(60):
        y, x = int(random_state.integers(0, grey.shape[0])), int(random_state.integers(0, grey.shape[1]))
        cv2.circle(grey, (x, y), int(random_state.integers(1, 3)), 40.0, -1)
    edge = chance.randint(6, 24)
    grey[:, :edge] = 30
    return np.repeat(_u8(grey)[..., None], 3, axis=2)


def _u8(array: object) -> Rgb:
    return np.asarray(np.rint(np.asarray(array)) if np.asarray(array).dtype != np.uint8 else array, np.uint8)


CONDITIONS: dict[str, Condition] = {
    "clean": lambda page, _: page,
    "skew": lambda page, chance: skewed(page, chance.choice((-1, 1)) * chance.uniform(1, 4.5)),
    "noise": lambda page, chance: noisy(page, 12, chance),
    "jpeg40": lambda page, chance: packed(noisy(page, 4, chance), 40),
    "scanmix": lambda page, chance: packed(blurred(noisy(skewed(page, chance.uniform(-2, 2)), 8, chance), 0.7), 60),
    "low150": lambda page, _: packed(resized(page, 0.75), 50),
    "copier": lambda page, chance: copied(noisy(page, 5, chance), chance),
    "phone": lambda page, chance: packed(noisy(photographed(page, chance), 4, chance), 75),
}
"""Name -> what is done to a page of 200 dpi."""
