"""A row of boxes whose first labels a seal hides is known by the others; where it does not fit nothing is."""

from __future__ import annotations

from forms.catalogue import Catalogue
from parsers.document import Cell, Grid, Page
from parsers.locating.boxes import BoxPlace
from parsers.locating.boxrows import boxes_of_rows

ROSTER = Catalogue.load().find("attachment-5")
BOXES = {box.key: box for box in ROSTER.boxes}
STAMPS = ("unit_seal", "supervisor_seal", "organization_seal", "hr_seal", "finance_seal")


def row(hidden: dict[str, str], *, notes: tuple[str, ...] = ("seal-over",), extra: bool = False) -> list[BoxPlace]:
    """The boxes found below a roster, of which ``hidden`` labels were read so, and the head line with 盖章."""
    cells: list[Cell] = []
    found: list[tuple[str, Cell, Cell]] = []
    for place, key in enumerate(STAMPS):
        left, is_hidden = place * 150.0, key in hidden
        label = Cell(
            7, 2 * place, hidden.get(key, BOXES[key].label), box=(left, 0, left + 20, 90), notes=notes * is_hidden
        )
        content = Cell(7, 2 * place + 1, "年月日", box=(left + 20, 0, left + 150, 90))
        cells += [label, content]
        if not is_hidden:
            found.append((key, label, content))
    if extra:
        cells.append(Cell(7, 10, "", box=(750, 0, 770, 90)))
    page = Page(1, (Grid(8, 11, tuple(cells)),), scanned=True)
    signed = Cell(5, 4, "", box=(0, 0, 9, 9))
    head = BoxPlace(BOXES["unit_seal"], Page(0, (), scanned=True), Cell(-1, -1, "海州区教育局"), "海州区教育局")
    others = [BoxPlace(BOXES["principal_signature"], page, signed, "", Cell(5, 3, "", box=(0, 0, 4, 9)))]
    return [head, *others, *(BoxPlace(BOXES[key], page, cell, cell.text, label) for key, label, cell in found)]


def test_labels_under_seals_are_known_by_the_rest_of_their_row() -> None:
    lost = list(boxes_of_rows(ROSTER, row({"unit_seal": "t l章", "supervisor_seal": "7主部审"})))
    assert [(place.box.key, place.cell.column) for place in lost] == [("unit_seal", 1), ("supervisor_seal", 3)]


def test_a_box_in_the_middle_is_known_too() -> None:
    assert [place.box.key for place in boxes_of_rows(ROSTER, row({"hr_seal": ""}))] == ["hr_seal"]


def test_another_label_without_a_seal_over_it_is_another_cell() -> None:
    assert not list(boxes_of_rows(ROSTER, row({"unit_seal": "备注"}, notes=())))


def test_cells_that_do_not_fit_behind_the_others_say_nothing_but_of_themselves() -> None:
    assert not list(boxes_of_rows(ROSTER, row({"finance_seal": "t l章"}, extra=True)))
    assert [place.box.key for place in boxes_of_rows(ROSTER, row({"unit_seal": ""}, extra=True))] == ["unit_seal"]


def test_one_known_box_is_no_row() -> None:
    hidden = dict.fromkeys(STAMPS[1:], "")
    assert not list(boxes_of_rows(ROSTER, row(hidden)))
