"""The job table: the database is the truth of what must be done (security design §5.3).

A job is claimed with a lease and a token. Only the holder of the token can end it, so a worker that was thought dead
and comes back changes nothing. The steps a job may take are :data:`EDGES`; the database itself refuses any other.

What fails is tried again after a growing pause, and ends as ``dead`` when that does not help. A job that loses its
worker goes back to the queue at once; these losses are counted apart, for a worker may be lost for reasons of ours.
Times are the database's where it is a server, so that machines need not agree on theirs.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, extract, func, insert, select, update

from service.store.database import QUEUED
from service.store.tables import jobs, results

LEASE_SECONDS = 60.0
PAUSES = (10.0, 60.0, 300.0)
"""Seconds before the first, second … new attempt after a failure; after the last one the job is dead."""
MOST_LOSSES = 10
AT_ONCE = 200
"""Rows that a sweep takes at a time."""
EDGES = {
    "queued": frozenset({"running", "cancelled"}),
    "running": frozenset({"queued", "retry_wait", "done", "failed", "timed_out", "dead", "cancelled"}),
    "retry_wait": frozenset({"queued", "cancelled"}),
    "failed": frozenset({"queued"}),
    "timed_out": frozenset({"queued"}),
    "dead": frozenset({"queued"}),
    "cancelled": frozenset({"queued"}),
    "done": frozenset[str](),
}
"""From each state to where; out of an end a job comes only when a person queues it anew."""
ENDED = frozenset({"done", "failed", "timed_out", "dead", "cancelled"})
LEFT_UNDONE = ENDED - {"done"}


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of long work as the database knows it; ``priority``: the larger goes first."""

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
    priority: int = 0
    published_at: float | None = None

    @property
    def run(self) -> int:
        """Which run this is, or was, counted from one; 0 before the first."""
        return 0 if self.started_at is None else self.attempt + self.lost_count + (self.state in {"running", "done"})


def now(connection: Connection) -> float:
    """Seconds since 1970 on the clock that all share."""
    if connection.dialect.name == "sqlite":
        return time.time()
    return float(connection.execute(select(extract("epoch", func.clock_timestamp()))).scalar_one())


def add_job(connection: Connection, kind: str, arguments: dict[str, Any], total: int = 1, *, priority: int = 0) -> str:
    """A queued job, part of the caller's transaction; returns its id. Whoever rings for it is told after the commit."""
    identity = str(uuid.uuid4())
    moment = now(connection)
    values = {"id": identity, "kind": kind, "arguments": arguments, "state": "queued", "run_at": moment, "total": total}
    connection.execute(insert(jobs).values(created_at=moment, priority=priority, **values))
    connection.info.setdefault(QUEUED, []).append((identity, kind))
    return identity


def claim(
    connection: Connection,
    lease: float = LEASE_SECONDS,
    *,
    kinds: Collection[str] | None = None,
    identity: str | None = None,
) -> Job | None:
    """The next job that is due, or the named one if it is, taken under a new token.

    With ``kinds`` only one of those: what an older program does not know waits for a newer one.
    """
    moment = now(connection)
    due = [jobs.c.state == "queued", jobs.c.run_at <= moment]
    if kinds is not None:
        due.append(jobs.c.kind.in_(kinds))
    if identity is not None:
        due.append(jobs.c.id == identity)
    order = (jobs.c.priority.desc(), jobs.c.run_at)
    row = connection.execute(_locked(select(jobs.c.id).where(*due).order_by(*order).limit(1))).first()
    if row is None:
        return None
    values = {"state": "running", "token": str(uuid.uuid4()), "lease_until": moment + lease, "started_at": moment}
    connection.execute(update(jobs).where(jobs.c.id == row.id).values(finished_at=None, problem=None, **values))
    return find_job(connection, str(row.id))


def keep(connection: Connection, job: Job, lease: float = LEASE_SECONDS, **progress: object) -> bool:
    """Heartbeat: a longer lease and, if given, ``done``, ``total``, ``stage``. ``False``: the job is no longer ours."""
    values = {"lease_until": now(connection) + lease, **progress}
    return connection.execute(update(jobs).where(_held(job)).values(**values)).rowcount == 1


def finish(
    connection: Connection,
    job: Job,
    state: str,
    *,
    problem: dict[str, Any] | None = None,
) -> bool:
    """End the job; ``False`` when it is no longer ours, and then nothing has changed."""
    more: dict[str, Any] = {"done": jobs.c.total} if state == "done" else {"attempt": job.attempt + 1}
    values = {"state": state, "problem": problem, "finished_at": now(connection), **more}
    statement = update(jobs).where(_held(job)).values(lease_until=None, token=None, **values)
    return connection.execute(statement).rowcount == 1


def note_result(connection: Connection, job: Job, result: dict[str, Any]) -> None:
    """What ``GET /jobs/{id}`` shows of a job that was just finished, in the same transaction."""
    connection.execute(update(jobs).where(jobs.c.id == job.id).values(result=result))


def is_last_attempt(job: Job, pauses: Sequence[float] = PAUSES) -> bool:
    """Whether a failure of this run is the end of the job."""
    return job.attempt >= len(pauses)


