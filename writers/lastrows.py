"""A Word roster's last page has a person on it: what stands below the persons keeps the last one's row beside it.

In the file that is handed out rows and paragraphs are kept with what follows, which Word and WPS go by. LibreOffice
keeps rows of one table together, and none with another table; so in what goes to LibreOffice the table below the
persons (boxes for signatures and seals) stands inside a last row of theirs that has no border.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lxml import etree
from markupsafe import Markup

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
KEY, KEPT = "kept_with_next", Markup("<w:keepNext/>")
"""What the last person's row holds for :func:`kept_together`, and the others hold nothing of."""
LONGEST_NOTES = 1200
"""Characters of the notes that stay with the boxes above them."""
_OPEN = "".join(f'<w:{side} w:val="nil"/>' for side in ("left", "bottom", "right"))
_END = (
    f'<w:p xmlns:w="{W[1:-1]}"><w:pPr><w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/>'
    '<w:rPr><w:sz w:val="2"/></w:rPr></w:pPr></w:p>'
)
_ROW = (
    f'<w:tr xmlns:w="{W[1:-1]}"><w:trPr><w:cantSplit/></w:trPr><w:tc><w:tcPr><w:tcW w:w="{{width}}" w:type="dxa"/>'
    f'<w:gridSpan w:val="{{columns}}"/><w:tcBorders>{_OPEN}</w:tcBorders><w:tcMar><w:left w:w="0" w:type="dxa"/>'
    '<w:right w:w="0" w:type="dxa"/></w:tcMar></w:tcPr></w:tc></w:tr>'
)


def kept_together(source: str) -> str:
    """The source of a roster (tags of a loop around the row of a person) with what keeps its end together."""
    root = etree.fromstring(source.encode())
    found = _tail(root.find(f"{W}body"))
    if found is None:
        return source
    table, behind = found
    rows = _below_head(table)
    persons = next((number for number, row in enumerate(rows) if "{{" in "".join(row.itertext())), len(rows))
    for row in rows[persons : persons + 1]:
        _keep(row, f"{{{{ row.{KEY} }}}}")
    for item in (*rows[persons + 1 :], *behind):
        _keep(item)
    start = source.find("<w:document")
    return source[: max(start, 0)] + etree.tostring(root, encoding="unicode")


def end_inside(body: etree._Element) -> bool:
    """Put the table below a roster into a last row of the roster's; whether the body was changed."""
    found = _tail(body)
    if found is None:
        return False
    table, behind = found
    for kept in _below_head(table)[-2:]:
        _keep(kept)
    columns = table.findall(f"{W}tblGrid/{W}gridCol")
    width = sum(int(column.get(f"{W}w") or 0) for column in columns)
    row = etree.fromstring(_ROW.format(width=width, columns=len(columns)))
    edge = table.find(f"{W}tblPr/{W}tblBorders/{W}bottom")
    if edge is not None:
        for borders in row.iter(f"{W}tcBorders"):
            borders.insert(0, etree.Element(f"{W}top", dict(edge.attrib)))
    inner = behind[-1].find(f"{W}tblPr")
    for name in ("jc", "tblInd"):
        stated = None if inner is None else inner.find(f"{W}{name}")
        if inner is not None and stated is not None:
            inner.remove(stated)
    row[-1].extend((*behind, *_notes(behind[-1]), etree.fromstring(_END)))
    table.append(row)
    return True


def _tail(body: etree._Element | None) -> tuple[etree._Element, Sequence[etree._Element]] | None:
    """The last table that repeats its head, and what follows it: blank lines and the one table behind them."""
    tables = [] if body is None else body.findall(f"{W}tbl")
    if len(tables) < 2 or not _head(tables[-2]) or _head(tables[-1]):  # noqa: PLR2004 - a roster and what is below
        return None
    behind = [tables[-1]]
    for item in tables[-1].itersiblings(preceding=True):
        if item is tables[-2]:
            return tables[-2], behind
        if item.tag != f"{W}p" or "".join(item.itertext()).strip():
            return None
        behind.insert(0, item)
    return None


def _notes(table: etree._Element) -> Iterator[etree._Element]:
    """The lines right below a table that are printed with it."""
    room = LONGEST_NOTES
    for item in table.itersiblings():
        words = "".join(item.itertext()).strip()
        room -= len(words)
        is_apart = any(item.find(f".//{W}{name}") is not None for name in ("br", "pageBreakBefore", "sectPr"))
        if item.tag != f"{W}p" or not words or is_apart or room < 0:
            return
        yield item


def _head(table: etree._Element) -> bool:
    return table.find(f"{W}tr/{W}trPr/{W}tblHeader") is not None


def _below_head(table: etree._Element) -> list[etree._Element]:
    return [row for row in table.findall(f"{W}tr") if row.find(f"{W}trPr/{W}tblHeader") is None]


def _keep(item: etree._Element, tag: str = "") -> None:
    """Have the paragraphs stay with what follows, or a tag in that place decide it."""
    for paragraph in _paragraphs(item):
        looks = paragraph.find(f"{W}pPr")
        if looks is None:
            looks = etree.Element(f"{W}pPr")
            paragraph.insert(0, looks)
        if looks.find(f"{W}keepNext") is not None:
            continue
        style = looks.find(f"{W}pStyle")
        if not tag:
            looks.insert(0 if style is None else 1, etree.Element(f"{W}keepNext"))
        elif style is None:
            looks.text = tag
        else:
            style.tail = tag


def _paragraphs(item: etree._Element) -> Iterator[etree._Element]:
    yield from (item,) if item.tag == f"{W}p" else item.iter(f"{W}p")
