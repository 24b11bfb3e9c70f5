"""What a row below a roster's head is: a person, a total, a group's name, a footer, or nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum

from forms.cleaning import squeeze
from forms.identity import ID_NUMBER
from forms.record import PLACEHOLDERS
from parsers.document import Cell
from parsers.locating.heads import Head
from parsers.locating.running import RunningReader
from parsers.locating.titles import TitleFinder
from parsers.locating.vocabulary import Vocabulary

_TOTAL = re.compile(
    r"^[(（]?(?:本页|本单位|全区|以上|本表|总|人数|单位|部门)?(?:合计|小计|总计|累计|共计|总数|合并)(?:[:：(（\d].*|人数?.*|金额.*|)$"
)
_GRAND_TOTAL = re.compile(r"^(?:合计|总计|共计|总数)")
_CARRIED = re.compile(
    r"^[(（]?(?:承[前上]页|[接转][前上]页|上页(?:结转|合计|小计)|[过转结]+(?:入)?[次下]页)(?:[:：(（\d].*|)$"
)
_LONGEST_TOTAL = 40
_TOTAL_LETTERS = frozenset("合小总累共页")
_NOTE = re.compile(r"^(?:注|备注|说明|填表说明|填报说明|填写说明|附注|填表须知)\s*\d*\s*[:：.、]|^[*※]|^\d[.、].{12,}")
_EXAMPLE = re.compile(r"^[(（]?(?:例|示例|样例|填写示例|例如|范例|举例|填报示例)[)）]?(?:[:：].*|\d*)$")
_WIDE = 0.6
_MOST, _FEWEST_TELLING = 0.6, 2
_FEW = 4
_FEWEST_NUMBERS = 3
_FEWEST_BOXES = 2
_FEWEST_STROKES = 4
_LONG = 40
_NARROW = 2
_SUMS = ("合计", "总计", "共计", "小计")
NOBODY = PLACEHOLDERS | {""}
"""What stands for the name and the number of nobody."""
_ORDINALS = frozenset(["甲", "乙", "丙", "丁", "戊", "己", "庚", "辛", "壬", "癸"])


class RowKind(StrEnum):
    """What a row is."""

    RECORD = "record"
    CONTINUED = "continued"
    """More of the person above, whose name, number and most else span both rows."""
    BLANK = "blank"
    TOTAL = "total"
    GROUP = "group"
    AROUND = "around"
    STRUCK = "struck"
    HIDDEN = "hidden"
    EXAMPLE = "example"
    NUMBERS = "numbers"
    UNCLEAR = "unclear"
    HEAD = "head"


class RowJudge:
    """Tells what the rows below one head are."""

    def __init__(
        self, head: Head, vocabulary: Vocabulary, running: RunningReader, titles: TitleFinder, hidden: frozenset[int]
    ) -> None:
        self._head = head
        self._vocabulary = vocabulary
        self._running = running
        self._titles = titles
        self._hidden = hidden
        self._width = max((column.column + column.span for column in head.columns), default=1)
        self._places = {
            place
            for column in head.known
            if column.meaning and column.meaning.keys != ("no",)
            for place in range(column.column, column.column + column.span)
        }
        self._name = self._place_of("name")
        self._identity = self._place_of("id_number")
        self._number = self._place_of("no")

    def _place_of(self, key: str) -> int | None:
        return next(
            (column.column for column in self._head.known if column.meaning and column.meaning.keys == (key,)), None
        )

    def judge(self, row: int, cells: Sequence[Cell], cover: Mapping[int, Cell]) -> RowKind:
        """What ``row`` is. ``cover`` gives the cell over each column, spans from above included."""
        own = [cell for cell in cells if cell.row == row and cell.text.strip()]
        if not own:
            return RowKind.BLANK
        if row in self._hidden:
            return RowKind.HIDDEN
        if self._is_continued(row, cover):
            return RowKind.CONTINUED
        name = self._text(cover, self._name)
        return self._by_first_words(own, name) or self._by_filling(own, name, cover)

    def _is_continued(self, row: int, cover: Mapping[int, Cell]) -> bool:
        """Whether what tells one person from the next, and most else, is in cells that began above."""
        telling = [place for place in (self._number, self._name, self._identity) if place is not None]
        if len(telling) < _FEWEST_TELLING or not all(self._is_from_above(row, cover.get(place)) for place in telling):
            return False
        return sum(self._is_from_above(row, cover.get(place)) for place in self._places) >= _MOST * len(self._places)

    @staticmethod
    def _is_from_above(row: int, cell: Cell | None) -> bool:
        return cell is not None and cell.row < row and bool(cell.text.strip())

    def _by_first_words(self, own: Sequence[Cell], name: str) -> RowKind | None:
        """A row that its first words, or a line through it, set apart from persons."""
        first = own[0].text
        if self._is_total(own):
            return RowKind.TOTAL
        if self._vocabulary.is_label(first) or (name and self._vocabulary.is_label(name)):
            return RowKind.HEAD
        if first[:1] in "例示样范举填(（" and _EXAMPLE.match(squeeze(first)):
            return RowKind.EXAMPLE
        if any(cell.struck for cell in own) and all(cell.struck for cell in own if cell.column != self._number):
            return RowKind.STRUCK
        return None

    def _by_filling(self, own: Sequence[Cell], name: str, cover: Mapping[int, Cell]) -> RowKind:
        identity = self._text(cover, self._identity)
        if name and ID_NUMBER.fullmatch(squeeze(identity).upper()):
            return RowKind.RECORD
        if self._is_of_boxes(own):
            return RowKind.AROUND
        if len(own) <= _FEW or len(own) * 3 <= len(self._places) or ":" in name or "：" in name:
            special = self._special(own)
            if special is not None:
                return special
        if self._is_numbering(own):
            return RowKind.NUMBERS
        if _is_crossed_through(own) and squeeze(identity) in NOBODY and _is_nobody(squeeze(name)):
            return RowKind.UNCLEAR
        if name or identity or self._filled(own) > (0 if self._is_numbered(own) else 1):
            return RowKind.RECORD
        return self._sparse(own)

    def _is_of_boxes(self, own: Sequence[Cell]) -> bool:
        """Whether boxes for seals stand in the row, wider than its columns: under a head that a page repeats."""
        if sum(cell.column_span > 1 for cell in own) < _FEWEST_BOXES:
            return False
        return len({one.box for one in self._running.read(own)} - {None}) >= _FEWEST_BOXES

    def _is_numbered(self, own: Sequence[Cell]) -> bool:
        """Whether the row begins with a running number in its column."""
        return len(own) > 1 and own[0].column == self._number and squeeze(own[0].text).isdecimal()

    def _filled(self, own: Sequence[Cell]) -> int:
        """How many cells stand in columns of persons' fields other than the running number."""
        return sum(1 for cell in own if self._places.intersection(range(cell.column, cell.column + cell.column_span)))

    def _text(self, cover: Mapping[int, Cell], place: int | None) -> str:
        cell = None if place is None else cover.get(place)
        return "" if cell is None else cell.text.strip()

    @staticmethod
    def _is_total(own: Sequence[Cell]) -> bool:
        return any(
            _TOTAL.match(squeeze(cell.text)) or _CARRIED.match(squeeze(cell.text))
            for cell in own[:3]
            if len(cell.text) <= _LONGEST_TOTAL and not _TOTAL_LETTERS.isdisjoint(cell.text)
        )

    def _special(self, own: Sequence[Cell]) -> RowKind | None:
        """A footer, a note, a title or a group's name; ``None`` for what may be a person."""
        first = own[0].text.strip()
        if _NOTE.match(first) or any(self._titles.form_in(cell.text) for cell in own):
            return RowKind.AROUND
        found = self._running.read(own)
        if any(one.meaning is not None or one.box is not None for one in found):
            return RowKind.AROUND
        if len(own) == 1 and own[0].column_span >= _WIDE * self._width and own[0].column_span > _NARROW:
            return RowKind.AROUND if found or len(first) > _LONG else RowKind.GROUP
        return None

    @staticmethod
    def _is_numbering(own: Sequence[Cell]) -> bool:
        """Whether the row numbers the columns of the head above it (1 2 3, or 甲 乙 1 2)."""
        if not all(_is_ordinal(cell.text) for cell in own[:3]):
            return False
        texts = [squeeze(cell.text).strip("()") for cell in own]
        numbers = [int(text) for text in texts if text.isdecimal()]
        if len(texts) < _FEWEST_NUMBERS or len(numbers) + sum(text in _ORDINALS for text in texts) < len(texts):
            return False
        return len(numbers) > 1 and numbers == list(range(numbers[0], numbers[0] + len(numbers)))

    def _sparse(self, own: Sequence[Cell]) -> RowKind:
        cell = own[0]
        texts = [squeeze(one.text) for one in own]
        if all(text.isdecimal() for text in texts) and len(own) == 1 and cell.column == self._number:
            return RowKind.BLANK
        if len(own) == 1 and (cell.column_span > 1 or cell.column in {self._number, 0}):
            return RowKind.GROUP
        return RowKind.UNCLEAR


def _is_nobody(name: str) -> bool:
    """Whether a text in the place of a name names nobody: a stroke, nothing, or words of a row of totals."""
    return name in NOBODY or any(word in name for word in _SUMS)


def _is_crossed_through(own: Sequence[Cell]) -> bool:
    """Whether a row is filled with strokes for nothing: a row of totals whose label was not read, or one left empty."""
    strokes = sum(squeeze(cell.text) in PLACEHOLDERS for cell in own)
    return strokes >= _FEWEST_STROKES and strokes * 2 > len(own)


def is_note(text: str) -> bool:
    """Whether a text is a note below the form (注：…, 填表说明：…)."""
    return _NOTE.match(text.strip()) is not None


def _is_ordinal(text: str) -> bool:
    bare = text.strip().strip("()（）")
    return bare.isdecimal() or bare in _ORDINALS


def is_grand_total(own: Sequence[Cell]) -> bool:
    """Whether a row of totals is the total of the form, not of a page or a group."""
    return any(_GRAND_TOTAL.match(squeeze(cell.text)) for cell in own[:3])
