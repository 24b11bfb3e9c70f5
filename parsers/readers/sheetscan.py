"""The cells of a plain worksheet, quickly: what the proof of a large filled workbook reads.

Only sheets written as plainly as ours are scanned: every row and cell says where it is, and no cell has a formula.
Of anything else :func:`scan_rows` says that it cannot, and the whole reader is asked instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from parsers.readers.sheetstyles import unescaped

RawCell = tuple[bytes, bytes, bytes, bytes, bytes, bytes]
"""Column letters, row digits, style, kind (``s`` a shared string, empty a number), value, inline text (XML)."""

_ROW = re.compile(rb'<row r="(\d+)"([^>]*)(?:/>|>(.*?)</row>)', re.DOTALL)
_CELL = re.compile(
    rb'([A-Z]{1,3})(\d+)"(?: s="(\d+)")?(?: t="(\w+)")?(?:/>|>(?:<v>([^<]*)</v>|<is>(.*?)</is>)</c>)', re.DOTALL
)
CELL_START = b'<c r="'
_STRING = re.compile(r'<si>(?:<t/>|<t(?: xml:space="preserve")?>(.*?)</t>)</si>', re.DOTALL)
_MERGE = re.compile(rb'<mergeCell ref="([A-Z]+\d+:[A-Z]+\d+)"/>')


class NotPlainError(ValueError):
    """The sheet is not as plain as a scan needs."""


def scan_rows(data: bytes) -> Iterator[tuple[int, list[RawCell]]]:
    """Row number (from one) and cells, blank ones included, of each row in order.

    Raises:
        NotPlainError: a row or a cell of another shape, or out of its row.
    """
    for number, digits, inner in scan_inner(data):
        yield number, [scan_cell(piece, digits) for piece in cell_pieces(inner)]


def scan_inner(data: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Row number, its digits and the XML of its cells, of each row in order.

    Raises:
        NotPlainError: a row of another shape, hidden, or out of order.
    """
    begin, end = data.find(b"<sheetData>"), data.rfind(b"</sheetData>")
    if begin < 0 or end < 0 or b"<!" in data:
        raise NotPlainError
    place, last = begin + len(b"<sheetData>"), 0
    for found in _ROW.finditer(data, place, end):
        if found.start() != place or b"hidden" in found[2]:
            raise NotPlainError
        place = found.end()
        if int(found[1]) <= last:
            raise NotPlainError
        last = int(found[1])
        yield last, found[1], found[3] or b""
    if place != end:
        raise NotPlainError


def cell_pieces(inner: bytes) -> list[bytes]:
    """The XML of each cell of a row from its column letters on.

    Raises:
        NotPlainError: something else stands before the first.
    """
    first, *pieces = inner.split(CELL_START)
    if first:
        raise NotPlainError
    return pieces


def scan_cell(piece: bytes, digits: bytes) -> RawCell:
    """One cell of :func:`cell_pieces`, taken apart.

    Raises:
        NotPlainError: of another shape, or not of the row with these digits.
    """
    found = _CELL.fullmatch(piece)
    if found is None or found[2] != digits:
        raise NotPlainError
    letters, row, style, kind, value, inline = (part or b"" for part in found.groups())
    return letters, row, style, kind, value, inline


def scan_strings(data: bytes) -> list[str]:
    """The shared strings by number.

    Raises:
        NotPlainError: one of them has looks of its own, or phonetic guides.
    """
    if b"<!" in data:
        raise NotPlainError
    found = _STRING.findall(data.decode())
    if len(found) != data.count(b"<si") or any("<" in text for text in found):
        raise NotPlainError
    return [unescaped(unescape(text) if "&" in text else text) for text in found]


def scan_merges(data: bytes) -> set[str]:
    """The merges of a sheet as ``A1:B2``."""
    return {found.decode() for found in _MERGE.findall(data)}
