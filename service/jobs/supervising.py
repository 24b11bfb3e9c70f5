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
RESTART_SECONDS = 1.0
_SPAWN = multiprocessing.get_context("spawn")


class Crew:
    """So many workers, each a process of its own; one that ends is replaced, and its job run again."""

    def __init__(self, settings: Settings, count: int) -> None:
        self._settings = settings
        self._stop = threading.Event()
        self._workers = [_start(settings) for _ in range(count)]
        self._watching = threading.Thread(target=self._watch, name="worker-supervisor", daemon=True)
        self._watching.start()

    def _watch(self) -> None:
        while not self._stop.wait(RESTART_SECONDS):
            for number, worker in enumerate(self._workers):
                if not worker.is_alive() and not self._stop.is_set():
                    LOG.warning("a worker ended with %s and is started again", worker.exitcode)
                    self._workers[number] = _start(self._settings)

    def close(self) -> None:
        """Ask them to end, and end those that do not within their time."""
        self._stop.set()
        self._watching.join()
        for worker in self._workers:
            worker.terminate()
        until = time.monotonic() + DRAIN_SECONDS + 1
        for worker in self._workers:
            worker.join(max(0.0, until - time.monotonic()))
            worker.kill()
            worker.join()


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
