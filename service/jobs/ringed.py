"""Workers that are told of jobs by a broker, through Celery; they do what every worker does."""

from __future__ import annotations

import logging
import multiprocessing
import threading
from typing import Any

from celery import Celery, signals

from service.jobs.ringing import BROKER_FAULTS, TASK, Doorbell, make_app, ring_again
from service.jobs.running import InChild
from service.jobs.supervising import outlive
from service.jobs.sweeping import Sweeper
from service.jobs.watching import PASSING
from service.jobs.worker import run_next
from service.runtime import Runtime, open_runtime
from service.settings import Settings

LOG = logging.getLogger(__name__)
SWEEP_SECONDS = 3.0
_FORK = multiprocessing.get_context("fork")
_SPAWN = multiprocessing.get_context("spawn")


class _Pool:
    """What each process of Celery's pool has: opened after the fork, so that no two share a connection."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._open: tuple[Runtime, InChild, Sweeper] | None = None
        self.stop = _FORK.Event()

    def do(self, identity: str) -> None:
        """Claim the named job, if it is there to be claimed, and do it."""
        runtime, runner, sweeper = self.opened()
        run_next(runtime, self.stop, runner, identity=identity, sweeper=sweeper)

    def opened(self) -> tuple[Runtime, InChild, Sweeper]:
        """The parts of this process."""
        if self._open is None:
            runtime = open_runtime(self._settings)
            Doorbell(self._settings, runtime.database)
            self._open = runtime, InChild(self._settings), Sweeper(runtime)
        return self._open

    def close(self, **_more: object) -> None:
        """Let go of them when the process ends."""
        if self._open is not None:
            runtime, runner, _ = self._open
            runner.close()
            runtime.close()
            self._open = None

    def leave(self, **_more: object) -> None:
        """The worker was told to end: jobs under way are left when their time to drain is over."""
        self.stop.set()


def work_when_rung(settings: Settings, count: int) -> None:
    """Work until told to stop: ``count`` jobs at a time, and a sweeper beside them."""
    open_runtime(settings).close()  # settings, schema and keys are right, or it ends here with its message
    app = make_app(settings)
    pool = _Pool(settings)
    _register(app, pool)
    sweeper = _SPAWN.Process(target=sweep_and_ring, args=(settings,), name="service-sweeper", daemon=True)
    sweeper.start()
    # The signals keep weak references, so the pool's methods live here as long as the worker does
    signals.worker_process_shutdown.connect(pool.close)
    signals.worker_shutting_down.connect(pool.leave)
    worker: Any = app.Worker(
        concurrency=count, pool_cls="prefork", loglevel="INFO", without_gossip=True, without_mingle=True
    )
    try:
        worker.start()
    finally:
        sweeper.terminate()
        sweeper.join()


def _register(app: Celery, pool: _Pool) -> None:
    def job(identity: str) -> None:
        try:
            pool.do(identity)
        except PASSING as fault:
            LOG.warning("job %s cannot be claimed, it will be told of again: %s", identity, fault)

    app.task(job, name=TASK)


def sweep_and_ring(settings: Settings) -> None:
    """Look after jobs that nobody holds, and tell the broker of what it forgot, until the worker ends."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    stop = threading.Event()
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=outlive, args=(parent, stop), name="parent-watch", daemon=True).start()
    runtime = open_runtime(settings)
    app, sweeper = make_app(settings), Sweeper(runtime)
    while not stop.wait(SWEEP_SECONDS):
        try:
            sweeper.sweep()
            ring_again(app, runtime)
        except PASSING as fault:
            LOG.warning("the jobs cannot be looked after: %s", fault)
        except BROKER_FAULTS as fault:
            LOG.warning("the broker cannot be told of jobs: %s", type(fault).__name__)
    runtime.close()
