"""Brackets of a document number (发文字号) told by their outline: engines hardly tell 〔 from [, C or nothing.

〔 is a straight stem whose ends lean in, [ a stem with arms at right angles, ( is bent all along. The outer edge of the
stroke says which: how far it has moved in at the ends, and how much of that at a quarter of the height. Measured over
ten typefaces from 8 to 12 points at 200 dpi, whole, noisy, blurred and packed, the three do not meet
(four of them in ``tests/parsers/scan/test_brackets.py``). An outline that is none of them says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from parsers.ocr.base import LineReading
from parsers.ocr.lattice import Glyph, Lattice, confidence_of, part_of
from parsers.scan.spacing import is_hanzi
from parsers.scan.units import Gray

MEASURED = 0.985
"""How sure a bracket is whose outline is clear."""
DARK = 0.4
"""Part of a line's black from which a pixel is ink."""
TALL, SLIM = 0.55, 0.5
"""Part of the line's height that a bracket has at least; its width, as part of its own height, at most."""
LEAST_ROWS = 10
"""Pixels of height below which no outline is measured."""
LEAN, UPRIGHT = (0.07, 0.36), 0.045
"""How far in the ends of 〔 and ( stand, and those of [ at most, as parts of the height."""
LEAST_LEAN = 0.9
"""The same in pixels."""
STRAIGHT, BENT = 0.09, 0.15
"""What of that is reached at a quarter of the height: at most by 〔, at least by (."""
ARM, STEM = 1.9, 1.45
"""How many times wider than the stem [ is at both its ends, and is nowhere between them."""
APART = 0.35
"""Line heights from the middle of a hanzi in which its own strokes stand."""
OWN, BESIDE = 0.6, 0.35
"""Line heights around a bracket in which the engine's columns speak of it, and the part of the way from the character
beside it in which they speak of that one."""
SAME_PLACE, SAME_LETTER = 0.6, 1.0
"""Line heights from an outline in which a character that was read is what it was read as: a figure, another."""
STEMS = frozenset("1tlI|")
"""What may stand beside a bracket that was not read."""
SURELY_ROUND = 0.95
"""How sure the engine must be of ( for it to stand against an outline."""
SEEMING = frozenset("〔〕[]()（）【】{}「」『』CcLlIJjrζ<>|1t")
"""What engines take these brackets for."""
_YEAR = re.compile(r"(?:19|20)\d\d")

