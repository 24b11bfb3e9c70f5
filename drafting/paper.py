"""Fonts, type sizes and lengths that all official files share (GB/T 9704-2012, ``forms-reference`` §5)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

TITLE_FONT: Final = "方正小标宋简体"
LABEL_FONT: Final = "黑体"
TEXT_FONT: Final = "仿宋_GB2312"
NOTE_FONT: Final = "楷体_GB2312"
NUMBER_FONT: Final = "宋体"
LATIN_FONT: Final = "Times New Roman"

ALTERNATIVES: Final = {
    TITLE_FONT: "华文中宋",
    LABEL_FONT: "SimHei",
    TEXT_FONT: "仿宋",
    NOTE_FONT: "楷体",
    NUMBER_FONT: "SimSun",
}
"""What a machine without the font should show instead; Word and WPS read this from the font table."""

SIZE_2: Final = 22.0
SIZE_3: Final = 16.0
SIZE_4: Final = 14.0
SIZE_5: Final = 10.5
SIZE_SMALL_5: Final = 9.0
SIZE_6: Final = 7.5
"""Type sizes 2号, 3号, 4号, 五号, 小五 and 六号 in points."""

OUTER_RULE: Final = 1.5
INNER_RULE: Final = 0.5
"""Thickness of the frame and of the lines inside it, in points."""

A4_SHORT_MM: Final = 210.0
A4_LONG_MM: Final = 297.0
SEAL_MM: Final = 45.0
"""Side of the square that a round seal of a public office needs."""

POINTS_PER_MM: Final = 72 / 25.4


@dataclass(frozen=True, slots=True)
class Face:
    """How a text is set: East Asian font, size in points, Latin font (the same one when left out)."""

    font: str
    size: float
    latin: str = ""


BALLOT: Final = Face(NUMBER_FONT, SIZE_5)
"""For □ and ☑, which 仿宋 lacks."""

LABEL: Final = Face(LABEL_FONT, SIZE_5)
TEXT: Final = Face(TEXT_FONT, SIZE_5, LATIN_FONT)


def points(millimetres: float) -> float:
    """Millimetres as points."""
    return millimetres * POINTS_PER_MM


def twips(millimetres: float) -> int:
    """Millimetres as the twentieths of a point that WordprocessingML counts in."""
    return round(points(millimetres) * 20)
