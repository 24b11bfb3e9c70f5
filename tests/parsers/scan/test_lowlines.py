"""Lines too low or too high for what was read in them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from parsers.ocr.base import LineReading
from parsers.ocr.lattice import Glyph
from parsers.scan.lines import Line, Piece
from parsers.scan.lowlines import has_high_line, has_low_line
from parsers.scan.readlines import ReadLine

UNUSED = np.full((8, 8), 255, np.uint8)


def line(text: str, height: int) -> ReadLine:
    reading = LineReading(text, 0.99)
    return ReadLine(Line((0, 0, 100, height), UNUSED, ()), reading, reading, text, 0.99)


@pytest.mark.parametrize(
    ("lines", "is_low"),
    [
        ([("信息录入", 34), ("贝", 18)], True),
        ([("信息录入", 26), ("员", 25)], False),
        ([("信息录", 26), ("入口", 19)], False),
        ([("长期留用", 26), ("一", 3)], False),
        ([("海州区水利局", 26), ("2026年", 18)], False),
        ([("贝", 18)], False),
        ([], False),
    ],
)
def test_half_of_a_character_is_doubted(lines: list[tuple[str, int]], *, is_low: bool) -> None:
    assert has_low_line([line(text, height) for text, height in lines]) is is_low


def test_a_low_character_of_a_hand_is_whole_where_it_was_surely_read() -> None:
    lines = [replace(line(text, height), by_hand=True) for text, height in (("信息录入", 34), ("贝", 18))]
    assert not has_low_line(lines)
    assert has_low_line([lines[0], replace(lines[1], reading=LineReading("贝", 0.9))])


def spread(text: str, height: int, *, by_hand: bool = False) -> ReadLine:
    """A line whose characters stand 20 pixels apart."""
    wide = 20 * len(text)
    glyphs = tuple(Glyph(mark, 0.99, (index + 0.5) / len(text)) for index, mark in enumerate(text))
    reading = LineReading(text, 0.99, glyphs)
    box = (0, 0, wide, height)
    whole = Line(box, np.full((height, wide), 255, np.uint8), (Piece(0, wide, box),))
    return ReadLine(whole, reading, reading, text, 0.99, by_hand=by_hand)


def test_a_line_that_runs_into_the_next_is_doubted() -> None:
    assert has_high_line([spread("实验辅助", 30)])
    assert not has_high_line([spread("实验辅助", 21)])
    assert not has_high_line([spread("实验(辅助)", 25)]), "brackets are higher than hanzi"
    assert not has_high_line([spread("实验", 30)]), "too few characters tell"
    assert not has_high_line([spread("实验辅助", 30, by_hand=True)]), "a hand keeps no height"
