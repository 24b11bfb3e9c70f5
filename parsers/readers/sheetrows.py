"""The cells of one worksheet in a single pass over its XML."""

from __future__ import annotations

import datetime as dt
import io
import math
import re
from dataclasses import dataclass, field, replace

from lxml import etree

from parsers.document import Cell, RawValue
from parsers.errors import DamagedFileError, ForbiddenXmlError, TooComplexError
from parsers.making import sheet_cell
from parsers.readers.numberformats import general
from parsers.readers.package import Element
from parsers.readers.sheetstyles import CellStyle, S, Text, rich_text

_PLAIN_TEXT = f"{S}t"
_ROW, _VALUE, _FORMULA, _INLINE = f"{S}row", f"{S}v", f"{S}f", f"{S}is"
_COLUMN, _MERGE = f"{S}col", f"{S}mergeCell"
_MARGINS = tuple(f"{S}{name}" for name in ("oddHeader", "oddFooter", "firstHeader", "firstFooter"))
_MARGIN_CODE = re.compile(r'&"[^"]*"|&K[0-9A-F]{6}|&\d+|&[PNDTFAZGBIUSEXY]|&[LCR]')
_TRUE = frozenset({"1", "true"})
_EPOCH_1900 = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - days of a workbook have no time zone
_EPOCH_1904 = dt.datetime(1904, 1, 1)  # noqa: DTZ001 - as above
_MARCH_1900 = 61
_MOST_FIGURES = 11
_MOST_EXACT = 1e15
_LAST_SERIAL = 2_958_466
_MOST_CELLS = 3_000_000
_MOST_COLUMNS = 16_384
_REFERENCE = re.compile(r"^\$?([A-Z]{1,3})\$?(\d{1,7})(?::\$?([A-Z]{1,3})\$?(\d{1,7}))?$")
_PLAIN = CellStyle()


@dataclass(slots=True)
class SheetContent:
    """What a worksheet holds: its cells that are not empty, merges, and what is hidden."""

    cells: list[Cell] = field(default_factory=list)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    margins: list[str] = field(default_factory=list)
    """Page headers and footers, without their format codes."""
    has_formulas: bool = False
    """A cell holds a formula, whose stored result is read."""


@dataclass(frozen=True, slots=True)
class WorkbookContext:
    """What a sheet needs of its workbook."""

    strings: list[Text]
    styles: tuple[CellStyle, ...]
    date_1904: bool = False


def column_letters(column: int) -> str:
    """``0`` → ``A``, ``26`` → ``AA``."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """``A`` → ``0``, ``AA`` → ``26``."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def read_rows(data: bytes, name: str, context: WorkbookContext) -> SheetContent:
    """All cells of a worksheet part.

    Raises:
        DamagedFileError: the XML is not well formed.
        ForbiddenXmlError: it declares a document type.
        TooComplexError: more cells than any honest sheet.
    """
    if b"<!DOCTYPE" in data[:4096] or b"<!ENTITY" in data[:4096]:
        raise ForbiddenXmlError
    return _SheetReader(name, context).read(data)


