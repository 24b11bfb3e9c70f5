"""The worker: claims a job, has it done, and ends it in one transaction with its effect."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from forms.errors import FormServiceError
from service.audit.events import Action
from service.audit.noting import note_job
from service.jobs.running import Ending, Here, Runner
from service.jobs.sweeping import Sweeper
from service.jobs.tasks import TASKS, Made, give_up
from service.jobs.watching import PASSING, Stop, Watch
from service.problems import JobDeadError, JobTimedOutError, problem_body
from service.runtime import Runtime
from service.store.jobs import Job, claim, finish, is_last_attempt, note_result, release, retry_later

LOG = logging.getLogger(__name__)
IDLE_SECONDS = (0.2, 2.0)
AWAY_SECONDS = 1.0
UNREADY_SECONDS = 5.0


def run_worker(runtime: Runtime, stop: Stop, runner: Runner) -> None:
    """Work until ``stop`` is set. While the database is away it waits for it."""
    idle = IDLE_SECONDS[0]
    sweeper = Sweeper(runtime)
    while not stop.is_set():
        try:
            if run_next(runtime, stop, runner, sweeper=sweeper):
                idle = IDLE_SECONDS[0]
                continue
        except PASSING as fault:
            LOG.warning("no job can be claimed: %s", fault)
            idle = AWAY_SECONDS
        stop.wait(idle)
        idle = min(idle * 1.5, IDLE_SECONDS[1])


def run_next(
    runtime: Runtime,
    stop: Stop | None = None,
    runner: Runner | None = None,
    *,
    identity: str | None = None,
    sweeper: Sweeper | None = None,
) -> bool:
    """Run one job that is due, or the named one if it is; ``False``: there is none. Without a runner, right here."""
    (sweeper or Sweeper(runtime)).sweep()
    with runtime.database.rows() as connection:
        job = claim(connection, runtime.settings.lease_seconds, kinds=TASKS, identity=identity)
        if job is not None:
            note_job(connection, Action.JOB_START, job)
    if job is None:
        return False
    watch = Watch(runtime, job, stop or threading.Event())
    started = time.monotonic()
    with watch.kept():
        ending = (runner or Here()).run(watch)
        _persist(watch, lambda: _end(watch, ending))
    if ending.kind == "unready":
        LOG.error("no job can be done here: %s", ending.words)
        watch.stop.wait(UNREADY_SECONDS)
    LOG.info("job %s (%s) %s after %.1f s", job.id, job.kind, ending.kind, time.monotonic() - started)
    return True


def _persist(watch: Watch, write: Callable[[], None]) -> None:
    """Write how it ended; while the database is away or full, wait for it as long as the job is ours."""
    while True:
        try:
            write()
        except PASSING as fault:
            LOG.warning("the end of job %s cannot be stored yet: %s", watch.job.id, fault)
            if watch.lost.is_set() or watch.stop.wait(AWAY_SECONDS):
                return  # its lease brings it back
        else:
            return


def _end(watch: Watch, ending: Ending) -> None:
    job, database = watch.job, watch.runtime.database
    if ending.made is not None:
        _store(watch, ending.made)
    elif isinstance(ending.fault, PASSING):
        with database.rows() as connection:
            retry_later(connection, job, problem_body(ending.fault), watch.runtime.settings.pauses, counts=False)
    elif ending.fault is not None:
        _give_up(watch, ending.fault, "failed")
    elif ending.kind == "timed_out":
        LOG.error("job %s (%s) took longer than it may", job.id, job.kind)
        _give_up(watch, JobTimedOutError(), "timed_out")
    elif ending.kind in {"stopped", "unready"}:
        with database.rows() as connection:
            release(connection, job)
    else:
        LOG.error("job %s (%s) broke off: %s", job.id, job.kind, ending.words)
        _try_again(watch)


def _store(watch: Watch, made: Made) -> None:
    task = TASKS[watch.job.kind]
    try:
        ready = task.ready(watch.runtime, watch.job, made)
        with watch.runtime.database.transaction() as connection:
            if finish(connection, watch.job, "done"):
                result = task.store(watch.runtime, connection, watch.job, ready)
                note_result(connection, watch.job, result)
                note_job(connection, Action.JOB_END, watch.job, "done")
    except PASSING:
        raise
    except FormServiceError as fault:
        _give_up(watch, fault, "failed")
    except Exception:  # a worker outlives every job, and the job says that it failed
        LOG.exception("what job %s (%s) made could not be stored", watch.job.id, watch.job.kind)
        _try_again(watch)


def _try_again(watch: Watch) -> None:
    """After a pause, or never."""
    job, pauses = watch.job, watch.runtime.settings.pauses
    if is_last_attempt(job, pauses):
        LOG.error("job %s (%s) is dead: %d attempts failed", job.id, job.kind, job.attempt + 1)
        _give_up(watch, JobDeadError(), "dead")
        return
    with watch.runtime.database.rows() as connection:
        retry_later(connection, job, problem_body(FormServiceError()), pauses)


def _give_up(watch: Watch, fault: FormServiceError, state: str) -> None:
    job: Job = watch.job
    with watch.runtime.database.transaction() as connection:
        if finish(connection, job, state, problem=problem_body(fault)):
            give_up(connection, job, fault)
            note_job(connection, Action.JOB_END, job, state)
