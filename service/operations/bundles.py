"""A zip of returned files, taken apart in the fenced child: a bad entry is never in the way of the others."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from forms.errors import FormServiceError
from parsers.child_tasks import UNPACK
from parsers.errors import ParseCrashedError
from parsers.fence import Fence, fault_named
from service.store.blobs import Blob, Staging
from service.store.errors import TooLargeUploadError

CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class BundleEntry:
    """One file of a bundle: its name there, and its bytes or why they were refused."""

    name: str
    blob: Blob | None = None
    fault: FormServiceError | None = None


def unpack(fence: Fence, path: Path, name: str, staging: Staging, file_limit: int) -> Iterator[BundleEntry]:
    """The entries of a bundle in the order of the archive; folders and what systems leave behind are passed over.

    Raises:
        DocumentError: the archive as a whole cannot be trusted (overlaps, lying sizes, too many entries).
        StorageFullError: no room.
    """
    with tempfile.TemporaryDirectory(prefix="forms-bundle-") as folder:
        answer = fence.submit(UNPACK, path, name, collect=Path(folder)).result()
        if answer.fault is not None:
            raise answer.fault
        if answer.plain is None:
            raise ParseCrashedError
        for entry in answer.plain["entries"]:
            if entry["fault"] is not None:
                yield BundleEntry(entry["name"], fault=fault_named(entry["fault"]))
            else:
                yield _stage(entry["name"], Path(folder) / entry["file"], staging, file_limit)


def _stage(name: str, path: Path, staging: Staging, limit: int) -> BundleEntry:
    try:
        with path.open("rb") as source:
            return BundleEntry(name, staging.put(iter(lambda: source.read(CHUNK), b""), limit))
    except TooLargeUploadError as fault:
        return BundleEntry(name, fault=fault)
