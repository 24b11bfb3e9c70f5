"""Word documents → Document, straight from the parts' XML.

A docx is one page, for only a renderer knows where its pages break. Blocks are in reading order; lines of text boxes
follow the paragraph they are anchored in, tables inside cells follow the table that holds them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from parsers import printmark
from parsers.document import Document, Grid, Page, PrintMark, TextLine
from parsers.readers.package import Element, Package
from parsers.readers.wordnumbers import Numbering
from parsers.readers.wordtable import TableContent, TableReader
from parsers.readers.wordtext import MC, W, Written

_WRAPPERS = frozenset(f"{W}{name}" for name in ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag"))
_MARGIN_PARTS = ("header", "footer")
_NOTE_PARTS = ("footnotes", "endnotes")
_MOST_DEPTH = 24


def read(path: Path) -> Document:
    """The document of a .docx file.

    Raises:
        DocumentError: the file cannot be used (damaged, encrypted, forbidden XML).
    """
    with Package(path) as package:
        return WordReader(package).document()


def read_bytes(data: bytes) -> Document:
    """As :func:`read`, from memory."""
    with Package(data) as package:
        return WordReader(package).document()


def cell_places(data: bytes) -> dict[str, int]:
    """Which ``w:tc`` of a document's body, counted from zero in the order of its XML, stands under each address.

    Raises:
        DocumentError: as :func:`read`.
    """
    with Package(data) as package:
        return _CellFinder(package).places()


class WordReader:
    """Reads one package; counts its tables and remembers what was met on the way."""

    written: type[Written] = Written
    """What gathers the text of a paragraph or cell."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._part = package.main_part("word/document.xml")
        self._relations = package.relations(self._part)
        self._numbering = Numbering(self._optional("numbering"), self._optional("styles"))
        self._tables = 0
        self._notes: set[str] = set()
        self._margin = False

    def document(self) -> Document:
        """The whole file as one page."""
        body = self._package.xml(self._part).find(f"{W}body")
        blocks: list[Grid | TextLine] = []
        heads = self._margin_lines("header")
        if body is not None:
            blocks.extend(self._blocks(body, 0))
        feet = [*self._margin_lines("footer"), *self._footnotes()]
        kept, mark = _without_print_mark([*heads, *blocks, *feet])
        page = Page(0, tuple(kept), print_mark=mark, notes=tuple(sorted(self._notes)))
        return Document("docx", (page,), properties=_properties(self._package))

    def _optional(self, kind: str) -> Element | None:
        for found, target in self._relations.values():
            if found == kind and self._package.has(target):
                return self._package.xml(target)
        return None

    def _margin_lines(self, kind: str) -> list[Grid | TextLine]:
        lines: list[Grid | TextLine] = []
        seen: set[str] = set()
        self._margin = True
        for found, target in sorted(self._relations.values()):
            if found == kind and self._package.has(target):
                for block in self._blocks(self._package.xml(target), 0):
                    if isinstance(block, Grid) or block.text not in seen:
                        lines.append(block)
                    if isinstance(block, TextLine):
                        seen.add(block.text)
        self._margin = False
        return lines

    def _footnotes(self) -> list[Grid | TextLine]:
        lines: list[Grid | TextLine] = []
        self._margin = True
        for kind in _NOTE_PARTS:
            root = self._optional(kind)
            for note in () if root is None else root:
                if isinstance(note.tag, str) and note.get(f"{W}type") is None:
                    lines.extend(self._blocks(note, 0))
        self._margin = False
        return lines

    def _blocks(self, parent: Element, depth: int) -> Iterator[Grid | TextLine]:
        if depth > _MOST_DEPTH:
            self._notes.add("nested-too-deep")
            return
        for child in parent:
            tag = child.tag
            if tag == f"{W}p":
                yield from self._paragraph(child, depth)
            elif tag == f"{W}tbl":
                yield from self._table(child, depth)
            elif tag in _WRAPPERS:
                yield from self._blocks(child, depth + 1)
            elif tag == f"{MC}AlternateContent":
                for branch in child[:1]:
                    yield from self._blocks(branch, depth + 1)
            elif tag in (f"{W}del", f"{W}moveFrom"):
                self._notes.add("tracked-deletion")

    def _paragraph(self, paragraph: Element, depth: int) -> Iterator[Grid | TextLine]:
        written = self.written()
        written.paragraph(paragraph)
        yield from self._lines(written)
        for box in written.boxes:
            yield from self._blocks(box, depth + 1)

    def _lines(self, written: Written) -> Iterator[TextLine]:
        notes = written.finding_codes()
        pictures = written.pictures
        for text in written.text.split("\n"):
            if text.strip() or pictures:
                yield TextLine(text, struck=written.is_struck, margin=self._margin, pictures=pictures, notes=notes)
                pictures = 0

    def _table(self, table: Element, depth: int) -> Iterator[Grid | TextLine]:
        frame = _frame(table)
        if frame is not None:
            yield from self._blocks(frame, depth + 1)
            return
        self._tables += 1
        content = self._content(table)
        self._notes |= content.notes
        yield content.grid
        for inner in content.nested:
            yield from self._table(inner, depth + 1)
        for box in content.floating:
            yield from self._blocks(box, depth + 1)

    def _content(self, table: Element) -> TableContent:
        return TableReader(self._tables, self._cell).read(table)

    def _cell(self, cell: Element) -> tuple[Written, list[Element]]:
        written = self.written()
        nested: list[Element] = []
        self._gather(cell, written, nested, first=True)
        if not written.text.strip() and written.boxes:
            self._text_box_in(written)
        return written, nested

    def _gather(self, parent: Element, written: Written, nested: list[Element], *, first: bool) -> None:
        for child in parent:
            if child.tag == f"{W}p":
                if not first:
                    written.put("\n")
                    if written.struck:
                        written.struck.append("\n")
                first = False
                self._numbered(child, written)
            elif child.tag == f"{W}tbl":
                nested.append(child)
            elif child.tag in _WRAPPERS and not _is_placeholder(child):
                self._gather(child, written, nested, first=first)
                first = False

    def _numbered(self, paragraph: Element, written: Written) -> None:
        before = len(written.kept)
        written.paragraph(paragraph)
        number = self._numbering.next(paragraph)
        if number and not "".join(written.kept[before:]).strip():
            written.put(number)

    @staticmethod
    def _text_box_in(written: Written) -> None:
        """A text box over an otherwise empty cell is read as the cell's text, with a note that a person must look."""
        texts = []
        for box in written.boxes:
            inner = Written()
            for paragraph in box.iter(f"{W}p"):
                inner.paragraph(paragraph)
                inner.put("\n")
            texts.append(inner.text)
        written.boxes.clear()
        written.put("\n".join(texts))
        written.notes.add("text-box")


