"""Boxes of a scanned card: what was seen to be untouched is surely empty, all else goes to a person."""

from __future__ import annotations

import numpy as np
import pytest

from forms.catalogue import Catalogue
from forms.finding import Box
from forms.record import Entry, Mark, MarkKind
from parsers.document import Cell, InkSeen, Page, SealSeen
from parsers.locating.boxes import BoxPlace
from parsers.marks import MarkReader
from parsers.scan import page as scanned_page

AREA: Box = (100.0, 100.0, 300.0, 220.0)
GUIDES = "负责人签字：\n(盖章)\n年月日"


def marks_of(
    text: str = GUIDES,
    *,
    seals: tuple[SealSeen, ...] = (),
    red: tuple[Box, ...] = (),
    ink: tuple[InkSeen, ...] = (),
) -> dict[MarkKind, Mark]:
    definition = Catalogue.load().find("attachment-4")
    box = next(item for item in definition.boxes if item.key == "lending_unit")
    cell = Cell(3, 1, text, box=AREA, ink=True, confidence=0.55)
    page = Page(0, (), scanned=True, seals=seals, red=red, ink=ink)
    place = BoxPlace(box, page, cell, text)
    row = {"lending_unit": Entry("海州区教育局", "海州区教育局")}
    return {mark.kind: mark for mark in MarkReader(definition, {}, row).read([place], scanned=True)}


def test_a_box_with_its_printed_guides_alone_lacks_everything_for_sure() -> None:
    found = marks_of()
    assert set(found) == {MarkKind.OPINION, MarkKind.SIGNATURE, MarkKind.SEAL, MarkKind.DATE}
    assert [(mark.present, mark.review) for mark in found.values()] == [(False, False)] * 4


@pytest.mark.parametrize(
    "seen",
    [
        {"red": ((120.0, 120.0, 160.0, 160.0),)},
        {"seals": (SealSeen((250.0, 180.0, 370.0, 300.0), text="海州区民政局", confidence=0.9),)},
    ],
)
def test_red_over_a_box_leaves_what_was_not_seen_to_a_person(seen: dict[str, tuple[object, ...]]) -> None:
    found = marks_of(**seen)  # type: ignore[arg-type]  # the parameters are those of marks_of
    assert not found[MarkKind.SIGNATURE].present
    assert found[MarkKind.SIGNATURE].review
    assert found[MarkKind.SEAL].review
    assert found[MarkKind.DATE].review


def test_strokes_are_a_signature_and_leave_the_rest_in_doubt() -> None:
    found = marks_of(ink=(InkSeen((180.0, 110.0, 240.0, 135.0), 0.2),))
    assert found[MarkKind.SIGNATURE].present
    assert not found[MarkKind.SIGNATURE].review
    assert found[MarkKind.SEAL].review


def test_strokes_under_a_seal_may_be_the_seals() -> None:
    seal = SealSeen((140.0, 100.0, 260.0, 220.0), text="海州区教育局", confidence=0.95)
    found = marks_of(ink=(InkSeen((180.0, 110.0, 240.0, 135.0), 0.2),), seals=(seal,))
    assert found[MarkKind.SIGNATURE].review
    assert found[MarkKind.SEAL].present
    assert found[MarkKind.SEAL].unit == "海州区教育局"


@pytest.mark.parametrize(
    ("text", "is_guide"), [(GUIDES, True), ("负责人签字：", True), ("签字：王某", False), ("同意", False)]
)
def test_a_printed_guide_is_told_from_writing(text: str, is_guide: bool) -> None:  # noqa: FBT001  # expected value
    assert scanned_page._is_guide(text) is is_guide


def test_red_patches_are_listed_and_specks_are_not() -> None:
    red = np.zeros((800, 800), np.uint8)
    red[100:180, 100:180] = 255
    red[500:503, 500:503] = 255
    (patch,) = scanned_page._red_patches(red)
    assert patch[0] <= 36.0
    assert 64.0 <= patch[2] < 72.0  # 100 to 180 pixels at 200 dpi, in points
