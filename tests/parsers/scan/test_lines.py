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
    assert not parted.crowded
    assert [bottom for _, bottom in parted.rows][-1] == 60
    assert len(parted.rows) == 3
    assert all(abs(bottom - wanted) <= 1 for (_, bottom), wanted in zip(parted.rows, (20, 40, 60), strict=True))


def test_writing_that_runs_through_is_not_parted() -> None:
    assert lines.part_touching(_three_touching_lines(thin=30), [(0, 60)], 19.0) is None


def test_a_single_line_stays_whole() -> None:
    parted = lines.part_touching(_three_touching_lines(thin=3)[:20], [(0, 20)], 19.0)
    assert parted == lines.Parted(((0, 20),), crowded=False)


def _rows(*runs: tuple[int, int]) -> Mask:
    strokes = np.zeros((100, 50), np.uint8)
    for top, bottom in runs:
        strokes[top:bottom] = 255
    return strokes


def test_the_head_of_a_character_goes_with_its_foot_not_with_the_line_above() -> None:
    assert lines.split_rows(_rows((0, 26), (30, 35), (36, 54)), 27.0) == [(0, 26), (30, 54)]


def test_strokes_of_one_character_stay_together() -> None:
    assert lines.split_rows(_rows((0, 3), (11, 14), (23, 26)), 27.0) == [(0, 26)]
    assert lines.split_rows(_rows((0, 3), (23, 26), (40, 43), (63, 66)), 27.0) == [(0, 26), (40, 66)]


def test_a_dot_goes_with_the_line_it_is_near() -> None:
    assert lines.split_rows(_rows((0, 22), (24, 27), (60, 86)), 27.0) == [(0, 27), (60, 86)]
