"""What stands in the cells of a page's grids: ink, lines, crops. Nothing is read here yet."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from math import ceil, floor
from types import MappingProxyType

import cv2
import numpy as np

from parsers.errors import OcrCrashedError
from parsers.ocr.base import Gray, OcrEngine
from parsers.ocr.sidebyside import side_by_side
from parsers.scan.circles import touches
from parsers.scan.gridcells import CellPlace
from parsers.scan.gridding import GridPlace
from parsers.scan.inktest import Ink, InkFound, Sheet, look
from parsers.scan.lines import Line, cut_crowded, cut_lines, part_touching, row_runs, split_rows, touching, type_height
from parsers.scan.seals import SealFound
from parsers.scan.strikes import BEYOND, CROSSED, CUT, WHOLE, has_slanting, is_over_border, struck_parts
from parsers.scan.struckwords import has_struck_word, without_struck_words
from parsers.scan.undercopies import Under
from parsers.scan.units import Mask, PixelBox, mm

INSET = 0.35
"""Millimetres inside the middle of its rules where a cell begins."""
BIG_WIDTH, BIG_HEIGHT = 28.0, 17.0
"""Millimetres from which a cell is read by the detector: opinions, signatures and dates touch there."""
SEAL_OVER = "seal-over"
"""A seal that is not red lies over the cell and could not be taken away."""
PALE = "pale-ink"
"""Beside the writing of the cell stands something too pale to be surely writing."""
LARGE, HALF = 130.0, 0.5
"""Millimetres of the side of a square from which a box is a page of text, and the part of its size it is looked at."""
FEW = 24
"""Cells of our own print that tell the page's line height."""
HIDDEN = 0.6
"""Part of a line under a seal of a copy from which it is read apart from what stands beside the seal."""
HARDLY = 0.1
"""The part of a line taken as struck through where a stroke through one of its words may be the writing's own."""
LOOSE_INK = 2.0
"""Millimetres of strokes outside every line that are noted as ink."""


@dataclass(frozen=True, slots=True)
class CellSeen:
    """A cell, what the ink test said, its lines, and patches of ink that no line covers."""

    grid: int
    place: CellPlace
    inside: PixelBox
    found: InkFound
    lines: tuple[Line, ...]
    loose: tuple[PixelBox, ...] = ()
    notes: tuple[str, ...] = ()
    """Why a person must look at it whatever is read, as codes of cell notes."""
    crowded: bool = False
    """Its lines touch so closely that parts of characters may have gone to the wrong one."""
    struck: frozenset[int] = frozenset()
    """Which of its lines a stroke runs through."""
    hardly_struck: frozenset[int] = frozenset()
    """The lines that a level stroke runs through in part, where that is all that makes it look crossed out."""
    printed: str = ""
    """What it says, where it holds our own print and nothing else and so has no lines to be read."""

    @property
    def is_big(self) -> bool:
        """Whether it is a box for opinions."""
        return _is_big(self.inside)

    def without_lines(self, gone: Collection[Line]) -> CellSeen:
        """The cell without some of its lines; which of the others are struck through is told by their new places."""
        kept = [index for index, line in enumerate(self.lines) if not any(line is one for one in gone)]

        def moved(places: frozenset[int]) -> frozenset[int]:
            return frozenset(new for new, old in enumerate(kept) if old in places)

        lines = tuple(self.lines[index] for index in kept)
        return replace(self, lines=lines, struck=moved(self.struck), hardly_struck=moved(self.hardly_struck))


def _is_big(box: PixelBox) -> bool:
    return box[2] - box[0] >= mm(BIG_WIDTH) and box[3] - box[1] >= mm(BIG_HEIGHT)


def see_cells(
    sheet: Sheet,
    grids: Sequence[GridPlace],
    engine: OcrEngine,
    circles: Sequence[SealFound] = (),
    settled: Mapping[PixelBox, str] = MappingProxyType({}),
) -> tuple[tuple[CellSeen, ...], float]:
    """Every cell with its lines cut, and the page's line height in pixels.

    ``circles`` are seals that are not red; ``settled`` are the texts of cells that hold our own print and nothing else.
    """
    looked = []
    for index, grid in enumerate(grids):
        for place in grid.cells:
            left, top, right, bottom = place.box
            edge = mm(INSET)
            inside = (left + edge, top + edge, max(left + edge, right - edge), max(top + edge, bottom - edge))
            found = look(sheet, inside) if place.box not in settled else InkFound(Ink.NONE, sheet.ink[:0, :0])
            looked.append((index, place, inside, found))
    runs = [end - start for *_, found in looked if found.state is Ink.INK for start, end in row_runs(found.strokes)]
    height = type_height(runs or list(_printed_runs(sheet, settled)))
    under = Under.of(sheet, circles)
    cells = side_by_side(lambda seen: _with_lines(sheet, seen, height, engine, under), looked)
    return tuple(
        replace(cell, printed=settled[cell.place.box])
        if cell.place.box in settled
        else _judged(sheet, cell, height, circles)
        for cell in cells
    ), height


