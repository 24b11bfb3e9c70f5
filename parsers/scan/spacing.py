"""Spaces in a line of writing: engines leave them out, so they are told from the gaps between the characters."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from math import inf
from statistics import fmean, median

import numpy as np
import numpy.typing as npt

from parsers.scan.lines import Line
from parsers.scan.units import Mask

TYPED_SPACE, MAY_BE_SPACE = 0.17, 0.13
"""Characters by which those behind a gap stand farther on than they would without it: it is a space, it may be one."""
TYPED_IN_WORDS, MAY_BE_IN_WORDS = 0.4, 0.24
"""The same where nobody types a space but to stretch a word: between the characters of one, and in a sentence.

Over 14,600 gaps of prints, scans, copies and photos (seeds 485 to 487) those without a space moved what follows by up
to 0.23 characters, those with one by 0.19 at least.
"""
TYPED_GAP, MAY_BE_GAP = 0.17, 0.14
"""Characters by which such a gap is wider than the line's usual one."""
FAR_BESIDE_NARROW = 0.23
"""Characters farther than usual from which there may be a space even beside a narrow one in a short line."""
UNEVEN = 0.07
"""Spread of the steps from hanzi to hanzi, as part of their usual length, from which a line is no print: hands leave
wide gaps without meaning a space."""
BY_HAND, MAY_BY_HAND = 2.4, 1.5
"""Times as far as in print must the characters behind a gap stand then for it to be a space, and maybe to be one."""
OUTERMOST = 0.75
"""Heights of a line from the middle of its first and its last character within which their ink ends."""
NARROW = 0.6
"""Characters: beside one whose ink is narrower (卜 stands left in its square) no gap is surely a space."""
OFF_CENTRE = 0.5
"""Pixels that an empty run counts less for each pixel off the middle between two characters."""
BESIDE = 4
"""Characters on each side of a gap that say where the next one should stand."""
FEWEST_BESIDE = 4
"""Characters a line must have for its gaps to be compared."""
HOLE, HOLE_REST = (1.7, 2.3), 1.4
"""Characters from one to the next where one between them is gone, and that all others of the word are apart at most."""
FEWEST_BESIDE_HOLE = 2
"""Steps a word must have for one of them to be a hole."""
ROOM_FOR_POINT = 1.25
"""Times the usual step of figures from which there is room for a point between two of them."""
ROOM_AS_READ = 1.4
"""The same where figures touch, so that only the engine says where they stand: it is off by a quarter of a step."""
BEHIND_POINT = 2
"""Figures that stand behind the point of an amount at most."""
FEWEST_EVEN, EVEN = 2, 0.15
"""Steps of one line that tell how far its hanzi stand apart, where they differ by no more than this part of it."""
FEWEST_STEPS = 3
"""Pairs of neighbouring hanzi of a cell that tell how far they stand apart."""


def spaced(
    ink: Mask,
    line: Line,
    marks: Sequence[tuple[str, float]],
    usual: float | None = None,
    in_words: Collection[int] = (),
) -> str:
    """The characters with a space for each gap: between pieces, and where a typed space parts two words.

    ``usual`` is the distance of hanzi in the line's cell, for lines too short to tell by themselves; ``in_words`` are
    the characters before which none is to be expected.
    """
    blanks = _blanks(_Gaps.of(ink, line, marks), line, marks, usual, in_words)
    text, before = "", None
    for index, (mark, x) in enumerate(marks):
        piece = next((k for k, part in enumerate(line.pieces) if part.box[0] - 2 <= x <= part.box[2] + 2), None)
        is_next = before is not None and piece is not None and piece != before
        if (is_next and len(line.pieces) > 1 and not is_stack(line)) or index in blanks:
            text += " "
        text += mark
        before = piece if piece is not None else before
    return text


def is_space_unsure(
    ink: Mask,
    line: Line,
    marks: Sequence[tuple[str, float]],
    usual: float | None = None,
    in_words: Collection[int] = (),
) -> bool:
    """Whether some gap may be a narrow space, or just the air of narrow characters (卜, 小).

    ``usual`` and ``in_words`` as for :func:`spaced`.
    """
    gaps = _Gaps.of(ink, line, marks)
    found = _blanks(gaps, line, marks, usual, in_words)
    if _is_short(line, marks):
        likely = _wider_than(usual, gaps, marks, MAY_BE_SPACE, NARROW)
        likely |= _wider_than(usual, gaps, marks, FAR_BESIDE_NARROW, 0.0)
        far = _wider_than(usual, gaps, marks, MAY_BE_IN_WORDS, 0.0)
        is_across = not found and _is_wide_across(usual, gaps, marks, in_words)
    else:
        likely = _wide(gaps, MAY_BE_SPACE, MAY_BE_GAP)
        far = _wide(gaps, MAY_BE_IN_WORDS, MAY_BE_GAP)
        is_across = False
    return is_across or bool((likely - frozenset(in_words) | far) - found)


