"""Stray dots above and below a line do not make it higher; what is writing does."""

from __future__ import annotations

import numpy as np
import pytest

from parsers.scan.strayrows import written_rows
from parsers.scan.units import Mask


def line(*dots: tuple[int, int]) -> Mask:
    """Writing in the rows 10 to 29, and dots of two pixels at columns and rows."""
    strokes = np.zeros((40, 120), np.uint8)
    strokes[10:30, 20:100:3] = 255
    strokes[12, 20:100] = 255
    for x, y in dots:
        strokes[y : y + 2, x : x + 2] = 255
    return strokes


@pytest.mark.parametrize("dots", [(), ((50, 3),), ((50, 3), (90, 4)), ((60, 36),), ((30, 2), (60, 36))])
def test_a_dot_or_two_apart_from_the_line_are_none_of_it(dots: tuple[tuple[int, int], ...]) -> None:
    assert written_rows(line(*dots)) == (10, 30)


def test_a_row_of_dots_is_a_broken_stroke() -> None:
    assert written_rows(line((30, 4), (40, 4), (50, 4))) == (4, 30)


def test_a_dot_that_stands_beside_the_writing_counts() -> None:
    assert written_rows(line((110, 28))) == (10, 30)
    assert written_rows(line((110, 29))) == (10, 31)


def test_dots_alone_are_all_there_is() -> None:
    strokes = np.zeros((20, 20), np.uint8)
    strokes[5:7, 5:7] = strokes[12:14, 9:11] = 255
    assert written_rows(strokes) == (5, 14)
