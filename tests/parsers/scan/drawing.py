"""Small pictures for the steps of the scan reader."""

from __future__ import annotations

import cv2
import numpy as np

from parsers.scan.inktest import Sheet, make_sheet
from parsers.scan.red import binarised
from parsers.scan.units import Gray, mm


def paper(wide: float = 120, high: float = 80) -> Gray:
    """White paper, millimetres."""
    return np.full((mm(high), mm(wide)), 255, np.uint8)


def rule(page: Gray, start: tuple[float, float], end: tuple[float, float], weight: int = 3) -> None:
    """A black line, millimetres."""
    cv2.line(page, (mm(start[0]), mm(start[1])), (mm(end[0]), mm(end[1])), 0, weight)


def table(page: Gray, columns: list[float], rows: list[float]) -> None:
    """A full lattice of rules at these places in millimetres."""
    for x in columns:
        rule(page, (x, rows[0]), (x, rows[-1]))
    for y in rows:
        rule(page, (columns[0], y), (columns[-1], y))


def sheet_of(gray: Gray, red: Gray | None = None, loose: Gray | None = None) -> Sheet:
    """The page ready for the ink test."""
    nothing = np.zeros_like(gray)
    return make_sheet(
        gray, nothing if red is None else red, nothing if loose is None else loose, binarised(gray), nothing
    )
