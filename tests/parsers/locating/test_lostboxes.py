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


ROSTER = Catalogue.load().find("attachment-5")
STAMPS = ("unit_seal", "supervisor_seal", "organization_seal", "hr_seal", "finance_seal")


def stamps(merged: dict[str, str], hidden: dict[str, str]) -> list[BoxPlace]:
    """The row of boxes below a roster: ``merged`` ones are one cell of these words, ``hidden`` labels read so."""
    boxes = {box.key: box for box in ROSTER.boxes}
    cells: list[Cell] = []
    found = [BoxPlace(boxes["unit_seal"], Page(0, (), scanned=True), Cell(-1, -1, "海州区教育局"), "海州区教育局")]
    pairs: list[tuple[str, Cell, Cell]] = []
    for place, key in enumerate(STAMPS):
        left = place * 150.0
        if key in merged:
            cells.append(Cell(7, 2 * place, merged[key], box=(left, 200.0, left + 150, 300.0)))
            continue
        label = Cell(7, 2 * place, hidden.get(key, boxes[key].label), box=(left, 200.0, left + 20, 300.0))
        content = Cell(7, 2 * place + 1, "（盖章）\n年月日", box=(left + 20, 200.0, left + 150, 300.0))
        cells += [label, content]
        if key not in hidden:
            pairs.append((key, label, content))
    signature = Cell(5, 3, "", box=(300.0, 150.0, 400.0, 170.0)), Cell(5, 4, "", box=(400.0, 150.0, 500.0, 170.0))
    page = Page(0, (Grid(8, 10, (*signature, *cells)),), scanned=True)
    pairs.insert(1, ("principal_signature", *signature))
    return found + [BoxPlace(boxes[key], page, content, content.text, label) for key, label, content in pairs]


def test_a_label_that_runs_into_its_cell_is_known_by_its_words() -> None:
    merged = {"hr_seal": "区人\n区人（盖）社局", "finance_seal": "州市区限\n区财\n政局\n人事专用章"}
    lost = list(lost_boxes(ROSTER, stamps(merged, {})))
    assert [(place.box.key, place.cell.column, place.label) for place in lost] == [
        ("hr_seal", 6, None),
        ("finance_seal", 8, None),
    ]


def test_a_label_hidden_in_a_row_below_another_box_is_known() -> None:
    lost = list(lost_boxes(ROSTER, stamps({}, {"supervisor_seal": "主门审核"})))
    assert [(place.box.key, place.cell.column) for place in lost] == [("supervisor_seal", 3)]


def test_one_cell_of_other_words_is_no_box() -> None:
    assert list(lost_boxes(ROSTER, stamps({"finance_seal": "人事专用章"}, {}))) == []
