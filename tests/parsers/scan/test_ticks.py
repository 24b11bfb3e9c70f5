"""Boxes to tick, by their outline."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from parsers.scan.ticks import find_tick_boxes, may_be_box
from parsers.scan.units import Mask, mm


def page_with(*sides: tuple[float, bool]) -> Mask:
    ink = np.zeros((mm(12), mm(80)), np.uint8)
    for index, (side, ticked) in enumerate(sides):
        left, top = mm(5 + 20 * index), mm(4)
        cv2.rectangle(ink, (left, top), (left + mm(side), top + mm(side)), 255, 2)
        if ticked:
            cv2.polylines(
                ink,
                [np.array([[left + 5, top + 14], [left + 11, top + 20], [left + 24, top + 5]])],
                isClosed=False,
                color=255,
                thickness=3,
            )
    return ink


def found(ink: Mask) -> list[tuple[bool | None, str]]:
    return [(box.ticked, box.text) for box in find_tick_boxes(ink, (0, mm(3), mm(80), mm(9)))]


@pytest.mark.parametrize("side", [3.0, 3.6, 4.5])
def test_open_and_ticked_boxes_are_told_apart(side: float) -> None:
    assert found(page_with((side, False), (side, True))) == [(False, "□"), (True, "☑")]


def test_a_box_that_touches_the_next_character_is_found() -> None:
    ink = page_with((3.6, False))
    ink[mm(4) : mm(4) + 2, mm(5) : mm(14)] = 255
    assert found(ink) == [(False, "□")]


@pytest.mark.parametrize("side", ["top", "bottom"])
def test_a_tick_that_runs_out_over_a_corner_leaves_a_box(side: str) -> None:
    ink = page_with((3.6, True))
    left, row = mm(5), mm(4) if side == "top" else mm(4) + mm(3.6)
    ink[row - 1 : row + 3, left + 18 : left + 20] = 0
    ink[row - 1 : row + 8, left + 20 : left + 27] = 255
    assert found(ink) == [(True, "☑")]


def test_small_squares_inside_characters_and_open_frames_are_no_boxes() -> None:
    ink = page_with((1.7, False))
    cv2.line(ink, (mm(30), mm(4)), (mm(34), mm(4)), 255, 2)
    cv2.line(ink, (mm(30), mm(4)), (mm(30), mm(8)), 255, 2)
    cv2.line(ink, (mm(30), mm(8)), (mm(34), mm(8)), 255, 2)
    assert found(ink) == []


def test_a_sure_character_is_no_box() -> None:
    assert not may_be_box("国", 0.99)
    assert not may_be_box("口", 0.99)
    assert may_be_box("口", 0.6)
    assert may_be_box("□", 0.99)
