"""What was read from specks is dropped; dots between figures stay, and small marks of punctuation are for a person."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from parsers.ocr.base import LineReading
from parsers.ocr.lattice import Glyph, Step
from parsers.scan.lines import Line, compose
from parsers.scan.speckglyphs import without_speck_glyphs, written_lines
from parsers.scan.units import Mask

HIGH, STEP = 30, 40


def _written(text: str, dots: str = ".·★•4，") -> tuple[Line, LineReading, Mask, Mask]:
    """A line of blocks for characters and specks for dots, with what an engine reads there."""
    ink, specks = np.zeros((2, 100, STEP * (len(text) + 2)), np.uint8)
    for place, character in enumerate(text):
        x = STEP * (place + 1)
        if character in dots:
            cv2.circle(specks, (x, 60), 2, 255, -1)
        else:
            ink[40:70, x - 12 : x + 12] = 255
    ink = np.maximum(ink, specks)
    xs = np.flatnonzero(ink.any(axis=0))
    line = compose(255 - ink, [(int(xs[0]), 40, int(xs[-1]) + 1, 70)], HIGH)
    (piece,) = line.pieces
    width = line.crop.shape[1]
    places = [(STEP * (place + 1) - piece.box[0] + piece.start) / width for place in range(len(text))]
    steps = tuple(
        step
        for at, character in zip(places, text, strict=True)
        for step in (Step(at - 0.01, (("", 1.0),)), Step(at, ((character, 0.99), ("", 0.01))))
    )
    glyphs = tuple(Glyph(character, 0.99, at) for at, character in zip(places, text, strict=True))
    return line, LineReading(text, 0.99, glyphs, steps), ink, specks


@pytest.mark.parametrize(
    ("text", "left"),
    [("工程师.", "工程师"), ("★张辉富", "张辉富"), ("2026年11月6.日", "2026年11月6日"), ("2004.08", "2004.08")],
)
def test_specks_are_no_characters(text: str, left: str) -> None:
    line, raw, ink, specks = _written(text, dots=".★")
    (read,) = without_speck_glyphs([line], [raw], ink, specks)
    assert read.text == left == "".join(glyph.text for glyph in read.glyphs)
    assert read.confidence is not None
    assert read.confidence > 0.8


@pytest.mark.parametrize("text", ["时间紧，任务重", "阿里·买买提"])
def test_a_small_mark_stays_and_is_doubted(text: str) -> None:
    line, raw, ink, specks = _written(text, dots="，·")
    (read,) = without_speck_glyphs([line], [raw], ink, specks)
    assert read.text == text
    assert read.confidence is not None
    assert read.confidence <= 0.5


def test_a_figure_with_ink_of_its_own_stays() -> None:
    line, raw, ink, specks = _written("14", dots="")
    assert without_speck_glyphs([line], [raw], ink, specks) == (raw,)


def test_a_line_of_specks_alone_is_none() -> None:
    line, raw, ink, specks = _written("★", dots="★")
    other, _, more, none = _written("师", dots="")
    assert written_lines([line], ink, specks) == ()
    assert written_lines([other], more, none) == (other,)
    assert written_lines([line], ink, None) == (line,)
    assert without_speck_glyphs([line], [raw], ink, None) == (raw,)
