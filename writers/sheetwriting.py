"""The rows of a workbook as text, straight into the compressor.

A roster repeats most of its texts, so a cell is worked out once for each different value of its column (its string
number, its style, the height it needs) and copied from then on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as data_field
from functools import cached_property
from typing import Final

from lxml import etree

from forms.definition import Field
from forms.finding import Finding, Severity
from forms.record import Row
from parsers import continuation
from parsers.document import PrintMark
from parsers.printmark import format_mark
from writers.fitting import CONTINUED, SHRUNK, SMALLEST
from writers.places import label_of, path_of
from writers.references import Shift, column_letters, column_number
from writers.sheet import CellForm, Element, RowForm, SheetForm, sheet_foot, sheet_head
from writers.sheetlooks import TALLEST, Room, S, StyleSheet, column_widths, width_between
from writers.sheetpages import Paging, row_breaks
from writers.sheetstrings import Strings, string_xml
from writers.tags import Tag
from writers.values import Content, Printed, printed

_DAY = re.compile(r"\d{4}年\d{1,2}月\d{1,2}日")
_CHUNK: Final = 256
_PIECE: Final = 300
SPARE_FIGURE: Final = "0"
"""A number has room for one figure more, or its cell shrinks it: where it does not fit, ### is printed."""
_REMEMBERED: Final = 32768
_UNLIMITED: Final = 1 << 30
_MAIN: Final = S[1:-1]


@dataclass(frozen=True)
class SheetPlan:
    """What writing needs to know of a compiled template."""

    form: SheetForm
    strings: Sequence[Element]
    styles: StyleSheet
    rooms: Mapping[tuple[int, str], Room]
    shrinking: Mapping[tuple[int, str], int]
    """For cells that neither wrap nor shrink: the style that shrinks, by row and column."""
    numbers: Mapping[tuple[int, str], tuple[int, int]]
    """For cells of numbers: the styles that shrink whole numbers and those with cents, by row and column."""
    days: Mapping[tuple[int, str], tuple[int, Room]]
    """For cells of days that are narrow: the style and room of a day, by row and column."""
    paging: Paging
    wrapping: Mapping[tuple[int, str], int] = data_field(default_factory=dict)
    """For cells of a card that do not wrap: the style that does, by row and column."""

    @property
    def last_column(self) -> str:
        """Letters of the last column that the template uses."""
        return self.form.last_column


@dataclass(frozen=True)
class _Column:
    """A column of the prototype row. ``easy`` is how many characters fit whatever they are.

    ``known`` holds cells worked out before: what stands between their row number and that of the next cell, and the
    height needed (0 for any). ``after`` is the start of the next cell, or the end of the row.
    """

    cell: CellForm
    field: Field | None
    room: Room | None
    shrinking: int
    numbers: tuple[int, int] | None
    days: tuple[int, Room] | None
    easy: int
    after: str
    known: dict[object, tuple[str, float]] = data_field(default_factory=dict)

    @cached_property
    def key(self) -> str:
        """The key of the field, empty where the cell is no single one."""
        return "" if self.field is None else self.field.key


