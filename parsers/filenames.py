"""Names that other people gave their files: shown as they are, never used as a path."""

from __future__ import annotations

import unicodedata

from parsers.errors import BadFileNameError
from parsers.limits import DEFAULT_LIMITS, FileLimits

INVISIBLE = {"Cc", "Cf", "Cs"}
UNMARKED_ENCODINGS = ("utf-8", "gb18030", "cp437")


def display_name(given: str, limits: FileLimits = DEFAULT_LIMITS) -> str:
    """The name to show: the last part of a path, composed (NFC), without blanks and dots at its end.

    Nothing is decoded a second time: ``%2e`` and ``=?utf-8?…`` stay as they are. A name over the limit is cut before
    its ending.

    Raises:
        BadFileNameError: for characters that cannot be seen or that turn the direction of writing, and for no name.
    """
    name = unicodedata.normalize("NFC", given.replace("\\", "/").rpartition("/")[2])
    name = name.split("\0")[0].strip(" \t").rstrip(" .")
    if any(unicodedata.category(character) in INVISIBLE for character in name):
        raise BadFileNameError
    if not name:
        raise BadFileNameError
    return _cut(name, limits)


def decoded_name(raw: bytes, *, is_utf8: bool = False) -> str:
    """A name from bytes of unknown encoding: as UTF-8 if it is, else as Chinese Windows writes it.

    Archives of Chinese Windows and old clients send GBK without saying so.
    """
    for encoding in ("utf-8",) if is_utf8 else UNMARKED_ENCODINGS:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("utf-8", "replace")


def _cut(name: str, limits: FileLimits) -> str:
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending.encode()) > limits.name_bytes // 4:
        stem, dot, ending = name, "", ""
    ending = dot + ending
    stem = stem[: limits.name_characters - len(ending)]
    while len((stem + ending).encode()) > limits.name_bytes:
        stem = stem[:-1]
    return stem + ending
