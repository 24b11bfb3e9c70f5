"""The job table as lists for people: who may see which of them, by state, a page at a time."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, func, select

from service.store.jobs import Job
from service.store.records import Within
from service.store.tables import jobs


def count_jobs(connection: Connection, within: Within = None) -> dict[str, int]:
    """How many jobs are in each state, of those that somebody may see."""
    wanted = select(jobs.c.state, func.count()).group_by(jobs.c.state)
    if within is not None:
        wanted = wanted.where(within(jobs.c.id))
    return {str(state): int(count) for state, count in connection.execute(wanted)}


def page_of_jobs(
    connection: Connection, states: Collection[str], page: tuple[int, int], within: Within = None
) -> list[Job]:
    """The jobs in those states that somebody may see, the latest to be run first: how many, from where."""
    limit, offset = page
    wanted = select(jobs).where(jobs.c.state.in_(sorted(states)))
    if within is not None:
        wanted = wanted.where(within(jobs.c.id))
    wanted = wanted.order_by(jobs.c.run_at.desc(), jobs.c.id).limit(limit).offset(offset)
    return [Job(**row._mapping) for row in connection.execute(wanted)]  # noqa: SLF001  # the documented way to a row as a mapping
