"""A signature is ink at its place: not what is printed there, not the neighbour's, not a rule."""

from __future__ import annotations

import random
from dataclasses import replace

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw

from parsers.scan.lines import compose
from parsers.scan.readlines import ReadLine
from parsers.scan.seals import SealFound
from parsers.scan.signatures import SignPlace, find_signatures
from parsers.scan.units import Gray, PixelBox, mm
from samples.paper import seals, signing
from samples.paper.fonts import font
from tests.parsers.scan.drawing import paper, sheet_of
from tests.parsers.scan.engines import sure

HEIGHT = 27.0
CELL: PixelBox = (mm(10), mm(10), mm(70), mm(45))


def guide(page: Gray, text: str, at: tuple[float, float], *, confidence: float = 0.99) -> ReadLine:
    """A line printed at a place in millimetres (left, middle), read as it is printed."""
    face, size = font("song", 33), 33
    picture = Image.fromarray(page)
    ImageDraw.Draw(picture).text((mm(at[0]), mm(at[1])), text, font=face, fill=0, anchor="lm")
    page[:] = np.asarray(picture)
    ends = [face.getlength(text[:index]) for index in range(len(text) + 1)]
    box = (mm(at[0]), mm(at[1]) - size // 2, mm(at[0]) + round(ends[-1]), mm(at[1]) + size // 2)
    line = compose(page, [box], HEIGHT)
    wide = ends[-1]
    reading = sure(text)
    glyphs = tuple(
        replace(glyph, at=(a + b) / 2 / wide) for glyph, a, b in zip(reading.glyphs, ends, ends[1:], strict=False)
    )
    reading = replace(reading, glyphs=glyphs)
    return ReadLine(line, reading, reading, text, confidence)


def signed(page: Gray, at: tuple[float, float], hand: str = "cursive", seed: int = 1) -> None:
    chance = random.Random(seed)  # noqa: S311 - sample data
    colour = np.repeat(page[..., None], 3, axis=2)
    ink = signing.signature("王小明", 200, chance, hand)
    middle = (at[0] * 72 / 25.4, at[1] * 72 / 25.4)
    page[:] = signing.write(colour, ink, middle, 200, (30, 30, 60))[..., 0]


def looked(page: Gray, *places: SignPlace, circles: tuple[SealFound, ...] = ()) -> list[tuple[bool, PixelBox]]:
    return [(one.sure, one.box) for one in find_signatures(sheet_of(page), places, HEIGHT, circles)]


def unit_cell(page: Gray, *more: ReadLine) -> SignPlace:
    lines = (
        guide(page, "负责人签字：", (12, 25)),
        guide(page, "(盖章)", (52, 32)),
        guide(page, "2026年8月12日", (42, 39)),
        *more,
    )
    return SignPlace(CELL, lines)


def test_printed_guides_and_a_date_are_no_signature() -> None:
    page = paper(90, 60)
    assert looked(page, unit_cell(page)) == []


@pytest.mark.parametrize("hand", signing.HANDS)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_any_hand_behind_the_guide_is_a_signature(hand: str, seed: int) -> None:
    page = paper(90, 60)
    place = unit_cell(page)
    signed(page, (50, 25), hand, seed)
    ((sure_one, box),) = looked(page, place)
    assert sure_one
    assert box[0] > mm(30)


def test_an_opinion_is_no_signature() -> None:
    page = paper(90, 60)
    opinion = guide(page, "情况属实，同意借出。", (14, 16))
    assert looked(page, unit_cell(page, opinion)) == []


def test_writing_that_nobody_asked_for_there_is_a_doubt() -> None:
    page = paper(90, 60)
    place = unit_cell(page)
    signed(page, (22, 40))
    assert [one for one, _ in looked(page, place)] == [False]


def test_a_rule_across_and_specks_are_no_signature() -> None:
    page = paper(90, 60)
    place = unit_cell(page)
    cv2.line(page, (mm(38), mm(12)), (mm(66), mm(30)), 0, 4)
    for x in range(40, 66, 3):
        cv2.circle(page, (mm(x), mm(22)), 2, 0, -1)
    assert looked(page, place) == []


def test_a_stroke_from_the_next_cell_is_the_next_cells() -> None:
    page = paper(90, 100)
    upper = unit_cell(page)
    lower = SignPlace((CELL[0], mm(46), CELL[2], mm(80)), (guide(page, "负责人签字：", (12, 56)),))
    colour = np.repeat(page[..., None], 3, axis=2)
    stroke = np.ones((mm(12), 5), np.float32)
    page[:] = signing.write(colour, stroke, (50 * 72 / 25.4, 49 * 72 / 25.4), 200, (0, 0, 0))[..., 0]
    signed(page, (52, 55))
    found = looked(page, upper, lower)
    assert all(box[1] >= mm(46) for _, box in found)
    assert [one for one, _ in found] == [True]


def test_a_narrow_cell_beside_its_label_needs_no_guide() -> None:
    page = paper(90, 40)
    place = SignPlace((mm(10), mm(10), mm(60), mm(18)), ())
    assert looked(page, place) == []
    signed(page, (30, 14), "initials")
    assert [one for one, _ in looked(page, place)] == [True]


def test_a_cell_whose_guide_was_not_read_leaves_doubt() -> None:
    page = paper(90, 60)
    guide(page, "负责人签字：", (12, 25))
    assert [one for one, _ in looked(page, SignPlace(CELL, ()))] == [False]


def test_a_hidden_guide_is_known_from_a_cell_of_the_same_size() -> None:
    page = paper(160, 60)
    place = unit_cell(page)
    beside = (CELL[0] + mm(70), CELL[1], CELL[2] + mm(70), CELL[3])
    guide(page, "负责人签字：", (82, 25))
    assert looked(page, place, SignPlace(beside, ())) == []
    signed(page, (120, 25))
    ((sure_one, box),) = looked(page, place, SignPlace(beside, ()))
    assert sure_one
    assert box[0] > mm(100)


def copied_seal(page: Gray, at: tuple[float, float] = (52, 25)) -> SealFound:
    """A seal of a black and white copy pressed at a place in millimetres."""
    colour = np.repeat(page[..., None], 3, axis=2)
    ink = seals.cut_seal("海州区教育局", 200, seals.SealLook(below="业务专用章", code="3207990012345"))
    chance = random.Random(3)  # noqa: S311 - sample data
    middle = (at[0] * 72 / 25.4, at[1] * 72 / 25.4)
    page[:] = seals.press(colour, ink, middle, chance, 200, replace(seals.BLACK, lean=20))[..., 0]
    x, y, radius = mm(at[0]), mm(at[1]), mm(21)
    return SealFound((x - radius, y - radius, x + radius, y + radius), "round", 0.9, (x, y), (radius, radius))


def test_a_copied_seals_own_ink_is_no_sure_signature() -> None:
    page = paper(90, 60)
    place = unit_cell(page)
    assert not any(one for one, _ in looked(page, place, circles=(copied_seal(page),)))


@pytest.mark.parametrize("hand", signing.HANDS)
def test_strokes_where_a_copied_seal_has_no_ink_are_a_signature(hand: str) -> None:
    page = paper(90, 60)
    place = unit_cell(page)
    seal = copied_seal(page)
    signed(page, (52, 21), hand)
    found = looked(page, place, circles=(seal,))
    assert found, "initials that the star hides are at least for a person"
    assert any(one for one, _ in found) or hand == "initials"


def test_more_than_four_figures_before_a_year_are_strokes_of_a_hand() -> None:
    page = paper(90, 60)
    lines = (guide(page, "签字：", (12, 25)), guide(page, "892026年1月12日", (32, 25)))
    box = (CELL[0], mm(15), CELL[2], mm(35))
    assert looked(page, SignPlace(box, lines))


def test_a_typed_name_is_told_from_a_hand() -> None:
    page = paper(90, 60)
    place = SignPlace(CELL, (guide(page, "负责人签字：王小明", (12, 25)),))
    (found,) = find_signatures(sheet_of(page), [place], HEIGHT)
    assert found.sure
    assert found.printed


def test_what_is_broader_than_a_pen_is_for_a_person() -> None:
    page = paper()
    place = unit_cell(page)
    cv2.ellipse(page, (mm(45), mm(25)), (mm(6), mm(2)), 15, 0, 360, 40, -1)
    assert [is_sure for is_sure, _ in looked(page, place)] == [False]
