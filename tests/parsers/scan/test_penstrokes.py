"""Strokes through writing are no rules; rules stay, with writing close to them."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from parsers.scan.gridding import find_grids
from parsers.scan.penstrokes import WRITTEN, written_share
from parsers.scan.ruling import find_rules
from parsers.scan.units import Gray, mm
from tests.parsers.scan.drawing import paper, rule, table

COLUMNS, ROWS = [10.0, 35.0, 60.0, 110.0], [10.0, 30.0, 50.0, 70.0]


def written(page: Gray, x: float, y: float) -> None:
    """Something like six characters, 3.4 mm high, from a place in millimetres on."""
    for number in range(6):
        left, top = mm(x + number * 3.6), mm(y)
        cv2.rectangle(page, (left, top), (left + mm(3), top + mm(3.4)), 0, 2)
        cv2.line(page, (left + mm(1.5), top), (left + mm(1.5), top + mm(3.4)), 0, 2)


@pytest.mark.parametrize("middle", [0.35, 0.5, 0.65])
def test_a_value_struck_out_from_rule_to_rule_is_one_cell(middle: float) -> None:
    page = paper()
    table(page, COLUMNS, ROWS)
    written(page, 36.5, 38.0)
    rule(page, (35.3, 38 + 3.4 * middle), (59.6, 38.4 + 3.4 * middle), weight=4)
    grids, _ = find_grids(page)
    assert [(grid.rows, len(grid.cells)) for grid in grids] == [(3, 9)]


@pytest.mark.parametrize("above", [0.7, 1.5])
def test_a_rule_with_writing_close_above_and_below_stays(above: float) -> None:
    page = paper()
    table(page, COLUMNS, ROWS)
    rule(page, (35, 40), (60, 40))
    written(page, 36.5, 40 - above - 3.4)
    written(page, 36.5, 40 + above)
    grids, _ = find_grids(page)
    assert [grid.rows for grid in grids] == [4]
    assert np.count_nonzero([cell.row == 1 and cell.column == 1 for cell in grids[0].cells]) == 1


@pytest.mark.parametrize(("tops", "broken_off"), [((23.0, 32.0, 41.0), 0.0), ((23.0, 32.0), 2.4)])
def test_a_border_that_a_hand_touches_in_its_rows_stays(tops: tuple[float, ...], broken_off: float) -> None:
    page = paper()
    table(page, COLUMNS, [10.0, 22.0, 31.0, 40.0, 49.0])
    page[mm(48.6 - broken_off) : mm(48.6), mm(34) : mm(36)] = 255
    for top in tops:
        cv2.line(page, (mm(33.5), mm(top)), (mm(35), mm(top + 1)), 0, 3)
        cv2.line(page, (mm(35), mm(top + 3)), (mm(36.6), mm(top + 4)), 0, 3)
    (rule_,) = [rule for rule in find_rules(page, None)[0].plumb if abs(rule.at - mm(35)) < mm(1)]
    assert written_share(rule_, np.asarray(255 - page, np.uint8).T) >= WRITTEN
    grids, _ = find_grids(page)
    assert [len(grid.cells) for grid in grids] == [12]


def test_a_rule_that_a_seals_rim_and_words_touch_stays() -> None:
    page = paper()
    table(page, COLUMNS, [10.0, 50.0])
    middle = (mm(35 + 19), mm(30))
    written(page, 36, 25)
    cv2.circle(page, middle, mm(19), 0, mm(1))
    for row in (22, 28, 34):
        cv2.line(page, (mm(33), mm(row)), (mm(39), mm(row + 3)), 0, 3)
    grids, _ = find_grids(page, np.asarray(cv2.circle(np.zeros_like(page), middle, mm(19), 255, mm(2)), np.uint8))
    assert [len(grid.cells) for grid in grids] == [3]
