"""Black and white pages are told from grey ones, and smoothed by the size of their dots."""

from __future__ import annotations

import cv2
import numpy as np

from parsers.ocr.base import LineReading
from parsers.scan.bilevel import dot_size, less_sure, smoothed
from parsers.scan.lines import compose
from parsers.scan.readlines import ReadLine
from parsers.scan.units import Rgb


def _page() -> Rgb:
    page = np.full((1754, 1240, 3), 255, np.uint8)
    cv2.putText(page, "320799", (100, 200), cv2.FONT_HERSHEY_SIMPLEX, 2.0, (0, 0, 0), 3)
    return np.where(page < 128, 0, 255).astype(np.uint8)


def test_dots_are_measured_on_the_flat_page() -> None:
    page = _page()
    assert dot_size(page, np.zeros((2339, 1654, 3), np.uint8)) == 2339 / 1754


def test_a_grey_or_empty_page_has_no_dots() -> None:
    grey = np.asarray(cv2.GaussianBlur(_page(), (0, 0), 2.0), np.uint8)
    noisy = np.clip(_page() - np.random.default_rng(1).normal(0, 40, (1754, 1240, 3)) ** 2 / 20, 0, 255).astype(
        np.uint8
    )
    for page in (grey, noisy, np.full((100, 100, 3), 255, np.uint8)):
        assert dot_size(page, page) == 0.0


def test_crops_get_grey_edges_and_others_stay() -> None:
    crop = np.ascontiguousarray(_page()[150:220, 90:400, 1])
    (soft,) = smoothed([crop], 1.3)
    assert ((soft > 40) & (soft < 215)).mean() > 0.05
    assert smoothed([crop], 0.0)[0] is crop


def test_readings_of_a_coarse_page_are_worth_less() -> None:
    line = compose(np.full((60, 200), 255, np.uint8), [(10, 10, 190, 40)], 30.0)
    read = ReadLine(line, LineReading("训", 0.99), LineReading("训", 0.99), "训", 0.99)
    assert less_sure([read], 1.33)[0].confidence < 0.98
    assert less_sure([read], 0.67) == [read]
