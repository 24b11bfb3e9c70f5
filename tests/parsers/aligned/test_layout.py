"""Tables told by how their writing stands in line: columns, rows, heads, and what is in doubt."""

from __future__ import annotations

from collections.abc import Sequence

from forms.finding import Box
from parsers.aligned.layout import Aligned, Drawn, layout_of
from parsers.aligned.writing import Lean, Rule, lean_of

SIZE = 10.0
HEAD = ((0, "序号"), (30, "姓名"), (80, "性别"), (120, "身份证号"), (240, "电话"))
PEOPLE = (
    ("1", "徐言生", "女", "3" * 18, "1" * 11),
    ("2", "唐洋", "男", "3" * 18, "1" * 11),
    ("3", "冯若兰", "男", "3" * 18, "1" * 11),
    ("4", "马之伟", "女", "3" * 18, "1" * 11),
)


def piece(left: float, middle: float, text: str) -> Box:
    """A run of characters: Chinese ones are as wide as high, others half as wide."""
    wide = sum(SIZE if ord(character) > 127 else SIZE / 2 for character in text)
    return (left, middle - SIZE / 2, left + wide, middle + SIZE / 2)


def table(step: float = 20.0, top: float = 50.0) -> dict[str, Box]:
    """The pieces of a list of persons by row and column."""
    found = {f"0.{column}": piece(left, top, text) for column, (left, text) in enumerate(HEAD)}
    for row, texts in enumerate(PEOPLE, start=1):
        for column, text in enumerate(texts):
            found[f"{row}.{column}"] = piece(HEAD[column][0], top + row * step, text)
    return found


def told(pieces: dict[str, Box], level: Sequence[Rule] = (), plumb: Sequence[Rule] = ()) -> Aligned:
    """The table that these make."""
    found = layout_of(list(pieces.values()), SIZE, Drawn(tuple(level), tuple(plumb)))
    assert found is not None
    return found


def place_of(found: Aligned, pieces: dict[str, Box], name: str) -> str:
    """Row and column of the cell that a piece came to."""
    number = list(pieces).index(name)
    (cell,) = [cell for cell in found.cells if number in cell.pieces]
    return f"{cell.row}.{cell.column}"


def doubted(found: Aligned) -> set[str]:
    """The cells that nobody is sure of."""
    return {f"{cell.row}.{cell.column}" for cell in found.cells if cell.doubtful}


def test_a_list_without_any_rule() -> None:
    pieces = table()
    found = told(pieces)
    assert (found.rows, found.columns) == (5, 5)
    assert all(place_of(found, pieces, name) == name for name in pieces)
    assert doubted(found) == set()


def test_what_stands_around_it_is_not_of_it() -> None:
    around = {
        "title": (60, 0, 250, 20),
        "unit": piece(0, 30, "填报单位某某局"),
        "note": piece(0, 150, "注本表每季度更新一次并报送"),
    }
    found = told({**around, **table()})
    assert (found.rows, found.columns) == (5, 5)
    assert not any(number < 2 for cell in found.cells for number in cell.pieces)


def test_an_empty_cell_stays_empty_and_so_does_a_column_of_which_only_the_label_is_written() -> None:
    pieces = table()
    del pieces["2.3"]
    for row in range(1, 5):
        del pieces[f"{row}.4"]
    found = told(pieces)
    assert found.columns == 5
    empty = {f"{cell.row}.{cell.column}" for cell in found.cells if not cell.pieces}
    assert empty == {"2.3", "1.4", "2.4", "3.4", "4.4"}
    assert all(place_of(found, pieces, name) == name for name in pieces)


def test_two_lines_in_a_cell_are_one_row() -> None:
    pieces = table()
    del pieces["2.3"]
    pieces["2.3"] = piece(120, 50 + 40 - 6, "3" * 18)
    pieces["2.3b"] = piece(120, 50 + 40 + 6, "3" * 4)
    found = told(pieces)
    assert found.rows == 5
    assert place_of(found, pieces, "2.3b") == place_of(found, pieces, "2.3") == "2.3"


