"""Black and white pages are told from grey ones, and smoothed by the size of their dots."""

from __future__ import annotations

import cv2
import numpy as np

from parsers.ocr.base import LineReading
from parsers.ocr.lattice import Glyph
from parsers.scan.bilevel import dot_size, less_sure, smoothed
from parsers.scan.brackets import MEASURED
from parsers.scan.lines import compose
from parsers.scan.readlines import OF_BOXES, ReadLine
from parsers.scan.ticks import TickBox
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
    assert less_sure([read], 0.67)[0].confidence == read.confidence
    assert less_sure([read], 0.0, 1.33)[0].confidence < 0.98
    assert less_sure([read], 0.0, 1.0)[0].confidence == read.confidence


def test_brackets_that_were_measured_and_tick_boxes_are_as_sure_as_on_any_page() -> None:
    line = compose(np.full((60, 200), 255, np.uint8), [(10, 10, 190, 40)], 30.0)
    glyphs = (Glyph("〔", MEASURED, 0.2), Glyph("2", 0.9999, 0.5))
    bracket = LineReading("〔2", MEASURED, glyphs)
    doubtful = LineReading("〔2", 0.9, (glyphs[0], Glyph("2", 0.9, 0.5)))
    box = LineReading("□是", 0.6, (Glyph("□", 0.6, 0.2), Glyph("是", 0.9999, 0.5)))
    lines = [ReadLine(line, one, one, one.text, one.confidence or 0.0) for one in (bracket, doubtful)]
    lines.append(ReadLine(line, box, box, "□是", OF_BOXES, boxes=(TickBox((0, 0, 20, 20), ticked=False),)))
    found = [one.confidence for one in less_sure(lines, 1.33)]
    assert found[0] == MEASURED
    assert found[1] < 0.5
    assert found[2] == OF_BOXES
