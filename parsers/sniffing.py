"""What a file is, told by its content; its name's ending must not contradict it."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path, PurePath

from parsers.errors import (
    ContentMismatchError,
    DamagedFileError,
    EmptyFileError,
    EncryptedFileError,
    FormatUnsupportedError,
)
from parsers.gate import photoset
from parsers.gate.archive import Archive, opened
from parsers.gate.compound import OLE_MAGIC, CompoundKind, compound_kind
from parsers.gate.xml_prolog import check_prolog
from parsers.limits import DEFAULT_LIMITS, FileLimits

HEAD_BYTES = 4096
BYTE_ORDER_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
PDF_MAGIC = b"%PDF-"
PDF_MAGIC_WITHIN = 1024
BOX_MAGIC = b"ftyp"
TELEPHONE_BRANDS = {
    **dict.fromkeys((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"), "HEIC"),
    **dict.fromkeys((b"avif", b"avis"), "AVIF"),
}
"""Pictures as telephones keep them, by the brand in their first box."""
ZIP_MAGICS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
IMAGE_MAGICS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\0", b"MM\0*", b"II+\0", b"MM\0+", b"GIF87a", b"GIF89a")
BMP_HEADER_SIZES = {12, 40, 52, 56, 64, 108, 124}
PROGRAM_MAGICS = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe")
HTML_START = re.compile(
    rb"\s*(<!--.*?-->\s*|<\?xml[^>]*>\s*)*<(!doctype\s+html|html|head|meta|body|table|style)\b",
    re.IGNORECASE | re.DOTALL,
)
CONTENT_TYPE_BYTES = 1 << 20
OPEN_DOCUMENT_TYPE = re.compile(rb"application/vnd\.oasis\.opendocument\.(text|spreadsheet)(?:-template)?")
LONGEST_MIMETYPE = 200

MAIN_PART = re.compile(
    r"application/vnd\.(?:openxmlformats-officedocument\.(wordprocessingml|spreadsheetml)\."
    r"(?:document|sheet|template)\.main\+xml"
    r"|ms-(word|excel)\.(?:document|sheet|template)\.macroEnabled\.main\+xml)",
    re.IGNORECASE,
)


class FileFormat(StrEnum):
    """The formats that can be read. ``wps`` and ``et`` are Kingsoft's older files, ``html-table`` an .xls in HTML.

    ``photos`` are the pictures of the pages of one paper, kept together (:mod:`parsers.gate.photoset`).
    """

    DOCX = "docx"
    XLSX = "xlsx"
    PDF = "pdf"
    OFD = "ofd"
    IMAGE = "image"
    DOC = "doc"
    XLS = "xls"
    WPS = "wps"
    ET = "et"
    ODT = "odt"
    ODS = "ods"
    HTML_TABLE = "html-table"
    ZIP = "zip"
    PHOTOS = "photos"

    @property
    def is_legacy(self) -> bool:
        """Whether LibreOffice must convert it before it can be read."""
        return self in CONVERTED

    @property
    def is_package(self) -> bool:
        """Whether it is a zip of XML parts."""
        return self in {FileFormat.DOCX, FileFormat.XLSX, FileFormat.OFD}


OPEN_DOCUMENT = frozenset({FileFormat.ODT, FileFormat.ODS})
CONVERTED = OPEN_DOCUMENT | {FileFormat.DOC, FileFormat.XLS, FileFormat.WPS, FileFormat.ET}
WORD = frozenset({FileFormat.DOCX, FileFormat.DOC, FileFormat.WPS, FileFormat.ODT})
SHEET = frozenset({FileFormat.XLSX, FileFormat.XLS, FileFormat.ET, FileFormat.ODS, FileFormat.HTML_TABLE})
PICTURE = frozenset({FileFormat.IMAGE})
ENDINGS: dict[str, frozenset[FileFormat]] = {
    **dict.fromkeys(("docx", "doc", "wps", "dotx", "dot", "wpt", "docm", "odt", "ott"), WORD),
    **dict.fromkeys(("xlsx", "xls", "et", "xltx", "xlt", "ett", "xlsm", "ods", "ots"), SHEET),
    **dict.fromkeys(("png", "jpg", "jpeg", "jpe", "jfif", "tif", "tiff", "bmp", "webp", "gif"), PICTURE),
    "pdf": frozenset({FileFormat.PDF}),
    "ofd": frozenset({FileFormat.OFD}),
    "zip": frozenset({FileFormat.ZIP, FileFormat.PHOTOS}),
}
KINGSOFT = {("wps", FileFormat.DOC): FileFormat.WPS, ("wpt", FileFormat.DOC): FileFormat.WPS}
KINGSOFT |= {("et", FileFormat.XLS): FileFormat.ET, ("ett", FileFormat.XLS): FileFormat.ET}


def sniff(path: Path, name: str, limits: FileLimits = DEFAULT_LIMITS) -> FileFormat:
    """What the file is, and whether its name may say what it says.

    Word files may carry any Word ending, workbooks any workbook ending, pictures any picture ending; a name without
    an ending claims nothing.

    Raises:
        EmptyFileError: for no content.
        ContentMismatchError: if it is nothing that can be read, or the ending belongs to another kind of file.
        DamagedFileError: if it begins as a known format and cannot be opened as one.
        EncryptedFileError: if a password is set.
        FormatUnsupportedError: if it is a picture of a kind that only telephones keep.
    """
    found = detect(path, limits)
    ending = PurePath(name).suffix.lstrip(".").lower()
    if ending and found not in ENDINGS.get(ending, frozenset()):
        raise ContentMismatchError(pointer=name)
    return KINGSOFT.get((ending, found), found)


def detect(path: Path, limits: FileLimits = DEFAULT_LIMITS) -> FileFormat:
    """What the content is, whatever the name. Raises as :func:`sniff` does."""
    with path.open("rb") as stream:
        head = stream.read(HEAD_BYTES)
    if not head or head in BYTE_ORDER_MARKS or not head.strip(b"\0 \t\r\n"):
        raise EmptyFileError
    if head.startswith(ZIP_MAGICS):
        return _package_format(path, limits)
    if head.startswith(OLE_MAGIC):
        return _compound_format(path)
    if _is_picture(head):
        return FileFormat.IMAGE
    if PDF_MAGIC in head[:PDF_MAGIC_WITHIN] and not head.startswith(PROGRAM_MAGICS) and not HTML_START.match(head):
        return FileFormat.PDF
    if _is_html_table(head, path):
        return FileFormat.HTML_TABLE
    if head[4:8] == BOX_MAGIC and head[8:12] in TELEPHONE_BRANDS:
        raise FormatUnsupportedError(format=TELEPHONE_BRANDS[head[8:12]])
    raise ContentMismatchError


def _is_picture(head: bytes) -> bool:
    if head.startswith(IMAGE_MAGICS):
        return True
    if head.startswith(b"RIFF"):
        return head[8:12] == b"WEBP"
    return head.startswith(b"BM") and int.from_bytes(head[14:18], "little") in BMP_HEADER_SIZES


def _is_html_table(head: bytes, path: Path) -> bool:
    """An .xls that a system exported as HTML: it must begin as HTML and hold a table."""
    if head.startswith(BYTE_ORDER_MARKS[1:]):
        head = head[: len(head) & ~1].decode("utf-16", "replace").encode()
    if not HTML_START.match(head.removeprefix(BYTE_ORDER_MARKS[0])):
        return False
    with path.open("rb") as stream:
        return b"<table" in stream.read(1 << 20).replace(b"\0", b"").lower()


def _compound_format(path: Path) -> FileFormat:
    match compound_kind(path):
        case CompoundKind.WORD:
            return FileFormat.DOC
        case CompoundKind.WORKBOOK:
            return FileFormat.XLS
        case CompoundKind.ENCRYPTED:
            raise EncryptedFileError
        case CompoundKind.OTHER:
            raise ContentMismatchError


def _package_format(path: Path, limits: FileLimits) -> FileFormat:
    with opened(path, limits) as archive:
        if not archive.parts:
            raise EmptyFileError
        types = archive.find("[Content_Types].xml")
        if types is not None:
            return _office_format(archive)
        if archive.find("OFD.xml") is not None:
            return FileFormat.OFD
        if archive.find("mimetype") is not None:
            return _named_format(archive)
        names = {part.name for part in archive.parts}
        if "word/document.xml" in names or "xl/workbook.xml" in names:
            raise DamagedFileError
        if names & {"mimetype", "META-INF/MANIFEST.MF", "AndroidManifest.xml"}:
            raise ContentMismatchError
        return FileFormat.ZIP


def _named_format(archive: Archive) -> FileFormat:
    kind = archive.find("mimetype")
    if kind is None or kind.is_encrypted or kind.unpacked > LONGEST_MIMETYPE:
        raise ContentMismatchError
    said = archive.read(kind).strip()
    if said == photoset.MIMETYPE:
        return FileFormat.PHOTOS
    found = OPEN_DOCUMENT_TYPE.fullmatch(said)
    if found is None:
        raise ContentMismatchError
    return FileFormat.ODT if found[1] == b"text" else FileFormat.ODS


def _office_format(archive: Archive) -> FileFormat:
    types = archive.find("[Content_Types].xml")
    if types is None or types.is_encrypted or types.unpacked > CONTENT_TYPE_BYTES:
        raise DamagedFileError
    text = check_prolog(archive.read(types), types.name)
    main = MAIN_PART.search(text)
    if main is None:
        raise ContentMismatchError
    kind = (main[1] or main[2]).lower()
    return FileFormat.DOCX if kind in {"wordprocessingml", "word"} else FileFormat.XLSX
