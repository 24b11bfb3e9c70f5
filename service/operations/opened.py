"""A form under correction: values entered, rows added and taken out, and what that does to the numbers of the rows.

The rows come in pieces that are fetched when they are touched, so that one value of a long list costs one piece.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from forms.definition import FormDefinition
from forms.plain import entry_from_plain, mark_from_plain, row_to_plain
from forms.record import Entry, Extraction, Mark, Row
from service.operations.entering import Entered, Fault, Place, enter, seen_at, with_entry

Rows = list[Row]


@dataclass
class OpenForm:
    """One form of a document. ``head`` is all of it but its rows, ``sizes`` how many rows each piece has."""

    item: int
    head: Extraction
    sizes: dict[int, int]
    fetch: Callable[[int], Rows]
    pieces: dict[int, Rows] = field(default_factory=dict)
    touched: set[int] = field(default_factory=set)
    head_touched: bool = False

    @classmethod
    def whole(cls, item: int, found: Extraction) -> OpenForm:
        """A form that is there as a whole: all rows are one piece."""
        rows: Rows = list(found.record.rows)
        head = replace(found, record=replace(found.record, rows=()))
        return cls(item, head, {0: len(rows)}, lambda _number: rows)

    @property
    def count(self) -> int:
        """How many rows there are."""
        return sum(self.sizes.values())

    def row(self, index: int) -> Row:
        """A row that is there."""
        number, at = self._find(index)
        return self._rows(number)[at]

    def insert(self, index: int, row: Row) -> None:
        """A row comes to stand before that one, or last."""
        number, at = self._find(index) if index < self.count else self._end()
        self._rows(number).insert(at, row)
        self._changed(number)

    def remove(self, index: int) -> Row:
        """A row goes; gives it."""
        number, at = self._find(index)
        row = self._rows(number).pop(at)
        self._changed(number)
        return row

    def _find(self, index: int) -> tuple[int, int]:
        start = 0
        for number, size in sorted(self.sizes.items()):
            if index < start + size:
                return number, index - start
            start += size
        raise IndexError(index)

    def _end(self) -> tuple[int, int]:
        number = max(self.sizes, default=0)
        return number, self.sizes.get(number, 0)

    def _rows(self, number: int) -> Rows:
        if number not in self.pieces:
            self.pieces[number] = self.fetch(number)
        return self.pieces[number]

    def _changed(self, number: int) -> None:
        self.touched.add(number)
        self.sizes[number] = len(self.pieces[number])

    def seen(self, place: Place) -> dict[str, object] | None:
        """The ENTRY or mark at a place as JSON; ``None`` where nothing stands."""
        if place.row is None:
            return seen_at(self.head, place)
        return None if place.row >= self.count else seen_at(self._alone(place.row), replace(place, row=0))

    def _alone(self, index: int) -> Extraction:
        return replace(self.head, record=replace(self.head.record, rows=(self.row(index),)))

    def enter(self, definition: FormDefinition, place: Place, given: Entered) -> Fault | None:
        """Put a value that a person enters in its place; why it cannot be taken, if it cannot."""
        if place.row is None:
            changed = enter(self.head, definition, place, given)
            if isinstance(changed, Fault):
                return changed
            self.head, self.head_touched = changed, True
            return None
        if place.row >= self.count:
            return Fault(place.path, f"表中只有 {self.count} 行", f"there are {self.count} rows")
        changed = enter(self._alone(place.row), definition, replace(place, row=0), given)
        if isinstance(changed, Fault):
            return replace(changed, path=place.path)
        self._put_row(place.row, changed.record.rows[0])
        return None

    def _put_row(self, index: int, row: Row) -> None:
        number, at = self._find(index)
        self._rows(number)[at] = row
        self._changed(number)

    def put_back(self, place: Place, before: Mapping[str, Any] | None) -> None:
        """What stood in a place before: an ENTRY or a mark, or nothing."""
        if place.box is not None:
            self._put_mark(place, None if before is None else mark_from_plain(before))
        elif place.row is not None and place.key is not None:
            row = dict(self.row(place.row))
            self._put_row(place.row, _with(row, place.key, before))
        elif place.header is not None and before is not None:
            record = with_entry(self.head.record, place, entry_from_plain(before))
            self.head, self.head_touched = replace(self.head, record=record), True
        elif place.header is not None:
            header = _with(dict(self.head.record.header), place.header, None)
            self.head = replace(self.head, record=replace(self.head.record, header=header))
            self.head_touched = True

    def _put_mark(self, place: Place, mark: Mark | None) -> None:
        others = self.head.record.marks
        is_it = [(one.key, one.kind) == (place.box, place.kind) for one in others]
        marks = [mark if it else one for one, it in zip(others, is_it, strict=True)]
        kept = tuple(one for one in marks if one is not None)
        if mark is not None and not any(is_it):
            kept = (*kept, mark)
        self.head = replace(self.head, record=replace(self.head.record, marks=kept))
        self.head_touched = True

    def closed(self) -> Extraction:
        """The form as a whole again."""
        rows = tuple(row for number in sorted(self.sizes) for row in self._rows(number))
        return replace(self.head, record=replace(self.head.record, rows=rows))

    def plain_rows(self, number: int) -> list[dict[str, Any]]:
        """A piece as JSON."""
        return [row_to_plain(row) for row in self._rows(number)]


def _with(row: dict[str, Entry], key: str, before: Mapping[str, Any] | None) -> dict[str, Entry]:
    if before is None:
        row.pop(key, None)
    else:
        row[key] = entry_from_plain(before)
    return row
