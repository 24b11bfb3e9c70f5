"""What every reader returns: pages of lines and grids, whatever the file was.

Units are points from the top left of the upright page, y downwards; pages, rows and columns count from zero. A
workbook's sheet is a page; a docx is one page, for only a renderer knows where its pages break.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from forms.finding import Box

PRINT_CHANGED = "print-changed"
"""Note of a cell or line of a page that we printed: it no longer says what we printed there."""
PRINT_UNCLEAR = "print-unclear"
"""Note of a cell of our own print whose ink does not say enough: it was read, and as it was printed."""

Look = tuple[tuple[tuple[str, float], ...], ...]
"""One look at a line: for each column of the picture the characters that it may be, with their probabilities."""
RawValue = str | int | float | bool | dt.date | dt.datetime | None


@dataclass(frozen=True, slots=True)
class Word:
    """One run of characters read together. ``confidence`` is ``None`` for text that was not recognised by OCR."""

    text: str
    box: Box
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    r"""One cell of a grid, possibly spanning several addresses.

    ``text`` is as written, lines separated by ``\n``. ``raw`` is the typed value of a workbook cell. ``struck`` says
    that the whole text is crossed out. ``ink`` is ``False`` for a scanned cell that was seen to be empty and ``None``
    for digital files. ``candidates`` are other OCR readings with their probabilities, best first.
    """

    row: int
    column: int
    text: str = ""
    row_span: int = 1
    column_span: int = 1
    box: Box | None = None
    raw: RawValue = None
    struck: bool = False
    ink: bool | None = None
    confidence: float | None = None
    candidates: tuple[tuple[str, float], ...] = ()
    address: str | None = None
    pictures: int = 0
    """Pictures anchored in the cell of a digital file (a pasted seal or signature)."""
    notes: tuple[str, ...] = ()
    """What the reader wants known of this cell, as finding codes (``tracked-deletion``, ``partly-struck``,
    ``hidden-text``, ``text-box``, ``formula-without-value``, ``cell-error``, ``date-parts-hidden``)."""
    words: tuple[Word, ...] = ()
    """The lines of a scanned cell, each with its place and how sure it is."""
    printed: str | None = None
    """On a page that we printed: what we printed here. Without the note ``print-changed`` it is what stands here."""


@dataclass(frozen=True)
class Grid:
    """A table. Every address resolves: a spanned address gives the cell that covers it."""

    rows: int
    columns: int
    cells: tuple[Cell, ...]
    box: Box | None = None
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()

    @cached_property
    def _by_address(self) -> dict[tuple[int, int], Cell]:
        return {
            (row, column): cell
            for cell in self.cells
            for row in range(cell.row, cell.row + cell.row_span)
            for column in range(cell.column, cell.column + cell.column_span)
        }

    def at(self, row: int, column: int) -> Cell:
        """The cell that covers an address; an address nobody covers is an empty cell."""
        return self._by_address.get((row, column)) or Cell(row, column)

    def row(self, row: int) -> Iterator[Cell]:
        """The cells of a row from left to right, a spanning cell once."""
        seen: set[tuple[int, int]] = set()
        for column in range(self.columns):
            cell = self.at(row, column)
            if (cell.row, cell.column) not in seen:
                seen.add((cell.row, cell.column))
                yield cell


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of text outside any grid: title, header line, footer, note."""

    text: str
    box: Box | None = None
    confidence: float | None = None
    struck: bool = False
    margin: bool = False
    """The line stands in a page header, page footer or footnote."""
    address: str | None = None
    pictures: int = 0
    notes: tuple[str, ...] = ()
    printed: str | None = None
    """As of a cell."""


@dataclass(frozen=True, slots=True)
class PrintMark:
    """Our own mark in the margin: which document, which page of it, which edition of which form."""

    document_id: str
    page: int
    form: str
    edition: str


