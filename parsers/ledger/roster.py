"""Persons of a ledger: as those of a roster, and besides struck lines as history, sums as checks, marks for 同上."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from forms.cleaning import squeeze
from forms.fieldtypes.registry import make_type
from forms.finding import Severity
from forms.record import Entry, Row
from parsers.document import Cell, Page
from parsers.ledger.evidence import ColumnValues, is_name
from parsers.ledger.options import path_key
from parsers.ledger.totals import RunningSum, TotalKind, count_in, kind_of
from parsers.ledger.vocabulary import PRIVATE, LedgerVocabulary
from parsers.locating.heads import Head, HeadFinder
from parsers.locating.parts import GridSlice
from parsers.locating.roster import RosterReader
from parsers.locating.rows import RowKind
from parsers.locating.titles import TitleFinder
from parsers.valuing import DITTOS, Gathered, Valuer, region_of

_MONEY = make_type("money")
_CROSSED = "crossed-out"
_MOSTLY = 0.6
_SAME = frozenset({"同", "如上", "同上行", "同前行", "同上人", "上同"})
_BESIDE = frozenset({"同左", "同右", "同下", "如下"})
_LIKE_DITTO = re.compile(r"[\"'`“”‘’〃″〝々,，、;；:：.·|lI1Nn!/\\□‖∥«»¨]{1,3}")
_ID = re.compile(r"\d{17}[\dXx]")
_FIGURES = frozenset({"integer", "money", "ordinal"})
_ROWS_TO_FIT = 0.5
_TOLERANCE = Decimal("0.005")


class LedgerRoster(RosterReader):
    """Reads the tables of one ledger; rows are numbered on from table to table."""

    def __init__(
        self,
        vocabulary: LedgerVocabulary,
        titles: TitleFinder,
        valuer: Valuer,
        gathered: Gathered,
        heads: frozenset[str],
    ) -> None:
        super().__init__(vocabulary, titles, valuer, gathered)
        self._heads = heads
        self._sums: dict[str, RunningSum] = {}
        self._people = RunningSum()
        self.history: list[Row] = []

    def _is_head(self, head: Head) -> bool:
        """A head is one of those that were told to be, by most of its columns."""
        own = [path_key(column.path) for column in head.columns]
        return sum(key in self._heads for key in own) >= _MOSTLY * len(own)

    def _continues(self, piece: GridSlice, rows: Mapping[int, Sequence[Cell]], finder: HeadFinder) -> bool:
        """Also, what stands in the columns must suit them: a column lost or gained would shift all values."""
        return super()._continues(piece, rows, finder) and self._suits_columns(rows)

    def _suits_columns(self, rows: Mapping[int, Sequence[Cell]]) -> bool:
        by_place = {target.column.column: target.item for target in self._targets if target.item is not None}
        asked, fits = 0, 0
        for cells in rows.values():
            for cell in cells:
                item = by_place.get(cell.column)
                text = cell.text.strip()
                if item is None or item.type.name in ("text", "unit", "note") or not text or text in DITTOS:
                    continue
                asked += 1
                fits += ColumnValues.suits(cell, item)
        return asked == 0 or fits >= _ROWS_TO_FIT * asked

    def _take(self, page: Page, kind: RowKind, row: int, cells: list[Cell], loose: dict[int, list[Cell]]) -> None:
        own = [cell for cell in cells if cell.row == row and cell.text.strip()]
        if kind is RowKind.RECORD and own and _is_crossed(own):
            kind = RowKind.STRUCK
        if kind is RowKind.STRUCK:
            self._keep_history(page, row, cells)
        super()._take(page, kind, row, cells, loose)

    def _keep_history(self, page: Page, row: int, cells: Sequence[Cell]) -> None:
        """The line as it was before it was struck; every value of it is for a person."""
        is_cut = self._valuer.is_scanned(page)
        plain = [cell if is_cut else replace(cell, struck=False) for cell in cells]
        above, before, number = self._above, len(self._gathered.findings), len(self.content.rows)
        super()._record(page, row, plain, {})
        entries = self.content.rows.pop()
        self._above = above
        made = self._gathered.findings[before:]
        del self._gathered.findings[before:]
        old, new = f"records[{number}]", f"history[{len(self.history)}]"
        self._gathered.findings.extend(replace(one, path=one.path.replace(old, new, 1)) for one in made)
        self.history.append({key: _past(entry) for key, entry in entries.items()})

    def _record(self, page: Page, row: int, cells: list[Cell], loose: dict[int, list[Cell]]) -> None:
        first = len(self.content.rows)
        doubted = [cell for cell in cells if cell.row == row and squeeze(cell.text) in _BESIDE]
        super()._record(page, row, [self._with_ditto(page, cell) for cell in cells], loose)
        for cell in doubted:
            self._leave_unread(page, first, cell)
        if any(self._names_several(cell) for cell in cells if cell.row == row):
            self._doubt_row(page, first, cells[0])
        self._people.add(page.index, Decimal(1))
        for target in self._targets:
            if target.item is not None and target.item.type.name == "money":
                number = _number(self.content.rows[first].get(target.item.key))
                self._sums.setdefault(target.item.key, RunningSum()).add(page.index, number)

    def _names_several(self, cell: Cell) -> bool:
        """Whether a cell that is one person's holds several: two names, two identity numbers."""
        item = next((one.item for one in self._targets if one.column.column == cell.column), None)
        lines = [squeeze(line) for line in cell.text.split("\n") if line.strip()]
        if item is None or not lines:
            return False
        if item.key == "name":
            return len(lines) > 1 and all(is_name(line) for line in lines)
        return item.key == "id_number" and len(_ID.findall(squeeze(cell.text))) > 1

    def _doubt_row(self, page: Page, index: int, cell: Cell) -> None:
        """A row that may be several persons: nothing of it is sure."""
        entries = self.content.rows[index]
        self.content.rows[index] = {
            key: entry if entry.review or entry.value == "" else entry.doubted() for key, entry in entries.items()
        }
        message = "这一行里写了几个人,格线可能没有印出,整行请核对"
        self._gathered.find("person-merged", f"records[{index}]", message, Severity.WARNING, region_of(page, cell))

    def _leave_unread(self, page: Page, index: int, cell: Cell) -> None:
        """同左 and the like: what it stands for is not in its column."""
        entries = dict(self.content.rows[index])
        said = cell.text.strip()
        for key, entry in self.content.rows[index].items():
            if entry.text.strip() == said:
                entries[key] = replace(entry, value=None, review=True)
                path = f"records[{index}].{key}"
                message = f"写的是“{said}”,没有取值,请确认"
                self._gathered.find("ditto-unresolved", path, message, Severity.ERROR, region_of(page, cell))
        self.content.rows[index] = entries

    def _with_ditto(self, page: Page, cell: Cell) -> Cell:
        """A mark for 同上 as such: 同, 如上, and on paper what a hand's 〃 is mistaken for."""
        text = squeeze(cell.text)
        if not text or len(text) > max(map(len, _SAME)):
            return cell
        if text in _SAME:
            return replace(cell, text="同上", raw=None)
        if not self._valuer.is_scanned(page) or not _LIKE_DITTO.fullmatch(text) or text == "/":
            return cell
        item = next((one.item for one in self._targets if one.column.column == cell.column), None)
        # A column that holds nothing of ours has no value above to stand for: its 1 is a figure.
        is_figure = item is None or (item.type.name in _FIGURES and text.isdecimal())
        return cell if is_figure else replace(cell, text="〃", raw=None)

    def _total(self, page: Page, own: Sequence[Cell]) -> None:
        kind = kind_of([cell.text for cell in own])
        self._people.turn(page.index)
        stated = count_in(own)
        stated = stated if stated is not None else self._count_in_names(own)
        if stated is not None and not _is_due(Decimal(stated), self._people.due(kind)):
            due = self._people.due(kind)[0]
            message = f"“{own[0].text.strip()}”写{stated}人,读到{due}人,请核对是否漏行"
            self._gathered.find("total-differs", "records", message, Severity.ERROR, region_of(page, own[0]))
        elif kind is TotalKind.WHOLE and (stated is None or _is_due(Decimal(stated), self._people.due(kind)[:1])):
            super()._total(page, own)
        by_place = {cell.column: cell for cell in own}
        for target in self._targets:
            cell = by_place.get(target.column.column)
            if target.item is not None and target.item.key in self._sums:
                if cell is not None:
                    self._check_sum(page, kind, target.item.key, cell)
                self._sums[target.item.key].mark()
        if kind is not TotalKind.CARRIED_IN:
            self._people.mark()

    def _count_in_names(self, own: Sequence[Cell]) -> int | None:
        """A bare figure in the column of names is the number of persons."""
        places = {one.column.column for one in self._targets if one.item is not None and one.item.key == "name"}
        found = [squeeze(cell.text) for cell in own if cell.column in places and squeeze(cell.text).isdecimal()]
        return int(found[0]) if found else None

    def _check_sum(self, page: Page, kind: TotalKind, key: str, cell: Cell) -> None:
        """A sum that is not that of the rows above it puts all of them in doubt."""
        sums = self._sums[key]
        sums.turn(page.index)
        label, region = self._fields[key].label, region_of(page, cell)
        reading = _MONEY.read(cell.raw if isinstance(cell.raw, int | float) else cell.text)
        if not isinstance(reading.value, int | float) or not reading.settled:
            message = f"“{label}”的合计“{cell.text.strip()}”未能读出,没有核对"
            self._gathered.find("total-unread", "records", message, Severity.WARNING, region)
            return
        stated, due = Decimal(str(reading.value)), sums.due(kind)
        if _is_due(stated, due):
            return
        if all(one is None for one in due):
            message = f"“{label}”有未读出的值,合计“{cell.text.strip()}”没有核对"
            self._gathered.find("total-unread", "records", message, Severity.WARNING, region)
            return
        start = min(sums.part_from, sums.page_from) if kind is TotalKind.PART else 0
        for index in range(start, len(self.content.rows)):
            entry = self.content.rows[index].get(key)
            if entry is not None and not entry.review:
                self.content.rows[index] = {**self.content.rows[index], key: entry.doubted()}
        shown = next((str(one) for one in due if one is not None), "不能算出")
        message = f"“{label}”的合计写{reading.value},明细相加为{shown},这些行的该栏请逐一核对"
        self._gathered.find("total-differs", f"records[*].{key}", message, Severity.ERROR, region)

    def _report_loose(self, page: Page, loose: Mapping[int, list[Cell]], head: Head) -> None:
        """What must not be collected is told of by its number of cells alone."""
        private = {
            place
            for column in head.columns
            for place in range(column.column, column.column + column.span)
            if PRIVATE.search(path_key(column.path))
        }
        shown = {
            place: [replace(cells[0], text=f"共{len(cells)}格,按规定不采集")] if place in private else cells
            for place, cells in loose.items()
        }
        super()._report_loose(page, shown, head)


def _past(entry: Entry) -> Entry:
    """A value of a struck line; one that could not be read for the stroke is shown by its place alone."""
    if entry.value is None:
        return replace(entry, text="", candidates=(), review=True)
    return entry if entry.review or entry.value == "" else entry.doubted()


def _number(entry: Entry | None) -> Decimal | None:
    """The figure of an entry, 0 for a blank; ``None`` when it is not certain."""
    if entry is None or entry.value == "":
        return Decimal(0)
    value = entry.value
    return Decimal(str(value)) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _is_crossed(own: Sequence[Cell]) -> bool:
    """Whether a line runs through most cells of a row of a scan."""
    return sum(_CROSSED in cell.notes or cell.struck for cell in own) >= _MOSTLY * len(own) and len(own) > 1


def _is_due(stated: Decimal, due: Sequence[Decimal | None]) -> bool:
    return any(one is not None and abs(one - stated) <= _TOLERANCE for one in due)
