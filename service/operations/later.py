"""What takes long on a full store is worked out aside: whoever asks waits a moment for it, and then asks again."""

from __future__ import annotations

import datetime as dt
import gc
import threading
import time
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextvars import copy_context
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from parsers.collecting import uncollected

Worked = TypeVar("Worked")
PATIENCE_SECONDS = 0.04
"""So long who is the first to ask waits for a result: a page has 0.15 s in all, and the work goes on beside it."""
AGAIN_SECONDS = 0.005
"""The same for who asks again: the page comes back soon by itself, and others are to be answered meanwhile."""
AT_ONCE = 1
"""Results that are worked out at the same time: each makes other answers slower meanwhile; others wait their turn."""
FRESH_SECONDS = 10.0
"""So long a result lies ready for who asked for it. After that it is worked out anew."""


@dataclass(frozen=True, slots=True)
class Told(Generic[Worked]):
    """A result; where somebody had to wait for it, the moment whose state it tells."""

    result: Worked
    as_of: dt.datetime | None


class _Work:
    """One result under way, or lying ready."""

    def __init__(self, pool: ThreadPoolExecutor, work_out: Callable[[], Any]) -> None:
        self.begun = dt.datetime.now().astimezone()
        self.done_at = float("inf")
        self.future: Future[Any] = pool.submit(copy_context().run, self._run, work_out)

    def _run(self, work_out: Callable[[], Any]) -> Any:  # noqa: ANN401  # whatever is worked out
        self.begun = dt.datetime.now().astimezone()
        try:
            with uncollected():  # a walk over a million of its objects would hold up every page for a second
                try:
                    return work_out()
                finally:
                    gc.freeze()  # what it made is young and has no cycles: the next collection is not to walk over it
        finally:
            self.done_at = time.monotonic()


class Later:
    """Results by what was asked for; two who ask for the same wait for the same."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="later")
        self._works: dict[Hashable, _Work] = {}
        self._lock = threading.Lock()

    def of(self, asked: Hashable, work_out: Callable[[], Worked], patience: float | None = None) -> Told[Worked] | None:
        """The result, or ``None`` while it is being worked out: then ask again. What ``work_out`` raises is raised.

        ``asked`` names all that the result depends on beside the database, the reach of whoever asks among it.
        """
        with self._lock:
            self._drop_old()
            work = self._works.get(asked)
            is_first = work is None
            if work is None:
                work = self._works[asked] = _Work(self._pool, work_out)
        if patience is None:
            patience = PATIENCE_SECONDS if is_first else AGAIN_SECONDS
        if not wait([work.future], patience).done:
            return None
        with self._lock:
            if self._works.get(asked) is work:
                del self._works[asked]
        return Told(work.future.result(), None if is_first else work.begun)

    def _drop_old(self) -> None:
        """What nobody came back for: by now it may be another thing."""
        until = time.monotonic() - FRESH_SECONDS
        for asked in [asked for asked, work in self._works.items() if work.done_at < until]:
            del self._works[asked]

    def close(self) -> None:
        """Wait until what is under way is through: it must not read from a database that is closed."""
        self._pool.shutdown(wait=True, cancel_futures=True)
