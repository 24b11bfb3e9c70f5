"""Printed lines of one cell to its text: a line break is kept only where it was meant.

Paper knows no line ends. Lines are joined without anything between where the next line's first word had no room on
the line before; where it had, somebody broke the line on purpose and the break stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from parsers.scan.lines import Line
from parsers.scan.units import PixelBox, mm

PADDING = 4.6
"""Millimetres of a cell's width in which nothing is printed, both sides together (Word's own setting and the rules)."""
LEAST_PADDING, MOST_PADDING = 0.6, 3.0
"""Millimetres on one side, where a line that begins at the left shows it."""
CENTRED = 0.6
"""Characters by which the gaps on both sides of a centred line may differ."""
SLACK = 0.15
"""Characters: a character's ink is narrower than the character."""
_CLOSING = frozenset("，。、；：？！）》」』】”’〕,.;:?!)]}%％")
_OPENING = frozenset("（《「『【“‘〔([{")
_WORD = frozenset("-./")


def joined(lines: Sequence[tuple[Line, str]], inside: PixelBox) -> str:
    """The text of a cell whose printed lines read so; ``inside`` is the cell between its rules."""
    written = [(line.box, text) for line, text in lines if text]
    if not written:
        return ""
    em = _em(written)
    at_left = _is_at_left([box for box, _ in written], inside, em)
    text = written[0][1]
    for (before, first), (after, second) in pairwise(written):
        text += _joint((before, first), (after, second), inside, em, at_left=at_left) + second
    return text


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
    """The width of a full character, in pixels, from the lines that hold the most of them."""
    sizes = [((box[2] - box[0]) / _ems(text), _ems(text)) for box, text in written if _ems(text) >= 2]
    heights = [float(box[3] - box[1]) for box, _ in written]
    return max(sizes, key=lambda size: size[1])[0] if sizes else max(heights) * 1.05


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
