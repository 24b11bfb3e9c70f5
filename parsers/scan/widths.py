"""Half or full width of a mark of punctuation between hanzi, told by the room it takes; engines answer by habit.

At the end of a line the room cannot be seen: there the marks of the same page that could be measured say which.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from parsers.scan.spacing import is_hanzi

FULL = {",": "，", ":": "：", ";": "；", "!": "！", "?": "？"}
"""Marks that are printed in both widths, half to full."""
HALF = {full: half for half, full in FULL.items()}
SURELY_FULL, SURELY_HALF = 0.72, 0.5
"""Characters of room from which a mark is of full width, and up to which it is of half width."""
FEWEST = 3
"""Pairs of neighbouring hanzi that must tell how wide a character is, in the line or else in its whole cell."""


@dataclass(frozen=True, slots=True)
class Measured:
    """The characters of a line with the width of their punctuation measured.

    ``is_open`` says that some room lies between the two; ``seen`` are the marks that were measured, ``left`` the
    places of those that have no room to be seen by.
    """

    texts: tuple[str, ...]
    is_open: bool = False
    seen: tuple[str, ...] = ()
    left: tuple[int, ...] = ()


def _steps_of(marks: Sequence[tuple[str, float]]) -> list[float]:
    """The distances from each hanzi to the one right behind it."""
    return [b[1] - a[1] for a, b in pairwise(marks) if is_hanzi(a[0]) and is_hanzi(b[0])]


def measured(
    marks: Sequence[tuple[str, float]],
    usual: float | None = None,
    room_by_ink: Callable[[int], float | None] = lambda _: None,
) -> Measured:
    """The widths of a line's punctuation.

    Args:
        marks: characters with the columns of their middles, from left to right.
        usual: the distance of hanzi in the rest of the cell, for lines that have too few of their own.
        room_by_ink: the room of a mark by the ink of the hanzi beside it, ``None`` where that does not tell: the
            columns that an engine gives are off by up to a quarter of a character.
    """
    texts = [text for text, _ in marks]
    steps = _steps_of(marks)
    em = float(np.median(steps)) if len(steps) >= FEWEST else usual
    is_open, seen, left = False, [], []
    for index, (text, _) in enumerate(marks):
        if text not in FULL and text not in HALF:
            continue
        sides = [marks[place] for place in (index - 1, index + 1) if 0 <= place < len(marks)]
        if not sides or not all(is_hanzi(side[0]) for side in sides):
            continue
        if len(sides) == 1 or em is None:
            left.append(index)
            continue
        by_ink = room_by_ink(index)
        room = by_ink if by_ink is not None else (sides[1][1] - sides[0][1]) / em - 1.0
        if room >= SURELY_FULL:
            texts[index] = FULL.get(text, text)
        elif room <= SURELY_HALF:
            texts[index] = HALF.get(text, text)
        else:
            is_open = True
            continue
        seen.append(texts[index])
    return Measured(tuple(texts), is_open, tuple(seen), tuple(left))


def voted(mark: str, seen: Iterable[str]) -> str | None:
    """A mark in the width that all measured ones of its kind have; ``None`` where they differ or there is none."""
    kinds = {one for one in seen if HALF.get(one, one) == HALF.get(mark, mark)}
    return kinds.pop() if len(kinds) == 1 else None
