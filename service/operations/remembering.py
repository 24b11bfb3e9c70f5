"""What was worked out of the whole store, kept until anything at all is written: pages that many look at."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Hashable, Mapping
from dataclasses import dataclass, replace
from typing import Generic, TypeVar, cast

from service.store.database import Database
from service.store.standing import Mark, Standing

Worked = TypeVar("Worked")
Name = TypeVar("Name", bound=Hashable)
Item = TypeVar("Item")
MOST_REMEMBERED = 64
MOST_OF_A_KIND = 8
"""Results of one kind: some of them are lists of all people."""


@dataclass(frozen=True, slots=True)
class _Known:
    """A result, the mark at which it held, and what it was worked out of where that is told (``None`` where not)."""

    mark: Mark
    inputs: object | None
    result: object


class Memory:
    """Results by what was asked for, each with the mark of the database at which it was worked out.

    What is remembered is shared by all who ask: nobody may change it. ``asked`` begins with the kind of the result and
    names all that it depends on beside the database, the scope of whoever asks among it.
    """

    def __init__(self, database: Database) -> None:
        self._standing = Standing(database)
        self._known: OrderedDict[tuple[Hashable, ...], _Known] = OrderedDict()
        self._lock = threading.Lock()

    def of(
        self,
        asked: tuple[Hashable, ...],
        work_out: Callable[[], Worked],
        inputs: Callable[[], object] | None = None,
    ) -> Worked:
        """The result for what was asked for, worked out anew if anybody has written since.

        ``inputs`` reads, from the database as it is now, all that the result is made of, the accepted forms by their
        ids: what was accepted never changes. Where it is equal to that of before, something else was written, and the
        result holds.
        """
        mark = self._standing.mark()
        with self._lock:
            known = self._known.get(asked)
        if known is not None and mark is not None and known.mark == mark:
            return cast("Worked", known.result)
        now = inputs() if inputs is not None else None
        if known is not None and mark is not None and now is not None and known.inputs == now:
            self._keep(asked, replace(known, mark=mark))
            return cast("Worked", known.result)
        result = work_out()
        if mark is not None:
            is_same = inputs is None or self._standing.mark() == mark or inputs() == now
            self._keep(asked, _Known(mark, now if is_same else None, result))
        return result

    def _keep(self, asked: tuple[Hashable, ...], known: _Known) -> None:
        with self._lock:
            stale = [key for key, one in self._known.items() if one.mark != known.mark and one.inputs is None]
            for key in stale:
                del self._known[key]  # nobody will ever be told it again
            self._known[asked] = known
            self._known.move_to_end(asked)
            same = [key for key in self._known if key[0] == asked[0]]
            for key in [*same[:-MOST_OF_A_KIND], *list(self._known)[:-MOST_REMEMBERED]]:
                self._known.pop(key, None)

    def close(self) -> None:
        """Let go of the database."""
        self._standing.close()


class Pieces(Generic[Name, Item]):
    """What was read of things that never change, by what names them: only what came since is read again.

    Those that nobody asks for any more go with the next reading that finds more than ``most`` of them.
    """

    def __init__(self, most: int = 20_000) -> None:
        self._most = most
        self._known: dict[Name, Item] = {}
        self._lock = threading.Lock()

    def of(self, wanted: Collection[Name], read: Callable[[list[Name]], Mapping[Name, Item]]) -> dict[Name, Item]:
        """The pieces of that name, in that order; ``read`` brings those that are not known yet."""
        with self._lock:
            found = {name: self._known[name] for name in wanted if name in self._known}
        missing = [name for name in wanted if name not in found]
        fresh = read(missing) if missing else {}
        with self._lock:
            if len(self._known) + len(fresh) > self._most:
                self._known = dict(found)
            self._known.update(fresh)
        return {name: found[name] if name in found else fresh[name] for name in wanted}
