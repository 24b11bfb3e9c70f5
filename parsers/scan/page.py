"""One picture to one page: the recipe of the scan reader, step by step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from forms.finding import Box
from parsers.document import Cell, Grid, InkSeen, Page, SealSeen, TextLine, Word
from parsers.ocr.base import LineReading, OcrEngine
from parsers.ocr.lattice import best_texts
from parsers.picture import Picture
from parsers.scan.around import PAGE_SKIMMED, clear_edges, is_prose, see_around, skim, with_notes_cut
from parsers.scan.bilevel import dot_size, less_sure, smoothed
from parsers.scan.cells import PALE, CellSeen, see_cells
from parsers.scan.circles import bleached, find_circles, rims_of
from parsers.scan.faint import evened
from parsers.scan.flattening import flatten
from parsers.scan.gridding import GridPlace, find_grids
from parsers.scan.handwriting import with_care
from parsers.scan.inktest import Ink, Sheet, make_sheet
from parsers.scan.joining import joined, open_breaks
from parsers.scan.known import KnownPage
from parsers.scan.orientation import upright
from parsers.scan.printmarks import MarkFound, belongs_to_mark, find_print_mark
from parsers.scan.prints import Library
from parsers.scan.readlines import (
    SPACE_CONFIDENCE,
    UNREAD,
    ReadLine,
    ask,
    half_width,
    is_read_in,
    settle,
    settle_cell,
    with_voted_widths,
)
from parsers.scan.red import Layers, binarised, separate
from parsers.scan.seals import SealFound, find_seals, without_seals
from parsers.scan.sealtext import strip_of
from parsers.scan.signatures import find_signatures
from parsers.scan.signplaces import sign_places
from parsers.scan.speckglyphs import without_speck_glyphs, written_lines
from parsers.scan.specks import without_specks
from parsers.scan.streaks import cleaned
from parsers.scan.units import WORK_DPI, Gray, Mask, Rgb, mm, to_points

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
    cell: Cell


@dataclass(frozen=True, slots=True)
class PageRead:
    """A page for the document, and what is needed to ask its cells again."""

    page: Page
    sheet: Sheet
    cells: tuple[CellRead, ...]
    around: tuple[ReadLine, ...]
    pixels: Rgb
    """The upright flat page in colour, at working resolution."""


def read_page(picture: Picture, engine: OcrEngine, library: Library | None = None) -> PageRead:
    """Reads one picture; of a page that is in ``library``, what we printed ourselves, only what was added to it."""
    met = library.meet(picture) if library is not None else None
    pixels, layers, mark = _upright(picture, engine) if met is None else (met.pixels, separate(met.pixels), met.found)
    bare = without_specks(*clear_edges(layers.gray, binarised(layers.gray)), layers.red)
    gray, ink = bare.gray, bare.ink
    seals = find_seals(layers)
    known = KnownPage.of(met, layers, without_seals(layers.red, seals))
    circles = tuple(circle for circle in _circles(known, ink, gray) if not any(_same(circle, seal) for seal in seals))
    dark, gray = gray, bleached(gray, ink, circles)
    ink = binarised(gray) if circles else ink
    grids, rules = known.grids() or find_grids(layers.gray, rims_of(circles, gray.shape), evened(pixels))
    sheet = make_sheet(gray, layers.red, without_seals(layers.red, seals), ink, _of_grids(rules, grids))
    seen, height = see_cells(sheet, grids, engine, circles, known.settled)
    seen = tuple(replace(cell, lines=written_lines(cell.lines, ink, bare.open)) for cell in seen)
    around = see_around(known.bare(sheet), grids, engine, height)
    if mark is not None:
        around = tuple(line for line in around if not belongs_to_mark("", line.box, mark))
    skimmed = not grids and is_prose(around)
    around = skim(around) if skimmed else with_notes_cut(around, grids, engine)
    strips = [strip_of(layers.red_ink, seal, seals) for seal in seals]
    strips += [strip_of(dark, circle, circles) for circle in circles]
    crops = [line.crop for cell in seen for line in cell.lines] + [line.crop for line in around]
    dot = dot_size(picture.pixels, pixels)
    crops = smoothed(crops, dot)
    answers = ask(engine, crops + [strip for strip in strips if strip is not None])
    asked = [line for cell in seen for line in cell.lines] + list(around)
    given = iter(without_speck_glyphs(asked, answers.readings, ink, bare.open))
    settled = [less_sure(settle_cell([(line, next(given)) for line in cell.lines], sheet.ink), dot) for cell in seen]
    cells = tuple(_cell_read(*one) for one in zip(seen, with_voted_widths(with_care(sheet.ink, settled)), strict=True))
    cells = tuple(replace(read, cell=known.told(read.seen.grid, read.cell)) for read in cells)
    lines = tuple(settle(line, next(given), sheet.ink) for line in around)
    lines = tuple(less_sure([line for line in lines if _is_text(line, mark)], dot))
    words = [next(given) if strip is not None else None for strip in strips]
    colours = [*["red"] * len(seals), *["grey"] * len(circles)]
    found = tuple(
        _seal(seal, word, colour) for seal, word, colour in zip((*seals, *circles), words, colours, strict=True)
    )
    seen_lines = [(read.seen, read.lines) for read in cells]
    places = sign_places(seen_lines, lines, [grid.box for grid in grids], gray.shape)
    signed = find_signatures(sheet, places, height, circles)
    high, wide = gray.shape
    page = Page(
        picture.index,
        tuple(_blocks(grids, cells, [*known.lines(), *(known.doubted(_text_line(line)) for line in lines)])),
        width=round(wide * 72 / WORK_DPI, 2),
        height=round(high * 72 / WORK_DPI, 2),
        print_mark=mark.mark if mark is not None else None,
        seals=found,
        ink=tuple(InkSeen(to_points(one.box), one.density, one.sure, one.printed) for one in signed),
        sign_places=(*(to_points(place.inside) for place in places), *known.unsigned()),
        red=tuple(_red_patches(without_seals(layers.red, seals))),
        notes=(*picture.notes, *known.notes, *answers.notes, *([PAGE_SKIMMED] if skimmed else [])),
        scanned=True,
    )
    return PageRead(page, sheet, cells, lines, pixels)


def _upright(picture: Picture, engine: OcrEngine) -> tuple[Rgb, Layers, MarkFound | None]:
    """The picture flat and upright, its layers, and our mark on it, which says at once which way is up."""
    pixels = flatten(cleaned(picture))
    mark = _mark(pixels)
    if mark is None:
        turned, layers = upright(pixels, engine)
        return turned, layers or separate(turned), None if turned is pixels else _mark(turned)
    if mark.turn:
        pixels = np.ascontiguousarray(np.rot90(pixels, mark.turn))
        mark = _mark(pixels) or mark
    return pixels, separate(pixels), mark


def _mark(pixels: Rgb) -> MarkFound | None:
    return find_print_mark(np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8))


def _is_text(line: ReadLine, mark: MarkFound | None) -> bool:
    """Whether a line outside the grids says something that is not part of our mark."""
    return line.confidence >= LEAST_TEXT and bool(line.text) and not belongs_to_mark(line.text, line.line.box, mark)


def _circles(known: KnownPage, ink: Mask, gray: Gray) -> tuple[SealFound, ...]:
    """The seals that are not red; on a page that we printed they are in what was added to it."""
    beyond = known.beyond(gray)
    if beyond is None:
        return ()
    return find_circles(ink, gray) if beyond is gray else find_circles(binarised(beyond), beyond)


def _of_grids(rules: Mask, grids: Sequence[GridPlace]) -> Mask:
    """The pixels of rules along the borders of cells; a long stroke of a character elsewhere stays."""
    near = np.zeros_like(rules)
    for grid in grids:
        for place in grid.cells:
            left, top, right, bottom = place.box
            cv2.rectangle(near, (left, top), (right, bottom), 255, 11)
    return np.asarray(cv2.bitwise_and(rules, near), np.uint8)


def _cell_read(found: CellSeen, settled: list[ReadLine]) -> CellRead:
    seen = _without_read_strokes(found, settled)
    place = seen.place
    lines = _with_unseen_spaces(settled, seen)
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
    return CellRead(seen, tuple(lines), cell)


def _without_read_strokes(seen: CellSeen, lines: Sequence[ReadLine]) -> CellSeen:
    """The cell without the doubt about pale strokes where each is part of a character that was surely read."""
    if PALE not in seen.notes or not all(any(is_read_in(line, box) for line in lines) for box in seen.found.pale):
        return seen
    return replace(seen, notes=tuple(note for note in seen.notes if note != PALE))


def _with_unseen_spaces(lines: list[ReadLine], seen: CellSeen) -> list[ReadLine]:
    """The lines of a cell, less sure where a space that nobody can see joins one to the line before."""
    open_ = open_breaks([(line.line, line.text) for line in lines], seen.inside)
    return [
        replace(line, confidence=min(line.confidence, SPACE_CONFIDENCE)) if index in open_ else line
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


def _seal(seal: SealFound, word: LineReading | None, colour: str) -> SealSeen:
    read = half_width(word) if word is not None else UNREAD
    glyphs = read.glyphs if len(read.glyphs) == len(read.text) else ()
    options = tuple(((one.text, round(one.probability, 3)), *one.others) for one in glyphs)
    sure = round(seal.confidence, 3)
    return SealSeen(to_points(seal.box), seal.shape, read.text, colour, sure, seal.whole, options)


def _red_patches(red: Mask) -> Iterator[Box]:
    """What is red on the page beside its seals and too large for a speck: a faint or cut seal, a stamp, red writing."""
    joined_red = cv2.dilate(red, np.ones((mm(1.5), mm(1.5)), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(joined_red)
    for left, top, wide, high, _ in stats[1:count].tolist():
        if max(wide, high) >= mm(LEAST_RED_MM):
            yield to_points((left, top, left + wide, top + high))


def _same(circle: SealFound, seal: SealFound) -> bool:
    """Whether a circle in the black layer is what bleaching left of a red seal."""
    return all(abs(a - b) <= mm(3) for a, b in zip(circle.middle, seal.middle, strict=True))