def _blanks(
    gaps: _Gaps | None,
    line: Line,
    marks: Sequence[tuple[str, float]],
    usual: float | None,
    in_words: Collection[int],
) -> frozenset[int]:
    """The characters before which a space was typed."""
    if _is_short(line, marks):
        typed = _wider_than(usual, gaps, marks, TYPED_SPACE, NARROW)
        far = _wider_than(usual, gaps, marks, TYPED_IN_WORDS, NARROW)
    else:
        typed = _wide(gaps, TYPED_SPACE, TYPED_GAP, narrowest=NARROW)
        far = _wide(gaps, TYPED_IN_WORDS, TYPED_GAP, narrowest=NARROW)
    return typed - frozenset(in_words) | far


@dataclass(frozen=True)
class _Gaps:
    """The characters of a line of one piece with the blanks before, between and behind them."""

    edges: list[tuple[int, int]]
    between: dict[int, int]
    """The width of each blank between two hanzi, by the character behind it."""
    enough: bool
    """There are as many characters and blanks as it takes to compare them with each other."""

    @classmethod
    def of(cls, ink: Mask, line: Line, marks: Sequence[tuple[str, float]]) -> _Gaps | None:
        """The gaps of a line; ``None`` where it has none to be judged."""
        if len(line.pieces) != 1 or len(marks) < 2:
            return None
        edges = _edges(_filled(ink, line), line, marks)
        between = {
            index: end - start
            for index, (start, end) in enumerate(edges[:-1])
            if index and _between_hanzi(marks, index)
        }
        return cls(edges, between, len(marks) >= FEWEST_BESIDE and len(between) >= FEWEST_BESIDE - 1)

    @cached_property
    def middles(self) -> list[float]:
        """The middle column of each character."""
        return [(before[1] + behind[0]) / 2 for before, behind in pairwise(self.edges)]

    @cached_property
    def widths(self) -> list[int]:
        """The width of each character's ink."""
        return [behind[0] - before[1] for before, behind in pairwise(self.edges)]

    @cached_property
    def usual(self) -> float:
        """The usual width of a blank between two hanzi."""
        return float(median(self.between.values()))

    @cached_property
    def is_uneven(self) -> bool:
        """Whether the hanzi stand less evenly than print's."""
        return _is_uneven([self.middles[index] - self.middles[index - 1] for index in self.between])

    @cached_property
    def moved(self) -> dict[int, tuple[float, float]]:
        """By the character behind a blank: the usual step there, and how much farther on what follows stands."""
        return {index: _moved(self.middles, index, self.between.keys()) for index in self.between}


def usual_step(ink: Mask, lines: Sequence[tuple[Line, Sequence[tuple[str, float]]]]) -> float | None:
    """The distance from the middle of a hanzi to that of the next in a cell's lines, in pixels.

    ``None`` where fewer than :data:`FEWEST_STEPS` tell. The ink says where the middles are: what an engine gives is
    off by up to a quarter of a character.
    """
    steps = [step for line, marks in lines for step in steps_of(ink, line, marks)]
    return float(median(steps)) if len(steps) >= FEWEST_STEPS and not _is_uneven(steps) else None


def is_hanzi(mark: str) -> bool:
    """Whether a mark is one Chinese character."""
    return len(mark) == 1 and "\u4e00" <= mark <= "\u9fff"


def steps_of(
    ink: Mask, line: Line, marks: Sequence[tuple[str, float]], kind: Callable[[str], bool] = is_hanzi
) -> list[float]:
    """The distances from the middle of a character to that of the next, both of a kind, in a line of one piece."""
    middles = middles_of(ink, line, marks)
    if not middles:
        return []
    return [middles[k] - middles[k - 1] for k in range(1, len(marks)) if kind(marks[k - 1][0]) and kind(marks[k][0])]


def middles_of(ink: Mask, line: Line, marks: Sequence[tuple[str, float]], strokes: Sequence[float] = ()) -> list[float]:
    """The middle of each character by its ink, in columns of a line of one piece; nothing for other lines.

    ``strokes`` are columns of ink that is of none of the characters.
    """
    if len(line.pieces) != 1 or len(marks) < 2:
        return []
    filled = _filled(ink, line)
    for stroke in strokes:
        column = min(max(0, round(stroke) - line.box[0]), len(filled) - 1)
        blank = np.flatnonzero(~filled)
        place = int(np.searchsorted(blank, column))
        filled[blank[place - 1] if place else 0 : blank[place] if place < len(blank) else len(filled)] = False
    edges = _edges(filled, line, marks)
    return [line.box[0] + (before[1] + behind[0]) / 2 for before, behind in pairwise(edges)]


