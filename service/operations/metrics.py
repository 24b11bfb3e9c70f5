"""Figures for Prometheus: requests, jobs, documents, disk. No label names a person, a unit or a file."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import Connection, func, select

from service.operations.alerts import CODES, alerts
from service.runtime import Runtime
from service.settings import Settings
from service.store.tables import documents, jobs, submissions

SECONDS = (0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 30.0)


class Metrics:
    """The figures of one application."""

    def __init__(self, runtime: Runtime) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "service_requests", "Answered requests.", ("route", "method", "status"), registry=self._registry
        )
        self._seconds = Histogram(
            "service_request_seconds", "Seconds until an answer.", ("route",), buckets=SECONDS, registry=self._registry
        )
        self._registry.register(_OfStore(runtime))

    def count(self, route: str, method: str, status: int, seconds: float) -> None:
        """A request was answered; ``route`` is its pattern, never its path."""
        self._requests.labels(route, method, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def text(self) -> bytes:
        """All figures in the text format."""
        return generate_latest(self._registry)


class _OfStore(Collector):
    """What the database and the disk say at the moment of asking."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    def collect(self) -> Iterator[GaugeMetricFamily]:
        with self._runtime.database.reading() as connection:
            yield from (_jobs(connection), _queue_age(connection), _documents(connection))
            yield _alerts(connection, self._runtime.settings)
        disk = GaugeMetricFamily("service_disk_free_bytes", "Bytes free where the data folder is.")
        disk.add_metric((), shutil.disk_usage(self._runtime.settings.data_dir).free)
        yield disk

    def describe(self) -> Iterator[GaugeMetricFamily]:
        """Nothing is asked of the database to register."""
        return iter(())


def _jobs(connection: Connection) -> GaugeMetricFamily:
    found = GaugeMetricFamily("service_jobs", "Jobs by kind and state.", labels=("kind", "state"))
    query = select(jobs.c.kind, jobs.c.state, func.count()).group_by(jobs.c.kind, jobs.c.state)
    for kind, state, count in connection.execute(query):
        found.add_metric((kind, state), count)
    return found


def _alerts(connection: Connection, settings: Settings) -> GaugeMetricFamily:
    found = GaugeMetricFamily("service_alert", "1 for what somebody should look at now.", labels=("code",))
    held = {alert.code for alert in alerts(connection, settings)}
    for code in CODES:
        found.add_metric((code,), float(code in held))
    return found


def _queue_age(connection: Connection) -> GaugeMetricFamily:
    now = time.time()
    waiting = jobs.c.state.in_(("queued", "retry_wait")) & (jobs.c.run_at <= now)
    oldest = connection.execute(select(func.min(jobs.c.run_at)).where(waiting)).scalar_one()
    found = GaugeMetricFamily("service_queue_age_seconds", "How long the oldest due job has been waiting.")
    found.add_metric((), 0.0 if oldest is None else max(0.0, now - oldest))
    return found


def _documents(connection: Connection) -> GaugeMetricFamily:
    state = func.coalesce(submissions.c.state, documents.c.state)
    joined = documents.outerjoin(submissions, submissions.c.document_id == documents.c.id)
    found = GaugeMetricFamily("service_documents", "Documents by state.", labels=("state",))
    for name, count in connection.execute(select(state, func.count()).select_from(joined).group_by(state)):
        found.add_metric((name,), count)
    return found
