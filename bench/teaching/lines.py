"""Lines of print as a black-and-white machine sends them, drawn as the reader gives them to its recogniser.

Dots of 0.14 to 0.23 mm (fax "standard" and "fine", ITU-T T.4, and scanners set to 110 to 185 dpi), a threshold by
chance, specks, rows lost on the line, rules and seals that touch, a page that lay askew. Such a line is then laid on
the flat page, smoothed and scaled by what the reader itself does it with.
"""

from __future__ import annotations

import random

import cv2
import numpy as np
from PIL import Image, ImageDraw

from parsers.ocr.base import Gray
from parsers.ocr.rapid import as_high
from parsers.scan.bilevel import smoothed
from samples.paper import fonts

POINTS = (9, 10.5, 10.5, 11, 12, 12, 14, 16, 18)
FLAT_DPI = 200
"""Resolution of the page that the reader works on."""
FINE = 4
"""How many times finer than the machine's dots the print is drawn."""
BY_HAND, RULED, SEALED, TORN = 0.08, 0.1, 0.06, 0.05
"""Parts of the lines: written by hand, by a rule, under a seal, with a row lost."""
STANDARD, LEAST_DOTS = 0.04, 20
"""The part in fax "standard", which has half as many rows as columns, and above how many columns a character."""
BASELINE = 0.87
"""Of a character's height, where the fonts' baselines lie."""
LOOKS = ("song", "song", "song", "fang", "fang", "hei", "kai", "song-bold")


def drawn(text: str, chance: random.Random) -> Gray:
    """The line as the recogniser gets it: 48 pixels high, grey."""
    dpi = chance.uniform(110, 185)
    dots = max(12, round(chance.choice(POINTS) * dpi / 72))
    page = _printed(text, dots * FINE, chance)
    black = _sent(page, dots, chance)
    return _laid(black, FLAT_DPI / dpi, chance)


def _printed(text: str, size: int, chance: random.Random) -> Gray:
    """The print itself, with what touches it."""
    look = chance.choice(LOOKS if chance.random() >= BY_HAND else tuple(fonts.HANDS))
    if look in fonts.HANDS and fonts.font_file(look) is None:
        look = "kai"
    font = fonts.font(look, size)
    gap = chance.choice((0, 0, 0, chance.uniform(0, 0.25))) * size
    wide = sum(font.getlength(one) + gap for one in text)
    left, top = round(chance.uniform(0.05, 0.9) * size), round(chance.uniform(0.03, 0.45) * size)
    below = round(chance.uniform(0.03, 0.45) * size)
    right = round(chance.uniform(0.05, 0.9) * size)
    image = Image.new("L", (round(wide) + left + right, size + top + below), 255)
    pen, x = ImageDraw.Draw(image), float(left)
    ink = chance.randint(0, 60)
    for one in text:
        pen.text((x, top + BASELINE * size), one, fill=ink, font=font, anchor="ls")
        x += font.getlength(one) + gap
    if chance.random() < RULED:
        _rule(pen, image.size, size, chance)
    if chance.random() < SEALED:
        _seal(pen, image.size, size, chance)
    return np.asarray(image)


def _rule(pen: ImageDraw.ImageDraw, size: tuple[int, int], character: int, chance: random.Random) -> None:
    """A rule of the table at one edge of the crop."""
    wide, high = size
    thick = round(character * chance.uniform(0.03, 0.1))
    x, y = chance.choice((0, wide - thick)), chance.choice((0, high - thick))
    box = (x, 0, x + thick, high) if chance.choice((True, False)) else (0, y, wide, y + thick)
    pen.rectangle(box, fill=chance.randint(0, 60))


def _seal(pen: ImageDraw.ImageDraw, size: tuple[int, int], character: int, chance: random.Random) -> None:
    """The ring of a seal across the line."""
    wide, high = size
    radius = chance.uniform(3, 6) * character
    x, y = chance.uniform(0, wide), chance.uniform(-radius, high + radius)
    thick = round(character * chance.uniform(0.06, 0.2))
    pen.ellipse((x - radius, y - radius, x + radius, y + radius), outline=chance.randint(60, 190), width=thick)


def _sent(page: Gray, dots: int, chance: random.Random) -> Gray:
    """The line in black and white dots, askew."""
    high, wide = page.shape
    angle = chance.gauss(0, 0.5)
    shear = np.tan(np.radians(angle))
    drift = abs(shear) * wide
    matrix = np.asarray([[1, 0, 0], [shear, 1, drift if shear < 0 else 0]], np.float32)
    slanted = cv2.warpAffine(page, matrix, (wide, round(high + drift)), flags=cv2.INTER_LINEAR, borderValue=255)
    scale = np.asarray(slanted.shape) / FINE
    down = 2 if chance.random() < STANDARD and dots > LEAST_DOTS else 1
    small = cv2.resize(slanted, (max(4, round(scale[1])), max(4, round(scale[0] / down))), interpolation=cv2.INTER_AREA)
    state = np.random.default_rng(chance.randrange(1 << 30))
    grey = cv2.GaussianBlur(small, (0, 0), chance.uniform(0.3, 0.75)).astype(np.float32)
    grey += state.normal(0, chance.uniform(3, 13), grey.shape)
    black = grey < chance.uniform(125, 185)
    black ^= state.random(black.shape) < 10 ** chance.uniform(-4, -2.3)
    if chance.random() < TORN:
        black[chance.randrange(black.shape[0])] = False
    rows = np.repeat(np.where(black, 0, 255).astype(np.uint8), down, axis=0)
    flat = np.asarray([[1, 0, 0], [-shear, 1, -(drift if shear < 0 else 0) / FINE]], np.float32)
    size = (rows.shape[1], max(4, round(high / FINE)))
    return np.asarray(cv2.warpAffine(rows, flat, size, flags=cv2.INTER_LINEAR, borderValue=255), np.uint8)


def _laid(dots: Gray, dot: float, chance: random.Random) -> Gray:
    """On the flat page, cut out, smoothed, scaled to the recogniser's height."""
    high, wide = (max(6, round(side * dot)) for side in dots.shape)
    how = chance.choice((cv2.INTER_LINEAR, cv2.INTER_CUBIC))
    flat = cv2.resize(dots, (wide, high), interpolation=how)
    (smooth,) = smoothed([np.asarray(flat, np.uint8)], dot)
    return as_high(smooth)
