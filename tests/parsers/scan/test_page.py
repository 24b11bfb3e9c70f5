"""What a page says of signatures."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from parsers.scan.lines import compose
from parsers.scan.page import _after_signing, _unread_signature
from parsers.scan.readlines import ReadLine
from tests.parsers.scan.drawing import sheet_of
from tests.parsers.scan.engines import sure


@pytest.mark.parametrize(
    ("text", "signed"),
    [
        ("负责人签字：", False),
        ("签字：1年月日", False),
        ("负责人(签字):王明", True),
        ("签字：张三2026年1月2日", True),
        ("同意借用", False),
    ],
)
def test_only_a_name_behind_the_word_is_a_signature(text: str, signed: bool) -> None:  # noqa: FBT001 - a table's column
    line = compose(np.full((40, 400), 255, np.uint8), [(10, 5, 390, 35)], 30)
    reading = sure(text)
    assert (_after_signing(ReadLine(line, reading, reading, text, 0.99)) is not None) is signed


@pytest.mark.parametrize("strokes", [0, 3])
def test_strokes_behind_the_word_that_were_not_read_are_a_signature(strokes: int) -> None:
    page = np.full((60, 500), 255, np.uint8)
    for row in range(strokes):
        page[15 + 8 * row : 18 + 8 * row, 150 : 250 - 10 * row] = 0
    line = compose(page, [(10, 5, 490, 45)], 30)
    glyphs = tuple(
        replace(glyph, at=at) for glyph, at in zip(sure("签字:年").glyphs, (0.05, 0.12, 0.18, 0.9), strict=True)
    )
    reading = replace(sure("签字:年"), glyphs=glyphs)
    found = _unread_signature(sheet_of(page), ReadLine(line, reading, reading, "签字:年", 0.5))
    assert (found is not None) is bool(strokes)
