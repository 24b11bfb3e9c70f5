"""Whether a page was filled in by hand: its characters stand unevenly, from one to the next and up and down.

Small print of a coarse scan stands as unevenly from one figure to the next as a hand does, for its figures touch and
their middles are told to a pixel or two. But all its figures are of one height and stand on one line, which no hand's
are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from parsers.scan.bilevel import is_coarse
from parsers.scan.handmarks import marks_of
from parsers.scan.readlines import ReadLine
from parsers.scan.spacing import is_hanzi, steps_of
from parsers.scan.units import Mask

FEWEST_LINES, FEWEST_STEPS = 6, 4
"""Lines of hanzi that tell, and steps from one to the next that a line needs for it."""
UNEVEN, QUARTER = 0.085, 75
"""Spread of a line's steps, as part of their usual length, that a quarter of all lines must exceed."""
FEWEST_NUMBERS, FEWEST_FIGURES, UNEVEN_FIGURES = 2, 6, 0.07
"""The same for long numbers, which are no labels: half of them must exceed it.

Of 附件4 (seeds 480 to 486) the median of numbers was 0.1 to 0.16 by four hands, 0.02 to 0.077 in print of all kinds; of
small print scanned at 150 dpi (seed 551) it was 0.03 to 0.15.
"""
UNEVEN_HEIGHTS = 0.08
"""Spread of the upper and the lower ends of a number's figures, as part of their height, both together.

The median of a page was 0.093 to 0.23 by four hands (seeds 600 and 601, 附件4 and 附件5), at most 0.065 in prints,
scans, copies and photos (seeds 551 and 552, all forms) and 0.074 in faxes.
"""
UNEVEN_HEIGHT = 0.1
"""The same where it is that of one number: 0.07 at most in print, 0.14 in the hand of a page of 附件1 (seed 602)."""
SOME = 0.12
"""This part of the lines of hanzi must be uneven, too, where no number's heights are known or dots are large."""
BESIDE = 0.4
"""Steps on each side of a figure's middle in which its ink is looked for."""


def is_by_hand(ink: Mask, lines: Sequence[ReadLine]) -> bool:
    """Whether a page's values were written by hand; ``lines`` are all lines of its cells.

    Where dots are large a figure or two that lost strokes make even numbers uneven, so that numbers alone do not tell.
    """
    numbers = list(_spreads(ink, lines, str.isdigit, FEWEST_FIGURES))
    figures = float(np.median(numbers)) if len(numbers) >= FEWEST_NUMBERS else 0.0
    words = list(_spreads(ink, lines, is_hanzi, FEWEST_STEPS))
    if figures > UNEVEN_FIGURES:
        heights = [spread for line in lines for spread in (_spread_of_heights(ink, line),) if spread is not None]
        are_known = bool(heights)
        least = UNEVEN_HEIGHTS if len(heights) >= FEWEST_NUMBERS else UNEVEN_HEIGHT
        are_uneven = are_known and float(np.median(heights)) > least
        if are_uneven and not any(map(is_coarse, lines)):
            return True
        if (are_uneven or not are_known) and sum(word > UNEVEN for word in words) >= max(2, SOME * len(words)):
            return True
    return len(words) >= FEWEST_LINES and float(np.percentile(words, QUARTER)) > UNEVEN


def _spreads(ink: Mask, lines: Sequence[ReadLine], kind: Callable[[str], bool], fewest: int) -> Iterator[float]:
    """How uneven the steps between characters of a kind are in each line; the longest one may be a gap."""
    for line in lines:
        steps = sorted(steps_of(ink, line.line, marks_of(line), kind))
        if len(steps) >= fewest:
            yield float(np.std(steps[:-1])) / float(np.median(steps))


def _spread_of_heights(ink: Mask, line: ReadLine) -> float | None:
    """How unevenly the figures of a number end above and below, as part of their height; ``None`` of another line."""
    marks = marks_of(line)
    if len(marks) <= FEWEST_FIGURES or not all(mark.isdigit() for mark, _ in marks[:-1]):
        return None
    left, top, right, bottom = line.line.box
    middles = [middle for _, middle in marks]
    reach = BESIDE * float(np.median(np.diff(middles)))
    ends = []
    for middle in middles:
        columns = slice(max(left, round(middle - reach)), min(right, round(middle + reach)))
        rows = np.flatnonzero(ink[top:bottom, columns].any(axis=1))
        if rows.size:
            ends.append((middle, rows[0], rows[-1] + 1))
    if len(ends) <= FEWEST_FIGURES:
        return None
    along, upper, lower = (np.array(column, float) for column in zip(*ends, strict=True))
    spread = sum(float(np.std(side - np.polyval(np.polyfit(along, side, 1), along))) for side in (upper, lower))
    return spread / float(np.median(lower - upper))
