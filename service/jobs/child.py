"""The process in which jobs are done: it may be killed at any moment, and nothing is stored from here.

It gets one job after the other through a pipe and answers with progress, what was made, or how it failed. It leads a
process group of its own, which is ended as a whole, and dies with the worker that started it.
"""

from __future__ import annotations

import contextlib
import ctypes
import logging
import os
import resource
import signal
import threading
import time
from dataclasses import dataclass
from multiprocessing import parent_process
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import FrameType
from typing import Any, Literal

from forms.errors import FormServiceError
from service.jobs.tasks import TASKS
from service.logs import set_up_logging
from service.runtime import open_runtime
from service.settings import Settings
from service.store.jobs import Job

PR_SET_PDEATHSIG = 1
NICE = 10
TELL_SECONDS = 0.5
MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Word:
    """What a child says: ``ready`` once, then for each job ``told`` any number of times and one of the others."""

    kind: Literal["ready", "told", "made", "fault", "broken"]
    content: Any = None


def serve_jobs(settings: Settings, pipe: Connection) -> None:
    """The child's life: ends when told so, when the pipe closes, or when it is asked to."""
    os.setsid()
    _die_with_worker()
    _step_back()
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    set_up_logging()
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # no people of a crashed reading are left lying on a disk
    resource.setrlimit(resource.RLIMIT_AS, (settings.job_mib * MIB, hard))  # what it starts may set limits of its own
    runtime = open_runtime(settings)
    try:
        pipe.send(Word("ready"))
        while (job := pipe.recv()) is not None:
            last = [0.0]

            def tell(done: int, total: int, stage: str, last: list[float] = last) -> None:
                if time.monotonic() - last[0] >= TELL_SECONDS or done >= total:
                    last[0] = time.monotonic()
                    pipe.send(Word("told", (done, total, stage)))

            pipe.send(_answer(job, lambda: TASKS[job.kind].run(runtime, job, tell)))  # called at once
    except (EOFError, BrokenPipeError):
        pass
    finally:
        runtime.close()


def _answer(job: Job, work: Any) -> Word:  # noqa: ANN401  # a call without arguments
    try:
        return Word("made", work())
    except FormServiceError as fault:
        return Word("fault", fault)
    except Exception as fault:  # a child outlives every job, and the job says that it failed
        logging.getLogger(__name__).exception("job %s (%s) failed", job.id, job.kind)
        return Word("broken", type(fault).__name__)


def _leave(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)


def _step_back() -> None:
    """Leave the processors to those who answer people.

    Where Linux groups processes by their session (``sched_autogroup_enabled``), niceness counts only among those of one
    session, and the session of this one has to step back as a whole.
    """
    os.nice(NICE)
    with contextlib.suppress(OSError):  # it does not group them, or by something else
        Path("/proc/self/autogroup").write_text(str(NICE), encoding="ascii")


def _die_with_worker() -> None:
    """End when the worker ends, however it ends, and in the midst of a job too.

    The kernel sends a SIGKILL when the server ends that forked this. That one may outlive the worker: it waits for
    everybody who holds the other end of its pipe, and each child does. So a thread waits for the worker itself.
    """
    library = ctypes.CDLL(None, use_errno=True)
    if library.prctl(PR_SET_PDEATHSIG, ctypes.c_ulong(signal.SIGKILL), 0, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl")
    worker = parent_process()
    if worker is None or not worker.is_alive():
        raise SystemExit("the worker has ended")
    threading.Thread(target=_outlive_no_longer, args=(worker,), name="worker-watch", daemon=True).start()


def _outlive_no_longer(worker: BaseProcess) -> None:
    worker.join()
    os.killpg(os.getpid(), signal.SIGKILL)
