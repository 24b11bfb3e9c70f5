"""The worker: claims a job, keeps its lease alive, runs it, and ends it in one transaction with its effect."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass, field

from forms.errors import FormServiceError
from service.jobs.tasks import TASKS, Outcome, StoppedError, Tell
from service.problems import JobDeadError, problem_body
from service.runtime import Runtime
from service.store.jobs import Job, bury, claim, finish, is_last_attempt, keep, release, retry_later

LOG = logging.getLogger(__name__)
BEATS_A_LEASE = 4
TELL_SECONDS = 0.5
IDLE_SECONDS = (0.2, 2.0)


@dataclass
class _Running:
    """A job under way: ``lost`` is set once it is no longer ours, ``stop`` when the worker is to end."""

    runtime: Runtime
    job: Job
    stop: threading.Event
    lost: threading.Event = field(default_factory=threading.Event)
    ended: threading.Event = field(default_factory=threading.Event)

    def beat(self) -> None:
        """Prolong the lease until the job has ended."""
        lease = self.runtime.settings.lease_seconds
        while not self.ended.wait(lease / BEATS_A_LEASE):
            with self.runtime.database.transaction() as connection:
                if not keep(connection, self.job, lease):
                    self.lost.set()
                    return


def run_worker(runtime: Runtime, stop: threading.Event) -> None:
    """Work until ``stop`` is set; a job that tells its progress is left then and run again by the next worker."""
    idle = IDLE_SECONDS[0]
    while not stop.is_set():
        if run_next(runtime, stop):
            idle = IDLE_SECONDS[0]
        else:
            stop.wait(idle)
            idle = min(idle * 1.5, IDLE_SECONDS[1])


def run_next(runtime: Runtime, stop: threading.Event | None = None) -> bool:
    """Run one job that is due; ``False`` when there is none."""
    with runtime.database.transaction() as connection:
        for dead in bury(connection, problem_body(JobDeadError())):
            LOG.error("job %s (%s) took its worker with it %d times", dead.id, dead.kind, dead.lost_count + 1)
            TASKS[dead.kind].give_up(connection, dead, JobDeadError())
        job = claim(connection, runtime.settings.lease_seconds)
    if job is None:
        return False
    running = _Running(runtime, job, stop or threading.Event())
    beating = threading.Thread(target=running.beat, name=f"lease-{job.id}", daemon=True)
    beating.start()
    started = time.monotonic()
    try:
        _run(running)
    finally:
        running.ended.set()
        beating.join()
    LOG.info("job %s (%s) ended after %.1f s", job.id, job.kind, time.monotonic() - started)
    return True


def _run(running: _Running) -> None:
    runtime, job = running.runtime, running.job
    try:
        _finish(running, TASKS[job.kind].run(runtime, job, _teller(running)))
    except StoppedError:
        with runtime.database.transaction() as connection:
            release(connection, job)
    except FormServiceError as fault:
        _give_up(running, fault, "failed")
    except Exception:  # the one broad handler: a worker outlives every job, and the job says that it failed
        LOG.exception("job %s (%s) failed", job.id, job.kind)
        if is_last_attempt(job):
            _give_up(running, JobDeadError(), "dead")
            return
        with runtime.database.transaction() as connection:
            retry_later(connection, job, problem_body(FormServiceError()))


def _finish(running: _Running, outcome: Outcome) -> None:
    with running.runtime.database.transaction() as connection:
        if finish(connection, running.job, "done", result=outcome.result):
            outcome.store(connection, running.job)


def _give_up(running: _Running, fault: FormServiceError, state: str) -> None:
    job = running.job
    with running.runtime.database.transaction() as connection:
        if finish(connection, job, state, problem=problem_body(fault)):
            TASKS[job.kind].give_up(connection, job, fault)


def _teller(running: _Running) -> Tell:
    """How a task tells where it is, at most twice a second."""
    last = [0.0]

    def tell(done: int, total: int, stage: str) -> None:
        if running.lost.is_set() or running.stop.is_set():
            raise StoppedError
        now = time.monotonic()
        if now - last[0] < TELL_SECONDS and done < total:
            return
        last[0] = now
        with running.runtime.database.transaction() as connection:
            ours = keep(
                connection, running.job, running.runtime.settings.lease_seconds, done=done, total=total, stage=stage
            )
        if not ours:
            raise StoppedError

    return tell
