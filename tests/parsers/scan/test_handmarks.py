"""Commas by hand: their width is told by all of a page, and those that were passed over by their room."""

from __future__ import annotations

import cv2
import numpy as np

from parsers.ocr.base import LineReading
from parsers.ocr.lattice import Glyph
from parsers.scan.handmarks import marked, passed_over, usual_step, with_page_widths
from parsers.scan.lines import compose
from parsers.scan.readlines import SPACE_CONFIDENCE, ReadLine
from parsers.scan.units import Mask

EM = 26
SHIFTS = (0.0, 0.08, -0.07, 0.05, -0.08)
"""Characters by which a hand sets one after the other off its place."""


def drawn(text: str, comma: float) -> tuple[Mask, ReadLine]:
    """A line of squares, and strokes ``comma`` characters wide for its commas, as it was read."""
    ink, x, places = np.zeros((60, 400), np.uint8), 40.0, []
    for index, mark in enumerate(text):
        wide = comma * EM if mark in ",，" else EM
        left = round(x + SHIFTS[index % len(SHIFTS)] * EM)
        if mark in ",，":
            cv2.line(ink, (left + 2, 36), (left + 2, 41), 255, 2)
            places.append(left + 2.5)
        else:
            cv2.rectangle(ink, (left, 20), (left + 19, 40), 255, 2)
            places.append(left + 9.5)
        x += wide
    line = compose(255 - ink, [(30, 18, round(x) + 4, 44)], 24)
    wide = line.crop.shape[1]
    glyphs = tuple(
        Glyph(mark, 0.999, (place - line.pieces[0].box[0] + line.pieces[0].start) / wide)
        for mark, place in zip(text, places, strict=True)
    )
    return ink, ReadLine(line, LineReading(text, 0.99, glyphs, ()), LineReading(text, 0.99), text, 0.99, by_hand=True)


def settled(*lines: tuple[str, float]) -> list[ReadLine]:
    read = [drawn(text, comma) for text, comma in lines]
    cells = [[marked(ink, one, frozenset(), usual_step(ink, [one]))] for ink, one in read]
    return [line for lines_ in with_page_widths(cells) for line in lines_]


def test_a_comma_is_as_wide_as_its_room() -> None:
    (half,) = settled(("持有电工证，短期内无", 0.3))
    assert (half.text, half.confidence) == ("持有电工证,短期内无", 0.99)
    (full,) = settled(("持有电工证,短期内无", 1.0))
    assert (full.text, full.confidence) == ("持有电工证，短期内无", 0.99)


def test_where_its_room_does_not_tell_it_is_full_and_a_person_looks() -> None:
    (open_,) = settled(("持有电工证,短期内无", 0.8))
    assert (open_.text, open_.confidence) == ("持有电工证，短期内无", SPACE_CONFIDENCE)


def test_one_comma_at_odds_with_its_page_is_doubted() -> None:
    *most, odd = settled(*[("持有电工证,短期内无", 0.3)] * 3, ("检修人员证,短期内无", 1.0))
    assert {line.confidence for line in most} == {0.99}
    assert odd.confidence == SPACE_CONFIDENCE


def test_a_stroke_is_a_comma_where_there_is_room_for_one() -> None:
    ink, line = drawn("专班人手不足,需借用", 0.3)
    glyphs = tuple(glyph for glyph in line.reading.glyphs if glyph.text != ",")
    text = "专班人手不足需借用"
    lacking = LineReading(text, 0.99, glyphs, ())
    (stroke,) = (line.line.page_x(glyph.at) for glyph in line.reading.glyphs if glyph.text == ",")
    line = ReadLine(line.line, lacking, lacking, text, 0.99, by_hand=True)
    em = usual_step(ink, [line])
    assert passed_over(ink, line, [stroke], em) == {5}
    assert marked(ink, line, frozenset({5}), em).line.text == "专班人手不足,需借用"
    inside = line.line.page_x(glyphs[1].at) + 10
    assert passed_over(ink, line, [inside], em) == frozenset()
