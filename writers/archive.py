"""Zip archives written from parts that are already compressed.

A filled form differs from its template in one or two parts. The others are compressed once, when the template is
compiled, and copied as they are. Time stamps are fixed, so that the same parts give the same bytes.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

_DEFLATED = 8
_VERSION = 20
_UTF8_NAME = 0x800
_DOS_DATE = (1 << 5) | 1  # 1980-01-01, the earliest a zip can say
_LOCAL = struct.Struct("<4sHHHHHIIIHH")
_CENTRAL = struct.Struct("<4sHHHHHHIIIHHHHHII")
_END = struct.Struct("<4sHHHHIIH")
_LARGEST = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class Part:
    """One part of an Office file, compressed (raw deflate) and ready to be written."""

    name: str
    deflated: bytes
    size: int
    crc: int


class PartWriter:
    """Compresses a part piece by piece, so that the whole never stands in memory."""

    def __init__(self, name: str, level: int = 6) -> None:
        self._name = name
        self._packer = zlib.compressobj(level, zlib.DEFLATED, -15)
        self._pieces: list[bytes] = []
        self._size = 0
        self._crc = 0

    def add(self, data: bytes) -> None:
        """Append ``data`` to the part."""
        self._crc = zlib.crc32(data, self._crc)
        self._size += len(data)
        self._pieces.append(self._packer.compress(data))

    def finish(self) -> Part:
        """The finished part."""
        self._pieces.append(self._packer.flush())
        return Part(self._name, b"".join(self._pieces), self._size, self._crc)


def deflate(name: str, data: bytes, level: int = 6) -> Part:
    """``data`` as a part named ``name``."""
    writer = PartWriter(name, level)
    writer.add(data)
    return writer.finish()


def read_parts(path: Path) -> dict[str, bytes]:
    """The parts of an Office file, uncompressed, in their order.

    Raises:
        zipfile.BadZipFile: the file is no zip.
    """
    with zipfile.ZipFile(path) as archive:
        return {item.filename: archive.read(item) for item in archive.infolist() if not item.is_dir()}


def read_parts_of(data: bytes) -> dict[str, bytes]:
    """As :func:`read_parts`, from memory.

    Raises:
        zipfile.BadZipFile: the data is no zip.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {item.filename: archive.read(item) for item in archive.infolist() if not item.is_dir()}


def write_archive(parts: Iterable[Part]) -> bytes:
    """A zip of ``parts`` in the given order; the same parts always give the same bytes.

    Raises:
        ValueError: the archive would need the zip64 form (4 GiB and more).
    """
    pieces: list[bytes] = []
    directory: list[bytes] = []
    offset = 0
    for part in parts:
        name = part.name.encode()
        flags = 0 if part.name.isascii() else _UTF8_NAME
        stamp = (_VERSION, flags, _DEFLATED, 0, _DOS_DATE, part.crc, len(part.deflated), part.size, len(name), 0)
        directory.append(_CENTRAL.pack(b"PK\x01\x02", _VERSION, *stamp, 0, 0, 0, 0, offset) + name)
        local = _LOCAL.pack(b"PK\x03\x04", *stamp)
        pieces += (local, name, part.deflated)
        offset += len(local) + len(name) + len(part.deflated)
        if offset > _LARGEST or part.size > _LARGEST:
            raise ValueError("archive of 4 GiB or more")
    listing = b"".join(directory)
    end = _END.pack(b"PK\x05\x06", 0, 0, len(directory), len(directory), len(listing), offset, 0)
    return b"".join((*pieces, listing, end))
