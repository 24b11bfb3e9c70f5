"""Pages of Chinese official letters as Word files: paper, typefaces and sizes of GB/T 9704-2012 (§5, §7)."""

from __future__ import annotations

import io
import zipfile

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt
from docx.table import _Row
from docx.text.paragraph import Paragraph

from forms.illegal import without_illegal
from writers.archive import deflate, write_archive

SONG, HEI, KAI, FANG = "方正小标宋简体", "黑体", "楷体_GB2312", "仿宋_GB2312"
TITLE_SIZE, TEXT_SIZE, TABLE_SIZE = 22.0, 16.0, 12.0
LINE = 28.0
"""Points from line to line: 22 lines on a page."""

_NUMBER_SIZE, _NUMBER_FONT = 14.0, "宋体"
_NUMBER_BELOW = Mm(7)
"""From the text to the dashes of the page number."""

LEFT, CENTER, RIGHT = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT


def new_document(*, landscape: bool = False, numbered: bool = True) -> Document:
    """An empty file of A4 pages with the margins of an official document and its page numbers (a cover has none)."""
    document = docx.Document()
    section = document.sections[0]
    sides: tuple[Length, Length] = (Mm(210), Mm(297))
    if landscape:
        section.orientation = WD_ORIENT.LANDSCAPE
        sides = (sides[1], sides[0])
    section.page_width, section.page_height = sides
    section.top_margin, section.bottom_margin = (Mm(28), Mm(26)) if landscape else (Mm(37), Mm(35))
    section.left_margin, section.right_margin = (Mm(37), Mm(35)) if landscape else (Mm(28), Mm(26))
    if numbered:
        number_pages(document)
    return document


def number_pages(document: Document) -> None:
    """``— 1 —`` at the outer lower corner of each page, a character from the edge of the text (GB/T 9704-2012, 7.5)."""
    document.settings.odd_and_even_pages_header_footer = True
    for section in document.sections:
        below = (section.bottom_margin or Mm(26)) - _NUMBER_BELOW - Pt(_NUMBER_SIZE)
        section.footer_distance = Length(max(below, Mm(5)))
        for footer, align in ((section.footer, RIGHT), (section.even_page_footer, LEFT)):
            footer.is_linked_to_previous = False
            paragraph = footer.paragraphs[0]
            paragraph.alignment = align
            look = paragraph.paragraph_format
            look.space_before = look.space_after = Pt(0)
            look.left_indent, look.right_indent = (
                (Pt(_NUMBER_SIZE), None) if align is LEFT else (None, Pt(_NUMBER_SIZE))
            )
            write(paragraph, "— ", size=_NUMBER_SIZE, font=_NUMBER_FONT)
            _write_page(paragraph)
            write(paragraph, " —", size=_NUMBER_SIZE, font=_NUMBER_FONT)


def _write_page(paragraph: Paragraph) -> None:
    """The field of the page's number."""
    for kind, words in (("begin", ""), ("", " PAGE "), ("separate", ""), ("", "1"), ("end", "")):
        write(paragraph, "", size=_NUMBER_SIZE, font=_NUMBER_FONT)
        run = paragraph.runs[-1]._element  # noqa: SLF001  # python-docx has no name for fields
        if kind:
            run.append(run.makeelement(qn("w:fldChar"), {qn("w:fldCharType"): kind}))
            continue
        text = run.makeelement(qn("w:t" if words == "1" else "w:instrText"), {qn("xml:space"): "preserve"})
        text.text = words
        run.append(text)


def write(  # the looks of a run, by name
    paragraph: Paragraph, text: str, *, size: float = TEXT_SIZE, font: str = FANG, bold: bool = False
) -> None:
    """Add words to a paragraph. Characters that no Word file can carry are shown as □."""
    run = paragraph.add_run(without_illegal(text))
    run.font.size = Pt(size)
    run.font.name = font
    run.bold = bold
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)  # noqa: SLF001  # python-docx sets no East Asian font


def line(  # noqa: PLR0913  # the looks of a line, by name
    document: Document,
    text: str = "",
    *,
    size: float = TEXT_SIZE,
    font: str = FANG,
    bold: bool = False,
    align: WD_ALIGN_PARAGRAPH = LEFT,
    indent: float = 0.0,
) -> Paragraph:
    """A paragraph of its own; ``indent`` is that of its first line, in characters."""
    paragraph = document.add_paragraph()
    look = paragraph.paragraph_format
    look.space_before = look.space_after = Pt(0)
    look.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    look.line_spacing = Pt(max(LINE, size * 1.5))
    look.first_line_indent = Pt(indent * size)
    paragraph.alignment = align
    if text:
        write(paragraph, text, size=size, font=font, bold=bold)
    return paragraph


def set_row(row: _Row, name: str) -> None:
    """Set a switch of a row: ``cantSplit`` keeps it on one page, ``tblHeader`` repeats it on every page."""
    properties = row._tr.get_or_add_trPr()  # noqa: SLF001  # python-docx has no name for these
    properties.append(properties.makeelement(qn(f"w:{name}"), {qn("w:val"): "true"}))


def content_of(document: Document) -> bytes:
    """The file's bytes: the same for the same words, whenever it is made."""
    result = io.BytesIO()
    document.save(result)
    with zipfile.ZipFile(result) as archive:
        return write_archive(deflate(name, archive.read(name)) for name in archive.namelist())
