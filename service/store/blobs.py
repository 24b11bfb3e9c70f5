"""Received files, content addressed: the bytes are on disk, synced, under their SHA-256 before anyone is told so."""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from service.store.errors import BlobDamagedError, NotFoundError, StorageFullError, TooLargeUploadError
from service.store.sealing.files import HEAD_BYTES, FileKeys, UnopenedFileError, key_number, key_of, opened, sealed

MIB = 1024 * 1024
RESERVE = 64 * MIB
"""Bytes that stay free, so that the database can still commit when the blobs have filled the disk."""
STALE_SECONDS = 3600.0
SHOWN_HASH = 12
SPACE_EVERY = 4 * MIB
"""The free space is looked at again after so many bytes written."""
CHUNK = 1 << 20
UNLIMITED = 1 << 62


@dataclass(frozen=True, slots=True)
class Blob:
    """A stored file: the SHA-256 of its content in hex and its size in bytes, however it is kept."""

    sha256: str
    size: int


class BlobStore:
    """A folder of files named by the hash of their content. Writing the same bytes twice keeps one file.

    With ``keys`` files are sealed on their way in. Their content goes to readers as an open file without a name, in
    the folder for temporary files: it is gone with the process, however that ends.
    """

    def __init__(self, root: Path, reserve: int = RESERVE, keys: FileKeys | None = None) -> None:
        """``reserve`` bytes of the disk stay free; without ``keys`` files are kept plain."""
        self._root = root
        self._reserve = reserve
        self.keys = keys
        self._incoming = root / "incoming"
        self._incoming.mkdir(parents=True, exist_ok=True)

    def path(self, sha256: str) -> Path:
        """Where the file of that hash stands as it is kept (whether or not it does)."""
        return self._local(sha256)

    def open(self, sha256: str) -> IO[bytes]:
        """The content of that hash, which was just compared with it, as an open file; the caller closes it.

        Raises:
            NotFoundError: there is none (``verify-store`` says so too).
            BlobDamagedError: it no longer has that content.
            BlobStoreAwayError: the store cannot be reached.
            StorageFullError: no room to open a sealed file.
        """
        if not sha256:  # what was purged has none
            raise NotFoundError
        try:
            kept = self.path(sha256).open("rb")
        except FileNotFoundError as fault:
            raise NotFoundError from fault
        return self._checked(kept, sha256)

    def _checked(self, kept: IO[bytes], sha256: str) -> IO[bytes]:
        with ExitStack() as closing:
            closing.callback(kept.close)
            with _full_disk_as_fault():
                content = self._content(kept, sha256)
            if content is None:
                raise BlobDamagedError(sha256=sha256[:SHOWN_HASH])
            if content is kept:
                closing.pop_all()
        return content

    def _content(self, kept: IO[bytes], sha256: str) -> IO[bytes] | None:
        """The file itself, or what it holds, at its beginning; ``None`` where that is not what was put in."""
        if self._is_sealed(kept):
            plain = tempfile.TemporaryFile()  # noqa: SIM115  # handed on; closed here where it is not
            try:
                if self._copy(kept, plain) == sha256:
                    plain.seek(0)
                    return plain
            except UnopenedFileError:
                pass
            except BaseException:
                plain.close()
                raise
            plain.close()
            kept.seek(0)  # a plain file may begin as a sealed one does
        if hashlib.file_digest(kept, "sha256").hexdigest() != sha256:  # type: ignore[arg-type]  # a file of bytes
            return None
        kept.seek(0)
        return kept

    def _is_sealed(self, kept: IO[bytes]) -> bool:
        head = kept.read(HEAD_BYTES)
        kept.seek(0)
        return self.keys is not None and key_number(head) is not None

    def _copy(self, kept: IO[bytes], into: IO[bytes] | None) -> str:
        """Open a sealed file into another one, or only look whether it opens; returns the hash of its content."""
        if self.keys is None:
            raise UnopenedFileError
        digest = hashlib.sha256()
        for chunk in opened(kept, self.keys.find):
            digest.update(chunk)
            if into is not None:
                into.write(chunk)
        if into is not None:
            into.flush()
        return digest.hexdigest()

    def is_whole(self, kept: Path, sha256: str) -> bool:
        """Whether a file, as it is kept, holds the content of that hash."""
        with kept.open("rb") as file:
            if self._is_sealed(file):
                try:
                    if self._copy(file, None) == sha256:
                        return True
                except UnopenedFileError:
                    pass
        return hash_of(kept) == sha256

    def open_part(self, part: Path, blob: Blob) -> IO[bytes]:
        """The content of a part; the caller closes it.

        Raises:
            BlobDamagedError: it is not what was written.
        """
        return self._checked(part.open("rb"), blob.sha256)

    @contextmanager
    def opened(self, sha256: str) -> Iterator[Path]:
        """The same content under a path, for readers in this process that want one. Raises as :meth:`open` does."""
        with self.open(sha256) as content:
            yield path_of(content)

    def read(self, sha256: str) -> bytes:
        """The same content at once, for small files."""
        with self.open(sha256) as content:
            return content.read()

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
        """The bytes, sealed or not, as a synced file beside the store. Raises as :meth:`put` does, leaving nothing."""
        key = self.keys.known() if self.keys else None
        counted = _Counted(chunks, limit)
        part = self.write_raw(sealed(counted, key) if key else counted)
        return part, Blob(counted.digest.hexdigest(), counted.size)

    def write_raw(self, chunks: Iterable[bytes]) -> Path:
        """The bytes as they are, as a synced file beside the store. Raises as :meth:`put` does, leaving nothing."""
        part = self._incoming / secrets.token_hex(16)
        try:
            with _full_disk_as_fault():
                _write(part, self._while_there_is_room(chunks))
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        return part

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
        if self._local(blob.sha256).exists():
            os.utime(self._local(blob.sha256))  # it is wanted as of now: nobody clears it before its row is there
            part.unlink()
            return
        self._name_part(self._as_of_now(part, blob), blob.sha256)

    def _name_part(self, part: Path, sha256: str) -> None:
        final = self._local(sha256)
        final.parent.mkdir(parents=True, exist_ok=True)
        part.replace(final)
        for folder in (final.parent, final.parent.parent, self._root):
            _sync_folder(folder)

    def _as_of_now(self, part: Path, blob: Blob) -> Path:
        """The part, sealed anew where the keys were changed since it was begun: no file may come under an old key."""
        key = self.keys.current() if self.keys else None
        if key is None or key_of(part) == key.number:
            return part
        anew = self._sealed_anew(part, blob.sha256)
        part.unlink()
        return anew

    def _sealed_anew(self, kept: Path, sha256: str) -> Path:
        """What a file holds as a new part, sealed with the key of now.

        Raises:
            BlobDamagedError: it does not hold that.
        """
        with kept.open("rb") as file:
            is_sealed = self._is_sealed(file) and hash_of(kept) != sha256
            plain = iter(lambda: file.read(CHUNK), b"")
            chunks = opened(file, self.keys.find) if self.keys and is_sealed else plain
            try:
                part, blob = self.write_part(chunks, UNLIMITED)
            except UnopenedFileError as fault:
                raise BlobDamagedError(sha256=sha256[:SHOWN_HASH]) from fault
        if blob.sha256 != sha256:
            part.unlink()
            raise BlobDamagedError(sha256=sha256[:SHOWN_HASH])
        return part

    def key_number(self, sha256: str) -> int | None:
        """With which key a file is sealed; ``None``: it is plain, or not there."""
        try:
            return key_of(self._local(sha256))
        except FileNotFoundError:
            return None

    def seal_anew(self, sha256: str) -> bool:
        """Seal a file with the key of now, if it is not; ``False``: it is, or is to stay plain, or is not there.

        Raises:
            BlobDamagedError: it no longer has its content; it stays as it is.
        """
        key = self.keys.current() if self.keys else None
        path = self.path(sha256)
        if key is None or not path.is_file() or key_of(path) == key.number:
            return False
        self._name_part(self._sealed_anew(path, sha256), sha256)
        return True

    def keys_under_way(self) -> set[int]:
        """The keys of files that are not named yet."""
        found = set()
        for path in self._incoming.iterdir():
            try:
                found.add(key_of(path))
            except FileNotFoundError:
                continue
        return {number for number in found if number is not None}

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
            if not self.is_whole(path, path.name):
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

    @contextmanager
    def opened(self, blob: Blob) -> Iterator[Path]:
        """The content of a file that is not kept yet, under a path for readers in this process."""
        part = next(part for part, staged in self._parts if staged == blob)
        with self._store.open_part(part, blob) as content:
            yield path_of(content)

    def drop(self, blob: Blob) -> None:
        """Remove one file: what it holds is in another one."""
        place = next(place for place, (_, staged) in enumerate(self._parts) if staged == blob)
        self._parts.pop(place)[0].unlink(missing_ok=True)

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


def path_of(file: IO[bytes]) -> Path:
    """A path to an open file, also to one that has no name, as long as it is open."""
    return Path(f"/proc/{os.getpid()}/fd/{file.fileno()}")


def hash_of(path: Path) -> str:
    """The SHA-256 of a file's bytes, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class _Counted:
    """Chunks as they go by: their hash and their size, up to a limit."""

    def __init__(self, chunks: Iterable[bytes], limit: int) -> None:
        self._chunks, self._limit = chunks, limit
        self.digest, self.size = hashlib.sha256(), 0

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._chunks:
            self.size += len(chunk)
            if self.size > self._limit:
                raise TooLargeUploadError(limit=f"{self._limit // MIB} MiB")
            self.digest.update(chunk)
            yield chunk


def _write(part: Path, chunks: Iterable[bytes]) -> None:
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o640)
    with os.fdopen(descriptor, "wb") as file:
        for chunk in chunks:
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())


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
