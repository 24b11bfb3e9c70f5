"""The worker: claims a job, keeps its lease alive, runs it, and ends it in one transaction with its effect."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from forms.errors import FormServiceError
from service.api.problem_json import problem_body
from service.jobs.tasks import TASKS, Outcome
from service.runtime import Runtime
from service.store.jobs import Job, claim, finish, keep, retry_later

LOG = logging.getLogger(__name__)
HEARTBEAT_SECONDS = 15.0
IDLE_SECONDS = (0.2, 2.0)


@dataclass
class _Heart:
    """Prolongs the lease of a running job; ``lost`` is set once the job is no longer ours."""

    runtime: Runtime
    job: Job
    lost: threading.Event
    stop: threading.Event

    def beat(self) -> None:
        while not self.stop.wait(HEARTBEAT_SECONDS):
            with self.runtime.database.transaction() as connection:
                if not keep(connection, self.job):
                    self.lost.set()
                    return


def run_worker(runtime: Runtime, stop: threading.Event) -> None:
    """Work until ``stop`` is set; a job under way is finished first."""
    idle = IDLE_SECONDS[0]
    while not stop.is_set():
        if run_next(runtime):
            idle = IDLE_SECONDS[0]
        else:
            stop.wait(idle)
            idle = min(idle * 1.5, IDLE_SECONDS[1])


def run_next(runtime: Runtime) -> bool:
    """Run one job that is due; ``False`` when there is none."""
    with runtime.database.transaction() as connection:
        job = claim(connection)
    if job is None:
        return False
    heart = _Heart(runtime, job, threading.Event(), threading.Event())
    beating = threading.Thread(target=heart.beat, name=f"lease-{job.id}", daemon=True)
    beating.start()
    try:
        _run(runtime, job, heart.lost)
    finally:
        heart.stop.set()
        beating.join()
    return True


def _run(runtime: Runtime, job: Job, lost: threading.Event) -> None:
    started = time.monotonic()
    try:
        outcome = TASKS[job.kind](runtime, job, _progress(runtime, job, lost))
    except FormServiceError as fault:
        _fail(runtime, job, fault)
    except Exception:  # the one broad handler: a worker outlives every job, and the job says that it failed
        LOG.exception("job %s (%s) failed", job.id, job.kind)
        with runtime.database.transaction() as connection:
            retry_later(connection, job, problem_body(FormServiceError()))
    else:
        _finish(runtime, job, outcome)
    LOG.info("job %s (%s) ended after %.1f s", job.id, job.kind, time.monotonic() - started)


def _finish(runtime: Runtime, job: Job, outcome: Outcome) -> None:
    with runtime.database.transaction() as connection:
        if finish(connection, job, "done", result=outcome.result):
            outcome.store(connection, job)


def _fail(runtime: Runtime, job: Job, fault: FormServiceError) -> None:
    with runtime.database.transaction() as connection:
        finish(connection, job, "failed", problem=problem_body(fault))


def _progress(runtime: Runtime, job: Job, lost: threading.Event) -> Callable[[int, int, str], bool]:
    """How a task tells where it is, at most twice a second; ``False`` says that it must stop."""
    last = [0.0]

    def tell(done: int, total: int, stage: str) -> bool:
        if lost.is_set():
            return False
        now = time.monotonic()
        if now - last[0] < 0.5 and done < total:  # noqa: PLR2004  # half a second
            return True
        last[0] = now
        values: dict[str, Any] = {"done": done, "total": total, "stage": stage}
        with runtime.database.transaction() as connection:
            return keep(connection, job, **values)

    return tell
