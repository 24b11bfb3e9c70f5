"""A pool of fenced children: each file is parsed in a process that may crash, hang or swell without harm.

A child is started through the sandbox, does up to fifty tasks and is replaced then, or earlier when it has grown. What
it answers is treated as written by the file's sender.
"""

from __future__ import annotations

import logging
import os
import queue
import re
import shutil
import stat
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from forms.errors import FormServiceError
from parsers.errors import ParseCrashedError, ParseTimeoutError, TooComplexError
from parsers.issued import Lend, lend_nothing
from parsers.limits import MIB
from parsers.tools import framing, sandbox

logger = logging.getLogger(__name__)

PROJECT = Path(__file__).parents[1]
CODE_FOLDERS = ("forms", "parsers", "writers", "templates")
"""What of the project a child may see."""
HEAPS = "2"
"""Heaps from which a child's threads take memory: each keeps what was freed in it, and two threads work at a time."""
LARGE, KEPT_FREE = str(4 * MIB), str(512 * MIB)
"""Bytes from which a child's pieces of memory come from the system and go back to it one by one, and those that its
heaps may keep free. Else a heap grows with every page of a long file: what is small and lives on stands amid the room
that whole pages left, and the next, a little larger, find none."""
HEAP_SETTINGS = {"MALLOC_ARENA_MAX": HEAPS, "MALLOC_MMAP_THRESHOLD_": LARGE, "MALLOC_TRIM_THRESHOLD_": KEPT_FREE}
DETAIL_CHARACTERS = 500
DOCUMENT_ID = re.compile(r"[0-9A-Z]{12}")
OUTPUT_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*(\.[A-Za-z0-9]+)?")


@dataclass(frozen=True, slots=True)
class FenceLimits:
    """Bounds on one task and on one child. Times in seconds, memory in bytes.

    A task may take ``base`` and ``each_page`` for every page beyond the first that the child reports. Time in which the
    child stood ready and had no processor does not count, up to ``starved`` times as much as it may take.
    """

    base: float = 120.0
    each_page: float = 20.0
    starved: float = 4.0
    pages: int = 2_000
    tasks: int = 50
    resident: int = 1 << 30
    memory: int = 6 << 30
    file_size: int = 512 * MIB


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a task: the child's answer, or the fault of the file."""

    plain: dict[str, Any] | None = None
    fault: FormServiceError | None = None
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class _Job:
    task: str
    path: Path
    name: str
    options: Mapping[str, object]
    beside: Mapping[str, Path]
    collect: Path | None
    lend: Lend
    future: Future[Answer] = field(default_factory=Future)


class Fence:
    """Children at work, one thread each. Use as a context manager, or call :meth:`close`."""

    def __init__(
        self,
        jobs: int = 1,
        limits: FenceLimits | None = None,
        *,
        see: Sequence[Path] = (),
        search: Sequence[Path] = (PROJECT,),
    ) -> None:
        """Children start when the first task comes.

        Args:
            jobs: how many children work at once.
            limits: bounds on tasks and children.
            see: further folders a child may read.
            search: where a child looks for modules.
        """
        self._limits = limits or FenceLimits()
        self._see = (*sandbox.python_folders(), *(PROJECT / name for name in CODE_FOLDERS), *see)
        self._search = ":".join(str(path) for path in search)
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._threads = [threading.Thread(target=self._work, name=f"fence-{n}", daemon=True) for n in range(jobs)]
        self._started = False
        self._closed = False
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def submit(  # noqa: PLR0913 - the terms of a task, by name
        self,
        task: str,
        path: Path,
        name: str,
        options: Mapping[str, object] | None = None,
        *,
        beside: Mapping[str, Path] | None = None,
        collect: Path | None = None,
        lend: Lend = lend_nothing,
    ) -> Future[Answer]:
        """Give a task to the next free child.

        Args:
            task: a function ``package.module:name`` that takes a :class:`parsers.child.Request`.
            path: the file; the child gets a copy.
            name: what its sender called it.
            options: what the task wants to know, as JSON.
            beside: more files the child gets, under ``path`` with these endings added to its name.
            collect: a folder that gets the files the task leaves in ``Request.output``.
            lend: gives the child a document that we printed, when it has seen its mark.
        """
        job = _Job(task, path, name, options or {}, beside or {}, collect, lend)
        with self._lock:
            if self._closed:
                raise RuntimeError("the fence is closed")
            if not self._started:
                self._started = True
                for thread in self._threads:
                    thread.start()
            self._jobs.put(job)
        return job.future

    def close(self) -> None:
        """Let tasks under way finish, cancel the others, end the children."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
        while not self._jobs.empty():
            job = self._jobs.get()
            if job is not None:
                job.future.cancel()
        for _ in self._threads:
            self._jobs.put(None)
        if self._started:
            for thread in self._threads:
                thread.join()

    def _work(self) -> None:
        """One thread's life: its child is started by it and ended by it, for a child dies with its starter."""
        child: _Child | None = None
        try:
            while (job := self._jobs.get()) is not None:
                if not job.future.set_running_or_notify_cancel():
                    continue
                try:
                    child, answer = self._answer(child, job)
                except OSError as error:  # no room for the copy, no such file: not the child's doing
                    job.future.set_exception(error)
                else:
                    job.future.set_result(answer)
        finally:
            if child is not None:
                child.close()

    def _answer(self, child: _Child | None, job: _Job) -> tuple[_Child | None, Answer]:
        """Do a task, a second time in a new child if the first one died over it."""
        started = time.monotonic()
        fault: FormServiceError = ParseCrashedError(pointer=job.name)
        for _ in range(2):
            try:
                child = child or _Child(self._limits, self._see, self._search)
                answer = child.do(job)
            except framing.ClosedPipeError:
                words = child.last_words() if child else ""
                logger.warning("a fenced child ended over a file: %s", _trace(words))
            except framing.LateMessageError:
                fault = ParseTimeoutError(pointer=job.name)
            except framing.OverlongMessageError:
                fault = TooComplexError(pointer=job.name)
            else:
                if child.is_spent:
                    child.close()
                    child = None
                return child, Answer(answer.plain, answer.fault, time.monotonic() - started)
            if child is not None:
                child.close()
                child = None
            if not isinstance(fault, ParseCrashedError):
                break
        return None, Answer(fault=fault, seconds=time.monotonic() - started)


