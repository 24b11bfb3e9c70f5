"""Rows of a scanned roster between which no rule was seen: read as one, two persons would be a third that nobody is.

A number, a sex, an identity number or a day stands in its cell once. Where several cells of a row hold several whole
ones, one below the other, the row is several persons'.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from forms.definition import Field
from parsers.document import Cell, Word

ROWS_MERGED = "rows-merged"
ONCE = frozenset({"ordinal", "integer", "id_number", "credit_code", "day", "month", "coded", "money", "phone"})
"""Types whose value a cell holds once, and of which a part is no value."""
FEWEST = 2
"""Cells of a row with several values from which it is several persons'; one may be a correction."""


def doubted_if_merged(cells: Sequence[Cell], columns: Iterable[tuple[Field, Cell | None]]) -> list[Cell]:
    """The cells of a row, all of them doubtful where ``columns`` (a field and its cell) tell of several persons."""
    holding = sum(
        field.type.name in ONCE and cell is not None and _holds_several(field, cell) for field, cell in columns
    )
    if holding < FEWEST:
        return list(cells)
    return [replace(cell, notes=(*cell.notes, ROWS_MERGED)) for cell in cells]


def _holds_several(field: Field, cell: Cell) -> bool:
    words = sorted((word for word in cell.words if word.text.strip()), key=lambda word: word.box[1])
    if len(words) < FEWEST or not all(_is_below(first, second) for first, second in pairwise(words)):
        return False
    readings = [field.type.read(word.text) for word in words]
    return all(reading.settled and reading.value != "" and not reading.faults for reading in readings)


def _is_below(first: Word, second: Word) -> bool:
    """Whether a word stands on a line below another one's."""
    return (second.box[1] + second.box[3]) / 2 > first.box[3]
