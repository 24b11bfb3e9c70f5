"""Lines too low for what was read in them."""

from __future__ import annotations

import numpy as np
import pytest

from parsers.ocr.base import LineReading
from parsers.scan.lines import Line
from parsers.scan.lowlines import has_low_line
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
