"""Characters read from specks: ★ • . 4 and the like, whose place on the page holds a speck and nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from parsers.ocr.base import LineReading
from parsers.ocr.lattice import Glyph, Lattice, Step, confidence_of
from parsers.scan.lines import Line
from parsers.scan.spacing import is_hanzi, room_of
from parsers.scan.units import Gray, Mask, PixelBox

HALF_WIDTH = 0.22
"""Line heights to each side of a character's middle in which its ink stands."""
OPEN = 0.5
"""Probability that a mark as small as a speck was printed."""
PALE, PALE_INK = 0.4, 0.5
"""Part of the darkness of a speck from which a pixel beside it is a stroke, and line heights of such pixels that show a
character: of pale type little more than dots may be dark enough to be ink."""
SHREDS = 3
"""Dots close together that are the shreds of a character, not specks."""
COLONS = frozenset(":：")
REPEATED = 3
"""Lines in which a mark stands between the same characters, from which on it was printed: specks lie anywhere."""
MAY_BE_PRINTED = frozenset(",，、。;；\"“”'‘’")
"""Marks as small as a speck: what was read as one of them stays, and a person looks."""
OWN_ROOM = 0.19
"""Characters by which the hanzi on both sides of a mark stand farther apart than without it: a mark that was printed
takes a quarter at least, a speck takes none."""


@dataclass(frozen=True, slots=True)
class Strewn:
    """A page that is strewn with specks: its grey, its ink, and ``dots`` of a speck's size that stayed in it."""

    gray: Gray
    ink: Mask
    dots: Mask

    def holds_specks(self, box: PixelBox) -> bool:
        """Whether there are specks in a box, and nothing else: no other ink, and no character too pale to be ink."""
        window = (slice(max(0, box[1]), max(0, box[3])), slice(max(0, box[0]), max(0, box[2])))
        dots = self.dots[window]
        if not dots.any():
            return False
        around = cv2.dilate(dots, np.ones((3, 3), np.uint8))
        if bool(np.any((self.ink[window] > 0) & (around == 0))) or cv2.connectedComponents(dots)[0] > SHREDS:
            return False
        soft = cv2.dilate(dots, np.ones((5, 5), np.uint8))
        gray = self.gray[window]
        darkest = float(gray[dots > 0].min())
        pale = np.count_nonzero((gray < 255.0 - PALE * (255.0 - darkest)) & (soft == 0))
        return bool(pale < PALE_INK * (box[3] - box[1]))


def lines_of_specks(lines: Sequence[Line], strewn: Strewn | None) -> tuple[Line, ...]:
    """The lines that hold nothing but specks; ``strewn`` is the page, if it has any."""
    if strewn is None:
        return ()
    return tuple(line for line in lines if all(strewn.holds_specks(piece.box) for piece in line.pieces))


def without_speck_glyphs(
    lines: Sequence[Line], readings: Sequence[LineReading], strewn: Strewn | None
) -> tuple[LineReading, ...]:
    """The readings of lines without what was read from specks; readings beyond those of the lines stay as they are.

    A mark of punctuation that may be a speck stays, at a confidence that sends the line to a person, unless it has room
    of its own, or the page has it between the same characters again and again.
    """
    if strewn is None:
        return tuple(readings)
    counted = Counter(_around(reading.glyphs, k) for reading in readings for k in range(len(reading.glyphs)))
    repeated = {around for around, times in counted.items() if times >= REPEATED and around[0]}
    fresh = [_bare(line, reading, strewn, repeated) for line, reading in zip(lines, readings, strict=False)]
    return (*fresh, *readings[len(fresh) :])


def _around(glyphs: Sequence[Glyph], place: int) -> tuple[str, str, str]:
    """A mark with the characters before and behind it; empty for other characters."""
    if glyphs[place].text not in MAY_BE_PRINTED:
        return "", "", ""
    before = glyphs[place - 1].text if place else ""
    return before, glyphs[place].text, glyphs[place + 1].text if place + 1 < len(glyphs) else ""


def _bare(line: Line, raw: LineReading, strewn: Strewn, repeated: Collection[tuple[str, str, str]]) -> LineReading:
    at_speck = [_is_speck(line, glyph, strewn) for glyph in raw.glyphs]
    if not any(at_speck) or len(raw.glyphs) != len(raw.text):
        return raw
    kept: list[Glyph] = []
    lattice = raw.lattice
    for place, (glyph, is_speck) in enumerate(zip(raw.glyphs, at_speck, strict=True)):
        is_known = glyph.text in COLONS or _is_point(raw.glyphs, place) or _around(raw.glyphs, place) in repeated
        if not is_speck or is_known or _has_room(line, raw.glyphs, place, strewn.ink):
            kept.append(glyph)
        elif glyph.text in MAY_BE_PRINTED or _is_between_names(raw.glyphs, place) or is_hanzi(glyph.text):
            kept.append(replace(glyph, probability=min(glyph.probability, OPEN)))
            lattice = _with(lattice, glyph, ((glyph.text, OPEN), ("", 1 - OPEN)))
        else:
            lattice = _with(lattice, glyph, (("", 1.0),))
    text = "".join(glyph.text for glyph in kept)
    confidence = confidence_of(lattice, kept) if lattice else raw.confidence
    return replace(raw, text=text, confidence=confidence, glyphs=tuple(kept), lattice=lattice)


def _is_speck(line: Line, glyph: Glyph, strewn: Strewn) -> bool:
    left, top, right, bottom = line.piece_at(glyph.at).box
    reach = max(2, round((bottom - top) * HALF_WIDTH))
    middle = round(line.page_x(glyph.at))
    return strewn.holds_specks((max(left, middle - reach), top, min(right, middle + reach + 1), bottom))


def _has_room(line: Line, glyphs: Sequence[Glyph], place: int, ink: Mask) -> bool:
    """Whether the hanzi on both sides of a mark of punctuation stand apart to make room for it."""
    if glyphs[place].text not in MAY_BE_PRINTED:
        return False
    room = room_of(ink, line, [(glyph.text, line.page_x(glyph.at)) for glyph in glyphs], place)
    return room is not None and room >= OWN_ROOM


def _is_point(glyphs: Sequence[Glyph], place: int) -> bool:
    """Whether a dot stands between two figures."""
    return glyphs[place].text in ".．·" and _neighbours(glyphs, place, str.isdecimal)


def _is_between_names(glyphs: Sequence[Glyph], place: int) -> bool:
    """Whether a dot stands between the parts of a name."""
    return glyphs[place].text in "·•・" and _neighbours(glyphs, place, lambda text: not text.isascii())


def _neighbours(glyphs: Sequence[Glyph], place: int, fits: Callable[[str], bool]) -> bool:
    return 0 < place < len(glyphs) - 1 and fits(glyphs[place - 1].text) and fits(glyphs[place + 1].text)


def _with(lattice: Lattice, glyph: Glyph, options: tuple[tuple[str, float], ...]) -> Lattice:
    """The lattice with other options where a character was read."""
    columns: set[int] = set()
    nearest = min(range(len(lattice)), key=lambda index: abs(lattice[index].at - glyph.at), default=0)
    for step in (1, -1):
        index = nearest
        while 0 <= index < len(lattice) and _best(lattice[index]) == glyph.text:
            columns.add(index)
            index += step
    return tuple(Step(step.at, options) if index in columns else step for index, step in enumerate(lattice))


def _best(step: Step) -> str:
    return step.options[0][0] if step.options else ""
