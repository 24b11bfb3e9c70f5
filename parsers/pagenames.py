"""Names for the pictures of pages: the file's own name and the page, one set of pictures for each file of a run."""

from __future__ import annotations

import re
import shutil
import threading
from pathlib import Path, PurePosixPath

_PICTURE = re.compile(r"page-([1-9][0-9]*)\.png")
_UNFIT = re.compile(r"[\x00-\x1f\x7f/\\:*?\"<>|]+")
_LONGEST = 150
"""Bytes of UTF-8, which leaves room for a number and the ending in the 255 of a file system."""


class PageNames:
    """Gives each file of a run a stem of its own; two files of one stem are told apart by a number."""

    def __init__(self) -> None:
        self._given: dict[str, int] = {}
        self._lock = threading.Lock()

    def stem(self, name: str) -> str:
        """``附件4`` for ``附件4.pdf``, ``附件4~2`` for the next; ``退回-附件4`` for an entry ``退回.zip/附件4.pdf``."""
        parts = [PurePosixPath(part).stem for part in name.split("/") if part]
        stem = _UNFIT.sub("_", "-".join(parts)).strip(" .").encode("utf-8", "replace")[:_LONGEST]
        plain = stem.decode("utf-8", "ignore") or "page"
        with self._lock:
            number = self._given[plain] = self._given.get(plain, 0) + 1
        return plain if number == 1 else f"{plain}~{number}"


def take_over(source: Path, target: Path, stem: str) -> None:
    """Move the pictures ``page-1.png`` … of a folder into another as ``<stem>-1.png`` …; others of that name go."""
    target.mkdir(parents=True, exist_ok=True)
    for picture in source.iterdir():
        found = _PICTURE.fullmatch(picture.name)
        if found is not None:
            shutil.move(picture, target / f"{stem}-{found[1]}.png")
