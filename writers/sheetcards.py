"""A form of one person in a workbook: every value in its own cell, rows made taller where a text needs it.

A card is written to be looked at, so all of it is text. A cell that is merged over several rows has their height
together; what does not fit makes the last of them taller. A text that would make a row absurdly tall goes to the 续页.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from forms.finding import Finding, Severity
from parsers import continuation
from writers.fitting import CONTINUED
from writers.places import label_of, path_of
from writers.references import Shift, column_letters, column_number, split_cell
from writers.sheet import CellForm, RowForm
from writers.sheetlooks import TALLEST, Room, column_widths, default_height, width_between
from writers.sheetpages import page_breaks
from writers.sheetwriting import SheetPlan, SheetWriting
from writers.tags import Piece, Tag
from writers.values import Content, printed

_HEAD_SHARE = 0.3
"""How much of the width of a 续页 the head of a text takes."""
_TALLEST_ROW = 409.0
"""Points of the tallest row that Excel and WPS have."""
_TIGHT, _AMPLE = 0.9, 1.12
"""Of the height that a text is said to need: with this it still stands in 宋体, and with that in any typeface."""

Runs = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class _Fitted:
    """What is written into a cell, and in which style."""

    style: int
    runs: Runs


class CardWriting(SheetWriting):
    """The writing of one person's workbook."""

    def __init__(self, plan: SheetPlan, content: Content) -> None:
        super().__init__(plan, content)
        self._fields = {item.key: item for item in content.definition.fields}
        default = default_height(plan.form.root)
        self._heights_of = dict.fromkeys(range(1, plan.form.last_row + 1), default)
        self._heights_of.update({row.number: row.height for row in plan.form.rows if row.height})
        self._taller: set[int] = set()
        self._cells: dict[tuple[int, str], _Fitted] = {}
        self._moved_from: list[int] = []

    def xml(self, shift: Shift, document_id: str | None) -> Iterator[str]:
        """The worksheet part in pieces."""
        for row in self._plan.form.rows:
            for cell in row.cells:
                if cell.tags:
                    self._cells[row.number, cell.column] = self._fit(row, cell)
        yield from super().xml(shift, document_id)

    def _text(self, tag: Tag) -> str:
        """The words for a tag."""
        if tag.root != "record":
            return super()._text(tag)
        person = self._content.record.rows[0] if self._content.record.rows else {}
        return str(printed(self._fields[tag.key], person.get(tag.key), numeric=False, guided=True))

    def _fit(self, row: RowForm, cell: CellForm) -> _Fitted:
        """The words of a cell and a style that shows them whole."""
        runs = _runs(cell, self._text)
        whole = _joined(runs)
        place = row.number, cell.column
        room = self._plan.rooms[place]
        if room.look.shrinks and "\n" not in whole:
            return _Fitted(cell.style, runs)
        rows = range(row.number, self._plan.form.merge_at(cell.column, row.number)[1] + 1)
        style, high = cell.style, sum(self._heights_of[number] for number in rows)
        if not room.look.wraps:
            if "\n" not in whole and (room.scale_of(whole) >= 1.0 or room.lines(high) <= 1):
                styles = (style, self._plan.shrinking.get(place, style))
                return _Fitted(self._shrunk(room, whole, cell.tags[0], 0, styles), runs)
            style = self._plan.wrapping[place]
            room = replace(room, look=replace(room.look, wraps=True, shrinks=False))
        if room.height_of(whole) * _TIGHT > max(high, TALLEST) and self._can_move():
            runs = self._move(cell, room, max(high, TALLEST) / _TIGHT)
            self._moved_from.append(style)
        needed = room.height_of(_joined(runs))
        if needed * _TIGHT > high:
            self._heights_of[rows[-1]] += needed * _AMPLE - high
            self._taller.add(rows[-1])
        return _Fitted(style, runs)

    def _can_move(self) -> bool:
        """A 续页 has a column for the head of a text and one for the text."""
        return column_number(self._plan.last_column) > 1

    def _move(self, cell: CellForm, room: Room, high: float) -> Runs:
        """The words of a cell with the beginning of its longest value, whose whole goes to the 续页."""
        longest = max(cell.tags, key=lambda tag: len(self._text(tag)))
        text, number = self._text(longest), len(self._moved) + 1

        def with_first(count: int) -> Runs:
            short = text[:count].rstrip() + continuation.marker(number)
            return _runs(cell, lambda tag: short if tag == longest else self._text(tag))

        low, most = 0, len(text)
        while low < most:
            middle = (low + most + 1) // 2
            low, most = (middle, most) if room.height_of(_joined(with_first(middle))) <= high else (low, middle - 1)
        label = label_of(self._content.definition, longest)
        self._moved.append((label, text))
        message = f"“{label}”内容过长,表内只印开头,全文移至续页{number}"
        self.findings.append(Finding(CONTINUED, path_of(longest, 0), message, Severity.INFO))
        return with_first(low)

    def _fixed_row(self, row: RowForm, number: int) -> str:
        """A row as it was fitted."""
        written = "".join(
            self._tagged_cell(cell, fitted.style, (row.number, number), fitted.runs)
            if (fitted := self._cells.get((row.number, cell.column))) is not None
            else self._untagged_cell(cell, number)
            for cell in row.cells
        )
        height = self._heights_of[row.number] if row.number in self._taller else row.height
        self._skip_to(number)
        self._heights.append(height or 0.0)
        tall = "" if height is None else f' ht="{height:g}" customHeight="1"'
        return f'<row r="{number}"{row.attributes}{tall}>{written}</row>'

    def _moved_style(self) -> int:
        """The looks of a row of the 续页: those of the first cell whose text stands there."""
        return self._moved_from[0]

    def _moved_height(self, needed: float) -> float:
        return min(needed * _AMPLE, _TALLEST_ROW)

    def _breaks(self, persons: range) -> str:  # noqa: ARG002  # a card has none
        """Page breaks before cells that would lie on two pages, where the card does not end on its first one."""
        rows = [height or self._plan.paging.default for height in self._heights]
        last = {row: row for row in range(1, len(rows) + 1)}
        for merge in self._plan.form.merges:
            first, _, end = merge.partition(":")
            top = split_cell(first)[1]
            last[top] = max(last.get(top, top), split_cell(end or first)[1])
        return page_breaks(rows, last, self._plan.paging)

    def _head_end(self) -> str:
        """The last column of the head of a row of the 续页: about a third of the width."""
        widths, last = column_widths(self._plan.form.root), self._plan.last_column
        most = width_between(widths, "A", last) * _HEAD_SHARE
        ends = [column_letters(number) for number in range(1, column_number(last))]
        return next((end for end in ends if width_between(widths, "A", end) >= most), ends[-1])


def _runs(cell: CellForm, words: Callable[[Tag], str]) -> Runs:
    def text(piece: Piece) -> str:
        return piece if isinstance(piece, str) else words(piece)

    return [(look, "".join(map(text, pieces))) for look, pieces in cell.runs]


def _joined(runs: Runs) -> str:
    return "".join(words for _, words in runs)
