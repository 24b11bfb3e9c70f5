"""The proof of a long roster in a workbook, at a cost that leaves filling quick.

A small twin of the file is made from the same template with the same frame and a few of the persons, and proved in
full by reader and locator. Then every cell of the long file is read and compared: the frame must be that of the twin,
moved down; each person's cell must hold, in the column where the twin was read, what was asked. Rows that are in any
way out of the ordinary (words of the form among the values, unsettled values, hardly anything filled in) go into the
twin, and when there are many of these the long file is proved in full like any other.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as data_field
from functools import cached_property, partial

from forms.definition import Field, FormDefinition
from forms.labels import normalise_label
from forms.record import Entry, Record, Row
from parsers.readers.package import Package
from parsers.readers.sheetscan import (
    CELL_START,
    NotPlainError,
    RawCell,
    cell_pieces,
    scan_cell,
    scan_inner,
    scan_merges,
    scan_rows,
    scan_strings,
)
from parsers.readers.sheetstyles import shared_strings
from writers.errors import OutputCheckFailedError
from writers.references import Shift, split_cell
from writers.sheetstrings import STRINGS_PART, plain_lines
from writers.spreading import beside, spread
from writers.values import Content, printed
from writers.wordproving import labels_of
from writers.xlsx import ExcelTemplate

LONG = 400
"""From how many persons on the proof by a twin is worth its making."""

_MOST_ODD = 1500
_EDGE_ROWS = 2
_FEWEST_FILLED = 5
_REMEMBERED = 32768
_BEGIN, _END = b"<sheetData>", b"</sheetData>"
_DROPPED = frozenset(" \t\n\u3000:：*()（）_0123456789")
_SUMS = re.compile("合计|小计|总计|累计|共计|总数|合并|示例|样例|范例|举例")

FullProof = Callable[[Record, bytes], None]


class LongProof:
    """The proof of one long workbook; what needs no file is begun at once, beside the writing of the file."""

    def __init__(self, template: ExcelTemplate, content: Content) -> None:
        self._template = template
        self._content = content
        self._columns = _columns(template, content.definition)
        self._odd = beside(partial(odd_rows, content.definition, content.record, len(self._columns or ())))

    def prove(self, data: bytes, document_id: str | None, prove_fully: FullProof) -> None:
        """Prove the filled file. ``prove_fully`` proves a record against a file in full.

        Raises:
            OutputCheckFailedError: naming the first difference.
        """
        record, columns, odd = self._content.record, self._columns, self._odd()
        if columns is None or len(odd) > _MOST_ODD:
            prove_fully(record, data)
            return
        count = len(record.rows)
        chosen = sorted(odd | set(range(_EDGE_ROWS)) | set(range(count - _EDGE_ROWS, count)))
        few = replace(record, rows=tuple(record.rows[index] for index in chosen))
        twin, _ = self._template.render(replace(self._content, record=few), document_id)
        prove_fully(few, twin)
        try:
            long, short = _Sheet.read(self._template, data), _Sheet.read(self._template, twin)
            _compare(long, short, self._template.prototype, (record, len(few.rows)), columns)
        except NotPlainError:
            prove_fully(record, data)


@dataclass(frozen=True)
class _Sheet:
    """A filled worksheet as scanned: its XML and the workbook's strings."""

    xml: bytes
    strings: Sequence[str]

    @cached_property
    def places(self) -> Mapping[str, int]:
        """The number of each string."""
        return {text: number for number, text in enumerate(self.strings)}

    @classmethod
    def read(cls, template: ExcelTemplate, data: bytes) -> _Sheet:
        with Package(data) as package:
            return cls(package.read(template.sheet_part), _strings(package))

    def shown(self, cell: RawCell) -> tuple[bytes, str]:
        """Style and content of a cell, comparable between workbooks."""
        _, _, style, kind, value, inline = cell
        return style, self.strings[int(value)] if kind == b"s" else f"{value!r}{inline!r}"


def _strings(package: Package) -> list[str]:
    """The shared strings; by the whole reader where the template's own have looks or phonetic guides."""
    try:
        return scan_strings(package.read(STRINGS_PART))
    except NotPlainError:
        texts = shared_strings(package, STRINGS_PART)
        if any(text.struck or text.partly for text in texts):
            raise
        return [text.text for text in texts]


