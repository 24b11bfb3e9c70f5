"""The width of punctuation, by the room it takes."""

from __future__ import annotations

import pytest

from parsers.scan.widths import Measured, measured, voted

EM = 20.0


def marks(text: str, room: float) -> list[tuple[str, float]]:
    """Characters one after the other, each mark of punctuation taking ``room`` characters."""
    placed, x = [], 0.0
    for character in text:
        width = room if character in ",，:：" else 1.0
        placed.append((character, (x + width / 2) * EM))
        x += width
    return placed


@pytest.mark.parametrize("read", ["有人值守,无人接替", "有人值守，无人接替"])
def test_the_room_tells_the_width(read: str) -> None:
    for room, width in ((1.0, "，"), (0.75, "，"), (0.25, ",")):
        assert measured(marks(read, room)) == Measured(tuple(f"有人值守{width}无人接替"), seen=(width,))
    assert measured(marks(read, 0.58)) == Measured(tuple(read), is_open=True)


@pytest.mark.parametrize("read", ["总数:8人以上的", "有人值守"])
def test_what_stands_beside_figures_or_alone_stays(read: str) -> None:
    assert measured(marks(read, 1.0)) == Measured(tuple(read))


def test_a_short_line_is_measured_by_the_characters_of_its_cell() -> None:
    assert measured(marks("值,守", 1.0)) == Measured(tuple("值,守"), left=(1,))
    assert measured(marks("值,守", 1.0), EM) == Measured(tuple("值，守"), seen=("，",))
    assert measured(marks("值，守", 0.3), EM) == Measured(tuple("值,守"), seen=(",",))


def test_a_mark_at_a_lines_end_is_left_to_the_others_of_the_page() -> None:
    assert measured(marks("有人值守,", 1.0)) == Measured(tuple("有人值守,"), left=(4,))
    assert voted(",", ["，", "，", ":"]) == "，"
    assert voted("，", [","]) == ","
    assert voted(",", [",", "，"]) is None
    assert voted(",", [":"]) is None
