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
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

from lxml import etree

from forms.definition import Field, FormDefinition
from forms.finding import Finding, Severity
from parsers import continuation
from parsers.document import PrintMark
from parsers.printmark import format_mark
from writers.archive import Part, PartWriter, deflate, write_archive
from writers.docx import CONTINUED, SHRUNK, label_of, path_of
from writers.errors import TemplateInvalidError
from writers.fitting import SMALLEST
from writers.references import Shift, column_letters, column_number, split_cell
from writers.sheet import CellForm, Element, RowForm, SheetForm, read_sheet, sheet_foot, sheet_head
from writers.sheetlooks import TALLEST, Room, S, StyleSheet, column_widths, default_height, rows_on_first_page, width_between
from writers.tags import Tag, ValuesEnvironment
from writers.values import Content, Printed

_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_STRINGS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
_WORKBOOK = "xl/workbook.xml"
_STRINGS = "xl/sharedStrings.xml"
_STYLES = "xl/styles.xml"
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_CHUNK = 256
_PIECE = 300


class ExcelTemplate:
    """A compiled Excel template of a form."""

    def __init__(self, definition: FormDefinition, parts: Mapping[str, bytes]) -> None:
        self.definition = definition
        environment = ValuesEnvironment()
        self._book = etree.fromstring(parts[_WORKBOOK])
        self._strings = _read_strings(parts.get(_STRINGS))
        sheets = _sheet_parts(parts, self._book)
        forms = {name: read_sheet(parts[part], self._strings, environment, name) for name, part in sheets.items()}
        tagged = [name for name, form in forms.items() if form.tags]
        if len(tagged) != 1:
            raise TemplateInvalidError(faults="标签须在且只在一张工作表上")
        self._name, self._part, self._form = tagged[0], sheets[tagged[0]], forms[tagged[0]]
        if not self._form.prototype:
            raise TemplateInvalidError(faults=f"{self._name}: 没有人员行标签")
        self.tags = self._form.tags
        self._styles = StyleSheet(parts[_STYLES])
        self._rooms = self._measure()
        self._shrinking = self._shrinking_styles()
        self._drawings = _drawings_of(parts, self._part)
        self._parts = _with_strings_part(dict(parts))
        self._parts[_STYLES] = self._styles.xml()
        written = {self._part, _STRINGS, _WORKBOOK, *self._drawings}
        self._ready = {name: deflate(name, data, 9) for name, data in self._parts.items() if name not in written}

    def blank_rows(self) -> int:
        """How many rows of persons fill the first page."""
        form, height = self._form, default_height(self._form.root)
        others = sum(row.height or height for row in form.rows if row.number != form.prototype)
        last = column_letters(max(column_number(cell.column) for row in form.rows for cell in row.cells))
        widths = column_widths(form.root)
        row = form.row(form.prototype).height or height
        return rows_on_first_page(form.root, widths, last, others, row)

    def render(self, content: Content, document_id: str | None) -> tuple[bytes, tuple[Finding, ...]]:
        """The filled xlsx and what had to be shrunk or moved. ``document_id`` is for the print mark, ``None`` for none."""
        writing = _Writing(self, content)
        shift = Shift(self._form.prototype, max(content.row_count, 1) - 1)
        sheet = PartWriter(self._part, 5)
        for chunk in writing.sheet(shift, document_id):
            sheet.add(chunk.encode())
        total = shift.end(self._form.last_row) + len(writing.moved_rows)
        made = {
            self._part: sheet.finish(),
            _STRINGS: writing.strings.part(),
            _WORKBOOK: deflate(_WORKBOOK, self._workbook(shift, total)),
        }
        for name in self._drawings:
            made[name] = deflate(name, _moved_drawing(self._parts[name], shift))
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

    def _shrinking_styles(self) -> dict[tuple[int, str], int]:
        """For cells that neither wrap nor shrink: a style that shrinks."""
        return {
            (row.number, cell.column): self._styles.shrinking(cell.style)
            for row in self._form.rows
            for cell in row.cells
            if cell.tags and not self._rooms[row.number, cell.column].look.wraps
            and not self._rooms[row.number, cell.column].look.shrinks
        }

    def _workbook(self, shift: Shift, last_row: int) -> bytes:
        root = etree.fromstring(etree.tostring(self._book))
        names = [sheet.get("name") for sheet in root.iterfind(f"{S}sheets/{S}sheet")]
        for defined in root.iterfind(f"{S}definedNames/{S}definedName"):
            text = defined.text or ""
            local = defined.get("localSheetId")
            is_ours = names[int(local)] == self._name if local is not None else _names_sheet(text, self._name)
            if is_ours and "!" in text:
                moved = [_moved_name(area, shift) for area in text.split(",")]
                if defined.get("name") == "_xlnm.Print_Area" and last_row > shift.end(self._form.last_row):
                    moved = [re.sub(r"\d+$", str(last_row), area) for area in moved]
                defined.text = ",".join(moved)
        return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


