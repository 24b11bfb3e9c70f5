"""One returned file → what ``service read`` prints: documents, findings, or the problem that stopped it.

Runs inside the fenced child. Nothing here raises for a file: whatever is wrong with it is its ``problem``.
"""

from __future__ import annotations

import datetime as dt
import gc
import hashlib
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, assert_never

import numpy as np
import pypdfium2
from pypdfium2 import PdfiumError

from forms.catalogue import Catalogue
from forms.checking import check_document, default_settings, merge_findings
from forms.errors import FormServiceError
from forms.finding import Severity
from forms.ledger import LEDGER
from forms.plain import extraction_from_plain, extraction_to_plain
from forms.record import Extraction
from forms.rules.base import CheckedDocument
from parsers.agreeing import agree
from parsers.calibrating import Care, calibrate
from parsers.collecting import uncollected
from parsers.decoder import CellDecoder
from parsers.document import Document, Page
from parsers.enlarging import enlarged
from parsers.errors import DamagedFileError, FormatUnsupportedError, FormUnknownError, PageUnreadError
from parsers.extracting import extract
from parsers.fence import FenceLimits
from parsers.gate.admission import Admitted, admit
from parsers.gate.notes import findings_of
from parsers.gate.pages import check_picture
from parsers.gate.photoset import check_photoset
from parsers.issued import Borrow, borrow_nothing
from parsers.ledger.extracting import extract_ledgers
from parsers.ledger.options import LedgerOptions
from parsers.limits import DEFAULT_LIMITS
from parsers.picture import Picture
from parsers.readers import docx, htmltable, legacy, ofd, pdf, xlsx
from parsers.sniffing import FileFormat
from parsers.tools.scheduling import own_run_delay