@dataclass(frozen=True, slots=True)
class SealSeen:
    """A seal found on a page: its outline, what its words say, and how sure that is.

    ``shape`` is ``round``, ``oval``, ``square`` (a frame around a unit's name), ``stamp`` (a small one around a
    person's) or ``unclear``; ``colour`` is ``red``, or ``grey`` for a copy. ``whole`` is ``False`` where the page's
    edge cuts it.
    ``options`` are, for each character of ``text``, the characters that it may be with their probabilities.
    ``looks`` are, for each time its name was looked at where it was not surely read, what each column of the picture
    may be, best first, ``""`` for no character.
    ``below`` are the straight words below its middle, and ``below_confidence`` how surely they were read.
    """

    box: Box
    shape: str = "round"
    text: str = ""
    colour: str = "red"
    confidence: float | None = None
    whole: bool = True
    options: tuple[tuple[tuple[str, float], ...], ...] = ()
    below: str = ""
    below_confidence: float = 0.0
    looks: tuple[Look, ...] = ()


@dataclass(frozen=True, slots=True)
class InkSeen:
    """Ink at a place for a signature: ``sure`` when it is large enough for one, ``printed`` when it looks typed.

    ``aside`` is ink elsewhere in a box that is signed: words that nobody read, or what a seal left. ``hardly`` is a
    signature too pale for the page's ink, or under a seal of a copy: it was seen, and a person looks.
    """

    box: Box
    density: float = 0.0
    sure: bool = True
    printed: bool = False
    aside: bool = False
    hardly: bool = False


@dataclass(frozen=True, slots=True)
class DaySeen:
    """What was read where a box prints 年 月 日, in a strip of its own; ``text`` is in half width.

    ``unread``: ink stands between these words in which nothing was read, or more than one figure may be hidden.
    """

    box: Box
    text: str
    confidence: float
    unread: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """One page or sheet: its blocks in reading order, and the marks seen on it."""

    index: int
    blocks: tuple[Grid | TextLine, ...]
    width: float | None = None
    height: float | None = None
    name: str = ""
    hidden: bool = False
    scanned: bool = False
    """The text of this page comes from OCR (a document may mix such pages with digital ones)."""
    is_worn: bool = False
    """It was filled in by hand, or has dots as large as a fax's: what is read on it is right less often."""
    print_mark: PrintMark | None = None
    seals: tuple[SealSeen, ...] = ()
    ink: tuple[InkSeen, ...] = ()
    sign_places: tuple[Box, ...] = ()
    """Where signatures were looked for; ``ink`` is what was found there."""
    days: tuple[DaySeen, ...] = ()
    """The written days of the boxes on a scanned page, read a second time."""
    red: tuple[Box, ...] = ()
    """Patches of red on a scanned page that belong to no seal that was made out."""
    notes: tuple[str, ...] = ()
    """What the reader wants known of this page, as codes of ``docs/errors.md`` (``image-truncated``)."""
    asides: tuple[TextLine, ...] = ()
    """What stands beside the content and is never a value: comments and form controls. It is listed as unplaced."""

    @property
    def grids(self) -> tuple[Grid, ...]:
        """The tables of the page in order."""
        return tuple(block for block in self.blocks if isinstance(block, Grid))

    @property
    def lines(self) -> tuple[TextLine, ...]:
        """The lines outside tables in order."""
        return tuple(block for block in self.blocks if isinstance(block, TextLine))


@dataclass(frozen=True, slots=True)
class Document:
    """A file as read, before anyone asked which form it is.

    ``format`` is what the content is (``docx``, ``xlsx``, ``pdf``, ``image``, ``doc``, …), not the name's ending.
    ``scanned`` says that the text comes from OCR.
    """

    format: str
    pages: tuple[Page, ...]
    scanned: bool = False
    notes: tuple[str, ...] = ()
    properties: dict[str, str] = field(default_factory=dict)

    @property
    def worn_pages(self) -> frozenset[int]:
        """The pages by hand and those of a fax."""
        return frozenset(page.index for page in self.pages if page.is_worn)
