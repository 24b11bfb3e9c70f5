"""What was worked out of the whole store, kept until anything at all is written: pages that many look at."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import TypeVar, cast

from service.store.database import Database
from service.store.standing import Mark, Standing

Worked = TypeVar("Worked")
MOST_REMEMBERED = 64
MOST_OF_A_KIND = 8
"""Results of one kind: some of them are lists of all people."""


class Memory:
    """Results by what was asked for, each with the mark of the database at which it was worked out.

    What is remembered is shared by all who ask: nobody may change it. ``asked`` begins with the kind of the result and
    names all that it depends on beside the database, the scope of whoever asks among it.
    """

    def __init__(self, database: Database) -> None:
        self._standing = Standing(database)
        self._known: OrderedDict[tuple[Hashable, ...], tuple[Mark, object]] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, asked: tuple[Hashable, ...], work_out: Callable[[], Worked]) -> Worked:
        """The result for what was asked for, worked out anew if anybody has written since."""
        mark = self._standing.mark()
        with self._lock:
            known = self._known.get(asked)
        if known is not None and mark is not None and known[0] == mark:
            return cast("Worked", known[1])
        result = work_out()
        if mark is not None:
            self._keep(asked, mark, result)
        return result

    def _keep(self, asked: tuple[Hashable, ...], mark: Mark, result: object) -> None:
        with self._lock:
            for key in [key for key, (then, _) in self._known.items() if then != mark]:
                del self._known[key]  # nobody will ever be told it again
            self._known[asked] = (mark, result)
            same = [key for key in self._known if key[0] == asked[0]]
            for key in [*same[:-MOST_OF_A_KIND], *list(self._known)[:-MOST_REMEMBERED]]:
                self._known.pop(key, None)

    def close(self) -> None:
        """Let go of the database."""
        self._standing.close()
