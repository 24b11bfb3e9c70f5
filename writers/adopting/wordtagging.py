"""Tags written into a Word blank: each into the run where its room is, with that run's looks."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from itertools import groupby

from lxml import etree

from parsers.document import Cell, Document, Grid, TextLine
from parsers.readers.package import Element
from parsers.readers.wordplaces import SourcedText, WordPlace, WordPlaces, word_places
from parsers.readers.wordtext import W
from writers.adopting.model import Edit, Found, RowPlan, Spot
from writers.archive import deflate, read_parts_of, write_archive

_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_WRITTEN = frozenset(f"{W}{name}" for name in ("t", "tab", "br", "cr", "noBreakHyphen", "ptab", "sym", "softHyphen"))


class WordTagger:
    """A Word blank, read with the places of its text."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._places: WordPlaces = word_places(data)

    @property
    def document(self) -> Document:
        """The blank as read; edits name its cells and lines."""
        return self._places.document

    def tagged(self, found: Found) -> tuple[bytes, list[str]]:
        """The blank with its tags, and what could not be written."""
        failed: list[str] = []
        for spot, edits in groupby(sorted(found.edits, key=_by_spot), key=lambda edit: edit.spot):
            block = self._block(spot)
            place = None if block is None else self._places.of(block)
            if block is None or place is None:
                failed.append(f"{_named(spot, block)}:找不到写标签的位置")
                continue
            failed.extend(f"{_named(spot, block)}:{fault}" for fault in _write(place, list(edits)))
        if found.rows is not None:
            self._rows(found.rows)
        else:
            self._keep_rows_whole()
        return self._package(), failed

    def _block(self, spot: Spot) -> Cell | TextLine | None:
        block = self.document.pages[spot.page].blocks[spot.block]
        return block.at(spot.row, spot.column) if isinstance(block, Grid) else block

    def _rows(self, plan: RowPlan) -> None:
        """One row for each person between the two marks, without the other printed rows."""
        grid = self.document.pages[plan.page].blocks[plan.block]
        if not isinstance(grid, Grid):
            raise TypeError("rows of persons stand in a table")
        prototype = self._row(grid, plan.prototype)
        if prototype is None:
            return
        for row in plan.dropped:
            line = self._row(grid, row)
            if line is not None and line is not prototype:
                _remove(line)
        for merge in prototype.iterfind(f"{W}tc/{W}tcPr/{W}vMerge"):
            _remove(merge)
        prototype.addprevious(_marker("{%tr for row in rows %}"))
        prototype.addnext(_marker("{%tr endfor %}"))
        for row in range(*plan.head):
            line = self._row(grid, row)
            if line is not None:
                _property_of_row(line, "tblHeader")

    def _keep_rows_whole(self) -> None:
        """No row of a card breaks over two pages: the two halves of a box could not be read as one."""
        root = self._places.roots.get("word/document.xml")
        for row in () if root is None else root.iter(f"{W}tr"):
            if next(row.iter(f"{W}tbl"), None) is None:
                _property_of_row(row, "cantSplit")

    def _row(self, grid: Grid, row: int) -> Element | None:
        """The ``w:tr`` of a row, by one of its own cells."""
        for cell in grid.row(row):
            place = self._places.of(cell) if cell.row == row else None
            if place is not None and place.cell is not None:
                return next(place.cell.iterancestors(f"{W}tr"), None)
        return None

    def _package(self) -> bytes:
        parts = read_parts_of(self._data)
        lower = {name.lower(): name for name in parts}
        for name, root in self._places.roots.items():
            known = lower.get(name.lstrip("/").lower())
            if known is not None and known.startswith("word/") and known.endswith(".xml"):
                parts[known] = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
        return write_archive(deflate(name, data) for name, data in parts.items())


def _by_spot(edit: Edit) -> tuple[int, int, int, int, int]:
    spot = edit.spot
    return spot.page, spot.block, spot.row, spot.column, 0 if edit.on_blank_line else edit.start


def _named(spot: Spot, block: Cell | TextLine | None) -> str:
    if isinstance(block, Cell) and block.address:
        return block.address
    return f"“{block.text.strip()[:20]}”一行" if block is not None else f"第{spot.block + 1}块"


def _write(place: WordPlace, edits: Sequence[Edit]) -> Iterator[str]:
    """Change the text of one cell or line, the last place first, so that the others keep theirs."""
    source = place.source
    texts: dict[Element, str] = {}
    for edit in reversed(edits):
        start, end = place.start + edit.start, place.start + edit.end
        if edit.on_blank_line:
            if place.source.lead == 0 and "".join(source.kept).strip("\n"):
                yield f"没有空行,程序不打印 {edit.text}"
                continue
            start = end = 0
        if not _change(source, texts, start, end, edit.text):
            yield f"这里的文字不能改动,没有写 {edit.text}"
    for run, text in texts.items():
        _set_text(run, text)


