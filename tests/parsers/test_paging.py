"""Stacks of pages put together: which pages are one document, in which order, and what is said of the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from forms.catalogue import Catalogue
from forms.checking import merge_findings
from forms.record import Extraction
from parsers.document import Cell, Document, Grid, Page, PrintMark, TextLine
from parsers.extracting import extract
from tests.parsers.building import HEAD_2, TITLE_2, person_2

NORTH, SOUTH = "海州区示例街道办事处", "海州区示例镇人民政府"
SIZE = (842.0, 595.0)


def roster_page(
    first: int, last: int, *, unit: str = "", number: int | None = None, headed: bool = True, total: bool = False
) -> Page:
    """A page with the rows ``first`` to ``last``; one that names a unit has the title, too."""
    rows: list[Sequence[object]] = [HEAD_2] if headed else []
    rows += [person_2(order, f"甲{order:02d}") for order in range(first, last + 1)]
    rows += [("合计", f"{last}人", *[""] * 16)] if total else []
    cells = tuple(
        Cell(row, column, str(text), box=(40.0 * column, 100.0 + 20 * row, 40.0 * (column + 1), 120.0 + 20 * row))
        for row, line in enumerate(rows)
        for column, text in enumerate(line)
    )
    grid = Grid(len(rows), len(HEAD_2), cells, box=(0.0, 100.0, 40.0 * len(HEAD_2), 100.0 + 20 * len(rows)))
    above = (TextLine(TITLE_2), TextLine(f"填报单位：{unit}    填报日期：2026年8月20日")) if unit else ()
    below = () if number is None else (TextLine(f"— {number} —", (400.0, 570.0, 440.0, 580.0)),)
    return Page(0, (*above, grid, *below), *SIZE)


def read(*pages: Page) -> tuple[Extraction, ...]:
    placed = tuple(replace(page, index=index) for index, page in enumerate(pages))
    return extract(Document("pdf", placed), Catalogue.load())


def marked(page: Page, identity: str, number: int) -> Page:
    return replace(page, print_mark=PrintMark(identity, number, "attachment-2", "r1"))


def codes(found: Extraction) -> set[str]:
    return {finding.code for finding in found.findings}


def numbers(found: Extraction) -> list[object]:
    return [row["no"].value for row in found.record.rows]


def test_pages_in_the_wrong_order_are_read_in_the_right_one() -> None:
    (found,) = read(roster_page(7, 9), roster_page(4, 6), roster_page(1, 3, unit=NORTH))
    assert (found.pages, numbers(found)) == ((2, 1, 0), list(range(1, 10)))
    assert "pages-reordered" in codes(found)


def test_two_units_rosters_of_one_form_are_two_documents_each_with_its_own_pages() -> None:
    pages = [roster_page(1, 3, unit=NORTH), roster_page(4, 5), roster_page(1, 2, unit=SOUTH), roster_page(3, 6)]
    assert [(one.pages, len(one.record.rows)) for one in read(*pages)] == [((0, 1), 5), ((2, 3), 6)]


def test_a_page_goes_to_the_roster_whose_numbers_it_continues_wherever_it_lies() -> None:
    north = [roster_page(1, 3, unit=NORTH, number=1), roster_page(4, 5, number=2)]
    south = [roster_page(1, 7, unit=SOUTH, number=1), roster_page(8, 9, number=2)]
    found = read(north[0], south[1], south[0], north[1])
    assert [one.pages for one in found] == [(0, 3), (2, 1)]


def test_the_print_mark_leads_whatever_lies_between() -> None:
    one, other = "7K3M9Q2X5T1B", "8K3M9Q2X5T1C"
    pages = [
        marked(roster_page(4, 5), one, 1),
        marked(roster_page(1, 2, unit=SOUTH), other, 0),
        marked(roster_page(1, 3, unit=NORTH), one, 0),
    ]
    assert [found.pages for found in read(*pages)] == [(2, 0), (1,)]


def test_a_first_page_whose_mark_was_cut_off_keeps_its_marked_pages() -> None:
    one, other = "7K3M9Q2X5T1B", "8K3M9Q2X5T1C"
    pages = [
        roster_page(1, 3, unit=NORTH, number=1),
        marked(roster_page(4, 5, number=2), one, 1),
        marked(roster_page(6, 7, number=3), one, 2),
        marked(roster_page(1, 2, unit=SOUTH), other, 0),
    ]
    found = read(*pages)
    assert [(one.pages, len(one.record.rows)) for one in found] == [((0, 1, 2), 7), ((3,), 2)]


def test_a_later_page_alone_is_a_document_and_of_no_other_mark() -> None:
    pages = [
        marked(roster_page(1, 3, unit=NORTH, number=1), "7K3M9Q2X5T1B", 0),
        marked(roster_page(4, 5, number=2), "8K3M9Q2X5T1C", 1),
    ]
    assert [one.pages for one in read(*pages)] == [(0,), (1,)]


def test_a_page_scanned_twice_is_no_second_page() -> None:
    page = marked(roster_page(1, 3, unit=NORTH), "7K3M9Q2X5T1B", 0)
    assert [found.pages for found in read(page, page)] == [(0,), (1,)]


def test_a_title_on_every_page_begins_no_new_roster_while_the_numbers_go_on() -> None:
    (found,) = read(roster_page(1, 3, unit=NORTH), roster_page(4, 6, unit=NORTH))
    assert len(found.record.rows) == 6
    assert len(read(roster_page(1, 3, unit=NORTH), roster_page(1, 3, unit=NORTH))) == 2


def test_a_page_of_neither_roster_is_joined_to_none() -> None:
    found = read(
        roster_page(1, 3, unit=NORTH, total=True), roster_page(21, 24), roster_page(1, 2, unit=SOUTH, total=True)
    )
    assert [one.pages for one in found] == [(0,), (1,), (2,)]
    assert "pages-missing" in codes(found[1])
    assert found[1].record.header.get("unit") is None


def test_a_lost_page_in_the_middle_is_missed() -> None:
    (found,) = read(roster_page(1, 3, unit=NORTH, number=1), roster_page(7, 9, number=3))
    assert "pages-missing" in codes(found)


def test_a_roster_without_its_end_may_lack_pages() -> None:
    assert "pages-missing" in codes(*read(roster_page(1, 3, unit=NORTH)))
    assert "pages-missing" not in codes(*read(roster_page(1, 3, unit=NORTH, total=True)))


def test_a_join_for_want_of_better_sends_every_value_to_a_person() -> None:
    unnumbered = roster_page(4, 5, headed=False)
    (grid,) = unnumbered.grids
    blank = replace(
        grid, columns=17, cells=tuple(replace(cell, column=cell.column - 1) for cell in grid.cells if cell.column)
    )
    (found,) = read(roster_page(1, 3, unit=NORTH), replace(unnumbered, blocks=(blank,)))
    assert "page-join-uncertain" in codes(found)
    assert all(entry.review for row in found.record.rows[3:] for entry in row.values() if entry.text)


@pytest.mark.parametrize("words", ["分 隔 页", "此致 敬礼"])
def test_a_separator_is_said_and_changes_nothing(words: str) -> None:
    between = Page(0, (TextLine(words),), *SIZE)
    (found,) = read(roster_page(1, 3, unit=NORTH), between, Page(0, (), *SIZE), roster_page(4, 5))
    assert (found.pages, len(found.record.rows)) == ((0, 3), 5)
    strays = [finding.region.page for finding in found.findings if finding.code == "page-stray" and finding.region]
    assert strays == [1]
    assert [one.region.page for one in found.findings if one.code == "page-blank" and one.region] == [2]


def test_a_page_that_could_not_be_read_is_named() -> None:
    lost = Page(0, (), *SIZE, notes=("page-unread",))
    (found,) = read(roster_page(1, 3, unit=NORTH), lost)
    assert {"page-unread", "page-stray"} <= codes(found)


def test_rules_that_shine_through_make_no_page_and_every_stray_is_said_after_findings_are_merged() -> None:
    cells = tuple(Cell(row, column, ink=False) for row in range(4) for column in range(8))
    back = Page(0, (Grid(4, 8, cells),), *SIZE, scanned=True)
    between = Page(0, (TextLine("分 隔 页"),), *SIZE)
    (found,) = read(roster_page(1, 3, unit=NORTH), back, between, between)
    assert found.pages == (0,)
    said = [
        (one.code, one.region.page) for one in merge_findings(found.findings) if one.region and one.code[:4] == "page"
    ]
    assert said == [("page-blank", 1), ("page-stray", 2), ("page-stray", 3)]


def test_a_row_that_breaks_over_a_page_is_one_person_and_what_is_in_two_pieces_is_shown() -> None:
    place = HEAD_2.index("岗位")
    first, second = roster_page(1, 3, unit=NORTH), roster_page(4, 6)
    rest = [""] * len(HEAD_2)
    rest[place] = "理员"
    (found,) = read(first, with_row_above(second, rest))
    assert numbers(found) == list(range(1, 7))
    assert str(found.record.rows[2]["post"].value).endswith("理员")
    assert [row["post"].review for row in found.record.rows] == [False, False, True, False, False, False]


def with_row_above(page: Page, texts: Sequence[str]) -> Page:
    """The page with one row more right below its head."""
    (grid,) = page.grids
    moved = [replace(cell, row=cell.row + 1) if cell.row else cell for cell in grid.cells]
    made = [Cell(1, column, text, box=(0.0, 0.0, 1.0, 1.0)) for column, text in enumerate(texts)]
    whole = replace(grid, rows=grid.rows + 1, cells=tuple(sorted((*moved, *made), key=lambda cell: cell.row)))
    return replace(page, blocks=tuple(whole if block is grid else block for block in page.blocks))
