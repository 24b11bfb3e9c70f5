"""Jobs: claimed once, run again when lost, ended when they never end."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import update

from forms.errors import FormServiceError
from service.jobs import tasks, worker
from service.jobs.tasks import Outcome, StoppedError, Task, Tell
from service.operations.arrivals import Arrival
from service.operations.documents import UploadRequest, document_of, take_upload
from service.runtime import Runtime
from service.store.jobs import MOST_ATTEMPTS, MOST_LOSSES, Job, add_job, cancel, claim, find_job, finish, keep
from service.store.tables import jobs as job_table

RunTask = Callable[[Runtime, Job, Tell], Outcome]


@pytest.fixture
def runtime(make_runtime: Callable[..., Runtime]) -> Runtime:
    return make_runtime(lease_seconds=0.2)


def add(runtime: Runtime, kind: str = "read-document", **arguments: Any) -> str:
    with runtime.database.transaction() as connection:
        return add_job(connection, kind, arguments)


def job(runtime: Runtime, identity: str) -> Job:
    with runtime.database.transaction() as connection:
        found = find_job(connection, identity)
    assert found is not None
    return found


def upload(runtime: Runtime, content: bytes = b"%PDF-1.4 x", name: str = "a.pdf") -> dict[str, Any]:
    blob = runtime.blobs.put([content], 1 << 20)
    _, body = take_upload(runtime.database, [Arrival(name, blob)], UploadRequest())
    entry: dict[str, Any] = body["documents"][0]
    return entry


def behave(monkeypatch: pytest.MonkeyPatch, run: RunTask) -> None:
    kept = tasks.TASKS["read-document"]
    monkeypatch.setitem(tasks.TASKS, "read-document", Task(run, kept.give_up))


def due_now(runtime: Runtime, identity: str) -> None:
    with runtime.database.transaction() as connection:
        connection.execute(update(job_table).where(job_table.c.id == identity).values(run_at=0.0))


def test_a_job_is_claimed_by_one_worker_only(runtime: Runtime) -> None:
    identity = add(runtime)
    with runtime.database.transaction() as connection:
        first, second = claim(connection, 60), claim(connection, 60)
    assert first is not None
    assert first.id == identity
    assert second is None


def test_a_job_whose_worker_went_silent_is_claimed_again_and_the_late_one_changes_nothing(runtime: Runtime) -> None:
    add(runtime)
    with runtime.database.transaction() as connection:
        late = claim(connection, 0.0)
    assert late is not None
    time.sleep(0.01)
    with runtime.database.transaction() as connection:
        again = claim(connection, 60)
        assert again is not None
        assert (again.id, again.lost_count) == (late.id, 1)
        assert not keep(connection, late, 60)
        assert not finish(connection, late, "done")
        assert finish(connection, again, "done")


def test_a_job_that_always_takes_its_worker_with_it_ends_dead_and_its_document_says_so(runtime: Runtime) -> None:
    entry = upload(runtime)
    for _ in range(MOST_LOSSES):
        with runtime.database.transaction() as connection:
            assert claim(connection, -1.0) is not None  # a worker that died at once
    assert not worker.run_next(runtime)
    assert job(runtime, entry["job"]).state == "dead"
    document = document_of(runtime.database, entry["id"])
    assert document.state == "failed"
    assert document.reading is not None
    assert document.reading["problem"]["code"] == "job-dead"
    assert runtime.blobs.path(document.sha256).is_file()


def test_a_fault_of_the_program_is_tried_again_later_and_then_no_more(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> Outcome:
        raise ZeroDivisionError

    behave(monkeypatch, fail)
    entry = upload(runtime)
    for attempt in range(MOST_ATTEMPTS):
        assert job(runtime, entry["job"]).attempt == attempt
        assert worker.run_next(runtime)
        assert not worker.run_next(runtime), "it waits before it is tried again"
        due_now(runtime, entry["job"])
    assert job(runtime, entry["job"]).state == "dead"
    assert document_of(runtime.database, entry["id"]).state == "failed"


def test_a_known_fault_fails_the_job_at_once(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> Outcome:
        raise FormServiceError

    behave(monkeypatch, fail)
    entry = upload(runtime)
    worker.run_next(runtime)
    found = job(runtime, entry["job"])
    assert found.state == "failed"
    assert found.problem is not None
    assert found.problem["code"] == "internal-error"


def test_a_long_job_keeps_its_lease(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(_runtime: Runtime, _job: Job, _tell: Tell) -> Outcome:
        time.sleep(0.7)  # several leases
        return Outcome({"done": True})

    behave(monkeypatch, slow)
    identity = upload(runtime)["job"]
    other = threading.Timer(0.4, lambda: results.append(worker.run_next(runtime)))
    results: list[bool] = []
    other.start()
    assert worker.run_next(runtime)
    other.join()
    assert results == [False]
    assert job(runtime, identity).result == {"done": True}


def test_a_cancelled_job_stops_at_its_next_word_and_stays_cancelled(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[str] = []

    def cancelled_meanwhile(runtime: Runtime, job: Job, tell: Tell) -> Outcome:
        with runtime.database.transaction() as connection:
            cancel(connection, job.id, {})
        try:
            tell(1, 1, "x")
        except StoppedError:
            heard.append("stopped")
            raise
        return Outcome()

    behave(monkeypatch, cancelled_meanwhile)
    identity = upload(runtime)["job"]
    worker.run_next(runtime)
    assert heard == ["stopped"]
    assert job(runtime, identity).state == "cancelled"


def test_a_worker_that_is_stopped_gives_its_job_back_uncounted(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop = threading.Event()

    def told_to_stop(_runtime: Runtime, _job: Job, tell: Tell) -> Outcome:
        stop.set()
        tell(1, 2, "x")
        return Outcome()

    behave(monkeypatch, told_to_stop)
    identity = upload(runtime)["job"]
    worker.run_next(runtime, stop)
    found = job(runtime, identity)
    assert (found.state, found.attempt, found.lost_count) == ("queued", 0, 0)


def test_the_effect_of_a_job_is_stored_with_its_end_or_not_at_all(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = upload(runtime)

    def store(_connection: object, _job: Job) -> None:
        raise ZeroDivisionError

    behave(monkeypatch, lambda *_: Outcome({}, store))
    worker.run_next(runtime)
    assert job(runtime, entry["job"]).state == "queued"
    assert document_of(runtime.database, entry["id"]).state == "received"
