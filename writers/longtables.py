"""Word files as LibreOffice alone gets them: long tables as several, and a roster's end inside its table.

LibreOffice lays out a table again for each page that it runs over: 150 rows take a second, 1,500 rows minutes. The
pieces begin on new pages under the same head, so that a page looks as if the table had gone on. Of a roster's end see
:mod:`writers.lastrows`.
"""

from __future__ import annotations

import copy
import io
import zipfile

from lxml import etree

from writers.archive import deflate, write_archive
from writers.lastrows import end_inside

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
BODY = "word/document.xml"
LONGEST = 120
"""Rows of a table that stays as it is."""
PIECE = 60
"""Rows of a piece, about: seven or eight pages of the widest roster. The last one is no shorter than half of that."""
_HEAD = b"<w:tblHeader"
_ROW = b"<w:tr>"
_ROW_WITH = b"<w:tr "
_BREAK = (
    f'<w:p xmlns:w="{W[1:-1]}"><w:pPr><w:pageBreakBefore/>'
    '<w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/>'
    '<w:rPr><w:sz w:val="2"/></w:rPr></w:pPr></w:p>'
)


def for_printing(content: bytes) -> bytes:
    """A docx of ours with its long tables taken apart and its roster's end in one table; another one as it is."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        body = archive.read(BODY)
        if _HEAD not in body and body.count(_ROW) + body.count(_ROW_WITH) <= LONGEST:
            return content
        root = etree.fromstring(body)
        long = [table for table in root.iterfind(f"{W}body/{W}tbl") if len(table.findall(f"{W}tr")) > LONGEST]
        for table in long:
            _take_apart(table)
        if not end_inside(root[0]) and not long:
            return content
        parts = {item.filename: archive.read(item) for item in archive.infolist() if not item.is_dir()}
    parts[BODY] = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return write_archive(deflate(name, data, 1) for name, data in parts.items())


def _take_apart(table: etree._Element) -> None:
    """Leave the first rows, and put tables with the others behind it."""
    rows = table.findall(f"{W}tr")
    heads = [row for row in rows if row.find(f"{W}trPr/{W}tblHeader") is not None]
    others = [row for row in rows if row not in heads]
    frame = copy.deepcopy(table)
    for row in frame.findall(f"{W}tr"):
        frame.remove(row)
    starts = [at for at in range(PIECE, len(others) - PIECE // 2, PIECE) if not _goes_on(others[at])]
    last = table
    for begin, end in zip(starts, [*starts[1:], len(others)], strict=True):
        piece = copy.deepcopy(frame)
        piece.extend(copy.deepcopy(head) for head in heads)
        piece.extend(others[begin:end])
        gap = etree.fromstring(_BREAK)
        last.addnext(gap)
        gap.addnext(piece)
        last = piece


def _goes_on(row: etree._Element) -> bool:
    """Whether a cell of the row before reaches into this one."""
    merges = row.iter(f"{W}vMerge")
    return any(merge.get(f"{W}val") != "restart" for merge in merges)
