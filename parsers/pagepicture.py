"""A page as a person may look at it: the picture whose places the boxes of a reading name.

Pages with text are drawn as they are; pages that are pictures come out flat and upright, as the scan reader saw them.
Runs in the fenced child; what it hands out is a picture drawn anew, without anything else that was in the file.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pypdfium2
from PIL import Image
from pypdfium2 import PdfiumError

from parsers.child import Request
from parsers.errors import ContentMismatchError, DamagedFileError
from parsers.gate.admission import admit
from parsers.issued import Borrow
from parsers.limits import DEFAULT_LIMITS
from parsers.ocr.engines import make_engines
from parsers.picture import Picture
from parsers.readers import image, ofddrawing, pdf, photos
from parsers.scan.flattening import flatten
from parsers.scan.orientation import upright
from parsers.scan.prints import Library
from parsers.scan.streaks import cleaned
from parsers.scan.units import WORK_DPI
from parsers.sniffing import FileFormat

PAGE_FILE = "page.png"
SHOWN_DPI = 110.0
SCAN_DPI = 200.0
POINTS = 72.0
LONGEST_SIDE = 2400
"""Pixels of the picture that is shown."""


def draw_page(request: Request) -> dict[str, Any]:
    """Draw the page ``page`` (from zero) of a PDF, OFD or picture file into the output folder.

    The answer names the ``file`` there; ``None`` when the file has fewer pages. The picture says its own resolution, by
    which boxes in points are found in it.

    Raises:
        DocumentError: the file may not be opened, or is none of them.
    """
    index = int(request.options["page"])
    admitted = admit(request.path, request.name)
    if admitted.format is FileFormat.PDF:
        drawn = _pdf_page(request.path, index, request.borrow)
    elif admitted.format is FileFormat.IMAGE:
        drawn = _frame(image.read(request.path), index, request.borrow)
    elif admitted.format is FileFormat.PHOTOS:
        drawn = _frame(filter(None, [photos.page(request.path, index)]), index, request.borrow)
    elif admitted.format is FileFormat.OFD:
        drawn = _ofd_page(request.path, index)
    else:
        raise ContentMismatchError(pointer=request.name)
    if drawn is None:
        return {"file": None}
    pixels, dpi = drawn
    wide = pixels.width
    pixels.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    shown = dpi * pixels.width / wide
    pixels.save(request.output / PAGE_FILE, "PNG", dpi=(shown, shown))
    return {"file": PAGE_FILE, "width": pixels.width, "height": pixels.height}


def text_pages(path: Path, wanted: Iterable[int], dpi: float) -> Iterator[tuple[int, Image.Image]]:
    """The pages of a PDF with text, upright as their words were read.

    Raises:
        DamagedFileError: PDFium cannot open the file or the page.
    """
    try:
        with pypdfium2.PdfDocument(path) as whole:
            for index in wanted:
                yield index, _rendered(pdf.upright(_single(whole, index)), dpi)[0]
    except PdfiumError as fault:
        raise DamagedFileError from fault


def _frame(pictures: Iterable[Picture], index: int, borrow: Borrow) -> tuple[Image.Image, float] | None:
    for picture in pictures:
        if picture.index == index:
            return _seen(picture, borrow)
    return None


def _seen(picture: Picture, borrow: Borrow) -> tuple[Image.Image, float]:
    """The picture flat and upright, as the scan reader sees it, and its resolution."""
    met = Library(borrow).meet(picture)
    pixels = met.pixels if met is not None else upright(flatten(cleaned(picture)), make_engines().first)[0]
    return Image.fromarray(pixels), WORK_DPI


def _pdf_page(path: Path, index: int, borrow: Borrow) -> tuple[Image.Image, float] | None:
    try:
        with pypdfium2.PdfDocument(path) as whole:
            if not 0 <= index < len(whole):
                return None
            single = _single(whole, index)
        if not pdf.read_bytes(single).pages[0].scanned:
            pixels, (wide, _) = _rendered(pdf.upright(single), SHOWN_DPI)
            return pixels, pixels.width * POINTS / wide
        pixels, size = _rendered(single, SCAN_DPI)
    except PdfiumError as fault:
        raise DamagedFileError from fault
    return _seen(Picture(_array(pixels), index, SCAN_DPI, size), borrow)


def _ofd_page(path: Path, index: int) -> tuple[Image.Image, float] | None:
    for pixels, (wide, _) in islice(ofddrawing.draw(path, SHOWN_DPI), index, index + 1):
        return pixels, pixels.width * POINTS / wide
    return None


def _single(whole: pypdfium2.PdfDocument, index: int) -> bytes:
    buffer = io.BytesIO()
    with pypdfium2.PdfDocument.new() as alone:
        alone.import_pages(whole, [index])
        alone.save(buffer)
    return buffer.getvalue()


def _rendered(data: bytes, dpi: float) -> tuple[Image.Image, tuple[float, float]]:
    """The only page of a file, at that resolution or at a lower one where the page is too large."""
    with pypdfium2.PdfDocument(data) as file:
        page = file[0]
        width, height = page.get_size()
        most = (DEFAULT_LIMITS.page_pixels / max(1.0, width * height)) ** 0.5
        drawn = page.render(scale=min(dpi / POINTS, most), draw_annots=True).to_pil().convert("RGB")
        return drawn, (width, height)


def _array(drawn: Image.Image) -> Any:  # noqa: ANN401 - the array type of numpy as the scan reader takes it
    import numpy as np  # noqa: PLC0415 - loaded for scans alone

    return np.asarray(drawn)
