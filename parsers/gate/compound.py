"""The OLE compound file of Word 97, Excel 97 and Kingsoft: its kind, its lock, its macros and what is embedded."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum, auto
from pathlib import Path

import olefile

from parsers.errors import ActiveContentError, DamagedFileError, EncryptedFileError, MacroError

OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
WORD_MAGICS = {0xA5EC, 0xA5DC, 0xA697, 0xA698, 0xA699}
WORD_HEAD_BYTES = 32
WORD_FLAGS_OFFSET, WORD_IS_ENCRYPTED = 0x0A, 0x0100
RECORD = struct.Struct("<HH")
BIFF_STARTS = {0x0809, 0x0409, 0x0209, 0x0009}
FILE_PASS, BOUND_SHEET, END_OF_PART = 0x002F, 0x0085, 0x000A
SHEET_TYPE_AT, SHEET_IS_MACRO = 5, b"\1"
GLOBALS_BYTES = 4 << 20
"""How much of a workbook stream is looked through for its list of sheets."""


class CompoundKind(Enum):
    """What a compound file holds."""

    WORD = auto()
    WORKBOOK = auto()
    ENCRYPTED = auto()
    OTHER = auto()


def compound_kind(path: Path) -> CompoundKind:
    """What the file holds, told by its streams.

    Raises:
        DamagedFileError: if its directory cannot be read.
    """
    with _opened(path) as ole:
        names = {entry[0].lower() for entry in ole.listdir(streams=True, storages=True)}
    if {"encryptedpackage", "encryptioninfo"} & names:
        return CompoundKind.ENCRYPTED
    if "worddocument" in names:
        return CompoundKind.WORD
    if {"workbook", "book"} & names:
        return CompoundKind.WORKBOOK
    return CompoundKind.OTHER


def check_compound(path: Path) -> None:
    """Refuse what must not reach a converter.

    Raises:
        EncryptedFileError: if a password is set.
        MacroError: for VBA modules and for Excel 4 macro sheets.
        ActiveContentError: for embedded programs.
        DamagedFileError: if the main stream cannot be read.
    """
    with _opened(path) as ole:
        streams = [[name.lower() for name in entry] for entry in ole.listdir(streams=True, storages=False)]
        if any(entry[-1] == "\x01ole10native" for entry in streams):
            raise ActiveContentError
        _check_main(ole, {entry[0] for entry in streams})
        if any("vba" in entry[:-1] and entry[-1] not in {"dir", "_vba_project"} for entry in streams):
            raise MacroError


def _check_main(ole: olefile.OleFileIO[str], names: set[str]) -> None:
    if "worddocument" in names:
        start = _read(ole, "WordDocument", 64)
        if len(start) < WORD_HEAD_BYTES or int.from_bytes(start[:2], "little") not in WORD_MAGICS:
            raise DamagedFileError
        if int.from_bytes(start[WORD_FLAGS_OFFSET : WORD_FLAGS_OFFSET + 2], "little") & WORD_IS_ENCRYPTED:
            raise EncryptedFileError
        return
    for name in ("Workbook", "Book"):
        if name.lower() in names:
            _check_workbook(_read(ole, name, GLOBALS_BYTES))


def _check_workbook(stream: bytes) -> None:
    """Walk the records of a workbook up to the end of its global part."""
    if len(stream) < RECORD.size or RECORD.unpack_from(stream)[0] not in BIFF_STARTS:
        raise DamagedFileError
    for kind, data in _records(stream):
        if kind == FILE_PASS:
            raise EncryptedFileError
        if kind == BOUND_SHEET and data[SHEET_TYPE_AT : SHEET_TYPE_AT + 1] == SHEET_IS_MACRO:
            raise MacroError
        if kind == END_OF_PART:
            return


def _records(stream: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + RECORD.size <= len(stream):
        kind, length = RECORD.unpack_from(stream, at)
        at += RECORD.size
        yield kind, stream[at : at + length]
        at += length


def _read(ole: olefile.OleFileIO[str], name: str, most: int) -> bytes:
    try:
        return bytes(ole.openstream(name).read(most))
    except (OSError, ValueError, struct.error, IndexError) as error:
        raise DamagedFileError from error


@contextmanager
def _opened(path: Path) -> Iterator[olefile.OleFileIO[str]]:
    try:
        ole = olefile.OleFileIO(str(path))
    except (OSError, ValueError, struct.error, IndexError, RecursionError) as error:
        raise DamagedFileError from error
    try:
        yield ole
    finally:
        ole.close()
