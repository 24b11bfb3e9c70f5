"""A question about a cell: which of its lines, as which type, and what the type makes of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from forms.fieldtypes.base import FieldType
from forms.fieldtypes.choice import starts_with_answer
from forms.finding import Severity
from forms.record import PLACEHOLDERS
from parsers.document import Cell
from parsers.ocr.base import Gray
from parsers.ocr.lattice import Glyph, Lattice, Step, best_texts, confidence_of, glyphs_of
from parsers.scan.joining import joined
from parsers.scan.page import CellRead
from parsers.scan.readlines import SPACE_CONFIDENCE, ReadLine
from parsers.scan.units import PixelBox
from parsers.scan.witnessing import UNBELIEVED, WITNESSED, may_be_fours

ALONE_FROM = 0.9
"""Figures read less surely than this are shown to the second reader."""
UNCHECKED_ALONE_FROM = 0.999
"""The same for phone numbers, and for figures written by hand."""
AGREED_FROM, AGREED_UP_TO = 0.7, 0.93
"""Words read as surely as this are shown to the second reader: surer ones pass without it, the others never do.

Counted on pages of seeds 473 and 474 that were no faxes, of free text and names that nothing else cast doubt on: of 29
such readings that it shared none was wrong, of 55 that it did not share 2 were.
"""
WORD_FROM = 0.2
"""As surely at least must a word of a list be read that no other word of it is near to."""
FIGURES = frozenset("0123456789")
ANSWERS = ("是", "否")
MANY = 5
"""Candidates given at most."""


@dataclass(frozen=True, slots=True)
class Guess:
    """A text, how sure it is, and whether its type takes it without an objection."""

    text: str
    confidence: float
    passes: bool


@dataclass
class Asked:
    """One question: which lines, as which type."""

    page: int
    lines: Sequence[ReadLine]
    inside: PixelBox
    kind: FieldType

    def __post_init__(self) -> None:
        self.lattice = joined_lattices([line.reading.lattice for line in self.lines])

    @property
    def glyphs(self) -> list[Glyph]:
        """What was read in the lines, character by character."""
        return [glyph for line in self.lines for glyph in line.reading.glyphs]

    @property
    def heard(self) -> str:
        """What the witness read in the lines, nothing where it was not asked of each."""
        heard = [line.heard for line in self.lines]
        return "".join(heard) if all(heard) else ""

    @property
    def alone_from(self) -> float:
        """From where on figures need no second reader: nothing in a phone number, or in a hand, says it is right."""
        by_hand = any(
            line.by_hand and not line.is_witnessed and line.confidence < UNCHECKED_ALONE_FROM for line in self.lines
        )
        is_unchecked = by_hand or (self.kind.name == "phone" and not all(line.is_witnessed for line in self.lines))
        return UNCHECKED_ALONE_FROM if is_unchecked else ALONE_FROM

    @property
    def is_of_figures(self) -> bool:
        """Whether the type is written in figures: the second reader is asked for each of them that is not sure."""
        return (self.kind.alphabet() or frozenset()) >= FIGURES

    @property
    def readable(self) -> frozenset[str] | None:
        """The characters that the second reader is held to: those of a type that has none but figures and letters."""
        alphabet = self.kind.alphabet() or frozenset()
        return alphabet if alphabet and all(ord(character) < 128 for character in alphabet) else None

    @property
    def is_doubt_of_characters(self) -> bool:
        """Whether nothing but the probability of characters makes the lines unsure."""
        return all(line.confidence >= min(line.reading.confidence or 0.0, AGREED_UP_TO) for line in self.lines)

    @property
    def is_word_of_list(self) -> bool:
        """Whether nothing but its characters, which a list may prove, and its spaces are unsure."""
        return all(
            (line.reading.confidence or 0.0) >= WORD_FROM
            and not (line.is_capped and line.confidence < SPACE_CONFIDENCE)
            for line in self.lines
        )

    @property
    def has_closed_four(self) -> bool:
        """Whether a 9 by hand may be a 4, which every reader takes for it, and no check digit can tell."""
        return may_be_fours(self.kind, self.lines)

    @property
    def is_beyond_witness(self) -> bool:
        """Whether no witness can change the answer: it is print, and read as surely as one makes it, or a name."""
        if any(line.by_hand for line in self.lines):
            return False
        is_sure = all(line.confidence >= WITNESSED for line in self.lines)
        return self.kind.name in UNBELIEVED or (is_sure and self.kind.name != "phone" and self.as_read().passes)

    def lacks_answer(self, text: str) -> bool:
        """Whether a text that should begin with yes or no begins with neither: one of them may have been misread."""
        is_mark = text.strip() in PLACEHOLDERS or isinstance(self.value(text), bool)
        return self.kind.name == "yes_no" and not is_mark and starts_with_answer(text) is None

    def may_lack_point(self, text: str) -> bool:
        """Whether a number that may have a decimal point has room for one and none was read."""
        is_pointed = "." in (self.kind.alphabet() or frozenset()) and "年" not in (self.kind.alphabet() or frozenset())
        return is_pointed and "." not in text and any(line.may_have_point for line in self.lines)

    def as_read(self) -> Guess:
        """The text as it stands in the document."""
        text = joined([(line.line, line.text) for line in self.lines], self.inside)
        return self.guess(text, min((line.confidence for line in self.lines), default=0.0))

    def guess(self, text: str, confidence: float) -> Guess:
        """A text with its type's opinion."""
        reading = self.kind.read(text)
        faults = [*reading.faults, *self.kind.check(reading.value)]
        objects = any(fault.severity is Severity.ERROR for fault in faults)
        return Guess(text, round(confidence, 4), bool(text) and reading.settled and not objects)

    def value(self, text: str) -> object:
        """The normal value of a text."""
        return self.kind.read(text).value

    def others(self, text: str) -> tuple[str, ...]:
        """Other readings of one line, best first."""
        if len(self.lines) != 1 or not self.lattice or len(text) > 40 or self.lines[0].boxes:
            return ()
        return tuple(other for other, chance in best_texts(self.lattice, 6) if chance > 0.01 and other != bare(text))[
            :MANY
        ]


