"""A page is laid over its print whatever happened to it, or not at all."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from parsers.scan.registering import find_code, lay_over
from parsers.scan.units import Gray, Rgb
from samples.paper import degrading
from tests.parsers.scan.printed import cards, dice, paper_of, scanned


def gray_of(page: Rgb) -> Gray:
    return np.asarray(cv2.cvtColor(page, cv2.COLOR_RGB2GRAY), np.uint8)


@pytest.mark.parametrize("way", ["turned", "smaller", "photographed"])
def test_the_middle_of_the_print_is_found_to_a_pixel(way: str) -> None:
    print_rgb = paper_of(cards()[0])
    printed = gray_of(print_rgb)
    high, wide = printed.shape
    worn = {
        "turned": lambda: scanned(print_rgb, 3),
        "smaller": lambda: degrading.resized(scanned(print_rgb, 4), 0.94),
        "photographed": lambda: degrading.photographed(print_rgb, dice(5)),
    }[way]()
    seen, code = find_code(gray_of(worn)), find_code(printed)
    assert seen is not None
    assert code is not None
    matrix = lay_over(gray_of(worn), seen, printed, code)
    assert matrix is not None
    laid = cv2.warpPerspective(gray_of(worn), matrix, (wide, high), borderValue=(255,))
    window = (slice(600, 1700), slice(300, 1300))
    shift, _ = cv2.phaseCorrelate(laid[window].astype(np.float32), printed[window].astype(np.float32))
    assert float(np.hypot(shift[0], shift[1])) < 0.6


def test_another_page_under_the_same_code_is_not_laid_over() -> None:
    print_rgb = paper_of(cards()[0])
    printed = gray_of(print_rgb)
    code = find_code(printed)
    assert code is not None
    other = np.full_like(printed, 255)
    other[-130:, -500:] = printed[-130:, -500:]
    state = np.random.default_rng(1)
    for _ in range(200):
        x, y = int(state.integers(50, 1500)), int(state.integers(50, 2100))
        cv2.putText(other, str(int(state.integers(0, 9999))), (x, y), cv2.FONT_HERSHEY_SIMPLEX, 0.8, 0, 2)
    seen = find_code(other)
    assert seen is not None
    assert lay_over(other, seen, printed, code) is None
