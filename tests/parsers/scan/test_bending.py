"""Curled paper: its rules are followed and laid straight; a flat page is left alone."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from parsers.picture import Picture
from parsers.scan.bending import find_bend
from parsers.scan.flattening import flatten
from parsers.scan.units import Rgb, mm
from tests.parsers.scan.drawing import paper, table

COLUMNS = [20.0, 45.0, 70.0, 95.0, 120.0, 145.0, 190.0]
ROWS = [30.0, 55.0, 80.0, 105.0, 130.0, 180.0, 230.0, 270.0]
BETWEEN = (35, 50, 62, 75, 88, 100, 112, 125, 138, 155, 165, 175)
"""Millimetres at which no rule runs, either way."""


def sheet() -> Rgb:
    page = paper(210, 297)
    table(page, COLUMNS, ROWS)
    return np.repeat(page[..., None], 3, axis=2)


def curled(depth: float, *, along: bool) -> Rgb:
    """The sheet with its level (or, ``along`` false, its plumb) rules bowed by ``depth`` millimetres."""
    page = sheet()
    high, wide = page.shape[:2]
    ys, xs = np.mgrid[0:high, 0:wide].astype(np.float32)
    bow = mm(depth) * np.sin(np.pi * (xs / wide if along else ys / high))
    right, down = (xs, ys + bow) if along else (xs + bow, ys)
    right, down = np.asarray(right, np.float32), np.asarray(down, np.float32)
    bent = cv2.remap(page, right, down, cv2.INTER_CUBIC, borderMode=cv2.BORDER_CONSTANT, borderValue=(255,) * 3)
    return np.asarray(bent, np.uint8)


def straying(page: Rgb, *, along: bool) -> float:
    """How far, in pixels, the dark of the middle rule strays over the page."""
    grey = cv2.cvtColor(page, cv2.COLOR_RGB2GRAY)
    dark = np.asarray(grey if along else grey.T) < 128
    places = []
    for column in BETWEEN:
        rows = np.flatnonzero(dark[: dark.shape[0] // 2, mm(column)])
        places.append(rows.max())
    return float(np.ptp(places))


@pytest.mark.parametrize("along", [True, False])
@pytest.mark.parametrize("depth", [1.5, 5.0])
def test_a_bowed_page_is_laid_straight(depth: float, *, along: bool) -> None:
    bent = curled(depth, along=along)
    assert straying(bent, along=along) > mm(depth) * 0.4
    assert straying(flatten(Picture(bent)), along=along) <= mm(0.4)


def test_a_flat_page_has_no_bend() -> None:
    assert find_bend(sheet()) is None


def test_a_page_of_few_rules_has_no_bend() -> None:
    page = np.full((2339, 1654, 3), 255, np.uint8)
    cv2.line(page, (200, 300), (1400, 340), (0, 0, 0), 3)
    cv2.line(page, (200, 800), (1400, 760), (0, 0, 0), 3)
    assert find_bend(page) is None


def test_strokes_beside_the_rules_bend_nothing() -> None:
    page = sheet()
    chance = np.random.default_rng(5)
    for _ in range(12):
        x, y = (int(part) for part in chance.integers(300, 1300, 2))
        cv2.line(page, (x, y), (x + 260, y + 30), (0, 0, 0), 3)
    bend = find_bend(page)
    assert bend is None or max(float(np.abs(bend.right).max()), float(np.abs(bend.down).max())) < mm(0.5)
