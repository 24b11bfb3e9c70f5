"""续页: a text too long for its cell stands whole at the end of the document, and is put back in its place here.

The cell shows the beginning and ends in ``……(全文见续页3)``. At the end of the document rows headed
``续页3·1 借用事由``, ``续页3·2 借用事由`` … hold the whole text in pieces, to be joined without anything between.
A cell whose 续页 is not to be found keeps its words as they are; extraction asks :func:`is_shortened` and has a
person look.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from parsers.document import Cell, Document, Grid, Page, TextLine

_MARKER = re.compile(r"\s*…*\s*[((]全文见续页\s*(\d{1,4})[))]")
_HEAD = re.compile(r"^\s*续页\s*(\d{1,4})\s*[·.]\s*(\d{1,4})(?:\s|$|[^\d])")
_TITLE = re.compile(r"^\s*续页\s*[((].*[))]\s*$|^\s*续页\s*$")


def marker(number: int) -> str:
    """The words that end a shortened cell."""
    return f"……(全文见续页{number})"


def head(number: int, piece: int, label: str) -> str:
    """The head of the row that holds a piece (from one) of the whole text."""
    return f"续页{number}·{piece} {label}"


def title() -> str:
    """The line above the rows."""
    return "续页"


def is_shortened(text: str) -> bool:
    """Whether a cell's text is only the beginning of one that stands on a 续页."""
    return _MARKER.search(text) is not None


def rejoin(document: Document) -> Document:
    """The document with every shortened cell made whole, and without the rows of the 续页.

    A 续页 entry that no cell points to stays where it is, so that nothing is lost.
    """
    wanted = _shortened_numbers(document.pages)
    if not wanted:
        return document
    found: dict[int, dict[int, str]] = {}
    for page in document.pages:
        for grid in page.grids:
            for number, piece, text in _entries(grid):
                found.setdefault(number, {})[piece] = text
    whole = {
        number: "".join(pieces[index] for index in sorted(pieces))
        for number, pieces in found.items()
        if number in wanted and sorted(pieces) == list(range(1, len(pieces) + 1))
    }
    if not whole:
        return document
    return replace(document, pages=tuple(_page(page, whole) for page in document.pages))


def _shortened_numbers(pages: Iterable[Page]) -> set[int]:
    return {
        int(found[1])
        for page in pages
        for grid in page.grids
        for cell in grid.cells
        if "续页" in cell.text and (found := _MARKER.search(cell.text)) is not None
    }


def _entries(grid: Grid) -> Iterable[tuple[int, int, str]]:
    for cell in grid.cells:
        if "续页" in cell.text and (found := _HEAD.match(cell.text)) is not None:
            yield int(found[1]), int(found[2]), grid.at(cell.row, cell.column + cell.column_span).text


def _page(page: Page, whole: dict[int, str]) -> Page:
    blocks: list[Grid | TextLine] = []
    for block in page.blocks:
        if isinstance(block, TextLine):
            if not _TITLE.match(block.text):
                blocks.append(block)
        elif (grid := _grid(block, whole)) is not None:
            blocks.append(grid)
    return replace(page, blocks=tuple(blocks))


def _grid(grid: Grid, whole: dict[int, str]) -> Grid | None:
    """The grid with its cells made whole; ``None`` when it held 续页 rows alone."""
    dropped = {cell.row for cell in grid.cells if (found := _HEAD.match(cell.text)) and int(found[1]) in whole}
    titles = {cell.row for cell in grid.cells if dropped and _TITLE.match(cell.text)}
    kept = tuple(_cell(cell, whole) for cell in grid.cells if cell.row not in dropped | titles)
    if dropped and not any(cell.text.strip() for cell in kept):
        return None
    return replace(grid, cells=kept)


def _cell(cell: Cell, whole: dict[int, str]) -> Cell:
    text = cell.text
    for found in reversed(list(_MARKER.finditer(text)) if "续页" in text else []):
        full = whole.get(int(found[1]))
        if full is not None:
            text = text[: _start(text[: found.start()], full)] + full + text[found.end() :]
    if text == cell.text:
        return cell
    return replace(cell, text=text, raw=text if isinstance(cell.raw, str) else cell.raw)


def _start(before: str, full: str) -> int:
    """Where in the words before the marker the shortened text begins: the longest tail that opens the whole text."""
    places = [index for index, char in enumerate(before) if not char.isspace()]
    tail = "".join(before[index] for index in places)
    opening = "".join(full.split())[: len(tail)]
    while opening and not tail.endswith(opening):
        opening = opening[:-1]
    return places[-len(opening)] if opening else len(before)
