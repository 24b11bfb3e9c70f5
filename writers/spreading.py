"""Many forms over the processors of the machine.

The work is handed to processes forked from this one: they share its compiled templates and its jobs, so nothing but
the finished files has to travel. A process with other threads is never forked (a server fills one by one, or leaves
large batches to its worker, which has one thread).
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import islice
from typing import TypeVar

Job = TypeVar("Job")
Result = TypeVar("Result")

WORTHWHILE = 120
"""From how many jobs on more processes are worth their start."""

_WINDOW = 2000
_CHUNK = 20
_FEWEST = 2

_shared: list[tuple[Callable[[object], object], Sequence[object]]] = []
"""What the processes of a running window inherit: the work and its jobs."""


def spread(work: Callable[[Job], Result], jobs: Iterable[Job], *, least: int = WORTHWHILE) -> Iterator[Result]:
    """The results of ``work`` in the order of ``jobs``; the first exception is raised in its place.

    Fewer than ``least`` jobs are not worth more processes.
    """
    waiting = iter(jobs)
    while window := list(islice(waiting, _WINDOW)):
        if len(window) < least or processes() < _FEWEST:
            yield from map(work, window)
        else:
            yield from _forked(work, window)


def beside(work: Callable[[], Result]) -> Callable[[], Result]:
    """Begin ``work`` in a process of its own where that is safe; the answer waits for its result.

    Where it is not, the work is done when its result is asked for.
    """
    if processes() < _FEWEST:
        return work
    pool = ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("fork"))
    _shared.append((lambda _: work(), (None,)))
    try:
        future = pool.submit(_work_on, 0, 1)
    finally:
        _shared.pop()

    def result() -> Result:
        with pool:
            found: list[Result] = future.result()  # type: ignore[assignment]  # the one result of this work
            return found[0]

    return result


def processes() -> int:
    """How many processes may work at once; 1 where forking would be unsafe."""
    if sys.platform != "linux" or threading.active_count() > 1 or multiprocessing.current_process().daemon:
        return 1
    return len(os.sched_getaffinity(0))


def _forked(work: Callable[[Job], Result], jobs: Sequence[Job]) -> Iterator[Result]:
    _shared.append((work, jobs))  # type: ignore[arg-type]  # one job and result type a window
    try:
        size = max(min(_CHUNK, len(jobs) // (processes() * 4)), 1)
        context = multiprocessing.get_context("fork")
        with ProcessPoolExecutor(min(processes(), 8), mp_context=context) as pool:
            futures: list[Future[list[object]]] = [
                pool.submit(_work_on, start, start + size) for start in range(0, len(jobs), size)
            ]
            try:
                for future in futures:
                    yield from future.result()  # type: ignore[misc]  # results of this window's work
            finally:
                for future in futures:
                    future.cancel()
    finally:
        _shared.pop()


def _work_on(start: int, end: int) -> list[object]:
    work, jobs = _shared[-1]
    return [work(job) for job in jobs[start:end]]
