"""Looks and lengths of a worksheet: fonts, lines, and millimetres as the units that a workbook counts in."""

from __future__ import annotations

from typing import Final

from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.styles.borders import BORDER_MEDIUM, BORDER_THIN

from drafting.paper import Face, points

_DIGIT_PIXELS: Final = 7
_PADDING_PIXELS: Final = 5
_PIXELS_PER_INCH: Final = 96
"""Excel counts column widths in digits of its standard font (Calibri 11), which are seven pixels wide."""


def column_width(millimetres: float) -> float:
    """The width attribute of a column of that many millimetres."""
    pixels = millimetres / 25.4 * _PIXELS_PER_INCH
    return round((pixels - _PADDING_PIXELS) / _DIGIT_PIXELS + _PADDING_PIXELS / _DIGIT_PIXELS, 2)


def row_height(millimetres: float) -> float:
    """The height of a row of that many millimetres, in points."""
    return round(points(millimetres), 1)


def font(face: Face) -> Font:
    """The font of a cell; a cell has one name for East Asian and Latin text."""
    return Font(name=face.font, size=face.size, charset=134)


def lines_needed(text: str, width_mm: float, size: float) -> int:
    """Lines that a text of East Asian characters takes in a column, one character wider than it is measured."""
    a_line = max(1, int((points(width_mm) - 4) // size))
    return -(-len(text) // a_line)


def alignment(horizontal: str = "center", vertical: str = "center", *, shrink: bool = False) -> Alignment:
    """Wrapped text, or text that shrinks to stay on one line."""
    return Alignment(horizontal=horizontal, vertical=vertical, wrap_text=not shrink, shrink_to_fit=shrink)


def ruling(*, left: bool = False, right: bool = False, top: bool = False, bottom: bool = False) -> Border:
    """Thin lines all round; the named sides lie on the frame and are thick."""

    def side(*, frame: bool) -> Side:
        return Side(style=BORDER_MEDIUM if frame else BORDER_THIN, color="FF000000")

    return Border(left=side(frame=left), right=side(frame=right), top=side(frame=top), bottom=side(frame=bottom))
