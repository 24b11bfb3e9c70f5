"""Columns without a rule between them: parted where head and values are in as many pieces, and shown."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from parsers.document import Cell, Grid, Word
from parsers.ledger.divided import divided

LABELS = {"序号", "姓名", "性别", "岗位", "电话"}
HEAD = ("序号", "姓名 性别", "岗位", "电话")


def grid_of(*rows: Sequence[str]) -> Grid:
    cells = tuple(_cell(row, column, text) for row, line in enumerate(rows) for column, text in enumerate(line))
    return Grid(len(rows), len(rows[0]), cells, box=(0.0, 0.0, 400.0, 20.0 * len(rows)))


def _cell(row: int, column: int, text: str) -> Cell:
    box = (100.0 * column, 20.0 * row, 100.0 * (column + 1), 20.0 * (row + 1))
    word = Word(text, (box[0] + 10, box[1] + 5, box[2] - 10, box[3] - 5), 0.99)
    return Cell(row, column, text, box=box, ink=bool(text), confidence=0.99, words=(word,) if text else ())


def texts(grid: Grid) -> list[list[str]]:
    return [[grid.at(row, column).text for column in range(grid.columns)] for row in range(grid.rows)]


def test_a_wide_column_is_parted_where_its_head_has_a_gap() -> None:
    found = divided(grid_of(HEAD, ("1", "张明 男", "保洁", ""), ("2", "李红霞 女", "保安", "")), LABELS.__contains__)
    assert texts(found)[0] == ["序号", "姓名", "性别", "岗位", "电话"]
    assert texts(found)[2] == ["2", "李红霞", "女", "保安", ""]
    noted = {(cell.row, cell.column) for cell in found.cells if cell.notes}
    assert noted == {(1, 1), (1, 2), (2, 1), (2, 2)}
    assert found.at(1, 1).box is not None
    assert found.at(1, 1).box[2] == found.at(1, 2).box[0]  # type: ignore[index]  # every cell here has its place


def test_a_value_that_is_in_one_piece_stays_whole_and_nothing_beside_it_is_empty_for_certain() -> None:
    rows = (("1", "张明 男", "保洁", ""), ("2", "李红女", "保安", ""), ("3", "赵亮 男", "保安", ""))
    found = divided(grid_of(HEAD, *rows), LABELS.__contains__)
    assert texts(found)[2][1:3] == ["李红女", ""]
    assert found.at(2, 2).ink
    assert found.at(2, 2).notes


@pytest.mark.parametrize(
    ("head", "value"),
    [
        (("序号", "姓 名", "性别", "岗位"), "张明"),
        (("序号", "姓名 性别", "岗位", "电话"), "张明"),
        (("序号", "姓名 甲乙", "岗位", "电话"), "张明 男"),
    ],
)
def test_a_head_with_a_gap_is_not_always_two(head: tuple[str, ...], value: str) -> None:
    grid = grid_of(head, ("1", value, "保洁", ""), ("2", value, "保安", ""))
    assert divided(grid, LABELS.__contains__) is grid
