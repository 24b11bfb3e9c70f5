"""Printed lines of one cell to its text: a line break is kept only where it was meant.

Paper knows no line ends. Lines are joined without anything between where the next line's first word had no room on
the line before; where it had, somebody broke the line on purpose and the break stays.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from parsers.scan.docnumbers import office_and_number
from parsers.scan.lines import Line
from parsers.scan.spacing import is_hanzi
from parsers.scan.units import PixelBox, mm

PADDING = 4.6
"""Millimetres of a cell's width in which nothing is printed, both sides together (Word's own setting and the rules)."""
LEAST_PADDING, MOST_PADDING = 0.6, 3.0
"""Millimetres on one side, where a line that begins at the left shows it."""
CENTRED = 0.6
"""Characters by which the gaps on both sides of a centred line may differ."""
SLACK = 0.15
"""Characters: a character's ink is narrower than the character."""
WIDEST_SPACE = 0.5
"""Characters that a typed space takes at most: it keeps from the line what has less room."""
_CLOSING = frozenset("，。、；：？！）》」』】”’〕,.;:?!)]}%％")
_OPENING = frozenset("（《「『【“‘〔([{")
_WORD = frozenset("-./")
_OFFICE = frozenset("局处委办部府院校站所室会团司心")
"""Last characters of the names of offices."""
_NUMBER = re.compile(r"[\u4e00-\u9fff]{2,8}(?:[〔\[(（【]\s*(?:19|20)\d\d|(?:19|20)\d\d\D?\d{1,4}号)")
"""How a document's number (海编外〔2026〕3号) begins."""


@dataclass(frozen=True, slots=True)
class _Joint:
    """What joins a line to the one before: ``unseen`` where that is a space nobody can see."""

    index: int
    between: str
    text: str
    unseen: bool = False


def joined(lines: Sequence[tuple[Line, str]], inside: PixelBox) -> str:
    """The text of a cell whose printed lines read so; ``inside`` is the cell between its rules.

    An office and the number of its document alone are parted by one space, whatever the paper shows of it.
    """
    text = "".join(joint.between + joint.text for joint in _joints(lines, inside))
    return office_and_number(text) or text


def open_breaks(lines: Sequence[tuple[Line, str]], inside: PixelBox) -> frozenset[int]:
    """The lines of a cell before which a space was put that cannot be seen.

    Hanzi are broken anywhere: where the next one had room in the cell's widest line, there is a space at the end of
    the line, or somebody began a new one. Between an office and the number of its document nothing hangs on it.
    """
    return frozenset(joint.index for joint in _joints(lines, inside) if joint.unseen)


def _joints(lines: Sequence[tuple[Line, str]], inside: PixelBox) -> list[_Joint]:
    """Each line that has a text, with what joins it to the one before."""
    written = [(line.box, text) for line, text in lines if text]
    if not written:
        return []
    indices = [index for index, (_, text) in enumerate(lines) if text]
    em = _em(written)
    at_left = _is_at_left([box for box, _ in written], inside, em)
    widest = max((box[2] - box[0] for box, text in written if all(map(is_hanzi, text.replace(" ", "")))), default=0)
    found = [_Joint(indices[0], "", written[0][1])]
    for index, (before, after) in zip(indices[1:], pairwise(written), strict=True):
        between = _joint(before, after, inside, em, at_left=at_left)
        has_room = _has_room(before, after, widest, em)
        explained = has_room and not _has_room(before, after, widest, em, spare=WIDEST_SPACE)
        if not between and _is_office_before_number([text for _, text in written], len(found)):
            found.append(_Joint(index, " ", after[1]))
            continue
        unseen = has_room and (not between or explained)
        found.append(_Joint(index, " " if unseen else between, after[1], unseen))
    return found


def _is_office_before_number(texts: Sequence[str], place: int) -> bool:
    """Whether the line at ``place`` begins the number of a document and an office's name ends before it.

    The two are commonly parted by a space, and at the end of a full line nobody can see whether they are.
    """
    return texts[place - 1][-1] in _OFFICE and _NUMBER.match("".join(texts[place:])) is not None


def _has_room(
    before: tuple[PixelBox, str], after: tuple[PixelBox, str], widest: int, em: float, spare: float = -SLACK
) -> bool:
    """Whether the hanzi that begins a line had room behind the one that ends the line before, in the widest line.

    ``spare`` are the characters of room that must be left then.
    """
    (box, text), (_, following) = before, after
    if not (is_hanzi(text[-1]) and is_hanzi(following[0])):
        return False
    return box[2] - box[0] + (_first_word(following) + spare) * em <= widest


def _joint(
    before: tuple[PixelBox, str], after: tuple[PixelBox, str], inside: PixelBox, em: float, *, at_left: float | None
) -> str:
    box, text = before
    if after[0][1] < (box[1] + box[3]) / 2 and after[0][0] > box[0]:
        return " "
    used = float(box[2] - (box[0] if at_left is None else inside[0]))
    if text[-1] in _CLOSING and not text[-1].isascii():
        used += em * 0.4
    if text[-1] in _OPENING or after[1][0] in _CLOSING:
        return ""
    padding = mm(PADDING) if at_left is None else 2 * at_left
    if used + (_first_word(after[1]) - SLACK) * em <= inside[2] - inside[0] - padding:
        return "\n"
    last, first = text[-1], after[1][0]
    return " " if last.isascii() and first.isascii() and last.isalpha() and first.isalpha() else ""


def _em(written: Sequence[tuple[PixelBox, str]]) -> float:
    """The width of a full character, in pixels, from the lines that hold the most of them.

    Figures and brackets are as wide as their typeface likes: they tell only where there are no lines of hanzi alone.
    """
    sizes = [((box[2] - box[0]) / _ems(text), _ems(text)) for box, text in written if _ems(text) >= 2]
    of_hanzi = [
        ((box[2] - box[0]) / len(text), float(len(text)))
        for box, text in written
        if len(text) >= 2 and all(map(is_hanzi, text))
    ]
    heights = [float(box[3] - box[1]) for box, _ in written]
    return max(of_hanzi or sizes, key=lambda size: size[1])[0] if sizes else max(heights) * 1.05


def _ems(text: str) -> float:
    return sum(0.52 if character.isascii() else 1.0 for character in text)


def _is_at_left(boxes: Sequence[PixelBox], inside: PixelBox, em: float) -> float | None:
    """The space left of lines that begin at the left of their cell, ``None`` for centred ones."""
    gaps = [(box[0] - inside[0], inside[2] - box[2]) for box in boxes]
    if all(abs(left - right) <= CENTRED * em for left, right in gaps):
        return None
    least = min(left for left, _ in gaps)
    if any(left - least > CENTRED * em and abs(left - right) <= CENTRED * em for left, right in gaps):
        return None
    return float(min(max(least, mm(LEAST_PADDING)), mm(MOST_PADDING)))


def _first_word(text: str) -> float:
    """The width, in characters, of what must stay together at the start of a line."""
    length = 1
    while length < len(text) and text[length - 1] in _OPENING:
        length += 1
    if text[length - 1].isascii() and text[length - 1].isalnum():
        while length < len(text) and text[length].isascii() and (text[length].isalnum() or text[length] in _WORD):
            length += 1
    while length < len(text) and text[length] in _CLOSING:
        length += 1
    return _ems(text[:length])
