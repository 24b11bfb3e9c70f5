"""Seals with any unit's name, and how their ink lies on a page."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass

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
LONGER_NAME = 19
SHAPES = ("round", "oval", "square")
FINER = 2
"""A seal is drawn this much larger and made smaller, so that its edges are soft."""


@dataclass(frozen=True, slots=True)
class SealLook:
    """How a seal is cut. Sizes are in millimetres; ``font`` is a look of :mod:`samples.paper.fonts`.

    ``below`` are straight words under the star (专用章), ``code`` small figures along the lower rim, ``ring`` a second,
    thin rim inside the first.
    """

    shape: str = "round"
    width: float = 42.0
    height: float = 42.0
    font: str = "song-bold"
    star: bool = True
    below: str = ""
    code: str = ""
    ring: bool = False
    rim: float = 0.026


@dataclass(frozen=True, slots=True)
class Ink:
    """How a seal was inked: its colour, how much of it came off (0.0-1.0), how patchy, how much is bare.

    ``lean`` is how far it may be turned, in degrees.
    """

    colour: tuple[int, int, int] = INK
    strength: float = 0.8
    uneven: float = 0.18
    bare: float = 0.0
    lean: float = 25.0


FRESH = Ink()
DARK = Ink((150, 22, 30), 0.95, 0.08)
PALE = Ink((222, 96, 96), 0.62, 0.2)
DRY = Ink((208, 40, 44), 0.75, 0.35, 0.3)
GREY = Ink((96, 96, 96), 0.85, 0.15)
BLACK = Ink((36, 36, 36), 0.9, 0.12)
INKS = {"fresh": FRESH, "dark": DARK, "pale": PALE, "dry": DRY, "grey": GREY, "black": BLACK}


def round_seal(unit: str, dpi: int, diameter: float = 42.0, below: str = "") -> Mask:
    """The ink (0.0-1.0) of a round seal: rim, star, the unit's name along the rim. ``diameter`` in millimetres."""
    return cut_seal(unit, dpi, SealLook(width=diameter, height=diameter, below=below))


def oval_seal(unit: str, dpi: int, width: float = 45.0, height: float = 30.0, below: str = "") -> Mask:
    """The ink of an oval seal, as tax and invoice seals are."""
    return cut_seal(unit, dpi, SealLook("oval", width, height, star=False, below=below))


