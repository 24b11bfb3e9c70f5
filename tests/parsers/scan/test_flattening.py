"""Pictures laid flat: skew, perspective, the sheet on its desk."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from parsers.picture import Picture
from parsers.scan.flattening import flatten
from parsers.scan.gridding import find_grids
from parsers.scan.units import Gray, Rgb
from tests.parsers.scan.drawing import paper, table

COLUMNS, ROWS = [20.0, 60.0, 110.0, 190.0], [30.0, 60.0, 90.0, 150.0, 270.0]


def sheet() -> Rgb:
    page = paper(210, 297)
    table(page, COLUMNS, ROWS)
    return np.repeat(page[..., None], 3, axis=2)


def cells_of(pixels: Rgb) -> list[int]:
    flat = flatten(Picture(pixels))
    grids, _ = find_grids(np.asarray(cv2.cvtColor(flat, cv2.COLOR_RGB2GRAY), np.uint8))
    return [len(grid.cells) for grid in grids]


@pytest.mark.parametrize("degrees", [-15.0, -3.0, 0.4, 7.0, 15.0])
def test_a_page_laid_down_askew_is_straight(degrees: float) -> None:
    page = cv2.copyMakeBorder(sheet(), 300, 300, 300, 300, cv2.BORDER_CONSTANT, value=(255, 255, 255))
    turn = cv2.getRotationMatrix2D((page.shape[1] / 2, page.shape[0] / 2), degrees, 1.0)
    turned = cv2.warpAffine(page, turn, (page.shape[1], page.shape[0]), borderValue=(255, 255, 255))
    assert cells_of(np.asarray(turned, np.uint8)) == [12]


def on_desk(desk: int) -> Rgb:
    page = sheet()
    high, wide = page.shape[:2]
    seen = np.asarray([[150, 160], [wide + 60, 210], [wide + 130, high + 90], [110, high + 170]], np.float32)
    matrix = cv2.getPerspectiveTransform(np.asarray([[0, 0], [wide, 0], [wide, high], [0, high]], np.float32), seen)
    size = (wide + 260, high + 300)
    on = cv2.warpPerspective(page, matrix, size, borderMode=cv2.BORDER_CONSTANT, borderValue=(desk, desk, desk))
    return np.asarray(on, np.uint8)


@pytest.mark.parametrize("desk", [20, 90, 150])
def test_a_sheet_on_a_desk_is_found_and_flat(desk: int) -> None:
    assert cells_of(on_desk(desk)) == [12]


@pytest.mark.parametrize("dark_side", [0.3, 0.45, 0.6])
def test_light_that_falls_off_cuts_nothing_away(dark_side: float) -> None:
    page = sheet()
    light = np.linspace(1.0, dark_side, page.shape[1], dtype=np.float32)[None, :, None]
    lit: Gray = (page * light).astype(np.uint8)
    flat = flatten(Picture(lit))
    assert abs(flat.shape[1] / flat.shape[0] - 210 / 297) < 0.01


@pytest.mark.parametrize("size", [(8, 29000), (3000, 5), (1, 1)])
def test_slivers_are_pages_with_nothing_on_them(size: tuple[int, int]) -> None:
    assert min(flatten(Picture(np.full((*size, 3), 255, np.uint8))).shape[:2]) > 0
