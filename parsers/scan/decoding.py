"""A cell as a value of a known type: what the engine thinks of each character, weighed with what the type allows.

``review`` is false only when the reading is sure, passes the type's own checks, and (for ID numbers) no second reader
found another valid number. What was written wrongly on paper stays as it is written: a sure reading that fails a check
is shown to a person, never replaced by one that passes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from rapidfuzz import fuzz

from forms.fieldtypes.base import FieldType
from forms.finding import Severity
from forms.record import PLACEHOLDERS
from parsers.decoder import Decoded
from parsers.document import Cell
from parsers.ocr.base import Gray, OcrEngine
from parsers.ocr.lattice import Lattice, Step, best_texts, confidence_of, glyphs_of, probability_of, rewritten
from parsers.ocr.mistaken import lacks_number, meant, without_lone_dots
from parsers.ocr.variants import is_rare, plain
from parsers.scan.daysigns import is_guide, lacks_day_sign, with_day_sign, without_last_figure
from parsers.scan.docnumbers import has_odd_brackets, with_year_brackets
from parsers.scan.inktest import Ink
from parsers.scan.joining import joined
from parsers.scan.lowlines import has_low_line
from parsers.scan.page import CellRead
from parsers.scan.readlines import ReadLine
from parsers.scan.saidbefore import SaidBefore
from parsers.scan.units import PixelBox

SURE = 0.5
"""Below this a reading goes to a person whatever it is; above, :mod:`parsers.calibrating` says what it is worth."""
SURE_BRACKETS = 0.97
"""Brackets of a year that are no 〔〕 are believed from here on only; engines hardly tell 〔 from [."""
ALONE_FROM = 0.9
"""Figures read less surely than this are shown to the second reader."""
UNCHECKED_ALONE_FROM = 0.999
"""The same for phone numbers, and for figures written by hand."""
LIKE, LIKER, FEWEST_ALIKE = 50.0, 15.0, 3
"""How like a word of a list a text must be, in 100, to be shown as that word; by how much more than any other word;
and how many characters it takes."""
SURE_RARE = 0.97
"""The same for a text with a character outside GB 2312, which the engine has seen less of."""
CONFIRMED_FROM = 0.5
"""A reading at least this sure is raised when the second reader says the same."""
AGREED_FROM, AGREED_UP_TO = 0.7, 0.93
"""Words read as surely as this are shown to the second reader: surer ones pass without it, the others never do.

Counted on pages of seeds 473 and 474 that were no faxes, of free text and names that nothing else cast doubt on: of 29
such readings that it shared none was wrong, of 55 that it did not share 2 were.
"""
LISTED_FROM = 0.5
"""A word of a closed list at least this sure is raised when no other word of the list is possible."""
FIGURES = frozenset("0123456789")
LOOKALIKES = {
    "O": "0",
    "o": "0",
    "〇": "0",
    "○": "0",
    "l": "1",
    "I": "1",
    "|": "1",
    "丨": "1",
    "x": "X",
    "一": "-",
    "—": "-",
    "～": "-",
    "~": "-",
}
"""What figures are taken for, in fields that hold nothing else."""
MANY = 5
"""Candidates given at most."""


@dataclass(frozen=True, slots=True)
class _Guess:
    """A text, how sure it is, and whether its type takes it without an objection."""

    text: str
    confidence: float
    passes: bool


@dataclass
class ScanDecoder:
    """Answers :class:`parsers.decoder.CellDecoder` for the cells of scanned pages."""

    second: OcrEngine | None = None
    lattice_known: bool = True
    """False when the first engine gives no probabilities of characters: only proven values are then sure."""
    _cells: dict[tuple[int, tuple[float, float, float, float]], CellRead] = field(default_factory=dict)
    _said: SaidBefore = field(default_factory=SaidBefore)

    def remember(self, page: int, cells: Sequence[CellRead]) -> None:
        """Keeps the cells of a page for being asked."""
        for read in cells:
            if read.cell.box is not None:
                self._cells[page, read.cell.box] = read

    def decode(self, page: int, cell: Cell, field_type: FieldType) -> Decoded:
        """The reading of ``cell`` on page ``page`` (from zero)."""
        read = self._find(page, cell)
        if read is None:
            sure = cell.confidence is not None and cell.confidence >= SURE and self.lattice_known
            return Decoded(
                cell.text, cell.confidence, not sure, tuple(text for text, _ in cell.candidates if text != cell.text)
            )
        if read.seen.found.state is Ink.NONE:
            return Decoded("", read.cell.confidence, review=bool(read.seen.notes))
        lines, whole = _lines_of(read, cell)
        if not whole and not lines:
            return Decoded(cell.text, read.cell.confidence, review=True)
        if not any(line.text for line in lines):
            return Decoded(cell.text, 0.0, review=True)
        asked = _Asked(page, lines, read.seen.inside, field_type)
        decoded = self._agreed(asked, self._typed(asked))
        doubtful = read.seen.found.state is Ink.DOUBTFUL or read.seen.found.red_only or not read.seen.place.whole
        if doubtful or read.seen.notes or read.seen.crowded or (not read.seen.is_big and has_low_line(lines)):
            decoded = replace(decoded, confidence=min(decoded.confidence or 0.0, 0.5), review=True)
        if read.struck and read.struck not in decoded.candidates:
            decoded = replace(decoded, candidates=(*decoded.candidates[: MANY - 1], read.struck))
        return decoded

    def _find(self, page: int, cell: Cell) -> CellRead | None:
        return self._cells.get((page, cell.box)) if cell.box is not None else None

    def _typed(self, asked: _Asked) -> Decoded:
        alphabet = asked.kind.alphabet()
        if any(line.boxes for line in asked.lines) or not self.lattice_known:
            return self._plain(asked)
        if asked.kind.name == "name":
            return self._name(asked)
        if alphabet is not None and asked.is_of_figures:
            return self._figures(asked, alphabet)
        if asked.kind.choices():
            return self._listed(asked)
        return self._plain(asked)

    def _plain(self, asked: _Asked) -> Decoded:
        """Free text: as read, doubted for rare characters."""
        guess = asked.as_read()
        numbered = with_year_brackets(guess.text)
        is_sure = guess.passes and guess.confidence >= SURE_BRACKETS and not has_odd_brackets(guess.text)
        if numbered != guess.text and not is_sure:
            others = tuple(other for other in (guess.text, *asked.others(guess.text)) if other != numbered)
            return Decoded(numbered, guess.confidence, review=True, candidates=others[:MANY])
        right = meant(without_lone_dots(guess.text))
        if right != guess.text:
            others = tuple(other for other in (guess.text, *asked.others(guess.text)) if other != right)
            return Decoded(right, guess.confidence, review=True, candidates=others[:MANY])
        rare = any(is_rare(character) for character in guess.text)
        proven = guess.passes and (self.lattice_known or asked.kind.name in ("id_number", "credit_code"))
        sure = proven and guess.confidence >= (SURE_RARE if rare else SURE) and not lacks_number(guess.text)
        return Decoded(guess.text, guess.confidence, not sure, asked.others(guess.text))

    def _name(self, asked: _Asked) -> Decoded:
        """A name: as the engine saw it, the other form of a character a candidate."""
        text = "".join(line.raw.text for line in asked.lines).replace(" ", "")
        lattice = _joined([line.raw.lattice for line in asked.lines])
        sure = [confidence_of(lattice, glyphs_of(lattice)), *(line.confidence for line in asked.lines)]
        guess = asked.guess(text, round(min(sure), 4))
        rare = any(is_rare(character) for character in text)
        simple = "".join(plain(character) or "" for character in text)
        others = tuple(dict.fromkeys(other for other in (simple, *asked.others(text)) if other != text))
        is_sure = guess.passes and simple == text and guess.confidence >= (SURE_RARE if rare else SURE)
        return Decoded(text, guess.confidence, not is_sure, others[:MANY])

    def _listed(self, asked: _Asked) -> Decoded:
        """A word of a closed list, or another word that the type understands."""
        guess = asked.as_read()
        if guess.text.strip() in PLACEHOLDERS:
            return self._plain(asked)
        chances = sorted(((probability_of(asked.lattice, word), word) for word in asked.kind.choices()), reverse=True)
        best, others = chances[0], sum(chance for chance, _ in chances[1:])
        if guess.passes:
            alone = _bare(guess.text) == best[1] and best[0] >= LISTED_FROM and others < 0.01 * best[0]
            confidence = max(guess.confidence, 0.95) if alone else guess.confidence
            return Decoded(guess.text, confidence, confidence < SURE, asked.others(guess.text))
        if best[0] > 0.05 and others < 0.05 * best[0]:
            return Decoded(
                best[1], round(best[0], 4), review=True, candidates=(guess.text, *asked.others(best[1]))[:MANY]
            )
        near = _nearest(guess.text, asked.kind.choices())
        if near is not None:
            candidates = (guess.text, *asked.others(near))[:MANY]
            return Decoded(near, min(guess.confidence, SURE), review=True, candidates=candidates)
        return Decoded(guess.text, guess.confidence, review=True, candidates=asked.others(guess.text))

    def _figures(self, asked: _Asked, alphabet: frozenset[str]) -> Decoded:
        """Numbers, dates, phones: limited to their characters, and confirmed by the second reader."""
        guess = asked.as_read()
        if guess.passes and guess.text.strip() in PLACEHOLDERS:
            return self._plain(asked)
        if "年" in alphabet and not guess.passes and is_guide(guess.text):
            return Decoded("", min(guess.confidence, 0.5), review=True, candidates=(guess.text,))
        limited = rewritten(asked.lattice, lambda character: _limited(character, alphabet))
        glyphs = glyphs_of(limited)
        text = "".join(glyph.text for glyph in glyphs)
        if text and (not guess.passes or _bare(guess.text) != text):
            narrow = asked.guess(text, round(confidence_of(limited, glyphs), 4))
            if narrow.confidence > guess.confidence or (narrow.passes and not guess.passes):
                guess = narrow
        if asked.kind.name == "day" and guess.passes and lacks_day_sign(guess.text):
            shorter = [text for text in (without_last_figure(guess.text),) if asked.guess(text, 0.0).passes]
            return Decoded(guess.text, min(guess.confidence, SURE), review=True, candidates=tuple(shorter))
        if asked.kind.name != "id_number" and guess.passes and guess.confidence >= asked.alone_from:
            return Decoded(guess.text, guess.confidence, review=False)
        whole = with_day_sign(guess.text)
        if not guess.passes and whole is not None and asked.guess(whole, 0.0).passes:
            return Decoded(whole, min(guess.confidence, SURE), review=True, candidates=(guess.text,))
        others = tuple(text for text, chance in best_texts(limited) if chance > 0.01 and text != guess.text)
        return self._confirmed(asked, guess, others[:MANY])

    def _confirmed(self, asked: _Asked, guess: _Guess, others: tuple[str, ...]) -> Decoded:
        """What the second reader makes of a guess."""
        second = self._ask_second(asked)
        if second is None:
            sure = guess.passes and guess.confidence >= asked.alone_from
            return Decoded(guess.text, guess.confidence, not sure, others)
        same = asked.value(second) == asked.value(guess.text)
        if same and guess.passes:
            confidence = guess.confidence
            if confidence >= CONFIRMED_FROM:
                confidence = _doubly(confidence)
            return Decoded(guess.text, confidence, confidence < SURE, others)
        other_is_valid = asked.guess(second, 0.5).passes
        candidates = tuple(dict.fromkeys((second, *others) if second else others))[:MANY]
        passing = [text for text in others if asked.guess(text, 0.0).passes]
        if not guess.passes and other_is_valid and second in passing and guess.confidence < 0.7:
            return Decoded(second, 0.6, review=True, candidates=tuple(dict.fromkeys((guess.text, *others)))[:MANY])
        sure = guess.passes and guess.confidence >= asked.alone_from and not other_is_valid
        return Decoded(guess.text, guess.confidence, not sure, candidates)

    def _agreed(self, asked: _Asked, decoded: Decoded) -> Decoded:
        """Words that are not quite sure, surer where the second reader says the same.

        That answers only whether the characters are right. Where something else is in doubt, a space that nobody can
        see or ink that was not read, it changes nothing.
        """
        sure = decoded.confidence or 0.0
        is_open = not decoded.review and not asked.is_of_figures and asked.is_doubt_of_characters
        if not is_open or not AGREED_FROM <= sure < AGREED_UP_TO:
            return decoded
        second = self._ask_second(asked)
        if second is None or _bare(second) != "".join(plain(character) or "" for character in _bare(decoded.text)):
            return decoded
        return replace(decoded, confidence=_doubly(sure))

    def _ask_second(self, asked: _Asked) -> str | None:
        """The second reader's text, ``None`` without one."""
        if self.second is None:
            return None
        return self._said.by(self.second, asked.lines, lambda: self._alike(asked), asked.readable)

    def _alike(self, asked: _Asked) -> list[ReadLine]:
        """For an ID number every line of the page that looks like one, for words the unsure."""
        is_alike = _like_id if asked.kind.name == "id_number" else _is_unsure if asked.readable is None else None
        if is_alike is None:
            return []
        lines = (line for (page, _), read in self._cells.items() if page == asked.page for line in read.lines)
        return [line for line in lines if is_alike(line)]


def _doubly(sure: float) -> float:
    """How sure a reading is that two readers share of whom the first was as sure as this."""
    return round(1 - (1 - sure) * 0.15, 4)


def _nearest(text: str, choices: Sequence[str]) -> str | None:
    """The one word of a list that a text is like."""
    if len(_bare(text)) < FEWEST_ALIKE:
        return None
    alike = sorted(((fuzz.ratio(_bare(text), word), word) for word in choices), reverse=True)
    if not alike or alike[0][0] < LIKE:
        return None
    return alike[0][1] if len(alike) == 1 or alike[0][0] - alike[1][0] >= LIKER else None


def _is_unsure(line: ReadLine) -> bool:
    return AGREED_FROM <= line.confidence < AGREED_UP_TO and not _like_id(line)


def _like_id(line: ReadLine) -> bool:
    text = line.reading.text
    return 15 <= len(text) <= 21 and sum(character in "0123456789Xx" for character in text) >= len(text) - 2


def _bare(text: str) -> str:
    return "".join(text.split())


def _limited(character: str, alphabet: frozenset[str]) -> str | None:
    if character in alphabet:
        return character
    fresh = LOOKALIKES.get(character, character.upper())
    return fresh if fresh in alphabet else None


def _joined(lattices: Sequence[Lattice]) -> Lattice:
    """The lattices of lines one after the other."""
    steps: list[Step] = []
    for lattice in lattices:
        steps += [*lattice, Step(1.0, (("", 1.0),))]
    return tuple(steps)


def _lines_of(read: CellRead, cell: Cell) -> tuple[tuple[ReadLine, ...], bool]:
    """The lines of the cell that was asked for, and whether they are all of it: a part of a cell may be asked for."""
    wanted, present = _bare(cell.text), _bare(read.cell.text)
    if wanted == present or not wanted:
        return read.lines, True
    found = tuple(line for line in read.lines if line.text and _bare(line.text) in wanted)
    if found and "".join(_bare(line.text) for line in found) == wanted:
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
    reading = replace(line.reading, text=text, confidence=confidence, glyphs=glyphs[start:end], lattice=lattice)
    raw_lattice = cut(line.raw.lattice)
    raw = replace(line.raw, text="".join(glyph.text for glyph in glyphs_of(raw_lattice)), lattice=raw_lattice)
    width = line.line.crop.shape[1]
    crop: Gray = line.line.crop[:, max(0, int(low * width)) : max(8, int(high * width))]
    return replace(line, line=replace(line.line, crop=crop), reading=reading, raw=raw, text=text, confidence=confidence)


@dataclass
class _Asked:
    """One question: which lines, as which type."""

    page: int
    lines: Sequence[ReadLine]
    inside: PixelBox
    kind: FieldType

    def __post_init__(self) -> None:
        self.lattice = _joined([line.reading.lattice for line in self.lines])

    @property
    def alone_from(self) -> float:
        """From where on figures need no second reader: nothing in a phone number, or in a hand, says it is right."""
        is_unchecked = self.kind.name == "phone" or any(line.by_hand for line in self.lines)
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

    def as_read(self) -> _Guess:
        """The text as it stands in the document."""
        text = joined([(line.line, line.text) for line in self.lines], self.inside)
        return self.guess(text, min((line.confidence for line in self.lines), default=0.0))

    def guess(self, text: str, confidence: float) -> _Guess:
        """A text with its type's opinion."""
        reading = self.kind.read(text)
        faults = [*reading.faults, *self.kind.check(reading.value)]
        objects = any(fault.severity is Severity.ERROR for fault in faults)
        return _Guess(text, round(confidence, 4), bool(text) and reading.settled and not objects)

    def value(self, text: str) -> object:
        """The normal value of a text."""
        return self.kind.read(text).value

    def others(self, text: str) -> tuple[str, ...]:
        """Other readings of one line, best first."""
        if len(self.lines) != 1 or not self.lattice or len(text) > 40 or self.lines[0].boxes:
            return ()
        return tuple(other for other, chance in best_texts(self.lattice, 6) if chance > 0.01 and other != _bare(text))[
            :MANY
        ]