class _Strings:
    """The shared strings of one output: the template's own first, then each new text once."""

    def __init__(self, template: Sequence[Element]) -> None:
        self._known: dict[str, int] = {}
        self._count = len(template)
        self._writer = PartWriter(_STRINGS, 5)
        self._writer.add(
            f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<sst xmlns="{S[1:-1]}">'.encode()
        )
        self._pending: list[str] = []
        for item in template:
            words = "".join(str(text) for text in item.itertext())
            xml = etree.tostring(item, encoding="unicode", with_tail=False)
            self._pending.append("<si><t/></si>" if "{{" in words else xml)

    def index(self, text: str) -> int:
        """The number of a text, stored on first sight."""
        found = self._known.get(text)
        if found is None:
            found = self._known[text] = self._count
            self._count += 1
            self._pending.append(f'<si><t xml:space="preserve">{string_xml(text)}</t></si>')
            if len(self._pending) >= _CHUNK:
                self._flush()
        return found

    def part(self) -> Part:
        """The finished part."""
        self._flush()
        self._writer.add(b"</sst>")
        return self._writer.finish()

    def _flush(self) -> None:
        self._writer.add("".join(self._pending).encode())
        self._pending.clear()


@dataclass
class _Writing:
    """The writing of one workbook."""

    template: ExcelTemplate
    content: Content
    findings: list[Finding] = field(default_factory=list)
    moved: list[tuple[str, str]] = field(default_factory=list)
    moved_rows: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.strings = _Strings(self.template._strings)
        self._fitted: dict[tuple[str, str], float] = {}

    def sheet(self, shift: Shift, document_id: str | None) -> Iterator[str]:
        """The worksheet part in pieces."""
        form = self.template._form
        last_row = shift.end(form.last_row)
        columns = [column_number(cell.column) for row in form.rows for cell in row.cells]
        last_column = column_letters(max(columns))
        yield sheet_head(form, last_column, last_row)
        for row in form.rows:
            if row.number == form.prototype:
                yield from self._persons(row)
            else:
                yield self._fixed_row(row, shift.start(row.number))
        self.moved_rows = _pieces(self.moved)
        merges: list[str] = []
        for number, (head, text) in enumerate(self.moved_rows, start=last_row + 1):
            yield self._moved_row(number, head, text, last_column)
            merges += [f"A{number}:C{number}", f"D{number}:{last_column}{number}"]
        for piece in sheet_foot(form, shift, merges):
            yield piece if document_id is None else self._with_mark(piece, document_id)

    def _persons(self, row: RowForm) -> Iterator[str]:
        """The prototype row once for each person, or once with blanks when there is nobody."""
        columns = [self._column(row, cell) for cell in row.cells]
        rows = self.content.rows() if self.content.row_count else iter([{}])
        pending: list[str] = []
        for index, values in enumerate(rows):
            pending.append(self._person(row, row.number + index, columns, values, index))
            if len(pending) >= _CHUNK:
                yield "".join(pending)
                pending.clear()
        yield "".join(pending)

    def _column(self, row: RowForm, cell: CellForm) -> _Column:
        tag = cell.only_tag
        key = tag.key if tag is not None and tag.root == "row" else ""
        room = self.template._rooms.get((row.number, cell.column))
        twin = self.template._shrinking.get((row.number, cell.column), cell.style)
        if room is None or room.look.shrinks:
            easy = 1 << 30
        else:
            easy = int(room.ems) * (room.lines(row.height or 0.0) if room.look.wraps else 1)
        return _Column(cell, key, tag, room, twin, easy)

    def _person(
        self, row: RowForm, number: int, columns: Sequence[_Column], values: Mapping[str, Printed], index: int
    ) -> str:
        height = row.height
        cells: list[str] = []
        strings = self.strings.index
        for column in columns:
            if column.key:
                value = values.get(column.key, "")
            elif column.tag is None and not column.cell.runs:
                cells.append(_fixed_cell(column.cell, number))
                continue
            else:
                value = self._joined(column.cell, values)
            form, style = column.cell, column.cell.style
            if value == "":
                cells.append(f'<c r="{form.column}{number}" s="{style}"/>')
            elif type(value) is str:
                if len(value) > column.easy or "\n" in value:
                    value, style, height = self._fit_person(column, value, height, index)
                cells.append(f'<c r="{form.column}{number}" s="{style}" t="s"><v>{strings(value)}</v></c>')
            else:
                cells.append(f'<c r="{form.column}{number}" s="{style}"><v>{value}</v></c>')
        tall = "" if height is None else f' ht="{height:g}" customHeight="1"'
        return f'<row r="{number}"{row.attributes}{tall}>{"".join(cells)}</row>'

    def _fit_person(self, column: _Column, text: str, height: float | None, index: int) -> tuple[str, int, float | None]:
        """The text (or its beginning), the style and the row height that show it whole."""
        room, tag = column.room, column.tag
        if room is None or tag is None:
            return text, column.cell.style, height
        if not room.look.wraps:
            return text, self._shrunk(column, text, room, tag, index), height
        needed = self._height_of(column, text, room)
        if needed <= TALLEST:
            return text, column.cell.style, max(height or 0.0, needed)
        path, label = path_of(tag, index), label_of(self.content.definition, tag)
        self.moved.append((f"第{index + 1}行 {label}", text))
        message = f"第{index + 1}行“{label}”内容过长,表内只印开头,全文移至续页{len(self.moved)}"
        self.findings.append(Finding(CONTINUED, path, message, Severity.INFO))
        return shortened(text, room, len(self.moved)), column.cell.style, TALLEST

    def _shrunk(self, column: _Column, text: str, room: Room, tag: Tag, index: int) -> int:
        scale = room.scale_of(text)
        if scale == 1.0:
            return column.cell.style
        size = room.look.size * scale
        severity = Severity.INFO if size >= SMALLEST * 0.75 else Severity.WARNING
        label = label_of(self.content.definition, tag)
        message = f"“{label}”内容较长,打印时缩小到约 {size:.1f} 磅"
        self.findings.append(Finding(SHRUNK, path_of(tag, index), message, severity))
        return column.shrinking

    def _height_of(self, column: _Column, text: str, room: Room) -> float:
        key = (column.cell.column, text)
        found = self._fitted.get(key)
        if found is None:
            found = self._fitted[key] = room.height_of(text)
            if len(self._fitted) > 4096:
                self._fitted.clear()
        return found

    def _joined(self, cell: CellForm, values: Mapping[str, Printed]) -> str:
        return "".join(
            piece if isinstance(piece, str) else str(values.get(piece.key, "")) if piece.root == "row" else self._text(piece)
            for _, pieces in cell.runs
            for piece in pieces
        )

    def _text(self, tag: Tag) -> str:
        match tag.root:
            case "header":
                return str(self.content.header[tag.key])
            case "box":
                return self.content.boxes[tag.key][tag.part]
            case "tick":
                return self.content.ticks[tag.key][tag.part]
            case _:
                return ""

    def _fixed_row(self, row: RowForm, number: int) -> str:
        height = row.height
        cells: list[str] = []
        for cell in row.cells:
            if not cell.tags:
                cells.append(_fixed_cell(cell, number))
                continue
            room = self.template._rooms[row.number, cell.column]
            whole = "".join(piece if isinstance(piece, str) else self._text(piece) for _, pieces in cell.runs for piece in pieces)
            style = cell.style
            if room.look.wraps and self.template._form.merge_at(cell.column, row.number)[1] == row.number:
                height = max(height or 0.0, min(room.height_of(whole), TALLEST)) if height else height
            elif not room.look.wraps:
                style = self._shrunk(self._column(row, cell), whole, room, cell.tags[0], 0)
            cells.append(self._tagged_cell(cell, style, number))
        tall = "" if height is None else f' ht="{height:g}" customHeight="1"'
        return f'<row r="{number}"{row.attributes}{tall}>{"".join(cells)}</row>'

    def _tagged_cell(self, cell: CellForm, style: int, number: int) -> str:
        place = f'r="{cell.column}{number}" s="{style}"'
        tag = cell.only_tag
        if tag is not None and tag.root == "header" and not isinstance(value := self.content.header[tag.key], str):
            return f"<c {place}><v>{value}</v></c>"
        runs = [
            (look, "".join(piece if isinstance(piece, str) else self._text(piece) for piece in pieces))
            for look, pieces in cell.runs
        ]
        if not any(words for _, words in runs):
            return f"<c {place}/>"
        if len(runs) == 1 and not runs[0][0]:
            return f'<c {place} t="s"><v>{self.strings.index(runs[0][1])}</v></c>'
        inner = "".join(f'<r>{look}<t xml:space="preserve">{string_xml(words)}</t></r>' for look, words in runs if words)
        return f'<c {place} t="inlineStr"><is>{inner}</is></c>'

    def _moved_row(self, number: int, head: str, text: str, last_column: str) -> str:
        """A row of the 续页, in the looks of the prototype's first wrapping cell."""
        form = self.template._form
        model = next((cell for cell in form.row(form.prototype).cells if self.template._rooms.get((form.prototype, cell.column), Room(1, self.template._styles.look(cell.style))).look.wraps), form.row(form.prototype).cells[0])
        widths = column_widths(form.root)
        look = self.template._styles.look(model.style)
        height = max(
            Room(width_between(widths, "D", last_column), look).height_of(text),
            Room(width_between(widths, "A", "C"), look).height_of(head),
        )
        cells: list[str] = []
        for column in range(1, column_number(last_column) + 1):
            words = {1: head, 4: text}.get(column)
            place = f'r="{column_letters(column)}{number}" s="{model.style}"'
            cells.append(f"<c {place}/>" if words is None else f'<c {place} t="s"><v>{self.strings.index(words)}</v></c>')
        return f'<row r="{number}" ht="{min(height, TALLEST):g}" customHeight="1">{"".join(cells)}</row>'

    def _with_mark(self, piece: str, document_id: str) -> str:
        if not piece.startswith("<headerFooter"):
            return piece
        definition = self.content.definition
        words = format_mark(PrintMark(document_id, -1, definition.form, definition.edition))
        return marked_footers(piece, words)


