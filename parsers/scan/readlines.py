"""Crops to texts: asks the engine for all lines of a page, and puts gaps, tick boxes and lone strokes into the text."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from parsers.errors import OcrCrashedError
from parsers.ocr.base import Gray, LineReading, OcrEngine
from parsers.ocr.lattice import Glyph, Lattice, confidence_of, glyphs_of, rewritten
from parsers.ocr.variants import plain
from parsers.ocr.wording import words
from parsers.scan.bracketpairs import with_paired_brackets
from parsers.scan.brackets import with_measured_brackets
from parsers.scan.levelstrokes import are_counted, is_miscounted
from parsers.scan.lines import Line
from parsers.scan.passedover import passes_over_mark
from parsers.scan.repeats import first_alike
from parsers.scan.spacing import (
    has_hole,
    has_room_for_point,
    is_hanzi,
    is_space_unsure,
    is_stack,
    room_of,
    spaced,
    usual_step,
)
from parsers.scan.tickplaces import Mark, placed
from parsers.scan.ticks import BOX_GLYPHS, TickBox, find_tick_boxes
from parsers.scan.units import Mask, PixelBox, mm
from parsers.scan.widths import FULL, HALF, measured, voted

CHUNK = 48
"""Crops asked for at a time, between looks at the clock."""
PAGE_SECONDS = 120.0
"""After this the rest of a page stays unread."""
UNEXPLAINED_LIMIT = 0.5
"""No line with ink that nothing was read from is surer than this."""
WITHIN, SURELY_READ = 0.45, 0.985
"""Line heights from a character's middle within which a stroke is its own, and how sure of it the engine must be."""
MISCOUNTED_LIMIT = 0.5
"""No line is surer than this in which 一, 二 or 三 has other strokes than its own."""
FAR, WIDE = 0.8, 0.3
"""Line heights: how far from every character ink is unexplained, and how wide it must be to count."""
PASSED_OVER_LIMIT = 0.5
"""How sure a line can be in which a small mark was passed over."""
SPACE_CONFIDENCE = 0.65
"""Where a gap may be a space or none a person looks."""
ROUNDING = 1e-4
OF_BOXES = 0.98
"""How sure a line with tick boxes is at most."""
_SENTENCE = re.compile("[\u4e00-\u9fff]{3}[,，。;；][\u4e00-\u9fff]{3}")
"""Words around a mark that parts sentences, or parts of one."""
UNREAD = LineReading("", 0.0)
DASH_CONFIDENCE = 0.65
"""A lone level stroke is a dash, but may be the figure 一: a person looks."""


@dataclass(frozen=True, slots=True)
class ReadLine:
    """A line with what was read in it.

    ``text`` has a space for each wide gap and □ or ☑ for each tick box; ``reading`` is in half width and simplified
    characters, ``raw`` as the engine gave it.
    """

    line: Line
    reading: LineReading
    raw: LineReading
    text: str
    confidence: float
    boxes: tuple[TickBox, ...] = ()
    widths: tuple[str, ...] = ()
    """Marks of punctuation whose width was measured."""
    left: tuple[int, ...] = ()
    """Which of the text's marks of punctuation, counted from zero, have no room to be measured by."""
    by_hand: bool = False
    """It stands on a page that was filled in by hand."""
    care: int = 1
    """The power that took the engine's confidence to what it is worth on such a page."""
    dot: float = 0.0
    """Working pixels of a dot, on a page of black and white alone."""
    is_witnessed: bool = False
    """Another network read the same."""
    heard: str = ""
    """What that network read, where it was asked."""
    may_have_space: bool = False
    """There is a gap of which nobody can say whether it is a typed space."""
    may_have_point: bool = False
    """It is of figures, and two of them stand farther apart than the others."""
    may_have_comma: bool = False
    """A small stroke stands where nothing was read, and ``text`` has a comma for it; nothing else lowered the line."""
    passes_mark: bool = False
    """A mark of punctuation may have been passed over in it; nothing else but a space lowered the line."""

    limit: float = 1.0
    """How sure it can be at most for something else than its characters that was found after it was settled."""

    def limited(self, most: float) -> ReadLine:
        """The line, no surer than this whatever its characters are worth."""
        return replace(self, confidence=min(self.confidence, most), limit=min(self.limit, most))

    def without_put_commas(self) -> ReadLine:
        """The line by hand without the commas that were put into its text for strokes of which nothing was read."""
        if not self.by_hand or "," in self.reading.text or "，" in self.reading.text:
            return self
        return replace(self, text=self.text.replace(",", "").replace("，", ""))

    @property
    def is_capped(self) -> bool:
        """Whether something else than the probability of its characters makes the line less sure."""
        return bool(self.boxes) or self.confidence < (self.reading.confidence or 0.0) ** self.care - ROUNDING

    def but_for_gaps(self, *, has_marks: bool = False) -> ReadLine:
        """The line as sure as it would be if it did not matter whether a space or a comma stands in it.

        ``has_marks``: of its type are values with a mark between letters, which may have been passed over.
        """
        is_open = self.may_have_space and self.confidence >= SPACE_CONFIDENCE**self.care - ROUNDING
        is_marked = self.passes_mark and not has_marks and "," not in self.text
        if self.boxes or not (is_open or self.may_have_comma or is_marked):
            return self
        text = self.text.replace(",", "") if self.may_have_comma else self.text
        sure = max(self.confidence, (self.reading.confidence or 0.0) ** self.care)
        return replace(self, text=text, confidence=sure)


