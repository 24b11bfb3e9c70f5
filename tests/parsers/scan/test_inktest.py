"""Is anything written?"""

from __future__ import annotations

import cv2
import numpy as np

from parsers.scan.inktest import Ink, InkFound, look, make_sheet
from parsers.scan.red import binarised
from parsers.scan.units import Gray, mm
from tests.parsers.scan.drawing import paper, sheet_of

CELL = (mm(10), mm(10), mm(50), mm(25))


def state(page: Gray, red: Gray | None = None, loose: Gray | None = None) -> Ink:
    return look(sheet_of(page, red, loose), CELL).state


def black_text(page: Gray) -> Gray:
    cv2.putText(page, "ABC", (mm(70), mm(60)), cv2.FONT_HERSHEY_SIMPLEX, 2, 0, 4)
    return page


def test_blank_paper_is_empty() -> None:
    assert state(black_text(paper())) is Ink.NONE


def test_writing_is_ink() -> None:
    page = black_text(paper())
    cv2.putText(page, "12", (mm(15), mm(20)), cv2.FONT_HERSHEY_SIMPLEX, 1, 0, 3)
    assert state(page) is Ink.INK


def test_a_single_level_stroke_is_ink() -> None:
    page = black_text(paper())
    page[mm(17) : mm(17) + 3, mm(20) : mm(23)] = 0
    assert state(page) is Ink.INK


def test_specks_are_no_ink() -> None:
    page = black_text(paper())
    for x, y in ((15, 13), (30, 20), (44, 17)):
        page[mm(y) : mm(y) + 2, mm(x) : mm(x) + 2] = 0
    assert state(page) is Ink.NONE


def test_noise_is_no_ink() -> None:
    page = black_text(paper())
    noisy = np.clip(page + np.random.default_rng(3).normal(0, 12, page.shape), 0, 255).astype(np.uint8)
    assert state(noisy) is Ink.NONE


def test_the_rest_of_a_rule_along_the_border_is_no_ink() -> None:
    page = black_text(paper())
    page[mm(10) : mm(10) + 2, mm(12) : mm(40)] = 0
    assert state(page) is Ink.NONE


def one_beside_the_rule(gap: int, high: float = 3.0, size: float = 0.9) -> InkFound:
    """A cell whose left rule stands ``gap`` pixels before a 1 of ``high`` mm, with more figures of a size behind it."""
    page, rules = black_text(paper()), paper()
    left, top = CELL[0] - mm(0.35), CELL[1]
    page[top - 3 : CELL[3] + 3, left : left + 3] = 0
    rules[top - 3 : CELL[3] + 3, left : left + 3] = 0
    start = left + 3 + 1 + gap
    page[mm(18 - high) : mm(18), start : start + 3] = 0
    cv2.putText(page, "234", (mm(12), mm(18)), cv2.FONT_HERSHEY_SIMPLEX, size, 0, 3)
    nothing = np.zeros_like(page)
    return look(make_sheet(page, nothing, nothing, binarised(page), 255 - rules), CELL)


def test_a_figure_beside_the_rule_is_writing() -> None:
    seen = one_beside_the_rule(2)
    assert seen.strokes[:, :5].any()
    assert not seen.touching


def test_a_figure_that_clings_to_the_rule_is_kept_and_doubted() -> None:
    seen = one_beside_the_rule(0)
    assert seen.strokes[:, :5].any()
    assert seen.touching


def test_small_print_has_small_figures() -> None:
    assert one_beside_the_rule(2, high=1.3, size=0.45).strokes[:, :5].any()
    assert not one_beside_the_rule(2, high=1.3, size=1.8).strokes[:, :5].any(), "not as high as the writing beside it"


def test_an_upright_piece_alone_beside_the_rule_is_doubted() -> None:
    page = black_text(paper())
    page[mm(15) : mm(18), CELL[0] + 1 : CELL[0] + 4] = 0
    assert state(page) is Ink.DOUBTFUL


def beside_writing(grey: int) -> InkFound:
    """A cell with grey writing and, in its rows, one stroke of another grey."""
    page = black_text(paper())
    cv2.putText(page, "12", (mm(15), mm(20)), cv2.FONT_HERSHEY_SIMPLEX, 1, 110, 3)
    page[mm(18) : mm(18) + 3, mm(30) : mm(33)] = grey
    return look(sheet_of(page), CELL)


def test_a_stroke_as_pale_as_its_neighbours_is_one_of_them() -> None:
    seen = beside_writing(170)
    assert seen.strokes[:, mm(20) :].any()
    assert not seen.pale


def test_a_paler_stroke_beside_writing_is_doubted() -> None:
    seen = beside_writing(190)
    assert not seen.strokes[:, mm(20) :].any()
    assert seen.pale


def test_what_shows_through_from_the_other_side_is_no_sure_ink() -> None:
    page = black_text(paper())
    cv2.putText(page, "XY", (mm(15), mm(20)), cv2.FONT_HERSHEY_SIMPLEX, 1, 175, 3)
    assert state(page) is Ink.DOUBTFUL
    fainter = black_text(paper())
    cv2.putText(fainter, "XY", (mm(15), mm(20)), cv2.FONT_HERSHEY_SIMPLEX, 1, 220, 3)
    assert state(fainter) is Ink.NONE


def test_pale_rests_of_a_seal_are_no_ink_and_red_writing_is_a_doubt() -> None:
    page = black_text(paper())
    red = np.zeros_like(page)
    cv2.putText(page, "XY", (mm(15), mm(20)), cv2.FONT_HERSHEY_SIMPLEX, 1, 150, 3)
    cv2.putText(red, "XY", (mm(15), mm(20)), cv2.FONT_HERSHEY_SIMPLEX, 1, 255, 5)
    assert state(page, red) is Ink.NONE
    assert state(black_text(paper()), red, red) is Ink.DOUBTFUL