def retry_later(
    connection: Connection, job: Job, problem: dict[str, Any], pauses: Sequence[float] = PAUSES, *, counts: bool = True
) -> bool:
    """To be tried again after a pause that grows with the attempts; without ``counts`` this was none."""
    values = {
        "state": "retry_wait",
        "attempt": job.attempt + counts,
        "run_at": now(connection) + pauses[min(job.attempt if counts else 0, len(pauses) - 1)],
        "problem": problem,
    }
    statement = update(jobs).where(_held(job)).values(lease_until=None, token=None, **values)
    return connection.execute(statement).rowcount == 1


def release(connection: Connection, job: Job) -> bool:
    """Back to the queue at once, for the worker stops; this counts neither as an attempt nor as a loss."""
    values = {"state": "queued", "lease_until": None, "token": None, "published_at": None}
    return connection.execute(update(jobs).where(_held(job)).values(**values)).rowcount == 1


def cancel(connection: Connection, identity: str, problem: dict[str, Any]) -> bool:
    """End a job that has not ended; the worker notices at its next heartbeat. ``False``: it had ended already."""
    values = {"state": "cancelled", "problem": problem, "finished_at": now(connection)}
    where = and_(jobs.c.id == identity, jobs.c.state.not_in(ENDED))
    return connection.execute(update(jobs).where(where).values(lease_until=None, token=None, **values)).rowcount == 1


def requeue(connection: Connection, identity: str) -> bool:
    """Queue a job anew that ended undone, with all its attempts before it. ``False``: there is no such job."""
    job = find_job(connection, identity)
    values = {"state": "queued", "run_at": now(connection), "attempt": 0, "lost_count": 0, "published_at": None}
    where = and_(jobs.c.id == identity, jobs.c.state.in_(LEFT_UNDONE))
    statement = update(jobs).where(where).values(finished_at=None, problem=None, done=0, stage="", **values)
    if job is None or connection.execute(statement).rowcount != 1:
        return False
    connection.info.setdefault(QUEUED, []).append((identity, job.kind))
    return True


def wake(connection: Connection) -> int:
    """Queue what has waited long enough to be tried again; returns how many."""
    waiting = select(jobs.c.id).where(jobs.c.state == "retry_wait", jobs.c.run_at <= now(connection))
    found = list(connection.scalars(_locked(waiting.limit(AT_ONCE))))
    if found:
        connection.execute(update(jobs).where(jobs.c.id.in_(found)).values(state="queued", published_at=None))
    return len(found)


def recover(connection: Connection) -> int:
    """Queue the jobs whose workers were lost; returns how many. Those lost too often are left to :func:`bury`."""
    lost = _lost(connection).where(jobs.c.lost_count + 1 < MOST_LOSSES)
    found = list(connection.scalars(_locked(lost.limit(AT_ONCE))))
    if found:
        values = {"state": "queued", "lease_until": None, "token": None, "published_at": None}
        statement = update(jobs).where(jobs.c.id.in_(found))
        connection.execute(statement.values(lost_count=jobs.c.lost_count + 1, **values))
    return len(found)


def bury(connection: Connection, problem: dict[str, Any]) -> list[Job]:
    """End the jobs that took their worker with them too often; returns them as they were."""
    hopeless = _lost(connection).where(jobs.c.lost_count + 1 >= MOST_LOSSES).limit(AT_ONCE)
    found = [job for identity in connection.scalars(_locked(hopeless)) if (job := find_job(connection, str(identity)))]
    for job in found:
        values = {"state": "dead", "problem": problem, "finished_at": now(connection), "lost_count": job.lost_count + 1}
        connection.execute(update(jobs).where(jobs.c.id == job.id).values(lease_until=None, token=None, **values))
    return found


def set_right(connection: Connection, lease: float, longest_pause: float) -> int:
    """Bring back to now what lies further ahead than it ever can: the clock was put back. Returns how many rows."""
    moment = now(connection)
    leased = update(jobs).where(jobs.c.state == "running", jobs.c.lease_until > moment + 2 * lease)
    waiting = update(jobs).where(
        jobs.c.state.in_(("queued", "retry_wait")), jobs.c.run_at > moment + 2 * longest_pause + lease
    )
    changed = connection.execute(leased.values(lease_until=moment + lease)).rowcount
    return changed + connection.execute(waiting.values(run_at=moment)).rowcount


def find_job(connection: Connection, identity: str) -> Job | None:
    """The job of that id."""
    row = connection.execute(select(jobs).where(jobs.c.id == identity)).first()
    return _job(row) if row else None


def list_jobs(connection: Connection, states: Collection[str], limit: int = 100) -> list[Job]:
    """The jobs in those states, the latest first."""
    query = select(jobs).where(jobs.c.state.in_(states)).order_by(jobs.c.created_at.desc(), jobs.c.id).limit(limit)
    return [_job(row) for row in connection.execute(query)]


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


def _lost(connection: Connection) -> Select[tuple[str]]:
    return select(jobs.c.id).where(jobs.c.state == "running", jobs.c.lease_until < now(connection))


def _locked(query: Select[Any]) -> Select[Any]:
    """The rows of a query for this transaction alone, past those that another has; on SQLite it is alone anyway."""
    return query.with_for_update(skip_locked=True)


def _held(job: Job) -> Any:  # noqa: ANN401  # an SQL expression
    return and_(jobs.c.id == job.id, jobs.c.state == "running", jobs.c.token == job.token)


def _job(row: Row[Any]) -> Job:
    return Job(**row._mapping)  # noqa: SLF001  # the documented way to a row as a mapping