def test_a_label_over_two_columns() -> None:
    pieces = table()
    pieces["起"], pieces["止"] = piece(310, 56, "起"), piece(370, 56, "止")
    pieces["合同"] = piece(335, 44, "合同")
    for row in range(1, 5):
        pieces[f"{row}.5"] = piece(300, 50 + row * 20, "2024-01-05")
        pieces[f"{row}.6"] = piece(360, 50 + row * 20, "2025-01-04")
    found = told(pieces)
    label = next(cell for cell in found.cells if list(pieces).index("合同") in cell.pieces)
    assert (label.row, label.column, label.column_span) == (0, 5, 2)
    assert place_of(found, pieces, "起") == "1.5"
    assert place_of(found, pieces, "3.6") == "4.6"


def test_a_text_that_runs_into_the_next_column_is_a_persons_to_judge() -> None:
    pieces = table()
    pieces["2.1"] = piece(30, 90, "欧阳娜娜某某")
    del pieces["2.2"]
    found = told(pieces)
    assert place_of(found, pieces, "2.1") == "2.1"
    assert {"2.1", "2.2"} <= doubted(found)


def test_values_beside_a_label_without_values_are_a_persons_to_judge() -> None:
    pieces = table()
    del pieces["0.2"]
    pieces["0.2"] = piece(92, 50, "男女")
    found = told(pieces)
    sexes = [place_of(found, pieces, f"{row}.2") for row in range(1, 5)]
    label = place_of(found, pieces, "0.2")
    assert all(place[2:] == label[2:] for place in sexes) or set(sexes) <= doubted(found)


def test_rows_as_close_as_the_lines_of_a_cell_go_to_a_person_where_one_goes_on() -> None:
    pieces = table(step=12.0)
    pieces["2.3b"] = piece(120, 50 + 24 + 12, "3" * 18)
    for row in (3, 4):
        for column in range(5):
            left, top, right, bottom = pieces[f"{row}.{column}"]
            pieces[f"{row}.{column}"] = (left, top + 12, right, bottom + 12)
    found = told(pieces)
    assert place_of(found, pieces, "2.3b") == "2.3"
    assert "2.3" in doubted(found)


def test_rules_between_rows_part_what_the_writing_does_not() -> None:
    pieces = table()
    pieces["2.1b"] = piece(30, 99, "某某")
    rules = [Rule(40 + 20 * number, 0, 300) for number in range(6)]
    assert place_of(told(pieces, rules), pieces, "2.1b") == "2.1"


def test_a_line_through_a_row_is_no_border() -> None:
    found = told(table(), [Rule(90.5, 0, 300)])
    assert found.rows == 5


def test_running_text_is_no_table() -> None:
    lines = [
        [
            piece(20, 20 * number, "各" * (3 + number * 5 % 7)),
            piece(20 + 10 * (4 + number * 5 % 7), 20 * number, "认" * (4 + number * 3 % 5)),
            piece(20 + 10 * (9 + number * 5 % 7 + number * 3 % 5), 20 * number, "按时完成清理工作"),
        ]
        for number in range(12)
    ]
    assert layout_of([box for line in lines for box in line], SIZE) is None


def test_a_leaning_page_is_read_along_its_lines() -> None:
    pieces = {
        name: (left, top + 0.02 * left, right, bottom + 0.02 * left)
        for name, (left, top, right, bottom) in table().items()
    }
    lean = lean_of(list(pieces.values()), SIZE)
    assert 0.015 < lean.slope < 0.025
    assert lean_of(list(table().values()), SIZE) == Lean(0.0)
    found = layout_of(list(pieces.values()), SIZE, lean=lean)
    assert found is not None
    assert all(place_of(found, pieces, name) == name for name in pieces)


def test_a_line_of_unit_and_day_close_above_the_head_is_none_of_the_table() -> None:
    above = {"speck": (200, 33, 206, 37), "unit": piece(0, 25, "填报单位某某局"), "day": piece(130, 25, "填表日期")}
    found = told({**above, **table()})
    assert (found.rows, found.columns) == (5, 5)
    assert not any(number in (1, 2) for cell in found.cells for number in cell.pieces)


def test_an_empty_column_whose_label_stands_beside_other_values_is_a_persons_to_judge() -> None:
    pieces = {
        f"{row}.{column}": box
        for row in range(5)
        for column, box in enumerate(
            [piece(0, 50 + 20 * row, "甲乙"), piece(60, 50 + 20 * row, "丙丁戊"), piece(200, 50 + 20 * row, "1" * 11)]
        )
    }
    pieces["9.9"] = piece(95, 50, "别")
    found = told(pieces)
    assert {cell.column for cell in found.cells if cell.row and not cell.pieces} <= {
        cell.column for cell in found.cells if cell.doubtful
    }
