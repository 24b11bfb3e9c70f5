"""Boxes of a scanned card: what was seen to be untouched is surely empty, all else goes to a person."""

from __future__ import annotations

import numpy as np
import pytest

from forms.catalogue import Catalogue
from forms.finding import Box
from forms.record import Entry, Mark, MarkKind
from parsers.document import Cell, DaySeen, InkSeen, Page, SealSeen, Word
from parsers.locating.boxes import BoxPlace
from parsers.marks import MarkReader
from parsers.scan import page as scanned_page
from parsers.sealfindings import seal_findings

AREA: Box = (100.0, 100.0, 300.0, 220.0)
GUIDES = "负责人签字：\n(盖章)\n年月日"


def marks_of(
    text: str = GUIDES,
    *,
    seals: tuple[SealSeen, ...] = (),
    red: tuple[Box, ...] = (),
    ink: tuple[InkSeen, ...] = (),
    words: tuple[Word, ...] = (),
    days: tuple[DaySeen, ...] = (),
) -> dict[MarkKind, Mark]:
    definition = Catalogue.load().find("attachment-4")
    box = next(item for item in definition.boxes if item.key == "lending_unit")
    cell = Cell(3, 1, text, box=AREA, ink=True, confidence=0.55, words=words)
    page = Page(0, (), scanned=True, seals=seals, red=red, ink=ink, days=days, sign_places=(AREA,))
    place = BoxPlace(box, page, cell, text)
    row = {"lending_unit": Entry("海州区教育局", "海州区教育局"), "borrowing_unit": Entry("海州区民政局", "")}
    marks = MarkReader(definition, {}, row).read([place], scanned=True)
    others = [mark for mark in marks if mark.key != box.key]
    assert others, "boxes that were not found"
    assert {(mark.present, mark.review) for mark in others} == {(None, True)}
    return {mark.kind: mark for mark in marks if mark.key == box.key}


def test_without_any_box_nothing_is_said_of_boxes() -> None:
    """A page of a document whose boxes are on another page."""
    assert MarkReader(Catalogue.load().find("attachment-4"), {}, {}).read([], scanned=True) == ()


def seal(text: str, box: Box = (150.0, 102.0, 268.0, 218.0), **more: object) -> SealSeen:
    return SealSeen(box, text=text, confidence=0.95, **more)  # type: ignore[arg-type]  # the fields of a seal


def test_a_box_with_its_printed_guides_alone_lacks_everything_for_sure() -> None:
    found = marks_of()
    assert set(found) == {MarkKind.OPINION, MarkKind.SIGNATURE, MarkKind.SEAL, MarkKind.DATE}
    assert [(mark.present, mark.review) for mark in found.values()] == [(False, False)] * 4


def test_red_of_no_seal_over_a_box_leaves_it_to_a_person() -> None:
    found = marks_of(red=((120.0, 120.0, 160.0, 160.0),))
    assert not found[MarkKind.SEAL].present
    assert found[MarkKind.SEAL].review
    assert found[MarkKind.SIGNATURE].review


def test_a_seal_that_only_touches_a_box_is_not_its_seal_and_as_none_claims_it_a_person_looks() -> None:
    found = marks_of(seals=(seal("海州区民政局", (270.0, 180.0, 388.0, 298.0)),))
    assert (found[MarkKind.SEAL].present, found[MarkKind.SEAL].review) == (False, True)


def test_a_part_of_a_seal_at_a_pages_edge_says_nothing_of_the_boxes() -> None:
    found = marks_of(seals=(seal("海州区", (560.0, 180.0, 595.0, 298.0), whole=False),))
    assert (found[MarkKind.SEAL].present, found[MarkKind.SEAL].review) == (False, False)


def test_strokes_are_a_signature_and_none_leave_no_doubt() -> None:
    found = marks_of(ink=(InkSeen((180.0, 110.0, 240.0, 135.0), 0.2),))
    assert (found[MarkKind.SIGNATURE].present, found[MarkKind.SIGNATURE].review) == (True, False)
    assert found[MarkKind.SIGNATURE].ink == "hand"


@pytest.mark.parametrize(("sure", "printed", "present"), [(False, False, None), (True, True, True)])
def test_doubtful_or_typed_ink_is_looked_at(sure: bool, printed: bool, present: bool | None) -> None:  # noqa: FBT001  # table
    ink = InkSeen((180.0, 110.0, 240.0, 135.0), 0.2, sure, printed)
    mark = marks_of(ink=(ink,))[MarkKind.SIGNATURE]
    assert (mark.present, mark.review) == (present, True)


def test_a_name_stamp_is_no_hand_and_no_seal() -> None:
    found = marks_of(seals=(SealSeen((170.0, 110.0, 220.0, 130.0), "stamp", "王小明", confidence=0.9),))
    signed = found[MarkKind.SIGNATURE]
    assert (signed.present, signed.ink, signed.text, signed.review) == (True, "stamp", "王小明", True)
    assert not found[MarkKind.SEAL].present


