"""The field map of a filled PDF, from the proof: our own reader has just found every value on its pages."""

from __future__ import annotations

from collections.abc import Iterator

from forms.definition import FormDefinition
from forms.fieldmap import FieldMap, PrintedCell, PrintedField, PrintedGrid, PrintedLine, PrintedPage
from forms.finding import Box
from forms.record import Entry, Extraction, MarkKind, Record, Row
from parsers.document import Document, Page


def field_map(
    definition: FormDefinition, document_id: str, asked: Record, proof: tuple[Document, Extraction]
) -> FieldMap:
    """Where each value of a PDF was printed.

    Args:
        definition: the form.
        document_id: that of its print mark.
        asked: the record that was printed, for the blanks in its texts, which paper does not keep.
        proof: the PDF as our reader sees it, and what it found there (equal to ``asked`` but for those blanks).
    """
    document, found = proof
    fields = (*_fields(asked, found.record), *_marks(found.record))
    pages = tuple(_page(page) for page in document.pages)
    return FieldMap(document_id, definition.form, definition.edition, pages, fields)


def _page(page: Page) -> PrintedPage:
    grids = tuple(
        PrintedGrid(
            grid.rows,
            grid.columns,
            _rounded(grid.box),
            tuple(
                PrintedCell(cell.row, cell.column, cell.row_span, cell.column_span, _rounded(cell.box), cell.text)
                for cell in grid.cells
                if cell.box is not None
            ),
        )
        for grid in page.grids
        if grid.box is not None
    )
    lines = tuple(PrintedLine(line.text, _rounded(line.box)) for line in page.lines if line.box is not None)
    return PrintedPage(page.width or 0.0, page.height or 0.0, grids, lines)


def _fields(asked: Record, found: Record) -> Iterator[PrintedField]:
    yield from _entries("header", asked.header, found.header)
    for index, row in enumerate(found.rows):
        blank: Row = {}
        yield from _entries(f"records[{index}]", asked.rows[index] if index < len(asked.rows) else blank, row)


def _entries(path: str, asked: Row, found: Row) -> Iterator[PrintedField]:
    for key, entry in found.items():
        if entry.region is not None and entry.region.box is not None:
            text = _text(asked.get(key), entry)
            value = text if isinstance(entry.value, str) and entry.text == entry.value else entry.value
            yield PrintedField(f"{path}.{key}", entry.region.page, _rounded(entry.region.box), text, value)


def _text(asked: Entry | None, found: Entry) -> str:
    """The text as printed, with the blanks of what was asked where it is otherwise the same."""
    wanted = asked.value if asked is not None else None
    if isinstance(wanted, str) and "".join(wanted.split()) == "".join(found.text.split()):
        return wanted
    return found.text


def _marks(found: Record) -> Iterator[PrintedField]:
    for mark in found.marks:
        region = mark.region
        if mark.kind in (MarkKind.OPINION, MarkKind.DATE) and mark.present and region and region.box:
            path = f"marks.{mark.key}.{mark.kind}"
            yield PrintedField(path, region.page, _rounded(region.box), mark.text, mark.value)


def _rounded(box: Box | None) -> Box:
    if box is None:
        raise ValueError("a printed page has boxes")
    left, top, right, bottom = (round(edge, 2) for edge in box)
    return left, top, right, bottom
