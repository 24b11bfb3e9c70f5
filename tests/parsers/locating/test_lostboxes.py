"""A box whose label a seal hides is known by the boxes around it; where the cells do not fit it stays unknown."""

from __future__ import annotations

from forms.catalogue import Catalogue
from parsers.document import Cell, Grid, Page
from parsers.locating.boxes import BoxPlace
from parsers.locating.lostboxes import lost_boxes

DEFINITION = Catalogue.load().find("attachment-4")
LABELS = {box.key: box.label for box in DEFINITION.boxes}
ROWS = (("lending_unit", "lending_supervisor"), ("borrowing_unit", "borrowing_supervisor"))


def places(read: dict[str, str], *, extra: bool = False) -> list[BoxPlace]:
    """The places of two rows of boxes, but for those whose label was read otherwise."""
    cells: list[Cell] = []
    found: list[tuple[str, Cell, Cell]] = []
    for row, keys in enumerate(ROWS):
        for column, key in enumerate(keys):
            label = Cell(row, column * 2, read.get(key, LABELS[key]), box=(column * 200.0, row * 100.0, 60.0, 90.0))
            content = Cell(row, column * 2 + 1, "年月日", box=(column * 200.0 + 60, row * 100.0, 180.0, 90.0))
            cells += [label, content]
            if key not in read:
                found.append((key, label, content))
    if extra:
        cells.append(Cell(0, 4, "其他", box=(500.0, 0.0, 540.0, 90.0)))
    page = Page(0, (Grid(2, 5, tuple(cells)),), scanned=True)
    boxes = {box.key: box for box in DEFINITION.boxes}
    return [BoxPlace(boxes[key], page, content, content.text, label) for key, label, content in found]


def test_a_hidden_label_is_known_by_its_place() -> None:
    (lost,) = lost_boxes(DEFINITION, places({"lending_supervisor": "借出位主管部意"}))
    assert lost.box.key == "lending_supervisor"
    assert (lost.cell.row, lost.cell.column) == (0, 3)


def test_words_of_another_label_are_not_taken() -> None:
    assert list(lost_boxes(DEFINITION, places({"lending_supervisor": "返回日期"}))) == []


def test_cells_that_do_not_fit_are_not_taken() -> None:
    assert list(lost_boxes(DEFINITION, places({"lending_supervisor": "借出位主管部意"}, extra=True))) == []
