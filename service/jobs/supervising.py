"""Worker processes, kept alive as many as are wanted."""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import threading
import time
from multiprocessing.context import SpawnProcess
from multiprocessing.process import BaseProcess

from service.jobs.running import InChild
from service.jobs.worker import run_worker
from service.logs import set_up_logging
from service.problems import Exit
from service.runtime import open_runtime
from service.settings import Settings

LOG = logging.getLogger(__name__)
DRAIN_SECONDS = 30.0
RESTART_SECONDS, MOST_RESTART_SECONDS = 1.0, 15.0
"""Seconds until a worker that ended is started again: the more of them ended young one after the other, the more."""
YOUNG_SECONDS = 10.0
"""A worker that ends younger than this may do so for ever: its data folder is gone, or from a newer program."""
_SPAWN = multiprocessing.get_context("spawn")


class Crew:
    """So many workers, each a process of its own; one that ends is replaced, and its job run again."""

    def __init__(self, settings: Settings, count: int) -> None:
        self._stop = threading.Event()
        self._places = [Place(settings) for _ in range(count)]
        self._watching = threading.Thread(target=self._watch, name="worker-supervisor", daemon=True)
        self._watching.start()

    def _watch(self) -> None:
        while not self._stop.wait(RESTART_SECONDS):
            for place in self._places:
                if not self._stop.is_set():
                    place.look(time.monotonic())

    def close(self) -> None:
        """Ask them to end, and end those that do not within their time."""
        self._stop.set()
        self._watching.join()
        workers = [place.worker for place in self._places]
        for worker in workers:
            worker.terminate()
        until = time.monotonic() + DRAIN_SECONDS + 1
        for worker in workers:
            worker.join(max(0.0, until - time.monotonic()))
            worker.kill()
            worker.join()


class Place:
    """The place of one worker, which is never empty for long."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._young = 0
        self._due: float | None = None
        self._begun = time.monotonic()
        self.worker = _start(settings)

    def look(self, now: float) -> None:
        """Start another worker where the last one ended, at once or, where several ended young, a while after."""
        if self.worker.is_alive():
            return
        if self._due is None:
            self._young = self._young + 1 if now - self._begun < YOUNG_SECONDS else 0
            wait = restart_after(self._young)
            self._due = now + wait
            LOG.warning("a worker ended with %s and is started again in %.0f s", self.worker.exitcode, wait)
        if now >= self._due:
            self._due, self._begun = None, now
            self.worker = _start(self._settings)


def restart_after(young: int) -> float:
    """Seconds to wait after so many workers of one place in a row ended young."""
    return 0.0 if young <= 1 else min(MOST_RESTART_SECONDS, RESTART_SECONDS * 2 ** (young - 1))


def work(settings: Settings) -> None:
    """One worker's life: until told to stop, or until the process that started it is gone."""
    set_up_logging()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: drain(stop))
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=outlive, args=(parent, stop), name="parent-watch", daemon=True).start()
    runtime = open_runtime(settings)
    try:
        with InChild(settings) as runner:
            run_worker(runtime, stop, runner)
    finally:
        runtime.close()


def drain(stop: threading.Event) -> None:
    """Let the job under way finish, but not for longer than :data:`DRAIN_SECONDS`; its lease brings it back."""
    if stop.is_set():
        return
    stop.set()
    last = threading.Timer(DRAIN_SECONDS, os._exit, (Exit.INTERRUPTED,))
    last.daemon = True
    last.start()


def _start(settings: Settings) -> SpawnProcess:
    process = _SPAWN.Process(target=work, args=(settings,), name="service-worker")
    process.start()
    return process


def outlive(parent: BaseProcess, stop: threading.Event) -> None:
    """Wait for the end of the process that started this one, and end then."""
    parent.join()
    drain(stop)
