"""Files that jobs have made: given out for some days only and then cleared; who needs one again has it made again.

Source: requirement E5 of the security design. What a file was made of stays where it is, and finished parts of packs do
too: the same request gives the same file.
"""

from __future__ import annotations

import logging
import time

from sqlalchemy import Connection, delete, select

from forms.errors import FormServiceError
from service.audit.chain import record
from service.audit.events import Action, AuditEvent
from service.operations.verifying import SETTLING_SECONDS
from service.runtime import Runtime
from service.settings import Settings
from service.store.jobs import Job, find_result
from service.store.references import referenced_files
from service.store.tables import jobs, results

LOG = logging.getLogger(__name__)
DAY = 24 * 3600.0
_FILE = "file"
"""What a job that made a file says of it in its result; it stays when the file goes."""


class ResultExpiredError(FormServiceError):
    """A file that a job made so long ago that it is not given out any more."""

    code = "result-expired"
    zh = "文件生成已超过 {days} 天,不再提供下载,请重新生成"
    en = "Made more than {days} days ago and not given out any more; ask for it again"


def result_of(connection: Connection, settings: Settings, job: Job) -> tuple[str, str] | None:
    """Name and SHA-256 of the file that a job made; ``None`` when it made none (yet).

    Raises:
        ResultExpiredError: its time is over.
    """
    if is_expired(settings, job):
        raise ResultExpiredError(days=settings.result_days)
    found = find_result(connection, job.id)
    return (found[0], found[1]) if found else None


def is_expired(settings: Settings, job: Job) -> bool:
    """Whether the job made a file that is not given out any more."""
    made = job.state == "done" and _FILE in (job.result or {})
    return made and bool(settings.result_days) and (job.finished_at or 0.0) < _oldest(settings)


def clear_results(runtime: Runtime) -> int:
    """Clear the files whose time is over, as far as nothing else speaks of them; returns how many jobs had one."""
    if not runtime.settings.result_days:
        return 0
    old = select(jobs.c.id).where(jobs.c.state == "done", jobs.c.finished_at < _oldest(runtime.settings))
    with runtime.database.reading() as connection:
        found = connection.execute(select(results.c.job_id, results.c.sha256).where(results.c.job_id.in_(old))).all()
    if not found:
        return 0
    with runtime.database.transaction() as connection:
        for row in found:
            connection.execute(delete(results).where(results.c.job_id == row.job_id))
        record(connection, AuditEvent(Action.PURGE, results.name, count=len(found)))
    with runtime.database.reading() as connection:
        wanted = referenced_files(connection)
    settled = time.time() - SETTLING_SECONDS  # a younger one may be on its way into a row
    for sha256 in {row.sha256 for row in found} - wanted.keys():
        if runtime.blobs.kept_at(sha256) < settled:
            runtime.blobs.remove(sha256)
    LOG.info("%d files that jobs made are past their time and were cleared", len(found))
    return len(found)


def _oldest(settings: Settings) -> float:
    return time.time() - settings.result_days * DAY
