"""How many people a search by words has: counted once, and remembered until the store of records changes."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable

from sqlalchemy import Connection

from service.store.records import Moment, moment_of

MOST_REMEMBERED = 500


class Totals:
    """Counts by what was asked for, each with the moment of the store that it is of."""

    def __init__(self) -> None:
        self._known: OrderedDict[Hashable, tuple[Moment, int]] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, connection: Connection, asked: Hashable, count: Callable[[], int]) -> int:
        """The count of what was asked for: ``asked`` names it with whoever asks, ``count`` counts it."""
        moment = moment_of(connection)
        with self._lock:
            known = self._known.get(asked)
        if known is not None and known[0] == moment:
            return known[1]
        total = count()
        with self._lock:
            self._known[asked] = (moment, total)
            self._known.move_to_end(asked)
            if len(self._known) > MOST_REMEMBERED:
                self._known.popitem(last=False)
        return total
