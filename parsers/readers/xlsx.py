"""Excel workbooks → Document: a sheet is a page with one grid, at the addresses that Excel shows.

Values come from one pass over each sheet's XML (no formula is worked out: its stored value is read). Charts, macros
sheets and other parts without cells are no pages.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from parsers import printmark
from parsers.collecting import uncollected
from parsers.document import Cell, Document, Grid, Page, PrintMark, TextLine
from parsers.readers.package import Package
from parsers.readers.sheetasides import asides_of
from parsers.readers.sheetdrawings import Drawn, drawn_on
from parsers.readers.sheetrows import SheetContent, WorkbookContext, column_letters, read_rows
from parsers.readers.sheetstyles import S, cell_styles, shared_strings

_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_VISIBLE = (None, "", "visible")
_OVER = "merged-over"
"""Note of a merged cell below which more is stored than it shows."""
_TRUE = frozenset({"1", "true"})


def read(path: Path) -> Document:
    """The document of an .xlsx file.

    Raises:
        DocumentError: the file cannot be used (damaged, encrypted, too complex, forbidden XML).
    """
    with Package(path) as package, uncollected():
        return _read(package)


def read_bytes(data: bytes) -> Document:
    """As :func:`read`, from memory."""
    with Package(data) as package, uncollected():
        return _read(package)


def _read(package: Package) -> Document:
    part = package.main_part("xl/workbook.xml")
    root = package.xml(part)
    relations = package.relations(part)
    by_kind = {kind: target for kind, target in relations.values() if package.has(target)}
    properties = root.find(f"{S}workbookPr")
    context = WorkbookContext(
        shared_strings(package, by_kind.get("sharedStrings")),
        cell_styles(package, by_kind.get("styles")),
        properties is not None and properties.get("date1904") in _TRUE,
    )
    pages: list[Page] = []
    notes: list[str] = []
    for sheet in root.iterfind(f"{S}sheets/{S}sheet"):
        kind, target = relations.get(sheet.get(_RELATION) or "", ("", ""))
        if kind == "worksheet" and package.has(target):
            name = sheet.get("name") or f"Sheet{len(pages) + 1}"
            content = read_rows(package.read(target), name, context)
            notes += ["formula-ignored"] if content.has_formulas else []
            page = _page(len(pages), name, content, drawn_on(package, target))
            asides = asides_of(package, target, name)
            pages.append(replace(page, hidden=sheet.get("state") not in _VISIBLE, asides=asides))
    return Document("xlsx", tuple(pages), notes=tuple(dict.fromkeys(notes)))


def _page(index: int, name: str, content: SheetContent, drawn: Drawn) -> Page:
    cells = _merged(name, content, drawn)
    rows = max((cell.row + cell.row_span for cell in cells), default=0)
    columns = max((cell.column + cell.column_span for cell in cells), default=0)
    grid = Grid(
        rows,
        columns,
        tuple(cells),
        hidden_rows=frozenset(row for row in content.hidden_rows if row < rows),
        hidden_columns=frozenset(column for column in content.hidden_columns if column < columns),
    )
    lines = [TextLine(text, address=f"{name}!{where}") for text, where in drawn.texts]
    mark: PrintMark | None = None
    margins: list[TextLine] = []
    for text in content.margins:
        found = printmark.find_mark(text)
        mark = mark or found
        if found is None:
            margins.append(TextLine(text, margin=True))
    heads = [block for block in (grid,) if block.cells]
    return Page(index, (*heads, *lines, *margins), name=name, print_mark=mark)


def _merged(name: str, content: SheetContent, drawn: Drawn) -> list[Cell]:
    """The cells with their merges; a merged cell without text is kept, for it has a place and a size."""
    cells = content.cells
    if not content.merges and not drawn.pictures:
        return cells
    spans = {(top, left): (bottom - top + 1, right - left + 1) for top, left, bottom, right in content.merges}
    limit = max((cell.row for cell in cells), default=0)
    covered = _covered(content, limit)
    touched = {row for row, _ in covered} | {row for row, _ in spans}
    over = {
        covered[cell.row, cell.column] for cell in cells if cell.row in touched and (cell.row, cell.column) in covered
    }
    result: list[Cell] = []
    for cell in cells:
        if cell.row not in touched:
            result.append(cell)
            continue
        place = (cell.row, cell.column)
        span = spans.pop(place, None)
        if span is not None:
            notes = (*cell.notes, _OVER) if place in over else cell.notes
            result.append(replace(cell, row_span=span[0], column_span=span[1], notes=notes))
        elif place not in covered:
            result.append(cell)
    for (row, column), (row_span, column_span) in spans.items():
        if row <= limit:
            address = f"{name}!{column_letters(column)}{row + 1}"
            notes = (_OVER,) if (row, column) in over else ()
            result.append(Cell(row, column, row_span=row_span, column_span=column_span, address=address, notes=notes))
    return _pictured(name, result, drawn)


def _covered(content: SheetContent, limit: int) -> dict[tuple[int, int], tuple[int, int]]:
    """Addresses below a merge but for its first, with that first; Excel shows nothing of what may be stored there."""
    covered: dict[tuple[int, int], tuple[int, int]] = {}
    for top, left, bottom, right in content.merges:
        if (bottom - top + 1) * (right - left + 1) > len(content.cells):
            used = {(cell.row, cell.column) for cell in content.cells}
            places = {place for place in used if top <= place[0] <= bottom and left <= place[1] <= right}
        else:
            places = {(row, column) for row in range(top, min(bottom, limit) + 1) for column in range(left, right + 1)}
        covered.update(dict.fromkeys(places - {(top, left)}, (top, left)))
    return covered


def _pictured(name: str, cells: list[Cell], drawn: Drawn) -> list[Cell]:
    if not drawn.pictures:
        return cells
    grid = Grid(0, 0, tuple(cells))
    counts: dict[tuple[int, int], int] = {}
    for row, column in drawn.pictures:
        cell = grid.at(row, column)
        counts[cell.row, cell.column] = counts.get((cell.row, cell.column), 0) + 1
    result = [
        replace(cell, pictures=counts.pop((cell.row, cell.column))) if (cell.row, cell.column) in counts else cell
        for cell in cells
    ]
    for (row, column), count in counts.items():
        result.append(Cell(row, column, pictures=count, address=f"{name}!{column_letters(column)}{row + 1}"))
    return result
