"""Pictures of pages to a document: the entrance of the scan reader."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import cv2

from parsers.document import Document
from parsers.issued import Borrow, borrow_nothing
from parsers.ocr.engines import Engines, make_engines
from parsers.picture import Picture
from parsers.scan.decoding import ScanDecoder
from parsers.scan.page import PageRead, read_page
from parsers.scan.prints import Library


def recognise_pictures(
    pictures: Iterable[Picture],
    engine: str = "auto",
    *,
    file_format: str = "image",
    on_page: Callable[[PageRead], None] | None = None,
    borrow: Borrow = borrow_nothing,
    unruled: bool = False,
) -> tuple[Document, ScanDecoder]:
    """Reads pages one by one; ``pictures`` may be made as they are taken, so that few are in memory.

    Args:
        pictures: the pages in order.
        engine: ``auto`` (networks, Tesseract as second reader), ``rapid`` or ``tesseract`` alone.
        file_format: what :attr:`parsers.document.Document.format` shall say.
        on_page: is given each page as it was seen, for example to draw it.
        borrow: gives what we printed ourselves, by the id of its mark.
        unruled: a table may be there that has no rules, or few.

    Raises:
        OcrCrashedError: no engine can be started. One that fails later costs its cells or its page.
        ValueError: no such engine.
    """
    engines = make_engines(engine)
    return recognise_with(pictures, engines, file_format=file_format, on_page=on_page, borrow=borrow, unruled=unruled)


def recognise_with(
    pictures: Iterable[Picture],
    engines: Engines,
    *,
    file_format: str = "image",
    on_page: Callable[[PageRead], None] | None = None,
    borrow: Borrow = borrow_nothing,
    unruled: bool = False,
) -> tuple[Document, ScanDecoder]:
    """The same with engines that the caller made."""
    cv2.setNumThreads(1)  # most pictures are small: threads that share one mostly wait for each other
    decoder = ScanDecoder(
        second=engines.second,
        witness=engines.witness,
        first=engines.of_page(is_coarse=True),  # it is asked again for coarse lines alone
        lattice_known=engines.first.name != "tesseract",
    )
    library = Library(borrow)
    pages = []
    for picture in pictures:
        read = read_page(picture, engines, library, unruled=unruled)
        decoder.remember(picture.index, read.cells, read.around, read.page.seals)
        pages.append(read.page)
        if on_page is not None:
            on_page(read)
    return Document(file_format, tuple(pages), scanned=True), decoder
