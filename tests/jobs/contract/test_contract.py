"""What every place of jobs promises, whoever is killed: done once, or ended for a reason, and nothing is lost."""

from __future__ import annotations

import json
import os
import pickle
import signal
import time
import uuid
from pathlib import Path

import pytest
from kombu import Connection
from sqlalchemy import func, select, update
from sqlalchemy.exc import DBAPIError

from service.audit.events import Action
from service.jobs.ringing import TASK
from service.problems import JobCancelledError, problem_body
from service.store.audit_tables import audit_events
from service.store.jobs import EDGES, add_job, cancel, claim, finish, keep, requeue
from service.store.tables import jobs
from tests.jobs.contract.backends import LEASE, LIMIT, Backend, lives

pytestmark = pytest.mark.timeout(180)


def test_many_jobs_are_each_done_once(working: Backend) -> None:
    made = [working.add("ok") for _ in range(25)]
    for identity in made:
        job = working.wait_for(identity, "done")
        assert (job.attempt, job.lost_count, job.result, job.problem) == (0, 0, {"said": "ok"}, None)
        assert (job.done, job.total) == (10, 10)
        assert working.effects(identity) == len(working.runs(identity)) == 1
        assert job.token is None


def test_a_known_fault_ends_the_job_at_once_and_says_so(working: Backend) -> None:
    job = working.wait_for(working.add("fault"), "failed")
    assert job.problem is not None
    assert job.problem["code"] == "data-invalid"
    assert (len(working.runs(job.id)), working.effects(job.id), working.given_up(job.id)) == (1, 0, 1)


def test_a_job_whose_process_dies_is_tried_again(working: Backend) -> None:
    job = working.wait_for(working.add("crash once"), "done")
    assert (job.attempt, job.run, len(working.runs(job.id)), working.effects(job.id)) == (1, 2, 2, 1)


def test_a_job_that_always_kills_its_process_ends_dead_and_can_be_queued_anew(working: Backend) -> None:
    job = working.wait_for(working.add("crash"), "dead")
    assert (job.attempt, len(working.runs(job.id))) == (4, 4)
    assert job.problem is not None
    assert job.problem["code"] == "job-dead"
    assert (working.effects(job.id), working.given_up(job.id)) == (0, 1)
    with working.database.transaction() as connection:
        connection.execute(update(jobs).where(jobs.c.id == job.id).values(arguments={**job.arguments, "act": "ok"}))
        assert requeue(connection, job.id)
    assert working.wait_for(job.id, "done").attempt == 0


def test_a_call_that_nothing_can_interrupt_is_ended_at_its_limit_and_the_next_job_starts(working: Backend) -> None:
    stuck = working.add("native")
    working.wait_for(stuck, "running")
    working.until(lambda: working.runs(stuck) or None)
    after = working.add("ok")
    job = working.wait_for(stuck, "timed_out", seconds=LIMIT + 20)
    run = working.runs(stuck)[-1]  # on a machine that starves the worker its lease may end, and the job begins anew
    assert job.finished_at is not None
    assert LIMIT <= job.finished_at - run["at"] < LIMIT + 4
    assert job.problem is not None
    assert job.problem["code"] == "job-timed-out"
    assert not lives(run["pid"])
    done = working.wait_for(after, "done")
    assert done.started_at is not None
    assert done.started_at - job.finished_at < 5
    assert (working.effects(stuck), working.given_up(stuck)) == (0, 1)


def test_a_job_that_wants_too_much_memory_harms_nobody(working: Backend) -> None:
    job = working.wait_for(working.add("memory"), "dead")
    assert (job.attempt, working.effects(job.id)) == (4, 0)
    assert working.wait_for(working.add("ok"), "done").lost_count == 0


def test_a_cancelled_job_is_ended_and_stays_cancelled(working: Backend) -> None:
    identity = working.add("sleep", seconds=3)
    (run,) = working.until(lambda: working.runs(identity) or None)
    with working.database.transaction() as connection:
        assert cancel(connection, identity, problem_body(JobCancelledError()))
        assert not cancel(connection, identity, problem_body(JobCancelledError()))
    working.until(lambda: not lives(run["pid"]) or None, 20)
    job = working.job(identity)
    assert (job.state, job.result, working.effects(identity)) == ("cancelled", None, 0)
    assert job.done < job.total or job.stage == "睡"


def test_a_job_outlives_its_worker_and_its_process_does_not(working: Backend) -> None:
    identity = working.add("native once")
    (run,) = working.until(lambda: working.runs(identity) or None)
    working.stop_worker(signal.SIGKILL)
    working.until(lambda: not lives(run["pid"]) or None, 5)
    working.start_worker()
    job = working.wait_for(identity, "done", seconds=90)
    assert (job.attempt, job.lost_count, job.run) == (0, 1, 2)
    assert (len(working.runs(identity)), working.effects(identity)) == (2, 1)


def test_a_worker_that_is_asked_to_end_finishes_or_gives_back(working: Backend) -> None:
    short, long = working.add("sleep", seconds=0.5), working.add("sleep", seconds=1)
    working.until(lambda: working.runs(short) or None)
    assert working.stop_worker() < 30
    states = {working.job(identity).state for identity in (short, long)}
    assert states <= {"done", "queued"}
    working.start_worker()
    for identity in (short, long):
        job = working.wait_for(identity, "done")
        assert (job.attempt, job.lost_count, working.effects(identity)) == (0, 0, 1)


