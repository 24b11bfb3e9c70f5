"""The clock is put forward or back by an hour: no job is thought lost, none is done twice, none waits."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from service.jobs.sweeping import Sweeper
from service.runtime import Runtime
from service.store.jobs import Job, add_job, claim, find_job, finish, keep

LEASE = 1.0
HOUR = 3600.0


class Clock:
    """The clock on the wall, as far as it was put."""

    def __init__(self) -> None:
        self._real, self.put_by = time.time, 0.0

    def __call__(self) -> float:
        return self._real() + self.put_by


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    put = Clock()
    monkeypatch.setattr("service.store.jobs.time.time", put)
    return put


@pytest.fixture
def runtime(make_runtime: Callable[..., Runtime]) -> Runtime:
    return make_runtime(lease_seconds=LEASE)


def claimed(runtime: Runtime) -> Job:
    with runtime.database.transaction() as connection:
        identity = add_job(connection, "read-document", {})
        found = claim(connection, LEASE, identity=identity)
    assert found is not None
    return found


def state(runtime: Runtime, job: Job) -> tuple[str, int]:
    with runtime.database.reading() as connection:
        found = find_job(connection, job.id)
    assert found is not None
    return found.state, found.lost_count


@pytest.mark.parametrize("hours", [1, -1])
def test_a_clock_that_jumps_takes_no_job_from_a_worker_that_beats(runtime: Runtime, clock: Clock, hours: int) -> None:
    sweeper, job = Sweeper(runtime), claimed(runtime)
    sweeper.sweep()
    clock.put_by = hours * HOUR
    sweeper.sweep()
    assert state(runtime, job) == ("running", 0)
    with runtime.database.transaction() as connection:
        assert keep(connection, job, LEASE), "its heartbeat counts after the jump"
    time.sleep(LEASE * 0.6)
    sweeper.sweep()
    assert state(runtime, job) == ("running", 0)
    with runtime.database.transaction() as connection:
        assert claim(connection, LEASE) is None, "nobody else gets it"
        assert finish(connection, job, "done")


@pytest.mark.parametrize("hours", [1, -1])
def test_a_job_whose_worker_died_is_found_after_a_jump_as_well(runtime: Runtime, clock: Clock, hours: int) -> None:
    sweeper, job = Sweeper(runtime), claimed(runtime)
    sweeper.sweep()
    clock.put_by = hours * HOUR
    until = time.monotonic() + 5 * LEASE
    while state(runtime, job)[0] == "running" and time.monotonic() < until:
        sweeper.sweep()
        time.sleep(0.05)
    assert state(runtime, job) == ("queued", 1)


def test_a_job_that_waits_is_due_when_the_clock_was_put_back(runtime: Runtime, clock: Clock) -> None:
    sweeper = Sweeper(runtime)
    with runtime.database.transaction() as connection:
        identity = add_job(connection, "read-document", {})
    sweeper.sweep()
    clock.put_by = -HOUR
    with runtime.database.transaction() as connection:
        assert claim(connection, LEASE) is None
    sweeper.sweep()
    with runtime.database.transaction() as connection:
        found = claim(connection, LEASE)
    assert found is not None
    assert found.id == identity
