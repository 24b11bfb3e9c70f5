"""All pages of a received file as one PDF of pictures, to be printed behind the forms. Runs in the fenced child.

What is handed out was drawn anew: no script, link, font or attachment of the received file is in it. Pages are drawn
as they are, neither straightened nor cleaned, a little smaller: they are evidence.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
from pikepdf import Name
from PIL import Image
from pypdfium2 import PdfiumError

from parsers.child import Request
from parsers.errors import ContentMismatchError, DamagedFileError, PageUnreadError
from parsers.gate.admission import admit
from parsers.picture import Picture
from parsers.readers import image, ofddrawing, photos
from parsers.sniffing import FileFormat

DRAW = f"{__name__}:draw_pages"
PRINT_FILE = "print.pdf"
DPI = 150.0
"""Resolution at which pages are drawn: fax and office printers do no better, and a page takes 100 to 300 KB."""
QUALITY = 80
POINTS = 72.0
A4 = (595.28, 841.89)
FOOT = 32.0
"""Points at the foot of each page that stay free for the pack's own page number: an original may have one there too."""
_INK = 12
"""How far a page's colours lie apart, of 255, before it is kept in colour."""


def draw_pages(request: Request) -> dict[str, Any]:
    """Draw all pages of a PDF, OFD or picture file into ``print.pdf`` in the output folder; answers how many.

    Raises:
        DocumentError: the file may not be opened, is neither PDF, OFD nor picture, or a page of it cannot be drawn.
    """
    admitted = admit(request.path, request.name)
    request.report(admitted.pages or 1)
    if admitted.format is FileFormat.PDF:
        pages = _pdf_pages(request.path)
    elif admitted.format is FileFormat.IMAGE:
        pages = _frames(image.read(request.path))
    elif admitted.format is FileFormat.PHOTOS:
        pages = _frames(photos.read(request.path))
    elif admitted.format is FileFormat.OFD:
        pages = _ofd_pages(request.path)
    else:
        raise ContentMismatchError(pointer=request.name)
    with pikepdf.new() as made:
        for drawn, size in pages:
            _add(made, drawn, size)
        made.save(request.output / PRINT_FILE, deterministic_id=True)
        return {"pages": len(made.pages)}


def _pdf_pages(path: Path) -> Iterator[tuple[Image.Image, tuple[float, float]]]:
    try:
        with pypdfium2.PdfDocument(path) as whole:
            whole.init_forms()
            for page in whole:
                size = _on_paper(page.get_size())
                scale = max(size) * DPI / POINTS / max(*page.get_size(), 1.0)
                yield page.render(scale=scale, draw_annots=True, may_draw_forms=True).to_pil().convert("RGB"), size
                page.close()
    except PdfiumError as fault:
        raise DamagedFileError from fault


def _ofd_pages(path: Path) -> Iterator[tuple[Image.Image, tuple[float, float]]]:
    for drawn, size in ofddrawing.draw(path, DPI):
        yield drawn, _on_paper(size)


def _frames(pictures: Iterable[Picture]) -> Iterator[tuple[Image.Image, tuple[float, float]]]:
    for picture in pictures:
        if image.UNREAD in picture.notes:
            raise PageUnreadError(pages=str(picture.index + 1))
        drawn = Image.fromarray(picture.pixels)
        size = A4 if drawn.height >= drawn.width else (A4[1], A4[0])
        drawn.thumbnail((round(size[0] * DPI / POINTS), round(size[1] * DPI / POINTS)))
        yield drawn, size


def _on_paper(size: tuple[float, float]) -> tuple[float, float]:
    """A page's size, brought to that of A4 where it is larger than A3 or smaller than A5."""
    longest = max(size)
    if A4[0] <= longest <= 2 * A4[0] + 1 and min(size) > 0:
        return size
    factor = A4[1] / max(longest, 1.0)
    return (max(size[0] * factor, 1.0), max(size[1] * factor, 1.0))


def _add(made: pikepdf.Pdf, drawn: Image.Image, size: tuple[float, float]) -> None:
    """A page with the picture in the middle above its foot."""
    grey = _without_colour(drawn)
    pixels = io.BytesIO()
    (grey or drawn).save(pixels, "JPEG", quality=QUALITY)
    stream = pikepdf.Stream(made, pixels.getvalue())
    stream.Type, stream.Subtype, stream.Filter = Name.XObject, Name.Image, Name.DCTDecode
    stream.Width, stream.Height, stream.BitsPerComponent = drawn.width, drawn.height, 8
    stream.ColorSpace = Name.DeviceGray if grey else Name.DeviceRGB
    room = max(size[1] - FOOT, 1.0)
    scale = min(size[0] / drawn.width, room / drawn.height)
    width, height = drawn.width * scale, drawn.height * scale
    left, bottom = (size[0] - width) / 2, size[1] - room + (room - height) / 2
    page = made.add_blank_page(page_size=size)
    name = page.add_resource(stream, Name.XObject, Name("/Page"))
    drawing = f"q {width:.2f} 0 0 {height:.2f} {left:.2f} {bottom:.2f} cm {name} Do Q"
    page.contents_add(drawing.encode())


def _without_colour(drawn: Image.Image) -> Image.Image | None:
    """The page in grey, where it has no colour at all (a stamp's red is one); ``None`` where it has."""
    small = drawn.copy()
    small.thumbnail((600, 600))
    red, green, blue = (band.tobytes() for band in small.split())
    apart = max((max(one) - min(one) for one in zip(red, green, blue, strict=True)), default=0)
    return drawn.convert("L") if apart < _INK else None
