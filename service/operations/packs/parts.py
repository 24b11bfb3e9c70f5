"""Finished parts of packs, kept under a key of all they were made from: a run that was ended is taken up again.

A part is one blob, a plain zip of the files that it consists of. It is entered in a transaction of its own as soon as
it is finished, so that it outlives the process that made it.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from typing import Any, Protocol

from service.store.blobs import BlobStore
from service.store.database import Database
from service.store.errors import BlobDamagedError, NotFoundError
from service.store.packs import find_part, keep_part

MADE = "2"
"""Counted up when the same inputs begin to give other bytes: parts of before are then made anew."""
LARGEST_PART = 1 << 30
_STAMP = (1980, 1, 1, 0, 0, 0)

Files = dict[str, bytes]
"""The files of a part by name."""


def part_key(kind: str, **made_from: Any) -> str:  # noqa: ANN401  # any JSON
    """The key of a part: a hash of its kind and of all that decides what is in it."""
    text = json.dumps([MADE, kind, made_from], ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


class Parts(Protocol):
    """Where finished parts are found and kept."""

    def find(self, key: str) -> Files | None:
        """The part of that key, if it was ever finished."""
        ...

    def keep(self, key: str, files: Mapping[str, bytes]) -> None:
        """Keep a finished part."""
        ...


class PassingParts:
    """Parts for as long as this object lives: for packs that are made without a store."""

    def __init__(self) -> None:
        self._kept: dict[str, Files] = {}

    def find(self, key: str) -> Files | None:
        """The part of that key, if it was made before."""
        return self._kept.get(key)

    def keep(self, key: str, files: Mapping[str, bytes]) -> None:
        """Keep a finished part."""
        self._kept[key] = dict(files)


class StoredParts:
    """Parts in the files of an installation."""

    def __init__(self, database: Database, blobs: BlobStore) -> None:
        self._database = database
        self._blobs = blobs

    def find(self, key: str) -> Files | None:
        """The part of that key; one whose file is lost or damaged is as good as never made."""
        with self._database.reading() as connection:
            sha256 = find_part(connection, key)
        if sha256 is None:
            return None
        try:
            with self._blobs.open(sha256) as content, zipfile.ZipFile(content) as archive:
                return {item.filename: archive.read(item) for item in archive.infolist()}
        except (NotFoundError, BlobDamagedError):
            return None

    def keep(self, key: str, files: Mapping[str, bytes]) -> None:
        """Keep a finished part: its bytes are on disk before it is entered."""
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
            for name, content in files.items():
                archive.writestr(zipfile.ZipInfo(name, date_time=_STAMP), content)
        blob = self._blobs.put([buffer.getvalue()], LARGEST_PART)
        with self._database.transaction() as connection:
            keep_part(connection, key, blob.sha256, blob.size)
