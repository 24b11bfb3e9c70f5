"""Lines of a cell that touch are parted where the writing is thinnest, and only there."""

from __future__ import annotations

import numpy as np

from parsers.scan import lines
from parsers.scan.units import Gray, Mask


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


def test_two_lines_of_smaller_type_that_touch_at_one_character_are_two() -> None:
    strokes = np.zeros((30, 60), np.uint8)
    for left in range(0, 60, 10):
        strokes[0:14, left : left + 7] = 255
        strokes[16:30, left : left + 7] = 255
    strokes[14:16, 20:23] = 255
    assert lines.touching(strokes, [(0, 30)], 18.0)
    parted = lines.part_touching(strokes, [(0, 30)], 18.0)
    assert parted is not None
    assert parted.rows == ((0, 14), (14, 30))


def test_one_line_of_larger_type_is_one() -> None:
    strokes = np.zeros((30, 60), np.uint8)
    for left in range(0, 60, 20):
        strokes[0:30, left : left + 6] = 255
        strokes[2:28, left + 8 : left + 16] = 255
    assert not lines.touching(strokes, [(0, 30)], 18.0)


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


def test_the_end_of_a_tick_above_its_line_is_no_line() -> None:
    assert lines.split_rows(_rows((0, 3), (7, 36), (60, 86)), 26.0) == [(0, 36), (60, 86)]


def _three_characters(middle: int) -> tuple[Gray, Mask]:
    """The grey of three drawn characters on a page, the one in the middle as pale as said, and the ink without it."""
    gray = np.full((60, 200), 255, np.uint8)
    for index, level in enumerate((60, middle, 60)):
        left = 40 + 22 * index
        gray[20:36, left : left + 16 : 4] = level
        gray[20:36:5, left : left + 16] = level
    return gray, np.asarray((gray < 100).astype(np.uint8) * 255, np.uint8)


def test_a_character_too_pale_to_be_ink_stays_in_its_line() -> None:
    gray, strokes = _three_characters(middle=140)
    (line,) = lines.cut_lines(gray, strokes, [(20, 36)], (0, 0), 16.0)
    assert len(line.pieces) == 1
    assert (line.crop[:, line.crop.shape[1] // 2 - 8 : line.crop.shape[1] // 2 + 8] < 200).any()


def test_what_a_seal_leaves_between_two_words_does_not_join_them() -> None:
    gray, strokes = _three_characters(middle=215)
    (line,) = lines.cut_lines(gray, strokes, [(20, 36)], (0, 0), 16.0)
    assert len(line.pieces) == 2