def test_one_who_comes_back_too_late_changes_nothing(place: Backend) -> None:
    if place.worker is not None and place.worker.poll() is None:
        place.stop_worker()
    identity = place.add("ok")
    place.until(lambda: place.job(identity).published_at if place.broker else True, 5)
    with place.database.rows() as connection:
        late = claim(connection, 60, identity=identity)
    assert late is not None
    with place.database.rows() as connection:
        assert claim(connection, 60, identity=identity) is None, "it is taken"
        connection.execute(update(jobs).where(jobs.c.id == identity).values(token="another"))
        assert not keep(connection, late, 60)
        assert not finish(connection, late, "done")
    with place.database.transaction() as connection:
        assert cancel(connection, identity, problem_body(JobCancelledError()))


def test_the_database_refuses_every_step_that_no_job_may_take(place: Backend) -> None:
    def put(state: str) -> str:
        with place.database.transaction() as connection:
            identity = add_job(connection, "unknown-kind", {})
        for step in {"running": ["running"], "queued": [], "cancelled": ["cancelled"]}.get(state, ["running", state]):
            held = (
                {"token": "t", "lease_until": time.time() + 600}
                if step == "running"
                else dict.fromkeys(("token", "lease_until"))
            )
            with place.database.transaction() as connection:
                connection.execute(update(jobs).where(jobs.c.id == identity).values(state=step, **held))
        return identity

    for state, following in EDGES.items():
        identity = put(state)
        for then in EDGES.keys() - following - {state}:
            held = {"token": "t", "lease_until": 1.0} if then == "running" else dict.fromkeys(("token", "lease_until"))
            with pytest.raises(DBAPIError, match="job_edges"), place.database.transaction() as connection:
                connection.execute(update(jobs).where(jobs.c.id == identity).values(state=then, **held))
        assert place.job(identity).state == state
    with pytest.raises(DBAPIError), place.database.transaction() as connection:
        connection.execute(update(jobs).where(jobs.c.state == "queued").values(state="running", token=None))


def test_what_a_broker_forgot_is_told_again(ringing: Backend) -> None:
    assert ringing.broker is not None
    ringing.wait_for(ringing.add("ok"), "done")
    os.kill(ringing.broker.pid, signal.SIGSTOP) if ringing.broker.url.startswith("redis") else None
    began = time.monotonic()
    made = [ringing.add("ok") for _ in range(5)]
    assert time.monotonic() - began < 2, "nobody waits for a broker"
    os.kill(ringing.broker.pid, signal.SIGCONT)
    with ringing.database.rows() as connection:  # as if they had been told of, and the messages were gone
        connection.execute(update(jobs).where(jobs.c.id.in_(made), jobs.c.state == "queued").values(published_at=1.0))
    for identity in made:
        assert ringing.wait_for(identity, "done", seconds=60 + LEASE).lost_count == 0
        assert ringing.effects(identity) == 1


class Trap:
    """What runs a command when it is unpickled."""

    def __init__(self, canary: Path) -> None:
        self.canary = canary

    def __reduce__(self) -> tuple[object, ...]:
        return os.mkdir, (str(self.canary),)


def test_what_is_no_message_of_ours_is_put_away_unread_and_written_down(ringing: Backend, tmp_path: Path) -> None:
    assert ringing.broker is not None
    ringing.wait_for(ringing.add("ok"), "done")
    canary = tmp_path / "ran"
    trap = pickle.dumps(Trap(canary))
    pickle.loads(trap)  # noqa: S301  # our own: it does what it says
    canary.rmdir()
    whole = pickle.dumps(([Trap(canary)], {}, {}))
    ours: dict[str, object] = {"task": TASK, "id": str(uuid.uuid4()), "lang": "py", "root_id": None, "parent_id": None}
    pickled, json_type = "application/x-python-serialize", "application/json"
    hostile: list[tuple[object, dict[str, object], str]] = [
        (trap, {}, pickled),
        (whole, ours, pickled),
        (b"\xff{", ours, json_type),
        (b"{", {}, json_type),
        (b"5", ours, json_type),
        (b"null", ours, json_type),
        (b"[[], {}, {}]", {**ours, "task": ["a"]}, json_type),
        (json.dumps([[str(uuid.uuid4())], {}, {}]).encode(), {**ours, "timelimit": "x", "expires": "y"}, json_type),
        (json.dumps([[str(uuid.uuid4())], {}, {"callbacks": [{"task": "x"}]}]).encode(), ours, json_type),
        (b"[[], {}, {}]", {**ours, "task": "os.system"}, json_type),
        (b'[["id"], {}, {}]', ours, json_type),
        (b'[[{"$gt": ""}], {}, {}]', ours, json_type),
        (b'[["a", "b"], {"c": 1}, {}]', ours, json_type),
        (b'{"task": "service.job", "id": "1", "args": ["x"], "kwargs": {}}', {}, json_type),
    ]
    before = _refused(ringing)
    with Connection(ringing.broker.url) as broker:
        for body, headers, kind in hostile:
            more = {"content_type": kind, "content_encoding": "binary" if kind == pickled else "utf-8"}
            broker.Producer().publish(body, routing_key="forms.ocr", headers=headers, **more)
    made = [ringing.add("ok") for _ in range(5)]
    for identity in made:
        assert ringing.wait_for(identity, "done").lost_count == 0
    assert ringing.until(lambda: _refused(ringing) > before or None)
    assert not canary.exists(), "what came in was unpickled"
    assert "Trap" not in ringing.log.read_text(encoding="utf-8"), "nothing of it goes into the log"


def _refused(place: Backend) -> int:
    told = select(func.count()).where(audit_events.c.action == Action.MESSAGE.value)
    with place.database.reading() as connection:
        return int(connection.execute(told).scalar_one())
