"""Rules into cells."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from parsers.scan.gridcells import BORDER_MISSING
from parsers.scan.gridding import find_grids
from parsers.scan.units import Gray, mm
from tests.parsers.scan.drawing import paper, rule, table


def spans(page: Gray) -> dict[tuple[int, int], tuple[int, int]]:
    (grid,), _ = find_grids(page)
    return {(cell.row, cell.column): (cell.row_span, cell.column_span) for cell in grid.cells}


def test_a_full_lattice_gives_every_cell_at_its_place() -> None:
    page = paper()
    table(page, [10, 40, 70, 100], [10, 30, 50])
    (grid,), _ = find_grids(page)
    assert (grid.rows, grid.columns, len(grid.cells)) == (2, 3, 6)
    left, top, right, bottom = next(cell.box for cell in grid.cells if (cell.row, cell.column) == (1, 1))
    assert (left, top, right, bottom) == pytest.approx((mm(40), mm(30), mm(70), mm(50)), abs=3)


def test_cells_without_a_rule_between_them_are_one() -> None:
    page = paper()
    table(page, [10, 100], [10, 30, 50, 70])
    rule(page, (40, 10), (40, 30))
    rule(page, (60, 30), (60, 50))
    assert spans(page) == {(0, 0): (1, 1), (0, 1): (1, 2), (1, 0): (1, 2), (1, 2): (1, 1), (2, 0): (1, 3)}


def test_a_rule_broken_in_the_open_still_parts_its_cells() -> None:
    page = paper()
    table(page, [10, 50, 100], [10, 40, 70])
    page[mm(20) : mm(26), mm(50) - 5 : mm(50) + 5] = 255
    assert len(spans(page)) == 4


def test_two_tables_are_two_grids_from_top_to_bottom() -> None:
    page = paper(120, 120)
    table(page, [10, 50, 100], [10, 30, 50])
    table(page, [20, 60, 90], [70, 90, 110])
    grids, _ = find_grids(page)
    assert [grid.box[1] for grid in grids] == pytest.approx([mm(10), mm(70)], abs=3)


def test_the_edges_of_sheets_below_frame_a_page_and_are_no_table() -> None:
    """A stack in the feeder: the lines of the sheets below lie around the tables, and inside them all was one cell."""
    page = paper(140, 140)
    table(page, [20, 60, 100], [20, 40, 60, 70])
    table(page, [20, 50, 100], [80, 90, 120])
    for away in (2, 5):
        table(page, [away, 140 - away], [away, 140 - away])
    grids, _ = find_grids(page)
    assert [(len(grid.cells), grid.box[1]) for grid in grids] == [(6, mm(20)), (4, mm(80))]


def test_a_small_table_in_a_cell_of_a_larger_one_makes_that_no_frame() -> None:
    page = paper(140, 140)
    table(page, [5, 135], [5, 15, 25, 35, 45, 130])
    rule(page, (40, 5), (40, 45))
    table(page, [60, 90, 120], [70, 90])
    (grid,), _ = find_grids(page)
    assert (grid.rows, grid.box[1]) == (5, mm(5))


def test_an_underline_in_a_cell_is_no_rule() -> None:
    page = paper()
    table(page, [10, 50, 100], [10, 40, 70])
    rule(page, (15, 30), (40, 30))
    assert len(spans(page)) == 4


def test_the_rim_of_a_grey_seal_and_its_star_part_nothing() -> None:
    page = paper()
    table(page, [10, 30, 100], [10, 20, 30, 40, 50, 60])
    cv2.circle(page, (mm(62), mm(35)), mm(21), 60, 8)
    cv2.circle(page, (mm(30), mm(36)), mm(21), 60, 8)
    cv2.fillPoly(page, [np.array([[mm(58), mm(32)], [mm(66), mm(32)], [mm(62), mm(40)]])], 60)
    assert len(spans(page)) == 10


def test_a_frame_as_small_as_a_character_is_no_grid() -> None:
    page = paper()
    table(page, [10, 14, 18], [10, 14, 18])
    assert find_grids(page)[0] == ()


def test_a_page_of_noise_and_a_black_page_have_no_grid() -> None:
    chance = np.random.default_rng(1)
    assert find_grids(chance.integers(0, 256, (600, 600)).astype(np.uint8))[0] == ()
    assert find_grids(np.zeros((600, 600), np.uint8))[0] == ()


def doubted(page: Gray) -> dict[tuple[int, int], tuple[str, ...]]:
    (grid,), _ = find_grids(page)
    return {(cell.row, cell.column): cell.notes for cell in grid.cells if cell.notes}


COLUMNS = [10.0, 20.0, 35.0, 50.0, 65.0, 80.0, 100.0]


def test_a_roster_with_regular_rows_is_not_doubted() -> None:
    page = paper()
    table(page, COLUMNS, [10, 20, 30, 40, 50, 60])
    assert doubted(page) == {}


def test_a_short_rule_in_one_row_of_a_roster_is_doubted() -> None:
    page = paper()
    table(page, COLUMNS, [10, 20, 30, 40, 50, 60])
    rule(page, (42, 30), (42, 40))
    assert doubted(page) == {(2, 2): ("grid-irregular",), (2, 3): ("grid-irregular",)}


def test_a_lost_rule_in_one_row_of_a_roster_is_doubted() -> None:
    page = paper()
    table(page, COLUMNS, [10, 20, 30, 40, 50, 60])
    page[mm(30) + 3 : mm(40) - 3, mm(50) - 5 : mm(50) + 5] = 255
    assert doubted(page) == {(2, 2): ("grid-irregular",)}


def test_a_level_rule_along_one_cell_of_a_roster_is_doubted_and_makes_no_row() -> None:
    page = paper()
    table(page, COLUMNS, [10, 20, 30, 40, 50, 60])
    rule(page, (35, 35), (50, 35))
    (grid,), _ = find_grids(page)
    assert grid.rows == 5
    assert doubted(page) == {(2, 2): ("grid-irregular",)}


@pytest.mark.parametrize(
    ("side", "lost"), [("left", {(row, 0) for row in range(4)}), ("bottom", {(3, column) for column in range(6)})]
)
def test_a_border_that_is_missing_leaves_its_cells_to_a_person(side: str, lost: set[tuple[int, int]]) -> None:
    page = paper()
    table(page, COLUMNS, [10, 20, 30, 40, 50])
    if side == "left":
        page[:, : mm(10) + 5] = 255
    else:
        page[mm(50) - 5 :] = 255
    assert doubted(page) == dict.fromkeys(lost, ("border-missing",))
    assert len(spans(page)) == 24


def test_a_table_that_is_open_on_both_sides_was_drawn_so_unless_writing_is_cut_there() -> None:
    page = paper()
    table(page, COLUMNS, [10, 20, 30, 40, 50])
    page[:, : mm(10) + 5] = 255
    page[:, mm(100) - 5 :] = 255
    assert doubted(page) == {}
    page[mm(24) : mm(26), mm(98) : mm(100) - 5] = 0
    assert set(doubted(page)) == {(row, column) for row in range(4) for column in (0, 5)}


def notes(page: Gray) -> dict[tuple[int, int], tuple[str, ...]]:
    (grid,), _ = find_grids(page)
    return {(cell.row, cell.column): cell.notes for cell in grid.cells}


def test_a_rule_lost_over_a_long_stretch_still_parts_its_cells_and_a_person_looks() -> None:
    page = paper(160, 120)
    table(page, [10, 50, 90, 150], [10, 35, 60, 85, 110])
    page[mm(30) : mm(65), mm(48) : mm(52)] = 255
    found = notes(page)
    assert len(found) == 12
    assert found[1, 0] == found[1, 1] == (BORDER_MISSING,)
    assert found[3, 0] == found[3, 1] == ()


def test_what_is_written_across_a_gap_shows_that_no_rule_was_there() -> None:
    page = paper(160, 120)
    table(page, [10, 50, 90, 150], [10, 35, 60, 85, 110])
    page[mm(36) : mm(59), mm(48) : mm(52)] = 255
    for place in range(40, 57, 3):
        cv2.rectangle(page, (mm(40), mm(place)), (mm(62), mm(place + 1.2)), 0, -1)
    assert len(notes(page)) < 12


def test_a_corner_torn_off_leaves_its_cell_to_a_person() -> None:
    page = paper(160, 120)
    table(page, [10, 50, 90, 150], [10, 35, 60, 85, 110])
    cv2.fillPoly(page, [np.asarray([(0, 0), (mm(32), 0), (0, mm(28))], np.int32)], 255)
    found = notes(page)
    assert len(found) == 12
    assert found[0, 0] == (BORDER_MISSING,)


def test_a_margin_cut_off_with_its_rule_leaves_the_cells_to_a_person() -> None:
    page = paper(160, 120)
    table(page, [10, 20, 90, 150], [10, 35, 60, 85, 110])
    found = notes(np.ascontiguousarray(page[:, mm(14) :]))
    assert len(found) == 12
    assert all(found[row, 0] == (BORDER_MISSING,) for row in range(4))


def test_pale_rules_are_found_and_those_of_the_other_side_are_not() -> None:
    page = paper(160, 120)
    table(page, [10, 50, 90, 150], [10, 35, 60, 85, 110])
    chance = np.random.default_rng(3)
    pale = np.where(page == 0, 226, 250) + chance.normal(0, 2, page.shape)
    even = pale.clip(0, 255).astype(np.uint8)
    bleached = np.full_like(page, 255)
    assert find_grids(bleached)[0] == ()
    (grid,), _ = find_grids(bleached, None, even)
    assert len(grid.cells) == 12
    shining = paper(160, 120)
    table(shining, [25, 70, 120], [10, 110])
    even = np.minimum(page, np.where(shining == 0, 226, 255)).astype(np.uint8)
    (grid,), _ = find_grids(page, None, even)
    assert len(grid.cells) == 12


@pytest.mark.parametrize("black", [60, 150, 190])
def test_a_pale_page_keeps_its_short_rules(black: int) -> None:
    page = paper(160, 120)
    table(page, [10, 150], [10, 20, 30, 110])
    for left in (40, 60, 90, 120):
        rule(page, (left, 10), (left, 20), 2)
    pale = black + page.astype(np.float32) * ((255 - black) / 255) + np.random.default_rng(5).normal(0, 3, page.shape)
    assert len(notes(pale.clip(0, 255).astype(np.uint8))) == 7


def test_a_border_along_half_the_columns_leaves_both_rows_to_a_person() -> None:
    page = paper()
    table(page, COLUMNS, [10, 20, 30, 40, 50, 60])
    rule(page, (10, 35), (50, 35))
    assert {place for place, notes in doubted(page).items() if "grid-irregular" in notes} == {
        *((2, column) for column in range(6)),
        *((3, column) for column in range(3)),
    }
