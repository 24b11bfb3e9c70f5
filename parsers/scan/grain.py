"""Grain: pepper so dense that it greys a part of a page, from a worn drum, a dithered copy or a camera in the dark.

Where it lies no threshold tells ink from paper, and a part that touches the edge is taken for a shadow. Every pixel in
it takes the middle of its neighbours': grain goes, a stroke of three pixels stays. Elsewhere nothing is touched: a
median rounds the corners of small print.
"""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from parsers.picture import Picture
from parsers.scan.units import Gray, Mask, Rgb

SQUARE = 16
"""Pixels of the side of the squares that are looked at: 2 mm at 200 dpi, less than the paper around a line."""
AROUND = 3
"""Squares across within which all must be grainy: there is paper between lines, but none in grain."""
GRAINY = 12
"""Grey levels by which the pixels of a square differ from the middle of their neighbours on average."""
WIDEST = 5
"""Squares across of the narrowest grain; thick print in small type has fewer."""
LEAST = 0.03
"""Part of a page below which it is left as it is: dense small print may look like a little grain."""


def without_grain(picture: Picture) -> Picture:
    """The picture, smoothed where it is grainy; the same one where nothing is."""
    grainy = find_grain(np.ascontiguousarray(picture.pixels[..., 0]))
    if np.count_nonzero(grainy) < LEAST * grainy.size:
        return picture
    return replace(picture, pixels=_smoothed(picture.pixels, grainy))


def find_grain(gray: Gray) -> Mask:
    """Which squares of a page are grainy or lie beside one that is, row by row: 255, else 0."""
    size = (max(1, gray.shape[1] // SQUARE), max(1, gray.shape[0] // SQUARE))
    apart = cv2.resize(cv2.absdiff(gray, cv2.medianBlur(gray, 3)), size, interpolation=cv2.INTER_AREA)
    least = cv2.erode(apart, np.ones((AROUND, AROUND), np.uint8), borderValue=255.0)
    found = np.where(least >= GRAINY, 255, 0).astype(np.uint8)
    broad = cv2.morphologyEx(found, cv2.MORPH_OPEN, np.ones((WIDEST, WIDEST), np.uint8))
    return np.asarray(cv2.dilate(broad, np.ones((AROUND + 2, AROUND + 2), np.uint8)), np.uint8)


def _smoothed(pixels: Rgb, grainy: Mask) -> Rgb:
    high, wide = pixels.shape[:2]
    mask = cv2.resize(grainy, (wide, high), interpolation=cv2.INTER_NEAREST)
    return np.asarray(np.where(mask[..., None] > 0, cv2.medianBlur(pixels, 3), pixels), np.uint8)