def _steps_over_pieces(line: Line, marks: Sequence[tuple[str, float]]) -> list[float]:
    """The same by the engine's own places for a line in pieces beside each other: a hole may be what parts them."""
    if is_stack(line):
        return []
    return [behind[1] - before[1] for before, behind in pairwise(marks) if is_hanzi(before[0]) and is_hanzi(behind[0])]


def room_of(ink: Mask, line: Line, marks: Sequence[tuple[str, float]], index: int) -> float | None:
    """How much farther apart than usual the hanzi before and behind a mark stand, in characters.

    ``None`` where it does not stand between two, or too few pairs of hanzi of the line tell what is usual.
    """
    if len(line.pieces) != 1 or not 0 < index < len(marks) - 1:
        return None
    if not (is_hanzi(marks[index - 1][0]) and is_hanzi(marks[index + 1][0])):
        return None
    edges = _edges(_filled(ink, line), line, marks)
    middles = [(before[1] + behind[0]) / 2 for before, behind in pairwise(edges)]
    steps = [middles[k] - middles[k - 1] for k in range(1, len(marks)) if _between_hanzi(marks, k)]
    if len(steps) < FEWEST_EVEN or max(steps) - min(steps) > EVEN * float(median(steps)):
        return None
    return (middles[index + 1] - middles[index - 1]) / float(median(steps)) - 1.0


def has_room_for_point(ink: Mask, line: Line, marks: Sequence[tuple[str, float]]) -> bool:
    """Whether a line of nothing but figures has a step, where a point may stand, that is wider than its others.

    A point that touches a figure is read as part of it; where the next figure stands tells of it all the same.
    """
    if len(marks) < FEWEST_BESIDE or not all(mark.isdigit() for mark, _ in marks):
        return False
    steps, room = steps_of(ink, line, marks, str.isdigit), ROOM_FOR_POINT
    if steps and any(start == end for start, end in _edges(_filled(ink, line), line, marks)[1:-1]):
        steps, room = [behind[1] - before[1] for before, behind in pairwise(marks)], ROOM_AS_READ
    return len(steps) >= FEWEST_STEPS and max(steps[-BEHIND_POINT:]) >= room * float(median(steps))


def _is_uneven(steps: Sequence[float]) -> bool:
    """Whether steps differ by more than print's do; the longest one may be a space and does not count."""
    rest = sorted(steps)[:-1]
    return len(rest) >= FEWEST_STEPS - 1 and float(np.std(rest)) > UNEVEN * float(median(rest))


def _is_short(line: Line, marks: Sequence[tuple[str, float]]) -> bool:
    """Whether a line has too few characters for its gaps to be compared with each other."""
    return len(line.pieces) == 1 and 1 < len(marks) < FEWEST_BESIDE


def _wider_than(
    usual: float | None, gaps: _Gaps | None, marks: Sequence[tuple[str, float]], shift: float, narrowest: float
) -> frozenset[int]:
    """The characters of a short line that stand farther behind the one before than those of its cell do."""
    if usual is None or gaps is None:
        return frozenset()
    middles, widths = gaps.middles, gaps.widths
    return frozenset(
        index
        for index in range(1, len(marks))
        if _between_hanzi(marks, index)
        and middles[index] - middles[index - 1] >= (1.0 + shift) * usual
        and min(widths[index - 1 : index + 1]) >= narrowest * usual
    )


def _is_wide_across(
    usual: float | None, gaps: _Gaps | None, marks: Sequence[tuple[str, float]], in_words: Collection[int]
) -> bool:
    """Whether the characters on both sides of a narrow one stand farther apart than two steps, not all in one word.

    The middle of what lost a stroke to the threshold is off; where its neighbours stand tells of a space all the same.
    """
    if usual is None or gaps is None:
        return False
    middles, widths = gaps.middles, gaps.widths
    return any(
        all(is_hanzi(mark) for mark, _ in marks[index - 1 : index + 2])
        and not (index in in_words and index + 1 in in_words)
        and widths[index] < NARROW * usual <= min(widths[index - 1], widths[index + 1])
        and middles[index + 1] - middles[index - 1] >= (2.0 + TYPED_SPACE) * usual
        for index in range(1, len(marks) - 1)
    )


def _filled(ink: Mask, line: Line) -> npt.NDArray[np.bool_]:
    """Which columns of a line hold ink."""
    left, top, right, bottom = line.box
    return np.asarray((ink[max(0, top) : bottom, max(0, left) : right] > 0).any(axis=0), np.bool_)