class SheetWriting:
    """The writing of one workbook's sheet. ``findings`` and ``moved_rows`` are whole once :meth:`xml` is exhausted."""

    def __init__(self, plan: SheetPlan, content: Content) -> None:
        self.strings = Strings(plan.strings)
        self.findings: list[Finding] = []
        self.moved_rows: list[tuple[str, str]] = []
        self._plan = plan
        self._content = content
        self._moved: list[tuple[str, str]] = []
        self._heights: list[float] = []

    def xml(self, shift: Shift, document_id: str | None) -> Iterator[str]:
        """The worksheet part in pieces."""
        form, last_column = self._plan.form, self._plan.last_column
        last_row = shift.end(form.last_row)
        yield sheet_head(form, last_column, last_row)
        persons = range(0)
        for row in form.rows:
            if row.number == form.prototype:
                self._skip_to(row.number)
                first = len(self._heights)
                yield from self._persons(row)
                persons = range(first, len(self._heights))
            else:
                yield self._fixed_row(row, shift.start(row.number))
        self.moved_rows = _pieces(self._moved)
        merges: list[str] = []
        for number, (head, text) in enumerate(self.moved_rows, start=last_row + 1):
            yield self._moved_row(number, head, text, last_column)
            end = self._head_end()
            merges += [f"A{number}:{end}{number}", f"{_next(end)}{number}:{last_column}{number}"]
        breaks = self._breaks(persons)
        for piece in sheet_foot(form, shift, merges, breaks):
            yield piece if document_id is None else self._with_mark(piece, document_id)

    def _persons(self, row: RowForm) -> Iterator[str]:
        """The prototype row once for each person, or once with blanks when there is nobody."""
        starts = [*(f'<c r="{cell.column}' for cell in row.cells), "</row>"]
        columns = [self._column(row, cell, after) for cell, after in zip(row.cells, starts[1:], strict=True)]
        people: Sequence[Row] = self._content.record.rows or ({},)
        pending: list[str] = []
        for index, person in enumerate(people):
            pending.append(self._person(row, columns, person, index, starts[0]))
            if index % _CHUNK == 0:
                yield "".join(pending)
                pending.clear()
        yield "".join(pending)

    def _column(self, row: RowForm, cell: CellForm, after: str) -> _Column:
        tag = cell.only_tag
        found = self._content.definition.field(tag.key) if tag is not None and tag.root == "row" else None
        room = self._plan.rooms.get((row.number, cell.column))
        easy = _UNLIMITED
        if room is not None and not room.look.shrinks:
            easy = int(room.ems) * (room.lines(row.height or 0.0) if room.look.wraps else 1)
        twin = self._plan.shrinking.get((row.number, cell.column), cell.style)
        numbers = self._plan.numbers.get((row.number, cell.column))
        days = self._plan.days.get((row.number, cell.column))
        return _Column(cell, found, room, twin, numbers, days, easy, after)

    def _skip_to(self, number: int) -> None:
        """Rows before that one of which the sheet says nothing have no height of their own."""
        self._heights.extend([0.0] * (number - 1 - len(self._heights)))

    def _person(self, row: RowForm, columns: Sequence[_Column], person: Row, index: int, start: str) -> str:
        """One person's row; the row number is joined into what stands between its places."""
        height = row.height or 0.0
        between = [start]
        for column in columns:
            entry = person.get(column.key)
            value = None if entry is None else entry.value
            known = column.known.get(value if type(value) is str else (type(value), value))
            if known is None:
                known = self._new_cell(column, person, index)
            between.append(known[0])
            if known[1] > height:  # noqa: PLR1730 - a call of max() costs more than all else here
                height = known[1]
        self._heights.append(height)
        number = str(row.number + index)
        tall = f' ht="{height:g}" customHeight="1"' if height else ""
        return f'<row r="{number}"{row.attributes}{tall}>{number.join(between)}'

    def _new_cell(self, column: _Column, person: Row, index: int) -> tuple[str, float]:
        """What follows the row number of a cell, remembered unless it says something of this one row."""
        field = column.field
        if field is None:
            return self._other_cell(column, person) + column.after, 0.0
        entry = person.get(field.key)
        value = None if entry is None else entry.value
        shown = printed(field, entry, numeric=True, guided=False)
        said = len(self.findings)
        style, height = column.cell.style, 0.0
        if column.days is not None and isinstance(shown, str) and _DAY.fullmatch(shown):
            style, room = column.days
            height = 0.0 if room.look.shrinks else room.height_of(shown)
        elif isinstance(shown, str) and (len(shown) > column.easy or "\n" in shown):
            shown, style, height = self._fitted(column, Tag("row", field.key), shown, index)
        elif not isinstance(shown, str) and column.numbers is not None and column.room is not None:
            style = self._number_style(column.room, shown, Tag("row", field.key), index, (style, *column.numbers))
        cell = (_cell_rest(style, shown, self.strings) + column.after, height)
        if len(self.findings) == said:
            if len(column.known) >= _REMEMBERED:
                column.known.clear()
            column.known[value if type(value) is str else (type(value), value)] = cell
        return cell

    def _fitted(self, column: _Column, tag: Tag, text: str, index: int) -> tuple[str, int, float]:
        """The text (or its beginning), the style and the row height that show it whole."""
        room, style = column.room, column.cell.style
        if room is None or room.look.shrinks:
            return text, style, 0.0
        if not room.look.wraps:
            return text, self._shrunk(room, text, tag, index, (style, column.shrinking)), 0.0
        needed = room.height_of(text)
        if needed <= TALLEST:
            return text, style, needed
        label = label_of(self._content.definition, tag)
        self._moved.append((f"第{index + 1}行 {label}", text))
        message = f"第{index + 1}行“{label}”内容过长,表内只印开头,全文移至续页{len(self._moved)}"
        self.findings.append(Finding(CONTINUED, path_of(tag, index), message, Severity.INFO))
        return shortened(text, room, len(self._moved)), style, TALLEST

    def _shrunk(self, room: Room, text: str, tag: Tag, index: int, styles: tuple[int, int]) -> int:
        """The style for a text in one line: the cell's own, or the one that shrinks, which is reported."""
        scale = room.scale_of(text)
        if scale == 1.0:
            return styles[0]
        size = room.look.size * scale
        severity = Severity.INFO if size >= SMALLEST * 0.75 else Severity.WARNING
        message = f"“{label_of(self._content.definition, tag)}”内容较长,打印时缩小到约 {size:.1f} 磅"
        self.findings.append(Finding(SHRUNK, path_of(tag, index), message, severity))
        return styles[1]

    def _number_style(  # a number, its place and its cell
        self, room: Room, number: float, tag: Tag, index: int, styles: tuple[int, int, int]
    ) -> int:
        """The style for a number: the cell's own, or one that shrinks it and writes it out."""
        is_whole = number == int(number)
        text = f"{number:.0f}" if is_whole else f"{number:.2f}"
        if float(text) != number:
            return styles[0]
        if room.scale_of(text) >= 1.0 > room.scale_of(text + SPARE_FIGURE):
            return styles[1 if is_whole else 2]
        return self._shrunk(room, text, tag, index, (styles[0], styles[1 if is_whole else 2]))

    def _other_cell(self, column: _Column, person: Row) -> str:
        """A cell of the prototype row with fixed content, or with text around its tags."""
        if not column.cell.runs:
            return _fixed_rest(column.cell)
        words = "".join(
            piece if isinstance(piece, str) else self._of_person(piece, person)
            for _, pieces in column.cell.runs
            for piece in pieces
        )
        return _cell_rest(column.cell.style, words, self.strings)

    def _of_person(self, tag: Tag, person: Row) -> str:
        field = self._content.definition.field(tag.key)
        if tag.root != "row" or field is None:
            return self._text(tag)
        return str(printed(field, person.get(tag.key), numeric=False, guided=False))

    def _text(self, tag: Tag) -> str:
        match tag.root:
            case "header":
                return str(self._content.header[tag.key])
            case "box":
                return self._content.boxes[tag.key][tag.part]
            case "tick":
                return self._content.ticks[tag.key][tag.part]
            case _:
                return ""

    def _fixed_row(self, row: RowForm, number: int) -> str:
        """A row outside the persons, its tags replaced; it grows when a wrapped text needs more lines."""
        height = row.height
        cells: list[str] = []
        for cell in row.cells:
            if not cell.tags:
                cells.append(self._untagged_cell(cell, number))
                continue
            room = self._plan.rooms[row.number, cell.column]
            runs = [
                (look, "".join(item if isinstance(item, str) else self._text(item) for item in pieces))
                for look, pieces in cell.runs
            ]
            whole = "".join(words for _, words in runs)
            style = cell.style
            if room.look.wraps:
                if height and self._plan.form.merge_at(cell.column, row.number)[1] == row.number:
                    height = max(height, min(room.height_of(whole), TALLEST))
            elif not room.look.shrinks:
                styles = (style, self._plan.shrinking[row.number, cell.column])
                style = self._shrunk(room, whole, cell.tags[0], 0, styles)
            cells.append(self._tagged_cell(cell, style, (row.number, number), runs))
        self._skip_to(number)
        self._heights.append(height or 0.0)
        tall = "" if height is None else f' ht="{height:g}" customHeight="1"'
        return f'<row r="{number}"{row.attributes}{tall}>{"".join(cells)}</row>'

    @staticmethod
    def _untagged_cell(cell: CellForm, number: int) -> str:
        return f'<c r="{cell.column}{number}{_fixed_rest(cell)}'

    def _tagged_cell(
        self, cell: CellForm, style: int, numbers: tuple[int, int], runs: Sequence[tuple[str, str]]
    ) -> str:
        """``numbers`` are those of the row in the template and in the file."""
        at, number = numbers
        head = f'<c r="{cell.column}{number}'
        tag = cell.only_tag
        if tag is not None and tag.root == "header":
            shown, place = self._content.header[tag.key], (at, cell.column)
            if not isinstance(shown, str) and place in self._plan.numbers:
                styles = (cell.style, *self._plan.numbers[place])
                style = self._number_style(self._plan.rooms[place], shown, tag, 0, styles)
            return head + _cell_rest(style, shown, self.strings)
        if len(runs) == 1 and not runs[0][0]:
            return head + _cell_rest(style, runs[0][1], self.strings)
        inner = "".join(
            f'<r>{look}<t xml:space="preserve">{string_xml(words)}</t></r>' for look, words in runs if words
        )
        return f'{head}" s="{style}" t="inlineStr"><is>{inner}</is></c>' if inner else f'{head}" s="{style}"/>'

    def _moved_row(self, number: int, head: str, text: str, last_column: str) -> str:
        """A row of the 续页."""
        style, end = self._moved_style(), self._head_end()
        widths, look = column_widths(self._plan.form.root), self._plan.styles.look(style)
        height = max(
            Room(width_between(widths, _next(end), last_column), look).height_of(text),
            Room(width_between(widths, "A", end), look).height_of(head),
        )
        words = {1: head, column_number(end) + 1: text}
        written = "".join(
            f'<c r="{column_letters(column)}{number}{_cell_rest(style, words.get(column, ""), self.strings)}'
            for column in range(1, column_number(last_column) + 1)
        )
        height = self._moved_height(height)
        self._heights.append(height)
        return f'<row r="{number}" ht="{height:g}" customHeight="1">{written}</row>'

    def _breaks(self, persons: range) -> str:
        """The page breaks of the sheet, as XML."""
        return row_breaks(self._heights, persons, self._plan.paging)

    def _moved_height(self, needed: float) -> float:
        """The height of a row of the 续页 that is said to need so many points."""
        return min(needed, TALLEST)

    def _moved_style(self) -> int:
        """The looks of a row of the 续页: those of the prototype's first wrapping cell."""
        form, styles = self._plan.form, self._plan.styles
        cells = form.row(form.prototype).cells
        return next((cell.style for cell in cells if styles.look(cell.style).wraps), cells[0].style)

    def _head_end(self) -> str:
        """The last column of the head of a row of the 续页."""
        return "C"

    def _with_mark(self, piece: str, document_id: str) -> str:
        if not piece.startswith("<headerFooter"):
            return piece
        definition = self._content.definition
        return marked_footers(piece, format_mark(PrintMark(document_id, -1, definition.form, definition.edition)))


