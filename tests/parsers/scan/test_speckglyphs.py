"""What was read from specks is dropped; dots between figures stay, and small marks of punctuation are for a person."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from parsers.ocr.base import LineReading
from parsers.ocr.lattice import Glyph, Step
from parsers.scan.cells import CellSeen
from parsers.scan.gridcells import CellPlace
from parsers.scan.inktest import Ink, InkFound
from parsers.scan.lines import Line, compose
from parsers.scan.speckglyphs import Strewn, lines_of_specks, without_speck_glyphs
from parsers.scan.units import Mask

HIGH, STEP = 30, 40


def _written(text: str, dots: str = ".·★•4，", squeezed: str = "") -> tuple[Line, LineReading, Mask, Mask]:
    """A line of blocks for characters and specks for dots, with what an engine reads there.

    What is ``squeezed`` stands between two characters as if it were not there.
    """
    ink, specks = np.zeros((2, 100, STEP * (len(text) + 2)), np.uint8)
    middles, at = [], 0
    for character in text:
        at += 0 if character in squeezed else STEP
        middles.append(at + STEP // 2 if character in squeezed else at)
    for x, character in zip(middles, text, strict=True):
        if character in dots:
            cv2.circle(specks, (x, 60), 2, 255, -1)
        else:
            ink[40:70, x - 12 : x + 12] = 255
    ink = np.maximum(ink, specks)
    xs = np.flatnonzero(ink.any(axis=0))
    line = compose(255 - ink, [(int(xs[0]), 40, int(xs[-1]) + 1, 70)], HIGH)
    (piece,) = line.pieces
    width = line.crop.shape[1]
    places = [(middle - piece.box[0] + piece.start) / width for middle in middles]
    steps = tuple(
        step
        for at, character in zip(places, text, strict=True)
        for step in (Step(at - 0.01, (("", 1.0),)), Step(at, ((character, 0.99), ("", 0.01))))
    )
    glyphs = tuple(Glyph(character, 0.99, at) for at, character in zip(places, text, strict=True))
    return line, LineReading(text, 0.99, glyphs, steps), ink, specks


def _strewn(ink: Mask, specks: Mask) -> Strewn:
    return Strewn(np.asarray(255 - ink, np.uint8), ink, specks)


@pytest.mark.parametrize(
    ("text", "left"),
    [("工程师.", "工程师"), ("★张辉富", "张辉富"), ("2026年11月6.日", "2026年11月6日"), ("2004.08", "2004.08")],
)
def test_specks_are_no_characters(text: str, left: str) -> None:
    line, raw, ink, specks = _written(text, dots=".★")
    (read,) = without_speck_glyphs([line], [raw], _strewn(ink, specks))
    assert read.text == left == "".join(glyph.text for glyph in read.glyphs)
    assert read.confidence is not None
    assert read.confidence > 0.8


@pytest.mark.parametrize("text", ["时间紧，任务重", "阿里·买买提"])
def test_a_small_mark_without_room_stays_and_is_doubted(text: str) -> None:
    line, raw, ink, specks = _written(text, dots="，·", squeezed="，·")
    (read,) = without_speck_glyphs([line], [raw], _strewn(ink, specks))
    assert read.text == text
    assert read.confidence is not None
    assert read.confidence <= 0.5


def test_a_comma_with_room_of_its_own_is_no_speck() -> None:
    line, raw, ink, specks = _written("时间紧，任务重", dots="，")
    (read,) = without_speck_glyphs([line], [raw], _strewn(ink, specks))
    assert read.text == "时间紧，任务重"
    assert read.confidence is not None
    assert read.confidence > 0.9


def test_a_figure_with_ink_of_its_own_stays() -> None:
    line, raw, ink, specks = _written("14", dots="")
    assert without_speck_glyphs([line], [raw], _strewn(ink, specks)) == (raw,)


def test_a_character_of_which_dots_are_left_is_never_dropped() -> None:
    line, raw, ink, specks = _written("综合科", dots="科")
    (read,) = without_speck_glyphs([line], [raw], _strewn(ink, specks))
    assert read.text == "综合科"
    assert read.confidence is not None
    assert read.confidence <= 0.5
    for right, down in ((-8, -8), (8, -6), (-6, 8)):
        cv2.circle(specks, (STEP * 3 + right, 60 + down), 1, 255, -1)
    (shreds,) = without_speck_glyphs([line], [raw], _strewn(np.maximum(ink, specks), specks))
    assert shreds == raw


def test_a_dot_beside_a_character_too_pale_to_be_ink_is_part_of_it() -> None:
    line, raw, ink, specks = _written("1.", dots=".")
    strewn = _strewn(ink, specks)
    cv2.rectangle(strewn.gray, (STEP * 2 - 7, 45), (STEP * 2 + 7, 66), 130, 1)
    strewn.gray[specks > 0] = 0
    assert without_speck_glyphs([line], [raw], strewn) == (raw,)


def test_a_line_of_specks_alone_is_none() -> None:
    line, raw, ink, specks = _written("★", dots="★")
    other, _, more, none = _written("师", dots="")
    assert lines_of_specks([line], _strewn(ink, specks)) == (line,)
    assert lines_of_specks([other], _strewn(more, none)) == ()
    assert lines_of_specks([line], None) == ()
    assert without_speck_glyphs([line], [raw], None) == (raw,)


def test_a_mark_that_stands_between_the_same_characters_in_three_lines_was_printed() -> None:
    line, raw, ink, specks = _written("是，海组借", dots="，", squeezed="，")
    strewn = _strewn(ink, specks)
    for times, is_sure in ((2, False), (3, True)):
        read = without_speck_glyphs([line] * times, [raw] * times, strewn)
        assert {one.text for one in read} == {"是，海组借"}
        assert all(((one.confidence or 0.0) > 0.8) is is_sure for one in read)


def test_a_struck_line_stays_the_struck_one_where_a_line_of_specks_goes() -> None:
    specky, written, struck = (_written(text, dots="★")[0] for text in ("★", "师", "工"))
    found = InkFound(Ink.INK, np.full((10, 10), 255, np.uint8))
    place = CellPlace(0, 0, 1, 1, (0, 0, 10, 10))
    seen = CellSeen(
        0, place, place.box, found, (specky, written, struck), struck=frozenset({2}), hardly_struck=frozenset({0, 1})
    )
    left = seen.without_lines([specky])
    assert left.lines == (written, struck)
    assert (left.struck, left.hardly_struck) == (frozenset({1}), frozenset({0}))