def has_hole(ink: Mask, line: Line, marks: Sequence[tuple[str, float]], usual: float | None = None) -> bool:
    """Whether one hanzi of a word stands as far on as if there were another before it: a streak may have taken it.

    Of two characters alone nothing is said: names of two are often set apart (王　五).
    """
    steps = steps_of(ink, line, marks) if len(line.pieces) == 1 else _steps_over_pieces(line, marks)
    if len(steps) < FEWEST_BESIDE_HOLE or len(steps) != len(marks) - 1:
        return False
    rest = sorted(steps)[:-1]
    em = usual if usual is not None else median(rest)
    return HOLE[0] * em <= max(steps) <= HOLE[1] * em and rest[-1] < HOLE_REST * em


def _edges(filled: npt.NDArray[np.bool_], line: Line, marks: Sequence[tuple[str, float]]) -> list[tuple[int, int]]:
    """The blanks before, between and behind the characters of a line, each as its first and last column."""
    left, columns = line.box[0], filled.tolist()
    places = [x - left for _, x in marks]
    blanks = _runs_of_blanks(filled)
    between = [_blank_between(blanks, len(columns), before, behind) for before, behind in pairwise(places)]
    reach = OUTERMOST * (line.box[3] - line.box[1])
    end = _end(columns, places[-1], reach)
    start = len(columns) - _end(columns[::-1], len(columns) - 1 - places[0], reach)
    return [(start, start), *between, (end, end)]


def _end(filled: Sequence[bool], x: float, reach: float) -> int:
    """Where the last character of a line ends whose middle is at ``x``: before ink that stands apart, unread."""
    last, farthest = len(filled), round(x + reach)
    if not any(filled[farthest:]):
        return last
    blank = next((column for column in range(farthest, round(x), -1) if not filled[column]), None)
    while blank is not None and blank > x and not filled[blank - 1]:
        blank -= 1
    return last if blank is None else blank


def _wide(gaps: _Gaps | None, shift: float, wider: float, narrowest: float = 0.0) -> frozenset[int]:
    """The characters behind a gap between two hanzi that is wide beside all others, and that moves what follows.

    A narrow character has wide gaps on both sides, yet what follows it stands where it would in any case.
    """
    if gaps is None or not gaps.enough:
        return frozenset()
    if gaps.is_uneven:
        factor = BY_HAND if narrowest else MAY_BY_HAND
        shift, wider = shift * factor, wider * factor
    wide = []
    for index, gap in gaps.between.items():
        em, moved = gaps.moved[index]
        if narrowest and not {index - 1, index + 1} <= gaps.between.keys():
            continue
        widths = gaps.widths[index - 1 : index + 1]
        if gap - gaps.usual >= wider * em and moved >= shift * em and min(widths) >= narrowest * em:
            wide.append(index)
    return frozenset(wide) if len(wide) <= len(gaps.between) // FEWEST_BESIDE + 1 else frozenset()


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
    em = median(slopes)
    before, behind = ([middles[k] - em * k for k in side] for side in sides)
    return em, fmean(behind) - fmean(before)


def _between_hanzi(marks: Sequence[tuple[str, float]], index: int) -> bool:
    return is_hanzi(marks[index - 1][0]) and is_hanzi(marks[index][0])


def _blank_between(blanks: Sequence[tuple[int, int]], size: int, start: float, end: float) -> tuple[int, int]:
    """The empty columns that part two characters with these middles, as their first and the one behind their last.

    The longest run counts, but less the farther it lies from half way: 小 and 川 have wide runs of their own.
    """
    first = max(0, round(start))
    last = min(size, max(first, round(end)))
    half_way = first + (max(first, last) - first) / 2
    best, best_score = (first, first), -inf
    for opened, closed in blanks[max(0, bisect_right(blanks, (first, inf)) - 1) :]:
        if opened >= last:
            break
        left, right = max(opened, first), min(closed, last)
        length = right - left
        score = length - abs(left + length / 2 - half_way) * OFF_CENTRE
        if length > 0 and score > best_score:
            best, best_score = (left, right), score
    return best


def _runs_of_blanks(filled: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    """The runs of columns without ink, as their first and the one behind their last."""
    ends = np.flatnonzero(np.diff(np.concatenate([[True], filled, [True]]))).tolist()
    return list(zip(ends[::2], ends[1::2], strict=True))


def is_stack(line: Line) -> bool:
    """Pieces one below the other, not beside each other."""
    return len(line.pieces) > 1 and line.pieces[0].box[3] <= line.pieces[1].box[1] + 2
