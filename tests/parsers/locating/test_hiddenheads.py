"""Heads under a grey seal: told by the heads beside them, and by nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from forms.catalogue import Catalogue
from parsers.document import Cell
from parsers.locating.heads import Column, Head, HeadFinder
from parsers.locating.hiddenheads import with_hidden_heads
from parsers.locating.vocabulary import Certainty, Vocabulary

DEFINITION = Catalogue.load().find("attachment-2")
KEYS = [item.key for item in DEFINITION.fields]
LABELS = [f"{item.group}{item.label}" if item.group else item.label for item in DEFINITION.fields]
HIDDEN = KEYS.index("name")


def cells(**changed: Cell) -> list[Cell]:
    """The head of the form, its cells surely read but for those given as ``column_2=``."""
    made = [Cell(0, place, label, ink=True, confidence=0.99) for place, label in enumerate(LABELS)]
    return [changed.get(f"column_{cell.column}", cell) for cell in made]


def head_of(row: list[Cell]) -> Head:
    head = HeadFinder(Vocabulary(DEFINITION), {0: row}).at(0)
    assert head is not None
    return head


def columns(row: list[Cell], *, is_ours: bool = False, count: int = len(KEYS)) -> dict[int, Column]:
    whole = with_hidden_heads(head_of(row), row, count, KEYS, is_ours=is_ours)
    return {column.column: column for column in whole.known}


def under_a_seal(text: str) -> Cell:
    return Cell(0, HIDDEN, text, ink=True, confidence=0.1, notes=("seal-over",))


@pytest.mark.parametrize("text", ["", "人储房"])
@pytest.mark.parametrize("certainty", [Certainty.EXACT, Certainty.NEAR])
def test_a_hidden_head_has_the_meaning_of_its_place(text: str, certainty: Certainty) -> None:
    found = columns(cells(column_2=under_a_seal(text)), is_ours=certainty is Certainty.EXACT)[HIDDEN].meaning
    assert found is not None
    assert (found.keys, found.certainty) == (("name",), certainty)


def test_a_head_that_says_something_else_is_believed() -> None:
    assert HIDDEN not in columns(cells(column_2=Cell(0, HIDDEN, "健康状况", ink=True, confidence=0.99)))


def test_columns_in_another_order_tell_nothing() -> None:
    row = cells(column_2=under_a_seal("人储房"))
    row[5], row[6] = replace(row[5], text=row[6].text), replace(row[6], text=row[5].text)
    assert HIDDEN not in columns(row, is_ours=True)


def test_more_columns_than_the_form_has_tell_nothing() -> None:
    assert HIDDEN not in columns(cells(column_2=under_a_seal("")), is_ours=True, count=len(KEYS) + 1)


def test_labels_over_more_rows_than_a_head_has_are_a_head_of_one_row() -> None:
    row = [replace(cell, row_span=9) for cell in cells()]
    head = HeadFinder(Vocabulary(DEFINITION), dict.fromkeys(range(9), row)).at(0)
    assert head is not None
    assert (head.top, head.bottom) == (0, 1)


NEARLY = KEYS.index("has_contract")
MISREAD = LABELS[NEARLY][:-1] + "回"


def misread(confidence: float) -> Cell:
    return Cell(0, NEARLY, MISREAD, ink=True, confidence=confidence)


@pytest.mark.parametrize(("confidence", "certainty"), [(0.3, Certainty.EXACT), (0.99, Certainty.NEAR)])
def test_a_head_that_was_misread_by_a_character_is_that_of_its_place(confidence: float, certainty: Certainty) -> None:
    found = columns(cells(**{f"column_{NEARLY}": misread(confidence)}))[NEARLY].meaning
    assert found is not None
    assert (found.keys, found.certainty) == (("has_contract",), certainty)


def test_among_other_doubtful_heads_a_misread_one_goes_to_a_person() -> None:
    unread = {f"column_{other}": Cell(0, other, "", ink=True, confidence=0.0) for other in range(1, 6)}
    found = columns(cells(**unread, **{f"column_{NEARLY}": misread(0.3)}))[NEARLY].meaning
    assert found is not None
    assert found.certainty is Certainty.NEAR


def test_a_head_that_was_misread_beyond_telling_is_hidden_where_all_others_stand() -> None:
    unlike = Cell(0, NEARLY, "足百答讧旁动合冋", ink=True, confidence=0.66)
    found = columns(cells(**{f"column_{NEARLY}": unlike}))[NEARLY].meaning
    assert found is not None
    assert (found.keys, found.certainty) == (("has_contract",), Certainty.NEAR)
