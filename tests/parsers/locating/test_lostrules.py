"""Cells of a card that ran together where a rule was lost, taken apart by their words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from parsers.document import Cell, Word
from parsers.locating.lostrules import FOUND_BY_WORDS, Rows, with_lost_rules

LABELS = frozenset({"借入单位", "借用期限", "事由类别", "具体说明", "联系电话", "照片", "借入单位借用期限"})
HIGH = 20.0


def cell(row: int, column: int, *texts: str, rows: int = 1, columns: int = 1, at: tuple[float, ...] = ()) -> Cell:
    """A cell of lines; ``at`` are their middles in rows, from the first of all."""
    top = row * HIGH
    middles = at or tuple(row + 0.5 + index for index in range(len(texts)))
    words = tuple(
        Word(text, (1.0, middle * HIGH - 5, 90.0, middle * HIGH + 5))
        for text, middle in zip(texts, middles, strict=True)
    )
    box = (column * 100.0, top, (column + columns) * 100.0, top + rows * HIGH)
    return Cell(row, column, "\n".join(texts), rows, columns, box=box, words=words)


def rows_of(*cells: Cell) -> Rows:
    last = max(one.row + one.row_span for one in cells)
    return {row: [one for one in cells if one.row <= row < one.row + one.row_span] for row in range(last)}


def texts_of(rows: Rows) -> dict[int, list[str]]:
    return {row: [one.text for one in cells] for row, cells in rows.items()}


def parted(*cells: Cell) -> Rows:
    return with_lost_rules(rows_of(*cells), LABELS.__contains__)


def test_labels_of_several_rows_in_one_cell_are_each_its_rows() -> None:
    found = parted(cell(0, 0, "借入单位", "借用期限", rows=2), cell(0, 1, "海州区教育局"), cell(1, 1, "3个月"))
    assert texts_of(found) == {0: ["借入单位", "海州区教育局"], 1: ["借用期限", "3个月"]}
    assert [(one.row, one.row_span, one.notes) for one in (found[0][0], found[1][0])] == [(0, 1, ()), (1, 1, ())]


def test_the_end_of_a_rule_that_was_read_as_a_box_hides_no_label() -> None:
    found = parted(cell(0, 0, "借入单位", "□借用期限", rows=2), cell(0, 1, "海州区教育局"), cell(1, 1, "3个月"))
    assert texts_of(found) == {0: ["借入单位", "海州区教育局"], 1: ["借用期限", "3个月"]}


def test_values_of_several_rows_in_one_cell_are_each_its_rows_and_shown() -> None:
    tall = cell(0, 1, "☑重点工作", "普查登记", rows=2)
    found = parted(cell(0, 0, "事由类别"), cell(1, 0, "具体说明"), tall)
    assert texts_of(found) == {0: ["事由类别", "☑重点工作"], 1: ["具体说明", "普查登记"]}
    assert all(found[row][1].notes == (FOUND_BY_WORDS,) and found[row][1].box == tall.box for row in found)


def test_a_value_in_the_cell_of_its_label_is_told_and_shown() -> None:
    head, value = parted(cell(0, 0, "联系电话 13747565938", columns=11))[0]
    assert (head.text, head.column, head.column_span) == ("联系电话", 0, 1)
    assert (value.text, value.column, value.column_span, value.notes) == ("13747565938", 1, 10, (FOUND_BY_WORDS,))


@pytest.mark.parametrize(
    "cells",
    [
        (cell(0, 0, "照片", rows=2), cell(0, 1, "甲"), cell(1, 1, "乙")),
        (cell(0, 0, "借入单位", "借用期限", rows=2), cell(0, 1, "甲"), cell(1, 1, "乙")),
        (cell(0, 0, "事由类别"), cell(1, 0, "具体说明"), cell(0, 1, "普查登记", rows=2, at=(1.0,))),
        (cell(0, 0, "甲"), cell(1, 0, "乙"), cell(0, 1, "普查", "登记", rows=2)),
        (cell(0, 0, "海州区 教育局", columns=2),),
        (cell(0, 0, "联系电话 照片", columns=2),),
        (replace(cell(0, 0, "借入单位", "管部门意见", columns=2), text="借入单位 管部门意见"),),
        (cell(0, 0, "联系电话 13747565938"),),
    ],
    ids=[
        "one label",
        "a label of two lines",
        "one value",
        "no labels",
        "no label",
        "two labels",
        "two lines",
        "one column",
    ],
)
def test_what_is_one_cell_stays_one(cells: tuple[Cell, ...]) -> None:
    is_label = LABELS if cells[0].text == "照片" else LABELS | {"借入单位\n借用期限"}
    assert with_lost_rules(rows_of(*cells), is_label.__contains__) == rows_of(*cells)