@dataclass(frozen=True, slots=True)
class _Column:
    """A column of the prototype row. ``easy`` is how many characters fit whatever they are."""

    cell: CellForm
    key: str
    tag: Tag | None
    room: Room | None
    shrinking: int
    easy: int


def string_xml(text: str) -> str:
    """``text`` inside ``<t>``; what would read as an escape of the format (``_x000D_``) is escaped itself."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return escape(_ESCAPE.sub("_x005F_", text), quote=False)


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
    root = etree.fromstring(xml.replace("<headerFooter", f'<headerFooter xmlns="{S[1:-1]}"', 1))
    for name in ("oddFooter", "evenFooter", "firstFooter"):
        footer = root.find(f"{S}{name}")
        if footer is None and name == "oddFooter":
            footer = etree.SubElement(root, f"{S}oddFooter")
        if footer is None or (name == "firstFooter" and root.get("differentFirst") not in ("1", "true")):
            continue
        code = footer.text or ""
        mark = f"&5 {words.replace('&', '&&')}"
        footer.text = f"{code}\n{mark}" if "&R" in code else f"{code}&R{mark}"
    text = etree.tostring(root, encoding="unicode")
    return text.replace(f' xmlns="{S[1:-1]}"', "", 1)


def _pieces(moved: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    return [
        (continuation.head(number, piece, label), text[start : start + _PIECE])
        for number, (label, text) in enumerate(moved, start=1)
        for piece, start in enumerate(range(0, len(text), _PIECE), start=1)
    ]


def _fixed_cell(cell: CellForm, number: int) -> str:
    place = f'r="{cell.column}{number}" s="{cell.style}"'
    if not cell.fixed:
        return f"<c {place}/>"
    if cell.kind == "inlineStr":
        return f'<c {place} t="inlineStr"><is>{cell.fixed}</is></c>'
    kind = f' t="{cell.kind}"' if cell.kind else ""
    return f"<c {place}{kind}>{cell.fixed}</c>"


def _read_strings(data: bytes | None) -> list[Element]:
    return [] if data is None else list(etree.fromstring(data).iterfind(f"{S}si"))


def _sheet_parts(parts: Mapping[str, bytes], book: Element) -> dict[str, str]:
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


def _drawings_of(parts: Mapping[str, bytes], sheet: str) -> tuple[str, ...]:
    folder, name = posixpath.split(sheet)
    rels = parts.get(f"{folder}/_rels/{name}.rels")
    if rels is None:
        return ()
    return tuple(target for target in _targets(rels, folder).values() if target.startswith("xl/drawings/drawing"))


def _moved_drawing(data: bytes, shift: Shift) -> bytes:
    root = etree.fromstring(data)
    for end, move in (("from", shift.start), ("to", shift.end)):
        for row in root.iterfind(f"{_DRAWING}*/{_DRAWING}{end}/{_DRAWING}row"):
            row.text = str(move(int(row.text or 0) + 1) - 1)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _with_strings_part(parts: dict[str, bytes]) -> dict[str, bytes]:
    """The parts with a place for shared strings, where the template stores its texts in the cells."""
    if _STRINGS in parts:
        return parts
    rels = etree.fromstring(parts["xl/_rels/workbook.xml.rels"])
    relation = etree.SubElement(rels, f"{{{_PACKAGE_RELS}}}Relationship")
    for key, value in (("Id", "rIdStrings"), ("Type", f"{_REL}/sharedStrings"), ("Target", "sharedStrings.xml")):
        relation.set(key, value)
    types = etree.fromstring(parts["[Content_Types].xml"])
    override = etree.SubElement(types, f"{{{_TYPES}}}Override")
    override.set("PartName", f"/{_STRINGS}")
    override.set("ContentType", _STRINGS_TYPE)
    parts["xl/_rels/workbook.xml.rels"] = etree.tostring(rels, xml_declaration=True, encoding="UTF-8", standalone=True)
    parts["[Content_Types].xml"] = etree.tostring(types, xml_declaration=True, encoding="UTF-8", standalone=True)
    parts[_STRINGS] = b""
    return parts


def _names_sheet(text: str, sheet: str) -> bool:
    return text.startswith((f"{sheet}!", f"'{sheet}'!"))


def _moved_name(area: str, shift: Shift) -> str:
    sheet, _, reference = area.rpartition("!")
    moved = shift.whole_rows(reference) if re.fullmatch(r"\$?\d+:\$?\d+", reference) else shift.reference(reference)
    return f"{sheet}!{moved}"