Darkness = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a bracket may stand: before the glyph ``index``, in the place of the one ``instead``, between columns."""

    index: int
    instead: int | None
    left: float
    right: float
    opens: bool


@dataclass(frozen=True, slots=True)
class Bracketed:
    """A reading, and where in the line (0.0 to 1.0 of its width) its measured brackets stand."""

    reading: LineReading
    measured: frozenset[float] = frozenset()


def with_measured_brackets(reading: LineReading, crop: Gray) -> Bracketed:
    """The reading of a line with the brackets around a year as they are drawn.

    Only what stands right before or behind the four figures of a year, and a bracket that begins or ends the line, is
    looked at; one that the engine left out beside a year is put in. Where no outline is clear nothing changes.
    """
    glyphs = list(reading.glyphs)
    if not glyphs or not crop.size or any(len(glyph.text) != 1 for glyph in glyphs):
        return Bracketed(reading)
    spots = _spots("".join(glyph.text for glyph in glyphs))
    if not spots:
        return Bracketed(reading)
    drawn = _Drawn.of(crop)
    width, height = crop.shape[1], drawn.height
    places = [_place(glyphs, index, width, height, opens=opens) for index, opens in spots]
    outlines = [(place, _outline(drawn, place)) for place in places]
    kinds = {found[0] for _, found in outlines if found is not None}
    if len(kinds) != 1:
        return Bracketed(reading)
    measured: list[float] = []
    for place, found in sorted(outlines, key=lambda one: -one[0].index):
        if found is None:
            continue
        kind, x = found
        read = glyphs[place.instead] if place.instead is not None else None
        reach = SAME_PLACE if read is not None and read.text in STEMS else SAME_LETTER
        is_there = read is not None and abs(read.at * width - x) <= reach * height
        text = _text(kind, read if is_there else None, opens=place.opens)
        if text is None:
            continue
        fresh = Glyph(text, MEASURED, x / width)
        if place.instead is not None and is_there:
            glyphs[place.instead] = fresh
        else:
            glyphs.insert(place.index, fresh)
        measured.append(fresh.at)
    if not measured:
        return Bracketed(reading)
    return Bracketed(rebuilt(reading, glyphs, measured, height / width), frozenset(measured))


def rebuilt(reading: LineReading, glyphs: Sequence[Glyph], measured: Sequence[float], height: float) -> LineReading:
    """A reading with other glyphs, as sure as what is not ``measured`` of them; ``height`` in widths of the line."""
    sure = _confidence(reading.lattice, glyphs, measured, height)
    return replace(reading, text="".join(glyph.text for glyph in glyphs), confidence=sure, glyphs=tuple(glyphs))


def _text(kind: str, read: Glyph | None, *, opens: bool) -> str | None:
    """The character that an outline makes of a place, ``None`` where what was read there stands.

    A straight stem with leaning ends is 〔 whatever was read, but for a round bracket that the engine is sure of; arms
    at right angles only confirm [, for 【 and some letters have them too; a bent stroke has two widths.
    """
    if kind == "shell":
        is_surely_round = read is not None and read.text in "()（）" and read.probability >= SURELY_ROUND
        return None if is_surely_round else "〔" if opens else "〕"
    is_square = kind == "square" and read is not None and read.text == ("[" if opens else "]")
    return read.text if is_square and read is not None else None


def _spots(text: str) -> list[tuple[int, bool]]:
    """Before which characters brackets are looked for in a line, and whether they open."""
    found = [span for year in _YEAR.finditer(text) for span in ((year.start(), True), (year.end(), False))]
    if not found and text[-1] in SEEMING:
        found.append((len(text), True))
    if not found and text[0] in SEEMING:
        found.append((0, False))
    return found


def _place(glyphs: Sequence[Glyph], index: int, width: int, height: float, *, opens: bool) -> _Place:
    """The room between the glyphs on both sides of ``index``, with that of what may have been taken for a bracket."""
    own = index - 1 if opens else index
    instead = own if 0 <= own < len(glyphs) and glyphs[own].text in SEEMING else None
    before, behind = index - 1, index
    if instead is not None:
        before, behind = (before - 1, behind) if opens else (before, behind + 1)
    left = glyphs[before].at * width if before >= 0 else -1.0
    right = glyphs[behind].at * width if behind < len(glyphs) else width + 1.0
    if before >= 0 and is_hanzi(glyphs[before].text):
        left += APART * height
    if behind < len(glyphs) and is_hanzi(glyphs[behind].text):
        right -= APART * height
    return _Place(index, instead, left, right, opens)


@dataclass(frozen=True, slots=True)
class _Drawn:
    """The strokes of a line: how dark each pixel is, the strokes that hang together, and how high the line stands."""

    dark: Darkness
    parts: npt.NDArray[np.int32]
    stats: npt.NDArray[np.int32]
    height: float

    @classmethod
    def of(cls, crop: Gray) -> _Drawn:
        black = float(np.percentile(crop, 2))
        dark: Darkness = np.clip((255.0 - crop) / max(1.0, 255.0 - black), 0.0, 1.0)
        _, parts, stats, _ = cv2.connectedComponentsWithStats((dark > DARK).astype(np.uint8))
        return cls(dark, np.asarray(parts, np.int32), np.asarray(stats, np.int32), _height(crop, black))


def _outline(drawn: _Drawn, place: _Place) -> tuple[str, float] | None:
    """The kind of the bracket in a place, and its middle column; ``None`` when there is none, or not surely one."""
    found = []
    for label, (x, y, wide, high, _) in enumerate(drawn.stats.tolist()):
        middle = x + wide / 2
        is_high = high >= max(TALL * drawn.height, LEAST_ROWS)
        if not label or not place.left < middle < place.right or not is_high or wide > SLIM * high:
            continue
        window = (slice(max(0, y - 1), y + high + 1), slice(max(0, x - 1), x + wide + 1))
        own = cv2.dilate((drawn.parts[window] == label).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
        kind = kind_of_outline(np.where(own, drawn.dark[window], 0.0), opens=place.opens)
        if kind is not None:
            found.append((kind, middle))
    return found[0] if len(found) == 1 else None


def kind_of_outline(dark: Darkness, *, opens: bool) -> str | None:
    """``shell`` 〔, ``square`` [ or ``round`` ( by the outline of one stroke, ``None`` for anything else.

    Args:
        dark: how dark each pixel of the stroke is, 0.0 to 1.0, with a pixel of paper around it.
        opens: whether it should open to the right; a closing bracket is looked at from the other side.
    """
    turned = dark if opens else dark[:, ::-1]
    inked = turned.max(axis=1) >= DARK
    rows = turned[inked]
    if len(rows) < LEAST_ROWS:
        return None
    edge = np.array([_edge(row) for row in rows])
    widths = np.array([float(row.sum()) for row in rows])
    at = np.arange(len(rows)) / (len(rows) - 1)
    middle = (at > 0.35) & (at < 0.65)  # the third around the half
    moved = edge - float(np.median(edge[middle]))
    stem = float(np.median(widths[middle]))
    last = max(1, round(0.07 * len(rows)))
    top, bottom = float(moved[:last].mean()) / len(rows), float(moved[-last:].mean()) / len(rows)
    if max(abs(top), abs(bottom)) <= UPRIGHT:
        return "square" if _has_arms(widths, at, stem) else None
    if not all(LEAN[0] <= end <= LEAN[1] and end * len(rows) >= LEAST_LEAN for end in (top, bottom)):
        return None
    quarters = ((at > 0.18) & (at < 0.3)) | ((at > 0.7) & (at < 0.82))  # around the quarters
    share = float(moved[quarters].mean()) / len(rows) / ((top + bottom) / 2)
    if abs(share) <= STRAIGHT:
        return "shell"
    return "round" if share >= BENT else None


def _edge(row: Darkness) -> float:
    """The column, in parts of a pixel, at which the stroke begins in a row."""
    half = 0.5 * float(row.max())
    first = int(np.argmax(row >= half))
    if first == 0:
        return 0.0
    before = float(row[first - 1])
    return first - 1 + (half - before) / max(1e-6, float(row[first]) - before)


def _has_arms(widths: Darkness, at: Darkness, stem: float) -> bool:
    """Whether the stroke is wide at both ends and as wide as its stem everywhere between."""
    ends = [float(widths[at <= 0.15].max()), float(widths[at >= 0.85].max())]  # the outer sevenths
    between = widths[(at > 0.2) & (at < 0.8)]  # what is not near an end
    return min(ends) >= ARM * stem and float(between.max()) <= STEM * stem


def _height(crop: Gray, black: float) -> float:
    """The height of what is written in a crop, in pixels; ``black`` is the grey of its print."""
    half_way = (255.0 + black) / 2  # from paper to print, which may be pale
    rows = np.flatnonzero((crop < half_way).any(axis=1))
    return float(rows[-1] - rows[0] + 1) if rows.size else float(crop.shape[0])


def _confidence(lattice: Lattice, glyphs: Sequence[Glyph], measured: Sequence[float], height: float) -> float:
    """How sure the rest of the line is: each part between brackets that were measured is judged by itself."""
    edges = [0.0]
    for at in sorted(measured):
        before = max((glyph.at for glyph in glyphs if glyph.at < at), default=0.0)
        behind = min((glyph.at for glyph in glyphs if glyph.at > at), default=1.0)
        start = max(at - OWN * height, before + BESIDE * (at - before))
        edges += [start, min(at + OWN * height, behind - BESIDE * (behind - at))]
    edges.append(1.0)
    sure = [MEASURED]
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        own = [glyph for glyph in glyphs if start <= glyph.at <= end and glyph.at not in measured]
        if own:
            sure.append(confidence_of(part_of(lattice, start, end), own))
    return min(sure)