def cut_seal(unit: str, dpi: int, look: SealLook) -> Mask:
    """The ink of a round or oval seal of any look."""
    wide, high = (round(side / 25.4 * dpi * FINER) for side in (look.width, look.height))
    plate = Image.new("L", (wide, high), 0)
    pen = ImageDraw.Draw(plate)
    pen.ellipse([2, 2, wide - 3, high - 3], outline=255, width=round(high * look.rim))
    if look.ring:
        inset = round(high * 0.045)
        pen.ellipse([inset, inset, wide - inset, high - inset], outline=255, width=max(2, round(high * 0.006)))
    if look.star:
        _star(pen, (wide / 2, high / 2), high)
    _arc(plate, unit, look)
    if look.code:
        _code(plate, look)
    if look.below:
        middle = 0.74 if look.star else 0.62
        face = font(look.font, round(min(high * 0.1, wide * 0.62 / len(look.below))))
        pen.text((wide / 2, high * middle), look.below, font=face, fill=255, anchor="mm")
    small = plate.resize((wide // FINER, high // FINER), Image.Resampling.LANCZOS)
    return np.asarray(small, np.float32) / np.float32(255)


def square_seal(text: str, dpi: int, side: float = 20.0, look: str = "song-bold", *, white: bool = False) -> Mask:
    """A square seal of a person's name in two columns from the right; ``white`` characters stand in solid ink."""
    size = round(side / 25.4 * dpi)
    plate = Image.new("L", (size, size), 255 if white else 0)
    pen = ImageDraw.Draw(plate)
    pen.rectangle([1, 1, size - 2, size - 2], outline=255, width=max(2, size // 25))
    face = font(look, round(size * 0.4))
    for index, character in enumerate(text[:4].ljust(4, "印")):
        place = (size * (0.72 if index in (0, 1) else 0.28), size * (0.28 if index % 2 == 0 else 0.72))
        pen.text(place, character, font=face, fill=0 if white else 255, anchor="mm")
    return np.asarray(plate, np.float32) / np.float32(255)


def name_stamp(text: str, dpi: int, height: float = 9.0, look: str = "kai") -> Mask:
    """A person's name in one line within a frame (签名章); ``height`` in millimetres."""
    high = round(height / 25.4 * dpi)
    wide = round(high * (0.35 + 0.72 * len(text)))
    plate = Image.new("L", (wide, high), 0)
    pen = ImageDraw.Draw(plate)
    pen.rectangle([1, 1, wide - 2, high - 2], outline=255, width=max(2, high // 16))
    pen.text((wide / 2, high / 2), text, font=font(look, round(high * 0.68)), fill=255, anchor="mm")
    return np.asarray(plate, np.float32) / np.float32(255)


def any_look(chance: random.Random, fonts: tuple[str, ...]) -> SealLook:
    """The look of a public seal by chance: 38 to 45 mm, most with a star."""
    size = chance.choice((38.0, 40.0, 42.0, 42.0, 45.0))
    return SealLook(
        width=size,
        height=size,
        font=chance.choice(fonts),
        star=chance.choice((True,) * 9 + (False,)),
        below=chance.choice(("", "", "", "审核专用章", "业务专用章", "人事专用章")),
        code=chance.choice(("", "", "", "32079" + "".join(chance.choices("0123456789", k=8)))),
        ring=chance.choice((True,) + (False,) * 6),
        rim=chance.choice((0.018, 0.024, 0.03)),
    )


def _star(pen: ImageDraw.ImageDraw, middle: tuple[float, float], size: int) -> None:
    points = []
    for corner in range(10):
        radius = size * (0.15 if corner % 2 == 0 else 0.06)
        angle = math.pi * (corner / 5 - 0.5)
        points.append((middle[0] + radius * math.cos(angle), middle[1] + radius * math.sin(angle)))
    pen.polygon(points, fill=255)


def _arc(plate: Image.Image, unit: str, look: SealLook) -> None:
    high = plate.size[1]
    height = high * (0.115 if len(unit) <= LONG_NAME else 0.095 if len(unit) <= LONGER_NAME else 0.08)
    height *= 1.15 if look.shape == "oval" else 1.0
    sweep = min(math.radians(270), len(unit) * math.radians(19 if look.shape != "oval" else 17))
    reach = 0.40 if look.shape != "oval" else 0.385
    for index, character in enumerate(unit):
        angle = -sweep / 2 + sweep * (index + 0.5) / len(unit)
        _turned_glyph(plate, character, (angle, reach, height), look, inward=False)


def _code(plate: Image.Image, look: SealLook) -> None:
    """Small figures along the lower rim, read from the left with their feet towards the rim."""
    high = plate.size[1]
    sweep = math.radians(5.2 * len(look.code))
    for index, figure in enumerate(look.code):
        angle = math.pi + sweep / 2 - sweep * (index + 0.5) / len(look.code)
        _turned_glyph(plate, figure, (angle, 0.445, high * 0.04), look, inward=True)


def _turned_glyph(
    plate: Image.Image, character: str, at: tuple[float, float, float], look: SealLook, *, inward: bool
) -> None:
    """One character on the ellipse: ``at`` is its angle clockwise from the top, its part of the size, its height."""
    wide, high = plate.size
    angle, reach, height = at
    cell = round(height * 1.5)
    glyph = Image.new("L", (cell, cell), 0)
    ImageDraw.Draw(glyph).text(
        (cell / 2, cell / 2), character, font=font(look.font, round(height)), fill=255, anchor="mm"
    )
    margin = high * (0.5 - reach)
    x, y = (wide / 2 - margin) * math.sin(angle), (high / 2 - margin) * math.cos(angle)
    lean = math.atan2(x * (high / wide) ** 2, y) if look.shape == "oval" else angle
    turned = glyph.rotate(-math.degrees(lean) + (180 if inward else 0), resample=Image.Resampling.BICUBIC)
    plate.paste(255, (round(wide / 2 + x - cell / 2), round(high / 2 - y - cell / 2)), turned)


def press(
    page: Rgb, ink: Mask, at: tuple[float, float], chance: random.Random, dpi: int = 200, inked: Ink = FRESH
) -> Rgb:
    """The page with the seal pressed on it, its middle at ``at`` (points), turned by up to ``inked.lean`` degrees.

    What would lie beyond the page's edge is cut off.
    """
    turned = _turned(ink, chance.uniform(-inked.lean, inked.lean))
    high, wide = turned.shape
    state = np.random.default_rng(chance.randrange(1 << 30))
    cover = np.clip(inked.strength + inked.uneven * _clouds(state, (high, wide), 12), 0.35 * inked.strength, 1.0)
    if inked.bare:
        specks = _clouds(state, (high, wide), 3) + 0.6 * _clouds(state, (high, wide), 24)
        cover = cover * np.clip((specks - np.quantile(specks, inked.bare)) * 2.5, 0.08, 1.0)
    left, top = round(at[0] * dpi / 72 - wide / 2), round(at[1] * dpi / 72 - high / 2)
    x0, y0, x1, y1 = max(0, left), max(0, top), min(page.shape[1], left + wide), min(page.shape[0], top + high)
    if x1 <= x0 or y1 <= y0:
        return page
    alpha = (turned * cover)[y0 - top : y1 - top, x0 - left : x1 - left, None]
    under = page[y0:y1, x0:x1].astype(np.float32)
    stamped = under * (np.asarray(inked.colour, np.float32) / 255)
    fresh = page.copy()
    fresh[y0:y1, x0:x1] = np.clip(under * (1 - alpha) + stamped * alpha, 0, 255).astype(np.uint8)
    return fresh


def _clouds(state: np.random.Generator, shape: tuple[int, int], grain: int) -> Mask:
    """Smooth noise of mean 0 and deviation 1, its lumps ``grain`` pixels wide."""
    high, wide = shape
    noise = state.normal(0, 1, (high // grain + 2, wide // grain + 2)).astype(np.float32)
    return np.asarray(cv2.resize(noise, (wide, high), interpolation=cv2.INTER_CUBIC), np.float32)


def _turned(ink: Mask, degrees: float) -> Mask:
    """The plate turned, with room for its corners."""
    high, wide = ink.shape
    is_round = abs(high - wide) <= 1 and not ink[: high // 12, : wide // 12].any()
    room = 0 if is_round else round(0.25 * max(high, wide))
    plate = cv2.copyMakeBorder(ink, room, room, room, room, cv2.BORDER_CONSTANT, value=0.0)
    high, wide = plate.shape
    matrix = cv2.getRotationMatrix2D((wide / 2, high / 2), degrees, 1.0)
    return np.asarray(cv2.warpAffine(plate, matrix, (wide, high)), np.float32)
