"""A table of a PDF page that has no rules, or too few to make cells: told by how its text stands in line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from statistics import median

from forms.finding import Box
from parsers.aligned.layout import AlignedCell, Drawn, layout_of
from parsers.aligned.writing import Rule
from parsers.document import Cell, Grid
from parsers.readers.pdfgrid import Glyph, cell_text

BORDER_MISSING = "border-missing"
"""Note of a cell of which nobody drew the borders and whose text stands too close to one."""
TOGETHER = 0.12
"""Characters of white within a piece of text."""
SAME_LINE = 0.5
"""Characters by which the middles of characters of one line may differ."""
FEWEST = 3
"""Rows and columns that a table has by its rules alone; one with fewer may be a frame around a table."""


def is_ruled(boxes: Sequence[Box]) -> bool:
    """Whether ruled cells make a table by themselves."""
    lefts = {round(box[0]) for box in boxes}
    tops = {round(box[1]) for box in boxes}
    return len(lefts) >= FEWEST and len(tops) >= FEWEST


def aligned_grid(
    glyphs: Iterable[Glyph], level: Sequence[Rule], plumb: Sequence[Rule], number: int = 1
) -> tuple[Grid, set[Glyph]] | None:
    """The table and the characters in it, ``None`` where nothing stands in columns.

    Args:
        glyphs: all characters of the page.
        level: the level rules that are drawn.
        plumb: the plumb ones.
        number: of the table on its page, for addresses.
    """
    solid = [glyph for glyph in glyphs if not glyph.text.isspace()]
    if not solid:
        return None
    size = median(glyph.size for glyph in solid)
    pieces = pieces_of(solid)
    boxes = [_around(piece) for piece in pieces]
    found = layout_of(boxes, size, Drawn(tuple(level), tuple(plumb)), finest=TOGETHER)
    if found is None:
        return None
    cells = tuple(_cell(cell, pieces, number) for cell in found.cells)
    taken = {glyph for cell in found.cells for place in cell.pieces for glyph in pieces[place]}
    return Grid(found.rows, found.columns, cells, found.box), taken


def pieces_of(glyphs: Iterable[Glyph]) -> list[list[Glyph]]:
    """Characters that stand together in a line."""
    lines: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=lambda one: (one.middle[1], one.left)):
        if lines and abs(glyph.middle[1] - lines[-1][-1].middle[1]) <= SAME_LINE * min(glyph.size, lines[-1][-1].size):
            lines[-1].append(glyph)
        else:
            lines.append([glyph])
    pieces: list[list[Glyph]] = []
    for line in lines:
        line.sort(key=lambda one: one.left)
        pieces.append([line[0]])
        for before, after in pairwise(line):
            if after.left - before.right > TOGETHER * max(before.size, after.size):
                pieces.append([])
            pieces[-1].append(after)
    return pieces


def _around(glyphs: Sequence[Glyph]) -> Box:
    return (
        min(one.left for one in glyphs),
        min(one.top for one in glyphs),
        max(one.right for one in glyphs),
        max(one.bottom for one in glyphs),
    )


def _cell(cell: AlignedCell, pieces: Sequence[Sequence[Glyph]], number: int) -> Cell:
    own = [glyph for place in cell.pieces for glyph in pieces[place]]
    return Cell(
        cell.row,
        cell.column,
        cell_text(own, cell.box[2] - cell.box[0]),
        cell.row_span,
        cell.column_span,
        box=cell.box,
        address=f"表{number} 第{cell.row + 1}行 第{cell.column + 1}列",
        notes=(BORDER_MISSING,) if cell.doubtful else (),
    )
