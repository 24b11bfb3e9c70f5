"""The head of a roster, the row that stands for each person, and the row of totals."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from forms.cleaning import squeeze
from forms.definition import Field, FormDefinition
from parsers.document import Cell, Grid, Page
from parsers.locating.heads import Column, Head, HeadFinder
from parsers.locating.parts import GridSlice
from parsers.locating.rows import RowJudge, RowKind
from parsers.locating.running import RunningReader
from parsers.locating.titles import TitleFinder
from parsers.locating.vocabulary import Certainty, Role, vocabulary_of
from writers.adopting.model import Edit, How, Place, RowPlan, Scope, Spot, Unknown
from writers.adopting.stretches import Written, combined, tag

_FEWEST_FIELDS = 3
_HEAD_WITHIN = 60
_ELLIPSIS = re.compile(r"^[…\.。·~～]+$")
_TOTAL_ROOM = re.compile(r"[ \t\u3000_＿]*(?=人)")
_COUNTED = ("name", "no", "id_number", "sex", "unit")
_PRINTED_BLANK = re.compile(r"^[\s_＿/／—\-0-9人]*$")


@dataclass
class Roster:
    """What one table gave: its rows of persons, the places in them, and the rows around."""

    rows: RowPlan
    places: list[Place] = field(default_factory=list)
    edits: list[Edit] = field(default_factory=list)
    unknown: list[Unknown] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    around: list[GridSlice] = field(default_factory=list)


def find_rows(
    definition: FormDefinition, titles: TitleFinder, page: Page, number: int, piece: GridSlice
) -> Roster | None:
    """The rows of persons of a table; ``None`` where it has no head of this form."""
    rows = piece.rows()
    finder = HeadFinder(vocabulary_of(definition), rows)
    for row in sorted(rows)[:_HEAD_WITHIN]:
        head = finder.at(row)
        if head is not None and head.sure >= _FEWEST_FIELDS:
            return _Finder(definition, titles, (page, number, piece), head).roster()
    return None


class _Finder:
    def __init__(
        self, definition: FormDefinition, titles: TitleFinder, place: tuple[Page, int, GridSlice], head: Head
    ) -> None:
        self._definition = definition
        self._page, self._number, self._piece = place
        self._head = head
        self._fields = {item.key: item for item in definition.fields}
        vocabulary = vocabulary_of(definition)
        self._vocabulary = vocabulary
        running = RunningReader(vocabulary, person_too=False)
        self._judge = RowJudge(head, vocabulary, running, titles, self._piece.grid.hidden_rows)
        self._columns: dict[str, Column] = {}
        self._examples: list[int] = []

    def roster(self) -> Roster:
        rows = self._piece.rows()
        kinds = {row: self._kind(row, rows) for row in range(self._head.bottom, self._piece.bottom)}
        persons, examples = self._persons(kinds)
        self._examples = examples
        shown = examples[0] if examples and not persons else None
        prototype = persons[0] if persons else self._head.bottom if shown is None else shown
        dropped = tuple(sorted({*persons[1:], *examples} - {prototype}))
        plan = RowPlan(self._page.index, self._number, (self._head.top, self._head.bottom), prototype, dropped)
        roster = Roster(plan)
        if shown is not None:
            roster.remarks.append(f"表头下面只有填写示例,第{shown + 1}行的示例已清空,用作人员行")
        elif not persons:
            roster.remarks.append("表头下面没有空行,人员行写在表头的下一行")
        if gone := [row for row in examples if row != shown]:
            roster.remarks.append(f"第{'、'.join(str(row + 1) for row in gone)}行是填写示例,已去掉")
        self._write_columns(roster)
        if shown is not None:
            self._clear(roster, shown)
        total = next((row for row, kind in kinds.items() if kind is RowKind.TOTAL and row not in dropped), None)
        if total is not None:
            self._write_total(roster, rows[total], total)
        inside = {*range(self._head.top, self._head.bottom), prototype, *dropped}
        roster.around = list(self._around(rows, inside, total))
        return roster

    def _clear(self, roster: Roster, row: int) -> None:
        """Nothing of an example stays in the row that stands for each person."""
        written = {edit.spot.column for edit in roster.edits if edit.spot.row == row}
        for cell in self._piece.rows().get(row, ()):
            if cell.row == row and cell.column not in written and cell.text:
                roster.edits.append(Edit(self._spot(row, cell.column), 0, len(cell.text), ""))

    def _kind(self, row: int, rows: Mapping[int, Sequence[Cell]]) -> RowKind:
        cells = rows.get(row, ())
        own = [cell for cell in cells if cell.row == row and cell.text.strip()]
        if own and all(_ELLIPSIS.match(squeeze(cell.text)) or squeeze(cell.text).isdecimal() for cell in own):
            numbers = [cell for cell in own if squeeze(cell.text).isdecimal()]
            if len(numbers) <= 1:
                return RowKind.BLANK
        cover = {
            column: cell for cell in cells for column in range(cell.column, cell.column + min(cell.column_span, 512))
        }
        return self._judge.judge(row, list(cells), cover)

    @staticmethod
    def _persons(kinds: Mapping[int, RowKind]) -> tuple[list[int], list[int]]:
        """Blank rows that follow the head without a gap, and examples and column numbers among them."""
        persons: list[int] = []
        examples: list[int] = []
        for row, kind in kinds.items():
            if kind is RowKind.NUMBERS and not persons:
                continue
            if kind is RowKind.BLANK:
                persons.append(row)
            elif kind in (RowKind.EXAMPLE, RowKind.RECORD) and len(examples) < _FEWEST_FIELDS:
                examples.append(row)
            else:
                break
        return persons, examples

    def _write_columns(self, roster: Roster) -> None:
        sure = {key for column in self._head.known if _is_exact(column) for key in _keys(column)}
        for column in sorted(self._head.columns, key=lambda one: not _is_exact(one)):
            meaning = column.meaning
            label, where = _label(column), self._where(column)
            if meaning is None:
                if label:
                    roster.unknown.append(Unknown(column.label, where))
                continue
            keys, doubts = meaning.keys, list[str]()
            if meaning.certainty is Certainty.AMBIGUOUS:
                keys = next(((key,) for key in (meaning.keys[0], *meaning.others) if key not in sure), meaning.keys)
                doubts.append(f"标签“{label}”可能指几个栏目,暂按“{self._fields[keys[0]].label}”")
            elif meaning.certainty is Certainty.NEAR:
                doubts.append(f"标签“{label}”与“{self._fields[keys[0]].label}”只是相近")
            if any(key in self._columns for key in keys):
                roster.remarks.append(f"栏目“{label}”({where})与另一栏重复,未写标签")
                continue
            self._columns.update(dict.fromkeys(keys, column))
            self._write_column(roster, column, keys, doubts)

    def _write_column(self, roster: Roster, column: Column, keys: tuple[str, ...], doubts: list[str]) -> None:
        spot = Spot(self._page.index, self._number, roster.rows.prototype, column.column)
        cell = self._piece.grid.at(spot.row, spot.column)
        is_combined = column.meaning is not None and column.meaning.role is Role.COMBINED
        pair = column.meaning.combined if column.meaning is not None and is_combined else None
        words = {key: tag("row", key) for key in keys}
        stretches: tuple[Written, ...]
        if pair is not None:
            room = combined("", 0, 0, words, pair)
            stretches = tuple(Written(0, len(cell.text), _in_row(one.text)) for one in room.stretches)
            doubts.extend(room.doubts)
        else:
            stretches = (Written(0, len(cell.text), words[keys[0]]),)
            if spot.row not in self._examples:
                doubts.extend(_printed_there(cell, self._fields[keys[0]]))
        roster.edits.extend(Edit(spot, one.start, one.end, one.text) for one in stretches)
        for key in keys if stretches else ():
            roster.places.append(
                Place(
                    Scope.FIELD,
                    key,
                    _label(column),
                    How.COLUMN,
                    self._where(column),
                    (words[key],),
                    tuple(doubts),
                    group=_group(column),
                    combined=pair.label if pair is not None else "",
                    sure=_is_exact(column),
                )
            )

    def _where(self, column: Column) -> str:
        cell = self._piece.grid.at(self._head.bottom - 1, column.column)
        name = f"{self._page.name} " if self._page.name else ""
        return cell.address or f"{name}第{column.column + 1}列"

    def _write_total(self, roster: Roster, cells: Sequence[Cell], row: int) -> None:
        """Where the number of persons and the sums stand in the row of totals."""
        count = next((one for one in self._definition.totals if one.how == "count"), None)
        item = None if count is None else self._definition.header_field(count.key)
        own = [cell for cell in cells if cell.row == row]
        if item is not None:
            self._write_count(roster, own, row, item)
        for total in self._definition.totals:
            column = self._columns.get(total.how.removeprefix("sum:")) if total.how.startswith("sum:") else None
            if column is not None:
                cell = self._piece.grid.at(row, column.column)
                if cell.column == column.column and cell.row == row and _PRINTED_BLANK.match(cell.text):
                    spot = Spot(self._page.index, self._number, row, column.column)
                    words = tag("header", total.key)
                    roster.edits.append(Edit(spot, 0, len(cell.text), words))
                    where = cell.address or self._where(column)
                    roster.places.append(Place(Scope.TOTAL, total.key, total.label, How.CELL, where, (words,)))

    def _write_count(self, roster: Roster, own: Sequence[Cell], row: int, item: Field) -> None:
        label = next((cell for cell in own if cell.text.strip()), None)
        if label is None:
            return
        words = tag("header", item.key)
        for cell in own:
            if (room := _TOTAL_ROOM.search(cell.text)) is not None:
                self._place_count(roster, Edit(self._spot(row, cell.column), *room.span(), words), label, item)
                return
        counted = [self._columns[key].column for key in _COUNTED if key in self._columns]
        for column in counted:
            cell = self._piece.grid.at(row, column)
            if column > label.column + label.column_span - 1 and _PRINTED_BLANK.match(cell.text):
                edit = Edit(self._spot(row, cell.column), 0, len(cell.text), f"{words}人")
                self._place_count(roster, edit, label, item)
                return
        roster.remarks.append("合计行没有写人数的空格,合计不打印")

    def _place_count(self, roster: Roster, edit: Edit, label: Cell, item: Field) -> None:
        roster.edits.append(edit)
        where = label.address or f"第{label.row + 1}行"
        roster.places.append(
            Place(Scope.HEADER, item.key, squeeze(label.text)[:2], How.AFTER, where, (tag("header", item.key),))
        )

    def _spot(self, row: int, column: int) -> Spot:
        return Spot(self._page.index, self._number, row, column)

    def _around(self, rows: Mapping[int, Sequence[Cell]], inside: set[int], total: int | None) -> Iterable[GridSlice]:
        """The rows beside the persons as small tables of adjacent rows."""
        run: list[int] = []
        for row in [*sorted(rows), -1]:
            if row in inside or row == total or row < 0 or (run and row != run[-1] + 1):
                if run:
                    own = tuple(dict.fromkeys(cell for one in run for cell in rows[one]))
                    columns = max(cell.column + cell.column_span for cell in own)
                    yield GridSlice(Grid(run[-1] + 1, columns, own), run[0], run[-1] + 1)
                run = []
            if row >= 0 and row not in inside and row != total:
                run.append(row)


def _keys(column: Column) -> tuple[str, ...]:
    return column.meaning.keys if column.meaning is not None else ()


def _is_exact(column: Column) -> bool:
    return column.meaning is not None and column.meaning.certainty is Certainty.EXACT


def _label(column: Column) -> str:
    return squeeze(column.path[-1]) if column.path else ""


def _group(column: Column) -> str:
    return squeeze(column.path[-2]) if len(column.path) > 1 else ""


def _in_row(words: str) -> str:
    """A period in a narrow column: both days with 至 between."""
    return words.replace("自 ", "").replace(" 至 ", "至").replace("，共 ", "，共").replace(" 个月", "个月")


def _printed_there(cell: Cell, item: Field) -> Iterable[str]:
    text = cell.text.strip()
    if text and not text.isdecimal() and not _PRINTED_BLANK.match(text) and item.type.name not in ("day", "month"):
        yield f"空行里印有“{text[:20]}”,换成了标签"
