"""Seals of every shape and ink are found for what they are, and what is merely red is none."""

from __future__ import annotations

import random

import cv2
import numpy as np
import pytest

from parsers.ocr.rapid import RapidEngine
from parsers.scan.red import separate
from parsers.scan.seals import SealFound, find_seals, without_seals
from parsers.scan.sealtext import below_strip, strip_of
from parsers.scan.units import Mask, Rgb, mm
from samples.paper import degrading, drawn, practice, seals, signing
from samples.paper.seals import SealLook

UNIT = "海州区教育局"


def page() -> Rgb:
    return drawn.draw(practice.approval_card(3)).picture


def pressed(*plates: tuple[seals.Mask, tuple[float, float]], inked: seals.Ink = seals.FRESH) -> Rgb:
    """A card with seals at places in millimetres."""
    picture, chance = page(), random.Random(5)  # noqa: S311 - sample data
    for plate, (x, y) in plates:
        picture = seals.press(picture, plate, (x * 72 / 25.4, y * 72 / 25.4), chance, 200, inked)
    return picture


def found_on(picture: Rgb) -> tuple[SealFound, ...]:
    return find_seals(separate(picture))


def test_a_page_without_red_has_no_seal() -> None:
    assert found_on(page()) == ()


@pytest.mark.parametrize("ink", ["fresh", "dark", "pale", "dry"])
@pytest.mark.parametrize("width", [38.0, 45.0])
def test_a_round_seal_is_found_whatever_its_ink(ink: str, width: float) -> None:
    plate = seals.cut_seal(UNIT, 200, SealLook(width=width, height=width, below="业务专用章", ring=width > 40))
    chance = random.Random(2)  # noqa: S311 - sample data
    picture = pressed((plate, (110.0, 150.0)), inked=seals.INKS[ink])
    picture = degrading.packed(degrading.noisy(picture, 5, chance), 65)
    (seal,) = found_on(picture)
    assert (seal.shape, seal.whole) == ("round", True)
    assert seal.middle == pytest.approx((mm(110), mm(150)), abs=mm(1))
    assert seal.radius == pytest.approx(mm(width / 2), rel=0.05)


def test_seals_that_overlap_are_several() -> None:
    plate = seals.round_seal(UNIT, 200)
    found = found_on(pressed((plate, (90.0, 150.0)), (plate, (115.0, 162.0))))
    assert [seal.shape for seal in found] == ["round", "round"]
    middles = sorted(seal.middle[0] for seal in found)
    assert middles == pytest.approx([mm(90), mm(115)], abs=mm(1))


def test_an_oval_seal_is_no_ring() -> None:
    (seal,) = found_on(pressed((seals.oval_seal(UNIT, 200), (110.0, 150.0))))
    assert seal.shape == "oval"
    assert sorted(seal.axes) == pytest.approx([mm(15), mm(22.5)], abs=mm(1))


@pytest.mark.parametrize("white", [True, False])
def test_a_small_square_is_a_name_stamp(white: bool) -> None:  # noqa: FBT001 - a table's column
    (seal,) = found_on(pressed((seals.square_seal("王小明", 200, 16.0, white=white), (110.0, 150.0))))
    assert seal.shape == "stamp"


def test_a_line_in_a_frame_is_a_name_stamp() -> None:
    (seal,) = found_on(pressed((seals.name_stamp("王小明", 200), (110.0, 150.0))))
    assert seal.shape == "stamp"


def test_a_seal_that_the_edge_cuts_is_not_whole() -> None:
    (seal,) = found_on(pressed((seals.round_seal(UNIT, 200), (4.0, 150.0))))
    assert not seal.whole


def red_words(picture: Rgb) -> Rgb:
    ink = signing.hand_words("退回重填", 200, random.Random(1), 7.0)  # noqa: S311 - sample data
    return signing.write(picture, ink, (300, 400), 200, (210, 30, 40))


def red_heading(picture: Rgb) -> Rgb:
    ink = signing.bent_words("海州区人民政府文件", mm(9), random.Random(1), "song-bold", bend=0.01)  # noqa: S311 - sample data
    fresh = signing.write(picture, ink, (300, 40), 200, (216, 20, 24)).copy()
    fresh[mm(25) : mm(26), mm(20) : mm(190)] = (216, 20, 24)
    return fresh


def red_photo(picture: Rgb) -> Rgb:
    fresh = picture.copy()
    fresh[mm(60) : mm(95), mm(150) : mm(175)] = (200, 40, 40)
    cv2.ellipse(fresh, (mm(162), mm(78)), (mm(7), mm(10)), 0, 0, 360, (225, 190, 170), -1)
    return fresh


@pytest.mark.parametrize("draw", [red_words, red_heading, red_photo])
def test_what_is_merely_red_is_no_seal(draw: object) -> None:
    assert callable(draw)
    assert [seal.shape for seal in found_on(draw(page()))] == []


@pytest.mark.parametrize("turn", [0.0, 24.0])
@pytest.mark.parametrize(
    "look",
    [
        SealLook(),
        SealLook(below="人事专用章", code="3207990012345"),
        SealLook(font="hei", ring=True, star=False),
        SealLook("oval", 45.0, 30.0, star=False, below="审核专用章"),
    ],
)
def test_the_name_is_read_from_its_beginning(look: SealLook, turn: float) -> None:
    unit = "连云港市海州区人力资源和社会保障局"
    plate = seals.cut_seal(unit, 200, look)
    picture = pressed((plate, (110.0, 150.0)), inked=seals.Ink(lean=turn))
    layers = separate(picture)
    (seal,) = find_seals(layers)
    strip = strip_of(layers.red_ink, seal)
    assert strip is not None
    (reading,) = RapidEngine().read([strip])
    assert sum(a == b for a, b in zip(reading.text, unit, strict=False)) >= len(unit) - 2


def test_red_outside_a_seal_is_left_over() -> None:
    red: Mask = np.zeros((mm(80), mm(80)), np.uint8)
    cv2.circle(red, (mm(40), mm(40)), mm(20), 255, mm(1))
    red[mm(22) : mm(24), mm(22) : mm(24)] = 255
    seal = SealFound((mm(20), mm(20), mm(60), mm(60)), "round", 0.9, (mm(40), mm(40)), (mm(20), mm(20)))
    loose = without_seals(red, [seal])
    assert np.count_nonzero(loose) == mm(2) ** 2


@pytest.mark.parametrize(
    ("unit", "below"), [(UNIT, "业务专用章"), ("海州区人力资源和社会保障局", "人事专用章"), (UNIT, "")]
)
@pytest.mark.parametrize("seed", [1, 2])
def test_straight_words_below_the_middle_are_read_however_the_seal_is_turned(unit: str, below: str, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - sample data
    picture = np.full((500, 500, 3), 255, np.uint8)
    picture = seals.press(picture, seals.cut_seal(unit, 200, SealLook(below=below)), (90, 90), chance, 200)
    layers = separate(picture)
    (seal,) = find_seals(layers)
    strip = below_strip(layers.red_ink, seal, [seal])
    assert (RapidEngine().read([strip])[0].text if strip is not None else "") == below


def test_where_seals_overlap_nothing_is_said_of_words_below_their_middles() -> None:
    plate = seals.round_seal(UNIT, 200, below="业务专用章")
    layers = separate(pressed((plate, (90.0, 150.0)), (plate, (115.0, 162.0))))
    found = find_seals(layers)
    assert [below_strip(layers.red_ink, seal, found) for seal in found] == [None, None]
