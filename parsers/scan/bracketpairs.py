"""The other bracket of a document number, where one of the two was told by its outline: 〔2026〕 has one of each.

The two may stand in different lines of a cell, so that a cell's lines are looked at together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

from parsers.ocr.base import Gray, LineReading
from parsers.ocr.lattice import Glyph
from parsers.scan.brackets import SEEMING, STEMS, Bracketed, rebuilt
from parsers.scan.spacing import is_hanzi

PAIRED = 0.975
"""How sure a bracket is whose partner was measured, where the engine read it as something like one."""
HALF_SEEN = 0.2
"""How probable the engine must hold it that there is something like a bracket where it read nothing."""
ROOM = 1.45
"""Times as far as usual do two figures stand apart between which a bracket was left out."""
_YEAR = re.compile(r"(?:19|20)\d\d")

_Place = tuple[int, int]
"""A line of the cell and a glyph of it."""


def with_paired_brackets(lines: Sequence[Bracketed], crops: Sequence[Gray]) -> list[LineReading]:
    """The readings of a cell's lines, a bracket of a year like its measured partner where the engine misread it.

    One that was measured itself stays, as do figures that may be figures; one of which nothing was read is put in where
    there is room for it between two figures.

    Args:
        lines: the readings, with the places of their measured brackets.
        crops: the pictures of the lines.
    """
    readings = [line.reading for line in lines]
    if not any(line.measured for line in lines) or any(len(one.glyphs) != len(one.text) for one in readings):
        return readings
    lines = _with_unread_openings(lines, crops)
    readings = [line.reading for line in lines]
    fresh = [list(reading.glyphs) for reading in readings]
    paired: list[set[float]] = [set() for _ in lines]
    for at, text, is_missing in _partners(lines):
        line, index = at
        old = fresh[line][index]
        if is_missing:
            behind = fresh[line][index - 1]
            middle = (behind.at + old.at) / 2
            fresh[line].insert(index, Glyph(text, PAIRED, middle))
        else:
            middle = old.at
            fresh[line][index] = replace(old, text=text, probability=PAIRED, others=())
        paired[line].add(middle)
    return [
        rebuilt(reading, glyphs, sorted(line.measured | own), crop.shape[0] / max(1, crop.shape[1])) if own else reading
        for line, reading, glyphs, own, crop in zip(lines, readings, fresh, paired, crops, strict=True)
    ]


def _with_unread_openings(lines: Sequence[Bracketed], crops: Sequence[Gray]) -> list[Bracketed]:
    """The lines with 〔 at the end of one where nothing was read of it, and the next begins with the rest: 2026〕.

    Something stands there, for the engine half saw a bracket behind the line's last character; and a measured 〕 has
    one before it.
    """
    fresh = list(lines)
    for number, line in enumerate(lines[1:], 1):
        text, before = line.reading.text, lines[number - 1].reading
        is_open = _YEAR.match(text) is not None and _is_measured(lines, (number, 4), "〕") if len(text) > 4 else False
        at = _half_seen(before) if is_open and not lines[number - 1].measured else None
        if at is None:
            continue
        crop = crops[number - 1]
        glyphs = (*before.glyphs, Glyph("〔", PAIRED, at))
        own = rebuilt(before, glyphs, [at], crop.shape[0] / max(1, crop.shape[1]))
        fresh[number - 1] = Bracketed(own, frozenset({at}))
    return fresh


def _half_seen(reading: LineReading) -> float | None:
    """Where behind a line's last character the engine half saw a bracket it did not read; ``None`` where it did not."""
    last = reading.glyphs[-1] if reading.glyphs else None
    if last is not None and not is_hanzi(last.text):
        return None
    behind = [step for step in reading.lattice if last is None or step.at > last.at]
    seen = [(sum(chance for mark, chance in step.options if mark in SEEMING), step.at) for step in behind]
    chance, at = max(seen, default=(0.0, 0.0))
    return at if chance >= HALF_SEEN else None


def _partners(lines: Sequence[Bracketed]) -> Iterator[tuple[_Place, str, bool]]:
    """The partners to be written, last first: where, as what, and whether nothing stands there yet."""
    places = [(number, index) for number, line in enumerate(lines) for index in range(len(line.reading.glyphs))]
    text = "".join(line.reading.text for line in lines)
    found: list[tuple[_Place, str, bool]] = []
    for year in _YEAR.finditer(text):
        before, behind = year.start() - 1, year.end()
        if before < 0 or behind >= len(text):
            continue
        opens, closes = (_is_measured(lines, places[place], mark) for place, mark in ((before, "〔"), (behind, "〕")))
        if opens and not closes:
            found += _closing(lines, places[behind - 1], places[behind])
        elif closes and not opens and text[before] in SEEMING and not _is_measured(lines, places[before]):
            found.append((places[before], "〔", False))
    yield from sorted(found, key=lambda one: one[0], reverse=True)


def _closing(lines: Sequence[Bracketed], last: _Place, behind: _Place) -> Iterator[tuple[_Place, str, bool]]:
    """The bracket behind a year's last figure."""
    glyph = lines[behind[0]].reading.glyphs[behind[1]]
    if _is_measured(lines, behind):
        return
    if glyph.text in SEEMING and glyph.text not in STEMS:
        yield behind, "〕", False
    elif glyph.text.isdigit() and last[0] == behind[0] and _has_room(lines[last[0]].reading.glyphs, last[1]):
        yield behind, "〕", True


def _is_measured(lines: Sequence[Bracketed], place: _Place, mark: str | None = None) -> bool:
    line = lines[place[0]]
    glyph = line.reading.glyphs[place[1]]
    return glyph.at in line.measured and mark in (None, glyph.text)


def _has_room(glyphs: Sequence[Glyph], index: int) -> bool:
    """Whether a figure stands farther from the one behind it than the year's own figures from each other."""
    year = glyphs[max(0, index - 3) : index + 1]
    steps = [behind.at - before.at for before, behind in pairwise(year)]
    return len(steps) == 3 and glyphs[index + 1].at - glyphs[index].at >= ROOM * median(steps)
