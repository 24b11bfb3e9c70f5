"""Who saw whole numbers at the desk, of how many people, and what for: once a day for each person and document."""

from __future__ import annotations

import datetime as dt
import threading
from collections import OrderedDict
from collections.abc import Sequence

from service.audit.events import Action
from service.audit.noting import note_look
from service.operations.desk.kinds import NUMBERS
from service.operations.desk.looking import Desk
from service.operations.units import office_day
from service.runtime import Runtime
from service.store.records import keep_disclosure
from service.store.windows import Window

PLACE = "desk"
MOST_REMEMBERED = 5000
_NUMBERED = ("id_number", "phone")


class _Noted:
    """What was written down today, so that it is not written at each key; a process that starts anew writes again."""

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[str, str, str, dt.date], None] = OrderedDict()
        self._lock = threading.Lock()

    def is_new(self, who: str, document: str, purpose: str) -> bool:
        """Whether it was not asked before."""
        key = (who, document, purpose, office_day())
        with self._lock:
            if key in self._known:
                return False
            self._known[key] = None
            while len(self._known) > MOST_REMEMBERED:
                self._known.popitem(last=False)
            return True


_NOTED = _Noted()


def note_desk(runtime: Runtime, desk: Desk, who: str, purpose: str = "逐份核对") -> None:
    """Write down that a person goes through a document in which whole numbers are shown, and for which purpose."""
    people = _numbered(desk.windows)
    if not people or not _NOTED.is_new(who, f"{id(runtime)}{desk.document.id}", purpose):
        return
    filters = {"document": desk.document.id}
    with runtime.database.transaction() as connection:
        keep_disclosure(connection, who=who, what=PLACE, filters=filters, people=people, reason=purpose)
        note_look(connection, Action.PLAIN_ID, PLACE, filters, people, reason=purpose, who=who)


def shows_numbers(desk: Desk, kind: str) -> bool:
    """Whether what is shown of a document tells a whole number: always on a picture of its page."""
    return kind in NUMBERS or bool(_numbered(desk.windows))


def _numbered(windows: Sequence[Window]) -> int:
    """How many people have a number in the rows at hand."""
    rows = [row for window in windows for row in window.form["records"]]
    return sum(any((row.get(key) or {}).get("value") for key in _NUMBERED) for row in rows)
