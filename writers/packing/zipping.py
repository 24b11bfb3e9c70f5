"""The archive of a pack: written piece by piece to a file, names in UTF-8, one fixed time, the manifest last."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from writers.packing.manifest import Listed

_PACKED = frozenset({"docx", "xlsx", "pdf", "png", "jpg", "jpeg", "zip"})
_STAMP = (1980, 1, 1, 0, 0, 0)
_PLAIN_FILE = 0o100644 << 16
_UNIX = 3


@dataclass(frozen=True, slots=True)
class PackFile:
    """One file of a pack: its path in the archive, its bytes, and what the manifest says of it beside its hash."""

    path: str
    content: bytes | Path
    listed: Listed


class PackZip:
    """An archive under way, a context manager; the same files in the same order give the same bytes."""

    def __init__(self, target: IO[bytes]) -> None:
        self._archive = zipfile.ZipFile(target, "w", zipfile.ZIP_STORED)
        self.entries: list[dict[str, object]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _fault: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._archive.close()

    def add(self, file: PackFile) -> None:
        """Write a file, and list it with its SHA-256."""
        content = file.content if isinstance(file.content, bytes) else file.content.read_bytes()
        self._write(file.path, content)
        entry: dict[str, object] = {
            "path": file.path,
            "size": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
        }
        self.entries.append({**entry, **file.listed.to_plain()})

    def add_all(self, files: Iterable[PackFile]) -> None:
        """Write several."""
        for file in files:
            self.add(file)

    def add_manifest(self, path: str, manifest: bytes) -> None:
        """Write the manifest, which does not list itself."""
        self._write(path, manifest)

    def _write(self, path: str, content: bytes) -> None:
        item = zipfile.ZipInfo(path, date_time=_STAMP)
        item.external_attr = _PLAIN_FILE
        item.create_system = _UNIX
        is_packed = path.rpartition(".")[2].lower() in _PACKED
        item.compress_type = zipfile.ZIP_STORED if is_packed else zipfile.ZIP_DEFLATED
        self._archive.writestr(item, content)