def test_the_right_units_red_whole_seal_needs_nobody() -> None:
    words = (Word("2026年8月12日", (190.0, 180.0, 260.0, 195.0), 0.97),)
    mark = marks_of("2026年8月12日", seals=(seal("海州区教育局"),), words=words)[MarkKind.SEAL]
    assert (mark.present, mark.unit, mark.review, mark.across) == (True, "海州区教育局", False, ("date",))


@pytest.mark.parametrize(
    "one",
    [
        seal("海州区民政局"),
        seal("海州区体育局"),
        seal("连云港市教育局"),
        seal("教育局"),
        seal(""),
        seal("海州区教育局", colour="grey"),
        seal("海州区教育局", whole=False),
    ],
)
def test_any_other_seal_is_looked_at(one: SealSeen) -> None:
    mark = marks_of(seals=(one,))[MarkKind.SEAL]
    assert mark.present
    assert mark.review


def test_on_a_copy_of_stamped_paper_what_was_not_seen_is_looked_at() -> None:
    elsewhere = seal("海州区民政局", (400.0, 400.0, 518.0, 518.0), colour="grey")
    found = marks_of(seals=(elsewhere,), ink=(InkSeen((180.0, 110.0, 240.0, 135.0), 0.2),))
    assert (found[MarkKind.SEAL].present, found[MarkKind.SEAL].review) == (False, True)
    assert (found[MarkKind.SIGNATURE].present, found[MarkKind.SIGNATURE].review) == (True, True)


def test_a_neighbours_seal_is_named_as_his() -> None:
    assert marks_of(seals=(seal("海州区民政局"),))[MarkKind.SEAL].unit == "海州区民政局"


def test_of_two_seals_the_right_one_is_named_and_both_are_looked_at() -> None:
    mark = marks_of(seals=(seal("海州区民政局"), seal("海州区教育局", (160.0, 104.0, 276.0, 219.0))))[MarkKind.SEAL]
    assert (mark.unit, mark.review) == ("海州区教育局", True)


def test_a_written_day_is_as_sure_as_its_own_line() -> None:
    words = (
        Word("负责人签字:~~", (110.0, 110.0, 180.0, 130.0), 0.2),
        Word("2026年8月12日", (190.0, 180.0, 260.0, 195.0), 0.97),
    )
    days = (DaySeen(words[1].box, "2026年8月12日", 0.9),)
    day = marks_of("负责人签字:\n2026年8月12日", words=words, days=days)[MarkKind.DATE]
    assert (day.value, day.review) == ("2026-08-12", False)


def test_red_patches_are_listed_and_specks_are_not() -> None:
    red = np.zeros((800, 800), np.uint8)
    red[100:180, 100:180] = 255
    red[500:503, 500:503] = 255
    (patch,) = scanned_page._red_patches(red)
    assert patch[0] <= 36.0
    assert 64.0 <= patch[2] < 72.0  # 100 to 180 pixels at 200 dpi, in points


@pytest.mark.parametrize(("text", "below"), [("海州区教育局", "业务专用章"), ("海州区教育局合同专用章", "")])
def test_a_seal_for_one_purpose_is_the_units_but_no_public_seal(text: str, below: str) -> None:
    one = seal(text, below=below, below_confidence=0.9)
    mark = marks_of(seals=(one,))[MarkKind.SEAL]
    assert (mark.present, mark.unit, mark.review) == (True, "海州区教育局", True)
    definition = Catalogue.load().find("attachment-4")
    page = Page(0, (), scanned=True, seals=(one,))
    (found,) = [item for item in seal_findings(definition, [page], [mark]) if item.code == "seal-purpose"]
    assert found.clause == "S1-06"
    assert found.path == "marks.lending_unit.seal"


@pytest.mark.parametrize("below", ["", "2026年8月12日", "注"])
def test_other_words_below_a_seals_middle_are_no_purpose(below: str) -> None:
    mark = marks_of(seals=(seal("海州区教育局", below=below, below_confidence=0.3),))[MarkKind.SEAL]
    assert (mark.unit, mark.review) == ("海州区教育局", False)


def test_an_empty_cell_where_others_print_their_day_is_not_the_box_for_sure() -> None:
    """A streak that was taken for a rule once cut off an empty strip of a box, and its day was said to be missing."""
    definition = Catalogue.load().find("attachment-4")
    boxes = {item.key: item for item in definition.boxes}
    page = Page(0, (), scanned=True, sign_places=(AREA,))
    cell = Cell(3, 1, "", box=AREA, ink=False, confidence=0.99)
    other = Cell(3, 3, GUIDES, box=(400.0, 100.0, 600.0, 220.0), ink=True, confidence=0.99)
    places = [
        BoxPlace(boxes["lending_unit"], page, cell, ""),
        BoxPlace(boxes["lending_supervisor"], page, other, GUIDES),
    ]
    marks = MarkReader(definition, {}, {}).read(places, scanned=True)
    days = {mark.key: mark.review for mark in marks if mark.kind is MarkKind.DATE}
    assert (days["lending_unit"], days["lending_supervisor"]) == (True, False)


def test_a_stroke_that_may_be_a_speck_excuses_nobody_in_silence() -> None:
    found = marks_of("-")
    assert {mark.review for mark in found.values() if mark.excused} == {True}
