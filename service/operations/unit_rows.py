"""The rows of a list of units: found by their heads, read cell by cell, every doubt said with its row and column."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from forms.cleaning import text_of
from forms.errors import UnusableDataError
from forms.finding import Finding, Region, Severity
from forms.labels import normalise_label
from forms.plain import finding_from_plain, finding_to_plain
from forms.record import PLACEHOLDERS
from parsers.readers.sheetrows import column_letters
from parsers.worksheets import HIDDEN
from service.operations.unit_columns import (
    ALIAS,
    ALIAS_COLUMNS,
    KIND,
    KIND_WORDS,
    NAME,
    OWN_SHEETS,
    UNIT_COLUMNS,
    UNIT_SHEET,
    Column,
    heads_of,
)
from service.operations.unit_faults import fault

MOST_ROWS = 20_000
_HEAD_WITHIN = 20
_LONGEST_NAME = 100
_TOTALS = frozenset({"合计", "小计", "总计", "汇总"})
_HARMLESS = frozenset({"date-parts-hidden"})
_UNREAD = frozenset({"formula-without-value", "cell-error"})
_KINDS = {normalise_label(word): kind for word, kind in KIND_WORDS.items()}
_HEADS = {UNIT_SHEET: heads_of(UNIT_COLUMNS), ALIAS: heads_of(ALIAS_COLUMNS)}

Value = str | int | None
Cells = Mapping[int, tuple[Any, Sequence[str]]]
"""The cells of a row: value and notes by column."""


@dataclass(frozen=True, slots=True)
class ListRow:
    """What a row says. A key that is missing was left empty; ``None`` clears what is stored (无 or / was written)."""

    sheet: str
    number: int
    """The row as the program shows it, from one."""
    values: Mapping[str, Value]
    columns: Mapping[str, str]
    """The letters of the column of each key."""

    def region(self, key: str) -> Region:
        """Where the value of a key stands, or would stand."""
        letters = self.columns.get(key) or self.columns.get(NAME) or "A"
        return Region(0, None, f"{self.sheet}!{letters}{self.number}")

    def text(self, key: str) -> str:
        """A value as text; empty when there is none."""
        value = self.values.get(key)
        return "" if value is None else str(value)


@dataclass
class UnitList:
    """The rows of a list of units and of their other names, with what is wrong with single cells."""

    units: list[ListRow] = field(default_factory=list)
    aliases: list[ListRow] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def to_plain(self) -> dict[str, Any]:
        """As JSON, for the store."""
        return {
            "units": [_row_to_plain(row) for row in self.units],
            "aliases": [_row_to_plain(row) for row in self.aliases],
            "findings": [finding_to_plain(item) for item in self.findings],
        }

    @classmethod
    def from_plain(cls, data: Mapping[str, Any]) -> UnitList:
        """The inverse of :meth:`to_plain`."""
        return cls(
            [ListRow(**row) for row in data["units"]],
            [ListRow(**row) for row in data["aliases"]],
            [finding_from_plain(item) for item in data["findings"]],
        )


def _row_to_plain(row: ListRow) -> dict[str, Any]:
    return {"sheet": row.sheet, "number": row.number, "values": dict(row.values), "columns": dict(row.columns)}


def read_list(sheets: Sequence[Mapping[str, Any]]) -> UnitList:
    """The list of units in the sheets that :mod:`parsers.worksheets` gave.

    Raises:
        UnusableDataError: no sheet has the heads of a list of units, or there are too many rows.
    """
    found = UnitList()
    heads = 0
    for sheet in sheets:
        if sheet["name"] not in OWN_SHEETS:
            heads += _read_sheet(sheet, found)
    if not heads:
        raise UnusableDataError(
            pointer_text=UNIT_SHEET,
            reason_zh="没有找到单位名录的表头(单位全称、单位类别……),请用名录导入表填写",
            reason_en="no head row of a list of units was found; use the import workbook of units",
        )
    if len(found.units) + len(found.aliases) > MOST_ROWS:
        raise UnusableDataError(
            pointer_text=UNIT_SHEET, reason_zh=f"超过 {MOST_ROWS} 行", reason_en=f"more than {MOST_ROWS} rows"
        )
    return found


def _read_sheet(sheet: Mapping[str, Any], found: UnitList) -> bool:
    """Read a sheet into ``found``; whether it has the heads of a list."""
    name, rows = str(sheet["name"]), _rows(sheet["cells"])
    if not any(_shown(value) for cells in rows.values() for value, _ in cells.values()):
        return False
    head = next(((row, what) for row in sorted(rows)[:_HEAD_WITHIN] if (what := _what_is(rows[row]))), None)
    if sheet["hidden"] or head is None:
        code = "unit-sheet-hidden" if sheet["hidden"] else "unit-sheet-ignored"
        found.findings.append(fault(code, "", Region(0, None, f"{name}!A1"), sheet=name))
        return False
    row, what = head
    columns = _columns(name, row, rows, what, found)
    target = found.units if what == UNIT_SHEET else found.aliases
    path = "units" if what == UNIT_SHEET else "aliases"
    for number in sorted(rows):
        if number > row:
            reader = _RowReader(name, number, columns, f"{path}[{len(target)}]", found.findings)
            if (read := reader.read(rows[number])) is not None:
                target.append(read)
    return True


def _rows(cells: Sequence[Sequence[Any]]) -> dict[int, dict[int, tuple[Any, Sequence[str]]]]:
    rows: dict[int, dict[int, tuple[Any, Sequence[str]]]] = {}
    for row, column, value, notes in cells:
        rows.setdefault(row, {})[column] = (value, notes)
    return rows


def _shown(value: object) -> str:
    return str(value).strip()


def _what_is(cells: Cells) -> str:
    """Whether a row is the head of a list of units, of their other names, or none: by the heads that it has."""
    best, most = "", 1
    for what, heads in _HEADS.items():
        known = {column.key for value, _ in cells.values() if (column := heads.get(normalise_label(_shown(value))))}
        needed = NAME in known if what == UNIT_SHEET else {NAME, ALIAS} <= known
        if needed and len(known) > most:
            best, most = what, len(known)
    return best


def _columns(name: str, head: int, rows: Mapping[int, Cells], what: str, found: UnitList) -> dict[int, Column]:
    """The column of each key; those that say nothing we know, and hold something, are named."""
    columns: dict[int, Column] = {}
    for index, (value, _) in sorted(rows[head].items()):
        column = _HEADS[what].get(normalise_label(_shown(value)))
        region = Region(0, None, f"{name}!{column_letters(index)}{head + 1}")
        if column is None:
            if any(number > head and index in cells for number, cells in rows.items()):
                found.findings.append(fault("unit-column-unknown", "", region, label=_shown(value)[:40]))
        elif column in columns.values():
            found.findings.append(fault("unit-column-twice", "", region, label=column.label))
        else:
            columns[index] = column
    return columns


@dataclass(frozen=True, slots=True)
class _RowReader:
    """Reads one row; what is wrong goes into ``findings``."""

    sheet: str
    row: int
    columns: Mapping[int, Column]
    path: str
    findings: list[Finding]

    def read(self, cells: Cells) -> ListRow | None:
        """The row, or nothing where all of its cells are empty or it is a sum."""
        known = {index: cells[index] for index in self.columns if index in cells}
        if not any(_shown(value) or notes for value, notes in known.values()):
            return None
        name = next(
            (_shown(known[at][0]) for at, column in self.columns.items() if column.key == NAME and at in known), ""
        )
        if normalise_label(name) in _TOTALS:
            self.findings.append(fault("unit-row-total", self.path, self._region(0), name=name))
            return None
        hidden = next((index for index, (_, notes) in sorted(known.items()) if HIDDEN in notes), None)
        if hidden is not None:
            self.findings.append(fault("unit-row-hidden", self.path, self._region(hidden)))
        values: dict[str, Value] = {}
        for index, (value, notes) in known.items():
            column = self.columns[index]
            if not self._is_doubtful(index, column, notes):
                values.update(self._value(index, column, value))
        letters = {column.key: column_letters(index) for index, column in self.columns.items()}
        return ListRow(self.sheet, self.row + 1, values, letters)

    def _region(self, index: int) -> Region:
        return Region(0, None, f"{self.sheet}!{column_letters(index)}{self.row + 1}")

    def _is_doubtful(self, index: int, column: Column, notes: Sequence[str]) -> bool:
        """Whether a cell cannot be taken for what it shows."""
        own = [note for note in notes if note != HIDDEN and note not in _HARMLESS]
        for note in own:
            code = "unit-cell-unread" if note in _UNREAD else "unit-cell-struck"
            self.findings.append(fault(code, self._path(column), self._region(index), label=column.label))
        return bool(own)

    def _path(self, column: Column) -> str:
        return f"{self.path}.{column.key}"

    def _value(self, index: int, column: Column, raw: Any) -> Iterator[tuple[str, Value]]:  # noqa: ANN401  # a cell
        reading = column.type.read(raw)
        for one in reading.faults:
            severity = one.severity if reading.settled else Severity.ERROR
            message = f"“{column.label}”{one.message}"
            self.findings.append(
                Finding(one.code, self._path(column), message, severity, None, self._region(index), one.suggestion)
            )
        if not reading.settled or reading.value == "":
            return
        value = reading.value
        if isinstance(value, str) and value in PLACEHOLDERS:
            yield column.key, None
        elif column.key == KIND:
            yield from self._kind(index, column, text_of(raw))
        elif isinstance(value, str) and len(value) > _LONGEST_NAME:
            self.findings.append(
                fault("unit-text-long", self._path(column), self._region(index), label=column.label, most=_LONGEST_NAME)
            )
        elif isinstance(value, str | int):
            yield column.key, value
        elif isinstance(value, float):
            yield column.key, int(value)

    def _kind(self, index: int, column: Column, text: str) -> Iterator[tuple[str, Value]]:
        kind = _KINDS.get(normalise_label(text))
        if kind is None:
            self.findings.append(
                fault("unit-kind-unknown", self._path(column), self._region(index), text=text.strip()[:40])
            )
        else:
            yield column.key, kind.value
