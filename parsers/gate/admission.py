"""The gate every file passes before a parser sees it: what is it, is it within limits, is it safe to open?"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import assert_never

from parsers.errors import TooLargeError
from parsers.gate.archive import opened
from parsers.gate.compound import check_compound
from parsers.gate.odf_parts import check_odf
from parsers.gate.office_parts import check_parts
from parsers.gate.pages import check_pdf, check_picture
from parsers.gate.photoset import check_photoset
from parsers.limits import DEFAULT_LIMITS, MIB, FileLimits
from parsers.sniffing import FileFormat, sniff


@dataclass(frozen=True, slots=True)
class Admitted:
    """A file that may be parsed. ``pages`` is known for PDF and pictures.

    ``notes`` are codes of docs/errors.md on what is in the file and will not be used.
    """

    format: FileFormat
    pages: int | None = None
    notes: tuple[str, ...] = ()


def admit(path: Path, name: str, limits: FileLimits = DEFAULT_LIMITS) -> Admitted:
    """Look a file over in bounded time and memory.

    Args:
        path: where its bytes are.
        name: what its sender called it; only its ending counts.
        limits: the bounds it must keep.

    Raises:
        DocumentError: with the code of docs/errors.md that says why it is refused.
    """
    size = path.stat().st_size
    largest = max(limits.pdf_bytes, limits.bundle_bytes)
    if size > largest:
        raise TooLargeError(limit=f"{largest // MIB} MiB")
    found = sniff(path, name, limits)
    bound = _bound(found, limits)
    if size > bound:
        raise TooLargeError(limit=f"{bound // MIB} MiB")
    admitted = _look_over(path, found, limits)
    ending = PurePath(name).suffix.lstrip(".").lower()
    if _differs(ending, found):
        return Admitted(found, admitted.pages, (*admitted.notes, "extension-differs"))
    return admitted


def _bound(found: FileFormat, limits: FileLimits) -> int:
    if found in {FileFormat.PDF, FileFormat.OFD}:
        return limits.pdf_bytes
    if found is FileFormat.IMAGE:
        return limits.image_bytes
    return limits.bundle_bytes if found in {FileFormat.ZIP, FileFormat.PHOTOS} else limits.office_bytes


def _look_over(path: Path, found: FileFormat, limits: FileLimits) -> Admitted:
    match found:
        case FileFormat.DOCX | FileFormat.XLSX | FileFormat.OFD:
            with opened(path, limits) as archive:
                return Admitted(found, notes=check_parts(archive, limits))
        case FileFormat.ODT | FileFormat.ODS:
            with opened(path, limits) as archive:
                return Admitted(found, notes=check_odf(archive, limits))
        case FileFormat.DOC | FileFormat.XLS | FileFormat.WPS | FileFormat.ET:
            check_compound(path)
            return Admitted(found)
        case FileFormat.PDF:
            pages, notes = check_pdf(path, limits)
            return Admitted(found, pages, notes)
        case FileFormat.IMAGE:
            return Admitted(found, check_picture(path, limits))
        case FileFormat.PHOTOS:
            return Admitted(found, check_photoset(path, limits))
        case FileFormat.ZIP:
            with opened(path, limits, most_entries=limits.bundle_entries):
                return Admitted(found)
        case FileFormat.HTML_TABLE:
            return Admitted(found)
        case _:
            assert_never(found)


def _differs(ending: str, found: FileFormat) -> bool:
    """Whether a Word file or workbook has the ending of its older or newer sister, or a table in HTML that of Excel."""
    if found in {FileFormat.IMAGE, FileFormat.PHOTOS} or not ending:
        return False
    sisters = {"dotx": "docx", "dot": "doc", "wpt": "wps", "xltx": "xlsx", "xlt": "xls", "ett": "et"}
    sisters |= {"ott": "odt", "ots": "ods"}
    return sisters.get(ending, ending) != found.value
