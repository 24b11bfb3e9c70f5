"""Excel templates: taken apart once, then written as a stream.

The official file is never loaded as a workbook while filling: its parts stay compressed, the rows of persons are
written as text straight into the compressor, and equal texts are stored once. Ten thousand rows need little more
memory than the texts themselves.

Texts are always stored as shared strings, so nothing that a person typed can become a formula. Dates are stored as
the text that Word prints too (``2024年7月1日``): a form may hold a month without a day or 长期, which no date cell can,
and what is read back is what was written, whatever calendar the office's program assumes. Numbers are numbers.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping

from lxml import etree

from forms.definition import FormDefinition, Layout
from forms.finding import Finding
from writers.archive import PartWriter, deflate, write_archive
from writers.errors import TemplateInvalidError
from writers.references import Shift
from writers.sheet import Element, read_sheet
from writers.sheetcards import CardWriting
from writers.sheetlooks import (
    CENTS,
    WHOLE,
    Room,
    S,
    StyleSheet,
    column_widths,
    default_height,
    rows_on_first_page,
    width_between,
)
from writers.sheetpages import Paging, paging_of
from writers.sheetstrings import STRINGS_PART
from writers.sheetwriting import SheetPlan, SheetWriting
from writers.tags import ValuesEnvironment
from writers.values import Content, is_number

_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_STRINGS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
_WORKBOOK = "xl/workbook.xml"
_STYLES = "xl/styles.xml"
_WHOLE_ROWS = re.compile(r"\$?\d+:\$?\d+")


class ExcelTemplate:
    """A compiled Excel template of a form."""

    def __init__(self, definition: FormDefinition, parts: Mapping[str, bytes]) -> None:
        self.definition = definition
        environment = ValuesEnvironment()
        self._book = etree.fromstring(parts[_WORKBOOK])
        strings = _read_strings(parts.get(STRINGS_PART))
        sheets = sheet_parts(parts, self._book)
        forms = {name: read_sheet(parts[part], strings, environment, name) for name, part in sheets.items()}
        tagged = [name for name, form in forms.items() if form.tags]
        if len(tagged) != 1:
            raise TemplateInvalidError(faults="标签须在且只在一张工作表上")
        self._name, self._part, self._form = tagged[0], sheets[tagged[0]], forms[tagged[0]]
        self._is_card = definition.layout is Layout.CARD
        if not self._form.prototype and not self._is_card:
            raise TemplateInvalidError(faults=f"{self._name}: 没有人员行标签")
        self.tags = self._form.tags
        self._styles = StyleSheet(parts[_STYLES])
        rooms = self._measure()
        self.plan = SheetPlan(
            self._form,
            strings,
            self._styles,
            rooms,
            self._shrinking_styles(rooms),
            self._number_styles(rooms),
            self._day_styles(rooms),
            self._paging(),
            self._wrapping_styles(rooms),
        )
        self._drawings = drawings_of(parts, self._part)
        self._parts = _with_strings_part(dict(parts))
        self._parts[_STYLES] = self._styles.xml()
        written = {self._part, STRINGS_PART, _WORKBOOK, *self._drawings}
        self._ready = {name: deflate(name, data, 9) for name, data in self._parts.items() if name not in written}

    @property
    def prototype(self) -> int:
        """Number of the prototype row; 0 for a card."""
        return self._form.prototype

    @property
    def sheet_part(self) -> str:
        """Name of the worksheet's part."""
        return self._part

    def blank_rows(self) -> int:
        """How many rows of persons fill the first page; a card has none."""
        if self._is_card:
            return 0
        form, height = self._form, default_height(self._form.root)
        others = sum(row.height or height for row in form.rows if row.number != form.prototype)
        widths = column_widths(form.root)
        row = form.row(form.prototype).height or height
        return rows_on_first_page(form.root, widths, self.plan.last_column, others, row)

    def _paging(self) -> Paging:
        form = self._form
        return paging_of(form.root, self._book, self._name, column_widths(form.root), form.last_column)

    def render(self, content: Content, document_id: str | None) -> tuple[bytes, tuple[Finding, ...]]:
        """The filled xlsx and what had to be shrunk or moved; ``document_id`` is for the print mark, if any."""
        writing = (CardWriting if self._is_card else SheetWriting)(self.plan, content)
        shift = Shift(self._form.prototype, 0 if self._is_card else max(content.row_count, 1) - 1)
        sheet = PartWriter(self._part, 2)
        for piece in writing.xml(shift, document_id):
            sheet.add(piece.encode())
        last_row = shift.end(self._form.last_row) + len(writing.moved_rows)
        made = {
            self._part: sheet.finish(),
            STRINGS_PART: writing.strings.part(),
            _WORKBOOK: deflate(_WORKBOOK, self._workbook(shift, last_row)),
        }
        for name in self._drawings:
            made[name] = deflate(name, moved_drawing(self._parts[name], shift))
        parts = [made.get(name) or self._ready[name] for name in self._parts]
        return write_archive(parts), tuple(writing.findings)

    def _measure(self) -> dict[tuple[int, str], Room]:
        """The room of every cell with tags, by row number and column."""
        widths = column_widths(self._form.root)
        rooms: dict[tuple[int, str], Room] = {}
        for row in self._form.rows:
            for cell in row.cells:
                if cell.tags:
                    last, _ = self._form.merge_at(cell.column, row.number)
                    width = width_between(widths, cell.column, last)
                    rooms[row.number, cell.column] = Room(width, self._styles.look(cell.style))
        return rooms

    def _shrinking_styles(self, rooms: Mapping[tuple[int, str], Room]) -> dict[tuple[int, str], int]:
        """For cells that neither wrap nor shrink: a style that shrinks."""
        cells = [(row.number, cell) for row in self._form.rows for cell in row.cells if cell.tags]
        return {
            (row, cell.column): self._styles.shrinking(cell.style)
            for row, cell in cells
            if not rooms[row, cell.column].look.wraps and not rooms[row, cell.column].look.shrinks
        }

    def _wrapping_styles(self, rooms: Mapping[tuple[int, str], Room]) -> dict[tuple[int, str], int]:
        """For cells of a card that do not wrap: a style that does."""
        cells = [(row.number, cell) for row in self._form.rows for cell in row.cells if cell.tags and self._is_card]
        return {
            (row, cell.column): self._styles.wrapping(cell.style)
            for row, cell in cells
            if not rooms[row, cell.column].look.wraps
        }

    def _day_styles(self, rooms: Mapping[tuple[int, str], Room]) -> dict[tuple[int, str], tuple[int, Room]]:
        """For cells of persons' days that are too narrow for one: the style and room of a day."""
        found: dict[tuple[int, str], tuple[int, Room]] = {}
        for cell in () if self._is_card else self._form.row(self._form.prototype).cells:
            field = None if cell.only_tag is None else self.definition.field(cell.only_tag.key)
            if field is not None and field.type.name == "day":
                place = self._form.prototype, cell.column
                fit = self._styles.for_days(cell.style, rooms[place])
                if fit is not None:
                    found[place] = fit
        return found

    def _number_styles(self, rooms: Mapping[tuple[int, str], Room]) -> dict[tuple[int, str], tuple[int, int]]:
        """For cells of numbers: styles that shrink whole numbers, and those with cents."""
        return {
            (row.number, cell.column): (
                self._styles.shrinking(cell.style, WHOLE),
                self._styles.shrinking(cell.style, CENTS),
            )
            for row in self._form.rows
            for cell in row.cells
            if cell.only_tag is not None
            and is_number(self.definition, cell.only_tag)
            and not rooms[row.number, cell.column].look.shrinks
        }

    def _workbook(self, shift: Shift, last_row: int) -> bytes:
        root = etree.fromstring(etree.tostring(self._book))
        names = [sheet.get("name") for sheet in root.iterfind(f"{S}sheets/{S}sheet")]
        for defined in root.iterfind(f"{S}definedNames/{S}definedName"):
            text = defined.text or ""
            local = defined.get("localSheetId")
            is_ours = names[int(local)] == self._name if local is not None else _names_sheet(text, self._name)
            if is_ours and "!" in text:
                moved = [moved_name(area, shift) for area in text.split(",")]
                if defined.get("name") == "_xlnm.Print_Area" and last_row > shift.end(self._form.last_row):
                    moved = [re.sub(r"\d+$", str(last_row), area) for area in moved]
                defined.text = ",".join(moved)
        return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _read_strings(data: bytes | None) -> list[Element]:
    return [] if data is None else list(etree.fromstring(data).iterfind(f"{S}si"))