def _change(source: SourcedText, texts: dict[Element, str], start: int, end: int, words: str) -> bool:
    """Put ``words`` in the place of a stretch of the gathered text; whether there was a run to hold them."""
    pieces = _spans(source)
    home = next(((run, first) for first, last, run in pieces if first <= start < last), None)
    if home is None or start == end:
        before = next(((run, first) for first, last, run in pieces if first < start <= last), None)
        home = before or home
    if home is None:
        return _new_run(source, start, words)
    if any(not _is_plain(run) for first, last, run in pieces if first < end and last > start) or not _is_plain(home[0]):
        return False
    for first, last, run in reversed(pieces):
        if first >= end or last <= start or run is home[0]:
            continue
        text = texts.get(run, _said(source, run))
        texts[run] = text[: max(0, start - first)] + text[end - first :]
    run, first = home
    text = texts.get(run, _said(source, run))
    texts[run] = text[: start - first] + words + text[max(start, min(end, _end_of(pieces, run))) - first :]
    return True


def _spans(source: SourcedText) -> list[tuple[int, int, Element]]:
    """Start and end of what each run says."""
    spans: dict[Element, tuple[int, int]] = {}
    for start, end, run in source.runs:
        if run is not None:
            spans[run] = (min(start, spans[run][0]), end) if run in spans else (start, end)
    return [(start, end, run) for run, (start, end) in spans.items()]


def _end_of(pieces: Sequence[tuple[int, int, Element]], run: Element) -> int:
    return next(last for _, last, other in pieces if other is run)


def _said(source: SourcedText, run: Element) -> str:
    whole = "".join(source.kept)
    return "".join(whole[start:end] for start, end, other in source.runs if other is run)


def _is_plain(run: Element) -> bool:
    """Whether a run holds text alone: no field, whose marks belong together over several runs.

    A content control that is a box to tick counts as text too: a tag takes its place.
    """
    return run.tag == f"{W}sdt" or (run.tag == f"{W}r" and run.find(f"{W}fldChar") is None)


def _set_text(run: Element, text: str) -> None:
    if run.tag == f"{W}sdt":
        made = etree.Element(f"{W}r")
        looks = next(run.iter(f"{W}rPr"), None)
        if looks is not None:
            made.append(copy.deepcopy(looks))
        run.addprevious(made)
        _remove(run)
        run = made
    for child in [child for child in run if child.tag in _WRITTEN]:
        run.remove(child)
    _append_text(run, text)


def _append_text(run: Element, text: str) -> None:
    for number, line in enumerate(text.split("\n")):
        if number:
            etree.SubElement(run, f"{W}br")
        for position, piece in enumerate(line.split("\t")):
            if position:
                etree.SubElement(run, f"{W}tab")
            if piece:
                item = etree.SubElement(run, f"{W}t")
                item.text = piece
                item.set(_SPACE, "preserve")


def _new_run(source: SourcedText, start: int, words: str) -> bool:
    """A run of its own in a paragraph that has none there, looking as the paragraph's mark does."""
    before = [paragraph for begin, paragraph in source.paragraphs if begin <= start]
    if not before:
        return False
    paragraph = before[-1]
    run = etree.SubElement(paragraph, f"{W}r")
    looks = paragraph.find(f"{W}pPr/{W}rPr")
    if looks is not None:
        run.append(copy.deepcopy(looks))
    _append_text(run, words)
    return True


def _marker(words: str) -> Element:
    """A table row that holds a mark of the loop; it disappears when the template is compiled."""
    row = etree.Element(f"{W}tr")
    cell = etree.SubElement(row, f"{W}tc")
    properties = etree.SubElement(cell, f"{W}tcPr")
    width = etree.SubElement(properties, f"{W}tcW")
    width.set(f"{W}w", "0")
    width.set(f"{W}type", "auto")
    paragraph = etree.SubElement(cell, f"{W}p")
    _append_text(etree.SubElement(paragraph, f"{W}r"), words)
    return row


def _property_of_row(row: Element, name: str) -> None:
    """Set a switch of a row: ``tblHeader`` prints it on every page, ``cantSplit`` keeps it on one."""
    properties = row.find(f"{W}trPr")
    if properties is None:
        properties = etree.Element(f"{W}trPr")
        before = row.find(f"{W}tblPrEx")
        row.insert(0 if before is None else 1, properties)
    if properties.find(f"{W}{name}") is None:
        properties.insert(0, etree.Element(f"{W}{name}"))


def _remove(element: Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)
