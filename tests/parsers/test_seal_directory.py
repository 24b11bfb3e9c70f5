"""A seal of a unit that the form does not name is told by the district's list of units, and never waved through."""

from __future__ import annotations

from collections.abc import Sequence

from forms.catalogue import Catalogue
from forms.finding import Box
from forms.record import Entry, Mark, MarkKind
from parsers.document import Cell, Page, SealSeen
from parsers.locating.boxes import BoxPlace
from parsers.marks import MarkReader

AREA: Box = (100.0, 100.0, 300.0, 220.0)
DIRECTORY = ("海州区教育局", "海州区水利局", "海州区民政局")


def seal_mark(text: str, units: Sequence[str]) -> Mark:
    definition = Catalogue.load().find("attachment-4")
    box = next(item for item in definition.boxes if item.key == "lending_unit")
    seal = SealSeen((150.0, 102.0, 268.0, 218.0), text=text, confidence=0.95)
    page = Page(0, (), scanned=True, seals=(seal,), sign_places=(AREA,))
    place = BoxPlace(box, page, Cell(3, 1, "(盖章)", box=AREA, ink=True, confidence=0.9), "(盖章)")
    row = {"lending_unit": Entry("海州区教育局", "海州区教育局")}
    marks = MarkReader(definition, {}, row, units).read([place], scanned=True)
    return next(mark for mark in marks if mark.kind is MarkKind.SEAL)


def test_a_strangers_seal_is_named_only_where_the_district_is_known() -> None:
    assert (seal_mark("海州区水利局", ()).unit, seal_mark("海州区水利局", ()).review) == (None, True)
    known = seal_mark("海州区水利局", DIRECTORY)
    assert (known.unit, known.review) == ("海州区水利局", True)


def test_the_right_seal_stays_sure_beside_many_known_units() -> None:
    mark = seal_mark("海州区教育局", DIRECTORY)
    assert (mark.unit, mark.review) == ("海州区教育局", False)
