"""Office packages (docx, xlsx): parts by name, relationships, XML without entities or network.

The upload gate has already looked at the archive; what is checked here is only what a reader needs to stay inside its
promise "a Document or a DocumentError".
"""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from pathlib import Path
from typing import IO, Self
from xml.etree.ElementTree import ParseError

from lxml import etree

from parsers.errors import DamagedFileError, EmptyFileError, EncryptedFileError, ForbiddenXmlError, TooComplexError

_STRICT = b"http://purl.oclc.org/ooxml/"
_TRANSITIONAL = {
    b"http://purl.oclc.org/ooxml/wordprocessingml/main": (
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    ),
    b"http://purl.oclc.org/ooxml/spreadsheetml/main": b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    b"http://purl.oclc.org/ooxml/officeDocument/relationships": (
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    ),
    b"http://purl.oclc.org/ooxml/drawingml/main": b"http://schemas.openxmlformats.org/drawingml/2006/main",
    b"http://purl.oclc.org/ooxml/drawingml/wordprocessingDrawing": (
        b"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
    ),
    b"http://purl.oclc.org/ooxml/drawingml/spreadsheetDrawing": (
        b"http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
    ),
}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MOST_PART_BYTES = 400 * 1024 * 1024

Element = etree._Element  # noqa: SLF001 - the only name lxml has for the type of an element


class Package:
    """An open office package. Use as a context manager.

    Raises:
        EmptyFileError: no bytes.
        EncryptedFileError: an OLE container stands where a package should (a password-protected file).
        DamagedFileError: not a readable archive.
    """

    def __init__(self, source: Path | bytes) -> None:
        stream: IO[bytes] = io.BytesIO(source) if isinstance(source, bytes) else source.open("rb")
        self._stream = stream
        head = stream.read(8)
        if not head:
            raise EmptyFileError
        if head == _OLE:
            raise EncryptedFileError
        stream.seek(0)
        try:
            self._zip = zipfile.ZipFile(stream)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as fault:
            raise DamagedFileError from fault
        self._names = {name.lower(): name for name in self._zip.namelist()}

    def __enter__(self) -> Self:
        """The package itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        self._zip.close()
        self._stream.close()

    def has(self, part: str) -> bool:
        """Whether the package holds a part of this name (case does not matter)."""
        return part.lstrip("/").lower() in self._names

    def names(self) -> tuple[str, ...]:
        """The parts in archive order."""
        return tuple(self._names.values())

    def read(self, part: str) -> bytes:
        """The bytes of a part.

        Raises:
            DamagedFileError: the part is missing or cannot be unpacked.
            TooComplexError: the part is larger than any honest one.
        """
        try:
            info = self._zip.getinfo(self._names[part.lstrip("/").lower()])
            if info.file_size > _MOST_PART_BYTES:
                raise TooComplexError
            data = self._zip.read(info)
        except (
            KeyError,
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            OSError,
            RuntimeError,
            NotImplementedError,
        ) as fault:
            raise DamagedFileError from fault
        return _transitional(data)

    def xml(self, part: str) -> Element:
        """The root of an XML part.

        Raises:
            DamagedFileError: missing or not well formed.
            ForbiddenXmlError: it declares a document type.
        """
        return parse_xml(self.read(part))

    def relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Relationships of a part: id → (last word of the type, target part); external targets are left out."""
        folder, name = posixpath.split(part.lstrip("/"))
        rels = posixpath.join(folder, "_rels", f"{name}.rels")
        if not self.has(rels):
            return {}
        found: dict[str, tuple[str, str]] = {}
        for relation in self.xml(rels):
            if not isinstance(relation.tag, str) or relation.get("TargetMode") == "External":
                continue
            kind = (relation.get("Type") or "").rsplit("/", 1)[-1]
            target = relation.get("Target") or ""
            path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            found[relation.get("Id") or ""] = (kind, path)
        return found

    def main_part(self, default: str) -> str:
        """The part that the package names as its main document."""
        for kind, target in self.relations("").values():
            if kind == "officeDocument" and self.has(target):
                return target
        return default


def _transitional(data: bytes) -> bytes:
    """Strict OOXML in the namespaces of the transitional one, so that readers know one set of names."""
    if _STRICT not in data[:4096]:
        return data
    for strict, transitional in _TRANSITIONAL.items():
        data = data.replace(strict, transitional)
    return data


def parse_xml(data: bytes) -> Element:
    """The root of an XML text, without entities, document types or network.

    Raises:
        DamagedFileError: not well formed.
        ForbiddenXmlError: it declares a document type.
    """
    if b"<!DOCTYPE" in data[:4096] or b"<!ENTITY" in data[:4096]:
        raise ForbiddenXmlError
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ParseError, ValueError) as fault:
        raise DamagedFileError from fault
    if root.getroottree().docinfo.doctype:
        raise ForbiddenXmlError
    return root
