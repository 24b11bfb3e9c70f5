"""The job table: the database is the truth of what must be done (security design §5.3).

A job is claimed with a lease and a token. Only the holder of the token can end it, so a worker that was thought dead
and comes back changes nothing. A job whose worker was lost is run again; one that kills its worker every time ends as
``dead``, its file kept.
"""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, and_, func, insert, or_, select, update

from service.store.tables import jobs, results

LEASE_SECONDS = 60.0
MOST_ATTEMPTS = 3
MOST_LOSSES = 10
BACK_OFF_SECONDS = (10.0, 60.0, 300.0)
ENDED = frozenset({"done", "failed", "dead", "cancelled"})


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of long work as the database knows it."""

    id: str
    kind: str
    arguments: dict[str, Any]
    state: str
    run_at: float
    attempt: int
    lost_count: int
    lease_until: float | None
    token: str | None
    done: int
    total: int
    stage: str
    problem: dict[str, Any] | None
    result: dict[str, Any] | None
    created_at: float
    started_at: float | None
    finished_at: float | None


def add_job(connection: Connection, kind: str, arguments: dict[str, Any], total: int = 1) -> str:
    """A queued job, part of the caller's transaction; returns its id."""
    identity = str(uuid.uuid4())
    now = time.time()
    values = {"id": identity, "kind": kind, "arguments": arguments, "state": "queued", "run_at": now, "total": total}
    connection.execute(insert(jobs).values(created_at=now, **values))
    return identity


def bury(connection: Connection, problem: dict[str, Any]) -> list[Job]:
    """End the jobs that took their worker with them too often; returns them as they were."""
    now = time.time()
    killers = and_(jobs.c.state == "running", jobs.c.lease_until < now, jobs.c.lost_count + 1 >= MOST_LOSSES)
    found = [_job(row) for row in connection.execute(select(jobs).where(killers))]
    for job in found:
        values = {"state": "dead", "problem": problem, "finished_at": now, "lost_count": job.lost_count + 1}
        connection.execute(update(jobs).where(jobs.c.id == job.id).values(lease_until=None, token=None, **values))
    return found


def claim(connection: Connection, lease: float = LEASE_SECONDS) -> Job | None:
    """The next job that is due, or one whose worker was lost, taken under a new token."""
    now = time.time()
    due = and_(jobs.c.state == "queued", jobs.c.run_at <= now)
    lost = and_(jobs.c.state == "running", jobs.c.lease_until < now)
    row = connection.execute(select(jobs).where(or_(due, lost)).order_by(jobs.c.run_at).limit(1)).first()
    if row is None:
        return None
    job = _job(row)
    values = {
        "state": "running",
        "token": str(uuid.uuid4()),
        "lease_until": now + lease,
        "lost_count": job.lost_count + (job.state == "running"),
        "started_at": now,
    }
    connection.execute(update(jobs).where(jobs.c.id == job.id).values(**values))
    return find_job(connection, job.id)


def keep(connection: Connection, job: Job, lease: float = LEASE_SECONDS, **progress: object) -> bool:
    """Heartbeat: a longer lease and, if given, ``done``, ``total``, ``stage``. ``False``: the job is no longer ours."""
    values = {"lease_until": time.time() + lease, **progress}
    return connection.execute(update(jobs).where(_held(job)).values(**values)).rowcount == 1


def finish(
    connection: Connection,
    job: Job,
    state: str,
    *,
    problem: dict[str, Any] | None = None,
    result: dict[str, Any] | None = None,
) -> bool:
    """End the job; ``False`` when it is no longer ours, and then nothing has changed."""
    values = {"state": state, "problem": problem, "result": result, "finished_at": time.time(), "lease_until": None}
    return connection.execute(update(jobs).where(_held(job)).values(**values)).rowcount == 1


def is_last_attempt(job: Job) -> bool:
    """Whether a failure of this run is the end of the job."""
    return job.attempt + 1 >= MOST_ATTEMPTS


def retry_later(connection: Connection, job: Job, problem: dict[str, Any]) -> bool:
    """Back to the queue after a pause that grows with the attempts."""
    attempt = job.attempt + 1
    pause = BACK_OFF_SECONDS[min(attempt, len(BACK_OFF_SECONDS)) - 1]
    values = {"state": "queued", "attempt": attempt, "run_at": time.time() + pause, "problem": problem}
    return connection.execute(update(jobs).where(_held(job)).values(lease_until=None, **values)).rowcount == 1


def release(connection: Connection, job: Job) -> bool:
    """Back to the queue at once, for the worker stops; this counts neither as an attempt nor as a loss."""
    values = {"state": "queued", "lease_until": None, "token": None}
    return connection.execute(update(jobs).where(_held(job)).values(**values)).rowcount == 1


def cancel(connection: Connection, identity: str, problem: dict[str, Any]) -> bool:
    """End a job that has not ended; the worker notices at its next heartbeat. ``False``: it had ended already."""
    values = {"state": "cancelled", "problem": problem, "finished_at": time.time(), "lease_until": None, "token": None}
    where = and_(jobs.c.id == identity, jobs.c.state.in_(("queued", "running")))
    return connection.execute(update(jobs).where(where).values(**values)).rowcount == 1


def find_job(connection: Connection, identity: str) -> Job | None:
    """The job of that id."""
    row = connection.execute(select(jobs).where(jobs.c.id == identity)).first()
    return _job(row) if row else None


def add_result(connection: Connection, job: Job, name: str, sha256: str, size: int) -> None:
    """The file the job made, in the transaction that ends it."""
    connection.execute(insert(results).values(job_id=job.id, name=name, sha256=sha256, size=size))


def find_result(connection: Connection, identity: str) -> tuple[str, str, int] | None:
    """Name, hash and size of the file a job made."""
    row = connection.execute(select(results).where(results.c.job_id == identity)).first()
    return (row.name, row.sha256, row.size) if row else None


def counts(connection: Connection) -> dict[str, int]:
    """How many jobs are in each state."""
    rows = connection.execute(select(jobs.c.state, func.count()).group_by(jobs.c.state))
    return {str(state): int(count) for state, count in rows}


def _held(job: Job) -> Any:  # noqa: ANN401  # an SQL expression
    return and_(jobs.c.id == job.id, jobs.c.state == "running", jobs.c.token == job.token)


def _job(row: Row[Any]) -> Job:
    return Job(**row._mapping)  # noqa: SLF001  # the documented way to a row as a mapping
