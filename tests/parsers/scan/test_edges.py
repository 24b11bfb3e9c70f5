"""What a shadow along the edge hides is said of the cells and of the page; a black border of a copy hides nothing."""

from __future__ import annotations

import numpy as np
import pytest

from parsers.ocr.engines import Engines
from parsers.picture import Picture
from parsers.scan.edges import PAGE_SHADED, SHADED, clear_edges
from parsers.scan.recognise import recognise_with
from parsers.scan.red import binarised
from parsers.scan.units import Rgb, mm
from tests.parsers.scan.engines import ScriptedEngine, sure
from tests.parsers.scan.printed import cards, paper_of


def notes_of(page: Rgb) -> tuple[set[str], set[str]]:
    """The notes of a page that nothing is known of, and of its cells."""
    document, _ = recognise_with([Picture(page)], Engines(ScriptedEngine(sure("字"))))
    (read,) = document.pages
    return set(read.notes), {note for grid in read.grids for cell in grid.cells for note in cell.notes}


def test_a_shadow_over_the_form_is_said_of_what_it_hides() -> None:
    page = paper_of(cards()[0]).copy()
    page[: mm(110), : mm(60)] = 40
    noted, of_cells = notes_of(page)
    assert PAGE_SHADED in noted
    assert SHADED in of_cells


@pytest.mark.parametrize("wide", [0, 3, 8])
def test_a_black_border_beside_the_form_hides_nothing(wide: int) -> None:
    page = paper_of(cards()[0]).copy()
    page[:, : mm(wide)] = 30
    noted, of_cells = notes_of(page)
    assert PAGE_SHADED not in noted
    assert SHADED not in of_cells


def test_a_rule_that_runs_into_a_shadow_is_none_of_it() -> None:
    """Else every cell along the rules of a table that touches a black edge would be hidden in part."""
    page = paper_of(cards()[0]).copy()
    page[:, : mm(8)] = 30
    page[mm(60) : mm(60) + 3, : mm(60)] = 0
    edges = clear_edges(gray := page[..., 0].copy(), binarised(gray))
    assert edges.gone is not None
    assert (edges.gone[:, : mm(7)] > 0).all()
    assert not edges.gone[:, mm(11) :].any()


def test_what_is_gone_is_where_the_shadow_was() -> None:
    gray = np.full((2000, 1600), 255, np.uint8)
    gray[:, :200] = 20
    gray[900:940, 700:900] = 20
    edges = clear_edges(gray, binarised(gray))
    assert edges.gone is not None
    assert (edges.gone[:, :200] > 0).all()
    assert not edges.gone[:, 220:].any()
    assert edges.ink[900:940, 700:900].all(), "what touches no edge stays"
