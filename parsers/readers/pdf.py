"""PDF files with text → Document: ruled tables as grids, all other text as lines.

A page without a text layer, or one that is a picture with text laid under it, comes back empty and marked as
``scanned``; it is for the scan reader.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pdfplumber
import pikepdf
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfminer.pdfexceptions import PDFException
from pdfminer.psexceptions import PSException
from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException

from forms.finding import Box
from parsers import printmark
from parsers.document import Document, Grid, Page, PrintMark, TextLine
from parsers.errors import DamagedFileError, EmptyFileError, EncryptedFileError
from parsers.readers.pdfgrid import UNREADABLE, Glyph, grid_of, text_lines

_FEWEST_CHARACTERS = 8
_PICTURE_SHARE = 0.6
_SMALLEST_TABLE = 30.0
_SETTINGS = {
    "vertical_strategy": "lines",
    "horizontal_strategy": "lines",
    "snap_tolerance": 3,
    "join_tolerance": 3,
    "edge_min_length": 4,
    "intersection_tolerance": 3,
}
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


def read(path: Path) -> Document:
    """The document of a PDF file.

    Raises:
        EmptyFileError: no bytes.
        EncryptedFileError: a password is needed.
        DamagedFileError: not a readable PDF.
    """
    return read_bytes(path.read_bytes())


def read_bytes(data: bytes) -> Document:
    """As :func:`read`, from memory."""
    if not data:
        raise EmptyFileError
    with _opened(data) as pdf:
        turns = _turns(pdf)
        pages = () if turns else tuple(_page(index, page) for index, page in enumerate(pdf.pages))
    if turns:
        with _opened(_turned(data, turns)) as pdf:
            pages = tuple(_page(index, page) for index, page in enumerate(pdf.pages))
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
def _opened(data: bytes) -> Iterator[Any]:
    """The PDF for pdfplumber; whatever pdfminer stumbles over means that the file is damaged."""
    try:
        with pdfplumber.open(io.BytesIO(data)) as pdf:
            yield pdf
    except PDFPasswordIncorrect as fault:
        raise EncryptedFileError from fault
    except _FAULTS as fault:
        if isinstance(fault, PdfminerException) and isinstance(fault.args[0] if fault.args else None, PDFPasswordIncorrect):
            raise EncryptedFileError from fault
        raise DamagedFileError from fault


def _turns(pdf: Any) -> dict[int, int]:
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


def _page(index: int, page: Any) -> Page:
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
    grids: list[Grid] = []
    taken: set[Glyph] = set()
    for table in page.find_tables(_SETTINGS):
        boxes = [(x0 - left, y0 - top, x1 - left, y1 - top) for x0, y0, x1, y1 in table.cells]
        if _is_drawing(boxes):
            continue
        grid, inside = grid_of(boxes, glyphs, len(grids) + 1)
        if any(cell.text for cell in grid.cells):
            grids.append(grid)
            taken |= inside
    page.close()
    lines, mark = _outside([glyph for glyph in glyphs if glyph not in taken])
    blocks = sorted([*grids, *lines], key=_place)
    return Page(index, tuple(blocks), width, height, print_mark=mark)


def _text(text: str) -> str:
    """What a glyph stands for; one whose font does not say is the replacement character, never nothing."""
    return UNREADABLE if text.startswith("(cid:") or "\x00" in text else text


def _is_picture(page: Any, characters: int) -> bool:
    """No text to speak of, or a picture over most of the page: then any text is some OCR program's."""
    if characters < _FEWEST_CHARACTERS:
        return bool(page.images) or characters == 0
    area = float(page.width) * float(page.height)
    return any(
        (min(image["x1"], page.width) - max(image["x0"], 0)) * (min(image["bottom"], page.height) - max(image["top"], 0))
        > _PICTURE_SHARE * area
        for image in page.images
    )


def _is_drawing(boxes: list[Box]) -> bool:
    """Small ruled figures (the modules of a QR code, a tick box) are no tables."""
    width = max(box[2] for box in boxes) - min(box[0] for box in boxes)
    height = max(box[3] for box in boxes) - min(box[1] for box in boxes)
    return width < _SMALLEST_TABLE or height < 8.0 or (width < 3 * _SMALLEST_TABLE and height < 3 * _SMALLEST_TABLE and len(boxes) > 40)


def _outside(glyphs: list[Glyph]) -> tuple[list[TextLine], PrintMark | None]:
    """The lines outside tables, and our print mark, whose line is no data."""
    lines: list[TextLine] = []
    mark: PrintMark | None = None
    for written in text_lines(glyphs):
        found = printmark.find_mark(written.text) or printmark.find_mark("".join(written.text.split()))
        text = written.text
        if found is not None:
            mark = mark or found
            text = text.replace(printmark.format_mark(found), "").strip()
            if printmark.PREFIX in text:
                text = ""
        if text:
            notes = ("character-unreadable",) if UNREADABLE in text else ()
            lines.append(TextLine(text, written.box, notes=notes))
    return lines, mark


def _place(block: Grid | TextLine) -> tuple[float, float]:
    box = block.box
    return (box[1], box[0]) if box is not None else (0.0, 0.0)
