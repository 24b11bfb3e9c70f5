"""The stored files of a backup: copied as they are kept, sealed ones sealed, so that a backup tells no more than they.

A plain file stands under the hash of its content, a sealed one under that and ``.sealed``; the hashes of their bytes
stand in ``files.sha256``, which ``sha256sum -c`` understands.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from forms.errors import FormServiceError
from service.store.blobs import CHUNK, SHOWN_HASH, BlobStore, hash_of
from service.store.errors import BlobDamagedError, NotFoundError
from service.store.sealing.files import key_of, opened, sealed
from service.store.sealing.vault import Keys

FILES = "files"
LISTING = "files.sha256"
SEALED = ".sealed"
LARGEST = 1 << 40


class BackupDamagedError(FormServiceError):
    """A backup that is not whole, or that did not come out as its manifest says."""

    code = "backup-damaged"
    zh = "备份不完整或已损坏:{what}"
    en = "The backup is incomplete or damaged: {what}"


@dataclass(frozen=True, slots=True)
class CopiedFiles:
    """What was copied: how many bytes, and the hashes of files that the store has lost."""

    size: int
    missing: list[str]


def copy_files(blobs: BlobStore, hashes: Iterable[str], target: Path, keys: Keys) -> CopiedFiles:
    """Copy stored files into the folder of a backup whose database has these keys.

    Raises:
        BlobDamagedError: a stored file is damaged; a backup of it would hide that.
    """
    size, missing, lines = 0, [], []
    for sha256 in sorted(hashes):
        try:
            copy = _copied(blobs, sha256, target / FILES / sha256[:2], keys)
        except NotFoundError:
            missing.append(sha256)
            continue
        size += copy.stat().st_size
        lines.append(f"{hash_of(copy)}  {copy.relative_to(target)}\n")
    (target / LISTING).write_text("".join(lines), encoding="ascii")
    return CopiedFiles(size, missing)


def _copied(blobs: BlobStore, sha256: str, folder: Path, keys: Keys) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    copy = folder / sha256
    try:
        shutil.copyfile(blobs.path(sha256), copy)
    except FileNotFoundError as fault:
        raise NotFoundError from fault
    if not blobs.is_whole(copy, sha256):
        raise BlobDamagedError(sha256=sha256[:SHOWN_HASH])
    number = key_of(copy)
    if number is None or hash_of(copy) == sha256:
        return copy
    shut = copy.with_name(f"{sha256}{SEALED}")
    if number in keys.files:
        return copy.rename(shut)
    # sealed with a key that was made after the copy of the database: nothing in the backup would open it
    with blobs.open(sha256) as content, shut.open("wb") as file:
        file.writelines(sealed(_pieces(content), keys.files[keys.current_file]))
    copy.unlink()
    return shut


def require_files(source: Path, count: int) -> None:
    """Compare the stored files of a backup with their hashes.

    Raises:
        BackupDamagedError: one is changed, or there are not so many.
    """
    told = _told(source)
    stored = _stored(source)
    for path in stored:
        if hash_of(path) != told.get(f"{FILES}/{path.parent.name}/{path.name}", path.name):
            raise BackupDamagedError(what=f"{FILES}/{path.name[:SHOWN_HASH]}")
    if len(stored) != count:
        raise BackupDamagedError(what=f"{len(stored)} of {count} files")


def bring_files(source: Path, blobs: BlobStore, keys: Keys) -> None:
    """Put the stored files of a backup into a store, whose database has these keys.

    Raises:
        BackupDamagedError: one does not hold what it is named after.
        UnopenedFileError: one does not open.
    """
    for path in _stored(source):
        sha256 = path.name.removesuffix(SEALED)
        with path.open("rb") as file:
            chunks = opened(file, keys.files.get) if path.name.endswith(SEALED) else _pieces(file)
            if blobs.put(chunks, LARGEST).sha256 != sha256:
                raise BackupDamagedError(what=f"{FILES}/{sha256[:SHOWN_HASH]}")


def _told(source: Path) -> Mapping[str, str]:
    listing = source / LISTING
    if not listing.is_file():  # made before files were sealed
        return {}
    lines = listing.read_text(encoding="ascii").splitlines()
    return {name: digest for digest, _, name in (line.partition("  ") for line in lines)}


def _stored(source: Path) -> list[Path]:
    return sorted(path for path in (source / FILES).rglob("*") if path.is_file())


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    return iter(lambda: file.read(CHUNK), b"")
