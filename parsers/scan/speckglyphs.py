"""Characters read from specks: ★ • . 4 and the like, whose place on the page holds a speck and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import cv2
import numpy as np

from parsers.ocr.base import LineReading
from parsers.ocr.lattice import Glyph, Lattice, Step, confidence_of
from parsers.scan.lines import Line
from parsers.scan.units import Mask, PixelBox

HALF_WIDTH = 0.22
"""Line heights to each side of a character's middle in which its ink stands."""
OPEN = 0.5
"""Probability that a mark as small as a speck was printed."""
COLONS = frozenset(":：")
MAY_BE_PRINTED = frozenset(",，、。;；\"“”'‘’")
"""Marks as small as a speck: what was read as one of them stays, and a person looks."""


def written_lines(lines: Sequence[Line], ink: Mask, specks: Mask | None) -> tuple[Line, ...]:
    """The lines that hold more than specks; ``specks`` are the page's dots of a speck's size, if it is strewn."""
    if specks is None:
        return tuple(lines)
    return tuple(line for line in lines if any(not _holds_specks(ink, specks, piece.box) for piece in line.pieces))


def without_speck_glyphs(
    lines: Sequence[Line], readings: Sequence[LineReading], ink: Mask, specks: Mask | None
) -> tuple[LineReading, ...]:
    """The readings of lines without what was read from specks; readings beyond those of the lines stay as they are.

    A mark of punctuation that may be a speck stays, at a confidence that sends the line to a person.
    """
    if specks is None:
        return tuple(readings)
    fresh = [_bare(line, reading, ink, specks) for line, reading in zip(lines, readings, strict=False)]
    return (*fresh, *readings[len(fresh) :])


def _bare(line: Line, raw: LineReading, ink: Mask, specks: Mask) -> LineReading:
    at_speck = [_is_speck(line, glyph, ink, specks) for glyph in raw.glyphs]
    if not any(at_speck) or len(raw.glyphs) != len(raw.text):
        return raw
    kept: list[Glyph] = []
    lattice = raw.lattice
    for place, (glyph, is_speck) in enumerate(zip(raw.glyphs, at_speck, strict=True)):
        if not is_speck or glyph.text in COLONS or _is_point(raw.glyphs, place):
            kept.append(glyph)
        elif glyph.text in MAY_BE_PRINTED or _is_between_names(raw.glyphs, place):
            kept.append(replace(glyph, probability=min(glyph.probability, OPEN)))
            lattice = _with(lattice, glyph, ((glyph.text, OPEN), ("", 1 - OPEN)))
        else:
            lattice = _with(lattice, glyph, (("", 1.0),))
    text = "".join(glyph.text for glyph in kept)
    confidence = confidence_of(lattice, kept) if lattice else raw.confidence
    return replace(raw, text=text, confidence=confidence, glyphs=tuple(kept), lattice=lattice)


def _holds_specks(ink: Mask, specks: Mask, box: PixelBox) -> bool:
    """Whether there are specks in a box, and nothing else."""
    window = (slice(max(0, box[1]), max(0, box[3])), slice(max(0, box[0]), max(0, box[2])))
    dots = cv2.dilate(specks[window], np.ones((3, 3), np.uint8)) if specks[window].any() else None
    return dots is not None and not np.any((ink[window] > 0) & (dots == 0))


def _is_speck(line: Line, glyph: Glyph, ink: Mask, specks: Mask) -> bool:
    left, top, right, bottom = line.piece_at(glyph.at).box
    reach = max(2, round((bottom - top) * HALF_WIDTH))
    middle = round(line.page_x(glyph.at))
    return _holds_specks(ink, specks, (max(left, middle - reach), top, min(right, middle + reach + 1), bottom))


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
