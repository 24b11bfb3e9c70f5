"""Words struck out at the head or in the middle of a line, told apart from what was written beside them.

A correction often follows what it replaces on the same line, and is often longer: a stroke through 工程师 runs through
hardly half of the line 工程师办事员. What a stroke runs through hangs together by it, and so is one piece of ink, wider
than a character, from whose one end to the other the stroke runs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import cv2
import numpy as np

from parsers.scan.lines import Line, Piece
from parsers.scan.strikes import WHOLE, run_through, straight_through
from parsers.scan.units import Mask, mm

LOWEST = 3.0
"""Millimetres of a usual line's height below which no word is taken for struck out.

Figures of six points touch on a coarse scan, and their hollows close: a level run of ink goes through 199909 as
through a word that was struck out. Of 778 cells of such scans (附件1, 2, 3 and 5 of seed 551) 71 were taken for one, of
1,024 cells of finer scans and photos 2.
"""


def without_struck_words(
    lines: Sequence[Line], strokes: Mask, corner: tuple[int, int], height: float
) -> tuple[Line, ...]:
    """The lines, each cut where a word in it is struck out.

    ``strokes`` are the pixels of the cell, ``corner`` its left and top on the page, ``height`` that of a usual line.
    """
    if height < mm(LOWEST):
        return tuple(lines)
    return tuple(part for line in lines for part in _cut(line, strokes, corner, height))


def has_struck_word(line: Line, strokes: Mask, corner: tuple[int, int], height: float) -> bool:
    """Whether a stroke that sways as a hand's may runs through a word of a line.

    The strokes of a hand's characters that meet may look the same, so the line is not cut there.
    """
    return height >= mm(LOWEST) and any(
        _struck_spans(_window(piece, strokes, corner), height, run_through) for piece in line.pieces
    )


def _cut(line: Line, strokes: Mask, corner: tuple[int, int], height: float) -> list[Line]:
    places = sorted({place for piece in line.pieces for place in _ends(piece, strokes, corner, height)})
    if not places:
        return [line]
    cuts = [0, *places, line.crop.shape[1]]
    parts = [_part(line, start, end) for start, end in pairwise(cuts)]
    return [part for part in parts if part is not None]


def _ends(piece: Piece, strokes: Mask, corner: tuple[int, int], height: float) -> list[int]:
    """The columns of the crop between a struck word of a piece and what stands beside it."""
    window = _window(piece, strokes, corner)
    wide = window.shape[1]
    places = []
    for first, last in _struck_spans(window, height, straight_through):
        if last - first >= WHOLE * wide:
            return []
        filled = np.asarray(window.any(axis=0))
        before, behind = np.flatnonzero(filled[:first]), np.flatnonzero(filled[last:])
        if before.size:
            places.append(piece.start + (int(before[-1]) + 1 + first) // 2)
        if behind.size:
            places.append(piece.start + (last + last + int(behind[0])) // 2)
    return places


def _window(piece: Piece, strokes: Mask, corner: tuple[int, int]) -> Mask:
    left, top, right, bottom = piece.box
    x, y = max(0, left - corner[0]), max(0, top - corner[1])
    return strokes[y : max(0, bottom - corner[1]), x : max(0, right - corner[0])]


def _struck_spans(window: Mask, height: float, through: Callable[[Mask, float], float]) -> list[tuple[int, int]]:
    """The columns of each piece of ink through which a stroke runs from end to end."""
    if not window.size or window.shape[1] <= height:
        return []
    count, labels, stats, _ = cv2.connectedComponentsWithStats(window)
    spans = []
    for label in range(1, count):
        first, _, run, _, _ = (int(value) for value in stats[label])
        if through(np.ascontiguousarray(window[:, first : first + run]), height) < WHOLE:
            continue
        others = np.where(labels == label, 0, window)[:, [*range(first), *range(first + run, window.shape[1])]]
        if others.any():
            spans.append((first, first + run))
    return spans


def _part(line: Line, start: int, end: int) -> Line | None:
    """The columns of a line's crop from ``start`` to ``end`` as a line; ``None`` where none of its pieces is there."""
    pieces = []
    for piece in line.pieces:
        first, last = max(start, piece.start), min(end, piece.end)
        if first < last:
            left, top, _, bottom = piece.box
            box = (left + first - piece.start, top, left + last - piece.start, bottom)
            pieces.append(Piece(first - start, last - start, box))
    if not pieces:
        return None
    boxes = [piece.box for piece in pieces]
    whole = (min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes))
    return Line(whole, np.ascontiguousarray(line.crop[:, start:end]), tuple(pieces))
