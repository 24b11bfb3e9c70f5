"""Files with nothing in them of when and where they were made: the same content gives the same bytes."""

from __future__ import annotations

import io
import re
import zipfile

import pikepdf

from writers.archive import deflate, write_archive

CORE = "docProps/core.xml"
_DAY = "2000-01-01T00:00:00Z"
_TIMES = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:\2>)")
_PEOPLE = re.compile(rb"(<(?:dc:creator|cp:lastModifiedBy)>)[^<]*(</)")
_OFFICE_PDF_KEYS = ("/Metadata", "/PieceInfo", "/LastModified")


def fixed_office(content: bytes) -> bytes:
    """A Word file or workbook of ours with fixed times, no author, and its parts in their order.

    Raises:
        zipfile.BadZipFile: it is no such file.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = [(item.filename, archive.read(item)) for item in archive.infolist() if not item.is_dir()]
    return write_archive(deflate(name, _core(data) if name == CORE else data) for name, data in parts)


def _core(data: bytes) -> bytes:
    timed = _TIMES.sub(lambda found: found[1] + _DAY.encode() + found[3], data)
    return _PEOPLE.sub(lambda found: found[1] + found[2], timed)


def fixed_pdf(content: bytes) -> bytes:
    """A PDF of ours without times and the name of what made it, its ``/ID`` drawn from its content."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        for key in _OFFICE_PDF_KEYS:
            if key in pdf.Root:
                del pdf.Root[key]
        if "/Info" in pdf.trailer:
            del pdf.trailer["/Info"]
        if "/DocChecksum" in pdf.trailer:
            del pdf.trailer["/DocChecksum"]
        result = io.BytesIO()
        pdf.save(result, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
    return result.getvalue()
