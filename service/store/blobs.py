"""Received files, content addressed: the bytes are on disk, synced, under their SHA-256 before anyone is told so."""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from service.store.errors import StorageFullError, TooLargeUploadError

MIB = 1024 * 1024
RESERVE = 64 * MIB
"""Bytes that stay free, so that the database can still commit when the blobs have filled the disk."""


@dataclass(frozen=True, slots=True)
class Blob:
    """A stored file: its SHA-256 in hex and its size in bytes."""

    sha256: str
    size: int


class BlobStore:
    """A folder of files named by their hash. Writing the same bytes twice keeps one file."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._incoming = root / "incoming"
        self._incoming.mkdir(parents=True, exist_ok=True)

    def path(self, sha256: str) -> Path:
        """Where the file of that hash stands (whether or not it does)."""
        return self._root / sha256[:2] / sha256[2:4] / sha256

    def put(self, chunks: Iterable[bytes], limit: int) -> Blob:
        """Keep the bytes; returns once they and their name are on disk.

        Raises:
            TooLargeUploadError: more than ``limit`` bytes; reading stops there.
            StorageFullError: no room; nothing is left behind.
        """
        if shutil.disk_usage(self._root).free < RESERVE:
            raise StorageFullError
        part = self._incoming / secrets.token_hex(16)
        try:
            with _full_disk_as_fault():
                blob = _write(part, chunks, limit)
                self._settle(part, blob)
        finally:
            part.unlink(missing_ok=True)
        return blob

    def _settle(self, part: Path, blob: Blob) -> None:
        final = self.path(blob.sha256)
        if final.exists():
            return
        final.parent.mkdir(parents=True, exist_ok=True)
        part.replace(final)
        for folder in (final.parent, final.parent.parent, self._root):
            _sync_folder(folder)

    def sweep(self) -> int:
        """Remove what an interrupted upload left behind; returns how many files."""
        left = list(self._incoming.iterdir())
        for path in left:
            path.unlink(missing_ok=True)
        return len(left)

    def damaged(self) -> Iterator[str]:
        """The hashes whose files no longer have that content."""
        for path in sorted(self._root.glob("??/??/*")):
            if hashlib.sha256(path.read_bytes()).hexdigest() != path.name:
                yield path.name


def _write(part: Path, chunks: Iterable[bytes], limit: int) -> Blob:
    digest = hashlib.sha256()
    size = 0
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o640)
    with os.fdopen(descriptor, "wb") as file:
        for chunk in chunks:
            size += len(chunk)
            if size > limit:
                raise TooLargeUploadError(limit=f"{limit // MIB} MiB")
            digest.update(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    return Blob(digest.hexdigest(), size)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _full_disk_as_fault() -> Iterator[None]:
    try:
        yield
    except OSError as fault:
        if fault.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise StorageFullError from fault
        raise
