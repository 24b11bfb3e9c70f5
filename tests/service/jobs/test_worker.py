"""Jobs: claimed once, run again when lost, ended when they never end."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import update

from service.jobs import worker
from service.jobs.cancelling import cancel_job
from service.jobs.ringing import are_left_lying
from service.operations.arrivals import Arrival
from service.operations.documents import UploadRequest, document_of, take_upload
from service.operations.filling import FillOptions
from service.operations.making import queue_fill
from service.runtime import Runtime
from service.store.jobs import (
    MOST_LOSSES,
    PAUSES,
    Job,
    add_job,
    add_result,
    claim,
    find_job,
    find_result,
    finish,
    keep,
    recover,
)
from service.store.tables import jobs as job_table
from tests.service.making import data_of


@pytest.fixture
def runtime(make_runtime: Callable[..., Runtime]) -> Runtime:
    return make_runtime(lease_seconds=1.0)


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
    _, body = take_upload(runtime.database, [Arrival(name, blob)], UploadRequest(), runtime.settings)
    entry: dict[str, Any] = body["documents"][0]
    return entry


def many_forms(runtime: Runtime, count: int = 400) -> str:
    """A job that takes a while."""
    definition = runtime.catalogue.find("attachment-4")
    data = {**data_of("attachment-4"), "records": data_of("attachment-4")["records"][:1] * count}
    return queue_fill(runtime, definition, json.dumps(data), FillOptions(), count)


def until(is_so: Callable[[], bool], seconds: float = 30) -> None:
    last = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < last
        time.sleep(0.01)


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
        assert recover(connection) == 1
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
            recover(connection)
            assert claim(connection, -1.0) is not None  # a worker that died at once
    assert not worker.run_next(runtime)
    assert job(runtime, entry["job"]).state == "dead"
    document = document_of(runtime.database, entry["id"])
    assert document.state == "failed"
    assert document.reading is not None
    assert document.reading["problem"]["code"] == "job-dead"
    assert runtime.blobs.path(document.sha256).is_file()


def test_a_fault_of_the_program_is_tried_again_later_and_then_no_more(runtime: Runtime) -> None:
    with runtime.reader:
        pass  # a reader that was closed cannot read: no fault of the file
    entry = upload(runtime)
    for attempt in range(len(PAUSES) + 1):
        assert job(runtime, entry["job"]).attempt == attempt
        assert worker.run_next(runtime)
        assert not worker.run_next(runtime), "it waits before it is tried again"
        due_now(runtime, entry["job"])
    assert job(runtime, entry["job"]).state == "dead"
    assert document_of(runtime.database, entry["id"]).state == "failed"


def test_a_known_fault_fails_the_job_at_once_and_its_document_says_so(runtime: Runtime) -> None:
    entry = upload(runtime)
    runtime.blobs.path(entry["sha256"]).unlink()  # lost by the disk
    worker.run_next(runtime)
    found = job(runtime, entry["job"])
    assert found.state == "failed"
    assert found.problem is not None
    assert found.problem["code"] == "not-found"
    reading = document_of(runtime.database, entry["id"]).reading
    assert reading is not None
    assert reading["problem"]["code"] == "not-found"


def test_a_long_job_keeps_its_lease(make_runtime: Callable[..., Runtime]) -> None:
    runtime = make_runtime(lease_seconds=3.0)
    lasted = 0.0
    forms = 1500
    while lasted < runtime.settings.lease_seconds:  # as much work as this machine needs for it
        assert forms <= 24_000, f"{lasted:.1f} s: no job was longer than one lease"
        lasted = seconds_of_job_others_look_for(runtime, many_forms(runtime, forms))
        forms *= 2


def seconds_of_job_others_look_for(runtime: Runtime, identity: str) -> float:
    """How long the job `identity` ran; nobody else got it all the while."""
    first = threading.Thread(target=worker.run_next, args=(runtime,))
    first.start()
    until(lambda: job(runtime, identity).state == "running")
    began = time.monotonic()
    while first.is_alive():
        assert not worker.run_next(runtime), "somebody else was given it"
        time.sleep(0.05)
    found = job(runtime, identity)
    assert (found.state, found.lost_count) == ("done", 0)
    return time.monotonic() - began


def test_a_cancelled_job_is_left_and_stays_cancelled(runtime: Runtime) -> None:
    identity = many_forms(runtime)
    first = threading.Thread(target=worker.run_next, args=(runtime,))
    first.start()
    until(lambda: job(runtime, identity).state == "running")
    assert cancel_job(runtime, identity).state == "cancelled"
    first.join()
    found = job(runtime, identity)
    assert (found.state, found.result) == ("cancelled", None)
    assert found.done < found.total
    with runtime.database.transaction() as connection:
        assert find_result(connection, identity) is None


def test_a_worker_that_is_stopped_gives_its_job_back_uncounted(runtime: Runtime) -> None:
    identity = upload(runtime)["job"]
    stop = threading.Event()
    stop.set()
    worker.run_next(runtime, stop)
    found = job(runtime, identity)
    assert (found.state, found.attempt, found.lost_count) == ("queued", 0, 0)


def test_the_effect_of_a_job_is_stored_with_its_end_or_not_at_all(runtime: Runtime) -> None:
    identity = many_forms(runtime, 2)
    queued = job(runtime, identity)
    with runtime.database.transaction() as connection:  # in the way of what the job will store when it ends
        add_result(connection, queued, "a.zip", "0" * 64, 1)
    worker.run_next(runtime)
    found = job(runtime, identity)
    assert (found.state, found.result) == ("retry_wait", None)
    with runtime.database.transaction() as connection:
        assert find_result(connection, identity) == ("a.zip", "0" * 64, 1)


def test_jobs_that_were_told_of_and_that_nobody_does_are_found_lying(runtime: Runtime) -> None:
    waiting, other = add(runtime), add(runtime)
    assert not are_left_lying(runtime), "nobody was told of them"
    with runtime.database.transaction() as connection:
        connection.execute(update(job_table).where(job_table.c.id == waiting).values(published_at=1.0))
    assert are_left_lying(runtime)
    with runtime.database.transaction() as connection:
        assert claim(connection, 60, identity=other) is not None
    assert not are_left_lying(runtime), "somebody works and will come to it"