@dataclass(frozen=True, slots=True)
class Answers:
    """Readings of a page's lines in order, and what went wrong as note codes."""

    readings: tuple[LineReading, ...]
    notes: tuple[str, ...] = ()


def ask(engine: OcrEngine, crops: Sequence[Gray], seconds: float = PAGE_SECONDS) -> Answers:
    """Readings of all crops; where the engine fails a crop stays unread, with confidence 0.

    What looks the same is read once. Crops of like width are asked for together, as an engine likes them.
    """
    ends = time.monotonic() + seconds
    firsts = first_alike(crops)
    order = sorted(set(firsts), key=lambda place: crops[place].shape[1] / max(1, crops[place].shape[0]))
    readings: dict[int, LineReading] = {}
    notes: set[str] = set()
    for start in range(0, len(order), CHUNK):
        places = order[start : start + CHUNK]
        if time.monotonic() > ends:
            notes.add("ocr-timeout")
            readings.update(dict.fromkeys(places, UNREAD))
            continue
        chunk = [crops[place] for place in places]
        answers = _try(engine, chunk)
        if answers is None:
            notes.add("ocr-crashed")
            answers = [((_try(engine, [crop]) or [UNREAD])[0] if time.monotonic() < ends else UNREAD) for crop in chunk]
        readings.update(zip(places, answers, strict=True))
    return Answers(tuple(readings[first] for first in firsts), tuple(sorted(notes)))


def _try(engine: OcrEngine, crops: Sequence[Gray]) -> list[LineReading] | None:
    try:
        answers = engine.read(crops)
    except OcrCrashedError:
        return None
    return list(answers) if len(answers) == len(crops) else None


def half_width(reading: LineReading) -> LineReading:
    """The reading in half width and simplified characters, without spaces; punctuation stays as it was printed."""
    if not reading.lattice:
        text = "".join(plain(character) or "" for character in reading.text)
        return LineReading(text, reading.confidence, reading.glyphs, ())
    lattice = rewritten(reading.lattice, plain)
    glyphs = tuple(_as_printed(glyph, reading.lattice) for glyph in glyphs_of(lattice))
    text = "".join(glyph.text for glyph in glyphs)
    return LineReading(text, confidence_of(lattice, [_folded(glyph) for glyph in glyphs]), glyphs, lattice)


def _as_printed(glyph: Glyph, lattice: Lattice) -> Glyph:
    """A punctuation mark in the width that the engine saw."""
    if glyph.text.isalnum():
        return glyph
    nearest = min(lattice, key=lambda step: abs(step.at - glyph.at))
    forms = [character for character, _ in nearest.options if character and plain(character) == glyph.text]
    return replace(glyph, text=forms[0]) if forms else glyph


def _folded(glyph: Glyph) -> Glyph:
    return replace(glyph, text=plain(glyph.text) or glyph.text)


def settle_cell(lines: Sequence[tuple[Line, LineReading]], ink: Mask) -> list[ReadLine]:
    """The lines of one cell, which is written in one size."""
    usual = usual_step(
        ink,
        [
            (line, [(plain(glyph.text) or "", line.page_x(glyph.at)) for glyph in reading.glyphs])
            for line, reading in lines
        ],
    )
    measured = [with_measured_brackets(half_width(raw), line.crop) for line, raw in lines]
    readings = with_paired_brackets(measured, [line.crop for line, _ in lines])
    in_words = _in_words(readings)
    return [
        _settled(line, reading, raw, ink, usual, own)
        for (line, raw), reading, own in zip(lines, readings, in_words, strict=True)
    ]


