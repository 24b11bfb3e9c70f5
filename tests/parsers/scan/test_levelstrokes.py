"""The strokes of 一, 二 and 三."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw

from parsers.scan.levelstrokes import are_counted, is_miscounted
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


@pytest.mark.parametrize("look", looks())
@pytest.mark.parametrize("printed", ["一", "二", "三"])
@pytest.mark.parametrize("size", [20, 25, 29, 44])
@pytest.mark.parametrize("pale", [1.0, 0.5])
def test_strokes_too_thin_for_the_ink_are_told_by_the_grey(printed: str, look: str, size: int, pale: float) -> None:
    picture = Image.new("L", (400, round(size * 1.25)), 255)
    face = font(look, size)
    ImageDraw.Draw(picture).text((20, round(size * 0.8)), f"第{printed}中", font=face, fill=0, anchor="ls")
    soft = cv2.GaussianBlur(np.asarray(picture), (0, 0), 0.7).astype(np.float64)
    middle = 20 + face.getlength("第") + face.getlength(printed) / 2
    own = slice(round(middle - size * 0.5), round(middle + size * 0.5))
    soft[:, own] = 255 - (255 - soft[:, own]) * pale
    crop = np.asarray(np.clip(soft + np.random.default_rng(5).normal(0, 5, soft.shape), 0, 255), np.uint8)
    for away in (-0.12 * size, 0, 0.12 * size):
        seen = {read for read in "一二三" if are_counted(crop, read, (middle + away) / crop.shape[1])}
        assert seen <= {printed}, "never another"
        assert seen == {printed} or pale < 1.0 or size < 25