class _CellFinder(WordReader):
    """Walks through a document as the reader does and remembers which element each cell was."""

    def __init__(self, package: Package) -> None:
        super().__init__(package)
        self.elements: dict[str, Element] = {}
        self._met: list[Element] = []

    def _content(self, table: Element) -> TableContent:
        self._met = []
        content = super()._content(table)
        for cell, element in zip(content.grid.cells, self._met, strict=True):
            if cell.address:
                self.elements[cell.address] = element
        return content

    def _cell(self, cell: Element) -> tuple[Written, list[Element]]:
        self._met.append(cell)
        return super()._cell(cell)

    def places(self) -> dict[str, int]:
        """The cells of the body; those of headers and footers, which are read too, are left out."""
        self.document()
        roots = [element.getroottree().getroot() for element in self.elements.values()]
        body = next((found for root in roots if (found := root.find(f"{W}body")) is not None), None)
        ordinals = {} if body is None else {cell: number for number, cell in enumerate(body.iter(f"{W}tc"))}
        return {address: ordinals[element] for address, element in self.elements.items() if element in ordinals}


def _frame(table: Element) -> Element | None:
    """The one cell of a table that only frames other tables; ``None`` for every other table."""
    cells = list(table.iterfind(f"{W}tr/{W}tc"))
    if len(cells) != 1 or next(cells[0].iter(f"{W}tbl"), None) is None:
        return None
    return cells[0]


def _is_placeholder(control: Element) -> bool:
    return control.tag == f"{W}sdt" and control.find(f"{W}sdtPr/{W}showingPlcHdr") is not None


def _without_print_mark(blocks: list[Grid | TextLine]) -> tuple[list[Grid | TextLine], PrintMark | None]:
    """The blocks without the lines of our own print mark, and that mark."""
    kept: list[Grid | TextLine] = []
    mark: PrintMark | None = None
    for block in blocks:
        found = printmark.find_mark(block.text) if isinstance(block, TextLine) else None
        if found is None or not isinstance(block, TextLine):
            kept.append(block)
            continue
        mark = mark or found
        rest = block.text.replace(printmark.format_mark(found), "").strip()
        if rest:
            kept.append(replace(block, text=rest))
    return kept, mark


def _properties(package: Package) -> dict[str, str]:
    """Title and such of the file, by local name; none when the part is missing."""
    if not package.has("docProps/core.xml"):
        return {}
    root = package.xml("docProps/core.xml")
    return {str(item.tag).rsplit("}", 1)[-1]: item.text for item in root if isinstance(item.tag, str) and item.text}
