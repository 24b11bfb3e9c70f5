"""Lines that reach into each other: a piece of ink is of one line."""

from __future__ import annotations

import cv2
import numpy as np

from parsers.scan.crowded import owned
from parsers.scan.units import Mask

HEIGHT = 24.0


def two_lines() -> Mask:
    """Two lines of three squares each: one of the upper line hangs down, one of the lower stands up."""
    strokes = np.zeros((50, 110), np.uint8)
    for left, up, down in ((5, 2, 27), (40, 6, 22), (75, 2, 31)):
        cv2.rectangle(strokes, (left, up), (left + 20, up + 19), 255, 2)
        cv2.rectangle(strokes, (left, down), (left + 20, down + 18), 255, 2)
    return strokes


def test_characters_that_leave_their_line_are_of_it_all_the_same() -> None:
    strokes = two_lines()
    upper, lower = owned(strokes, [(2, 24), (24, 50)], HEIGHT)
    assert cv2.connectedComponents(upper)[0] - 1 == 3
    assert cv2.connectedComponents(lower)[0] - 1 == 3
    assert not (cv2.bitwise_and(upper, lower)).any()
    assert np.array_equal(cv2.bitwise_or(upper, lower), strokes)


def test_characters_that_touch_are_cut_between_the_lines() -> None:
    strokes = two_lines()
    cv2.line(strokes, (15, 20), (15, 28), 255, 2)
    upper, lower = owned(strokes, [(2, 24), (24, 50)], HEIGHT)
    assert upper[:20, 5:26].any()
    assert not upper[32:, 5:26].any()
    assert lower[32:, 5:26].any()
