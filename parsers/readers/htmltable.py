"""An .xls that is an HTML page, as old office systems export it: its tables, read by us and never by LibreOffice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path

from lxml import html

from parsers.document import Cell, Document, Grid, Page, TextLine
from parsers.errors import DamagedFileError, TooComplexError
from parsers.limits import DEFAULT_LIMITS, FileLimits

CHARSET = re.compile(rb"charset\s*=\s*[\"']?([A-Za-z0-9_-]+)", re.IGNORECASE)
CHARSET_WITHIN = 4096
BYTE_ORDER_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb": "utf-8-sig"}
CHINESE = {"gb2312", "gbk", "gb18030", "x-gbk"}
HIDDEN = re.compile(r"display\s*:\s*none|mso-hide\s*:\s*all", re.IGNORECASE)
STRUCK = re.compile(r"text-decoration[^;]*line-through", re.IGNORECASE)
UNSEEN = {"script", "style", "title", "head", "noscript", "template"}
BREAKS = {"br", "p", "div", "li"}
Step = tuple[str, "html.HtmlElement | str"]
"""``text`` with its text, or ``break``, ``table`` or ``open`` with an element."""
LONGEST_SPAN_DIGITS, MOST_SPANNED = 5, 1_000
SPACES = re.compile(r"[ \t\r\n\f\v]+")


def read(path: Path, limits: FileLimits = DEFAULT_LIMITS) -> Document:
    """Read the page as one sheet: its tables as grids, the text between them as lines.

    Raises:
        DamagedFileError: if there is no table in it.
        TooComplexError: if a table is over the limits of a sheet, or nested too deep.
    """
    parser = html.HTMLParser(no_network=True, huge_tree=False, remove_comments=True, encoding="utf-8")
    root = html.document_fromstring(_text(path.read_bytes()).encode(), parser=parser)
    blocks = tuple(_blocks(root, limits))
    if not any(isinstance(block, Grid) for block in blocks):
        raise DamagedFileError
    return Document(format="html-table", pages=(Page(index=0, blocks=blocks),))


def _text(data: bytes) -> str:
    """The page as text: by its byte order mark, else by what it declares, else by what fits.

    Bytes that fit nothing become U+FFFD, which no field type accepts.
    """
    for mark, encoding in BYTE_ORDER_MARKS.items():
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    declared = CHARSET.search(data[:CHARSET_WITHIN])
    names = [declared[1].decode("ascii").lower()] if declared else []
    for name in (*("gb18030" if name in CHINESE else name for name in names), "utf-8", "gb18030"):
        try:
            return data.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
    return data.decode("utf-8", "replace")


def _blocks(root: html.HtmlElement, limits: FileLimits) -> Iterator[Grid | TextLine]:
    """Tables and the lines between them, in reading order. A table in a cell follows the table it is in."""
    pending: list[str] = []
    for kind, element in _walk(root):
        if isinstance(element, str):
            pending.append(element)
            continue
        yield from _lines("".join(pending))
        pending.clear()
        if kind == "table":
            yield from _tables(element, limits)
    yield from _lines("".join(pending))


def _walk(element: html.HtmlElement) -> Iterator[Step]:
    """Text, line breaks and outermost tables below an element, without recursion."""
    stack: list[Step] = [("open", element)]
    while stack:
        kind, item = stack.pop()
        if isinstance(item, str) or kind != "open":
            yield kind, item
            continue
        if not isinstance(item.tag, str) or item.tag in UNSEEN:
            continue
        if item.tag == "table":
            yield "table", item
            continue
        inner: list[Step] = [("text", item.text or "")]
        for child in item:
            inner += [("open", child), ("text", child.tail or "")]
        if item.tag in BREAKS:
            inner.append(("break", item))
        stack.extend(reversed(inner))


def _lines(text: str) -> Iterator[TextLine]:
    for line in text.split("\n\n"):
        clean = SPACES.sub(" ", line.replace("\xa0", " ")).strip()
        if clean:
            yield TextLine(clean)


def _tables(table: html.HtmlElement, limits: FileLimits) -> Iterator[Grid]:
    yield _grid(table, limits)
    for inner in table.iter("table"):
        if inner is not table:
            yield _grid(inner, limits)


def _grid(table: html.HtmlElement, limits: FileLimits) -> Grid:
    cells: list[Cell] = []
    taken: set[tuple[int, int]] = set()
    hidden: set[int] = set()
    rows = 0
    for number, row in enumerate(_own_rows(table)):
        rows = number + 1
        if HIDDEN.search(row.get("style", "")):
            hidden.add(number)
        column = 0
        for element in row.iterchildren("td", "th"):
            while (number, column) in taken:
                column += 1
            cell = _cell(element, number, column)
            area = set(product(range(number, number + cell.row_span), range(column, column + cell.column_span)))
            if taken & area:  # spans that cross: the later one keeps to its first address
                cell, area = Cell(number, column, cell.text, struck=cell.struck), {(number, column)}
            taken |= area
            cells.append(cell)
            column += cell.column_span
        if rows > limits.sheet_rows or column > limits.sheet_columns or len(taken) > limits.sheet_cells:
            raise TooComplexError
    columns = max((column for _, column in taken), default=-1) + 1
    rows = max(rows, max((row for row, _ in taken), default=-1) + 1)
    return Grid(rows=rows, columns=columns, cells=tuple(cells), hidden_rows=frozenset(hidden))


def _own_rows(table: html.HtmlElement) -> Iterator[html.HtmlElement]:
    for child in table:
        if child.tag == "tr":
            yield child
        elif child.tag in {"thead", "tbody", "tfoot"}:
            yield from child.iterchildren("tr")


def _cell(element: html.HtmlElement, row: int, column: int) -> Cell:
    parts: list[str] = []
    for kind, item in _walk_cell(element):
        parts.append("\n" if kind == "break" else SPACES.sub(" ", str(item).replace("\xa0", " ")))
    lines = [line.strip() for line in "".join(parts).split("\n")]
    return Cell(
        row=row,
        column=column,
        text="\n".join(line for line in lines if line),
        row_span=_span(element.get("rowspan")),
        column_span=_span(element.get("colspan")),
        struck=_is_struck(element),
        pictures=sum(1 for _ in element.iter("img")),
    )


def _walk_cell(element: html.HtmlElement) -> Iterator[Step]:
    for kind, item in _walk(element):
        if kind != "table":  # a table in a cell is a grid of its own
            yield kind, item


def _span(text: str | None) -> int:
    digits = (text or "").strip()
    is_number = digits.isascii() and digits.isdigit() and len(digits) <= LONGEST_SPAN_DIGITS
    return max(1, min(int(digits), MOST_SPANNED)) if is_number else 1


def _is_struck(element: html.HtmlElement) -> bool:
    """Whether all text of a cell is crossed out."""
    if STRUCK.search(element.get("style", "")):
        return True
    whole = "".join(element.itertext()).split()
    crossed = [text for tag in ("s", "strike", "del") for struck in element.iter(tag) for text in struck.itertext()]
    return bool(whole) and "".join(whole) == "".join("".join(crossed).split())
