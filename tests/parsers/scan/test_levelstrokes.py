"""The strokes of 一, 二 and 三."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from parsers.scan.levelstrokes import is_miscounted
from samples.paper.fonts import font, looks

EM = 29


@pytest.mark.parametrize("look", looks())
@pytest.mark.parametrize("printed", ["一", "二", "三"])
@pytest.mark.parametrize("size", [20, 29, 44])
def test_a_character_is_told_from_the_other_two(printed: str, look: str, size: int) -> None:
    picture = Image.new("L", (400, 80), 0)
    face = font(look, size)
    ImageDraw.Draw(picture).text((20, 15), f"第{printed}中", font=face, fill=255)
    ink = np.asarray((np.asarray(picture) > 100).astype(np.uint8) * 255, np.uint8)
    rows, columns = (np.flatnonzero(ink.any(axis=axis)) for axis in (1, 0))
    box = (int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)
    middle = 20 + face.getlength("第") + face.getlength(printed) / 2
    for away in (-0.12 * size, 0, 0.12 * size):
        said = {read: is_miscounted(ink, box, read, middle + away) for read in "一二三中"}
        assert said == {"一": printed != "一", "二": printed != "二", "三": printed != "三", "中": False}
