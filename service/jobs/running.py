"""Doing a job: in a child process under hard limits, or right here where somebody waits for it."""

from __future__ import annotations

import contextlib
import logging
import multiprocessing
import os
import resource
import signal
import threading
import time
from dataclasses import dataclass
from multiprocessing.connection import wait
from pathlib import Path
from types import TracebackType
from typing import Literal, Protocol, Self

from forms.errors import FormServiceError
from service.jobs.child import Word, serve_jobs
from service.jobs.tasks import TASKS, Made, StoppedError
from service.jobs.watching import Watch
from service.settings import Settings

LOG = logging.getLogger(__name__)
JOBS_A_CHILD = 50
LARGEST_CHILD = 1 << 30
"""Bytes of memory with which a child is replaced after its job."""
START_SECONDS = 120.0
LOOK_SECONDS = 0.2
GRACE_SECONDS = 1.5
CANCEL_SECONDS = 5.0
DRAIN_SECONDS = 20.0
"""How long a job may go on after its worker was told to stop."""
_CHILDREN = multiprocessing.get_context("forkserver")
_CHILDREN.set_forkserver_preload(["service.jobs.child"])


@dataclass(frozen=True, slots=True)
class Ending:
    """How a job went: ``made`` something, a known ``fault``, ``broken`` off, over its time, or ``stopped`` by us.

    ``unready``: the process that was to do it did not even start, for which the job cannot be blamed.
    """

    kind: Literal["made", "fault", "broken", "timed_out", "stopped", "unready"]
    made: Made | None = None
    fault: FormServiceError | None = None
    words: str = ""


class Runner(Protocol):
    """Where jobs are done."""

    def run(self, watch: Watch) -> Ending:
        """Do the job."""
        ...


class Here:
    """In this very thread: for commands that wait, and for tests. Nothing can end it but itself."""

    def run(self, watch: Watch) -> Ending:
        """Do the job; it ends early where it tells its progress and was lost or is to be left."""

        def tell(done: int, total: int, stage: str) -> None:
            if watch.lost.is_set() or watch.stop.is_set():
                raise StoppedError
            watch.tell(done, total, stage)

        try:
            return Ending("made", TASKS[watch.job.kind].run(watch.runtime, watch.job, tell))
        except StoppedError:
            return Ending("stopped")
        except FormServiceError as fault:
            return Ending("fault", fault=fault)
        except Exception as fault:  # a worker outlives every job, and the job says that it failed
            LOG.exception("job %s (%s) failed", watch.job.id, watch.job.kind)
            return Ending("broken", words=type(fault).__name__)


class InChild:
    """In a child that is replaced when it has done fifty jobs, has grown, or had to be ended. A context manager."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._child: _Child | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _fault: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let the child go."""
        if self._child is not None:
            self._child.dismiss()
            self._child = None

    def run(self, watch: Watch) -> Ending:
        """Do the job within its time, as long as it is ours and the worker may go on."""
        if self._child is None or not self._child.process.is_alive():
            self._child = _Child(self._settings)
        child = self._child
        ending = child.do(watch, self._settings.job_seconds)
        if child.is_spent:
            self.close()
        return ending


class _Child:
    def __init__(self, settings: Settings) -> None:
        self.pipe, theirs = _CHILDREN.Pipe()
        self.process = _CHILDREN.Process(target=serve_jobs, args=(settings, theirs), name="service-job")
        self.process.start()
        theirs.close()
        self._jobs = 0
        self._is_ready = False
        self._over = False
        self._limit: threading.Timer | None = None

    @property
    def is_spent(self) -> bool:
        """Whether it should be replaced before the next job."""
        return not self.process.is_alive() or self._jobs >= JOBS_A_CHILD or _resident(self.process.pid) > LARGEST_CHILD

    def do(self, watch: Watch, seconds: float) -> Ending:
        """Hand the job over and wait for its end, for so long and no longer."""
        try:
            if not self._is_ready:
                self._start_clock(START_SECONDS)
                if (early := self._wait(watch)) is not None:
                    return early
                self._is_ready = True
            self._start_clock(seconds)
            self.pipe.send(watch.job)
            self._jobs += 1
            return self._wait(watch) or Ending("broken", words="it answered what was not asked")
        except (EOFError, OSError):
            return self._gone(watch)
        finally:
            if self._limit is not None:
                self._limit.cancel()

    def _start_clock(self, seconds: float) -> None:
        """After that time it is ended from aside: not even a message that never gets complete keeps it alive."""
        if self._limit is not None:
            self._limit.cancel()
        self._limit = threading.Timer(seconds, self._time_is_up)
        self._limit.daemon = True
        self._limit.start()

    def _time_is_up(self) -> None:
        self._over = True
        self._kill(GRACE_SECONDS)

    def _wait(self, watch: Watch) -> Ending | None:
        """How the job ended; ``None`` when the child said that it is ready."""
        last: float | None = None
        while True:
            if self.pipe in wait([self.pipe, self.process.sentinel], LOOK_SECONDS):
                word: Word = self.pipe.recv()
                if word.kind == "told":
                    watch.tell(*word.content)
                else:
                    return _ending(word)
            elif not self.process.is_alive():
                return self._gone(watch)
            if watch.stop.is_set():
                last = last or time.monotonic() + DRAIN_SECONDS
            if watch.lost.is_set() or (last is not None and time.monotonic() > last):
                self.end(CANCEL_SECONDS)
                return Ending("stopped")

    def _gone(self, watch: Watch) -> Ending:
        """It is dead: by us, by somebody who ends all our processes together, or by what it was doing."""
        self.end(GRACE_SECONDS)
        if not self._is_ready:
            return Ending("unready", words=f"its process ended with {self.process.exitcode} before it was ready")
        if self._over:
            return Ending("timed_out")
        if self.process.exitcode in {0, -signal.SIGTERM} and watch.stop.wait(GRACE_SECONDS):
            return Ending("stopped")
        return Ending("broken", words=f"its process ended with {self.process.exitcode}")

    def dismiss(self) -> None:
        """Ask it to end, and end it if it does not."""
        with contextlib.suppress(OSError):
            self.pipe.send(None)
        self.process.join(CANCEL_SECONDS)
        self.end(GRACE_SECONDS)

    def end(self, grace: float) -> None:
        """End it, and close our end of the pipe; for the thread that does the job alone."""
        self._kill(grace)
        self.process.join(grace)
        self.pipe.close()

    def _kill(self, grace: float) -> None:
        """End the whole process group, even where it is inside a native call; what it started dies with it.

        Called from two threads at once when time is up: signals and a look at the sentinel alone, for a pipe that two
        threads close may by then be somebody else's file.
        """
        for number in (signal.SIGTERM, signal.SIGKILL):
            if self.process.pid is not None:
                for send in (os.kill, os.killpg):  # it may not lead its group yet
                    with contextlib.suppress(ProcessLookupError):
                        send(self.process.pid, number)
            wait([self.process.sentinel], grace)


def _ending(word: Word) -> Ending | None:
    if word.kind == "made":
        return Ending("made", word.content)
    if word.kind == "fault":
        return Ending("fault", fault=word.content)
    return Ending("broken", words=word.content) if word.kind == "broken" else None


def _resident(pid: int | None) -> int:
    """Bytes of memory that a process holds."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    except (OSError, IndexError):
        return 0
    return pages * resource.getpagesize()
