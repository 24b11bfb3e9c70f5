"""Signatures and hand-written dates: strokes of a pen drawn by chance, or a font's characters thinned and bent.

No two are alike; ``hand`` chooses the kind of writing. Names are invented. Nothing here is anybody's signature.
"""

from __future__ import annotations

import math
import random
from itertools import pairwise

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from samples.paper.fonts import font

Rgb = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.float32]
PENS = {"black": (28, 28, 30), "blue-black": (36, 44, 92), "blue": (40, 64, 160)}
FAINT = 0.15
"""Ink weaker than this does not count."""
HANDS = ("cursive", "bent-song", "bent-kai", "initials", "scrawl")


def signature(name: str, dpi: int, chance: random.Random, hand: str, height: float = 9.0) -> Mask:
    """The ink (0.0-1.0) of a signature about ``height`` millimetres high."""
    size = round(height / 25.4 * dpi)
    if hand.startswith("bent"):
        return bent_words(name, size, chance, "song" if hand == "bent-song" else "kai")
    strokes = {"cursive": 3 * max(2, len(name)), "initials": 3, "scrawl": 7}[hand]
    wide = round(size * {"cursive": 0.85 * max(2, len(name)), "initials": 1.1, "scrawl": 2.4}[hand])
    return _drawn(_strokes(strokes, (wide, size), chance), (wide, size), chance.uniform(0.25, 0.6) / 25.4 * dpi)


def hand_words(text: str, dpi: int, chance: random.Random, height: float = 5.0) -> Mask:
    """Figures and words written by hand, in a kai hand that sways."""
    return bent_words(text, round(height / 25.4 * dpi), chance, "kai", bend=0.5)


def bent_words(text: str, size: int, chance: random.Random, look: str, bend: float = 1.0) -> Mask:
    """A font's characters, each turned and shifted a little, then bent as a whole like handwriting."""
    face = font(look, size)
    room = round(size * 0.5)
    wide = round(sum(face.getlength(character) for character in text)) + 2 * room
    plate = Image.new("L", (wide, size + 2 * room), 0)
    x = float(room)
    for character in text:
        pitch = face.getlength(character)
        cell = Image.new("L", (round(size * 1.6), round(size * 1.6)), 0)
        ImageDraw.Draw(cell).text((size * 0.8, size * 0.8), character, font=face, fill=255, anchor="mm")
        turned = cell.rotate(chance.uniform(-9, 9) * bend, resample=Image.Resampling.BICUBIC)
        shift = chance.uniform(-0.1, 0.1) * size * bend
        plate.paste(255, (round(x + pitch / 2 - size * 0.8), round(room - size * 0.3 + shift)), turned)
        x += pitch * chance.uniform(0.82, 1.0)
    ink = np.asarray(plate, np.float32) / np.float32(255)
    return _cropped(_bent(ink, chance, size, bend))


def _bent(ink: Mask, chance: random.Random, size: int, bend: float) -> Mask:
    high, wide = ink.shape
    ys, xs = np.mgrid[0:high, 0:wide].astype(np.float32)
    for _ in range(3):
        reach, wave, turn = (
            chance.uniform(0.015, 0.05) * size * bend,
            chance.uniform(0.5, 1.6) * size,
            chance.uniform(0, 6),
        )
        xs, ys = xs + reach * np.sin(ys / wave * 2 + turn), ys + reach * np.sin(xs / wave * 2 + turn)
    slant = chance.uniform(-0.25, 0.25) * bend
    xs = xs + slant * (ys - high / 2)
    return np.asarray(cv2.remap(ink, xs.astype(np.float32), ys.astype(np.float32), cv2.INTER_LINEAR), np.float32)


def _strokes(count: int, size: tuple[int, int], chance: random.Random) -> list[npt.NDArray[np.float64]]:
    """Curved strokes that lead on from one another, from left to right."""
    wide, high = size
    strokes = []
    at = np.asarray([0.08 * wide, chance.uniform(0.3, 0.7) * high])
    for index in range(count):
        goal = np.asarray([wide * (0.1 + 0.8 * (index + 1) / count), chance.uniform(0.1, 0.9) * high])
        points = [at]
        for part in (0.33, 0.67):
            sway = np.asarray([chance.uniform(-0.35, 0.35) * high, chance.uniform(-0.5, 0.5) * high])
            points.append(at + (goal - at) * part + sway)
        t = np.linspace(0, 1, 40)[:, None]
        curve = (
            (1 - t) ** 3 * points[0] + 3 * (1 - t) ** 2 * t * points[1] + 3 * (1 - t) * t**2 * points[2] + t**3 * goal
        )
        strokes.append(curve)
        lifted = chance.choice((True, False, False))
        at = goal + (np.asarray([chance.uniform(-0.2, 0.1), chance.uniform(-0.4, 0.4)]) * high if lifted else 0.0)
    return strokes


def _drawn(strokes: list[npt.NDArray[np.float64]], size: tuple[int, int], pen: float) -> Mask:
    room = round(size[1] * 0.4)
    plate = np.zeros((size[1] + 2 * room, size[0] + 2 * room), np.uint8)
    for stroke in strokes:
        for (start, end), part in zip(pairwise(stroke), np.linspace(0, math.pi, len(stroke) - 1), strict=True):
            width = max(1, round(pen * (0.65 + 0.5 * math.sin(float(part)))))
            ends = [(round(float(x)) + room, round(float(y)) + room) for x, y in (start, end)]
            cv2.line(plate, ends[0], ends[1], 255, width, cv2.LINE_AA)
    return _cropped(plate.astype(np.float32) / np.float32(255))


def _cropped(ink: Mask) -> Mask:
    ys, xs = np.nonzero(ink > FAINT)
    if not len(xs):
        return ink
    return ink[ys.min() : ys.max() + 1, xs.min() : xs.max() + 1]


def write(page: Rgb, ink: Mask, at: tuple[float, float], dpi: int, colour: tuple[int, int, int]) -> Rgb:
    """The page with strokes written on it, their middle at ``at`` (points)."""
    high, wide = ink.shape
    left, top = round(at[0] * dpi / 72 - wide / 2), round(at[1] * dpi / 72 - high / 2)
    x0, y0, x1, y1 = max(0, left), max(0, top), min(page.shape[1], left + wide), min(page.shape[0], top + high)
    if x1 <= x0 or y1 <= y0:
        return page
    alpha = ink[y0 - top : y1 - top, x0 - left : x1 - left, None]
    fresh = page.copy()
    part = fresh[y0:y1, x0:x1].astype(np.float32)
    fresh[y0:y1, x0:x1] = np.clip(part * (1 - alpha) + np.asarray(colour, np.float32) * alpha, 0, 255).astype(np.uint8)
    return fresh
