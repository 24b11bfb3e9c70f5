"""Headings, sentences and tables of a report, in the looks of an official letter."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape

from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm
from docx.text.paragraph import Paragraph

from forms.illegal import without_illegal
from writers.officialpage import CENTER, FANG, HEI, KAI, RIGHT, SONG, TITLE_SIZE, line, write

_NUMBERS = "一二三四五六七八九十"
_CELL_SIZE = 9.0
_TWIPS = 56.6929
"""Twentieths of a point in a millimetre."""
LONGEST = 100
"""Rows of one table; more go on in the next one. LibreOffice's time grows with the square of a table's pages."""
_LINES = '<w:spacing w:before="0" w:after="60" w:line="240" w:lineRule="auto"/>'
_MARGINS = '<w:tblCellMar><w:left w:w="60" w:type="dxa"/><w:right w:w="60" w:type="dxa"/></w:tblCellMar>'
_NUMBER = re.compile(r"-?[\d,]+(?:\.\d+)?%?")
_COUNTED = frozenset({"序号", "编号"})
"""Heads of columns that count: their numbers stand in the middle, all others at the right."""
_ABOVE = '<w:spacing w:before="0" w:after="0" w:line="120" w:lineRule="exact"/>'
_GAP = '<w:spacing w:before="0" w:after="0" w:line="40" w:lineRule="exact"/>'


class Report:
    """A Word file written from the top; first headings number themselves."""

    def __init__(self, document: Document, title: str) -> None:
        self.document = document
        self._headings = 0
        section = document.sections[0]
        width = (section.page_width or 0) - (section.left_margin or 0) - (section.right_margin or 0)
        self._width = width / Mm(1)
        for part in title.split("\n"):
            line(document, part, size=TITLE_SIZE, font=SONG, align=CENTER)
        line(document)

    def heading(self, text: str) -> None:
        """``一、…``."""
        _keep(line(self.document, f"{_numeral(self._headings)}、{text}", font=HEI, indent=2))
        self._headings += 1

    def appendix(self, text: str) -> None:
        """A heading behind the report's end."""
        line(self.document)
        _keep(line(self.document, text, font=HEI))

    def second(self, text: str) -> None:
        """A heading under a heading, numbered by the caller."""
        _keep(line(self.document, text, font=KAI, indent=2))

    def say(self, text: str, *, indent: float = 2, notes: Iterable[str] = ()) -> None:
        """A paragraph; ``notes`` are set small behind it."""
        paragraph = line(self.document, text, indent=indent)
        for note in notes:
            write(paragraph, note, size=9, font=FANG)

    def sign(self, unit: str, day: str) -> None:
        """Who and when, at the right."""
        _keep(line(self.document))
        _keep(line(self.document, f"{unit}（盖章）    " if unit else "（盖章）    ", align=RIGHT))
        line(self.document, f"{day}    " if day else "    年  月  日    ", align=RIGHT)

    def small(self, text: str) -> None:
        """A note under a table."""
        line(self.document, text, size=10.5)

    def table(self, heads: Sequence[str], rows: Iterable[Sequence[str]], widths: Sequence[float]) -> None:
        """A ruled table whose head comes again on every page; ``widths`` are shares of the page's width.

        A row of one text is a heading over the rows behind it, as wide as the table. Made as XML in one go: thousands
        of rows take no longer than their text.
        """
        share = self._width * _TWIPS / sum(widths)
        sizes = [round(width * share) for width in widths]
        counted = [head in _COUNTED for head in heads]
        lines = [_row(row, sizes, counted) if len(row) == len(sizes) else _banner(row[0], sizes) for row in rows]
        self._add(f"<w:p {nsdecls('w')}><w:pPr><w:keepNext/>{_ABOVE}</w:pPr></w:p>")
        for begin in range(0, max(len(lines), 1), LONGEST):
            if begin:
                self._add(f"<w:p {nsdecls('w')}><w:pPr>{_GAP}</w:pPr></w:p>")
            self._add(_table([_row(heads, sizes, counted, head=True), *lines[begin : begin + LONGEST]], sizes))

    def _add(self, xml: str) -> None:
        body = self.document.element.body
        body.insert(len(body) - 1 if body[-1].tag == qn("w:sectPr") else len(body), parse_xml(xml))


def _keep(heading: Paragraph) -> None:
    """Not left alone at the foot of a page."""
    heading.paragraph_format.keep_with_next = True


def _table(lines: Sequence[str], sizes: Sequence[int]) -> str:
    grid = "".join(f'<w:gridCol w:w="{size}"/>' for size in sizes)
    borders = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    return (
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{sum(sizes)}" w:type="dxa"/>'
        f'<w:tblBorders>{borders}</w:tblBorders><w:tblLayout w:type="fixed"/>{_MARGINS}</w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(lines)}</w:tbl>"
    )


def _numeral(number: int) -> str:
    return _NUMBERS[number] if number < len(_NUMBERS) else str(number + 1)


def _row(texts: Sequence[str], sizes: Sequence[int], counted: Sequence[bool], *, head: bool = False) -> str:
    properties = "<w:trPr><w:cantSplit/>" + ("<w:tblHeader/>" if head else "") + "</w:trPr>"
    cells = "".join(
        _cell(text, size, head=head, align="center" if head or counts else _side(text))
        for text, size, counts in zip(texts, sizes, counted, strict=True)
    )
    return f"<w:tr>{properties}{cells}</w:tr>"


def _banner(text: str, sizes: Sequence[int]) -> str:
    """A row of one cell, kept on the page of the row behind it."""
    cell = _cell(text, sum(sizes), head=False, span=len(sizes))
    return f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{cell}</w:tr>"


def _side(text: str) -> str:
    """Where a text stands in its cell: numbers under each other at the right."""
    return "right" if _NUMBER.fullmatch(text) else "left"


def _cell(text: str, size: int, *, head: bool, span: int = 1, align: str = "left") -> str:
    face = HEI if head or span > 1 else FANG
    look = (
        f'<w:rPr><w:rFonts w:ascii="{FANG}" w:hAnsi="{FANG}" w:eastAsia="{face}"/>'
        f'<w:sz w:val="{round(_CELL_SIZE * 2)}"/></w:rPr>'
    )
    looks = ("<w:keepNext/>" if span > 1 else "") + _LINES + f'<w:jc w:val="{align}"/>'
    wide = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    words = '</w:t><w:br/><w:t xml:space="preserve">'.join(escape(part) for part in without_illegal(text).split("\n"))
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{size}" w:type="dxa"/>{wide}<w:vAlign w:val="center"/></w:tcPr>'
        f"<w:p><w:pPr>{looks}</w:pPr>"
        f'<w:r>{look}<w:t xml:space="preserve">{words}</w:t></w:r></w:p></w:tc>'
    )
