"""Seals with any unit's name, and how their ink lies on a page."""

from __future__ import annotations

import math
import random

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from samples.paper.fonts import font

Rgb = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.float32]
INK = (206, 28, 34)
LONG_NAME = 14
"""Characters from which a seal's words are set smaller."""


def round_seal(unit: str, dpi: int, diameter: float = 42.0, below: str = "") -> Mask:
    """The ink (0.0-1.0) of a round seal: rim, star, the unit's name along the rim. ``diameter`` in millimetres."""
    scale = 2
    size = round(diameter / 25.4 * dpi * scale)
    plate = Image.new("L", (size, size), 0)
    pen = ImageDraw.Draw(plate)
    pen.ellipse([2, 2, size - 3, size - 3], outline=255, width=round(size * 0.026))
    _star(pen, size)
    _arc(plate, unit, size)
    if below:
        pen.text((size / 2, size * 0.74), below, font=font("song-bold", round(size * 0.09)), fill=255, anchor="mm")
    small = plate.resize((size // scale, size // scale), Image.Resampling.LANCZOS)
    return np.asarray(small, np.float32) / np.float32(255)


def square_seal(text: str, dpi: int, side: float = 20.0) -> Mask:
    """A square seal of a person's name, four characters or fewer in two columns from the right."""
    size = round(side / 25.4 * dpi)
    plate = Image.new("L", (size, size), 0)
    pen = ImageDraw.Draw(plate)
    pen.rectangle([1, 1, size - 2, size - 2], outline=255, width=max(2, size // 25))
    face = font("song-bold", round(size * 0.4))
    for index, character in enumerate(text[:4].ljust(4, "印")):
        place = (size * (0.72 if index in (0, 1) else 0.28), size * (0.28 if index % 2 == 0 else 0.72))
        pen.text(place, character, font=face, fill=255, anchor="mm")
    return np.asarray(plate, np.float32) / np.float32(255)


def _star(pen: ImageDraw.ImageDraw, size: int) -> None:
    points = []
    for corner in range(10):
        radius = size * (0.15 if corner % 2 == 0 else 0.06)
        angle = math.pi * (corner / 5 - 0.5)
        points.append((size / 2 + radius * math.cos(angle), size / 2 + radius * math.sin(angle)))
    pen.polygon(points, fill=255)


def _arc(plate: Image.Image, unit: str, size: int) -> None:
    height = size * (0.095 if len(unit) > LONG_NAME else 0.115)
    sweep = min(math.radians(270), len(unit) * math.radians(19))
    for index, character in enumerate(unit):
        angle = -sweep / 2 + sweep * (index + 0.5) / len(unit)
        cell = round(height * 1.5)
        glyph = Image.new("L", (cell, cell), 0)
        ImageDraw.Draw(glyph).text(
            (cell / 2, cell / 2), character, font=font("song-bold", round(height)), fill=255, anchor="mm"
        )
        turned = glyph.rotate(-math.degrees(angle), resample=Image.Resampling.BICUBIC)
        radius = size * 0.40
        place = (
            round(size / 2 + radius * math.sin(angle) - cell / 2),
            round(size / 2 - radius * math.cos(angle) - cell / 2),
        )
        plate.paste(255, place, turned)


def press(
    page: Rgb,
    ink: Mask,
    at: tuple[float, float],
    chance: random.Random,
    dpi: int = 200,
    colour: tuple[int, int, int] = INK,
) -> Rgb:
    """The page with the seal pressed on it, its middle at ``at`` (points), turned a little, its ink uneven."""
    turned = _turned(ink, chance.uniform(-25, 25))
    high, wide = turned.shape
    noise = (
        np.random.default_rng(chance.randrange(1 << 30))
        .normal(0, 1, (high // 12 + 2, wide // 12 + 2))
        .astype(np.float32)
    )
    uneven = np.clip(0.8 + 0.18 * cv2.resize(noise, (wide, high), interpolation=cv2.INTER_CUBIC), 0.35, 1.0)
    left, top = round(at[0] * dpi / 72 - wide / 2), round(at[1] * dpi / 72 - high / 2)
    x0, y0, x1, y1 = max(0, left), max(0, top), min(page.shape[1], left + wide), min(page.shape[0], top + high)
    if x1 <= x0 or y1 <= y0:
        return page
    alpha = (turned * uneven)[y0 - top : y1 - top, x0 - left : x1 - left, None]
    under = page[y0:y1, x0:x1].astype(np.float32)
    stamped = under * (np.asarray(colour, np.float32) / 255)
    fresh = page.copy()
    fresh[y0:y1, x0:x1] = np.clip(under * (1 - alpha) + stamped * alpha, 0, 255).astype(np.uint8)
    return fresh


def _turned(ink: Mask, degrees: float) -> Mask:
    high, wide = ink.shape
    matrix = cv2.getRotationMatrix2D((wide / 2, high / 2), degrees, 1.0)
    return np.asarray(cv2.warpAffine(ink, matrix, (wide, high)), np.float32)
