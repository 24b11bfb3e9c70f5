"""The doorbell: a broker that tells workers of a job. What must be done stands in the database alone.

A message is the id of a job and nothing else. It may come twice, late or never: whoever gets it claims the row as
everybody does, and :func:`ring_again` tells of rows whose message was lost. A broker that is away costs only time.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Iterator, Sequence

from amqp.exceptions import AMQPError
from celery import Celery
from kombu import Exchange, Queue
from kombu.exceptions import KombuError
from redis.exceptions import RedisError
from sqlalchemy import func, or_, select, update

from service.jobs.tasks import TASKS
from service.jobs.watching import PASSING
from service.runtime import Runtime
from service.settings import Settings
from service.store.database import Database
from service.store.jobs import now
from service.store.tables import jobs

LOG = logging.getLogger(__name__)
TASK = "service.job"
QUEUES = ("ocr", "convert", "fill", "export")
BROKER_FAULTS = (AMQPError, KombuError, RedisError, OSError)
CONNECT_SECONDS = 3
ANSWER_SECONDS = 10
MOST_WAITING = 10_000
PATIENCE_SECONDS = 10.0
"""A job that was told of so long ago, and is queued still, may have to be told of again; half a lease, where less."""
AT_ONCE = 500
GRACE_SECONDS = 30
MOST_DELIVERIES = 20


def make_app(settings: Settings) -> Celery:
    """Celery as the doorbell of that installation: late acknowledgement, one message at a time, JSON, no results.

    Limits of time and memory, and the replacing of processes, are those of :mod:`service.jobs.running`, which are there
    without Celery too. A job goes on when the broker is lost: its row is its own, and nobody else can end it.
    """
    app = Celery("service", broker=settings.broker, set_as_current=False)
    is_amqp = settings.broker.startswith("amqp")
    limit = settings.job_seconds + GRACE_SECONDS
    if is_amqp:
        transport: dict[str, object] = {"confirm_publish": True}
    else:
        times = {"socket_connect_timeout": CONNECT_SECONDS, "socket_timeout": ANSWER_SECONDS}
        transport = {"visibility_timeout": 2 * limit, "socket_keepalive": True, **times}
    kept = {"x-queue-type": "quorum", "x-delivery-limit": MOST_DELIVERIES} if is_amqp else None
    app.conf.update(
        accept_content=["json"],
        broker_connection_max_retries=None,
        broker_connection_retry_on_startup=True,
        broker_connection_timeout=CONNECT_SECONDS,
        broker_heartbeat=ANSWER_SECONDS,
        broker_transport_options=transport,
        task_acks_late=True,
        task_create_missing_queues=False,
        task_default_queue=_named("export"),
        task_ignore_result=True,
        task_queues=[Queue(_named(name), Exchange(""), _named(name), queue_arguments=kept) for name in QUEUES],
        task_reject_on_worker_lost=True,
        task_serializer="json",
        worker_cancel_long_running_tasks_on_connection_loss=False,
        worker_enable_remote_control=False,
        worker_hijack_root_logger=False,
        worker_prefetch_multiplier=1,
    )
    return app


class Doorbell:
    """Rings for jobs once their transaction was kept. It never fails and never waits: a thread of its own publishes."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self._app = make_app(settings)
        self._database = database
        self._waiting: queue.Queue[tuple[str, str]] = queue.Queue(MOST_WAITING)
        database.told = self.ring
        threading.Thread(target=self._publish, name="doorbell", daemon=True).start()

    def ring(self, queued: Sequence[tuple[str, str]]) -> None:
        """Tell of these jobs, by id and kind; of those that find no room :func:`ring_again` tells."""
        for job in queued:
            try:
                self._waiting.put_nowait(job)
            except queue.Full:
                return

    def _publish(self) -> None:
        while True:
            job = self._waiting.get()
            try:
                publish(self._app, self._database, [job])
            except BROKER_FAULTS as fault:
                LOG.warning("the broker cannot be told of jobs, workers will find them: %s", type(fault).__name__)
                self._forget()
            except PASSING as fault:
                LOG.warning("that a job was told of could not be noted: %s", fault)

    def _forget(self) -> None:
        while not self._waiting.empty():
            self._waiting.get_nowait()