READ, PARTIAL, FAILED = "read", "partial", "failed"
SCAN_DPI = 200
_POINTS = 72.0
_RECOGNISING = 0.8
"""Part of a file's time that may go into recognising its pages."""
_JPEG, _JPEG_END = b"\xff\xd8", b"\xff\xd9"
_AFTER_END = 4_096
"""Bytes after the end mark of a JPEG that some programs fill with zeros or notes."""
_PARTIAL = frozenset(
    {
        "image-truncated",
        "ocr-crashed",
        "ocr-timeout",
        "page-unread",
        "page-shaded",
        "nested-too-deep",
        "character-unreadable",
        "formula-without-value",
        "cell-error",
    }
)
"""Findings that say that something in the file could not be read at all."""
_PAGE_UNREAD = frozenset({"image-truncated", "page-unread"})
"""Those of them that speak of a page."""


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How to read.

    ``form`` is what the sender says the file is; ``overlay`` a folder for pictures ``page-1.png`` … of what was seen.
    """

    form: str | None = None
    engine: str = "auto"
    overlay: Path | None = None
    checked: bool = True
    """Whether the rules are run on what was read."""
    borrow: Borrow = borrow_nothing
    """Gives a document that we printed, by the id of its mark."""
    ledger: LedgerOptions = field(default_factory=LedgerOptions)
    """What is known of a ledger's columns; for the form ``ledger`` alone."""
    care: Care = field(default_factory=Care)
    """How sure a scanned value must be to need no person."""
    units: tuple[str, ...] = ()
    """Names of the district's units, for seals that stand in a box that is not their own."""
    editions: Path | None = None
    """A folder with editions that an installation has added to the project's own."""
    together: bool = False
    """Whether the pictures in a bundle are the pages of one file."""

    @property
    def is_ledger(self) -> bool:
        """Whether the sender says that it is a ledger: tables without rules are looked for in no other file."""
        return self.form is not None and Catalogue.load().readable(self.form).form == LEDGER


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a file could not be read: the code of docs/errors.md and a sentence for the clerk."""

    code: str
    message: str

    def to_plain(self) -> dict[str, str]:
        """As the contract prints it."""
        return {"code": self.code, "message": self.message}


@dataclass(frozen=True, slots=True)
class FileReading:
    """What one file gave. ``status`` is ``read``, ``partial`` (something in it could not be read) or ``failed``."""

    file: str
    sha256: str
    format: str
    status: str
    seconds: float
    problem: Problem | None = None
    documents: tuple[Extraction, ...] = ()

    def to_plain(self) -> dict[str, Any]:
        """As contract §3 prints it."""
        return {
            "file": self.file,
            "sha256": self.sha256,
            "format": self.format,
            "status": self.status,
            "seconds": round(self.seconds, 3),
            "problem": None if self.problem is None else self.problem.to_plain(),
            "documents": [extraction_to_plain(found) for found in self.documents],
        }

    @classmethod
    def from_plain(cls, data: Mapping[str, Any]) -> FileReading:
        """The inverse of :meth:`to_plain`, for what crossed a process border."""
        problem = data["problem"]
        return cls(
            data["file"],
            data["sha256"],
            data["format"],
            data["status"],
            data["seconds"],
            None if problem is None else Problem(problem["code"], problem["message"]),
            tuple(extraction_from_plain(found) for found in data["documents"]),
        )

    @classmethod
    def failed(cls, name: str, sha256: str, file_format: str, fault: FormServiceError, seconds: float) -> FileReading:
        """The reading of a file that gave nothing."""
        return cls(name, sha256, file_format, FAILED, seconds, Problem(fault.code, fault.message_zh))


def read_path(path: Path, name: str, options: ReadOptions) -> FileReading:
    """Read one file that was sent under ``name``. Never raises for what is wrong with the file."""
    started = time.monotonic()
    digest, found = "", ""
    try:
        digest = _sha256(path)
        admitted = admit(path, name)
        found = admitted.format.value
        with uncollected():
            documents = read_admitted(path, admitted, options)
    except FormServiceError as fault:
        return FileReading.failed(name, digest, found, fault, time.monotonic() - started)
    status = PARTIAL if any(_is_partial(one) for one in documents) else READ
    return FileReading(name, digest, found, status, time.monotonic() - started, _unread_pages(documents), documents)


def _unread_pages(documents: Iterable[Extraction]) -> Problem | None:
    """The problem of a file some of whose pages could not be read, or not wholly."""
    pages = {
        one.region.page + 1
        for document in documents
        for one in document.findings
        if one.code in _PAGE_UNREAD and one.region is not None
    }
    if not pages:
        return None
    fault = PageUnreadError(pages="、".join(str(page) for page in sorted(pages)))
    return Problem(fault.code, fault.message_zh)


def read_admitted(path: Path, admitted: Admitted, options: ReadOptions) -> tuple[Extraction, ...]:
    """The documents in a file that has passed the gate.

    Raises:
        FormUnknownError: none of our forms is in it.
        DocumentError: it cannot be read.
        UnknownFormError: ``options.form`` names no form.
    """
    catalogue = Catalogue.with_editions(options.editions)
    if options.form is not None:
        catalogue.readable(options.form)
    document, decoder = read_document(path, admitted.format, options)
    extractions = _extracted(document, catalogue, options, decoder)
    if options.overlay is not None:
        from parsers import overlay  # noqa: PLC0415 - drawing needs the scan reader, which is loaded for scans alone

        overlay.finish(options.overlay, path, document, extractions)
    if not extractions:
        raise FormUnknownError
    if document.scanned or any(page.scanned for page in document.pages):
        source = _sha256(path)
        worn = document.worn_pages
        extractions = tuple(agree(_calibrated(one, catalogue, options.care, source, worn)) for one in extractions)
    extractions = tuple(_with_notes(one, (*admitted.notes, *document.notes)) for one in extractions)
    if options.checked:
        extractions = tuple(checked(one, catalogue) for one in extractions)
    return tuple(replace(one, findings=merge_findings(one.findings)) for one in extractions)


def _extracted(
    document: Document, catalogue: Catalogue, options: ReadOptions, decoder: CellDecoder | None
) -> tuple[Extraction, ...]:
    """What is in a document: forms, or ledgers when the sender says so."""
    if options.form is not None and catalogue.readable(options.form).form == LEDGER:
        return extract_ledgers(document, catalogue, options.ledger, decoder)
    return extract(document, catalogue, options.form, decoder, options.units)


def _calibrated(
    extraction: Extraction, catalogue: Catalogue, care: Care, source: str, worn: Collection[int]
) -> Extraction:
    definition = catalogue.readable(extraction.record.form, extraction.record.edition)
    return calibrate(extraction, definition, care, source, worn)


def _with_notes(extraction: Extraction, notes: tuple[str, ...]) -> Extraction:
    """What the gate found in the file and nobody read, said of each document in it."""
    return replace(extraction, findings=(*extraction.findings, *findings_of(notes)))


def checked(extraction: Extraction, catalogue: Catalogue) -> Extraction:
    """The extraction with the findings of the rules beside those of reading."""
    record = extraction.record
    definition = catalogue.readable(record.form, record.edition)
    settings = default_settings([record], dt.datetime.now(tz=dt.UTC).date())
    found = check_document(CheckedDocument(record, definition), settings)
    return replace(extraction, findings=merge_findings(extraction.findings, found))


def read_document(path: Path, found: FileFormat, options: ReadOptions) -> tuple[Document, CellDecoder | None]:
    """The document of a file, and who can read its cells again if it is a scan.

    Raises:
        DocumentError: it cannot be read.
    """
    match found:
        case FileFormat.DOCX:
            return docx.read(path), None
        case FileFormat.XLSX:
            return xlsx.read(path), None
        case FileFormat.PDF:
            return _pdf(path, options)
        case FileFormat.IMAGE:
            from parsers.readers import image  # noqa: PLC0415 - the scan reader is loaded for scans alone

            return _pictures(image.read(path), check_picture(path), options)
        case FileFormat.PHOTOS:
            from parsers.readers import photos  # noqa: PLC0415 - as above

            return _pictures(photos.read(path), check_photoset(path), options)
        case FileFormat.DOC | FileFormat.XLS | FileFormat.WPS | FileFormat.ET | FileFormat.ODT | FileFormat.ODS:
            return legacy.read(path, found), None
        case FileFormat.HTML_TABLE:
            return htmltable.read(path), None
        case FileFormat.OFD:
            return ofd.read(path), None
        case FileFormat.ZIP:
            raise FormatUnsupportedError(format=found.value)
        case _:
            assert_never(found)


def _pictures(pictures: Iterator[Picture], count: int, options: ReadOptions) -> tuple[Document, CellDecoder]:
    """The document of that many pages that are pictures."""
    document, decoder = _recognised(in_time(pictures, _seconds(count)), "image", options)
    seen = {page.index: page for page in document.pages}
    pages = tuple(seen.get(index) or _unread(Page(index, (), scanned=True)) for index in range(count))
    return replace(document, pages=pages), decoder


def _seconds(pages: int) -> float:
    """How long recognising may take before the fence ends the child: what was read until then must come out."""
    limits = FenceLimits()
    return _RECOGNISING * (limits.base + limits.each_page * min(max(0, pages - 1), limits.pages))


def in_time(
    pictures: Iterable[Picture], seconds: float, waited: Callable[[], float] = own_run_delay
) -> Iterator[Picture]:
    """The pictures, as far as they are asked for within that time, and always the first.

    ``waited`` says how long this process had no processor: that does not count, as it does not count for the fence.
    """
    started, before = time.monotonic(), waited()
    most = FenceLimits().starved * seconds
    for picture in pictures:
        yield picture
        spent = time.monotonic() - started
        if spent > seconds and spent - min(waited() - before, most) > seconds:
            return


def _pdf(path: Path, options: ReadOptions) -> tuple[Document, CellDecoder | None]:
    document = pdf.read(path, unruled=options.is_ledger)
    scanned = {page.index for page in document.pages if page.scanned}
    if not scanned:
        return document, None
    gc.collect(0)  # the reader's objects hold each other and the whole file, and nothing is collected of its own accord
    seen, decoder = _recognised(in_time(_rendered(path, scanned), _seconds(len(scanned))), "pdf", options)
    by_index = {page.index: replace(page, scanned=True) for page in seen.pages}
    pages = tuple(by_index.get(page.index, _unread(page) if page.scanned else page) for page in document.pages)
    return replace(document, pages=pages), decoder


def _unread(page: Page) -> Page:
    return replace(page, notes=(*page.notes, "page-unread"))


def _recognised(pictures: Iterator[Picture], file_format: str, options: ReadOptions) -> tuple[Document, CellDecoder]:
    from parsers import overlay  # noqa: PLC0415 - as above
    from parsers.scan.page import PageRead  # noqa: PLC0415
    from parsers.scan.recognise import recognise_pictures  # noqa: PLC0415

    folder = options.overlay

    def show(page: PageRead) -> None:
        if folder is not None:
            overlay.keep(page, folder)

    return recognise_pictures(
        pictures,
        options.engine,
        file_format=file_format,
        on_page=show,
        borrow=options.borrow,
        unruled=options.is_ledger,
    )


def _rendered(path: Path, wanted: set[int]) -> Iterator[Picture]:
    """Pages of a PDF as pictures, one at a time; a page that cannot be drawn is passed over.

    Raises:
        DamagedFileError: PDFium cannot open the file, or none of the pages can be drawn.
    """
    drawn = 0
    try:
        with pypdfium2.PdfDocument(path) as file:
            for index in sorted(wanted):
                picture = _drawn(file, index)
                if picture is not None:
                    drawn += 1
                    yield picture
    except PdfiumError as fault:
        raise DamagedFileError from fault
    if not drawn:
        raise DamagedFileError


def _drawn(file: pypdfium2.PdfDocument, index: int) -> Picture | None:
    """One page of a PDF, at a lower resolution where the page is too large; ``None`` when it cannot be drawn."""
    try:
        page = file[index]
    except PdfiumError:
        return None
    try:
        width, height = page.get_size()
        most = (DEFAULT_LIMITS.page_pixels / max(1.0, width * height)) ** 0.5
        bitmap = page.render(scale=min(SCAN_DPI / _POINTS, most), draw_annots=True)
        pixels = np.asarray(bitmap.to_pil().convert("RGB"))
        bitmap.close()
        notes = ("image-truncated",) if _breaks_off(page) else ()
        larger = enlarged(page, max(pixels.shape[:2]))
    except PdfiumError:
        return None
    finally:
        page.close()
    return Picture(pixels, index, float(SCAN_DPI), (width, height), notes, larger)


def _breaks_off(page: pypdfium2.PdfPage) -> bool:
    """Whether a JPEG on a page ends before its end mark: what is drawn of it is not all."""
    for item in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE]):
        if item.get_filters()[-1:] == ["DCTDecode"]:
            data = bytes(item.get_data(decode_simple=False))
            if data.startswith(_JPEG) and _JPEG_END not in data[-_AFTER_END:]:
                return True
    return False


def _is_partial(extraction: Extraction) -> bool:
    """Whether something in the document could not be read."""
    if any(finding.code in _PARTIAL for finding in extraction.findings):
        return True
    entries = [*extraction.record.header.values(), *(entry for row in extraction.record.rows for entry in row.values())]
    return any(entry.value is None for entry in entries) and any(
        finding.severity is Severity.ERROR for finding in extraction.findings
    )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
