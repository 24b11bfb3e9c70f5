"""What was found in a blank form: places, changes of text that write tags there, rows of persons, doubts."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Scope(StrEnum):
    """What a place is for. The first three are also the roots of tags."""

    HEADER = "header"
    FIELD = "field"
    BOX = "box"
    TOTAL = "total"


class How(StrEnum):
    """How a value stands in the form."""

    CELL = "cell"
    AFTER = "after-label"
    COLUMN = "column"
    OPTIONS = "options"
    MARK = "mark"


@dataclass(frozen=True, slots=True)
class Spot:
    """A cell or line of the document: page, number of the block on it, and the cell's address (-1 for a line)."""

    page: int
    block: int
    row: int = -1
    column: int = -1


@dataclass(frozen=True, slots=True)
class Edit:
    """New words for a stretch of a cell's or line's text.

    ``on_blank_line`` asks for a line of their own: in Word the blank one before the text, in a workbook one that is
    put in where the stretch begins.
    """

    spot: Spot
    start: int
    end: int
    text: str
    on_blank_line: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """One field, box or total of the form and where the blank has room for it.

    ``label`` is as printed, ``group`` the head above it, ``where`` an address for people, ``tags`` what was written,
    ``doubts`` sentences about what a person must look at.
    """

    scope: Scope
    key: str
    label: str
    how: How
    where: str
    tags: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    group: str = ""
    combined: str = ""
    """Label of the definition's combined cell that this field shares with others."""
    sure: bool = True
    """Whether the label is one the definition names exactly."""


@dataclass(frozen=True, slots=True)
class RowPlan:
    """The rows of persons: the one that is repeated, and printed rows that go."""

    page: int
    block: int
    head: tuple[int, int]
    prototype: int
    dropped: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Unknown:
    """A label in the blank that is nobody's."""

    label: str
    where: str


@dataclass
class Found:
    """All that was found in a blank."""

    places: list[Place] = field(default_factory=list)
    edits: list[Edit] = field(default_factory=list)
    rows: RowPlan | None = None
    unknown: list[Unknown] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    """What a person should know and that no single place says."""
    title: str = ""
    notes: list[str] = field(default_factory=list)

    def place(self, scope: Scope, key: str) -> Place | None:
        """The place of a field, box or total."""
        return next((one for one in self.places if one.scope is scope and one.key == key), None)