def sheet_parts(parts: Mapping[str, bytes], book: Element) -> dict[str, str]:
    """Worksheet parts by the name of the sheet."""
    relations = _targets(parts["xl/_rels/workbook.xml.rels"], "xl")
    found: dict[str, str] = {}
    for sheet in book.iterfind(f"{S}sheets/{S}sheet"):
        target = relations.get(sheet.get(f"{{{_REL}}}id") or "", "")
        if target.startswith("xl/worksheets/"):
            found[sheet.get("name") or ""] = target
    return found


def _targets(data: bytes, folder: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for relation in etree.fromstring(data):
        target = relation.get("Target") or ""
        path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
        found[relation.get("Id") or ""] = path
    return found


def drawings_of(parts: Mapping[str, bytes], sheet: str) -> tuple[str, ...]:
    """The parts of the drawings that lie on a worksheet part."""
    folder, name = posixpath.split(sheet)
    rels = parts.get(f"{folder}/_rels/{name}.rels")
    if rels is None:
        return ()
    return tuple(target for target in _targets(rels, folder).values() if target.startswith("xl/drawings/drawing"))


def moved_drawing(data: bytes, shift: Shift) -> bytes:
    """A drawing whose anchors went with their rows."""
    root = etree.fromstring(data)
    for end, move in (("from", shift.start), ("to", shift.end)):
        for row in root.iterfind(f"{_DRAWING}*/{_DRAWING}{end}/{_DRAWING}row"):
            row.text = str(move(int(row.text or 0) + 1) - 1)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _with_strings_part(parts: dict[str, bytes]) -> dict[str, bytes]:
    """The parts with a place for shared strings, where the template stores its texts in the cells."""
    if STRINGS_PART in parts:
        return parts
    rels = etree.fromstring(parts["xl/_rels/workbook.xml.rels"])
    relation = etree.SubElement(rels, f"{{{_PACKAGE_RELS}}}Relationship")
    for key, value in (("Id", "rIdStrings"), ("Type", f"{_REL}/sharedStrings"), ("Target", "sharedStrings.xml")):
        relation.set(key, value)
    types = etree.fromstring(parts["[Content_Types].xml"])
    override = etree.SubElement(types, f"{{{_TYPES}}}Override")
    override.set("PartName", f"/{STRINGS_PART}")
    override.set("ContentType", _STRINGS_TYPE)
    parts["xl/_rels/workbook.xml.rels"] = etree.tostring(rels, xml_declaration=True, encoding="UTF-8", standalone=True)
    parts["[Content_Types].xml"] = etree.tostring(types, xml_declaration=True, encoding="UTF-8", standalone=True)
    parts[STRINGS_PART] = b""
    return parts


def _names_sheet(text: str, sheet: str) -> bool:
    return text.startswith((f"{sheet}!", f"'{sheet}'!"))


def moved_name(area: str, shift: Shift) -> str:
    """An area of a defined name (``'附件2'!$A$1:$R$13``, ``$5:$6``) that went with its rows."""
    sheet, _, reference = area.rpartition("!")
    moved = shift.whole_rows(reference) if _WHOLE_ROWS.fullmatch(reference) else shift.reference(reference)
    return f"{sheet}!{moved}"
