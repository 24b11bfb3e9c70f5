"""The layers of a page: paper is white in any light, ink is dark on it, a seal's red is neither."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw

from parsers.scan.red import binarised, separate
from parsers.scan.units import Rgb, mm
from samples.paper.fonts import font

SIZE = (mm(90), mm(120))


def page(words: str = "海州区教育局") -> Rgb:
    picture = Image.new("RGB", (SIZE[1], SIZE[0]), (244, 243, 240))
    for row in range(4):
        ImageDraw.Draw(picture).text((mm(20), mm(15 + 18 * row)), words, font=font("song", 32), fill=(30, 30, 34))
    return np.asarray(picture)


def shaded(paper: Rgb, dark: float, soft: float) -> Rgb:
    """The shadow of a hand over the right half: two fingers and what is behind them; ``soft`` millimetres of edge."""
    shadow = np.zeros(paper.shape[:2], np.float32)
    cv2.ellipse(shadow, (mm(95), mm(60)), (mm(40), mm(28)), -20, 0, 360, 1.0, -1)
    for end in (8, 30):
        cv2.line(shadow, (mm(80), mm(55)), (mm(35), mm(end)), 1.0, mm(13))
    edged = np.asarray(cv2.GaussianBlur(shadow, (0, 0), mm(soft)), np.float32)
    return np.asarray(paper * (1 - dark * edged[..., None]), np.uint8)


@pytest.mark.parametrize("soft", [0.6, 1.5, 4.0])
@pytest.mark.parametrize("dark", [0.3, 0.5])
def test_the_edge_of_a_shadow_is_no_ink_and_words_in_it_are(dark: float, soft: float) -> None:
    clean = binarised(separate(page()).gray) > 0
    found = binarised(separate(shaded(page(), dark, soft)).gray) > 0
    near = cv2.dilate(clean.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    assert np.count_nonzero(found & ~near) < mm(1) ** 2
    assert np.count_nonzero(found & clean) > 0.9 * np.count_nonzero(clean)


def test_a_broad_red_star_stays_red() -> None:
    paper = page().copy()
    middle, arm = np.array([mm(80), mm(45)]), mm(8)
    turns = np.pi * (np.arange(10) / 5 - 0.5)
    reach = np.where(np.arange(10) % 2 == 0, arm, 0.4 * arm)
    star = (middle + np.stack([np.cos(turns), np.sin(turns)], axis=1) * reach[:, None]).astype(np.int32)
    cv2.fillPoly(paper, [star], (205, 30, 40))
    inside = cv2.fillPoly(np.zeros(SIZE, np.uint8), [star], 255) > 0
    assert np.count_nonzero((separate(paper).red > 0) & inside) > 0.9 * np.count_nonzero(inside)
