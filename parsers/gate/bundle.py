"""A zip of returned files: each entry for itself, so that a bad one costs no other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from stat import S_IFMT, S_ISREG

from parsers.errors import (
    ArchiveInvalidError,
    BadFileNameError,
    ContentMismatchError,
    DocumentError,
    EncryptedFileError,
    NestedArchiveError,
)
from parsers.filenames import decoded_name, display_name
from parsers.gate.archive import Archive, Part, opened
from parsers.limits import DEFAULT_LIMITS, FileLimits
from parsers.sniffing import FileFormat, detect

LEFTOVERS = ("__macosx/", ".ds_store", "thumbs.db", "desktop.ini")
"""What operating systems put beside files; nobody returned it."""
LONGEST_PATH = 1_000


@dataclass(frozen=True, slots=True)
class BundleEntry:
    """One file of a bundle: its path in the archive as its maker saw it, and where it is now or why it is refused."""

    name: str
    path: Path | None = None
    fault: DocumentError | None = None


def iter_bundle(path: Path, folder: Path, limits: FileLimits = DEFAULT_LIMITS) -> Iterator[BundleEntry]:
    """Unpack a bundle into ``folder`` under names of our own, entry by entry in the order of the archive.

    Folders and what operating systems leave behind are passed over; anything else comes out, as a file or as a fault.

    Raises:
        DocumentError: if the archive itself is damaged, dishonest or too big.
    """
    seen: set[str] = set()
    with opened(path, limits, most_entries=limits.bundle_entries) as archive:
        for number, part in enumerate(archive.parts):
            name = decoded_name(part.raw_name, is_utf8=part.is_utf8).replace("\\", "/")
            if name.endswith("/") or _is_leftover(name):
                continue
            try:
                _check_entry(part, name, seen)
                target = folder / f"{number:06d}"
                _unpack(archive, part, target)
            except DocumentError as fault:
                yield BundleEntry(_shown(name), fault=fault)
            else:
                yield BundleEntry(_shown(name), path=target)
            seen.add(name.lower())


def _is_leftover(name: str) -> bool:
    small = name.lower()
    last = small.rpartition("/")[2]
    return small.startswith(LEFTOVERS[0]) or last in LEFTOVERS or last.startswith(("._", "~$"))


def _check_entry(part: Part, name: str, seen: set[str]) -> None:
    if part.is_encrypted:
        raise EncryptedFileError(pointer=name)
    if S_IFMT(part.mode) and not S_ISREG(part.mode):
        raise ArchiveInvalidError(pointer=name)
    if name.startswith("/") or ".." in name.split("/") or name[1:2] == ":" or len(name) > LONGEST_PATH:
        raise ArchiveInvalidError(pointer=name[:LONGEST_PATH])
    if name.lower() in seen:
        raise ArchiveInvalidError(pointer=name)
    display_name(name)


def _unpack(archive: Archive, part: Part, target: Path) -> None:
    try:
        with target.open("xb") as stream:
            for chunk in archive.chunks(part):
                stream.write(chunk)
    except DocumentError:
        target.unlink()
        raise
    try:
        is_bundle = detect(target) is FileFormat.ZIP
    except ContentMismatchError:
        is_bundle = False
    except DocumentError:
        return  # said again, with the same code, when the file is read
    if is_bundle:
        target.unlink()
        raise NestedArchiveError(pointer=part.name)


def _shown(name: str) -> str:
    """The path with its last part as it will be shown; a name that may not be shown is spelled out."""
    folder, slash, last = name.rpartition("/")
    try:
        return folder[:LONGEST_PATH] + slash + display_name(last)
    except BadFileNameError:
        return name[:LONGEST_PATH].encode("unicode_escape").decode("ascii")
