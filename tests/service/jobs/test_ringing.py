"""The doorbell: whoever is told of a job finds its row free, and noted as told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from celery import Celery

from service.jobs.ringing import publish
from service.runtime import Runtime
from service.store.jobs import add_job, claim, find_job

KIND = "read-document"


class QuickWorker(Celery):  # type: ignore[misc]  # celery has no types
    """A broker whose worker claims the job before the sender has gone on; told of ``most`` jobs, it is away."""

    def __init__(self, runtime: Runtime, most: int) -> None:
        super().__init__("quick", set_as_current=False)
        self.runtime, self.most = runtime, most
        self.found: list[tuple[bool, bool]] = []

    def send_task(self, name: str, args: list[str] | None = None, **_more: Any) -> None:
        if len(self.found) == self.most:
            raise ConnectionRefusedError
        assert args, name
        with self.runtime.database.rows() as connection:
            job = find_job(connection, args[0])
            noted = job is not None and job.published_at is not None
            self.found.append((noted, claim(connection, 60, identity=args[0]) is not None))


def add(runtime: Runtime, count: int) -> list[tuple[str, str]]:
    with runtime.database.transaction() as connection:
        return [(add_job(connection, KIND, {}), KIND) for _ in range(count)]


def published(runtime: Runtime, identity: str) -> float | None:
    with runtime.database.reading() as connection:
        job = find_job(connection, identity)
    assert job is not None
    return job.published_at


def test_a_worker_that_is_told_of_a_job_finds_it_noted_and_free(make_runtime: Callable[..., Runtime]) -> None:
    runtime = make_runtime()
    app = QuickWorker(runtime, 3)
    publish(app, runtime.database, add(runtime, 3))
    assert app.found == [(True, True)] * 3


def test_what_could_not_be_told_of_is_not_noted(make_runtime: Callable[..., Runtime]) -> None:
    runtime = make_runtime()
    app = QuickWorker(runtime, 1)
    queued = add(runtime, 3)
    with pytest.raises(ConnectionRefusedError):
        publish(app, runtime.database, queued)
    told = [published(runtime, identity) is not None for identity, _ in queued]
    assert (app.found, told) == ([(True, True)], [True, False, False])


def test_a_job_that_somebody_has_is_not_told_of(make_runtime: Callable[..., Runtime]) -> None:
    runtime = make_runtime()
    queued = add(runtime, 2)
    with runtime.database.rows() as connection:
        assert claim(connection, 60, identity=queued[0][0])
    app = QuickWorker(runtime, 2)
    publish(app, runtime.database, [*queued, ("0" * 36, "of-a-newer-program")])
    assert app.found == [(True, True)]
