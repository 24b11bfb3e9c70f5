"""What a running server does beside answering: says how it was started, exports the audit head, watches, clears."""

from __future__ import annotations

import hashlib
import logging
import resource
import threading

from sqlalchemy.exc import SQLAlchemyError

from forms.errors import FormServiceError
from service.audit.chain import record
from service.audit.events import Action, AuditEvent
from service.audit.heads import export_head, heads_file
from service.operations.alerts import Watched, alerts
from service.operations.health import weaknesses
from service.operations.results import clear_results
from service.runtime import Runtime

LOG = logging.getLogger(__name__)
LOOK_SECONDS = 600.0


class Daily:
    """A thread that exports the head once a day, and looks after what is due; end it with :meth:`close`."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._stop = threading.Event()
        self._watched = Watched()
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # no memory of ours is left lying on a disk
        _note_start(runtime)
        self._thread = threading.Thread(target=self._run, name="daily", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End the thread."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                with self._runtime.database.transaction() as connection:
                    export_head(connection, heads_file(self._runtime.settings.data_dir))
                clear_results(self._runtime)
                with self._runtime.database.reading() as connection:
                    began, ended = self._watched.changes(alerts(connection, self._runtime.settings))
                for alert in began:
                    LOG.error("alert %s: %s", alert.code, alert.words)
                for alert in ended:
                    LOG.info("alert over %s", alert.code)
            except (FormServiceError, SQLAlchemyError, OSError):
                LOG.exception("the audit head, files of jobs or alerts could not be seen to; it is tried again")
            self._stop.wait(LOOK_SECONDS)


def _note_start(runtime: Runtime) -> None:
    """Write down that the server was started, under which settings, and log what is unsafe about them."""
    with runtime.database.transaction() as connection:
        weak = weaknesses(connection, runtime.settings)
        digest = hashlib.sha256(repr(runtime.settings).encode()).hexdigest()  # secrets have no part in the repr
        details = {"settings": digest, "weak": "; ".join(weak)}
        record(connection, AuditEvent(Action.CONFIG, "server", "start", count=len(weak), details=details))
    for line in weak:
        LOG.warning("weak: %s", line)
