"""Characters and ruled cells of a page that was laid out already → its grids and lines in reading order."""

from __future__ import annotations

from collections.abc import Sequence

from forms.finding import Box
from parsers import printmark
from parsers.document import Grid, Page, PrintMark, TextLine
from parsers.readers.pdfgrid import UNREADABLE, Glyph, grid_of, text_lines

_SMALLEST_TABLE, _LOWEST_TABLE = 30.0, 8.0
_MODULES = 40
JOIN_WITHIN, SHORTEST_RULE = 3, 4
"""Points: lines that near are one or meet; shorter ones are none."""
TABLE_SETTINGS = {
    "vertical_strategy": "lines",
    "horizontal_strategy": "lines",
    "snap_tolerance": JOIN_WITHIN,
    "join_tolerance": JOIN_WITHIN,
    "edge_min_length": SHORTEST_RULE,
    "intersection_tolerance": JOIN_WITHIN,
}
"""How pdfplumber joins ruled lines into tables."""


def arranged(index: int, glyphs: Sequence[Glyph], tables: Sequence[list[Box]], size: tuple[float, float]) -> Page:
    """The page ``index`` with these characters and these tables, each given as the boxes of its cells.

    Ruled figures that are no tables, and tables without text, leave their characters to the lines.
    """
    grids: list[Grid] = []
    taken: set[Glyph] = set()
    for boxes in tables:
        if _is_drawing(boxes):
            continue
        grid, inside = grid_of(boxes, glyphs, len(grids) + 1)
        if any(cell.text for cell in grid.cells):
            grids.append(grid)
            taken |= inside
    lines, mark = _outside([glyph for glyph in glyphs if glyph not in taken])
    blocks: list[Grid | TextLine] = [*grids, *lines]
    blocks.sort(key=_place)
    return Page(index, tuple(blocks), *size, print_mark=mark)


def _is_drawing(boxes: list[Box]) -> bool:
    """Small ruled figures (the modules of a QR code, a tick box) are no tables."""
    width = max(box[2] for box in boxes) - min(box[0] for box in boxes)
    height = max(box[3] for box in boxes) - min(box[1] for box in boxes)
    return (
        width < _SMALLEST_TABLE
        or height < _LOWEST_TABLE
        or (width < 3 * _SMALLEST_TABLE and height < 3 * _SMALLEST_TABLE and len(boxes) > _MODULES)
    )


def _outside(glyphs: list[Glyph]) -> tuple[list[TextLine], PrintMark | None]:
    """The lines outside tables, and our print mark, whose line is no data."""
    lines: list[TextLine] = []
    mark: PrintMark | None = None
    for written in text_lines(glyphs):
        found = printmark.find_mark(written.text) or printmark.find_mark("".join(written.text.split()))
        text = written.text
        if found is not None:
            mark = mark or found
            text = text.replace(printmark.format_mark(found), "").strip()
            if printmark.PREFIX in text:
                text = ""
        if text:
            notes = ("character-unreadable",) if UNREADABLE in text else ()
            lines.append(TextLine(text, written.box, notes=notes))
    return lines, mark


def _place(block: Grid | TextLine) -> tuple[float, float]:
    box = block.box
    return (box[1], box[0]) if box is not None else (0.0, 0.0)
