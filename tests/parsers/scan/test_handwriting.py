"""Pages written by hand: told from print, their gaps are no spaces, their lost commas are seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np

from parsers.ocr.base import LineReading
from parsers.ocr.lattice import Glyph
from parsers.scan.handwriting import ANSWER, with_care
from parsers.scan.lines import Line, compose
from parsers.scan.readlines import ReadLine
from parsers.scan.schools import SCHOOL
from parsers.scan.unevenness import is_by_hand
from parsers.scan.units import Mask

TEXT = "工作人员情况汇总"
EM = 26
ROWS = 8


def page(jitter: float) -> tuple[Mask, list[ReadLine]]:
    """Lines of squares for characters, each up to ``jitter`` characters off its place, as they were read."""
    return drawn([(TEXT, jitter)] * ROWS, level=True)


def drawn(rows: Sequence[tuple[str, float]], *, level: bool = False) -> tuple[Mask, list[ReadLine]]:
    """The same with a text and a jitter for each line; up and down as well but where they are ``level``."""
    chance = np.random.default_rng(3)
    ink = np.zeros((len(rows) * 60 + 40, 400), np.uint8)
    lines = []
    for row, (text, jitter) in enumerate(rows):
        top, places = 20 + row * 60, []
        for index in range(len(text)):
            left = round(40 + EM * (index + chance.uniform(-jitter, jitter)))
            up = 0 if level else round(EM * chance.uniform(-jitter, jitter))
            cv2.rectangle(ink, (left, top + up), (left + 19, top + up + 20), 255, 2)
            places.append(left + 9.5)
        box = (30, top - 6, 300, top + 28)
        lines.append(as_read(compose(255 - ink, [box], 24), places, text))
    return ink, lines


def as_read(line: Line, places: list[float], text: str = TEXT) -> ReadLine:
    wide = line.crop.shape[1]
    glyphs = tuple(
        Glyph(mark, 0.999, (place - line.pieces[0].box[0] + line.pieces[0].start) / wide)
        for mark, place in zip(text, places, strict=True)
    )
    reading = LineReading(text, 0.99, glyphs, ())
    return ReadLine(line, reading, reading, text[:3] + " " + text[3:], 0.99)


def test_print_is_left_alone() -> None:
    ink, lines = page(0.0)
    assert not is_by_hand(ink, lines)
    assert with_care(ink, [lines], lines) == ([lines], lines)


def test_a_card_of_labels_with_a_few_lines_by_hand_is_by_hand() -> None:
    labels, words, numbers = [(TEXT, 0.0)] * 8, [(TEXT, 0.12)] * 2, [("20260711", 0.105)] * 2
    assert is_by_hand(*drawn([*labels, *words, *numbers]))
    assert not is_by_hand(*drawn([*labels, *words])), "two uneven lines among labels tell nothing"
    assert not is_by_hand(*drawn([*labels, *[("20260711", 0.02)] * 2, *words])), "even numbers are print"


def test_uneven_numbers_alone_are_no_hand_where_dots_are_large() -> None:
    ink, lines = drawn([*[(TEXT, 0.0)] * 8, *[("20260711", 0.13)] * 2])
    assert is_by_hand(ink, lines)
    assert not is_by_hand(ink, [replace(line, dot=1.33) for line in lines])


def test_uneven_steps_alone_are_no_hand() -> None:
    """Figures of six points scanned at 150 dpi touch: their middles are told to a pixel or two of nine."""
    rows = [*[(TEXT, 0.0)] * 8, *[("20260711", 0.13)] * 2]
    assert is_by_hand(*drawn(rows))
    assert not is_by_hand(*drawn(rows, level=True))


def test_a_line_that_rises_is_no_hand() -> None:
    ink, lines = drawn([*[(TEXT, 0.0)] * 8, *[("20260711", 0.13)] * 2], level=True)
    rising = np.array([[1, 0, 0], [0.02, 1, -3]], np.float32)
    turned = cv2.warpAffine(ink, rising, (ink.shape[1], ink.shape[0]), flags=cv2.INTER_NEAREST)
    assert not is_by_hand(np.asarray(turned, np.uint8), lines)


def test_a_gap_in_handwriting_is_no_space_and_doubted() -> None:
    ink, lines = page(0.12)
    assert is_by_hand(ink, lines)
    cared = with_care(ink, [lines], [])[0][0]
    assert {line.text for line in cared} == {TEXT}
    assert all(line.confidence < 0.9 for line in cared)


def test_a_comma_that_was_passed_over_is_seen() -> None:
    ink, lines = page(0.12)
    cv2.line(ink, (270, 37), (268, 41), 255, 2)
    cared = with_care(ink, [lines], [])[0][0]
    assert cared[0].confidence <= 0.5
    assert all(line.confidence > 0.5 for line in cared[1:])


def test_a_comma_that_was_passed_over_between_two_characters_is_put_back_for_a_person() -> None:
    ink, lines = page(0.12)
    middles = [line.line.page_x(glyph.at) for line in lines[:1] for glyph in line.reading.glyphs]
    index = int(np.argmax(np.diff(middles)))
    place = round((middles[index] + middles[index + 1]) / 2)
    cv2.line(ink, (place, 36), (place, 41), 255, 2)
    cared = with_care(ink, [lines], [])[0][0]
    assert cared[0].text == TEXT[: index + 1] + "," + TEXT[index + 1 :]
    assert cared[0].confidence <= 0.5
    assert {line.text for line in cared[1:]} == {TEXT}


def test_between_a_school_and_a_major_there_is_a_space_that_no_gap_tells() -> None:
    assert SCHOOL.search("示例工学院计算机科学与技术")
    assert not SCHOOL.search("示例工学院 计算机科学与技术")
    assert not SCHOOL.search("示例职业技术学院")


def test_an_answer_with_words_right_behind_it_lacks_a_mark() -> None:
    assert ANSWER.match("是海组借〔2026〕3号")
    assert not ANSWER.match("是,海组借〔2026〕3号")
    assert not ANSWER.match("是否")
    assert not ANSWER.match("是")


def test_lines_around_the_grids_of_such_a_page_are_written_by_hand_as_well() -> None:
    ink, lines = page(0.12)
    sure = [replace(line, confidence=0.97) for line in lines]
    _, around = with_care(ink, [sure], sure[:1])
    assert around[0].by_hand
    assert around[0].confidence < 0.93


def test_ink_between_two_characters_with_room_for_a_third_is_doubted() -> None:
    ink, lines = page(0.12)
    one = lines[0]
    lacking = replace(one.reading, text=TEXT[:3] + TEXT[4:], glyphs=(*one.reading.glyphs[:3], *one.reading.glyphs[4:]))
    lines = [replace(one, reading=lacking, text=lacking.text), *lines[1:]]
    cared = with_care(ink, [lines], [])[0][0]
    assert cared[0].confidence <= 0.5
    assert all(line.confidence > 0.5 for line in cared[1:])
