"""Where somebody may sign on a page: cells whose words or whose label ask for it, and lines outside the grids."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from parsers.scan.cells import CellSeen
from parsers.scan.readlines import ReadLine
from parsers.scan.signatures import DOWN, LABEL, SIGNING, TALL, UP, SignPlace
from parsers.scan.units import PixelBox, mm

_NEXT_LABEL = re.compile(r"填表|填报|制表|联系|电话|日期|时间|分管|经办|审核|复核|单位|\d{4}|年")
"""Words that end the place for a signature on a line of several labels."""
_SEAL_AND_DAY = re.compile(r"[盖公][章童].*(?:年.*月|月.*日|年.*日)")
"""What a form prints where it asks for a seal and a day."""
_DAY_LEFT = re.compile(r"\D{0,2}\d{2,}[^年月日]?[\d年月日]*[年月日][\d年月日]*\W*")
"""A line with a written day and nothing else, or what is left of it under the seal of a copy."""
_LONGEST_LABEL = 24
_NO_LABEL = re.compile(r"[:：]|年|日|文号")
"""What no such label has: it is a line by itself, or the head of a column for the numbers of documents."""
SEALED = 28.0
"""Millimetres that a cell for a seal is wide at least; labels beside it are narrower."""
SURE_OTHER, WORDS = 0.75, 5
"""Other lines near a line to be signed that are print: how sure they were read, and how long they are."""

SeenLines = tuple[CellSeen, tuple[ReadLine, ...]]


def sign_places(
    cells: Sequence[SeenLines], around: Sequence[ReadLine], grids: Sequence[PixelBox], shape: tuple[int, ...]
) -> tuple[SignPlace, ...]:
    """All places of a page; ``grids`` are the boxes of its tables, ``shape`` its rows and columns."""
    return (*_cells(cells), *_lines(around, grids, shape))


def _cells(cells: Sequence[SeenLines]) -> Iterator[SignPlace]:
    by_end: dict[tuple[int, int, int], str] = {}
    texts = ["".join(line.reading.text for line in lines) or seen.printed for seen, lines in cells]
    for (seen, _), text in zip(cells, texts, strict=True):
        place = seen.place
        for row in range(place.row, place.row + place.row_span):
            by_end[seen.grid, row, place.column + place.column_span] = text
    for (seen, lines), text in zip(cells, texts, strict=True):
        beside = by_end.get((seen.grid, seen.place.row, seen.place.column), "")
        asks = SIGNING.search(text) is not None and not _is_label(text)
        if (asks or _is_label(beside)) and seen.found.strokes.any():
            yield SignPlace(seen.inside, lines)


def sealed_cells(cells: Sequence[SeenLines], signed: Sequence[SignPlace]) -> Iterator[SignPlace]:
    """Cells in which a form asks for a seal and a day and for nobody's signature, and those of their row and size.

    A seal may hide the words of one of them: it is known by the others in its row.
    """
    known = {place.inside for place in signed}
    own = [(seen, lines) for seen, lines in cells if seen.inside not in known and _height(seen) >= mm(TALL)]
    high = [(seen, lines) for seen, lines in cells if _height(seen) >= mm(TALL)]
    rows = {_row(seen) for seen, lines in high if _asks_for_day(seen, lines)}
    for seen, lines in own:
        if _is_wide(seen) and _row(seen) in rows:
            yield SignPlace(seen.inside, lines)


def _row(seen: CellSeen) -> tuple[int, int, int]:
    return seen.grid, seen.place.row, seen.place.row_span


def _is_wide(seen: CellSeen) -> bool:
    return seen.inside[2] - seen.inside[0] >= mm(SEALED)


def _asks_for_day(seen: CellSeen, lines: Sequence[ReadLine]) -> bool:
    """Whether a cell prints what asks for a seal and a day, or what is left of a day stands on a line of its own."""
    if _SEAL_AND_DAY.search("".join(line.reading.text for line in lines)):
        return True
    return _is_wide(seen) and any(_DAY_LEFT.fullmatch(line.reading.text) for line in lines)


def _height(seen: CellSeen) -> int:
    return seen.inside[3] - seen.inside[1]


def _is_label(text: str) -> bool:
    """Whether the words of a cell are a label for the cell beside it."""
    return len(text) <= _LONGEST_LABEL and LABEL.search(text) is not None and not _NO_LABEL.search(text)


def _lines(around: Sequence[ReadLine], grids: Sequence[PixelBox], shape: tuple[int, ...]) -> Iterator[SignPlace]:
    for line in around:
        glyphs, text = line.reading.glyphs, line.reading.text
        if len(glyphs) != len(text):
            continue
        for found in SIGNING.finditer(text):
            after = _NEXT_LABEL.search(text, found.end())
            left, top, right, bottom = line.line.box
            start = round(line.line.page_x(glyphs[found.start()].at)) - mm(2)
            room = min(shape[1], right + mm(45))
            end = round(line.line.page_x(glyphs[after.start()].at)) - mm(2.2) if after else room
            middle = (top + bottom) // 2
            box = _outside((max(left - mm(1), start), middle - mm(UP), end, middle + mm(DOWN)), grids)
            own = replace(line, confidence=0.0)
            others = (one for one in around if one is not line and _near(one.line.box, box) and _is_print(one))
            yield SignPlace(box, (own, *others), own_line=True)


def _outside(box: PixelBox, grids: Sequence[PixelBox]) -> PixelBox:
    """The part of a strip that lies in no table."""
    left, top, right, bottom = box
    middle = (top + bottom) // 2
    for grid in grids:
        if grid[2] <= left or grid[0] >= right:
            continue
        if grid[3] <= middle:
            top = max(top, grid[3] + mm(0.6))
        elif grid[1] >= middle:
            bottom = min(bottom, grid[1] - mm(0.6))
    return left, max(0, top), right, bottom


def _near(box: PixelBox, other: PixelBox) -> bool:
    return box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3]


def _is_print(line: ReadLine) -> bool:
    return line.confidence >= SURE_OTHER and len(line.text) >= WORDS