def _in_words(readings: Sequence[LineReading]) -> list[frozenset[int]]:
    """For each line of a cell the characters before which no space is to be expected.

    Those are the ones inside words, wherever the line was broken, and in sentences, which have commas, all.
    """
    text = "".join(reading.text for reading in readings)
    if not any(is_hanzi(mark) for mark in text):
        return [frozenset()] * len(readings)
    inside = frozenset(range(len(text))) if _SENTENCE.search(text) else words().inside_words(text)
    found, start = [], 0
    for reading in readings:
        found.append(frozenset(place - start for place in inside if start < place < start + len(reading.text)))
        start += len(reading.text)
    return found


def with_voted_widths(cells: Sequence[Sequence[ReadLine]]) -> list[list[ReadLine]]:
    """The lines of a page's cells, their marks without room in the width that the measured ones have.

    Where those differ, or there are none, the mark stays as it was read and a person looks.
    """
    seen = [mark for lines in cells for line in lines for mark in line.widths]
    voted_on = [[_with_widths(line, seen) if line.left else line for line in lines] for lines in cells]
    return [_doubted_where_mixed(lines) for lines in voted_on]


def _doubted_where_mixed(lines: list[ReadLine]) -> list[ReadLine]:
    """The lines of a cell, less sure where one mark of punctuation stands in both widths: hardly anybody types so."""
    text = "".join(line.text for line in lines)
    if not any(half in text and full in text for half, full in FULL.items()):
        return lines
    return [line.limited(SPACE_CONFIDENCE) for line in lines]


def _with_widths(line: ReadLine, seen: Sequence[str]) -> ReadLine:
    characters, count, is_open = list(line.text), -1, False
    for index, character in enumerate(characters):
        if character not in FULL and character not in HALF:
            continue
        count += 1
        if count not in line.left:
            continue
        mark = voted(character, seen)
        if mark is None:
            is_open = True
        else:
            characters[index] = mark
    line = replace(line, text="".join(characters))
    return line.limited(SPACE_CONFIDENCE) if is_open else line


def settle(line: Line, raw: LineReading, ink: Mask) -> ReadLine:
    """The text of a line that stands in no cell, with its gaps and tick boxes.

    Args:
        line: where it stands.
        raw: what the engine read.
        ink: the ink of the whole page.
    """
    return _settled(line, with_measured_brackets(half_width(raw), line.crop).reading, raw, ink)


def _settled(
    line: Line,
    reading: LineReading,
    raw: LineReading,
    ink: Mask,
    usual: float | None = None,
    in_words: frozenset[int] = frozenset(),
) -> ReadLine:
    """A line with its gaps and tick boxes.

    ``usual`` is the distance of hanzi in its cell, in pixels; before the characters ``in_words`` no space is expected.
    """
    confidence = reading.confidence if reading.confidence is not None else 0.5
    if len(reading.text) <= 1:
        lone = _lone_stroke(ink, line, reading.text)
        if lone is not None:
            return ReadLine(line, reading, raw, *lone)
    if not reading.glyphs:
        return ReadLine(line, reading, raw, reading.text, confidence)
    boxes = find_tick_boxes(ink, line.box) if len(reading.text) > 1 or reading.text in BOX_GLYPHS else ()
    marks, used = placed(line, reading.glyphs, boxes)
    if used:
        kept = [glyph.probability for text, _, glyph in marks if glyph is not None and text == glyph.text]
        confidence = min([*kept, OF_BOXES])
        if any(box.ticked is None for box in used):
            confidence = min(confidence, 0.5)
    elif any(glyph.text in "□☐☑☒■" for glyph in reading.glyphs):
        confidence = min(confidence, 0.6)
    limit, is_mark = _limit(ink, line, marks, usual)
    confidence = min(confidence, limit)
    places = [(mark, x) for mark, x, _ in marks]
    found = measured(places, usual, lambda index: room_of(ink, line, places, index))
    punctuation = [index for index, mark in enumerate(found.texts) if mark in FULL or mark in HALF]
    places = [(text, x) for text, (_, x) in zip(found.texts, places, strict=True)]
    in_words = in_words if len(places) == len(reading.text) else frozenset()
    may_have_space = is_space_unsure(ink, line, places, usual, in_words)
    if found.is_open or may_have_space:
        confidence = min(confidence, SPACE_CONFIDENCE)
    text = spaced(ink, line, places, usual, in_words)
    left = tuple(punctuation.index(index) for index in found.left)
    return ReadLine(
        line,
        reading,
        raw,
        text,
        confidence,
        used,
        widths=found.seen,
        left=left,
        may_have_space=may_have_space,
        may_have_point=has_room_for_point(ink, line, places),
        passes_mark=is_mark and not used,
    )


