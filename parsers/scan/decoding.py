"""A cell as a value of a known type: what the engine thinks of each character, weighed with what the type allows.

``review`` is false only when the reading is sure, passes the type's own checks, and (for ID numbers) no second reader
found another valid number. What was written wrongly on paper stays as it is written: a sure reading that fails a check
is shown to a person, never replaced by one that passes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from forms.fieldtypes.base import FieldType
from forms.record import PLACEHOLDERS
from parsers.decoder import Decoded
from parsers.document import Cell, SealSeen
from parsers.ocr.base import OcrEngine
from parsers.ocr.lattice import best_texts, confidence_of, glyphs_of, probability_of, rewritten
from parsers.ocr.mistaken import lacks_number, meant, without_lone_dots
from parsers.ocr.variants import OLD_PRINT, in_simplified, is_rare, with_other_forms_counted
from parsers.scan.asking import (
    AGREED_FROM,
    AGREED_UP_TO,
    ANSWERS,
    MANY,
    Asked,
    Guess,
    bare,
    joined_lattices,
    lines_of,
    part_saying,
)
from parsers.scan.bilevel import as_sure_as, is_coarse
from parsers.scan.daysigns import is_guide, lacks_day_sign, with_day_sign, without_last_figure
from parsers.scan.docnumbers import has_odd_brackets, with_office_space, with_year_brackets
from parsers.scan.echoes import Echoes
from parsers.scan.handwriting import DOUBT
from parsers.scan.inktest import Ink
from parsers.scan.keeping import KeptPages
from parsers.scan.laidover import LaidOver, as_laid_over
from parsers.scan.likelydays import AS_WRITTEN, as_likely_day
from parsers.scan.listwords import likeliest, nearest, stands_apart
from parsers.scan.lookalikes import as_allowed
from parsers.scan.lookingagain import Looks
from parsers.scan.lowlines import has_high_line, has_low_line
from parsers.scan.page import CellRead
from parsers.scan.proving import (
    COMMALESS,
    LONGEST_BY_HAND,
    PROVEN,
    SPACELESS,
    is_proven_by_type,
    is_proven_by_words,
    meant_in_words,
    proven_word,
)
from parsers.scan.readlines import ReadLine
from parsers.scan.saidbefore import SaidBefore
from parsers.scan.samenames import SameNames, as_elsewhere
from parsers.scan.schools import with_school_space
from parsers.scan.twins import Twins
from parsers.scan.unitends import as_whole_name
from parsers.scan.witnessing import WITNESSED, least_of, may_be_witnessed, witnessed

SURE = 0.5
"""Below this a reading goes to a person whatever it is; above, :mod:`parsers.calibrating` says what it is worth."""
SURE_BRACKETS = 0.97
"""Brackets of a year that are no 〔〕 are believed from here on only; engines hardly tell 〔 from [."""
BRACKETS = frozenset("[]()（）【】「」{}")
SURE_RARE = 0.97
"""The same for a text with a character outside GB 2312, which the engine has seen less of."""
LINE_FROM = 0.9
"""A value in a line around the tables, of which no more is known than how surely the whole line was read."""
MARKLESS = SPACELESS | {"day", "month", "integer"}
"""Types that are the same with a space or a comma that was passed over somewhere in such a line."""
CONFIRMED_FROM = 0.5
"""A reading at least this sure is raised when the second reader says the same."""
LISTED_FROM = 0.5
"""A word of a closed list at least this sure is raised when no other word of the list is possible."""


@dataclass
class ScanDecoder:
    """Answers :class:`parsers.decoder.CellDecoder` for the cells of scanned pages."""

    second: OcrEngine | None = None
    witness: OcrEngine | None = None
    first: OcrEngine | None = None
    """Reads lines of coarse pages, and is asked for them again."""
    lattice_known: bool = True
    """False when the first engine gives no probabilities of characters: only proven values are then sure."""
    _kept: KeptPages = field(default_factory=KeptPages)
    _said: SaidBefore = field(default_factory=SaidBefore)
    _twins: Twins = field(default_factory=Twins)
    _echoes: Echoes = field(default_factory=Echoes)
    _names: SameNames = field(default_factory=SameNames)
    _texts: LaidOver = field(default_factory=LaidOver)

    def __post_init__(self) -> None:
        self._looks = Looks(self.first, self.witness)

    def remember(
        self,
        page: int,
        cells: Sequence[CellRead],
        around: Sequence[ReadLine] = (),
        seals: Sequence[SealSeen] = (),
    ) -> None:
        """Keeps the cells of a page, the lines around its tables, and what its seals say, for being asked."""
        self._names.seal(seals)
        self._kept.keep(page, (read.without_strokes() for read in cells), around)
        for read in cells:
            if read.cell.box is not None:
                self._twins.add(read.cell.text)
                self._echoes.add(page, read.lines)
                self._names.add(page, read.lines)
                self._texts.add(page, read.lines, read.cell.text)

    def decode(self, page: int, cell: Cell, field_type: FieldType) -> Decoded:
        """The reading of ``cell`` on page ``page`` (from zero)."""
        if cell.row < 0:
            return self._beside(page, cell, field_type)
        read = self._find(page, cell)
        if read is None:
            sure = cell.confidence is not None and cell.confidence >= SURE and self.lattice_known
            return Decoded(
                cell.text, cell.confidence, not sure, tuple(text for text, _ in cell.candidates if text != cell.text)
            )
        if read.seen.found.state is Ink.NONE:
            return Decoded("", read.cell.confidence, review=bool(read.seen.notes))
        lines, whole = lines_of(read, cell)
        if not whole and not lines:
            return Decoded(cell.text, read.cell.confidence, review=True)
        if not any(line.text for line in lines):
            return Decoded(cell.text, 0.0, review=True)
        asked = self._with_witness(Asked(page, lines, read.seen.inside, field_type))
        decoded = self._agreed(asked, self._typed(asked))
        marked = self._twins.marked_otherwise(decoded.text) if field_type.alphabet() is None else ()
        if marked:
            others = tuple(dict.fromkeys((*marked, *decoded.candidates)))[:MANY]
            decoded = replace(decoded, confidence=min(decoded.confidence or 0.0, SURE), review=True, candidates=others)
        doubtful = read.seen.found.state is Ink.DOUBTFUL or read.seen.found.red_only or not read.seen.place.whole
        crowded = read.seen.crowded and not (decoded.confidence == PROVEN and field_type.choices())
        misfit = not read.seen.is_big and (has_low_line(lines) or has_high_line(lines))
        if doubtful or read.seen.notes or crowded or misfit:
            decoded = replace(decoded, confidence=min(decoded.confidence or 0.0, 0.5), review=True)
        if read.struck and read.struck not in decoded.candidates:
            decoded = replace(decoded, candidates=(*decoded.candidates[: MANY - 1], read.struck))
        return decoded

    def _beside(self, page: int, cell: Cell, field_type: FieldType) -> Decoded:
        """The reading of a value in a line around the tables, which holds more than this value."""
        line = self._kept.page(page).around.get(cell.box) if cell.box is not None else None
        if line is not None and field_type.name in MARKLESS:
            line = line.but_for_gaps(has_marks=field_type.name == "name")
        part = part_saying(line, cell.text) if line is not None and self.lattice_known else None
        if line is None or part is None:
            others = tuple(text for text, _ in cell.candidates if text != cell.text)
            return Decoded(cell.text, cell.confidence, (cell.confidence or 0.0) < LINE_FROM, others)
        part = replace(part, text=cell.text)
        asked = self._with_witness(Asked(page, [part], line.line.box, field_type))
        return self._agreed(asked, self._typed(asked))

    def _with_witness(self, asked: Asked) -> Asked:
        """The question with its lines surer where the witness reads the same; it is asked only where it may matter."""
        kind = asked.kind.name
        asked = replace(asked, lines=self._echoes.raised(asked.page, kind, as_sure_as(kind, asked.lines)))
        least = least_of(asked.kind, asked.lines)
        if kind in SPACELESS:
            asked = replace(asked, lines=[line.but_for_gaps(has_marks=kind == "name") for line in asked.lines])
        if kind == "text" and with_school_space(asked.lines, asked.as_read().text):
            asked = replace(asked, lines=[line.but_for_gaps() for line in asked.lines])
        if kind in COMMALESS:
            asked = replace(asked, lines=[line.without_put_commas() for line in asked.lines])
        needed = any(may_be_witnessed(line) for line in asked.lines) and not asked.is_beyond_witness
        if self.witness is None or not needed:
            return asked
        said = self._looks.witnessed.each(self.witness, asked.lines, lambda: self._unsure_of(asked.page), None)
        return asked if said is None else replace(asked, lines=witnessed(asked.lines, said, least))

    def _unsure_of(self, page: int) -> list[ReadLine]:
        """The lines of a page's cells that a witness is likely to be asked for; opinions are no values."""
        cells = (read for read in self._kept.page(page).cells.values() if not read.seen.is_big)
        lines = (line for read in cells for line in read.lines if may_be_witnessed(line))
        return [line for line in lines if line.by_hand or line.confidence < WITNESSED]

    def _find(self, page: int, cell: Cell) -> CellRead | None:
        return self._kept.page(page).cells.get(cell.box) if cell.box is not None else None

    def _typed(self, asked: Asked) -> Decoded:
        alphabet = asked.kind.alphabet()
        if any(line.boxes for line in asked.lines) or not self.lattice_known:
            return self._plain(asked)
        if asked.kind.name == "name":
            return self._name(asked)
        if alphabet is not None and asked.is_of_figures:
            decoded = self._figures(asked, alphabet)
            return as_likely_day(asked, decoded) if asked.kind.name == "day" and decoded.text else decoded
        if asked.kind.choices():
            return as_laid_over(self._texts, asked, self._listed(asked))
        named = as_whole_name(asked, as_elsewhere(self._names, asked, self._plain(asked)))
        return as_laid_over(self._texts, asked, named)

    def _plain(self, asked: Asked) -> Decoded:
        """Free text: as read, doubted for rare characters."""
        guess = asked.as_read()
        guess = replace(guess, text=with_school_space(asked.lines, guess.text) or guess.text)
        numbered = with_year_brackets(guess.text)
        if any(line.may_have_space for line in asked.lines):
            numbered = with_office_space(numbered)
        sure = min(guess.confidence, _of_brackets(asked.lines))
        is_sure = guess.passes and sure >= SURE_BRACKETS and not has_odd_brackets(guess.text)
        if numbered != guess.text and not is_sure:
            others = tuple(other for other in (guess.text, *asked.others(guess.text)) if other != numbered)
            return Decoded(numbered, guess.confidence, review=True, candidates=others[:MANY])
        right = meant(without_lone_dots(guess.text))
        if right != guess.text:
            others = tuple(other for other in (guess.text, *asked.others(guess.text)) if other != right)
            return Decoded(right, guess.confidence, review=True, candidates=others[:MANY])
        if guess.passes and guess.confidence < PROVEN and not has_odd_brackets(guess.text):
            decoded = self._in_words(asked, guess)
            if decoded is not None:
                return decoded
        if asked.lacks_answer(guess.text):  # 定 was read for 是
            others = tuple(dict.fromkeys((*asked.others(guess.text), *ANSWERS)))[:MANY]
            return Decoded(guess.text, min(guess.confidence, SURE), review=True, candidates=others)
        rare = any(is_rare(character) for character in guess.text)
        proven = guess.passes and (self.lattice_known or asked.kind.name in ("id_number", "credit_code"))
        sure = proven and guess.confidence >= (SURE_RARE if rare else SURE) and not lacks_number(guess.text)
        sure = sure and not asked.has_closed_four
        return Decoded(guess.text, guess.confidence, not sure, asked.others(guess.text))

    @staticmethod
    def _in_words(asked: Asked, guess: Guess) -> Decoded | None:
        """What words make of an unsure reading: they prove it, or say what it must mean; ``None`` where neither."""
        if not lacks_number(guess.text) and is_proven_by_words(asked, guess.text):
            return Decoded(guess.text, PROVEN, review=False, candidates=asked.others(guess.text))
        is_open = guess.confidence < AGREED_UP_TO or any(line.by_hand for line in asked.lines)
        better = meant_in_words(asked, guess.text) if is_open else None
        if better is None and any(line.by_hand for line in asked.lines):
            other = meant_in_words(asked, guess.text, doubt=DOUBT)
            if other is not None and len(guess.text) <= LONGEST_BY_HAND:
                candidates = tuple(dict.fromkeys((other, *asked.others(guess.text))))[:MANY]
                return Decoded(guess.text, min(guess.confidence, SURE), review=True, candidates=candidates)
        if better is None or not asked.guess(better, 0.0).passes:
            return None
        others = tuple(other for other in (guess.text, *asked.others(guess.text)) if other != better)
        return Decoded(better, min(guess.confidence, SURE), review=True, candidates=others[:MANY])

    def _name(self, asked: Asked) -> Decoded:
        """A name: as the engine saw it, the other form of a character a candidate."""
        text = "".join(OLD_PRINT.get(mark, mark) for line in asked.lines for mark in line.raw.text if mark != " ")
        seen = joined_lattices([line.raw.lattice for line in asked.lines])
        lattice = with_other_forms_counted(rewritten(seen, lambda character: OLD_PRINT.get(character, character)))
        sure = [confidence_of(lattice, glyphs_of(lattice)), *(line.confidence for line in asked.lines)]
        guess = asked.guess(text, round(min(sure), 4))
        rare = any(is_rare(character) for character in text)
        simple = in_simplified(text)
        if simple != text and any(line.care > 1 and not line.by_hand for line in asked.lines):  # 腾 was read as 騰
            others = tuple(other for other in asked.others(text) if other != simple)
            return Decoded(simple, min(guess.confidence, SURE), review=True, candidates=(text, *others)[:MANY])
        others = tuple(dict.fromkeys(other for other in (simple, *asked.others(text)) if other != text))
        is_sure = guess.passes and simple == text and guess.confidence >= (SURE_RARE if rare else SURE)
        if guess.passes and simple == text and any(map(is_coarse, asked.lines)):
            is_sure = self._looks.are_alike(asked.lines) and (not rare or is_sure)
            return Decoded(text, WITNESSED if is_sure else min(guess.confidence, SURE), not is_sure, others[:MANY])
        return Decoded(text, guess.confidence, not is_sure, others[:MANY])

    def _listed(self, asked: Asked) -> Decoded:
        """A word of a closed list, or another word that the type understands."""
        guess = asked.as_read()
        if guess.text.strip() in PLACEHOLDERS:
            return self._plain(asked)
        proven = proven_word(asked) if guess.confidence < PROVEN or not guess.passes else None
        if proven is not None:
            as_read = (guess.text,) if bare(guess.text) != proven else ()
            return Decoded(proven, PROVEN, review=False, candidates=as_read)
        chances = sorted(((probability_of(asked.lattice, word), word) for word in asked.kind.choices()), reverse=True)
        best, others = chances[0], sum(chance for chance, _ in chances[1:])
        if guess.passes:
            alone = bare(guess.text) == best[1] and best[0] >= LISTED_FROM and others < 0.01 * best[0]
            alone = alone or (asked.is_word_of_list and stands_apart(guess.text, asked.kind.choices()))
            confidence = max(guess.confidence, 0.95) if alone else guess.confidence
            if (
                confidence < PROVEN
                and bare(guess.text) in asked.kind.choices()
                and is_proven_by_words(asked, guess.text)
            ):
                confidence = PROVEN
            return Decoded(guess.text, confidence, confidence < SURE, asked.others(guess.text))
        if best[0] > 0.05 and others < 0.05 * best[0]:
            return Decoded(
                best[1], round(best[0], 4), review=True, candidates=(guess.text, *asked.others(best[1]))[:MANY]
            )
        near = nearest(guess.text, asked.kind.choices())
        if near is None and guess.confidence < AS_WRITTEN:
            near = likeliest(asked.glyphs, asked.kind.choices())
        if near is not None:
            candidates = (guess.text, *asked.others(near))[:MANY]
            return Decoded(near, min(guess.confidence, SURE), review=True, candidates=candidates)
        return Decoded(guess.text, guess.confidence, review=True, candidates=asked.others(guess.text))

    def _figures(self, asked: Asked, alphabet: frozenset[str]) -> Decoded:
        """Numbers, dates, phones: limited to their characters, and confirmed by the second reader."""
        guess = asked.as_read()
        if guess.passes and guess.text.strip() in PLACEHOLDERS:
            return self._plain(asked)
        if "年" in alphabet and not guess.passes and is_guide(guess.text):
            return Decoded("", min(guess.confidence, 0.5), review=True, candidates=(guess.text,))
        limited = rewritten(asked.lattice, lambda character: as_allowed(character, alphabet))
        glyphs = glyphs_of(limited)
        text = "".join(glyph.text for glyph in glyphs)
        if text and (not guess.passes or bare(guess.text) != text):
            narrow = asked.guess(text, round(confidence_of(limited, glyphs), 4))
            if narrow.confidence > guess.confidence or (narrow.passes and not guess.passes):
                guess = narrow
        if asked.kind.name == "day" and guess.passes and lacks_day_sign(guess.text):
            shorter = [text for text in (without_last_figure(guess.text),) if asked.guess(text, 0.0).passes]
            return Decoded(guess.text, min(guess.confidence, SURE), review=True, candidates=tuple(shorter))
        if asked.may_lack_point(guess.text):
            return Decoded(guess.text, min(guess.confidence, SURE), review=True)
        is_open = guess.passes and guess.confidence < max(PROVEN, asked.alone_from)
        if is_open and is_proven_by_type(asked, limited, guess.text):
            return Decoded(guess.text, max(guess.confidence, PROVEN), review=False)
        is_alone = guess.passes and guess.confidence >= asked.alone_from and not asked.has_closed_four
        if asked.kind.name != "id_number" and is_alone:
            return Decoded(guess.text, guess.confidence, review=False)
        whole = with_day_sign(guess.text)
        if not guess.passes and whole is not None and asked.guess(whole, 0.0).passes:
            return Decoded(whole, min(guess.confidence, SURE), review=True, candidates=(guess.text,))
        others = tuple(text for text, chance in best_texts(limited) if chance > 0.01 and text != guess.text)
        return self._confirmed(asked, guess, others[:MANY])

    def _confirmed(self, asked: Asked, guess: Guess, others: tuple[str, ...]) -> Decoded:
        """What the second reader makes of a guess."""
        second = self._ask_second(asked)
        is_alone = guess.passes and guess.confidence >= asked.alone_from and not asked.has_closed_four
        if second is None:
            return Decoded(guess.text, guess.confidence, not is_alone, others)
        same = asked.value(second) == asked.value(guess.text)
        is_open = asked.has_closed_four or any(_is_pointed_otherwise(asked, guess.text, other) for other in others)
        if same and guess.passes and is_open:
            return Decoded(guess.text, min(guess.confidence, SURE), review=True, candidates=others)
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
        return Decoded(guess.text, guess.confidence, not (is_alone and not other_is_valid), candidates)

    def _agreed(self, asked: Asked, decoded: Decoded) -> Decoded:
        """Words that are not quite sure, surer where the second reader says the same.

        That answers only whether the characters are right. Where something else is in doubt, a space that nobody can
        see or ink that was not read, it changes nothing.
        """
        sure = decoded.confidence or 0.0
        is_open = not decoded.review and not asked.is_of_figures and asked.is_doubt_of_characters
        if not is_open or not AGREED_FROM <= sure < AGREED_UP_TO:
            return decoded
        second = self._ask_second(asked)
        if second is None or bare(second) != in_simplified(bare(decoded.text)):
            return decoded
        return replace(decoded, confidence=_doubly(sure))

    def _ask_second(self, asked: Asked) -> str | None:
        """The second reader's text, ``None`` without one."""
        if self.second is None:
            return None
        return self._said.by(self.second, asked.lines, lambda: self._alike(asked), asked.readable)

    def _alike(self, asked: Asked) -> list[ReadLine]:
        """For an ID number every line of the page that looks like one, for words the unsure."""
        is_alike = _like_id if asked.kind.name == "id_number" else _is_unsure if asked.readable is None else None
        if is_alike is None:
            return []
        lines = (line for read in self._kept.page(asked.page).cells.values() for line in read.lines)
        return [line for line in lines if is_alike(line)]


def _doubly(sure: float) -> float:
    """How sure a reading is that two readers share of whom the first was as sure as this."""
    return round(1 - (1 - sure) * 0.15, 4)


def _is_pointed_otherwise(asked: Asked, text: str, other: str) -> bool:
    """Whether another reading is the same figures with another point or stroke between them, and another value.

    A point is the first thing that every reader loses, so that two who do not see it prove nothing.
    """
    return _figures_of(other) == _figures_of(text) and asked.value(other) != asked.value(text)


def _of_brackets(lines: Sequence[ReadLine]) -> float:
    """How sure the engine itself is of the lines with brackets: a witness takes 〔 for [ as it does."""
    return min((line.reading.confidence or 0.0 for line in lines if BRACKETS & set(line.text)), default=1.0)


def _figures_of(text: str) -> str:
    return "".join(character for character in text if character.isalnum())


def _is_unsure(line: ReadLine) -> bool:
    return AGREED_FROM <= line.confidence < AGREED_UP_TO and not _like_id(line)


def _like_id(line: ReadLine) -> bool:
    text = line.reading.text
    return 15 <= len(text) <= 21 and sum(character in "0123456789Xx" for character in text) >= len(text) - 2