def _printed_runs(sheet: Sheet, settled: Mapping[PixelBox, str]) -> Iterator[int]:
    """The heights of the lines of a few cells of our own print."""
    edge = mm(INSET)
    for left, top, right, bottom in islice((box for box, text in settled.items() if text), FEW):
        inside = np.ascontiguousarray(sheet.ink[top + edge : bottom - edge, left + edge : right - edge])
        yield from (end - start for start, end in row_runs(inside))


def _judged(sheet: Sheet, seen: CellSeen, height: float, circles: Sequence[SealFound]) -> CellSeen:
    """The cell with why a person must look at it, and which of its lines were struck out."""
    if not seen.is_big:
        lines = without_struck_words(seen.lines, seen.found.strokes, seen.inside[:2], height)
        seen = replace(seen, lines=lines)
    notes = list(seen.place.notes)
    if any(touches(circle, seen.place.box) for circle in circles):
        notes.append(SEAL_OVER)
    parts = struck_parts(seen.found.strokes, seen.lines, seen.inside[:2], height)
    if not seen.is_big:
        parts = [part or _part_struck(seen, line, height) for part, line in zip(parts, seen.lines, strict=True)]
    is_slanting = bool(seen.lines) and not seen.is_big and has_slanting(seen.found.strokes, height)
    if any(parts) or is_slanting:
        notes.append(CROSSED)
    if seen.lines and not seen.is_big:
        if seen.found.pale:
            notes.append(PALE)
        if seen.found.touching or _is_over_border(sheet, seen):
            notes.append(CUT)
    struck = frozenset(index for index, part in enumerate(parts) if part >= WHOLE)
    hardly = (
        frozenset(index for index, part in enumerate(parts) if part) if not (is_slanting or struck) else frozenset()
    )
    return replace(seen, notes=tuple(notes), struck=struck, hardly_struck=hardly)


def _part_struck(seen: CellSeen, line: Line, height: float) -> float:
    return HARDLY if has_struck_word(line, seen.found.strokes, seen.inside[:2], height) else 0.0


def _is_over_border(sheet: Sheet, seen: CellSeen) -> bool:
    strokes = seen.found.strokes
    if not (strokes[[0, -1]].any() or strokes[:, [0, -1]].any()):
        return False
    around = [_around(mask, seen.inside) for mask in (sheet.ink, sheet.ruled, sheet.dark)]
    return is_over_border(strokes, *around)


def _around(mask: Mask, box: PixelBox) -> Mask:
    """A box of the page with what lies around it; beyond the page there is nothing."""
    beyond = mm(BEYOND)
    left, top, right, bottom = box[0] - beyond, box[1] - beyond, box[2] + beyond, box[3] + beyond
    window = np.zeros((bottom - top, right - left), np.uint8)
    part = mask[max(0, top) : bottom, max(0, left) : right]
    y, x = max(0, -top), max(0, -left)
    window[y : y + part.shape[0], x : x + part.shape[1]] = part
    return window


def _with_lines(
    sheet: Sheet, seen: tuple[int, CellPlace, PixelBox, InkFound], height: float, engine: OcrEngine, under: Under
) -> CellSeen:
    grid, place, inside, found = seen
    if found.hinted is not None and not _is_big(inside):
        (top, *_, bottom) = np.flatnonzero(found.hinted.any(axis=1)).tolist()
        hinted = cut_lines(sheet.gray, found.hinted, [(top, bottom + 1)], inside[:2], height)
        return CellSeen(grid, place, inside, found, tuple(hinted))
    if found.state is Ink.NONE or not found.strokes.any():
        return CellSeen(grid, place, inside, found, ())
    rows = split_rows(found.strokes, height)
    corner = (inside[0], inside[1])
    if not _is_big(inside) and touching(found.strokes, rows, height):
        parted = part_touching(found.strokes, rows, height)
        if parted is not None:
            cut = cut_crowded(sheet.gray, found.strokes, parted.rows, corner, height)
            return CellSeen(grid, place, inside, found, tuple(cut), crowded=parted.crowded)
    if _is_big(inside) or (touching(found.strokes, rows, height) and inside[3] - inside[1] > height * 2):
        detected = _detected(sheet, inside, engine, height, under)
        if detected:
            loose = _loose(found.strokes, detected, corner)
            return CellSeen(grid, place, inside, found, detected, loose)
    return CellSeen(grid, place, inside, found, tuple(cut_lines(sheet.gray, found.strokes, rows, corner, height)))


def _detected(sheet: Sheet, inside: PixelBox, engine: OcrEngine, height: float, under: Under) -> tuple[Line, ...]:
    """The lines of a box; where a seal of a copy lies over it, those beside the seal and those under it apart."""
    lines = detect(sheet, inside, engine, height)
    if under.beside is None or not under.touches(inside):
        return lines
    beside = detect(under.beside, inside, engine, height)
    hidden = [line for line in lines if under.share(line.box) >= HIDDEN]
    return tuple(sorted((*beside, *hidden), key=lambda line: line.box[1] + line.box[3]))


