"""Which of the squares in a line are tick boxes, and where they stand among its characters."""

from __future__ import annotations

from collections.abc import Sequence

from parsers.ocr.lattice import Glyph
from parsers.scan.lines import Line
from parsers.scan.spacing import is_hanzi
from parsers.scan.ticks import BOX_GLYPHS, LOOKALIKES, TickBox, may_be_box

SQUARE_HANZI = 0.3
"""How surely a hanzi must have been read at the place of a square that stands in words."""

Mark = tuple[str, float, Glyph | None]
"""A character or a box with its column on the page, and how it was read; ``None`` for a box."""


def placed(line: Line, glyphs: Sequence[Glyph], boxes: Sequence[TickBox]) -> tuple[list[Mark], tuple[TickBox, ...]]:
    """Characters and tick boxes with their columns on the page, from left to right, and the boxes that were used."""
    read: list[Mark] = [(glyph.text, line.page_x(glyph.at), glyph) for glyph in glyphs]
    possible = [(box, near) for box in boxes if (near := _instead_of(box, read)) is not None]
    if len(possible) == 1 and _is_in_words(read, possible[0][1]):
        possible = []
    gone = {index for _, near in possible for index in near}
    marks = [mark for index, mark in enumerate(read) if index not in gone]
    marks += [(box.text, box.middle, None) for box, _ in possible]
    return sorted(marks, key=lambda mark: mark[1]) if possible else read, tuple(box for box, _ in possible)


def _instead_of(box: TickBox, marks: Sequence[Mark]) -> list[int] | None:
    """The characters that were read at a square and may be a box; ``None`` where it is surely something else."""
    side = box.box[2] - box.box[0]
    near = [index for index, mark in enumerate(marks) if abs(mark[1] - box.middle) < side * 0.6]
    crowded = not near and any(abs(mark[1] - box.middle) < side * 0.85 for mark in marks)
    is_other = any(not may_be_box(marks[index][0], _probability(marks[index][2])) for index in near)
    return None if crowded or is_other else near


def _is_in_words(marks: Sequence[Mark], near: Sequence[int]) -> bool:
    """Whether what was read at a lone square is a hanzi behind another one, and no box is among what else it may be.

    On a fax 镇, 服 and 岗 have the outline of a ticked box. Boxes stand before the words that they are for.
    """
    if len(near) != 1 or near[0] == 0 or marks[near[0]][2] is None:
        return False
    (text, _, glyph), before = marks[near[0]], marks[near[0] - 1][0]
    others = () if glyph is None else glyph.others
    is_word = is_hanzi(text) and is_hanzi(before) and text not in LOOKALIKES
    return is_word and _probability(glyph) >= SQUARE_HANZI and not any(other in BOX_GLYPHS for other, _ in others)


def _probability(glyph: Glyph | None) -> float:
    return glyph.probability if glyph is not None else 0.0
