"""Cells of a blank that it prints and that name no field: labels of what this form does not ask.

A reader that does not know them takes such a label for the value of the empty cell before it. The edition lists them.
"""

from __future__ import annotations

from collections.abc import Iterator

from forms.cleaning import squeeze
from forms.definition import FormDefinition
from forms.fieldtypes.choice import CodedType
from parsers.document import Cell, Document, Grid
from parsers.leftovers import is_guide
from parsers.locating.vocabulary import bare_label, vocabulary_of
from writers.adopting.model import Found, RowPlan

_LONGEST = 200


def printed_words(document: Document, definition: FormDefinition, found: Found) -> list[str]:
    """The texts of such cells without blanks, each once, in reading order.

    Args:
        document: the blank as read.
        definition: the edition that was made of it.
        found: its places; a cell into which a tag was written is none of these.
    """
    tagged = {(edit.spot.page, edit.spot.block, edit.spot.row, edit.spot.column) for edit in found.edits}
    vocabulary, values = vocabulary_of(definition), _values(definition)
    ours = {squeeze(place.label) for place in found.places}
    words: dict[str, None] = {}
    for page, block, cell in _cells(document, found.rows):
        text = squeeze(cell.text)
        if (page, block, cell.row, cell.column) in tagged or not 1 < len(text) <= _LONGEST:
            continue
        if text.isdecimal() or text in values or text in ours or is_guide(text):
            continue
        if not vocabulary.is_label(cell.text) and bare_label(cell.text) not in vocabulary.counts:
            words[text] = None
    return list(words)


def _cells(document: Document, rows: RowPlan | None) -> Iterator[tuple[int, int, Cell]]:
    """The cells of all tables, without the rows of a roster's head and persons."""
    for page in document.pages:
        for number, block in enumerate(page.blocks):
            if not isinstance(block, Grid):
                continue
            is_roster = rows is not None and (rows.page, rows.block) == (page.index, number)
            for cell in block.cells:
                if not (is_roster and rows is not None and _is_of_rows(rows, cell.row)):
                    yield page.index, number, cell


def _is_of_rows(rows: RowPlan, row: int) -> bool:
    return rows.head[0] <= row <= max(rows.prototype, *rows.dropped, rows.head[1] - 1)


def _values(definition: FormDefinition) -> set[str]:
    """What may stand in a cell as the value of a field with fixed options."""
    return {
        squeeze(one.name)
        for item in definition.fields
        if isinstance(item.type, CodedType)
        for one in item.type.codes.codes
    }
