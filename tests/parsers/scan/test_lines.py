"""Lines of a cell that touch are parted where the writing is thinnest, and only there."""

from __future__ import annotations

import numpy as np

from parsers.scan import lines
from parsers.scan.units import Mask


def _three_touching_lines(thin: int) -> Mask:
    strokes = np.zeros((60, 100), np.uint8)
    strokes[:, ::3] = 255
    for row in (19, 20, 39, 40):
        strokes[row, :] = 0
        strokes[row, : thin * 3 : 3] = 255
    return strokes


def test_lines_that_touch_are_parted_at_their_thin_rows() -> None:
    parted = lines.part_touching(_three_touching_lines(thin=3), [(0, 60)], 19.0)
    assert parted is not None
    assert [bottom for _, bottom in parted][-1] == 60
    assert len(parted) == 3
    assert all(abs(bottom - wanted) <= 1 for (_, bottom), wanted in zip(parted, (20, 40, 60), strict=True))


def test_writing_that_runs_through_is_not_parted() -> None:
    assert lines.part_touching(_three_touching_lines(thin=30), [(0, 60)], 19.0) is None


def test_a_single_line_stays_whole() -> None:
    assert lines.part_touching(_three_touching_lines(thin=3)[:20], [(0, 20)], 19.0) == [(0, 20)]
