"""What is made of received files and may be made again: page pictures and their like, sealed as the files are."""

from __future__ import annotations

import io
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from service.store.sealing.files import FileKeys, UnopenedFileError, key_number, opened, sealed


class DerivedFiles:
    """A folder of files by the hash of their source and a name. Nothing in it is needed."""

    def __init__(self, root: Path, keys: FileKeys | None) -> None:
        """Without ``keys`` they are kept plain."""
        self._root = root
        self._keys = keys

    def find(self, sha256: str, name: str) -> bytes | None:
        """What was kept; ``None`` where there is nothing, or nothing that may be used: plain, or of a key now gone."""
        try:
            kept = self._path(sha256, name).read_bytes()
        except FileNotFoundError:
            return None
        is_sealed = key_number(kept) is not None
        if self._keys is None or not is_sealed:
            is_wanted = is_sealed or (self._keys is not None and self._keys.current() is not None)
            return None if is_wanted else kept
        try:
            return b"".join(opened(io.BytesIO(kept), self._keys.find))
        except UnopenedFileError:
            return None

    def keep(self, sha256: str, name: str, content: bytes) -> None:
        """Keep what was made."""
        path = self._path(sha256, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        key = self._keys.current() if self._keys else None
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as part:
            part.writelines(sealed([content], key) if key else [content])
        Path(part.name).replace(path)

    def remove(self, sha256: str) -> None:
        """Take away all that was made of a file."""
        shutil.rmtree(self._root / sha256[:2] / sha256, ignore_errors=True)

    def hashes(self) -> Iterator[str]:
        """The files of which something is kept."""
        yield from (path.name for path in sorted(self._root.glob("??/*")))

    def _path(self, sha256: str, name: str) -> Path:
        return self._root / sha256[:2] / sha256 / name
