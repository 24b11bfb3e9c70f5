"""Half or full width of a mark of punctuation between hanzi, told by the room it takes; engines answer by habit."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

FULL = {",": "，", ":": "：", ";": "；", "!": "！", "?": "？"}
"""Marks that are printed in both widths, half to full."""
HALF = {full: half for half, full in FULL.items()}
SURELY_FULL, SURELY_HALF = 0.72, 0.5
"""Characters of room from which a mark is of full width, and up to which it is of half width."""
FEWEST = 3
"""Pairs of neighbouring hanzi that must tell how wide a character is."""


def measured(marks: Sequence[tuple[str, float]]) -> tuple[tuple[str, ...], bool]:
    """The characters of a line with the width of their punctuation measured, and whether some width stays open.

    Args:
        marks: characters with the columns of their middles, from left to right.
    """
    texts = [text for text, _ in marks]
    steps = [b[1] - a[1] for a, b in pairwise(marks) if _is_hanzi(a[0]) and _is_hanzi(b[0])]
    if len(steps) < FEWEST:
        return tuple(texts), False
    em = float(np.median(steps))
    is_open = False
    for index in range(1, len(marks) - 1):
        text = marks[index][0]
        before, behind = marks[index - 1], marks[index + 1]
        if text not in (FULL.keys() | HALF.keys()) or not (_is_hanzi(before[0]) and _is_hanzi(behind[0])):
            continue
        room = (behind[1] - before[1]) / em - 1.0
        if room >= SURELY_FULL:
            texts[index] = FULL.get(text, text)
        elif room <= SURELY_HALF:
            texts[index] = HALF.get(text, text)
        else:
            is_open = True
    return tuple(texts), is_open


def _is_hanzi(text: str) -> bool:
    return len(text) == 1 and "\u4e00" <= text <= "\u9fff"
