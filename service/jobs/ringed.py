"""Workers that are told of jobs by a broker, through Celery; they do what every worker does."""

from __future__ import annotations

import logging
import multiprocessing
import signal
import threading
import time
from typing import Any

from celery import Celery
from celery import signals as celery_signals

from service.jobs.refusing import Refusals, listener
from service.jobs.ringing import BROKER_FAULTS, TASK, Doorbell, are_left_lying, make_app, ring_again
from service.jobs.running import InChild
from service.jobs.supervising import outlive
from service.jobs.sweeping import Sweeper
from service.jobs.watching import PASSING
from service.jobs.worker import run_next
from service.logs import set_up_logging
from service.runtime import Runtime, open_runtime
from service.settings import Settings

LOG = logging.getLogger(__name__)
SWEEP_SECONDS = 3.0
"""How often jobs that nobody holds are looked after; eight times a lease, where that is more often."""
AWAY_SECONDS = 15.0
"""How long jobs are done without the broker before it is asked for again."""
_SPAWN = multiprocessing.get_context("spawn")


class _Hands:
    """What does the jobs: threads of Celery's pool, each with a child of its own that can be ended at any moment."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._runtime = open_runtime(settings)
        self._mine = threading.local()
        self._all: list[InChild] = []
        self.stop = threading.Event()
        self.refusals = Refusals(self._runtime)
        Doorbell(settings, self._runtime.database)

    def do(self, identity: str) -> None:
        """Claim the named job, if it is there to be claimed, and do it."""
        if not hasattr(self._mine, "parts"):
            self._mine.parts = InChild(self._settings), Sweeper(self._runtime)
            self._all.append(self._mine.parts[0])
        runner, sweeper = self._mine.parts
        run_next(self._runtime, self.stop, runner, identity=identity, sweeper=sweeper)

    def leave(self, **_more: object) -> None:
        """The worker was told to end: jobs under way are left when their time to drain is over."""
        self.stop.set()

    def close(self) -> None:
        """Let go of the children and the database."""
        for runner in self._all:
            runner.close()
        self._runtime.close()


def work_when_rung(settings: Settings, count: int) -> None:
    """Work until told to stop: ``count`` jobs at a time, and a sweeper beside them."""
    # It warns that jobs of a later time cannot be delayed by the broker; ours wait in the database
    logging.getLogger("celery.worker.consumer.delayed_delivery").setLevel(logging.ERROR)
    hands = _Hands(settings)
    app = make_app(settings)
    _register(app, hands)
    sweeper = _SPAWN.Process(target=sweep_and_ring, args=(settings,), name="service-sweeper")
    sweeper.start()
    celery_signals.worker_shutting_down.connect(hands.leave)
    worker: Any = app.Worker(
        concurrency=count,
        pool_cls="threads",
        consumer_cls=listener(TASK, hands.refusals.note),
        loglevel="INFO",
        without_gossip=True,
        without_mingle=True,
    )
    try:
        worker.start()
    finally:
        hands.close()
        sweeper.terminate()
        sweeper.join()


def _register(app: Celery, hands: _Hands) -> None:
    def job(identity: str) -> None:
        try:
            hands.do(identity)
        except PASSING as fault:
            LOG.warning("job %s cannot be claimed, it will be told of again: %s", identity, fault)

    app.task(job, name=TASK)


def sweep_and_ring(settings: Settings) -> None:
    """Look after jobs that nobody holds, and tell the broker of what it forgot, until the worker ends.

    While the broker is away, and until the workers have found it again, which may take half a minute more, this does
    jobs itself, one after the other, as a worker that looks for them.
    """
    set_up_logging()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=outlive, args=(parent, stop), name="parent-watch", daemon=True).start()
    runtime = open_runtime(settings)
    app, sweeper = make_app(settings), Sweeper(runtime)
    with InChild(settings) as runner:
        while not stop.wait(min(SWEEP_SECONDS, settings.lease_seconds / 8)):
            try:
                sweeper.sweep()
                if _is_told(app, runtime) and not are_left_lying(runtime):
                    continue
                until = time.monotonic() + AWAY_SECONDS
                while time.monotonic() < until and run_next(runtime, stop, runner, sweeper=sweeper):
                    pass
            except PASSING as fault:
                LOG.warning("the jobs cannot be looked after: %s", fault)
    runtime.close()


def _is_told(app: Celery, runtime: Runtime) -> bool:
    try:
        ring_again(app, runtime)
    except BROKER_FAULTS as fault:
        LOG.warning("the broker cannot be told of jobs, they are done without: %s", type(fault).__name__)
        return False
    return True
