"""One page as a picture, as readers hand it to the scan reader."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Rgb = npt.NDArray[np.uint8]
"""Rows by columns by red, green, blue."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A page as pixels.

    ``size`` is the page in points where the file says so (a PDF page); ``dpi`` is the resolution that the file states,
    which may be wrong. ``enlarged``: how many of these pixels are one of the scan that was drawn. ``notes`` are codes
    for :attr:`parsers.document.Page.notes`.
    """

    pixels: Rgb
    index: int = 0
    dpi: float | None = None
    size: tuple[float, float] | None = None
    notes: tuple[str, ...] = ()
    enlarged: float = 1.0
