"""Spaces in a line of writing: engines leave them out, so they are told from the gaps between the characters."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from parsers.scan.lines import Line
from parsers.scan.units import Mask

TYPED_SPACE, MAY_BE_SPACE = 0.17, 0.13
"""Characters by which those behind a gap stand farther on than they would without it: it is a space, it may be one."""
TYPED_GAP, MAY_BE_GAP = 0.17, 0.14
"""Characters by which such a gap is wider than the line's usual one."""
NARROW = 0.6
"""Characters: beside one whose ink is narrower (卜 stands left in its square) no gap is surely a space."""
OFF_CENTRE = 0.5
"""Pixels that an empty run counts less for each pixel off the middle between two characters."""
BESIDE = 4
"""Characters on each side of a gap that say where the next one should stand."""
FEWEST_BESIDE = 4
"""Characters a line must have for its gaps to be compared."""


def spaced(ink: Mask, line: Line, marks: Sequence[tuple[str, float]]) -> str:
    """The characters with a space for each gap: between pieces, and where a typed space parts two words."""
    blanks = _blanks(ink, line, marks)
    text, before = "", None
    for index, (mark, x) in enumerate(marks):
        piece = next((k for k, part in enumerate(line.pieces) if part.box[0] - 2 <= x <= part.box[2] + 2), None)
        is_next = before is not None and piece is not None and piece != before
        if (is_next and len(line.pieces) > 1 and not is_stack(line)) or index in blanks:
            text += " "
        text += mark
        before = piece if piece is not None else before
    return text


def is_space_unsure(ink: Mask, line: Line, marks: Sequence[tuple[str, float]]) -> bool:
    """Whether some gap may be a narrow space, or just the air of narrow characters (卜, 小)."""
    return bool(_wide(ink, line, marks, MAY_BE_SPACE, MAY_BE_GAP) - _blanks(ink, line, marks))


def _blanks(ink: Mask, line: Line, marks: Sequence[tuple[str, float]]) -> frozenset[int]:
    """The characters before which a space was typed."""
    return _wide(ink, line, marks, TYPED_SPACE, TYPED_GAP, narrowest=NARROW)


def _wide(
    ink: Mask, line: Line, marks: Sequence[tuple[str, float]], shift: float, wider: float, narrowest: float = 0.0
) -> frozenset[int]:
    """The characters behind a gap between two hanzi that is wide beside all others, and that moves what follows.

    A narrow character has wide gaps on both sides, yet what follows it stands where it would in any case.
    """
    if len(marks) < FEWEST_BESIDE or len(line.pieces) != 1:
        return frozenset()
    left, top, right, bottom = line.box
    filled = np.asarray((ink[max(0, top) : bottom, max(0, left) : right] > 0).any(axis=0), np.bool_)
    blanks = {
        index: _blank_between(filled, marks[index - 1][1] - left, marks[index][1] - left)
        for index in range(1, len(marks))
    }
    gaps = {index: end - start for index, (start, end) in blanks.items() if _between_hanzi(marks, index)}
    if len(gaps) < FEWEST_BESIDE - 1:
        return frozenset()
    edges = [(0, 0), *(blanks[index] for index in range(1, len(marks))), (len(filled), len(filled))]
    middles = [(before[1] + behind[0]) / 2 for before, behind in pairwise(edges)]
    usual = float(np.median(list(gaps.values())))
    wide = []
    for index, gap in gaps.items():
        em, moved = _moved(middles, index, gaps.keys())
        if narrowest and not {index - 1, index + 1} <= gaps.keys():
            continue
        widths = [edges[k + 1][0] - edges[k][1] for k in (index - 1, index)]
        if gap - usual >= wider * em and moved >= shift * em and min(widths) >= narrowest * em:
            wide.append(index)
    return frozenset(wide) if len(wide) <= len(gaps) // FEWEST_BESIDE + 1 else frozenset()


def _moved(middles: Sequence[float], index: int, beside: Collection[int]) -> tuple[float, float]:
    """The distance of hanzi from one to the next, and how much farther on those from ``index`` stand than by it."""
    first = index - 1
    while first in beside and index - first < BESIDE:
        first -= 1
    last = index + 1
    while last in beside and last - index < BESIDE:
        last += 1
    sides = (range(first, index), range(index, last))
    slopes = [(middles[b] - middles[a]) / (b - a) for side in sides for a in side for b in side if b > a]
    if not slopes:
        slopes = [middles[k] - middles[k - 1] for k in beside]
    em = float(np.median(slopes))
    before, behind = ([middles[k] - em * k for k in side] for side in sides)
    return em, float(np.mean(behind) - np.mean(before))


def _between_hanzi(marks: Sequence[tuple[str, float]], index: int) -> bool:
    return _is_hanzi(marks[index - 1][0]) and _is_hanzi(marks[index][0])


def _blank_between(filled: npt.NDArray[np.bool_], start: float, end: float) -> tuple[int, int]:
    """The empty columns that part two characters with these middles, as their first and the one behind their last.

    The longest run counts, but less the farther it lies from half way: 小 and 川 have wide runs of their own.
    """
    first = max(0, round(start))
    window = filled[first : max(first, round(end))]
    edges = np.flatnonzero(np.concatenate([[True], window, [True]]))
    lengths = np.diff(edges) - 1
    away = np.abs(edges[:-1] + lengths / 2 - len(window) / 2)
    best = int(np.argmax(np.where(lengths > 0, lengths - away * OFF_CENTRE, -np.inf)))
    return first + int(edges[best]), first + int(edges[best]) + int(lengths[best])


def _is_hanzi(mark: str) -> bool:
    return len(mark) == 1 and "\u4e00" <= mark <= "\u9fff"


def is_stack(line: Line) -> bool:
    """Pieces one below the other, not beside each other."""
    return len(line.pieces) > 1 and line.pieces[0].box[3] <= line.pieces[1].box[1] + 2
