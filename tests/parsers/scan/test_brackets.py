"""Brackets of document numbers, told by their outline."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw

from parsers.ocr.base import LineReading
from parsers.ocr.lattice import Glyph
from parsers.scan.brackets import kind_of_outline, with_measured_brackets
from parsers.scan.units import Gray
from samples.paper.fonts import font

FINE = 4
"""Pixels of drawing for each pixel of the crop."""
LOOKS = ["song", "song-bold", "hei", "kai"]


def crop_of(text: str, look: str, points: float) -> tuple[Gray, list[float]]:
    """A line as it stands in a crop of 200 dpi, and the middles of its characters as parts of its width."""
    em = points * 200 / 72
    face = font(look, round(em * FINE))
    wide, high = round((face.getlength(text) + 2 * em * FINE) / FINE) * FINE, round(em * 2) * FINE
    picture = Image.new("L", (wide, high), 255)
    ImageDraw.Draw(picture).text((em * FINE, high * 0.7), text, font=face, fill=0, anchor="ls")
    middles = [
        (em * FINE + face.getlength(text[:index]) + face.getlength(character) / 2) / wide
        for index, character in enumerate(text)
    ]
    small = cv2.resize(np.asarray(picture), (wide // FINE, high // FINE), interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.uint8), middles


def worn(crop: Gray) -> Gray:
    """The crop as a scanner that blurs, with grain."""
    chance = np.random.default_rng(7)
    soft = cv2.GaussianBlur(crop, (0, 0), 0.6).astype(np.float64) + chance.normal(0, 6, crop.shape)
    return np.asarray(np.clip(soft, 0, 255), np.uint8)


def kind(character: str, look: str, points: float, *, opens: bool, wear: bool = False) -> str | None:
    crop, _ = crop_of(character, look, points)
    return kind_of_outline(np.clip((255.0 - (worn(crop) if wear else crop)) / 255.0, 0.0, 1.0), opens=opens)


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("points", [8.0, 9.0, 10.5, 12.0, 14.0])
@pytest.mark.parametrize("wear", [False, True])
def test_leaning_ends_are_told_from_arms_and_bends(look: str, points: float, *, wear: bool) -> None:
    for shell, opens in (("〔", True), ("〕", False)):
        assert kind(shell, look, points, opens=opens, wear=wear) in (("shell", None) if wear else ("shell",))
    for other, opens in (("[", True), ("]", False), ("（", True), ("）", False), ("(", True), (")", False)):
        assert kind(other, look, points, opens=opens, wear=wear) in (None, "square" if other in "[]" else "round")


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("character", list("1lI|Jjt丨亅刂卜【】「」/Cc0七匕"))
def test_nothing_else_has_leaning_ends(look: str, character: str) -> None:
    for opens in (True, False):
        assert kind(character, look, 10.5, opens=opens) != "shell"


def read_as(text: str, middles: list[float]) -> LineReading:
    glyphs = [Glyph(character, 0.7, at) for character, at in zip(text, middles, strict=True) if character != "_"]
    return LineReading("".join(glyph.text for glyph in glyphs), 0.4, tuple(glyphs))


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("read", ["海编外[2022]12号", "海编外C2022J12号", "海编外_2022_12号", "海编外(2022〕12号"])
def test_the_brackets_of_a_year_are_what_they_are_drawn_as(look: str, read: str) -> None:
    crop, middles = crop_of("海编外〔2022〕12号", look, 10.5)
    assert with_measured_brackets(read_as(read, middles), crop).reading.text == "海编外〔2022〕12号"


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("drawn", ["海编外[2022]12号", "海编外（2022）12号", "海编外 2022 12号", "海编外【2022】12号"])
def test_other_brackets_and_none_stay_as_they_were_read(look: str, drawn: str) -> None:
    crop, middles = crop_of(drawn, look, 10.5)
    read = read_as(drawn.replace(" ", "_"), middles)
    assert with_measured_brackets(read, crop).reading.text == read.text


@pytest.mark.parametrize("look", LOOKS)
def test_a_bracket_parted_from_its_year_by_the_end_of_the_line_is_seen(look: str) -> None:
    crop, middles = crop_of("海编外〔", look, 10.5)
    assert with_measured_brackets(read_as("海编外C", middles), crop).reading.text == "海编外〔"
    crop, middles = crop_of("〔", look, 10.5)
    assert with_measured_brackets(read_as("C", middles), crop).reading.text == "〔"
