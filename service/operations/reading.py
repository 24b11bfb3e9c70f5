"""Returned files in: each read in a fenced child, its records checked, one result a file whatever happens."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from parsers.fenced import read_files
from parsers.reading import FileReading, ReadOptions
from service.settings import Settings


@dataclass(frozen=True, slots=True)
class ReadRequest:
    """What the caller knows of the files: the form they should be, the engine, where overlays go."""

    form: str | None = None
    engine: str = "auto"
    overlay: Path | None = None
    jobs: int = 1


def read_returned(files: Sequence[Path], request: ReadRequest, settings: Settings) -> Iterator[FileReading]:
    """One :class:`FileReading` for each file, in the order given. Never raises for one bad file."""
    options = ReadOptions(form=request.form, engine=request.engine or settings.engine, overlay=request.overlay)
    return read_files(files, options, jobs=max(1, request.jobs))
