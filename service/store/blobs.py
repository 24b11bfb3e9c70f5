"""Received files, content addressed: the bytes are on disk, synced, under their SHA-256 before anyone is told so."""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from service.store.errors import BlobDamagedError, NotFoundError, StorageFullError, TooLargeUploadError

MIB = 1024 * 1024
RESERVE = 64 * MIB
"""Bytes that stay free, so that the database can still commit when the blobs have filled the disk."""
STALE_SECONDS = 3600.0
SHOWN_HASH = 12
SPACE_EVERY = 4 * MIB
"""The free space is looked at again after so many bytes written."""


@dataclass(frozen=True, slots=True)
class Blob:
    """A stored file: its SHA-256 in hex and its size in bytes."""

    sha256: str
    size: int


class BlobStore:
    """A folder of files named by their hash. Writing the same bytes twice keeps one file."""

    def __init__(self, root: Path, reserve: int = RESERVE) -> None:
        """``reserve`` bytes of the disk stay free."""
        self._root = root
        self._reserve = reserve
        self._incoming = root / "incoming"
        self._incoming.mkdir(parents=True, exist_ok=True)

    def path(self, sha256: str) -> Path:
        """Where the file of that hash stands (whether or not it does)."""
        return self._local(sha256)

    def fetch(self, sha256: str) -> Path:
        """The file of that hash, whose bytes were just compared with it.

        Raises:
            NotFoundError: there is none (``verify-store`` says so too).
            BlobDamagedError: it no longer has that content.
            BlobStoreAwayError: the store cannot be reached.
        """
        if not sha256:  # what was purged has none
            raise NotFoundError
        path = self.path(sha256)
        try:
            is_whole = hash_of(path) == sha256
        except FileNotFoundError as fault:
            raise NotFoundError from fault
        if not is_whole:
            raise BlobDamagedError(sha256=sha256[:SHOWN_HASH])
        return path

    def has(self, sha256: str) -> bool:
        """Whether there is a file under that hash."""
        return self._local(sha256).is_file()

    def hashes(self) -> Iterator[str]:
        """The hashes of all files, in their order."""
        yield from (path.name for path in sorted(self._root.glob("??/??/*")))

    def kept_at(self, sha256: str) -> float:
        """When the file was kept (seconds since 1970); of one that is not there, now."""
        try:
            return self._local(sha256).stat().st_mtime
        except FileNotFoundError:
            return time.time()

    def remove(self, sha256: str) -> None:
        """Take a file away for good; one that is not there is no fault."""
        path = self._local(sha256)
        path.unlink(missing_ok=True)
        if path.parent.is_dir():
            _sync_folder(path.parent)

    def _local(self, sha256: str) -> Path:
        return self._root / sha256[:2] / sha256[2:4] / sha256

    @contextmanager
    def staging(self) -> Iterator[Staging]:
        """A place for the files of one request: kept all together by :meth:`Staging.keep`, or not at all."""
        staging = Staging(self)
        try:
            yield staging
        finally:
            staging.discard()

    def put(self, chunks: Iterable[bytes], limit: int) -> Blob:
        """Keep one file; returns once its bytes and their name are on disk.

        Raises:
            TooLargeUploadError: more than ``limit`` bytes; reading stops there.
            StorageFullError: no room; nothing is left behind.
        """
        with self.staging() as staging:
            blob = staging.put(chunks, limit)
            staging.keep()
        return blob

    def write_part(self, chunks: Iterable[bytes], limit: int) -> tuple[Path, Blob]:
        """The bytes as a synced file beside the store. Raises as :meth:`put` does, and leaves nothing then."""
        part = self._incoming / secrets.token_hex(16)
        try:
            with _full_disk_as_fault():
                return part, _write(part, self._while_there_is_room(chunks), limit)
        except BaseException:
            part.unlink(missing_ok=True)
            raise

    def _while_there_is_room(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """The chunks, as long as the reserve is not touched."""
        written = SPACE_EVERY
        for chunk in chunks:
            if written >= SPACE_EVERY:
                written = 0
                if shutil.disk_usage(self._root).free < self._reserve + len(chunk):
                    raise StorageFullError
            written += len(chunk)
            yield chunk

    def settle(self, part: Path, blob: Blob) -> None:
        """Give a written part its name in the store."""
        final = self._local(blob.sha256)
        if final.exists():
            part.unlink()
            return
        final.parent.mkdir(parents=True, exist_ok=True)
        part.replace(final)
        for folder in (final.parent, final.parent.parent, self._root):
            _sync_folder(folder)

    def sweep(self) -> int:
        """Remove what interrupted uploads left behind more than an hour ago; returns how many files."""
        oldest = time.time() - STALE_SECONDS
        left = [path for path in self._incoming.iterdir() if path.stat().st_mtime < oldest]
        for path in left:
            path.unlink(missing_ok=True)
        return len(left)

    def damaged(self) -> Iterator[str]:
        """The hashes whose files no longer have that content."""
        for path in sorted(self._root.glob("??/??/*")):
            if hash_of(path) != path.name:
                yield path.name


class Staging:
    """Files on their way into the store: on disk and synced, but not yet part of it."""

    def __init__(self, store: BlobStore) -> None:
        self._store = store
        self._parts: list[tuple[Path, Blob]] = []

    def put(self, chunks: Iterable[bytes], limit: int) -> Blob:
        """Write one file. Raises as :meth:`BlobStore.put` does."""
        part, blob = self._store.write_part(chunks, limit)
        self._parts.append((part, blob))
        return blob

    def path(self, blob: Blob) -> Path:
        """Where the bytes are until they are kept."""
        return next(part for part, staged in self._parts if staged == blob)

    def keep(self) -> None:
        """Make all files part of the store; returns once their names are on disk."""
        with _full_disk_as_fault():
            while self._parts:
                self._store.settle(*self._parts[-1])
                self._parts.pop()

    def discard(self) -> None:
        """Remove what was not kept."""
        while self._parts:
            self._parts.pop()[0].unlink(missing_ok=True)


def hash_of(path: Path) -> str:
    """The SHA-256 of a file's bytes, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


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
