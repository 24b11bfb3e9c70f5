"""PDF files with text → Document: ruled tables as grids, all other text as lines.

A page without a text layer, or one that is a picture with text laid under it, comes back empty and marked as
``scanned``; it is for the scan reader.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pdfplumber
import pikepdf
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfminer.pdfexceptions import PDFException
from pdfminer.psexceptions import PSException
from pdfplumber.page import Page as PdfPage
from pdfplumber.pdf import PDF
from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException

from parsers.aligned.writing import Rule
from parsers.document import Document, Grid, Page, TextLine
from parsers.errors import DamagedFileError, EmptyFileError, EncryptedFileError
from parsers.readers.arranging import TABLE_SETTINGS, arranged
from parsers.readers.pdfaligned import aligned_grid, is_ruled
from parsers.readers.pdfgrid import UNREADABLE, Glyph

_FEWEST_CHARACTERS = 8
_PICTURE_SHARE = 0.6
_FAULTS = (
    PDFException,
    PSException,
    PdfminerException,
    MalformedPDFException,
    ValueError,
    KeyError,
    TypeError,
    IndexError,
    AttributeError,
    AssertionError,
    RecursionError,
    OverflowError,
    ZeroDivisionError,
    OSError,
    pikepdf.PdfError,
)
"""What pdfminer raises on damaged files: its own errors, and those of the language where it trusts the file."""


def read(path: Path, *, unruled: bool = False) -> Document:
    """The document of a PDF file; ``unruled``: tables may be there that have no rules, or few.

    Raises:
        EmptyFileError: no bytes.
        EncryptedFileError: a password is needed.
        DamagedFileError: not a readable PDF.
    """
    return read_bytes(path.read_bytes(), unruled=unruled)


def read_bytes(data: bytes, *, unruled: bool = False) -> Document:
    """As :func:`read`, from memory."""
    if not data:
        raise EmptyFileError
    with _opened(data) as pdf:
        turns = _turns(pdf)
        pages = () if turns else tuple(_page(index, page, unruled=unruled) for index, page in enumerate(pdf.pages))
    if turns:
        with _opened(_turned(data, turns)) as pdf:
            pages = tuple(_page(index, page, unruled=unruled) for index, page in enumerate(pdf.pages))
    if not pages:
        raise DamagedFileError
    return Document("pdf", pages, scanned=all(page.scanned for page in pages))


def upright(data: bytes) -> bytes:
    """The file with each page turned so that its text runs level, as :func:`read_bytes` sees it.

    Raises:
        EncryptedFileError, DamagedFileError: as :func:`read`.
    """
    with _opened(data) as pdf:
        turns = _turns(pdf)
    return _turned(data, turns) if turns else data


@contextmanager
def _opened(data: bytes) -> Iterator[PDF]:
    """The PDF for pdfplumber; whatever pdfminer stumbles over means that the file is damaged."""
    try:
        with pdfplumber.open(io.BytesIO(data)) as pdf:
            yield pdf
    except PDFPasswordIncorrect as fault:
        raise EncryptedFileError from fault
    except _FAULTS as fault:
        if isinstance(fault, PdfminerException) and isinstance(
            fault.args[0] if fault.args else None, PDFPasswordIncorrect
        ):
            raise EncryptedFileError from fault
        raise DamagedFileError from fault


def _turns(pdf: PDF) -> dict[int, int]:
    """Pages whose text runs up or down: page → degrees to turn it clockwise."""
    turns: dict[int, int] = {}
    for index, page in enumerate(pdf.pages):
        sideways = [char for char in page.chars if not char["upright"]]
        if len(sideways) > len(page.chars) / 2:
            ups = sum(1 for char in sideways if char["matrix"][1] > 0)
            turns[index] = 90 if ups * 2 > len(sideways) else 270
    return turns


def _turned(data: bytes, turns: dict[int, int]) -> bytes:
    out = io.BytesIO()
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            for index, degrees in turns.items():
                pdf.pages[index].rotate(degrees, relative=True)
            pdf.save(out)
    except pikepdf.PdfError as fault:
        raise DamagedFileError from fault
    return out.getvalue()


def _page(index: int, page: PdfPage, *, unruled: bool = False) -> Page:
    width, height = float(page.width), float(page.height)
    left, top = float(page.bbox[0]), float(page.bbox[1])
    glyphs = [
        Glyph(_text(char["text"]), char["x0"] - left, char["top"] - top, char["x1"] - left, char["bottom"] - top)
        for char in page.dedupe_chars(tolerance=0.5).chars
        if char["text"]
    ]
    solid = sum(1 for glyph in glyphs if not glyph.text.isspace())
    if _is_picture(page, solid):
        page.close()
        return Page(index, (), width, height, scanned=True)
    tables = [
        [(x0 - left, y0 - top, x1 - left, y1 - top) for x0, y0, x1, y1 in table.cells]
        for table in page.find_tables(TABLE_SETTINGS)
    ]
    drawn = _rules(page, (left, top)) if unruled and not any(map(is_ruled, tables)) else None
    page.close()
    found = None if drawn is None else aligned_grid(glyphs, *drawn)
    if found is None:
        return arranged(index, glyphs, tables, (width, height))
    grid, taken = found
    rest = arranged(index, [glyph for glyph in glyphs if glyph not in taken], (), (width, height))
    return replace(rest, blocks=tuple(sorted((*rest.blocks, grid), key=_place)))


def _rules(page: PdfPage, corner: tuple[float, float]) -> tuple[list[Rule], list[Rule]]:
    """The level and the plumb rules of a page."""
    left, top = corner
    level = [
        Rule(float(edge["top"]) - top, float(edge["x0"]) - left, float(edge["x1"]) - left)
        for edge in page.edges
        if edge["orientation"] == "h"
    ]
    plumb = [
        Rule(float(edge["x0"]) - left, float(edge["top"]) - top, float(edge["bottom"]) - top)
        for edge in page.edges
        if edge["orientation"] == "v"
    ]
    return level, plumb


def _place(block: Grid | TextLine) -> tuple[float, float]:
    return (block.box[1], block.box[0]) if block.box is not None else (0.0, 0.0)


def _text(text: str) -> str:
    """What a glyph stands for; one whose font does not say is the replacement character, never nothing."""
    return UNREADABLE if text.startswith("(cid:") or "\x00" in text else text


def _is_picture(page: PdfPage, characters: int) -> bool:
    """No text to speak of, or a picture over most of the page: then any text is some OCR program's."""
    if characters < _FEWEST_CHARACTERS:
        return bool(page.images) or characters == 0
    area = float(page.width) * float(page.height)
    return any(
        (min(image["x1"], page.width) - max(image["x0"], 0))
        * (min(image["bottom"], page.height) - max(image["top"], 0))
        > _PICTURE_SHARE * area
        for image in page.images
    )
