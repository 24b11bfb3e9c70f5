"""Files with nothing in them of when and where they were made: the same content gives the same bytes."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile

import pikepdf

from writers.archive import deflate, write_archive

CORE = "docProps/core.xml"
_DAY = "2000-01-01T00:00:00Z"
_TIMES = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:\2>)")
_PEOPLE = re.compile(rb"(<(?:dc:creator|cp:lastModifiedBy)>)[^<]*(</)")
_UNIQUE = re.compile(rb"/UniqueID \d{7}")
_OPEN_NUMBERS, _OPEN_RANGE = 4_000_000, 1_000_000
"""The numbers that anybody may give to a font."""
_KEY, _FACTOR, _TERM = 55665, 52845, 22719
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
    """A PDF of ours without times and the name of what made it, its ``/ID`` drawn from its content.

    LibreOffice counts the Type 1 fonts that it makes in one run (``/UniqueID``): a file's bytes would tell which others
    were converted with it. The number is drawn from the font instead.
    """
    with pikepdf.open(io.BytesIO(content)) as pdf:
        for item in pdf.objects:
            if isinstance(item, pikepdf.Dictionary) and "/FontFile" in item:
                _number_font(item.FontFile)
        for key in _OFFICE_PDF_KEYS:
            if key in pdf.Root:
                del pdf.Root[key]
        for key in ("/Info", "/DocChecksum", "/ID"):
            if key in pdf.trailer:
                del pdf.trailer[key]
        result = io.BytesIO()
        pdf.save(result, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
    return result.getvalue()


def _number_font(font: pikepdf.Object) -> None:
    """Give a Type 1 font a number drawn from its content, in its clear and in its encrypted part."""
    data = font.read_bytes()
    clear = int(font.Length1)
    hidden = _decrypted(data[clear : clear + int(font.Length2)])
    rest = data[clear + int(font.Length2) :]
    plain = _UNIQUE.sub(b"/UniqueID 0000000", data[:clear]) + _UNIQUE.sub(b"/UniqueID 0000000", hidden)
    number = b"/UniqueID %07d" % (
        _OPEN_NUMBERS + int.from_bytes(hashlib.sha256(plain).digest()[:4], "big") % _OPEN_RANGE
    )
    changed = _UNIQUE.sub(number, data[:clear]) + _encrypted(_UNIQUE.sub(number, hidden)) + rest
    font.write(changed)


def _decrypted(data: bytes) -> bytes:
    """The encrypted part of a Type 1 font (Adobe Type 1 Font Format, §7.1)."""
    key, plain = _KEY, bytearray()
    for cipher in data:
        plain.append(cipher ^ (key >> 8))
        key = ((cipher + key) * _FACTOR + _TERM) & 0xFFFF
    return bytes(plain)


def _encrypted(data: bytes) -> bytes:
    key, result = _KEY, bytearray()
    for char in data:
        cipher = char ^ (key >> 8)
        result.append(cipher)
        key = ((cipher + key) * _FACTOR + _TERM) & 0xFFFF
    return bytes(result)
