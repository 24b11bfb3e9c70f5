"""One picture to one page: the recipe of the scan reader, step by step."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from forms.finding import Box
from parsers.document import Cell, Grid, InkSeen, Page, SealSeen, TextLine
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
from parsers.scan.units import WORK_DPI, Mask, PixelBox, Rgb, mm, to_points

EMPTY_CONFIDENCE = 0.99
DOUBTFUL_LIMIT = 0.5
"""No reading of a doubtful cell is surer than this."""
CANDIDATES_BELOW = 0.98
LEAST_TEXT = 0.35
"""Text outside grids that is less sure is noise of the background."""
LEAST_RED_MM = 4
_SIGNED = re.compile(r"(?:签字|签名|签章|签署)[)\uff09]?")
_PRINTED = re.compile(r"[\W_]+|[年月日]|盖章|公章|单位|电话|\d+")
"""What may be printed behind 签字 and is nobody's name."""


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
    high, wide = gray.shape
    page = Page(
        picture.index,
        tuple(_blocks(grids, cells, lines)),
        width=round(wide * 72 / WORK_DPI, 2),
        height=round(high * 72 / WORK_DPI, 2),
        print_mark=mark.mark if mark is not None else None,
        seals=found,
        ink=tuple(_ink(sheet, cells)),
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


def _ink(sheet: Sheet, cells: Sequence[CellRead]) -> Iterator[InkSeen]:
    """Ink in the boxes for opinions that may be a hand's: outside every line, hardly readable, or after 签字."""
    for read in cells:
        if not read.seen.is_big:
            behind = (_after_signing(line) or _unread_signature(sheet, line) for line in read.lines)
            yield from (_ink_seen(sheet, box) for box in behind if box is not None)
            continue
        for loose in read.seen.loose:
            yield _ink_seen(sheet, loose)
        for line in read.lines:
            if line.confidence < 0.7 and not _is_guide(line.text):
                yield _ink_seen(sheet, line.line.box)
            elif (box := _after_signing(line)) is not None:
                yield _ink_seen(sheet, box)


def _is_guide(text: str) -> bool:
    """Whether a line says only what is printed in every such box: its words being read is proof enough of them."""
    return not _PRINTED.sub("", _SIGNED.sub("", text.replace("负责人", "")))


def _ink_seen(sheet: Sheet, box: PixelBox) -> InkSeen:
    part = sheet.ink[max(0, box[1]) : box[3], max(0, box[0]) : box[2]]
    return InkSeen(to_points(box), round(float(np.mean(part > 0)), 3) if part.size else 0.0)


def _unread_signature(sheet: Sheet, line: ReadLine) -> PixelBox | None:
    """Strokes between 签字 and what is printed next, of which nothing was read."""
    found = _SIGNED.search(line.reading.text)
    if found is None or len(line.reading.glyphs) != len(line.reading.text):
        return None
    rest = line.reading.text[found.end() :]
    printed = found.end() + len(rest) - len(rest.lstrip(":\uff1a"))
    high = line.line.box[3] - line.line.box[1]
    left = round(line.line.page_x(line.reading.glyphs[printed - 1].at)) + mm(4) // 2
    right = line.line.box[2]
    if printed < len(line.reading.glyphs):
        right = round(line.line.page_x(line.reading.glyphs[printed].at)) - min(high, mm(4)) // 2 - mm(1)
    window = sheet.ink[line.line.box[1] : line.line.box[3], left : max(left, right)]
    ys, xs = np.nonzero(window)
    if len(xs) < mm(1) ** 2 or int(np.ptp(xs)) < mm(4):
        return None
    top = line.line.box[1]
    return left + int(xs.min()), top + int(ys.min()), left + int(xs.max()) + 1, top + int(ys.max()) + 1


def _after_signing(line: ReadLine) -> PixelBox | None:
    """The part of a line behind 签字 that is no date and no other label."""
    found = _SIGNED.search(line.reading.text)
    if found is None:
        return None
    rest = line.reading.text[found.end() :]
    name = next((char for char in _PRINTED.sub("", rest)), "")
    if not name or len(line.reading.glyphs) != len(line.reading.text):
        return None
    start = line.reading.glyphs[found.end() + rest.index(name)]
    left = round(line.line.page_x(start.at)) - (line.line.box[3] - line.line.box[1]) // 2
    return (max(line.line.box[0], left), line.line.box[1], line.line.box[2], line.line.box[3])
