"""A table without its middle is one table; tables drawn side by side are two."""

from __future__ import annotations

import pytest

from parsers.scan.gridding import grid_of
from parsers.scan.halves import with_halves_joined
from parsers.scan.ruling import Rule, Rules
from parsers.scan.units import mm

ROWS = [mm(40 + 12 * row) for row in range(6)]


def half(start: float, end: float, rows: list[int]) -> Rules:
    """A table between two places (mm) with three plumb rules."""
    plumb = [mm(start), mm((start + end) / 2), mm(end)]
    return Rules(
        tuple(Rule(plumb[0], plumb[-1], row) for row in rows), tuple(Rule(rows[0], rows[-1], at) for at in plumb)
    )


def seen(*halves: Rules, over: float) -> Rules:
    """Their rules as seen, the level ones running on by so many millimetres at both ends."""
    level = [Rule(rule.start - mm(over), rule.end + mm(over), rule.at) for one in halves for rule in one.level]
    return Rules(tuple(level), tuple(rule for one in halves for rule in one.plumb))


def test_halves_are_one_table_whose_middle_was_not_seen() -> None:
    halves = (half(20, 90, ROWS), half(180, 260, ROWS))
    (whole,) = with_halves_joined(halves, seen(*halves, over=6))
    grid = grid_of(whole)
    assert grid is not None
    assert (grid.rows, grid.columns) == (5, 5)
    assert [cell.notes for cell in grid.cells if cell.column == 2] == [("border-missing",)] * 5
    assert not any(cell.notes for cell in grid.cells if cell.column != 2)


@pytest.mark.parametrize(
    ("second", "over"),
    [
        pytest.param(half(180, 260, ROWS), 0.0, id="they end at plumb rules"),
        pytest.param(half(180, 260, [row + mm(5) for row in ROWS]), 6.0, id="their rows are not in line"),
        pytest.param(half(180, 260, ROWS[:3]), 6.0, id="one has half the rows"),
        pytest.param(half(20, 90, [row + mm(80) for row in ROWS]), 6.0, id="they stand one below the other"),
    ],
)
def test_other_tables_stay_two(second: Rules, over: float) -> None:
    tables = (half(20, 90, ROWS), second)
    assert len(with_halves_joined(tables, seen(*tables, over=over))) == 2
