"""Messages of the broker that are none of ours: put away unread, and written down.

A message of ours is the id of a job, as JSON. Whoever gets at the broker may put anything there; nothing of it is ever
unpickled or executed, nothing but an id reaches the database, and nothing of it is copied into a log.
"""

from __future__ import annotations

import logging
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from celery.worker.consumer import Consumer
from kombu.exceptions import KombuError

from service.audit.chain import record
from service.audit.events import Action, AuditEvent, Result
from service.jobs.watching import PASSING
from service.runtime import Runtime

LOG = logging.getLogger(__name__)
WRITTEN_EVERY = 60.0
"""Seconds between two events: whoever floods the broker does not flood the audit chain."""
CONTENT_TYPE = "application/json"


class Refusals:
    """Counts refused messages, and writes an event of them at once, then at most once a minute."""

    def __init__(self, runtime: Runtime, clock: Callable[[], float] = time.monotonic) -> None:
        self._runtime = runtime
        self._clock = clock
        self._lock = threading.Lock()
        self._count = 0
        self._last: float | None = None

    def note(self, why: str) -> None:
        """One more was refused, for that reason."""
        LOG.error("a message of the broker is none of ours and was refused: %s", why)
        with self._lock:
            self._count += 1
            now = self._clock()
            if self._last is not None and now - self._last < WRITTEN_EVERY:
                return
            event = AuditEvent(Action.MESSAGE, "message", "", Result.REFUSED, self._count, {"why": why})
            try:
                with self._runtime.database.transaction() as connection:
                    record(connection, event)
            except PASSING as fault:
                LOG.warning("that messages were refused is written down later: %s", fault)
                return
            self._count, self._last = 0, now


def is_id(text: object) -> bool:
    """Whether it is an id as jobs have one."""
    try:
        return isinstance(text, str) and str(uuid.UUID(text)) == text
    except ValueError:
        return False


def listener(task: str, refused: Callable[[str], None]) -> type[Consumer]:
    """Celery's consumer of messages, which takes none but ours, and tells ``refused`` why it does not take others.

    Celery by itself looks into messages that are shaped otherwise in its main loop, and one of them ends the worker.
    """

    class Listener(Consumer):  # type: ignore[misc]  # celery has no types
        """What is none of ours is taken off the queue, and nobody else sees it."""

        def create_task_handler(self, **more: Any) -> Callable[[Any], None]:  # noqa: ANN401  # celery's
            handle = super().create_task_handler(**more)

            def take(message: Any) -> None:  # noqa: ANN401  # celery's
                fault = _fault_of(message, task)
                if fault:
                    refused(fault)
                    message.ack()
                    return
                message.headers = _headers(task)
                handle(message)

            return take

        def on_decode_error(self, message: Any, exc: BaseException) -> None:  # noqa: ANN401  # celery's
            refused(type(exc).__name__)
            message.ack()

    return Listener


def _fault_of(message: Any, task: str) -> str:  # noqa: ANN401  # celery's
    """Why a message is none of ours, empty for one that is: that task, the id of a job in JSON, and nothing more."""
    if message.content_type != CONTENT_TYPE:
        return "not JSON"
    if not isinstance(message.headers, Mapping) or message.headers.get("task") != task:
        return "another task"
    try:
        payload = message.payload
    except (KombuError, ValueError, LookupError) as fault:
        return type(fault).__name__
    if not isinstance(payload, list) or len(payload) != len(("args", "kwargs", "embed")):
        return "another shape"
    given, named, more = payload
    is_ours = isinstance(given, list) and len(given) == 1 and is_id(given[0]) and named == {}
    return "" if is_ours and isinstance(more, dict) and not any(more.values()) else "not the id of a job"


def _headers(task: str) -> dict[str, Any]:
    """What Celery is told beside the id: nothing that came with the message."""
    nothing = dict.fromkeys(("eta", "expires", "group", "root_id", "parent_id"))
    return {"task": task, "id": str(uuid.uuid4()), "lang": "py", "retries": 0, "timelimit": [None, None], **nothing}