def bare(text: str) -> str:
    """A text without its white space."""
    return "".join(text.split())


def joined_lattices(lattices: Sequence[Lattice]) -> Lattice:
    """The lattices of lines one after the other."""
    steps: list[Step] = []
    for lattice in lattices:
        steps += [*lattice, Step(1.0, (("", 1.0),))]
    return tuple(steps)


def lines_of(read: CellRead, cell: Cell) -> tuple[tuple[ReadLine, ...], bool]:
    """The lines of the cell that was asked for, and whether they are all of it: a part of a cell may be asked for."""
    wanted, present = bare(cell.text), bare(read.cell.text)
    if wanted == present or not wanted:
        return read.lines, True
    found = tuple(line for line in read.lines if line.text and bare(line.text) in wanted)
    if found and "".join(bare(line.text) for line in found) == wanted:
        return found, False
    start = "".join(line.reading.text for line in read.lines).find(wanted)
    if start < 0 or any(len(line.reading.glyphs) != len(line.reading.text) for line in read.lines):
        return (), False
    parts, passed = [], 0
    for line in read.lines:
        length = len(line.reading.text)
        low, high = max(0, start - passed), min(length, start + len(wanted) - passed)
        if low < high:
            parts.append(line if high - low == length else _part(line, low, high))
        passed += length
    return tuple(parts), False


def part_saying(line: ReadLine, text: str) -> ReadLine | None:
    """The part of a line that says a text, as sure as it was read; ``None`` where it does not stand in it.

    A line beside the tables holds several labels and values, and each is judged by itself. Of a text that stands in it
    more than once, the part that was read least surely.
    """
    own, wanted = line.reading.text, bare(text)
    if not wanted or line.is_capped or len(line.reading.glyphs) != len(own):
        return None
    starts = [start for start in range(len(own)) if own.startswith(wanted, start)]
    parts = [_part(line, start, start + len(wanted)) for start in starts]
    return min(parts, key=lambda part: part.confidence, default=None)


def _part(line: ReadLine, start: int, end: int) -> ReadLine:
    """Some characters of a line, as a line of their own; its crop stays that of the whole line's place."""
    glyphs = line.reading.glyphs
    low = (glyphs[start - 1].at + glyphs[start].at) / 2 if start else 0.0
    high = (glyphs[end - 1].at + glyphs[end].at) / 2 if end < len(glyphs) else 1.0

    def cut(lattice: Lattice) -> Lattice:
        return tuple(step for step in lattice if low <= step.at <= high)

    lattice = cut(line.reading.lattice)
    text = line.reading.text[start:end]
    confidence = confidence_of(lattice, glyphs_of(lattice))
    worth = confidence**line.care
    reading = replace(line.reading, text=text, confidence=confidence, glyphs=glyphs[start:end], lattice=lattice)
    raw_lattice = cut(line.raw.lattice)
    raw = replace(line.raw, text="".join(glyph.text for glyph in glyphs_of(raw_lattice)), lattice=raw_lattice)
    width = line.line.crop.shape[1]
    crop: Gray = line.line.crop[:, max(0, int(low * width)) : max(8, int(high * width))]
    return replace(line, line=replace(line.line, crop=crop), reading=reading, raw=raw, text=text, confidence=worth)
