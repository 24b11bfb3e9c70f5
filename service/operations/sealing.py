"""Stored files under the key of now: those kept plain by an earlier release, and those of a key that retired."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import delete, select

from service.store.blobs import BlobStore
from service.store.database import Database
from service.store.errors import BlobDamagedError
from service.store.key_tables import file_keys
from service.store.sealing.keyring import lock_keys

SETTLING_SECONDS = 3600.0
"""What was begun before a key retired may come under it for so long."""


@dataclass(frozen=True, slots=True)
class SealedFile:
    """A file that was sealed anew, or could not be, for it is damaged."""

    sha256: str
    is_damaged: bool = False


def seal_files(blobs: BlobStore) -> Iterator[SealedFile]:
    """Seal every stored file with the key of now, one after the other; broken off, it goes on where it stopped."""
    for sha256 in list(blobs.hashes()):
        try:
            if blobs.seal_anew(sha256):
                yield SealedFile(sha256)
        except BlobDamagedError:
            yield SealedFile(sha256, is_damaged=True)


def erase_file_keys(database: Database, blobs: BlobStore) -> tuple[int, int]:
    """Erase the retired keys that no stored file needs; returns how many were erased, and how many are left.

    A key stays for an hour after it retired: another process may be about to keep a file under it.
    """
    with database.reading() as connection:
        retired = {row.id: row.retired_at for row in connection.execute(_RETIRED)}
    old = {number for number, when in retired.items() if when < time.time() - SETTLING_SECONDS}
    if old:
        old -= blobs.keys_under_way() | {blobs.key_number(sha256) or 0 for sha256 in blobs.hashes()}
    with database.transaction() as connection:
        lock_keys(connection)
        connection.execute(delete(file_keys).where(file_keys.c.id.in_(old)))
    return len(old), len(retired) - len(old)


_RETIRED = select(file_keys.c.id, file_keys.c.retired_at).where(file_keys.c.retired_at.is_not(None))
