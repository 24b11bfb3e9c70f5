"""Records: the normalised values of one document, each with where it came from and whether to trust it.

A value is kept in its normal JSON form (contract §2): trimmed text, ``YYYY-MM-DD``, ``YYYY-MM``, ``True``/``False``,
numbers, the standard's full name of a coded value. ``""`` is a cell that was read and is empty, ``None`` one that
could not be read; the placeholders 无, / and — are values of their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from forms.finding import Finding, Region

Value = str | int | float | bool | None
"""A normal value as it stands in JSON."""

PLACEHOLDERS = frozenset({"无", "/", "—"})
"""Written answers that mean "nothing to state"; they satisfy no required field."""


class Origin(StrEnum):
    """Who says so."""

    DIGITAL = "digital"
    OCR = "ocr"
    PREFILLED = "prefilled"
    HUMAN = "human"


@dataclass(frozen=True, slots=True)
class Entry:
    """One value of a record.

    ``text`` is as written. ``review`` is the promise: ``False`` says that nobody needs to look at this value.
    ``confidence`` is 0.0-1.0, ``None`` when not measured. ``candidates`` are other readings, best first.
    """

    value: Value
    text: str = ""
    code: str | None = None
    origin: Origin = Origin.DIGITAL
    confidence: float | None = None
    review: bool = False
    region: Region | None = None
    candidates: tuple[str, ...] = ()

    @property
    def is_blank(self) -> bool:
        """Nothing was stated: empty, unread or a placeholder."""
        return self.value is None or self.value == "" or self.value in PLACEHOLDERS

    def doubted(self, *candidates: str) -> Entry:
        """The same entry, marked for a person."""
        return replace(self, review=True, candidates=(*self.candidates, *candidates))


class MarkKind(StrEnum):
    """What can stand in an opinion box."""

    OPINION = "opinion"
    SIGNATURE = "signature"
    SEAL = "seal"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Mark:
    """One part of a named box as found: an opinion text, a signature, a seal or a date.

    ``present`` is ``None`` when it could not be told. ``value`` is the day of a date mark (``YYYY-MM-DD``). A box
    excused by 同单位意见 or / has ``excused`` set and says so in ``text``. ``unit`` is the unit a seal was matched to.

    What is known of a scanned mark beyond that: a seal's ``shape`` (``round``, ``oval``, ``square``, ``stamp``),
    whether it is ``whole`` or cut by the page's edge, its ``ink`` (a seal's ``red`` or ``grey``; a signature's
    ``hand``, ``stamp`` or ``print``), and what it lies ``across``: ``date``, or the keys of other boxes.
    """

    key: str
    kind: MarkKind
    present: bool | None
    text: str = ""
    value: str | None = None
    unit: str | None = None
    region: Region | None = None
    confidence: float | None = None
    review: bool = False
    excused: bool = False
    shape: str = ""
    whole: bool | None = None
    ink: str = ""
    across: tuple[str, ...] = ()


Row = Mapping[str, Entry]


@dataclass(frozen=True, slots=True)
class Record:
    """The normalised content of one form: what intake makes, what is filled, what a reader gives back.

    ``header`` holds the header and footer fields by key. ``rows`` holds the persons: many for a roster, exactly one
    for a card (attachment-4). ``marks`` is empty where the source says nothing of boxes (plain JSON data).
    """

    form: str
    edition: str
    header: Mapping[str, Entry] = field(default_factory=dict)
    rows: tuple[Row, ...] = ()
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Unplaced:
    """Something that was in the file and found no place in the record."""

    text: str
    label: str = ""
    region: Region | None = None


class ColumnStatus(StrEnum):
    """How it is known what a column of a ledger holds."""

    KNOWN = "known"
    GIVEN = "given"
    REMEMBERED = "remembered"
    UNSURE = "unsure"
    LEFT_OUT = "left-out"
    UNPLACED = "unplaced"


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """A column of a ledger: its head as written, its place from zero, the keys it was read as, and the choice left.

    ``keys`` is empty where the column was read as none; ``candidates`` are keys (several joined by ``+``) with scores
    from 0.0 to 1.0, best first.
    """

    label: str
    column: int
    keys: tuple[str, ...]
    status: ColumnStatus
    candidates: tuple[tuple[str, float], ...] = ()
    region: Region | None = None


@dataclass(frozen=True, slots=True)
class Extraction:
    """One document as read: its record, what is wrong with it, and what found no place.

    ``pages`` count from zero. ``document_id`` is that of our print mark, ``None`` without one.
    """

    record: Record
    form_confidence: float
    pages: tuple[int, ...] = (0,)
    document_id: str | None = None
    findings: tuple[Finding, ...] = ()
    unplaced: tuple[Unplaced, ...] = ()
    columns: tuple[ColumnChoice, ...] = ()
    """Of a ledger: what each of its columns was read as."""
    history: tuple[Row, ...] = ()
    """Of a ledger: its lines that are struck out, read but not current."""