@dataclass(frozen=True)
class _Column:
    """A column of persons.

    ``known`` holds, for each value met before, what stands between its row number and that of the next cell;
    ``after`` is the start of the next cell, nothing after the last.
    """

    letters: bytes
    field: Field
    after: bytes
    known: dict[object, bytes] = data_field(default_factory=dict)

    @cached_property
    def key(self) -> str:
        """The key of the field."""
        return self.field.key


def _columns(template: ExcelTemplate, definition: FormDefinition) -> list[_Column] | None:
    """The columns of the prototype row; ``None`` when one of its cells is no single field."""
    columns: list[_Column] = []
    cells = template.plan.form.row(template.prototype).cells
    starts = [*(CELL_START + cell.column.encode() for cell in cells[1:]), b""]
    for cell, after in zip(cells, starts, strict=True):
        tag = cell.only_tag
        found = definition.field(tag.key) if tag is not None and tag.root == "row" else None
        if found is None:
            return None
        columns.append(_Column(cell.column.encode(), found, after))
    return columns


def odd_rows(definition: FormDefinition, record: Record, columns: int) -> set[int]:
    """The rows that only the whole locator can judge; a row is printed in so many ``columns``."""
    words = frozenset(labels_of(definition))
    letters = frozenset("".join(words)) | _DROPPED
    fields: list[tuple[str, Field, dict[str, bool]]] = [(item.key, item, {}) for item in definition.fields]
    odd: set[int] = set()
    for index, row in enumerate(record.rows):
        filled = 0
        for key, item, judged in fields:
            entry = row.get(key)
            if entry is None or entry.value is None or entry.value == "":
                continue
            filled += 1
            value = entry.value
            if type(value) is not str:
                continue
            is_odd = judged.get(value)
            if is_odd is None:
                is_odd = judged[value] = _is_odd(item, value, words, letters)
            if is_odd:
                odd.add(index)
        if filled < _FEWEST_FILLED or filled * 3 <= columns or not _has_person(row):
            odd.add(index)
    return odd


def _is_odd(item: Field, value: str, words: frozenset[str], letters: frozenset[str]) -> bool:
    reading = item.type.read(item.type.write(value))
    if not reading.settled or reading.value != value or _SUMS.search(value) is not None:
        return True
    return letters.issuperset(value) and normalise_label(value) in words


def _has_person(row: Row) -> bool:
    """A number, a name and an identity number: what makes a row a person beyond doubt."""
    for key in ("no", "name", "id_number"):
        entry = row.get(key)
        if entry is None or entry.is_blank:
            return False
    return not set(str(row["name"].value)) & set(":：")