def shortened(text: str, room: Room, number: int) -> str:
    """The beginning of a text that still fits into the tallest row, and where the whole stands."""
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if room.height_of(text[:middle] + continuation.marker(number)) <= TALLEST:
            low = middle
        else:
            high = middle - 1
    return text[:low].rstrip() + continuation.marker(number)


def marked_footers(xml: str, words: str) -> str:
    """The page footers with the print mark at the end of their right section."""
    root = etree.fromstring(xml.replace("<headerFooter", f'<headerFooter xmlns="{_MAIN}"', 1))
    for name in ("oddFooter", "evenFooter", "firstFooter"):
        footer = root.find(f"{S}{name}")
        if footer is None and name == "oddFooter":
            footer = etree.SubElement(root, f"{S}oddFooter")
        if footer is None or (name == "firstFooter" and root.get("differentFirst") not in ("1", "true")):
            continue
        code = footer.text or ""
        mark = f"&5 {words.replace('&', '&&')}"
        footer.text = f"{code}\n{mark}" if "&R" in code else f"{code}&R{mark}"
    return etree.tostring(root, encoding="unicode").replace(f' xmlns="{_MAIN}"', "", 1)


def _cell_rest(style: int, shown: Printed, strings: Strings) -> str:
    """What follows the row number of a cell."""
    if isinstance(shown, str):
        return f'" s="{style}" t="s"><v>{strings.index(shown)}</v></c>' if shown else f'" s="{style}"/>'
    return f'" s="{style}"><v>{shown}</v></c>'


def _next(column: str) -> str:
    """The letters of the column behind."""
    return column_letters(column_number(column) + 1)


def _pieces(moved: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    return [
        (continuation.head(number, piece, label), text[start : start + _PIECE])
        for number, (label, text) in enumerate(moved, start=1)
        for piece, start in enumerate(range(0, len(text), _PIECE), start=1)
    ]


def _fixed_rest(cell: CellForm) -> str:
    """What follows the row number of a cell with fixed content."""
    if not cell.fixed:
        return f'" s="{cell.style}"/>'
    if cell.kind == "inlineStr":
        return f'" s="{cell.style}" t="inlineStr"><is>{cell.fixed}</is></c>'
    kind = f' t="{cell.kind}"' if cell.kind else ""
    return f'" s="{cell.style}"{kind}>{cell.fixed}</c>'
