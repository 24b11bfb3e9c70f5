"""The red layer taken apart: seals are bleached out of the grey picture, black text under them stays.

Red ink is bright in the red channel, black is not; dividing by the paper's own red and by a little more makes the
seal white ("rmax" in the measurements). It is done before ruling, for the rims of seals are taken for rules otherwise.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from parsers.ocr.sidebyside import side_by_side
from parsers.scan.units import Gray, Mask, Rgb, mm

BLEACH = 0.86
"""Part of the paper's red below which a pixel is ink; lower where the seal's own ink is darker."""
SOFT_BLEACH = 0.95
"""The same on a page out of focus or in poor light, whose thin strokes are not much darker than its paper."""
INK = 0.78
"""Part of the paper's red below which a pixel is surely ink."""
STROKE = 1.2
"""Millimetres: what is broader is no stroke; the soft edge of a shadow has paper on one of its sides alone."""
SHARP, SOFT = 0.5, 0.6
"""The middle of what is surely ink on a sharp page, at most, and on a soft one, at least."""
FEWEST_INK = 200
"""Pixels of ink, of every sixteenth, that tell how sharp a page is."""
DARKEST_BLEACH = 0.5
RED_LEAD = 40
"""How much more red than green and blue a pixel of seal ink has, of 255, in the light of the paper."""
DARKEST_PAPER = np.float32(30.0)
"""Of 255: paper is taken for no darker than this."""
SHADED = np.float32(0.8)
"""Part of the brightest around that paper in a shadow has at most; dense print takes less from it."""
BAND = 128
"""Rows that are taken apart together, few enough for a processor's own memory."""
MIN_RED_AREA = 4.0
"""Square millimetres of red below which a page has no red layer."""


@dataclass(frozen=True, slots=True)
class Layers:
    """A page taken apart.

    ``gray`` is evenly lit paper with black and blue ink, ``red`` the pixels of red ink, ``red_ink`` how strong the red
    is (255 none, 0 full), for reading the words of a seal.
    """

    gray: Gray
    red: Mask
    red_ink: Gray


def separate(pixels: Rgb) -> Layers:
    """The layers of a page at working resolution."""
    paper = _paper(pixels)
    bands = [slice(top, top + BAND) for top in range(0, len(pixels), BAND)]
    reds = np.empty(pixels.shape[:2], np.float32)
    red_ink, gray, ahead = (np.empty(pixels.shape[:2], np.uint8) for _ in range(3))

    def part(band: slice) -> None:
        lit = pixels[band].astype(np.float32)
        lit /= np.maximum(paper[band].astype(np.float32), DARKEST_PAPER)
        lit *= 255.0
        np.minimum(lit, 255.0, out=lit)
        reds[band] = lit[..., 0]
        lead = lit[..., 0] - np.maximum(lit[..., 1], lit[..., 2])
        ahead[band] = np.where(lead > RED_LEAD, 255, 0)
        red_ink[band] = _u8(255.0 - np.clip(lead * 1.6, 0, 255))
        gray[band] = _u8(np.clip(reds[band] / (bleach * 255.0), 0, 1) * 255)

    bleach = _bleach_of_page(pixels, paper)
    side_by_side(part, bands)
    red = _cleaned(ahead)
    if np.count_nonzero(red) > MIN_RED_AREA * mm(1) ** 2:
        near = cv2.dilate(red, np.ones((mm(0.5), mm(0.5)), np.uint8)) > 0
        gray[near] = _u8(np.clip(reds[near] / (255.0 * _bleach_of(reds[red > 0])), 0, 1) * 255)
    return Layers(gray, red, red_ink)


def _bleach_of_page(pixels: Rgb, paper: Rgb) -> float:
    """Where ink ends on a page: nearer to the paper, the paler its blurred strokes are."""
    red = np.ascontiguousarray(pixels[..., 0])
    closed = cv2.morphologyEx(red, cv2.MORPH_CLOSE, np.ones((mm(STROKE), mm(STROKE)), np.uint8))
    light = np.maximum(paper[::4, ::4, 0].astype(np.float32), DARKEST_PAPER)
    reds, around = red[::4, ::4] / light, closed[::4, ::4] / light
    ink = reds[(reds < INK) & (around - reds > 1.0 - INK)]
    if ink.size < FEWEST_INK:
        return BLEACH
    return float(np.interp(np.median(ink), (SHARP, SOFT), (BLEACH, SOFT_BLEACH)))


def _bleach_of(reds: npt.NDArray[np.float32]) -> float:
    """The level that makes this page's own seal ink white: its darker half must be reached, but no black."""
    return float(np.clip(np.percentile(reds, 30) / 255.0 * 0.98, DARKEST_BLEACH, BLEACH))


def _cleaned(mask: Mask) -> Mask:
    """Without the lone coloured pixels that cameras and JPEG strew along black edges."""
    return np.asarray(cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((2, 2), np.uint8)), np.uint8)


def _paper(pixels: Rgb) -> Rgb:
    """The paper's own colour at each place: the brightest around, smoothed, ink left out.

    What is darker than the paper and too broad for ink is the paper in a shadow; its edge stays where it is.
    """
    small = cv2.resize(pixels, None, fx=1 / 8, fy=1 / 8, interpolation=cv2.INTER_AREA)
    size = max(3, mm(7) // 8 | 1)
    square = np.ones((size, size), np.uint8)
    brightest = cv2.dilate(cv2.medianBlur(small, 3), square)
    shaded = cv2.erode(brightest, square)
    high = np.where(shaded < SHADED * brightest, shaded, brightest)
    smooth = cv2.GaussianBlur(high, (0, 0), size / 1.5)
    wide = cv2.resize(smooth, (pixels.shape[1], pixels.shape[0]), interpolation=cv2.INTER_LINEAR)
    return np.asarray(wide, np.uint8)


def _u8(values: npt.NDArray[np.floating]) -> Gray:
    return np.asarray(np.rint(values), np.uint8)


def binarised(gray: Gray) -> Mask:
    """Ink of an evenly lit page: darker than halfway between paper and the page's own black."""
    sample = gray[::4, ::4]
    dark = sample[sample < 200]
    black = float(np.percentile(dark, 20)) if dark.size > 50 else 0.0
    last = math.ceil(min(215.0, black + (255.0 - black) * 0.62)) - 1
    return np.asarray(cv2.threshold(gray, last, 255, cv2.THRESH_BINARY_INV)[1], np.uint8)