class _Child:
    """One child process and what it has done so far."""

    def __init__(self, limits: FenceLimits, see: Sequence[Path], search: str) -> None:
        self._limits = limits
        self._done = 0
        self._resident = 0
        self._running = sandbox.start(
            [sys.executable, "-s", "-B", "-m", "parsers.child"],
            limits=sandbox.Limits(memory=limits.memory, file_size=limits.file_size, nice=5),
            read_only=see,
            environment={"PYTHONPATH": search, "PYTHONUTF8": "1", **HEAP_SETTINGS},
        )

    @property
    def is_spent(self) -> bool:
        return self._done >= self._limits.tasks or self._resident > self._limits.resident

    def do(self, job: _Job) -> Answer:
        """Hand over a copy of the file and wait for the answer."""
        folder = self._running.work / f"task-{self._done}"
        self._done += 1
        (folder / "output").mkdir(mode=0o700, parents=True)
        try:
            path = folder / "input"
            shutil.copyfile(job.path, path)
            for ending, source in job.beside.items():
                shutil.copyfile(source, folder / f"input{ending}")
            order = {"task": job.task, "path": str(path), "name": job.name, "options": dict(job.options)}
            framing.send(self._running.stdin, order)
            answer = self._wait(time.monotonic(), partial(_lent, job.lend, folder))
            if job.collect is not None and answer.fault is None:
                _collect(folder / "output", job.collect)
            return answer
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def last_words(self) -> str:
        return self._running.last_words()

    def close(self) -> None:
        self._running.close()

    def _wait(self, started: float, lend: Callable[[str], bool]) -> Answer:
        """The answer, while reports of pages move the deadline and documents that we printed are lent."""
        allowed = self._limits.base
        loans = 0
        before = self._running.waited()

        def deadline() -> float:
            last = started + allowed
            if time.monotonic() < last:
                return last
            return last + min(self._running.waited() - before, self._limits.starved * allowed)

        while True:
            message = framing.receive(self._running.stdout, deadline)
            wanted = message.get("borrow")
            if isinstance(wanted, str) and loans < self._limits.pages:
                loans += 1
                framing.send(self._running.stdin, {"lent": lend(wanted)})
                continue
            pages = message.get("pages")
            if isinstance(pages, int):
                allowed = self._limits.base + self._limits.each_page * min(max(pages - 1, 0), self._limits.pages)
                continue
            memory = message.get("memory")
            self._resident = memory if isinstance(memory, int) else self._limits.resident + 1
            plain = message.get("answer")
            if isinstance(plain, dict):
                return Answer(plain)
            fault = fault_named(message.get("fault"))
            if fault is None:
                raise framing.ClosedPipeError
            return Answer(fault=fault)


def _lent(lend: Lend, folder: Path, document_id: str) -> bool:
    """Put a document that we printed beside the file.

    The id is the child's word, and the folder is the child's to write in: the loan is made up where the child sees
    nothing and moved as a whole, which no link that it may have laid there can turn aside.
    """
    if not DOCUMENT_ID.fullmatch(document_id) or os.path.lexists(folder / document_id):
        return False
    with sandbox.workspace() as private:
        loan = private / document_id
        loan.mkdir(mode=0o700)
        if not lend(document_id, loan):
            return False
        loan.rename(folder / document_id)
    return True


def _collect(output: Path, into: Path) -> None:
    """Take over what a child left, plain files of plain names only: a link could lead anywhere."""
    into.mkdir(parents=True, exist_ok=True)
    for entry in sorted(output.iterdir()):
        found = entry.lstat()
        if stat.S_ISREG(found.st_mode) and found.st_nlink == 1 and OUTPUT_NAME.fullmatch(entry.name):
            shutil.move(entry, into / entry.name)


def _trace(words: str) -> str:
    """Where a child's last trace ended and with what kind of exception, without values: those may be personal data."""
    places = [line.strip() for line in words.splitlines() if line.startswith("  File ")]
    kinds = [line.partition(":")[0] for line in words.splitlines() if line[:1].isalpha() and "Error" in line]
    return " | ".join([*places[-1:], *kinds[-1:]]) or "no trace"


def fault_named(message: object) -> FormServiceError | None:
    """The fault that a child names by code and detail, if it is one we know and the detail fits its sentence."""
    if not isinstance(message, dict) or not isinstance(detail := message.get("detail"), dict):
        return None
    pointer = message.get("pointer")
    place = None if pointer is None else str(pointer)[:DETAIL_CHARACTERS]
    texts = {str(key): str(value)[:DETAIL_CHARACTERS] for key, value in detail.items() if key != "pointer"}
    for kind in _kinds_of_fault(FormServiceError):
        if kind.code == message.get("code"):
            fault = kind(pointer=place, **texts)
            try:
                fault.message_zh, fault.message_en  # noqa: B018 - asked for, to see whether they can be told
            except KeyError:
                continue
            return fault
    return None


def _kinds_of_fault(base: type[FormServiceError]) -> Iterator[type[FormServiceError]]:
    """All kinds with a code of their own; two may share one."""
    if "code" in vars(base):
        yield base
    for kind in base.__subclasses__():
        yield from _kinds_of_fault(kind)
