"""Characters of a PDF page in ruled cells: text that runs over a rule or over other text is never sure."""

from __future__ import annotations

from collections.abc import Iterator

from forms.finding import Box
from parsers.document import Cell
from parsers.readers.pdfgrid import Glyph, grid_of

ROWS, COLUMNS, HEIGHT, WIDTH, SIZE = 5, 2, 16.0, 60.0, 10.0
BOXES: list[Box] = [
    (column * WIDTH, row * HEIGHT, (column + 1) * WIDTH, (row + 1) * HEIGHT)
    for row in range(ROWS)
    for column in range(COLUMNS)
]


def _text(text: str, left: float, top: float) -> Iterator[Glyph]:
    for position, character in enumerate(text):
        yield Glyph(character, left + position * SIZE, top, left + (position + 1) * SIZE, top + SIZE)


def _cells(*glyphs: Iterator[Glyph]) -> dict[tuple[int, int], Cell]:
    grid, _ = grid_of(BOXES, [one for text in glyphs for one in text], 1)
    return {(cell.row, cell.column): cell for cell in grid.cells}


def _doubted(cells: dict[tuple[int, int], Cell]) -> set[tuple[int, int]]:
    return {place for place, cell in cells.items() if "over-border" in cell.notes}


def test_text_inside_its_cell_is_sure() -> None:
    cells = _cells(_text("甲一", 2, 3), _text("乙二", 62, 19), _text("丙", 2, 37.5))
    assert (cells[0, 0].text, cells[1, 1].text) == ("甲一", "乙二")
    assert _doubted(cells) == set()


def test_text_over_a_rule_casts_doubt_on_both_sides_and_beyond() -> None:
    cells = _cells(_text("甲一", 2, 3), _text("乙二", 2, 26), _text("丙", 62, 3))
    assert {(1, 0), (2, 0)} <= _doubted(cells)
    assert (0, 1) not in _doubted(cells)
    assert _doubted(_cells(_text("甲乙丙丁戊己庚", 5, 3))) >= {(0, 0), (0, 1)}


def test_text_over_text_is_in_doubt() -> None:
    cells = _cells(_text("海州区", 2, 35), _text("民政局", 4, 36))
    assert _doubted(cells) == {(1, 0), (2, 0), (3, 0)}


def test_a_blank_at_the_end_of_a_full_line_is_kept() -> None:
    box: Box = (0.0, 0.0, 62.0, 40.0)
    glyphs = [*_text("浦南镇政府 ", 2, 3), *_text("海编外", 2, 15)]
    grid, _ = grid_of([box], glyphs, 1)
    assert grid.cells[0].text == "浦南镇政府 海编外"
