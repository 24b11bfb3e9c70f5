"""One picture to one page: the recipe of the scan reader, step by step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from forms.finding import Box
from parsers.document import Cell, Grid, InkSeen, Page, SealSeen, TextLine, Word
from parsers.ocr.base import OcrEngine
from parsers.ocr.lattice import best_texts
from parsers.picture import Picture
from parsers.scan.around import PAGE_SKIMMED, clear_edges, is_prose, see_around, skim
from parsers.scan.cells import CellSeen, see_cells
from parsers.scan.circles import bleached, find_circles, rims_of
from parsers.scan.flattening import flatten
from parsers.scan.gridding import GridPlace, find_grids
from parsers.scan.inktest import Ink, Sheet, make_sheet
from parsers.scan.joining import joined
from parsers.scan.orientation import upright
from parsers.scan.printmarks import belongs_to_mark, find_print_mark
from parsers.scan.readlines import ReadLine, ask, settle
from parsers.scan.red import binarised, separate
from parsers.scan.seals import SealFound, find_seals, rim_strip, without_seals
from parsers.scan.signatures import find_signatures
from parsers.scan.signplaces import sign_places
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


def read_page(picture: Picture, engine: OcrEngine) -> PageRead:
    """Reads one picture."""
    pixels, turned_layers = upright(flatten(picture), engine)
    layers = turned_layers or separate(pixels)
    mark = find_print_mark(np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8))
    gray, ink = clear_edges(layers.gray, binarised(layers.gray))
    seals = find_seals(layers.red)
    circles = tuple(circle for circle in find_circles(ink) if not any(_same(circle, seal) for seal in seals))
    dark, gray = gray, bleached(gray, ink, circles)
    ink = binarised(gray) if circles else ink
    grids, rules = find_grids(layers.gray, rims_of(circles, gray.shape))
    sheet = make_sheet(gray, layers.red, without_seals(layers.red, seals), ink, _of_grids(rules, grids))
    seen, height = see_cells(sheet, grids, engine, circles)
    around = see_around(sheet, grids, engine, height)
    if mark is not None:
        around = tuple(line for line in around if not belongs_to_mark("", line.box, mark))
    skimmed = not grids and is_prose(around)
    around = skim(around) if skimmed else around
    strips = [rim_strip(layers.red_ink, seal) if seal.radius else None for seal in seals]
    strips += [rim_strip(dark, circle) for circle in circles]
    crops = [line.crop for cell in seen for line in cell.lines] + [line.crop for line in around]
    answers = ask(engine, crops + [strip for strip in strips if strip is not None])
    given = iter(answers.readings)
    cells = tuple(_cell_read(cell, [settle(line, next(given), sheet.ink) for line in cell.lines]) for cell in seen)
    lines = tuple(settle(line, next(given), sheet.ink) for line in around)
    lines = tuple(line for line in lines if line.confidence >= LEAST_TEXT and line.text)
    lines = tuple(line for line in lines if not belongs_to_mark(line.text, line.line.box, mark))
    words = [next(given) if strip is not None else None for strip in strips]
    colours = [*["red"] * len(seals), *["black"] * len(circles)]
    found = tuple(
        _seal(seal, word.text if word is not None else "", colour)
        for seal, word, colour in zip((*seals, *circles), words, colours, strict=True)
    )
    seen_lines = [(read.seen, read.lines) for read in cells]
    places = sign_places(seen_lines, lines, [grid.box for grid in grids], gray.shape)
    signed = find_signatures(sheet, places, height)
    high, wide = gray.shape
    page = Page(
        picture.index,
        tuple(_blocks(grids, cells, lines)),
        width=round(wide * 72 / WORK_DPI, 2),
        height=round(high * 72 / WORK_DPI, 2),
        print_mark=mark.mark if mark is not None else None,
        seals=found,
        ink=tuple(InkSeen(to_points(one.box), one.density, one.sure, one.printed) for one in signed),
        sign_places=tuple(to_points(place.inside) for place in places),
        red=tuple(_red_patches(without_seals(layers.red, seals))),
        notes=(*picture.notes, *answers.notes, *([PAGE_SKIMMED] if skimmed else [])),
        scanned=True,
    )
    return PageRead(page, sheet, cells, lines, pixels)


def _of_grids(rules: Mask, grids: Sequence[GridPlace]) -> Mask:
    """The pixels of rules along the borders of cells; a long stroke of a character elsewhere stays."""
    near = np.zeros_like(rules)
    for grid in grids:
        for place in grid.cells:
            left, top, right, bottom = place.box
            cv2.rectangle(near, (left, top), (right, bottom), 255, 11)
    return np.asarray(cv2.bitwise_and(rules, near), np.uint8)


def _cell_read(seen: CellSeen, lines: list[ReadLine]) -> CellRead:
    place = seen.place
    text = joined([(line.line, line.text) for line in lines], seen.inside)
    confidence = min((line.confidence for line in lines), default=0.0)
    if seen.found.state is Ink.NONE:
        confidence = EMPTY_CONFIDENCE
    elif seen.found.state is Ink.DOUBTFUL or seen.found.red_only or not place.whole or seen.notes or not text:
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


def _candidates(lines: Sequence[ReadLine], confidence: float) -> tuple[tuple[str, float], ...]:
    """The runners-up of a doubtful cell of one line."""
    if confidence >= CANDIDATES_BELOW or len(lines) != 1 or not lines[0].reading.lattice or len(lines[0].text) > 40:
        return ()
    return tuple(
        (text, round(chance, 4)) for text, chance in best_texts(lines[0].reading.lattice, 6)[:4] if chance > 0.005
    )


def _blocks(
    grids: Sequence[GridPlace], cells: Sequence[CellRead], lines: Sequence[ReadLine]
) -> Iterator[Grid | TextLine]:
    """Grids and lines from top to bottom."""
    placed: list[tuple[int, Grid | TextLine]] = []
    for index, grid in enumerate(grids):
        own = tuple(read.cell for read in cells if read.seen.grid == index)
        placed.append((grid.box[1], Grid(grid.rows, grid.columns, own, box=to_points(grid.box))))
    for line in lines:
        words = TextLine(line.text, to_points(line.line.box), round(line.confidence, 4))
        placed.append(((line.line.box[1] + line.line.box[3]) // 2, words))
    for _, block in sorted(placed, key=lambda item: item[0]):
        yield block


def _seal(seal: SealFound, words: str, colour: str) -> SealSeen:
    return SealSeen(to_points(seal.box), seal.shape, words, colour, round(seal.confidence, 3))


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
