"""Pale small type in shreds beside characters that came out better."""

from __future__ import annotations

import numpy as np

from parsers.scan.shreds import in_shreds
from parsers.scan.units import Gray, Mask

EM = 16
LEFT, TOP = 20, 20


def _cell(level: int, gap: int = 4, down: int = 0) -> tuple[Gray, Mask, Mask]:
    """Two characters in full and a third in shreds of a grey: the cell, what is darker than paper, and the two."""
    gray = np.full((60, 160), 255, np.uint8)
    strokes = np.zeros_like(gray)
    for place in range(2):
        x = LEFT + place * (EM + 4)
        strokes[TOP : TOP + EM, x : x + EM : 3] = 255
        strokes[TOP : TOP + EM : 5, x : x + EM] = 255
    gray[strokes > 0] = 90
    x = LEFT + 2 * (EM + 4) - 4 + gap
    for row in range(0, EM, 3):
        gray[TOP + down + row, x + row % 4 : x + EM : 4] = level
    return gray, np.asarray((gray < 230).astype(np.uint8) * 255, np.uint8), strokes


def test_a_character_in_shreds_belongs_to_its_word() -> None:
    gray, faint, strokes = _cell(level=150)
    found = in_shreds(gray, faint, strokes)
    columns = np.flatnonzero(found.any(axis=0))
    assert LEFT + 2 * (EM + 4) <= columns[0] <= columns[-1] < LEFT + 2 * (EM + 4) + EM
    assert not (found & strokes).any()


def test_what_is_far_paler_lower_or_apart_is_not() -> None:
    for cell in (_cell(level=215), _cell(level=150, gap=60), _cell(level=150, down=20)):
        assert not in_shreds(*cell).any()


def test_what_a_seal_left_is_not() -> None:
    gray, faint, strokes = _cell(level=150)
    near_red = np.full_like(strokes, 255)
    assert not in_shreds(gray, faint, strokes, near_red).any()
    assert not in_shreds(gray, faint, np.zeros_like(strokes)).any()
