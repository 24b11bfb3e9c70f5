"""One picture to one page: the recipe of the scan reader, step by step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from forms.finding import Box
from parsers.document import Cell, Grid, Page, SealSeen, TextLine, Word
from parsers.ocr.base import LineReading
from parsers.ocr.engines import Engines
from parsers.ocr.lattice import best_texts
from parsers.picture import Picture
from parsers.scan.around import PAGE_SKIMMED
from parsers.scan.bilevel import COARSE, is_coarse, less_sure, smoothed
from parsers.scan.boxmarks import BoxMarks, marks_on
from parsers.scan.cells import PALE, CellSeen
from parsers.scan.docnumbers import office_and_number
from parsers.scan.edges import PAGE_SHADED
from parsers.scan.fading import with_fading_doubted
from parsers.scan.gridding import GridPlace
from parsers.scan.handwriting import with_care
from parsers.scan.inktest import Ink, Sheet
from parsers.scan.joining import joined, open_breaks
from parsers.scan.looking import PageSeen, look_at
from parsers.scan.oneanswer import only_answers
from parsers.scan.printmarks import MarkFound, belongs_to_mark
from parsers.scan.prints import Library
from parsers.scan.readlines import (
    SPACE_CONFIDENCE,
    SURELY_READ,
    UNREAD,
    ReadLine,
    ask,
    half_width,
    is_read_in,
    settle,
    settle_cell,
    with_holes_doubted,
    with_voted_widths,
)
from parsers.scan.sealreading import SealWords, look_at_names
from parsers.scan.speckglyphs import without_speck_glyphs
from parsers.scan.strikes import CROSSED
from parsers.scan.units import WORK_DPI, Mask, Rgb, mm, to_points

EMPTY_CONFIDENCE = 0.99
DOUBTFUL_LIMIT = 0.5
"""No reading of a doubtful cell is surer than this."""
CANDIDATES_BELOW = 0.98
LEAST_TEXT = 0.35
"""Text outside grids that is less sure is noise of the background."""
LEAST_RED_MM = 4


@dataclass(frozen=True, slots=True)
class CellRead:
    """A cell as it was seen and read, kept for being asked again."""

    seen: CellSeen
    lines: tuple[ReadLine, ...]
    """What it says; without what was struck out where something stands beside it."""
    cell: Cell
    struck: str = ""
    """What was struck out there."""

    def without_strokes(self) -> CellRead:
        """The same without its pixels but for the crops of its lines: what is kept until a long file is read."""
        found = self.seen.found
        bare = replace(found, strokes=found.strokes[:0, :0].copy(), hinted=None)
        return replace(self, seen=replace(self.seen, found=bare))


@dataclass(frozen=True, slots=True)
class PageRead:
    """A page for the document, and what is needed to ask its cells again."""

    page: Page
    sheet: Sheet
    cells: tuple[CellRead, ...]
    around: tuple[ReadLine, ...]
    pixels: Rgb
    """The upright flat page in colour, at working resolution."""


def read_page(picture: Picture, engines: Engines, library: Library | None = None, *, unruled: bool = False) -> PageRead:
    """Reads one picture; of a page that is in ``library``, what we printed ourselves, only what was added to it.

    ``unruled``: a table may be there that has no rules, or few.
    """
    seen = look_at(picture, engines.first, library, unruled=unruled)
    engine = engines.of_page(is_coarse=seen.dot >= COARSE)
    sheet, known = seen.sheet, seen.known
    asked = [line for cell in seen.cells for line in cell.lines] + list(seen.around)
    words = [strip for strip in (*seen.strips, *seen.below) if strip is not None]
    answers = ask(engine, smoothed([*(line.crop for line in asked), *words], seen.dot))
    given = iter(without_speck_glyphs(asked, answers.readings, seen.strewn))
    settled = [settle_cell([(line, next(given)) for line in cell.lines], sheet.ink) for cell in seen.cells]
    settled = [less_sure(lines, seen.dot, seen.scale) for lines in settled]
    settled = [with_holes_doubted(lines, sheet.ink) for lines in settled]
    lines = [settle(line, next(given), sheet.ink) for line in seen.around]
    lines = less_sure([line for line in lines if _is_text(line, seen.mark)], seen.dot, seen.scale)
    settled, lines = with_care(sheet.ink, settled, lines)
    settled = with_fading_doubted(with_voted_widths(settled))
    cells = tuple(_cell_read(cell, lines) for cell, lines in zip(seen.cells, settled, strict=True))
    cells = tuple(replace(read, cell=known.told(read.seen.grid, read.cell)) for read in cells)
    said = [next(given) if strip is not None else None for strip in (*seen.strips, *seen.below)]
    names = look_at_names(engine, said, seen.cuts, seen.dot)
    below = [half_width(words) if words is not None else UNREAD for words in said[len(names) :]]
    notes = (*picture.notes, *known.notes, *answers.notes)
    notes += (PAGE_SKIMMED,) * seen.skimmed + (PAGE_SHADED,) * seen.shaded
    marks = marks_on(seen, [(read.seen, read.lines) for read in cells], lines, engine)
    seals = tuple(_seals(seen, names, below))
    page = _page(picture.index, seen, cells, lines, seals, marks)
    return PageRead(replace(page, notes=notes), sheet, cells, tuple(lines), seen.pixels)


def _page(
    index: int,
    seen: PageSeen,
    cells: Sequence[CellRead],
    lines: Sequence[ReadLine],
    seals: tuple[SealSeen, ...],
    marks: BoxMarks,
) -> Page:
    """The page for the document."""
    high, wide = seen.sheet.gray.shape
    known = seen.known
    return Page(
        index,
        tuple(_blocks(seen.grids, cells, [*known.lines(), *(known.doubted(_text_line(line)) for line in lines)])),
        width=round(wide * 72 / WORK_DPI, 2),
        height=round(high * 72 / WORK_DPI, 2),
        print_mark=seen.mark.mark if seen.mark is not None else None,
        seals=seals,
        ink=marks.ink,
        sign_places=(*marks.places, *known.unsigned()),
        days=marks.days,
        red=tuple(_red_patches(seen.loose_red)),
        scanned=True,
        is_worn=any(line.by_hand or is_coarse(line) for read in cells for line in read.lines),
    )


def _is_text(line: ReadLine, mark: MarkFound | None) -> bool:
    """Whether a line outside the grids says something that is not part of our mark."""
    return line.confidence >= LEAST_TEXT and bool(line.text) and not belongs_to_mark(line.text, line.line.box, mark)


def _cell_read(found: CellSeen, settled: list[ReadLine]) -> CellRead:
    seen = _without_read_strokes(found, settled)
    place = seen.place
    if seen.found.hinted is not None:
        settled = only_answers(settled)
    kept, struck = _parted(settled, seen)
    lines = _with_unseen_spaces(kept, seen)
    text = joined([(line.line, line.text) for line in lines], seen.inside)
    confidence = min((line.confidence for line in lines), default=0.0)
    if seen.found.state is Ink.NONE:
        confidence = EMPTY_CONFIDENCE
    elif (
        seen.found.state is Ink.DOUBTFUL
        or seen.found.red_only
        or not place.whole
        or seen.notes
        or seen.crowded
        or not text
    ):
        confidence = min(confidence, DOUBTFUL_LIMIT)
    cell = Cell(
        place.row,
        place.column,
        text,
        place.row_span,
        place.column_span,
        box=to_points(place.box),
        ink=seen.found.state is not Ink.NONE,
        confidence=round(confidence, 4),
        candidates=_candidates(lines, confidence),
        notes=seen.notes,
        words=tuple(Word(line.text, to_points(line.line.box), round(line.confidence, 4)) for line in lines),
    )
    return CellRead(seen, tuple(lines), cell, struck)


def _parted(lines: list[ReadLine], seen: CellSeen) -> tuple[list[ReadLine], str]:
    """The lines that hold, and the text of those that were struck out; where all were, none is taken for gone."""
    kept = [line for index, line in enumerate(lines) if index not in seen.struck]
    if len(kept) == len(lines) or not any(line.text for line in kept):
        return lines, ""
    return kept, "".join(lines[index].text for index in sorted(seen.struck))


def _without_read_strokes(seen: CellSeen, lines: Sequence[ReadLine]) -> CellSeen:
    """The cell without the doubt about strokes that are part of characters which were surely read.

    Those are pale ones beside them, and in a hand level ones that meet from one character to the next.
    """
    cleared = set()
    if all(any(is_read_in(line, box) for line in lines) for box in seen.found.pale):
        cleared.add(PALE)
    if seen.hardly_struck and all(_is_surely_by_hand(lines[index]) for index in seen.hardly_struck):
        cleared.add(CROSSED)
    if cleared.isdisjoint(seen.notes):
        return seen
    return replace(seen, notes=tuple(note for note in seen.notes if note not in cleared))


def _is_surely_by_hand(line: ReadLine) -> bool:
    """Whether every character of a line by hand was read as surely as none is that a stroke runs through."""
    glyphs = line.reading.glyphs
    return line.by_hand and bool(glyphs) and all(glyph.probability >= SURELY_READ for glyph in glyphs)


def _with_unseen_spaces(lines: list[ReadLine], seen: CellSeen) -> list[ReadLine]:
    """The lines of a cell, less sure where a space that nobody can see joins one to the line before.

    Of an office and the number of its document it is known where the space stands: no gap makes them less sure.
    """
    texts = [(line.line, line.text) for line in lines]
    if office_and_number(joined(texts, seen.inside)) is not None:
        return [line.but_for_gaps() for line in lines]
    open_ = open_breaks(texts, seen.inside)
    return [
        replace(line.limited(SPACE_CONFIDENCE), may_have_space=True) if index in open_ else line
        for index, line in enumerate(lines)
    ]


def _candidates(lines: Sequence[ReadLine], confidence: float) -> tuple[tuple[str, float], ...]:
    """The runners-up of a doubtful cell of one line."""
    if confidence >= CANDIDATES_BELOW or len(lines) != 1 or not lines[0].reading.lattice or len(lines[0].text) > 40:
        return ()
    return tuple(
        (text, round(chance, 4)) for text, chance in best_texts(lines[0].reading.lattice, 6)[:4] if chance > 0.005
    )


def _blocks(
    grids: Sequence[GridPlace], cells: Sequence[CellRead], lines: Sequence[TextLine]
) -> Iterator[Grid | TextLine]:
    """Grids and lines from top to bottom."""
    placed: list[tuple[float, Grid | TextLine]] = []
    for index, grid in enumerate(grids):
        own = tuple(read.cell for read in cells if read.seen.grid == index)
        box = to_points(grid.box)
        placed.append((box[1], Grid(grid.rows, grid.columns, own, box=box)))
    placed += [((line.box[1] + line.box[3]) / 2, line) for line in lines if line.box is not None]
    for _, block in sorted(placed, key=lambda item: item[0]):
        yield block


def _text_line(line: ReadLine) -> TextLine:
    return TextLine(line.text, to_points(line.line.box), round(line.confidence, 4))


def _seals(seen: PageSeen, names: Sequence[SealWords], below: Sequence[LineReading]) -> Iterator[SealSeen]:
    """The seals of a page with their words; ``below`` are those below the middles of the red ones."""
    for number, (seal, name) in enumerate(zip((*seen.seals, *seen.circles), names, strict=True)):
        is_red = number < len(seen.seals)
        straight = below[number] if is_red else UNREAD
        yield SealSeen(
            to_points(seal.box),
            seal.shape,
            name.reading.text,
            "red" if is_red else "grey",
            round(seal.confidence, 3),
            seal.whole,
            name.options,
            below=straight.text,
            below_confidence=round(straight.confidence or 0.0, 4),
            looks=name.looks,
        )


def _red_patches(red: Mask) -> Iterator[Box]:
    """What is red on the page beside its seals and too large for a speck: a faint or cut seal, a stamp, red writing."""
    joined_red = cv2.dilate(red, np.ones((mm(1.5), mm(1.5)), np.uint8))
    x, y, across, down = cv2.boundingRect(joined_red)
    if not across:
        return
    count, _, stats, _ = cv2.connectedComponentsWithStats(joined_red[y : y + down, x : x + across])
    for left, top, wide, high, _ in stats[1:count].tolist():
        if max(wide, high) >= mm(LEAST_RED_MM):
            yield to_points((x + left, y + top, x + left + wide, y + top + high))
