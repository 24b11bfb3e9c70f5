"""Text outside grids: running text is skimmed, everything else is read whole."""

from __future__ import annotations

import numpy as np

from parsers.scan.around import is_prose, skim
from parsers.scan.lines import Line, Piece

EM = 29


def line(row: int, ems: float, pieces: int = 1) -> Line:
    box = (0, row * 40, round(ems * EM), row * 40 + EM)
    return Line(box, np.zeros((1, 1), np.uint8), tuple(Piece(0, 1, box) for _ in range(pieces)))


def test_of_running_text_the_first_and_the_short_lines_are_read() -> None:
    page = [line(row, 30) for row in range(20)] + [line(20, 5)]
    assert is_prose(page)
    assert [one.box[1] // 40 for one in skim(page)] == [0, 1, 2, 3, 4, 5, 20]


def test_a_form_without_rules_is_not_running_text() -> None:
    assert not is_prose([line(row, 30, pieces=4) for row in range(30)])
    assert not is_prose([line(row, 30) for row in range(8)])
    assert not is_prose([line(row, 8) for row in range(30)])
