"""Where the text of a Word document stands in its XML, for those who must write at a place that the reader found.

The reader itself walks through the file; here it also remembers which run each character came from. What it found at
an offset of a cell's or line's text can so be written over in that very run, with its looks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from parsers.document import Cell, Document, TextLine
from parsers.readers.docx import WordReader
from parsers.readers.package import Element, Package
from parsers.readers.wordtable import TableContent
from parsers.readers.wordtext import Written


@dataclass(slots=True)
class SourcedText(Written):
    """Text gathered from paragraphs with the run of every piece, and where each paragraph begins."""

    runs: list[tuple[int, int, Element | None]] = field(default_factory=list)
    """Start and end in the text, and the run, or the content control of a box to tick; ``None`` between paragraphs."""
    paragraphs: list[tuple[int, Element]] = field(default_factory=list)
    _run_now: Element | None = None
    _length: int = 0

    def put(self, text: str, *, struck: bool = False) -> None:
        """As of the reader; remembers the run."""
        before = len(self.kept)
        Written.put(self, text, struck=struck)
        added = sum(map(len, self.kept[before:]))
        if added:
            self.runs.append((self._length, self._length + added, self._run_now))
            self._length += added

    def paragraph(self, paragraph: Element) -> None:
        """As of the reader; remembers the paragraph."""
        self.paragraphs.append((self._length, paragraph))
        Written.paragraph(self, paragraph)

    def _run(self, run: Element) -> None:
        self._run_now = run
        Written._run(self, run)  # noqa: SLF001 - the reader's own step; a slotted dataclass has no working super()
        self._run_now = None

    def _content_control(self, control: Element) -> None:
        self._run_now = control  # of a box to tick, which has no run of its own in what the reader says
        Written._content_control(self, control)  # noqa: SLF001 - as above
        self._run_now = None

    @property
    def lead(self) -> int:
        """How many line ends stand before the text as the reader gives it."""
        whole = "".join(self.kept)
        return len(whole) - len(whole.lstrip("\n"))


@dataclass(frozen=True, slots=True)
class WordPlace:
    """A text of the document: what was gathered, and where in that the cell's or line's text begins."""

    source: SourcedText
    start: int
    cell: Element | None = None
    """The ``w:tc``, where it is a cell."""


@dataclass
class WordPlaces:
    """A document as read, and the places of its cells and lines. Elements are alive: what is changed shows in them."""

    document: Document
    cells: dict[int, WordPlace]
    lines: dict[int, WordPlace]
    roots: dict[str, Element]
    """The XML of the parts that hold text."""

    def of(self, block: Cell | TextLine) -> WordPlace | None:
        """The place of a cell or line of :attr:`document`, by identity."""
        known = self.cells if isinstance(block, Cell) else self.lines
        return known.get(id(block))


def word_places(data: bytes) -> WordPlaces:
    """Read a .docx and remember where everything stood.

    Raises:
        DocumentError: the file cannot be used.
    """
    with _KeepingPackage(data) as package:
        reader = _PlaceReader(package)
        document = reader.document()
        return WordPlaces(document, reader.cells, reader.lines, package.roots)


class _KeepingPackage(Package):
    """A package that gives the same tree each time a part is asked for."""

    def __init__(self, source: bytes) -> None:
        super().__init__(source)
        self.roots: dict[str, Element] = {}

    def xml(self, part: str) -> Element:
        if part not in self.roots:
            self.roots[part] = super().xml(part)
        return self.roots[part]


class _PlaceReader(WordReader):
    written = SourcedText

    def __init__(self, package: Package) -> None:
        super().__init__(package)
        self.cells: dict[int, WordPlace] = {}
        self.lines: dict[int, WordPlace] = {}
        self._met: list[tuple[SourcedText, Element]] = []
        self._kept: list[object] = []
        """Blocks whose identity is a key above; they must live as long."""

    def _lines(self, written: Written) -> Iterator[TextLine]:
        start = written.lead if isinstance(written, SourcedText) else 0
        texts = written.text.split("\n")
        starts = [start + sum(len(one) + 1 for one in texts[:number]) for number in range(len(texts))]
        spoken = [(text, where) for text, where in zip(texts, starts, strict=True) if text.strip()]
        for line in super()._lines(written):
            self._kept.append(line)
            found = next((pair for pair in spoken if pair[0] == line.text), None)
            if found is not None and isinstance(written, SourcedText):
                spoken.remove(found)
                self.lines[id(line)] = WordPlace(written, found[1])
            yield line

    def _content(self, table: Element) -> TableContent:
        before, self._met = self._met, []
        content = super()._content(table)
        for cell, (written, element) in zip(content.grid.cells, self._met, strict=True):
            self.cells[id(cell)] = WordPlace(written, written.lead, element)
        self._kept.append(content.grid)
        self._met = before
        return content

    def _cell(self, cell: Element) -> tuple[Written, list[Element]]:
        written, nested = super()._cell(cell)
        if isinstance(written, SourcedText):
            self._met.append((written, cell))
        return written, nested
