"""The zip container: is its structure honest, and do its parts hold what its directory says?

Python's own ``zipfile`` before 3.11.8 reads overlapping entries, so nothing here trusts it: the directory is read
with it, and everything the directory claims is checked against the bytes.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO

from parsers.errors import ArchiveInvalidError, ArchiveTooBigError, DamagedFileError, EncryptedFileError
from parsers.limits import DEFAULT_LIMITS, FileLimits

LOCAL_HEADER = struct.Struct("<4s5H3L2H")
LOCAL_MAGIC = b"PK\x03\x04"
END_MAGIC = b"PK\x05\x06"
END_HEADER = struct.Struct("<4s4H2LH")
LONG_COUNT, LONG_SIZE = 0xFFFF, 0xFFFFFFFF
END_LONGEST = END_HEADER.size + 0xFFFF
DIRECTORY_BYTES_PER_ENTRY = 46 + 1_024
CHUNK = 1 << 18
FLAG_ENCRYPTED, FLAG_UTF8 = 0x1, 0x800


@dataclass(frozen=True, slots=True)
class Part:
    """One entry of an archive: its name, its sizes in bytes, and where its packed bytes stand in the file."""

    name: str
    packed: int
    unpacked: int
    checksum: int
    method: int
    start: int
    is_encrypted: bool = False
    is_folder: bool = False
    mode: int = 0
    is_utf8: bool = False
    raw_name: bytes = b""

    @property
    def is_stored(self) -> bool:
        """Whether the bytes are not packed."""
        return self.method == zipfile.ZIP_STORED


@dataclass(frozen=True)
class Archive:
    """An open archive whose structure was checked. Parts are in the order of the file."""

    stream: IO[bytes]
    parts: tuple[Part, ...]

    @cached_property
    def _by_name(self) -> dict[str, Part]:
        return {part.name.lower(): part for part in self.parts}

    def find(self, name: str) -> Part | None:
        """The part of this name; case does not matter, as in Office packages."""
        return self._by_name.get(name.lstrip("/").lower())

    def chunks(self, part: Part) -> Iterator[bytes]:
        """The unpacked bytes of a part, counted and summed on the way.

        Raises:
            ArchiveInvalidError: if there are more or fewer bytes than the directory says, or the method is unusual.
            DamagedFileError: if they cannot be unpacked or their checksum is wrong.
        """
        size, checksum = 0, 0
        for chunk in self._unpacked(part):
            size += len(chunk)
            if size > part.unpacked:
                raise ArchiveInvalidError(pointer=part.name)
            checksum = zlib.crc32(chunk, checksum)
            yield chunk
        if size != part.unpacked:
            raise ArchiveInvalidError(pointer=part.name)
        if checksum != part.checksum:
            raise DamagedFileError(pointer=part.name)

    def read(self, part: Part) -> bytes:
        """All unpacked bytes of a part."""
        return b"".join(self.chunks(part))

    def _packed(self, part: Part) -> Iterator[bytes]:
        position, left = part.start, part.packed
        while left:
            self.stream.seek(position)
            chunk = self.stream.read(min(CHUNK, left))
            if not chunk:
                raise DamagedFileError(pointer=part.name)
            position, left = position + len(chunk), left - len(chunk)
            yield chunk

    def _unpacked(self, part: Part) -> Iterator[bytes]:
        if part.is_stored:
            yield from self._packed(part)
            return
        if part.method != zipfile.ZIP_DEFLATED:
            raise ArchiveInvalidError(pointer=part.name)
        inflater = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            for chunk in self._packed(part):
                data = chunk
                while data and not inflater.eof:
                    yield inflater.decompress(data, CHUNK)
                    data = inflater.unconsumed_tail
            yield inflater.flush()
        except zlib.error as error:
            raise DamagedFileError(pointer=part.name) from error
        if not inflater.eof:
            raise DamagedFileError(pointer=part.name)


@contextmanager
def opened(path: Path, limits: FileLimits = DEFAULT_LIMITS, *, most_entries: int | None = None) -> Iterator[Archive]:
    """An archive, after its directory was checked: counts, sizes, overlaps, methods.

    Raises:
        DamagedFileError: if there is no readable directory.
        ArchiveInvalidError: if entries overlap or headers disagree.
        ArchiveTooBigError: if the counts or the claimed sizes are over the limits.
    """
    with path.open("rb") as stream:
        _check_end(stream, most_entries or limits.zip_entries)
        infos, directory_start = _directory(stream)
        if len(infos) > (most_entries or limits.zip_entries):
            raise ArchiveTooBigError
        _check_sizes(infos, limits)
        parts = tuple(_part(stream, info) for info in sorted(infos, key=lambda info: info.header_offset))
        _check_overlaps(infos, parts, directory_start)
        yield Archive(stream, parts)


def check_package(archive: Archive) -> None:
    """What holds for Office and OFD packages but not for a bundle of anyone's making.

    Raises:
        ArchiveInvalidError: for a name used twice or a way out of the package.
        EncryptedFileError: for an encrypted part.
    """
    names = set()
    for part in archive.parts:
        key = part.name.lower()
        if key in names or "\\" in key or key.startswith("/") or ".." in key.split("/"):
            raise ArchiveInvalidError(pointer=part.name)
        names.add(key)
        if part.is_encrypted:
            raise EncryptedFileError(pointer=part.name)


def _check_end(stream: IO[bytes], most_entries: int) -> None:
    """Look at the end record before anything is built from the directory it points to."""
    size = stream.seek(0, 2)
    stream.seek(max(0, size - END_LONGEST))
    tail = stream.read()
    at = tail.rfind(END_MAGIC)
    if at < 0 or len(tail) - at < END_HEADER.size:
        raise DamagedFileError
    _, _, _, _, entries, directory_size, _, _ = END_HEADER.unpack_from(tail, at)
    is_long = entries == LONG_COUNT or directory_size == LONG_SIZE
    if not is_long and (entries > most_entries or directory_size > most_entries * DIRECTORY_BYTES_PER_ENTRY):
        raise ArchiveTooBigError
    if is_long and size > most_entries * DIRECTORY_BYTES_PER_ENTRY:
        raise ArchiveTooBigError


def _directory(stream: IO[bytes]) -> tuple[list[zipfile.ZipInfo], int]:
    try:
        with zipfile.ZipFile(stream) as reader:
            return reader.infolist(), reader.start_dir
    except (zipfile.BadZipFile, NotImplementedError, ValueError, struct.error, UnicodeDecodeError) as error:
        raise DamagedFileError from error


def _check_sizes(infos: list[zipfile.ZipInfo], limits: FileLimits) -> None:
    if sum(info.file_size for info in infos) > limits.unpacked_bytes:
        raise ArchiveTooBigError
    for info in infos:
        is_steep = info.file_size > limits.ratio_floor and info.file_size > limits.part_ratio * info.compress_size
        if info.file_size > limits.part_bytes or is_steep:
            raise ArchiveTooBigError(pointer=info.filename)


def _part(stream: IO[bytes], info: zipfile.ZipInfo) -> Part:
    """The entry as the file itself has it: its own header must agree with the directory."""
    if info.header_offset < 0:  # a damaged directory can place an entry before the file's start
        raise ArchiveInvalidError(pointer=info.filename)
    stream.seek(info.header_offset)
    header = stream.read(LOCAL_HEADER.size)
    if len(header) < LOCAL_HEADER.size or not header.startswith(LOCAL_MAGIC):
        raise ArchiveInvalidError(pointer=info.filename)
    fields = LOCAL_HEADER.unpack(header)
    name_length, extra_length = fields[9], fields[10]
    raw_name = stream.read(name_length)
    if raw_name != _raw_name(info) or fields[3] != info.compress_type:
        raise ArchiveInvalidError(pointer=info.filename)
    return Part(
        name=info.filename,
        packed=info.compress_size,
        unpacked=info.file_size,
        checksum=info.CRC,
        method=info.compress_type,
        start=info.header_offset + LOCAL_HEADER.size + name_length + extra_length,
        is_encrypted=bool(info.flag_bits & FLAG_ENCRYPTED),
        is_folder=info.is_dir(),
        mode=info.external_attr >> 16,
        is_utf8=bool(info.flag_bits & FLAG_UTF8),
        raw_name=raw_name,
    )


def _raw_name(info: zipfile.ZipInfo) -> bytes:
    return info.orig_filename.encode("utf-8" if info.flag_bits & FLAG_UTF8 else "cp437")


def _check_overlaps(infos: list[zipfile.ZipInfo], parts: tuple[Part, ...], directory_start: int) -> None:
    offsets = sorted(info.header_offset for info in infos)
    for part, following in zip(parts, [*offsets, directory_start][1:], strict=True):
        if part.start + part.packed > following:
            raise ArchiveInvalidError(pointer=part.name)
    if offsets and offsets[0] != 0:
        raise ArchiveInvalidError
