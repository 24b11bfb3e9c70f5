"""Headings, sentences and tables of a report, in the looks of an official letter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape

from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm

from forms.illegal import without_illegal
from writers.officialpage import CENTER, FANG, HEI, KAI, RIGHT, SONG, TITLE_SIZE, line, write

_NUMBERS = "一二三四五六七八九十"
_CELL_SIZE = 9.0
_TWIPS = 56.6929
"""Twentieths of a point in a millimetre."""


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
        line(self.document, f"{_numeral(self._headings)}、{text}", font=HEI, indent=2)
        self._headings += 1

    def appendix(self, text: str) -> None:
        """A heading behind the report's end."""
        line(self.document)
        line(self.document, text, font=HEI)

    def second(self, text: str) -> None:
        """A heading under a heading, numbered by the caller."""
        line(self.document, text, font=KAI, indent=2)

    def say(self, text: str, *, indent: float = 2, notes: Iterable[str] = ()) -> None:
        """A paragraph; ``notes`` are set small behind it."""
        paragraph = line(self.document, text, indent=indent)
        for note in notes:
            write(paragraph, note, size=9, font=FANG)

    def sign(self, unit: str, day: str) -> None:
        """Who and when, at the right."""
        line(self.document)
        line(self.document, f"{unit}(盖章)    " if unit else "(盖章)    ", align=RIGHT)
        line(self.document, f"{day}    " if day else "    年  月  日    ", align=RIGHT)

    def small(self, text: str) -> None:
        """A note under a table."""
        line(self.document, text, size=10.5)

    def table(self, heads: Sequence[str], rows: Iterable[Sequence[str]], widths: Sequence[float]) -> None:
        """A ruled table whose head comes again on every page; ``widths`` are shares of the page's width.

        Made as XML in one go: thousands of rows take no longer than their text.
        """
        share = self._width * _TWIPS / sum(widths)
        sizes = [round(width * share) for width in widths]
        grid = "".join(f'<w:gridCol w:w="{size}"/>' for size in sizes)
        lines = [_row(heads, sizes, head=True), *(_row(row, sizes) for row in rows)]
        borders = "".join(
            f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
            for side in ("top", "left", "bottom", "right", "insideH", "insideV")
        )
        xml = (
            f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{sum(sizes)}" w:type="dxa"/>'
            f'<w:tblBorders>{borders}</w:tblBorders><w:tblLayout w:type="fixed"/></w:tblPr>'
            f"<w:tblGrid>{grid}</w:tblGrid>{''.join(lines)}</w:tbl>"
        )
        body = self.document.element.body
        body.insert(len(body) - 1 if body[-1].tag == qn("w:sectPr") else len(body), parse_xml(xml))


def _numeral(number: int) -> str:
    return _NUMBERS[number] if number < len(_NUMBERS) else str(number + 1)


def _row(texts: Sequence[str], sizes: Sequence[int], *, head: bool = False) -> str:
    properties = "<w:trPr><w:cantSplit/>" + ("<w:tblHeader/>" if head else "") + "</w:trPr>"
    cells = "".join(_cell(text, size, head=head) for text, size in zip(texts, sizes, strict=True))
    return f"<w:tr>{properties}{cells}</w:tr>"


def _cell(text: str, size: int, *, head: bool) -> str:
    look = (
        f'<w:rPr><w:rFonts w:ascii="{FANG}" w:hAnsi="{FANG}" w:eastAsia="{HEI if head else FANG}"/>'
        f'<w:sz w:val="{round(_CELL_SIZE * 2)}"/></w:rPr>'
    )
    centred = '<w:jc w:val="center"/>' if head else ""
    words = '</w:t><w:br/><w:t xml:space="preserve">'.join(escape(part) for part in without_illegal(text).split("\n"))
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{size}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>'
        f'<w:p><w:pPr><w:spacing w:before="20" w:after="20" w:line="240" w:lineRule="auto"/>{centred}</w:pPr>'
        f'<w:r>{look}<w:t xml:space="preserve">{words}</w:t></w:r></w:p></w:tc>'
    )
