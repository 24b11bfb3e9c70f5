"""Reads returned files in fenced children: one answer a file, whatever the file does.

A bundle is unpacked and each of its entries is an answer of its own, named ``bundle.zip/entry``. Old Office files pass
the gate first, are converted many in one run of LibreOffice, and are then read as the others are.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from forms.errors import FormServiceError
from parsers.child_tasks import READ, UNPACK
from parsers.errors import ParseCrashedError
from parsers.fence import Answer, Fence, FenceLimits, fault_named
from parsers.issued import Lend, lend_nothing
from parsers.pagenames import PageNames, take_over
from parsers.readers.legacy import BESIDE, TARGETS
from parsers.reading import FileReading, ReadOptions
from parsers.sniffing import FileFormat
from parsers.together import together
from parsers.tools import sandbox
from parsers.tools.converter import Converter

UNDER_WAY = 64
"""Files that are held beyond those being read: old Office files wait here for a common conversion."""


@dataclass(frozen=True, slots=True)
class Returned:
    """A file that came back: where its bytes are and what its sender called it."""

    path: Path
    name: str
    pictures: str = ""
    """What the pictures of its pages are named after, where an overlay is asked for."""


def read_files(
    paths: Sequence[Path],
    options: ReadOptions,
    *,
    names: Sequence[str] | None = None,
    jobs: int = 1,
    limits: FenceLimits | None = None,
) -> Iterator[FileReading]:
    """Read files, in the order given.

    Args:
        paths: where the files are.
        options: how to read them.
        names: what their senders called them; default is the names of the paths.
        jobs: how many are read at once.
        limits: bounds on each.

    Yields:
        One reading a file, and one an entry of a bundle. What is wrong with a file is in its reading.
    """
    files = [Returned(path, name) for path, name in zip(paths, names or [path.name for path in paths], strict=True)]
    with FencedReader(jobs, limits) as reader:
        for readings in reader.read_all(files, options):
            yield from readings


class FencedReader:
    """Keeps children and converter at hand over many calls: a child that has loaded its engines reads on."""

    def __init__(
        self,
        jobs: int = 1,
        limits: FenceLimits | None = None,
        lend: Lend = lend_nothing,
        *,
        see: Sequence[Path] = (),
    ) -> None:
        """Nothing is started before the first file.

        ``lend`` gives children what we printed, when they saw its mark; ``see`` are further folders they may read.
        """
        self._see = see
        self._jobs = jobs
        self._lend = lend
        self._limits = limits or FenceLimits()
        self._names = PageNames()
        self._open = ExitStack()

    def __enter__(self) -> Self:
        self._fence = self._open.enter_context(Fence(self._jobs, self._limits, see=self._see))
        self._converter = self._open.enter_context(Converter())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()

    def read(self, path: Path, options: ReadOptions, name: str | None = None) -> tuple[FileReading, ...]:
        """The reading of one file, or of each entry of a bundle."""
        return self._read(self._named(Returned(path, name or path.name), options), options)

    def read_all(self, files: Iterable[Returned], options: ReadOptions) -> Iterator[tuple[FileReading, ...]]:
        """The readings of each file, in order; files are taken from ``files`` as there is room."""
        pool = ThreadPoolExecutor(max_workers=self._jobs + UNDER_WAY)
        waiting: deque[Future[tuple[FileReading, ...]]] = deque()
        try:
            for file in files:
                if len(waiting) >= self._jobs + UNDER_WAY:
                    yield waiting.popleft().result()
                waiting.append(pool.submit(self._read, self._named(file, options), options))
            while waiting:
                yield waiting.popleft().result()
        finally:
            pool.shutdown(cancel_futures=True)

    def _read(self, file: Returned, options: ReadOptions) -> tuple[FileReading, ...]:
        digest = _sha256(file.path)
        try:
            answer = self._ask(file, options)
            match (answer.plain or {}).get("todo"), (answer.plain or {}).get("format"):
                case "unpack", _:
                    return tuple(self._read_bundle(file, options))
                case "convert", str(found):
                    answer = self._converted(file, options, FileFormat(found))
                case _:
                    pass
        except FormServiceError as fault:
            return (FileReading.failed(file.name, digest, "", fault, 0.0),)
        return (replace(_reading(file, answer), sha256=digest, seconds=answer.seconds),)

    def _ask(self, file: Returned, options: ReadOptions, beside: Mapping[str, Path] | None = None) -> Answer:
        wishes: dict[str, object] = {"form": options.form, "engine": options.engine, "checked": options.checked}
        wishes["care"] = (options.care.silent_rate, options.care.audit_rate)
        wishes["overlay"] = options.overlay is not None
        wishes["ledger"] = options.ledger.to_plain()
        wishes["units"] = options.units
        wishes["editions"] = None if options.editions is None else str(options.editions)
        if options.overlay is None:
            return self._fence.submit(READ, file.path, file.name, wishes, beside=beside, lend=self._lend).result()
        with sandbox.workspace() as folder:
            asked = self._fence.submit(
                READ, file.path, file.name, wishes, beside=beside, collect=folder, lend=self._lend
            )
            answer = asked.result()
            take_over(folder, options.overlay, file.pictures)
            return answer

    def _named(self, file: Returned, options: ReadOptions) -> Returned:
        return replace(file, pictures=self._names.stem(file.name)) if options.overlay is not None else file

    def _converted(self, file: Returned, options: ReadOptions, found: FileFormat) -> Answer:
        if found not in TARGETS:
            return Answer(fault=ParseCrashedError(pointer=file.name))
        done = self._converter.convert(file.path, TARGETS[found]).result()
        if done.path is None:
            return Answer(fault=done.fault)
        try:
            return self._ask(file, options, {BESIDE: done.path})
        finally:
            done.path.unlink()

    def _read_bundle(self, file: Returned, options: ReadOptions) -> Iterator[FileReading]:
        with sandbox.workspace() as folder:
            answer = self._fence.submit(UNPACK, file.path, file.name, collect=folder).result()
            entries = (answer.plain or {}).get("entries")
            if not isinstance(entries, list):
                raise answer.fault or ParseCrashedError(pointer=file.name)
            good: list[Returned] = []
            for entry in entries:
                name, found = _entry(entry, file, folder)
                if isinstance(found, Path):
                    good.append(Returned(found, name))
                else:
                    yield FileReading.failed(name, "", "", found, 0.0)
            for readings in self.read_all(kept_together(good, folder) if options.together else good, options):
                yield from readings


def kept_together(files: Sequence[Returned], folder: Path) -> list[Returned]:
    """The files, their pictures as the pages of one, which is written into ``folder``."""
    return [Returned(path, name) for path, name in together([(file.path, file.name) for file in files], folder)]


def _entry(entry: object, bundle: Returned, folder: Path) -> tuple[str, Path | FormServiceError]:
    """What a child says of an entry, checked: its name, and its file in ``folder`` or its fault."""
    if not isinstance(entry, dict):
        return bundle.name, ParseCrashedError(pointer=bundle.name)
    name = f"{bundle.name}/{entry.get('name')}"
    path = folder / Path(str(entry.get("file"))).name
    if entry.get("fault") is None and path.is_file():
        return name, path
    return name, fault_named(entry.get("fault")) or ParseCrashedError(pointer=name)


def _reading(file: Returned, answer: Answer) -> FileReading:
    """The child's answer as a reading, if it is one.

    A reading that breaks the shape of the contract is a crash of the child: it may be the file's own writing.
    """
    if answer.plain is None:
        fault = answer.fault or ParseCrashedError(pointer=file.name)
        return FileReading.failed(file.name, "", "", fault, answer.seconds)
    try:
        plain: dict[str, Any] = answer.plain["reading"]
        return replace(FileReading.from_plain(plain), file=file.name)
    except (KeyError, TypeError, ValueError, AttributeError, FormServiceError):
        return FileReading.failed(file.name, "", "", ParseCrashedError(pointer=file.name), answer.seconds)


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
