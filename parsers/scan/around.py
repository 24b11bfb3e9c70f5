"""Text outside the grids: title, head line, footer, notes. The detector looks only where no grid is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import cv2

from parsers.errors import OcrCrashedError
from parsers.ocr.base import OcrEngine
from parsers.ocr.sidebyside import side_by_side
from parsers.printednotes import begins_note
from parsers.scan.cells import detect, lines_at
from parsers.scan.gridding import GridPlace
from parsers.scan.inktest import Sheet
from parsers.scan.lines import Line
from parsers.scan.units import Mask, PixelBox, mm

MARGIN = 2.0
"""Millimetres kept from a grid, and added around what is looked at."""
SMALLEST = 1.6
"""Millimetres of a stroke that makes it worth looking at a strip."""

PAGE_SKIMMED = "page-skimmed"
"""Note of a page of running text of which not every line was read."""
PROSE_LINES, PROSE_SHARE = 14, 0.6
"""Lines of a page, and the part of them that is long, from which it is running text."""
LONG_LINE = 14.0
"""Line heights from which a line is long."""
NOTE_HEAD = 8.0
"""Line heights of a long line that say whether it is a printed note."""
SKIMMED_FIRST = 6
"""Lines at the top that are read always."""


def see_around(
    sheet: Sheet, grids: Sequence[GridPlace], engine: OcrEngine, height: float, printed: Sequence[PixelBox] = ()
) -> tuple[Line, ...]:
    """The lines outside the grids, from top to bottom; ``printed`` are places of those that are known."""
    left_over = sheet.ink.copy()
    page = sheet.gray.copy()
    keep = mm(MARGIN) // 2
    for grid in grids:
        left, top, right, bottom = grid.box
        window = (slice(max(0, top - keep), bottom + keep), slice(max(0, left - keep), right + keep))
        left_over[window] = 0
        page[window] = 255
    bare = replace(sheet, gray=page, ink=left_over)
    strips = _strips(left_over, grids)
    found = side_by_side(lambda strip: _lines_in(bare, strip, engine, height, printed), strips)
    lines = [line for one in found for line in one]
    return tuple(sorted(lines, key=lambda line: (line.box[1], line.box[0])))


def _lines_in(
    sheet: Sheet, strip: PixelBox, engine: OcrEngine, height: float, printed: Sequence[PixelBox]
) -> tuple[Line, ...]:
    """The lines of a strip: those that are known where nothing stands beside them, else what a detector sees."""
    left_over = sheet.ink.copy()
    for left, top, right, bottom in printed:
        left_over[max(0, top) : bottom, max(0, left) : right] = 0
    if not printed or _tight(left_over, strip) is not None:
        return detect(sheet, strip, engine, height)
    left, top, right, bottom = strip
    own = [box for box in printed if box[0] < right and left < box[2] and top < (box[1] + box[3]) / 2 < bottom]
    return lines_at(sheet, strip, own, height)


def with_notes_cut(lines: Sequence[Line], grids: Sequence[GridPlace], engine: OcrEngine) -> tuple[Line, ...]:
    """The lines outside the grids; of long ones below all grids that begin as a printed note does, the beginning.

    What a note says is no data, and the notes of our forms are a seventh of all that stands on them.
    """
    end = max((grid.box[3] for grid in grids), default=None)
    heads = {
        index: line.until(NOTE_HEAD)
        for index, line in enumerate(lines)
        if end is not None and line.box[1] >= end and _is_long(line)
    }
    try:
        answers = engine.read([head.crop for head in heads.values()]) if heads else ()
    except OcrCrashedError:
        return tuple(lines)
    notes = {index for index, answer in zip(heads, answers, strict=True) if begins_note(answer.text)}
    return tuple(heads[index] if index in notes else line for index, line in enumerate(lines))


def is_prose(lines: Sequence[Line]) -> bool:
    """Whether the lines of a page without a grid are running text: many, and most of them long and in one piece."""
    long = [line for line in lines if _is_long(line)]
    return len(lines) >= PROSE_LINES and len(long) >= PROSE_SHARE * len(lines)


def skim(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Of running text, what may say that it is a form after all: the first lines, and all short ones."""
    return tuple(line for index, line in enumerate(lines) if index < SKIMMED_FIRST or not _is_long(line))


def _is_long(line: Line) -> bool:
    return len(line.pieces) == 1 and line.box[2] - line.box[0] >= LONG_LINE * (line.box[3] - line.box[1])


def _strips(ink: Mask, grids: Sequence[GridPlace]) -> list[PixelBox]:
    """Boxes around what is written above, between, below and beside the grids."""
    high, wide = ink.shape
    edges = [0]
    for top, bottom in _covered(grids):
        edges += [top, bottom]
    edges.append(high)
    strips = []
    for top, bottom in pairwise(edges):
        box = _tight(ink, (0, top, wide, bottom))
        if box is not None:
            strips.append(box)
    return strips


def _covered(grids: Sequence[GridPlace]) -> list[tuple[int, int]]:
    """The rows that grids cover, runs that overlap taken together."""
    spans: list[tuple[int, int]] = []
    for grid in sorted(grids, key=lambda grid: grid.box[1]):
        top, bottom = grid.box[1], grid.box[3]
        if spans and top <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(bottom, spans[-1][1]))
        else:
            spans.append((top, bottom))
    return spans


def _tight(ink: Mask, box: PixelBox) -> PixelBox | None:
    left, top, right, bottom = box
    whole = ink[top:bottom, left:right]
    x, y, wide, high = cv2.boundingRect(whole) if whole.size else (0, 0, 0, 0)
    if not wide:
        return None
    left, top, part = left + x, top + y, whole[y : y + high, x : x + wide]
    count, _, stats, _ = cv2.connectedComponentsWithStats(part)
    strokes = [row for row in stats[1:count] if max(row[2], row[3]) >= mm(SMALLEST)]
    if not strokes:
        return None
    margin = mm(MARGIN)
    x0, y0 = min(int(row[0]) for row in strokes), min(int(row[1]) for row in strokes)
    x1, y1 = max(int(row[0] + row[2]) for row in strokes), max(int(row[1] + row[3]) for row in strokes)
    return (
        max(0, left + x0 - margin),
        max(0, top + y0 - margin),
        min(ink.shape[1], left + x1 + margin),
        min(ink.shape[0], top + y1 + margin),
    )
