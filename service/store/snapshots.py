"""A copy of a SQLite file as it is at one moment, for whoever reads in it for long."""

from __future__ import annotations

import os
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

FOLDER = "reading"
"""Beside the database: its files are copies that somebody works in, and of no worth to anybody else."""
LEFT_SECONDS = 24 * 3600.0
"""So old is a copy that a killed process left behind."""
_PATIENCE_SECONDS = 30.0


@contextmanager
def copied(database: Path) -> Iterator[Path | None]:
    """A copy of the file, gone afterwards; ``None`` where there is no room for one or it could not be made.

    The file is locked for readers while it is copied: half a second for 300 MB.
    """
    folder = database.parent / FOLDER
    place = _new_file(folder)
    try:
        yield place if place is not None and _copy(database, place) else None
    finally:
        if place is not None:
            for suffix in ("", "-journal"):
                place.with_name(place.name + suffix).unlink(missing_ok=True)


def _new_file(folder: Path) -> Path | None:
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        _clear(folder)
        handle, name = tempfile.mkstemp(suffix=".db", dir=folder)
        os.close(handle)
    except OSError:
        return None
    return Path(name)


def _clear(folder: Path) -> None:
    for left in folder.iterdir():
        with suppress(FileNotFoundError):
            if time.time() - left.stat().st_mtime > LEFT_SECONDS:
                left.unlink()


def _copy(database: Path, place: Path) -> bool:
    try:
        with (
            closing(sqlite3.connect(database, timeout=_PATIENCE_SECONDS)) as source,
            closing(sqlite3.connect(place)) as target,
        ):
            target.execute("PRAGMA synchronous=OFF")
            source.backup(target)
    except (sqlite3.Error, OSError):
        return False
    return True
