"""Commas in hands: those that no engine read, and in which width they were meant, told by the steps of the whole page.

A mark between two hanzi makes the step from the one to the other longer. A hand's steps are uneven, so that one such
step says little; measured by the ink, beside the usual step of the whole cell, and all of a page together they say
whether its commas take half a character or a whole one. Counted on seeds 540 and 541 (four hands, 95 commas of half
width): the median of a page lay between 0.09 and 0.6 of a character more, one comma in 95 above 0.7.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from parsers.scan.readlines import SPACE_CONFIDENCE, ReadLine
from parsers.scan.spacing import FEWEST_STEPS, is_hanzi, middles_of, steps_of
from parsers.scan.units import Mask
from parsers.scan.widths import FULL, HALF

HALF_UP_TO, FULL_FROM = 0.6, 0.8
"""Characters of room, the median of a page, up to which its marks are of half width, and from which of full width."""
AT_ODDS = 0.75
"""Characters of room of one mark from which it is at odds with a page of half width, and below which of full width."""
LEAST_ROOM = 0.1
"""Characters of room that a stroke takes at least for it to be a comma that was passed over."""
BESIDE = 0.3
"""Characters from the middles of both neighbours to the stroke at least."""


@dataclass(frozen=True, slots=True)
class Marked:
    """A line by hand, and the room of the marks between two of its hanzi by their places in its text."""

    line: ReadLine
    rooms: tuple[tuple[int, float], ...] = ()


def marks_of(line: ReadLine) -> list[tuple[str, float]]:
    """The characters that were read in a line with the columns of their middles on the page."""
    return [(glyph.text, line.line.page_x(glyph.at)) for glyph in line.reading.glyphs]


def usual_step(ink: Mask, lines: Sequence[ReadLine]) -> float | None:
    """The usual step from hanzi to hanzi in a cell by hand, in pixels; ``None`` where too few tell."""
    steps = [step for line in lines for step in steps_of(ink, line.line, marks_of(line))]
    return float(median(steps)) if len(steps) >= FEWEST_STEPS else None


def passed_over(ink: Mask, line: ReadLine, strokes: Sequence[float], em: float | None) -> frozenset[int]:
    """The characters of a line behind which a small stroke of which nothing was read stands with the room of a comma.

    Args:
        ink: of the whole page.
        line: what was read.
        strokes: the columns of its small strokes that stand apart.
        em: the usual step of its cell.
    """
    marks = marks_of(line)
    middles = middles_of(ink, line.line, marks, strokes)
    if em is None or not middles:
        return frozenset()
    return frozenset(
        index
        for index, ((before, _), (behind, _)) in enumerate(pairwise(marks))
        if is_hanzi(before)
        and is_hanzi(behind)
        and middles[index + 1] - middles[index] >= (1 + LEAST_ROOM) * em
        and any(middles[index] + BESIDE * em < x < middles[index + 1] - BESIDE * em for x in strokes)
    )


def marked(ink: Mask, line: ReadLine, after: frozenset[int], em: float | None) -> Marked:
    """A line with a comma behind the characters ``after``, and the rooms of its marks."""
    marks = marks_of(line)
    if _half(line.text) != _half("".join(text for text, _ in marks)):
        return Marked(line)
    text = "".join(f"{own},"[: 1 + (index in after)] for index, own in enumerate(line.text))
    middles = middles_of(ink, line.line, marks)
    rooms, put = [], 0
    for index, (mark, _) in enumerate(marks):
        behind = index + 1 if index in after else index
        is_inner = behind > 0 and behind + (index not in after) < len(marks)
        if index in after or mark in FULL or mark in HALF:
            first, last = (index, index + 1) if index in after else (index - 1, index + 1)
            if em and middles and is_inner and is_hanzi(marks[first][0]) and is_hanzi(marks[last][0]):
                rooms.append((behind + put, (middles[last] - middles[first]) / em - 1.0))
        put += index in after
    return Marked(replace(line, text=text), tuple(rooms))


def with_page_widths(cells: Sequence[Sequence[Marked]]) -> list[list[ReadLine]]:
    """The lines of a page's cells, each kind of mark in the width that its rooms tell all together.

    Where they do not tell, the mark takes the full width, as Chinese text does, and a person looks.
    """
    rooms: dict[str, list[float]] = defaultdict(list)
    for one in (one for lines in cells for one in lines):
        for place, room in one.rooms:
            rooms[_half(one.line.text[place])].append(room)
    usual = {mark: median(found) for mark, found in rooms.items()}
    return [[_in_width(one, usual) for one in lines] for lines in cells]


def _in_width(one: Marked, usual: dict[str, float]) -> ReadLine:
    line, characters, is_open = one.line, list(one.line.text), False
    for place, room in one.rooms:
        mark = _half(characters[place])
        is_half = usual[mark] <= HALF_UP_TO
        is_told = is_half or usual[mark] >= FULL_FROM
        is_open = is_open or not is_told or (room >= AT_ODDS) is is_half
        characters[place] = mark if is_half else FULL[mark]
    told = {place for place, _ in one.rooms}
    punctuation = [place for place, mark in enumerate(characters) if mark in FULL or mark in HALF]
    left = tuple(
        count for count, place in enumerate(punctuation) if place not in told and _is_beside_hanzi(characters, place)
    )
    seen = tuple(characters[place] for place in sorted(told))
    line = replace(line, text="".join(characters), widths=seen, left=left)
    return line.limited(SPACE_CONFIDENCE) if is_open else line


def _is_beside_hanzi(characters: Sequence[str], place: int) -> bool:
    sides = [characters[beside] for beside in (place - 1, place + 1) if 0 <= beside < len(characters)]
    return bool(sides) and all(map(is_hanzi, sides))


def _half(text: str) -> str:
    return "".join(HALF.get(mark, mark) for mark in text)
