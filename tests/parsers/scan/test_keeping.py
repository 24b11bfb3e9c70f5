"""What was read on the pages of a long file: the same however long ago a page was kept, and each asked but once."""

from __future__ import annotations

import numpy as np

from forms.fieldtypes.registry import make_type
from parsers.decoder import Decoded
from parsers.document import Cell
from parsers.scan.cells import CellSeen
from parsers.scan.decoding import ScanDecoder
from parsers.scan.gridcells import CellPlace
from parsers.scan.inktest import Ink, InkFound
from parsers.scan.keeping import OPEN, KeptPages
from parsers.scan.lines import compose
from parsers.scan.page import CellRead
from parsers.scan.readlines import ReadLine, half_width
from tests.parsers.scan.engines import ScriptedEngine, sure

PAGES = 3 * OPEN
TEXT = make_type("text")


def cell_read(page: int) -> CellRead:
    """The one cell of a page, which is read too unsurely to need no witness."""
    answer = sure(f"信息录入员{page}", 0.9)
    crop = np.full((40, 200), 255 - page, np.uint8)
    line = compose(crop, [(10, 5, 190, 35)], 30)
    read = ReadLine(line, half_width(answer), answer, answer.text, 0.9)
    cell = Cell(0, 0, answer.text, box=(10.0, 10.0, 100.0, 30.0), ink=True, confidence=0.9)
    place = CellPlace(0, 0, 1, 1, (0, 0, 200, 40), whole=True)
    return CellRead(CellSeen(0, place, place.box, InkFound(Ink.INK, crop), (line,)), (read,), cell)


def test_a_page_kept_long_ago_is_as_it_was() -> None:
    kept = KeptPages()
    for page in range(PAGES):
        kept.keep(page, [cell_read(page)], cell_read(page).lines)
    for page in reversed(range(PAGES)):
        wanted = cell_read(page)
        (found,), (around,) = kept.page(page).cells.values(), kept.page(page).around.values()
        assert (found.cell, found.lines[0].reading) == (wanted.cell, wanted.lines[0].reading)
        assert np.array_equal(around.line.crop, wanted.lines[0].line.crop)
    assert not kept.page(PAGES).cells


def test_no_line_is_asked_for_twice_however_often_its_page_is_packed() -> None:
    witness = ScriptedEngine(sure("信息录入员"))
    decoder = ScanDecoder(witness=witness)
    for page in range(PAGES):
        decoder.remember(page, [cell_read(page)])

    def decoded() -> list[Decoded]:
        return [decoder.decode(page, cell_read(page).cell, TEXT) for page in range(PAGES)]

    first = decoded()
    assert [one.text for one in first] == [f"信息录入员{page}" for page in range(PAGES)]
    assert decoded() == first
    assert witness.asked == PAGES
