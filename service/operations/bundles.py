"""A zip of returned files, taken apart: each entry for itself, a bad one never in the way of the others."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from forms.errors import FormServiceError
from parsers.errors import ArchiveInvalidError, EncryptedFileError, NestedArchiveError
from parsers.filenames import decoded_name
from parsers.gate.archive import Archive, Part, opened
from parsers.limits import DEFAULT_LIMITS
from service.store.blobs import Blob, Staging

OTHER_ARCHIVES = frozenset({".zip", ".rar", ".7z", ".tar", ".gz", ".tgz"})
LEFT_BY_SYSTEMS = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})
"""Files that systems put into every folder; they are nobody's return and are passed over."""


@dataclass(frozen=True, slots=True)
class BundleEntry:
    """One file of a bundle: its name there, and its bytes or why they were refused."""

    name: str
    blob: Blob | None = None
    fault: FormServiceError | None = None


def unpack(path: Path, staging: Staging, file_limit: int) -> Iterator[BundleEntry]:
    """The entries of a bundle in the order of the file; folders are passed over.

    Raises:
        DocumentError: the archive as a whole cannot be trusted (overlaps, lying sizes, too many entries).
        StorageFullError: no room.
    """
    with opened(path, most_entries=DEFAULT_LIMITS.bundle_entries) as archive:
        for part in archive.parts:
            name = decoded_name(part.raw_name).replace("\\", "/")
            if part.is_folder or name.startswith("__MACOSX/") or PurePosixPath(name).name in LEFT_BY_SYSTEMS:
                continue
            yield _entry(archive, part, name, staging, file_limit)


def _entry(archive: Archive, part: Part, name: str, staging: Staging, file_limit: int) -> BundleEntry:
    try:
        _check(part, name)
        blob = staging.put(archive.chunks(part), file_limit)
    except FormServiceError as fault:
        if fault.code == "storage-full":
            raise
        return BundleEntry(name, fault=fault)
    return BundleEntry(name, blob)


def _check(part: Part, name: str) -> None:
    kind = stat.S_IFMT(part.mode)
    if kind not in {0, stat.S_IFREG} or name.startswith("/") or ".." in name.split("/") or name[1:2] == ":":
        raise ArchiveInvalidError(pointer=name)
    if part.is_encrypted:
        raise EncryptedFileError(pointer=name)
    if PurePosixPath(name).suffix.lower() in OTHER_ARCHIVES:
        raise NestedArchiveError(pointer=name)
