"""PDF files and pictures: how many pages, how many pixels, and what is in them that acts."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image

from parsers.errors import (
    DamagedFileError,
    EncryptedFileError,
    ImageTooLargeError,
    TooManyPagesError,
)
from parsers.limits import DEFAULT_LIMITS, FileLimits

PICTURE_FORMATS = ("PNG", "JPEG", "TIFF", "BMP", "WEBP", "GIF")
LAUNCH_BYTES = 4 << 20


def check_pdf(path: Path, limits: FileLimits = DEFAULT_LIMITS) -> tuple[int, tuple[str, ...]]:
    """How many pages a PDF has, and notes on what in it acts and will not be used.

    Raises:
        EncryptedFileError: if it needs a password.
        DamagedFileError: if it cannot be opened or has no page.
        TooManyPagesError: if it has more pages than the limit.
    """
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        if error.err_code == pdfium.FPDF_ERR_PASSWORD:
            raise EncryptedFileError from error
        raise DamagedFileError from error
    with document:
        pages = len(document)
        if pages < 1 or not _opens(document):
            raise DamagedFileError
        if pages > limits.pdf_pages:
            raise TooManyPagesError
        return pages, tuple(_active(document, path))


def check_picture(source: Path | IO[bytes], limits: FileLimits = DEFAULT_LIMITS) -> int:
    """How many frames a picture (a file, or its bytes) has. Sizes are read from headers; nothing is decoded.

    Raises:
        ImageTooLargeError: for more pixels or frames than the limits.
        DamagedFileError: if its headers cannot be read, or it is of no format that is read after all.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of odd headers, and of a size over a limit that is looser than ours
        try:
            with Image.open(source, formats=PICTURE_FORMATS) as picture:
                return _frames(picture, limits)
        except Image.DecompressionBombError as error:
            raise ImageTooLargeError from error
        except (OSError, ValueError, SyntaxError, EOFError, KeyError, TypeError) as error:
            raise DamagedFileError from error


def _opens(document: pypdfium2.PdfDocument) -> bool:
    """Whether the first page is there: a damaged file may claim pages it has not."""
    try:
        document[0].close()
    except pypdfium2.PdfiumError:
        return False
    return True


def _frames(picture: Image.Image, limits: FileLimits) -> int:
    """Count frames; those of TIFF may differ in size and are looked at one by one, no further than the limit."""
    _check_size(picture, limits)
    if picture.format != "TIFF":
        count = int(getattr(picture, "n_frames", 1))
        if count > limits.image_frames:
            raise ImageTooLargeError
        return count
    for number in range(1, limits.image_frames + 1):
        try:
            picture.seek(number)
        except EOFError:
            return number
        _check_size(picture, limits)
    raise ImageTooLargeError


def _check_size(picture: Image.Image, limits: FileLimits) -> None:
    if max(picture.size) > limits.image_side or picture.width * picture.height > limits.image_pixels:
        raise ImageTooLargeError


def _active(document: pypdfium2.PdfDocument, path: Path) -> Iterator[str]:
    if pdfium.FPDFDoc_GetJavaScriptActionCount(document) > 0 or _has_launch(path):
        yield "pdf-active-content"
    if pdfium.FPDFDoc_GetAttachmentCount(document) > 0:
        yield "pdf-attachments-ignored"
    if document.get_formtype() in {pdfium.FORMTYPE_XFA_FULL, pdfium.FORMTYPE_XFA_FOREGROUND}:
        yield "pdf-xfa"


def _has_launch(path: Path) -> bool:
    """Whether an action that starts a program, or a script, stands in the plain part of the file."""
    with path.open("rb") as stream:
        data = stream.read(LAUNCH_BYTES)
    return b"/Launch" in data or b"/JavaScript" in data
