"""Text outside grids: running text is skimmed, everything else is read whole."""

from __future__ import annotations

import numpy as np

from parsers.scan.around import is_prose, skim, with_notes_cut
from parsers.scan.gridding import GridPlace
from parsers.scan.lines import Line, Piece
from tests.parsers.scan.engines import CrashingEngine, ScriptedEngine, sure

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


def long_line(row: int, pieces: int = 1) -> Line:
    """A line of thirty characters with a crop of its size."""
    box = (100, row * 40, 100 + 30 * EM, row * 40 + EM)
    crop = np.full((EM, 30 * EM), 255, np.uint8)
    return Line(box, crop, tuple(Piece(0, 30 * EM, box) for _ in range(pieces)))


def test_of_a_printed_note_below_the_grids_only_the_beginning_is_read() -> None:
    grid = GridPlace(1, 1, (), (0, 0, 1000, 390), 4)
    above, note, gapped, short = long_line(2), long_line(10), long_line(11, pieces=2), line(12, 6)
    engine = ScriptedEngine(sure("注：1.一人一表"))
    lines = with_notes_cut([above, note, gapped, short], [grid], engine)
    assert (lines[0], lines[2], lines[3]) == (above, gapped, short)
    assert lines[1].box == (100, 400, 100 + 8 * EM, 400 + EM)
    assert lines[1].crop.shape == (EM, 8 * EM)
    assert lines[1].page_x(0.5) == 100 + 4 * EM


def test_a_long_line_that_is_no_note_is_read_whole() -> None:
    grid = GridPlace(1, 1, (), (0, 0, 1000, 390), 4)
    opinion = long_line(10)
    assert with_notes_cut([opinion], [grid], ScriptedEngine(sure("经研究同意借"))) == (opinion,)
    assert with_notes_cut([opinion], [], ScriptedEngine(sure("注：1.一人"))) == (opinion,)
    assert with_notes_cut([opinion], [grid], CrashingEngine(sure("注：1.一人"))) == (opinion,)
