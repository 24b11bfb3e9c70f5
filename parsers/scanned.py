"""Files that are pictures, and pages that were rendered, to documents: joins the readers to the scan reader."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from parsers.document import Document
from parsers.limits import DEFAULT_LIMITS, FileLimits
from parsers.readers import image
from parsers.scan.decoding import ScanDecoder
from parsers.scan.page import PageRead
from parsers.scan.recognise import recognise_pictures


def read_image(
    path: Path,
    engine: str = "auto",
    *,
    limits: FileLimits = DEFAULT_LIMITS,
    on_page: Callable[[PageRead], None] | None = None,
) -> tuple[Document, ScanDecoder]:
    """A picture file as a document, and the decoder that asks its cells again.

    Raises:
        DocumentError: the file is too large, damaged, or no engine can be started.
    """
    return recognise_pictures(image.read(path, limits), engine, on_page=on_page)
