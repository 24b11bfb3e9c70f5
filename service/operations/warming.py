"""After a start, what many look at and takes long on a full store is worked out once before anybody asks."""

from __future__ import annotations

import gc
import logging
import threading
from collections.abc import Callable

from sqlalchemy.exc import SQLAlchemyError

from forms.errors import FormServiceError
from service.operations.progress.board import board_of
from service.operations.progress.reminders import AskedList, lists_of
from service.runtime import Runtime
from writers.letters.reminding import Topic

LOG = logging.getLogger(__name__)


class Warming:
    """A thread that works out the board and the lists of people; who asks meanwhile works them out as well.

    ``first`` is done before: what the pages need that is no figure.
    """

    def __init__(self, runtime: Runtime, first: Callable[[], None] = lambda: None) -> None:
        self._runtime = runtime
        self._first = first
        self._thread = threading.Thread(target=self._run, name="warming", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Wait until it is through: it must not read from a database that is closed."""
        self._thread.join()

    def _run(self) -> None:
        self._first()
        try:
            board_of(self._runtime)
            lists_of(self._runtime, AskedList(Topic.ENDING))
        except (FormServiceError, SQLAlchemyError):
            LOG.exception("the board could not be worked out ahead; it will be when somebody asks")
        # What is remembered of a full store is a million objects without cycles: the collector need not walk over them
        gc.freeze()
