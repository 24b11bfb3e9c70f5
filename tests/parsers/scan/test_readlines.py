"""Asking engines that misbehave, and texts made of what they say."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from parsers.scan.lines import Line, compose
from parsers.scan.readlines import ask, half_width, is_read_in, settle
from parsers.scan.units import Mask, mm
from tests.parsers.scan.engines import (
    CrashingEngine,
    EmptyEngine,
    GarbageEngine,
    ScriptedEngine,
    SlowEngine,
    reading,
    sure,
)

CROPS = [np.full((48, 100), 255, np.uint8)] * 60


def test_an_engine_that_always_fails_leaves_every_line_unread() -> None:
    answers = ask(CrashingEngine(sure("甲")), CROPS)
    assert [reading.confidence for reading in answers.readings] == [0.0] * 60
    assert answers.notes == ("ocr-crashed",)


def test_a_single_failure_costs_nothing_when_a_second_try_succeeds() -> None:
    answers = ask(CrashingEngine(sure("甲"), every=2), CROPS[:50])
    assert sum(reading.text == "甲" for reading in answers.readings) >= 49
    assert answers.notes == ("ocr-crashed",)


def test_an_engine_that_answers_too_little_is_not_believed() -> None:
    assert {reading.text for reading in ask(GarbageEngine(sure("甲")), CROPS).readings} == {""}


def test_a_slow_engine_is_left_when_the_time_is_over() -> None:
    answers = ask(SlowEngine(sure("甲")), CROPS, seconds=0.01)
    assert answers.notes == ("ocr-timeout",)
    assert answers.readings[-1].confidence == 0.0


def test_no_answer_is_no_text() -> None:
    assert {reading.text for reading in ask(EmptyEngine(), CROPS).readings} == {""}


def line_of(*widths: float) -> tuple[Line, Mask]:
    ink = np.zeros((mm(12), mm(90)), np.uint8)
    boxes, x = [], 5.0
    for wide in widths:
        ink[mm(4) : mm(8), mm(x) : mm(x + wide)] = 255
        boxes.append((mm(x), mm(4), mm(x + wide), mm(8)))
        x += wide + 8
    return compose(255 - ink, boxes, mm(4)), ink


def test_a_wide_gap_is_a_space() -> None:
    line, ink = line_of(8, 8)
    assert settle(line, sure("单位:人"), ink).text == "单位 :人"


def test_ink_from_which_nothing_was_read_makes_a_line_doubtful() -> None:
    line, ink = line_of(16)
    full = settle(line, sure("甲乙丙丁"), ink)
    left_out = settle(line, half_width(sure("甲")), ink)
    assert full.confidence > 0.9
    assert left_out.confidence <= 0.5


@pytest.mark.parametrize(
    ("stroke", "expected"),
    [(((20, 60), (50, 60)), "—"), (((25, 75), (45, 35)), "/")],
)
def test_a_lone_stroke_is_told_by_its_shape(stroke: tuple[tuple[int, int], tuple[int, int]], expected: str) -> None:
    ink = np.zeros((mm(12), mm(12)), np.uint8)
    cv2.line(ink, stroke[0], stroke[1], 255, 3)
    ys, xs = np.nonzero(ink)
    line = compose(255 - ink, [(int(xs.min()), int(ys.min()), int(xs.max()) + 1, int(ys.max()) + 1)], mm(3.5))
    read = settle(line, sure("1", 0.7), ink)
    assert read.text == expected


def test_the_engine_is_asked_for_no_empty_cell() -> None:
    engine = ScriptedEngine(sure("甲"))
    ask(engine, [])
    assert engine.asked == 0


def test_a_pale_stroke_is_explained_by_a_character_that_was_surely_read_there() -> None:
    line, ink = line_of(20.0)
    read = settle(line, sure("甲乙丙丁"), ink)
    inside = round(line.page_x(read.reading.glyphs[1].at))
    stroke = (inside - 2, mm(5), inside + 3, mm(7))
    assert is_read_in(read, stroke)
    assert not is_read_in(read, (inside - 2, mm(9), inside + 3, mm(11))), "not in its rows"
    assert not is_read_in(read, (mm(60), mm(5), mm(60) + 4, mm(7))), "beyond the line"
    assert not is_read_in(settle(line, sure("甲乙丙丁", 0.9), ink), stroke), "not surely read"


def squared(place: int) -> tuple[Line, Mask]:
    """A line of three characters, the one at ``place`` with the outline of a ticked box."""
    ink = np.zeros((mm(12), mm(40)), np.uint8)
    for index in range(3):
        left = mm(5 + 4.5 * index)
        cv2.rectangle(ink, (left, mm(4)), (left + mm(4), mm(8)), 255, 3 if index == place else -1)
        cv2.line(ink, (left + mm(1), mm(6)), (left + mm(3), mm(6)), 255, 3)
    return compose(255 - ink, [(mm(5), mm(4), mm(18), mm(8))], mm(4)), ink


@pytest.mark.parametrize(
    ("place", "seen", "wanted"),
    [
        (1, {"岗": 0.6, "岚": 0.3}, "到岗时"),
        (1, {"岗": 0.2, "岚": 0.2}, "到☑时"),
        (1, {"岗": 0.6, "☑": 0.3}, "到☑时"),
        (1, {"区": 0.6}, "到☑时"),
        (0, {"岗": 0.6}, "☑到时"),
    ],
)
def test_a_hanzi_with_the_outline_of_a_box_is_one_where_it_stands_in_words(
    place: int, seen: dict[str, float], wanted: str
) -> None:
    line, ink = squared(place)
    others = [{"到": 0.999}, {"时": 0.999}]
    assert settle(line, reading(*others[:place], seen, *others[place:]), ink).text == wanted
