"""Heads of a scanned roster that nobody can read, under a seal that is not red: told by what stands beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from parsers.document import Cell
from parsers.locating.heads import Column, Head
from parsers.locating.vocabulary import Certainty, Meaning, Role

UNREAD = 0.6
"""A head read less surely than this may be anything."""
MISREAD = 0.93
"""Of heads read less surely than this, one that is nearly a column's is that column's in its place."""
SEAL_OVER = "seal-over"
FEWEST = 0.5
"""Part of the columns whose heads must be read, each in the place where the form has it."""
NEARLY_ALL = 0.8
"""Part of them that must be read to the letter for a misread one between them to be the one that stands there."""


def with_hidden_heads(head: Head, cells: Sequence[Cell], columns: int, keys: Sequence[str], *, is_ours: bool) -> Head:
    """The head with meanings for the columns whose own words are hidden, where all others stand as the form has them.

    Args:
        head: as it was read.
        cells: those of its rows.
        columns: of the grid.
        keys: the fields of the form, in the order of its columns.
        is_ours: the page carries our print mark for this form, so that the order is known and heads read nearly right
            are right; otherwise each value of such a column goes to a person (:attr:`Certainty.NEAR`), but for heads
            that were read nearly right and unsurely where nearly all others were read to the letter. One of those read
            otherwise and unsurely is hidden, too.
    """
    if columns != len(keys) or not _is_in_order(head, keys):
        return head
    certainty = Certainty.EXACT if is_ours else Certainty.NEAR
    is_whole = sum(_is_exact(column) for column in head.columns) >= NEARLY_ALL * len(keys)
    known = {column.column: column for column in head.columns}
    whole: list[Column] = []
    for place, key in enumerate(keys):
        column = known.get(place)
        own = [cell for cell in cells if cell.column <= place < cell.column + cell.column_span]
        if column is not None and column.meaning is not None:
            is_known = is_ours or (is_whole and _is_misread(own))
            sure = replace(column.meaning, certainty=Certainty.EXACT)
            whole.append(replace(column, meaning=sure) if is_known else column)
        elif _is_hidden(own) or (is_whole and _is_misread(own)):
            path = column.path if column is not None else ("(看不清)",)
            whole.append(Column(place, 1, path, Meaning(Role.FIELD, (key,), certainty)))
        elif column is not None:
            whole.append(column)
    return Head(head.top, head.bottom, tuple(whole))


def _is_in_order(head: Head, keys: Sequence[str]) -> bool:
    """Whether most heads were read, and every one of them in the place of its field."""
    if any(column.span != 1 for column in head.columns):
        return False
    places = [(column.column, column.meaning.keys) for column in head.known if column.meaning is not None]
    return len(places) >= FEWEST * len(keys) and all(found == (keys[place],) for place, found in places)


def _is_exact(column: Column) -> bool:
    return column.meaning is not None and column.meaning.certainty is Certainty.EXACT


def _is_misread(cells: Sequence[Cell]) -> bool:
    """Whether a head that is read nearly right was read unsurely: a fax makes 政治面抉 of 政治面貌."""
    return any(cell.confidence is not None and cell.confidence < MISREAD for cell in cells)


def _is_hidden(cells: Sequence[Cell]) -> bool:
    """Whether what the head says cannot be told: nothing was read, or something unsure, or under a seal."""
    texts = [cell for cell in cells if cell.text.strip()]
    return not texts or any(
        SEAL_OVER in cell.notes or (cell.confidence is not None and cell.confidence < UNREAD) for cell in texts
    )