def _limit(ink: Mask, line: Line, marks: Sequence[Mark], usual: float | None) -> tuple[float, bool]:
    """How sure a line can be for what stands in it beside the characters that were read, and whether it is a mark."""
    if _unexplained(ink, line, [x for _, x, _ in marks]):
        return UNEXPLAINED_LIMIT, False
    if any(_is_miscounted(ink, line, glyph, x) for _, x, glyph in marks if glyph is not None):
        return MISCOUNTED_LIMIT, False
    is_mark = passes_over_mark(ink, line, [(text, x) for text, x, _ in marks], usual)
    return (PASSED_OVER_LIMIT if is_mark else 1.0), is_mark


def with_holes_doubted(lines: Sequence[ReadLine], ink: Mask) -> list[ReadLine]:
    """The lines of a cell, less sure where a word has a hole: what stood there was wiped off, or is too pale to see."""
    return [
        replace(line.limited(MISCOUNTED_LIMIT), passes_mark=False)
        if has_hole(ink, line.line, [(glyph.text, line.line.page_x(glyph.at)) for glyph in line.reading.glyphs])
        else line
        for line in lines
    ]


def is_read_in(line: ReadLine, box: PixelBox) -> bool:
    """Whether a stroke lies within a character of a line that was surely read."""
    _, top, _, bottom = line.line.box
    if box[1] >= bottom or box[3] <= top:
        return False
    middle, reach = (box[0] + box[2]) / 2, min(bottom - top, mm(6)) * WITHIN
    return any(
        glyph.probability >= SURELY_READ and abs(line.line.page_x(glyph.at) - middle) <= reach
        for glyph in line.reading.glyphs
    )


def _is_miscounted(ink: Mask, line: Line, glyph: Glyph, x: float) -> bool:
    """Whether neither the ink nor the grey of a line shows the strokes of a 一, 二 or 三 that was read in it."""
    return is_miscounted(ink, line.piece_at(glyph.at).box, glyph.text, x) and not are_counted(
        line.crop, glyph.text, glyph.at
    )


def _unexplained(ink: Mask, line: Line, places: Sequence[float]) -> bool:
    """Whether ink as wide as a narrow character stands where nothing was read: a character or a tick was left out."""
    height = min(line.box[3] - line.box[1], mm(6))
    for piece in line.pieces:
        left, top, right, bottom = piece.box
        inked = (ink[max(0, top) : bottom, max(0, left) : right] > 0).sum(axis=0) >= 2
        columns = np.flatnonzero(inked) + left
        if not columns.size:
            continue
        if is_stack(line):
            continue
        away = np.min(np.abs(columns[:, None] - np.asarray(places)[None, :]), axis=1)
        if np.count_nonzero(away > height * FAR) >= height * WIDE:
            return True
    return False


def _lone_stroke(ink: Mask, line: Line, text: str) -> tuple[str, float] | None:
    """A dash or a slash that stands alone, told by its shape; ``None`` for anything else."""
    left, top, right, bottom = line.box
    part = ink[max(0, top) : bottom, max(0, left) : right]
    count, _, _, _ = cv2.connectedComponentsWithStats(part)
    if count != 2 or text not in ("", "一", "-", "—", "/", "1", "l", "I", "丿", "|", "_", "~", "–"):
        return None
    ys, xs = np.nonzero(part)
    if len(xs) < 12:
        return None
    spread = np.linalg.eigh(np.cov(np.vstack([xs, ys])))
    if spread.eigenvalues[0] > 0.035 * spread.eigenvalues[1]:
        return None
    along = spread.eigenvectors[:, 1]
    angle = abs(float(np.degrees(np.arctan2(along[1], along[0]))))
    angle = min(angle, 180 - angle)
    rises = along[0] * along[1] < 0
    if angle < 15 and right - left >= mm(1.2):
        return "—", DASH_CONFIDENCE
    if 40 < angle < 80 and rises:
        return "/", 0.97
    return None
