"""Any sequence of steps, by workers that hold a job and by some that only think so, against a model of what is so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule, run_state_machine_as_test
from sqlalchemy import select, update

from service.settings import Settings
from service.store.database import Database
from service.store.jobs import (
    EDGES,
    MOST_LOSSES,
    PAUSES,
    Job,
    add_job,
    bury,
    cancel,
    claim,
    finish,
    is_last_attempt,
    keep,
    recover,
    release,
    requeue,
    retry_later,
    wake,
)
from service.store.tables import jobs
from tests.jobs.contract.backends import new_database

LATER = 4e9
PROBLEM = {"code": "test"}


@dataclass
class Known:
    """What the model knows of a job; ``due``: its pause is over; ``silent``: its lease has run out."""

    state: str = "queued"
    token: str | None = None
    attempt: int = 0
    losses: int = 0
    due: bool = True
    silent: bool = False
    done: int = 0


class Jobs(RuleBasedStateMachine):
    ids = Bundle("ids")
    claims = Bundle("claims")
    database: ClassVar[Database]

    def __init__(self) -> None:
        super().__init__()
        self.model: dict[str, Known] = {}
        with self.database.transaction() as connection:
            connection.execute(jobs.delete())

    def holds(self, job: Job) -> bool:
        known = self.model[job.id]
        return known.state == "running" and known.token == job.token

    @rule(target=ids)
    def add(self) -> str:
        with self.database.transaction() as connection:
            identity = add_job(connection, "kind", {})
        self.model[identity] = Known()
        return identity

    @rule(target=claims, identity=ids)
    def claim(self, identity: str) -> Job | None:
        with self.database.rows() as connection:
            job = claim(connection, LATER, identity=identity)
        known = self.model[identity]
        assert (job is not None) == (known.state == "queued")
        if job is not None:
            assert job.token
            known.state, known.token, known.silent = "running", job.token, False
        return job

    @rule(job=claims, end=st.sampled_from(["done", "failed", "timed_out", "dead"]))
    def finish(self, job: Job | None, end: str) -> None:
        if job is None:
            return
        with self.database.transaction() as connection:
            ours = finish(connection, job, end, problem=None if end == "done" else PROBLEM)
        assert ours == self.holds(job)
        if ours:
            known = self.model[job.id]
            known.state, known.done = end, known.done + (end == "done")
            known.attempt = job.attempt + (end != "done")

    @rule(job=claims, counts=st.booleans())
    def fail(self, job: Job | None, counts: bool) -> None:  # noqa: FBT001  # drawn
        if job is None or is_last_attempt(job):
            return
        with self.database.rows() as connection:
            ours = retry_later(connection, job, PROBLEM, PAUSES, counts=counts)
        assert ours == self.holds(job)
        if ours:
            known = self.model[job.id]
            known.state, known.attempt, known.due = "retry_wait", job.attempt + counts, False

    @rule(job=claims)
    def give_back(self, job: Job | None) -> None:
        if job is None:
            return
        with self.database.rows() as connection:
            ours = release(connection, job)
        assert ours == self.holds(job)
        if ours:
            self.model[job.id].state = "queued"

    @rule(job=claims)
    def beat(self, job: Job | None) -> None:
        if job is None:
            return
        with self.database.rows() as connection:
            assert keep(connection, job, LATER) == self.holds(job)
        if self.holds(job):
            self.model[job.id].silent = False

    @rule(identity=ids)
    def cancel(self, identity: str) -> None:
        known = self.model[identity]
        with self.database.transaction() as connection:
            assert cancel(connection, identity, PROBLEM) == (known.state in {"queued", "running", "retry_wait"})
        if known.state in {"queued", "running", "retry_wait"}:
            known.state = "cancelled"

    @rule(identity=ids)
    def queue_anew(self, identity: str) -> None:
        known = self.model[identity]
        undone = known.state in {"failed", "timed_out", "dead", "cancelled"}
        with self.database.transaction() as connection:
            assert requeue(connection, identity) == undone
        if undone:
            known.state, known.attempt, known.losses = "queued", 0, 0

    @rule(identity=ids)
    def time_passes(self, identity: str) -> None:
        known = self.model[identity]
        with self.database.transaction() as connection:
            mine = update(jobs).where(jobs.c.id == identity)
            if known.state == "running":
                connection.execute(mine.values(lease_until=1.0))
                known.silent = True
            if known.state == "retry_wait":
                connection.execute(mine.values(run_at=1.0))
                known.due = True

    @rule()
    def sweep(self) -> None:
        with self.database.rows() as connection:
            wake(connection)
            recover(connection)
        with self.database.transaction() as connection:
            bury(connection, PROBLEM)
        for known in self.model.values():
            if known.state == "retry_wait" and known.due:
                known.state = "queued"
            elif known.state == "running" and known.silent:
                known.losses += 1
                known.state = "queued" if known.losses < MOST_LOSSES else "dead"

    @rule(job=consumes(claims))
    def forget(self, job: Job | None) -> None:
        """A worker that is gone for good."""

    @invariant()
    def the_database_agrees(self) -> None:
        with self.database.reading() as connection:
            rows = connection.execute(select(jobs)).all()
        assert {row.id for row in rows} == self.model.keys()
        for row in rows:
            known = self.model[row.id]
            assert (row.state, row.attempt, row.lost_count) == (known.state, known.attempt, known.losses)
            assert row.state in EDGES
            assert (row.token is not None) == (row.state == "running")
            assert known.done <= 1, "what is done is done once"


@pytest.fixture(
    scope="module",
    params=[
        pytest.param("sqlite", marks=pytest.mark.xdist_group("jobs-sqlite-delete")),
        pytest.param("postgres", marks=pytest.mark.xdist_group("jobs-postgres")),
    ],
)
def database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    folder: Path = tmp_path_factory.mktemp("states")
    place = Settings(data_dir=folder)
    if request.param == "sqlite":
        opened = Database(folder / "service.db", place.outer_key)
        yield opened
        opened.close()
        return
    opened = Database(new_database(request.getfixturevalue("postgresql")), place.outer_key)
    yield opened
    opened.close()


def test_no_sequence_of_steps_leads_astray(database: Database) -> None:
    bound = type("Bound", (Jobs,), {"database": database})
    run_state_machine_as_test(bound, settings=settings(max_examples=12, stateful_step_count=30))
