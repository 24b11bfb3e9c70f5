"""Filled files as PDF and as page pictures, for previews and for tests that look at what is printed."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import pypdfium2 as pdfium
from PIL import Image

from parsers.errors import ConversionFailedError, DocumentError
from parsers.tools.office import convert_batch
from writers.longtables import for_printing

_POINTS_AN_INCH = 72.0


def to_pdf(contents: Sequence[tuple[bytes, str]]) -> tuple[bytes, ...]:
    """Office files (content and format, ``docx`` or ``xlsx``) as PDF, in order, in as few runs as possible.

    Raises:
        DocumentError: a file could not be converted.
    """
    converted: list[bytes] = []
    for result in to_pdf_each(contents):
        if isinstance(result, DocumentError):
            raise result
        converted.append(result)
    return tuple(converted)


def to_pdf_each(contents: Sequence[tuple[bytes, str]]) -> tuple[bytes | DocumentError, ...]:
    """The same, but a file that cannot be converted is a fault in its place and costs no other file."""
    with tempfile.TemporaryDirectory(prefix="fill-") as folder:
        paths: list[Path] = []
        for number, (content, file_format) in enumerate(contents):
            path = Path(folder) / f"{number:05d}.{file_format}"
            path.write_bytes(for_printing(content) if file_format == "docx" else content)
            paths.append(path)
        results = convert_batch(paths, "pdf", Path(folder) / "pdf")
        return tuple(
            result.fault or ConversionFailedError(reason="没有得到文件")
            if result.fault is not None or result.path is None
            else result.path.read_bytes()
            for result in results
        )


def page_count(pdf: bytes) -> int:
    """The pages of a PDF that we made."""
    document = pdfium.PdfDocument(pdf)
    try:
        return len(document)
    finally:
        document.close()


def page_pictures(pdf: bytes, dpi: float = 96.0) -> Iterator[Image.Image]:
    """The pages of a PDF that we made, as RGB pictures."""
    document = pdfium.PdfDocument(io.BytesIO(pdf))
    try:
        for page in document:
            yield page.render(scale=dpi / _POINTS_AN_INCH).to_pil().convert("RGB")
    finally:
        document.close()
