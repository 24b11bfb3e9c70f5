"""Fax machines, worn copiers, lost margins, and paper that curls under a phone's shadow; repeatable by seed."""

from __future__ import annotations

import random
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from samples.paper import degrading

Rgb = npt.NDArray[np.uint8]
PAPER = (255, 255, 255)
SIDES = ("left", "right", "top", "bottom")
_BLACK_EDGE = 34
_STREAK = 120.0
_SPECKS = 0.0004
"""The part of a fax's dots that turn over on the line."""


def faxed(page: Rgb, chance: random.Random) -> Rgb:
    """Through a fax: black or white alone, a little askew, with specks and a line or two that were lost."""
    turned = degrading.skewed(page, chance.uniform(-0.8, 0.8))
    grey = cv2.GaussianBlur(cv2.cvtColor(turned, cv2.COLOR_RGB2GRAY), (0, 0), 0.5)
    state = np.random.default_rng(chance.randrange(1 << 30))
    grey = np.asarray(grey, np.float32) + state.normal(0, 10, grey.shape)
    black = grey < chance.uniform(140, 175)
    black ^= state.random(black.shape) < _SPECKS
    for _ in range(chance.randint(0, 2)):
        black[chance.randrange(black.shape[0])] = False
    return np.repeat(np.where(black, 0, 255).astype(np.uint8)[..., None], 3, axis=2)


def photocopied(page: Rgb, chance: random.Random) -> Rgb:
    """Through a worn copier: 90 to 105 %, grey, hard contrast, streaks along the drum, black edges, specks."""
    scaled = _scaled(degrading.skewed(page, chance.uniform(-1.2, 1.2)), chance.uniform(0.90, 1.05))
    grey = np.asarray(cv2.cvtColor(scaled, cv2.COLOR_RGB2GRAY), np.float32)
    grey = np.clip((grey - 128) * chance.uniform(1.0, 1.4) + 132, 0, 255)
    high, wide = grey.shape
    for _ in range(chance.randint(1, 3)):
        x = chance.randrange(wide)
        grey[:, x : x + chance.randint(1, 3)] -= chance.uniform(30, _STREAK)
    for side in chance.sample(SIDES, 2):
        _strip(grey, side, chance.randint(4, 22))[:] = _BLACK_EDGE
    state = np.random.default_rng(chance.randrange(1 << 30))
    grey += state.normal(0, 6, grey.shape)
    for _ in range(80):
        at = (int(state.integers(0, wide)), int(state.integers(0, high)))
        cv2.circle(grey, at, int(state.integers(1, 3)), 50.0, -1)
    return np.repeat(np.clip(grey, 0, 255).astype(np.uint8)[..., None], 3, axis=2)


def _scaled(page: Rgb, factor: float) -> Rgb:
    """The page's print larger or smaller about its middle, on paper of the same size."""
    high, wide = page.shape[:2]
    matrix = np.asarray([[factor, 0, wide * (1 - factor) / 2], [0, factor, high * (1 - factor) / 2]], np.float32)
    how = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.warpAffine(page, matrix, (wide, high), flags=how, borderValue=PAPER), np.uint8)


def _strip(page: npt.NDArray[Any], side: str, deep: int) -> npt.NDArray[Any]:
    """A view of the outermost rows or columns of one side."""
    match side:
        case "left":
            return page[:, :deep]
        case "right":
            return page[:, page.shape[1] - deep :]
        case "top":
            return page[:deep]
        case _:
            return page[page.shape[0] - deep :]


def margin_lost(page: Rgb, chance: random.Random, millimetres: float = 12.0) -> Rgb:
    """A strip along one edge did not come through: the paper there is white."""
    high, wide = page.shape[:2]
    dots = round(millimetres / (297.0 if high > wide else 210.0) * high)
    fresh = page.copy()
    _strip(fresh, chance.choice(SIDES), dots)[:] = 255
    return degrading.noisy(degrading.skewed(fresh, chance.uniform(-1, 1)), 4, chance)


def curled(page: Rgb, chance: random.Random) -> Rgb:
    """Paper that does not lie flat: its lines are bowed by up to one part in eighty, and it is shaded by its slope."""
    high, wide = page.shape[:2]
    ys, xs = np.mgrid[0:high, 0:wide].astype(np.float32)
    depth = chance.choice((-1, 1)) * chance.uniform(0.004, 0.012) * high
    turn = chance.uniform(0, np.pi)
    bow = (depth * np.sin(np.pi * xs / wide + turn)).astype(np.float32)
    bent = cv2.remap(page, xs, ys + bow, cv2.INTER_CUBIC, borderMode=cv2.BORDER_CONSTANT, borderValue=PAPER)
    slope = np.cos(np.pi * xs / wide + turn) * np.sign(depth)
    return np.asarray(np.clip(np.asarray(bent, np.float32) * (1 - 0.12 * (slope[..., None] + 1) / 2), 0, 255), np.uint8)


def shadowed(page: Rgb, chance: random.Random) -> Rgb:
    """The shadow of a hand or a phone over a corner, with a soft edge."""
    high, wide = page.shape[:2]
    shade = np.zeros((high, wide), np.float32)
    middle = (chance.choice((0.1, 0.9)) * wide, chance.choice((0.1, 0.9)) * high)
    axes = (round(chance.uniform(0.2, 0.45) * wide), round(chance.uniform(0.2, 0.45) * high))
    centre = (round(middle[0]), round(middle[1]))
    cv2.ellipse(shade, centre, axes, chance.uniform(0, 180), 0, 360, chance.uniform(0.25, 0.5), -1)
    soft = cv2.GaussianBlur(shade, (0, 0), chance.uniform(0.008, 0.03) * wide)
    return np.asarray(np.clip(page * (1 - np.asarray(soft)[..., None]), 0, 255), np.uint8)
