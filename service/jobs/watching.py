"""A job under way as its worker sees it: its lease kept alive, its progress written down, its loss noticed."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol

from service.runtime import Runtime
from service.store.errors import DatabaseAwayError, StorageFullError
from service.store.jobs import Job, keep

LOG = logging.getLogger(__name__)
BEATS_A_LEASE = 4
TELL_SECONDS = 0.5
LOOK_SECONDS = 0.1
PASSING = (DatabaseAwayError, StorageFullError)
"""Faults that are nobody's and go by."""


class Stop(Protocol):
    """Says that a worker is to end: an event of this process, or one shared with another."""

    def is_set(self) -> bool:
        """Whether it is to end."""
        ...

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until it is to end, or for so many seconds; returns whether it is."""
        ...


@dataclass
class Watch:
    """``lost`` is set once the job is no longer ours, ``stop`` when the worker is to end."""

    runtime: Runtime
    job: Job
    stop: Stop
    lost: threading.Event = field(default_factory=threading.Event)
    _ended: threading.Event = field(default_factory=threading.Event)
    _progress: tuple[int, int, str] | None = None

    def tell(self, done: int, total: int, stage: str) -> None:
        """Take note of how far it is; it is written down with the next beat, at most twice a second."""
        self._progress = (done, total, stage)

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Keep the lease alive meanwhile."""
        beating = threading.Thread(target=self._beat, name=f"lease-{self.job.id}", daemon=True)
        beating.start()
        try:
            yield
        finally:
            self._ended.set()
            beating.join()

    def _beat(self) -> None:
        lease = self.runtime.settings.lease_seconds
        beat = lease / BEATS_A_LEASE
        told: tuple[int, int, str] | None = None
        last = time.monotonic()
        while not self._ended.wait(min(LOOK_SECONDS, beat)):
            now, progress = time.monotonic(), self._progress
            has_news = progress is not None and progress != told and now - last >= min(TELL_SECONDS, beat)
            if not has_news and now - last < beat:
                continue
            values = dict(zip(("done", "total", "stage"), progress or (), strict=False))
            try:
                with self.runtime.database.rows() as connection:
                    ours = keep(connection, self.job, lease, **values)
            except PASSING as fault:
                LOG.warning("the lease of job %s could not be kept: %s", self.job.id, fault)
                last = now
                continue
            last, told = now, progress
            if not ours:
                self.lost.set()
                return