class _SheetReader:
    def __init__(self, name: str, context: WorkbookContext) -> None:
        self._name = name
        self._context = context
        self._content = SheetContent()
        self._columns: dict[str, tuple[int, str]] = {}
        self._dates: dict[tuple[str, str], tuple[str, RawValue, tuple[str, ...]]] = {}
        self._next_row = 0
        self._struck_styles = {str(number) for number, style in enumerate(context.styles) if style.struck}

    def read(self, data: bytes) -> SheetContent:
        events = etree.iterparse(
            io.BytesIO(data),
            events=("end",),
            tag=(_ROW, _COLUMN, _MERGE, *_MARGINS),
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
        )
        try:
            for _, element in events:
                if element.tag == _ROW:
                    self._row(element)
                elif element.tag == _MERGE:
                    self._merge(element.get("ref") or "")
                elif element.tag == _COLUMN:
                    self._hidden_column(element)
                else:
                    self._content.margins.extend(_margin_lines(element.text or ""))
                element.clear()
        except (etree.XMLSyntaxError, ValueError) as fault:
            raise DamagedFileError from fault
        return self._content

    def _hidden_column(self, element: Element) -> None:
        if element.get("hidden") in _TRUE:
            first, last = int(element.get("min") or 1), int(element.get("max") or 1)
            self._content.hidden_columns.update(range(first - 1, min(last, _MOST_COLUMNS)))

    def _merge(self, reference: str) -> None:
        match = _REFERENCE.match(reference)
        if match and match.group(3):
            left, top, right, bottom = match.groups()
            self._content.merges.append(
                (int(top) - 1, column_number(left), int(bottom) - 1, column_number(right)),
            )

    def _row(self, element: Element) -> None:
        stated = element.get("r")
        row = int(stated) - 1 if stated else self._next_row
        self._next_row = row + 1
        if element.get("hidden") in _TRUE:
            self._content.hidden_rows.add(row)
        cells, columns = self._content.cells, self._columns
        digits = len(stated) if stated else 0
        column = -1
        prefix = f"{self._name}!"
        for item in element:
            reference = item.get("r")
            if reference and digits:
                letters = reference[:-digits]
                known = columns.get(letters)
                if known is None:
                    known = columns[letters] = (column_number(letters), letters)
                column, letters = known
            else:
                column += 1
                letters = column_letters(column)
            if not len(item):
                continue
            text = self._plain_text(item)
            if text is not None:
                if text:
                    cells.append(sheet_cell(row, column, text, None, f"{prefix}{letters}{row + 1}"))
                continue
            cell = self._cell(item, row, column, f"{prefix}{letters}{row + 1}")
            if cell is not None:
                cells.append(cell)
        if len(cells) > _MOST_CELLS:
            raise TooComplexError

    def _plain_text(self, item: Element) -> str | None:
        """The text of a cell that holds one run of text in a style without a line through it (nearly all cells)."""
        if item.get("t") != "inlineStr" or len(item) != 1 or item.get("s") in self._struck_styles:
            return None
        holder = item[0]
        if len(holder) != 1 or holder[0].tag != _PLAIN_TEXT:
            return None
        text = holder[0].text or ""
        return None if "_x" in text or "\r" in text else text

    def _cell(self, item: Element, row: int, column: int, address: str) -> Cell | None:
        kind, style_number = item.get("t"), item.get("s")
        value, inline, has_formula = _content(item)
        self._content.has_formulas |= has_formula
        style = _PLAIN
        if style_number is not None:
            index = int(style_number)
            styles = self._context.styles
            if index < len(styles):
                style = styles[index]
        if kind == "s" and value is not None:
            strings = self._context.strings
            if not 0 <= int(value) < len(strings):
                return Cell(row, column, address=address, notes=("cell-error",))
            inline = strings[int(value)]
        if inline is not None:
            return _text_cell(row, column, address, inline, style)
        if value is None:
            if not has_formula:
                return None
            return Cell(row, column, address=address, notes=("formula-without-value",))
        if kind is None or kind == "n":
            text, raw, notes = self._number(value, style)
            if not (notes or style.struck):
                return sheet_cell(row, column, text, raw, address)
            return Cell(row, column, text, raw=raw, struck=style.struck, address=address, notes=notes)
        return _typed(Cell(row, column, value, struck=style.struck, address=address), kind, style)

    def _number(self, value: str, style: CellStyle) -> tuple[str, RawValue, tuple[str, ...]]:
        form = style.format
        if form.is_date:
            key = (value, form.pattern)
            found = self._dates.get(key)
            if found is None:
                found = self._dates[key] = self._day(value, style)
            return found
        number = float(value)
        if not math.isfinite(number):
            return value, None, ("cell-error",)
        if number.is_integer() and "E" not in value and "e" not in value and "." not in value:
            whole = int(value)
            if form.decimals is None:
                return (value if len(value) <= _MOST_FIGURES else general(number)), whole, ()
            return form.show_number(whole), whole, ()
        raw: RawValue = int(number) if number.is_integer() and abs(number) < _MOST_EXACT else number
        return form.show_number(number), raw, ()

    def _day(self, value: str, style: CellStyle) -> tuple[str, RawValue, tuple[str, ...]]:
        serial = float(value)
        form = style.format
        if not math.isfinite(serial):
            return value, None, ("cell-error",)
        if not 0 <= serial < _LAST_SERIAL:
            return general(serial), serial, ()
        if serial < _MARCH_1900 and not self._context.date_1904:
            serial += 1  # Excel counts a 29 February 1900 that never was
        moment = (_EPOCH_1904 if self._context.date_1904 else _EPOCH_1900) + dt.timedelta(days=serial)
        notes = () if form.shows == "ymd" else ("date-parts-hidden",)
        raw: RawValue = moment if serial % 1 else moment.date()
        return form.show_day(moment), raw, notes


def _typed(cell: Cell, kind: str, style: CellStyle) -> Cell | None:
    """A flag, an error, a day or a formula's text, as its type says."""
    value = cell.text
    match kind:
        case "b":
            return replace(cell, text="TRUE" if value in _TRUE else "FALSE", raw=value in _TRUE)
        case "e":
            return replace(cell, notes=("cell-error",))
        case "d":
            return replace(cell, raw=_iso(value))
        case _:
            text = Text(value.replace("\r\n", "\n"))
            return _text_cell(cell.row, cell.column, cell.address or "", text, style)


def _content(item: Element) -> tuple[str | None, Text | None, bool]:
    """The stored value, the inline text, and whether there is a formula."""
    value: str | None = None
    inline: Text | None = None
    has_formula = False
    for child in item:
        tag = child.tag
        if tag == _VALUE:
            value = child.text
        elif tag == _INLINE:
            inline = rich_text(child)
        elif tag == _FORMULA:
            has_formula = True
    return value, inline, has_formula


def _text_cell(row: int, column: int, address: str, text: Text, style: CellStyle) -> Cell | None:
    if not text.text:
        return None
    if not (style.struck or text.struck or text.partly):
        return sheet_cell(row, column, text.text, None, address)
    return Cell(
        row,
        column,
        text.text,
        struck=style.struck or text.struck,
        address=address,
        notes=("partly-struck",) if text.partly else (),
    )


def _margin_lines(code: str) -> list[str]:
    """The texts of a page header or footer such as ``&L附件2&C&P``."""
    return [line for line in (piece.strip(" -—\n") for piece in _MARGIN_CODE.sub("\n", code).split("\n")) if line]


def _iso(value: str) -> RawValue:
    try:
        moment = dt.datetime.fromisoformat(value)
    except ValueError:
        return value
    return moment.date() if moment.time() == dt.time() else moment
