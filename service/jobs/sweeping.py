"""Looking after jobs that nobody holds: waiting ones become due, lost ones are queued again, hopeless ones buried."""

from __future__ import annotations

import logging
import threading
import time

from service.jobs.tasks import give_up
from service.problems import JobDeadError, problem_body
from service.runtime import Runtime
from service.store.jobs import bury, now, recover, set_right, wake

LOG = logging.getLogger(__name__)
JUMP_SECONDS = 5.0


class Sweeper:
    """Every worker has one. After a jump of the clock nobody is thought lost until all had time to beat again."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._offset: float | None = None
        self._trusted_from = 0.0
        self._alone = threading.Lock()

    def sweep(self) -> None:
        """Do what is due now."""
        database, settings = self._runtime.database, self._runtime.settings
        with self._alone:
            with database.rows() as connection:
                wake(connection)
                if not self._is_steady(now(connection)):
                    set_right(connection, settings.lease_seconds, max(settings.pauses))
                    return
                if lost := recover(connection):
                    LOG.warning("%d jobs lost their worker and are queued again", lost)
                set_right(connection, settings.lease_seconds, max(settings.pauses))
            with database.transaction() as connection:
                for dead in bury(connection, problem_body(JobDeadError())):
                    LOG.error("job %s (%s) took its worker with it %d times", dead.id, dead.kind, dead.lost_count + 1)
                    give_up(connection, dead, JobDeadError())

    def _is_steady(self, wall: float) -> bool:
        moment = time.monotonic()
        offset, before = wall - moment, self._offset
        self._offset = offset
        if before is not None and abs(offset - before) > JUMP_SECONDS:
            LOG.warning("the clock jumped by %.0f seconds", offset - before)
            self._trusted_from = moment + self._runtime.settings.lease_seconds / 2
        return moment >= self._trusted_from
