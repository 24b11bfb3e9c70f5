"""The width of punctuation, by the room it takes."""

from __future__ import annotations

import pytest

from parsers.scan.widths import measured

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
    assert measured(marks(read, 1.0)) == (tuple("有人值守，无人接替"), False)
    assert measured(marks(read, 0.75)) == (tuple("有人值守，无人接替"), False)
    assert measured(marks(read, 0.25)) == (tuple("有人值守,无人接替"), False)
    assert measured(marks(read, 0.58)) == (tuple(read), True)


@pytest.mark.parametrize("read", ["总数:8人以上的", "值,守", "有人值守"])
def test_what_stands_beside_figures_or_alone_stays(read: str) -> None:
    assert measured(marks(read, 1.0)) == (tuple(read), False)
