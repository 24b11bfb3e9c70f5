"""A comma that the recogniser passed over is seen where it stands; feet of characters and gaps are none."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from parsers.scan.lines import Line, compose
from parsers.scan.passedover import passes_over_mark
from parsers.scan.units import Mask

HIGH, WIDE = 18, 20


def line_of(*, gap_after: int, has_comma: bool) -> tuple[Mask, Line, list[tuple[str, float]]]:
    """Six hanzi of small type, as blocks, with room behind one of them, and a comma in it or not."""
    ink = np.zeros((60, 200), np.uint8)
    x, marks = 10, []
    for index, character in enumerate("重性任务负责"):
        ink[20 : 20 + HIGH, x : x + HIGH - 2] = 255
        marks.append((character, x + HIGH / 2 - 1))
        x += WIDE
        if index == gap_after:
            if has_comma:
                cv2.rectangle(ink, (x - 1, 32), (x + 1, 36), 255, -1)
            x += 6
    xs = np.flatnonzero(ink.any(axis=0))
    return ink, compose(255 - ink, [(int(xs[0]), 20, int(xs[-1]) + 1, 20 + HIGH)], HIGH), marks


@pytest.mark.parametrize(("gap_after", "has_comma"), [(3, True), (3, False), (9, False)])
def test_a_small_stroke_in_room_of_its_own_was_passed_over(gap_after: int, *, has_comma: bool) -> None:
    assert passes_over_mark(*line_of(gap_after=gap_after, has_comma=has_comma)) == has_comma


def test_a_comma_that_was_read_was_not_passed_over() -> None:
    ink, line, marks = line_of(gap_after=3, has_comma=True)
    assert not passes_over_mark(ink, line, [*marks[:4], (",", marks[3][1] + 12), *marks[4:]])