def publish(app: Celery, database: Database, queued: Sequence[tuple[str, str]]) -> None:
    """Tell the broker of jobs, by id and kind, having noted when: a worker that is told finds its row free.

    What could not be told of is noted as untold again. Whoever dies in between leaves rows that :func:`ring_again`
    tells of after :data:`PATIENCE_SECONDS`.

    Raises:
        AMQPError, KombuError, RedisError, OSError: it cannot be told.
    """
    known = {identity: kind for identity, kind in queued if kind in TASKS}  # a newer program tells of its own kinds
    untold, moment = _note_told(database, list(known))
    try:
        while untold:
            app.send_task(TASK, args=[untold[-1]], queue=_named(TASKS[known[untold[-1]]].queue), retry=False)
            untold.pop()
    finally:
        if untold:
            with database.rows() as connection:
                mine = (jobs.c.id.in_(untold), jobs.c.state == "queued", jobs.c.published_at == moment)
                connection.execute(update(jobs).where(*mine).values(published_at=None))


def _note_told(database: Database, identities: Sequence[str]) -> tuple[list[str], float]:
    """Note that these jobs are told of now; returns those that wait still, the last one first, and the moment."""
    if not identities:
        return [], 0.0
    with database.rows() as connection:
        moment = now(connection)
        waiting = update(jobs).where(jobs.c.id.in_(identities), jobs.c.state == "queued")
        noted = set(connection.scalars(waiting.values(published_at=moment).returning(jobs.c.id)))
    return [identity for identity in reversed(identities) if identity in noted], moment


def ring_again(app: Celery, runtime: Runtime) -> int:
    """Tell of queued jobs that the broker does not know of; returns of how many.

    Those that nobody told of are told of at once. Beyond that a queue with fewer messages than there are jobs waiting
    for it has lost some: the jobs told of longest ago are told of again.

    Raises:
        AMQPError, KombuError, RedisError, OSError: the broker is away.
    """
    rung = 0
    with app.connection_for_read() as broker:
        channel = broker.default_channel
        for name in QUEUES:
            kinds = [kind for kind, task in TASKS.items() if task.queue == name]
            queue_of = app.amqp.queues[_named(name)]
            depth = int(queue_of(channel).queue_declare(passive=False).message_count)
            missing = list(_missing(runtime, kinds, depth)) if kinds else []
            publish(app, runtime.database, missing)
            rung += len(missing)
    return rung


def _missing(runtime: Runtime, kinds: Sequence[str], depth: int) -> Iterator[tuple[str, str]]:
    with runtime.database.reading() as connection:
        moment = now(connection)
        due = [jobs.c.state == "queued", jobs.c.run_at <= moment, jobs.c.kind.in_(kinds)]
        waiting = connection.execute(select(func.count()).select_from(jobs).where(*due)).scalar_one()
        late = or_(jobs.c.published_at.is_(None), jobs.c.published_at < moment - _patience(runtime.settings))
        query = select(jobs.c.id, jobs.c.kind, jobs.c.published_at).where(*due, late)
        rows = connection.execute(query.order_by(jobs.c.published_at, jobs.c.run_at).limit(AT_ONCE)).all()
    lost = waiting - depth
    for row in sorted(rows, key=lambda row: row.published_at or 0.0):
        if row.published_at is None or lost > 0:
            lost -= 1
            yield row.id, row.kind


def are_left_lying(runtime: Runtime) -> bool:
    """Whether jobs wait that the broker was told of, and nobody is doing any job at all."""
    with runtime.database.reading() as connection:
        moment = now(connection)
        late = jobs.c.published_at < moment - _patience(runtime.settings)
        told = (jobs.c.state == "queued", jobs.c.run_at <= moment, late)
        waits = connection.execute(select(jobs.c.id).where(*told).limit(1)).first() is not None
        works = connection.execute(select(jobs.c.id).where(jobs.c.state == "running").limit(1)).first() is not None
    return waits and not works


def _patience(settings: Settings) -> float:
    return min(PATIENCE_SECONDS, settings.lease_seconds / 2)


def _named(name: str) -> str:
    return f"forms.{name}"
