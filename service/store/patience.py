"""How long somebody who waits for an answer waits for the database, and what spares the next one the same wait.

Work behind the scenes waits as long as it takes. A request has its :data:`PATIENCE`: a database that takes connections
and says nothing, or whose file another process holds, costs it so many seconds and no more. Once one has waited in vain
those after it are answered at once, but for one every few seconds who tries again.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

import psycopg
from psycopg.abc import RV, PQGen

from service.store.errors import DatabaseAwayError

RETRY_SECONDS = 2.0
VAIN = 0.9
"""Who has waited for so much of their patience has waited in vain."""
PATIENCE: ContextVar[float | None] = ContextVar("patience", default=None)
"""Seconds that one wait for the database may take in this thread; ``None``: as long as it takes."""


class PatientConnection(psycopg.Connection[Any]):
    """A connection that is closed when an answer takes longer than the patience of who asked.

    Bounds on the server's side (``statement_timeout``) do not help against a server that stands still, and those of TCP
    do not against one whose machine still answers for it.
    """

    def wait(self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:
        """As the driver's, for so long at most."""
        patience = PATIENCE.get()
        if patience is None:
            return super().wait(gen, interval, timeout)
        began = time.monotonic()
        try:
            return super().wait(gen, interval, patience if timeout is None else min(timeout, patience))
        except psycopg.OperationalError as fault:
            if fault.sqlstate is None and time.monotonic() - began >= patience:
                self.close()  # its answer may still come, and would be taken for that to the next question
            raise


class Breaker:
    """Whether a database answers, as those know who have asked it last."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._again_at: float | None = None

    def enter(self) -> None:
        """Go on, unless somebody has just waited in vain.

        Raises:
            DatabaseAwayError: the database does not answer; one in :data:`RETRY_SECONDS` finds out whether it does.
        """
        with self._lock:
            if self._again_at is None:
                return
            now = self._clock()
            if now < self._again_at:
                raise DatabaseAwayError
            self._again_at = now + RETRY_SECONDS

    def failed(self, waited: float, patience: float) -> None:
        """A wait ended without an answer."""
        if waited >= patience * VAIN:
            with self._lock:
                self._again_at = self._clock() + RETRY_SECONDS

    def answered(self) -> None:
        """The database is there."""
        if self._again_at is not None:
            with self._lock:
                self._again_at = None
