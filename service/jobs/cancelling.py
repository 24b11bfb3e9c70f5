"""Stopping a job that nobody wants any more."""

from __future__ import annotations

from service.jobs.tasks import give_up
from service.problems import JobCancelledError, problem_body
from service.runtime import Runtime
from service.store.errors import NotFoundError
from service.store.jobs import Job, cancel, find_job


def cancel_job(runtime: Runtime, identity: str) -> Job:
    """End a job that has not ended, and say so where its result was awaited, in one transaction.

    A worker that has it under way notices at its next heartbeat; what it still brings is not kept.

    Raises:
        NotFoundError: there is no such job.
    """
    with runtime.database.transaction() as connection:
        job = find_job(connection, identity)
        if job is None:
            raise NotFoundError
        fault = JobCancelledError()
        if cancel(connection, identity, problem_body(fault)):
            give_up(connection, job, fault)
        return find_job(connection, identity) or job