def _compare(
    long: _Sheet, twin: _Sheet, prototype: int, persons: tuple[Record, int], columns: Sequence[_Column]
) -> None:
    """Every cell of the long sheet against the twin's frame and the persons asked for."""
    record, few = persons
    total, added = len(record.rows), len(record.rows) - few
    styles = _styles(twin, prototype, few)
    frame = {
        (number if number < prototype else number + added): [(cell[0], twin.shown(cell)) for cell in cells]
        for number, cells in scan_rows(twin.xml)
        if not prototype <= number < prototype + few
    }
    middle = long.xml.find(b'<row r="%d"' % (prototype + total // 2))
    halves = (long.xml[:middle] + _END, _BEGIN + long.xml[middle:])
    compared = partial(_compare_half, long, prototype, record, columns, styles, frame)
    seen, met = 0, set[int]()
    for count, rows in spread(compared, halves, least=len(halves)):
        seen += count
        met |= rows
    if seen != total or met != set(frame):
        raise OutputCheckFailedError(differences=f"应有{total}人,表内有{seen}人;缺行{sorted(set(frame) - met)[:5]}")
    shift = Shift(prototype + few - 1, added)
    if {shift.reference(merge) for merge in scan_merges(twin.xml)} != _frame_merges(long, prototype, total, few):
        raise OutputCheckFailedError(differences="合并单元格不是应有的样子")


def _compare_half(  # noqa: PLR0913, PLR0917 - bound once, but for the last
    long: _Sheet,
    prototype: int,
    record: Record,
    columns: Sequence[_Column],
    styles: Mapping[bytes, set[bytes]],
    frame: Mapping[int, list[tuple[bytes, tuple[bytes, str]]]],
    xml: bytes,
) -> tuple[int, set[int]]:
    """Compare some rows of the long sheet; how many persons and which rows of the frame they were."""
    seen, met = 0, set[int]()
    last = prototype + len(record.rows)
    for number, digits, inner in scan_inner(xml):
        if prototype <= number < last:
            index = number - prototype
            _person(long, (index, record.rows[index]), (digits, inner), columns, styles)
            seen += 1
            continue
        cells = [scan_cell(piece, digits) for piece in cell_pieces(inner)]
        if frame.get(number) == [(cell[0], long.shown(cell)) for cell in cells]:
            met.add(number)
        else:
            raise OutputCheckFailedError(differences=f"第{number}行不是应有的内容")
    return seen, met


def _frame_merges(sheet: _Sheet, prototype: int, total: int, few: int) -> set[str]:
    """The merges of a sheet but for those of the persons that its twin has not."""
    return {
        merge
        for merge in scan_merges(sheet.xml)
        if not prototype + few <= split_cell(merge.partition(":")[0])[1] < prototype + total
    }


def _styles(twin: _Sheet, prototype: int, few: int) -> Mapping[bytes, set[bytes]]:
    """The cell styles that each column of persons shows in the proved twin."""
    styles: dict[bytes, set[bytes]] = {}
    for number, cells in scan_rows(twin.xml):
        if prototype <= number < prototype + few:
            for cell in cells:
                styles.setdefault(cell[0], set()).add(cell[2])
    return styles


def _person(
    sheet: _Sheet,
    person: tuple[int, Row],
    cells: tuple[bytes, bytes],
    columns: Sequence[_Column],
    styles: Mapping[bytes, set[bytes]],
) -> None:
    """One row of the long sheet against the person asked for: as a whole when each of its values has been met before.

    Raises:
        OutputCheckFailedError: a cell is missing, stands elsewhere or says something else.
        NotPlainError: a style that the twin does not have (a text that was shrunk, say): proved in full instead.
    """
    index, row = person
    digits, inner = cells
    expected = [CELL_START + columns[0].letters]
    for column in columns:
        entry = row.get(column.key)
        wanted = None if entry is None else entry.value
        known = column.known.get(wanted if type(wanted) is str else (type(wanted), wanted))
        expected.append(_expected(sheet, column, entry, styles) if known is None else known)
    if inner == digits.join(expected):
        return
    pieces = cell_pieces(inner)
    if len(pieces) != len(columns):
        raise OutputCheckFailedError(differences=f"records[{index}]: 应有{len(columns)}栏,读回{len(pieces)}栏")
    for column, piece in zip(columns, pieces, strict=True):
        cell = scan_cell(piece, digits)
        if cell[0] != column.letters or cell[2] not in styles[cell[0]]:
            raise NotPlainError
        _content(sheet, index, cell, column, row.get(column.key))


def _expected(sheet: _Sheet, column: _Column, entry: Entry | None, styles: Mapping[bytes, set[bytes]]) -> bytes:
    """What a cell that says the right thing looks like in its plainest form; remembered for its value."""
    shown = printed(column.field, entry, numeric=True, guided=False)
    style = b'" s="%b"' % min(styles[column.letters], default=b"")
    if not isinstance(shown, str):
        rest = b"%b><v>%b</v></c>" % (style, str(shown).encode())
    elif shown:
        rest = b'%b t="s"><v>%d</v></c>' % (style, sheet.places.get(plain_lines(shown), -1))
    else:
        rest = style + b"/>"
    wanted = None if entry is None else entry.value
    if len(column.known) >= _REMEMBERED:
        column.known.clear()
    place = wanted if type(wanted) is str else (type(wanted), wanted)
    known = column.known[place] = rest + column.after
    return known


def _content(sheet: _Sheet, index: int, cell: RawCell, column: _Column, entry: Entry | None) -> None:
    """The content of a cell against what is to be printed.

    Raises:
        OutputCheckFailedError: it says something else.
    """
    _, _, _, kind, value, inline = cell
    shown = printed(column.field, entry, numeric=True, guided=False)
    if kind == b"s":
        found: object = sheet.strings[int(value)]
        is_right = isinstance(shown, str) and found == plain_lines(shown)
    else:
        found = float(value) if value else ""
        is_right = not kind and not inline and (shown == "" if found == "" else found == shown)
    if not is_right:
        path = f"records[{index}].{column.key}"
        raise OutputCheckFailedError(differences=f"{path}: 应为“{shown}”,读回“{found}”")