def detect(sheet: Sheet, box: PixelBox, engine: OcrEngine, height: float) -> tuple[Line, ...]:
    """The lines a detector sees in a box; none where it fails. A large box is looked at in a smaller size.

    The detector says which rows hold a line and from where to where; the strokes in it say where its parts are.
    """
    left, top, right, bottom = box
    try:
        parts = _found(sheet.gray[top:bottom, left:right], engine)
    except OcrCrashedError:
        return ()
    return lines_at(sheet, box, [(x0 + left, y0 + top, x1 + left, y1 + top) for x0, y0, x1, y1 in parts], height)


def lines_at(sheet: Sheet, box: PixelBox, parts: Sequence[PixelBox], height: float) -> tuple[Line, ...]:
    """The lines of a box of which the parts of each are known, all in pixels of the page."""
    _, top, _, bottom = box
    rows: list[PixelBox] = []
    for part in sorted(parts, key=lambda part: part[0]):
        index = next((k for k, row in enumerate(rows) if _level_with(part, row)), None)
        if index is None:
            rows.append(part)
        else:
            rows[index] = _union(rows[index], part)
    lines: list[Line] = []
    for row in _apart(sorted(rows, key=lambda row: row[1] + row[3]), sheet.ink):
        high = max(top, row[1] - round(height))
        strokes = sheet.ink[high : min(bottom, row[3] + round(height)), row[0] : row[2]]
        lines += cut_lines(sheet.gray, strokes, [(row[1] - high, row[3] - high)], (row[0], high), height)
    return tuple(lines)


def _apart(rows: Sequence[PixelBox], ink: Mask) -> list[PixelBox]:
    """Rows that overlap are parted where there is the least ink, about the middle of what both have.

    Further off it would be found between the strokes of a character as well, for boxes seen in a small size are roomy.
    """
    parted = list(rows)
    for upper in range(len(parted) - 1):
        above, below = parted[upper], parted[upper + 1]
        if below[1] >= above[3] or min(above[2], below[2]) <= max(above[0], below[0]):
            continue
        first, last = below[1], above[3]
        off = (last - first) // 4
        first, last = first + off, last - off
        left, right = min(above[0], below[0]), max(above[2], below[2])
        inked = np.count_nonzero(ink[first:last, left:right], axis=1)
        cut = first + int(np.flatnonzero(inked == inked.min()).mean())
        if above[1] < cut < below[3]:
            parted[upper] = (above[0], above[1], above[2], cut)
            parted[upper + 1] = (below[0], cut, below[2], below[3])
    return parted


def _found(gray: Gray, engine: OcrEngine) -> Sequence[PixelBox]:
    scale = HALF if gray.size >= mm(LARGE) ** 2 else engine.line_scale
    if scale >= 1 or gray.size < mm(BIG_WIDTH) * mm(BIG_HEIGHT):
        return engine.find_lines(np.ascontiguousarray(gray))
    small = cv2.resize(gray, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    boxes = engine.find_lines(np.asarray(small, np.uint8))
    return [
        (floor(left / scale), floor(top / scale), ceil(right / scale), ceil(bottom / scale))
        for left, top, right, bottom in boxes
    ]


def _level_with(part: PixelBox, row: PixelBox) -> bool:
    """Whether a box stands in a row: they share most of the lower one's height."""
    shared = min(part[3], row[3]) - max(part[1], row[1])
    return shared > 0.55 * min(part[3] - part[1], row[3] - row[1])


def _union(box: PixelBox, other: PixelBox) -> PixelBox:
    return min(box[0], other[0]), min(box[1], other[1]), max(box[2], other[2]), max(box[3], other[3])


def _loose(strokes: Mask, lines: Sequence[Line], corner: tuple[int, int]) -> tuple[PixelBox, ...]:
    """Patches of strokes that no line covers, on the page."""
    left_over = strokes.copy()
    for line in lines:
        for piece in line.pieces:
            x0, y0, x1, y1 = piece.box
            left_over[
                max(0, y0 - corner[1] - 3) : y1 - corner[1] + 3, max(0, x0 - corner[0] - 3) : x1 - corner[0] + 3
            ] = 0
    return patches(left_over, corner, LOOSE_INK)


def patches(strokes: Mask, corner: tuple[int, int], smallest: float) -> tuple[PixelBox, ...]:
    """Boxes of strokes that lie close together, none smaller than ``smallest`` millimetres."""
    joined = cv2.dilate(strokes, np.ones((mm(2.5), mm(2.5)), np.uint8))
    count, labels, _, _ = cv2.connectedComponentsWithStats(joined)
    boxes = []
    for label in range(1, count):
        ys, xs = np.nonzero((labels == label) & (strokes > 0))
        if len(xs) and max(int(np.ptp(xs)), int(np.ptp(ys))) >= mm(smallest):
            boxes.append(
                (
                    corner[0] + int(xs.min()),
                    corner[1] + int(ys.min()),
                    corner[0] + int(xs.max()) + 1,
                    corner[1] + int(ys.max()) + 1,
                )
            )
    return tuple(boxes)
