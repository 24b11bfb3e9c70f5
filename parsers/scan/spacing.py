"""Spaces in a line of writing: engines leave them out, so they are told from the gaps between the characters."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from parsers.scan.lines import Line
from parsers.scan.units import Mask

TYPED_SPACE, MAY_BE_SPACE = 0.5, 0.3
"""Parts of the pitch of characters from which a gap between two hanzi is a space, and from which it may be one."""
BESIDE_USUAL = 2.5
"""How much wider than the line's usual gap it must be."""
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
    return bool(_wide(ink, line, marks, MAY_BE_SPACE, BESIDE_USUAL) - _blanks(ink, line, marks))


def _blanks(ink: Mask, line: Line, marks: Sequence[tuple[str, float]]) -> frozenset[int]:
    """The characters before which a space was typed."""
    return _wide(ink, line, marks, TYPED_SPACE, 2.0)


def _wide(ink: Mask, line: Line, marks: Sequence[tuple[str, float]], least: float, beside: float) -> frozenset[int]:
    """The characters behind one gap between two hanzi that is wide beside all others."""
    if len(marks) < FEWEST_BESIDE or len(line.pieces) != 1:
        return frozenset()
    left, top, right, bottom = line.box
    filled = np.asarray((ink[max(0, top) : bottom, max(0, left) : right] > 0).any(axis=0), np.bool_)
    gaps: dict[int, int] = {}
    for index in range(1, len(marks)):
        if _is_hanzi(marks[index - 1][0]) and _is_hanzi(marks[index][0]):
            first, second = (max(0, round(mark[1]) - left) for mark in marks[index - 1 : index + 1])
            gaps[index] = _longest_blank(filled[first:second])
    if len(gaps) < FEWEST_BESIDE - 1:
        return frozenset()
    usual = sorted(gaps.values())[len(gaps) // 2]
    pitch = (right - left) / len(marks)
    wide = [index for index, gap in gaps.items() if gap >= max(least * pitch, beside * usual)]
    return frozenset(wide) if len(wide) <= len(gaps) // FEWEST_BESIDE + 1 else frozenset()


def _longest_blank(filled: npt.NDArray[np.bool_]) -> int:
    edges = np.flatnonzero(np.concatenate([[True], filled, [True]]))
    return int(np.diff(edges).max()) - 1


def _is_hanzi(mark: str) -> bool:
    return len(mark) == 1 and "\u4e00" <= mark <= "\u9fff"


def is_stack(line: Line) -> bool:
    """Pieces one below the other, not beside each other."""
    return len(line.pieces) > 1 and line.pieces[0].box[3] <= line.pieces[1].box[1] + 2
