"""Quickly made values are the same as those of the constructors."""

from __future__ import annotations

from dataclasses import fields

from forms.finding import Region
from forms.record import Entry
from parsers.document import Cell
from parsers.making import region, settled_entry, sheet_cell


def test_a_cell_is_the_constructors_cell_in_every_field() -> None:
    made, built = sheet_cell(3, 4, "文", 5, "表!E4"), Cell(3, 4, "文", raw=5, address="表!E4")
    assert made == built
    assert hash(made) == hash(built)
    assert all(getattr(made, item.name) == getattr(built, item.name) for item in fields(Cell))


def test_an_entry_and_its_place_are_the_constructors() -> None:
    place = region(2, None, "表!E4")
    assert place == Region(2, None, "表!E4")
    made, built = settled_entry("汉族", "汉", "01", place), Entry("汉族", "汉", "01", region=place)
    assert made == built
    assert all(getattr(made, item.name) == getattr(built, item.name) for item in fields(Entry))
