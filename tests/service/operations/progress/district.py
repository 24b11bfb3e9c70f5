"""A small district for the tests of progress: units under a department, a town, a headquarters, and files handed in."""

from __future__ import annotations

import datetime as dt
import time
from typing import Any

from sqlalchemy import update

from forms.plain import extraction_to_plain
from forms.record import Entry, Extraction, Record
from service.operations.belonging import place_upload
from service.operations.campaigns import CampaignAsked, new_campaign
from service.operations.progress.board import Board, board_of
from service.operations.progress.law import State
from service.operations.rereading import take_reading
from service.operations.returning import Sending, send_back
from service.operations.reviewing import accept
from service.runtime import Runtime
from service.store.documents import add_document
from service.store.handing_in import set_campaign_of, set_unit_of
from service.store.submissions import change_submission, set_supersedes
from service.store.tables import documents
from service.store.units import Unit, UnitKind, keep_units

BEFORE, OPEN_DAY, LAST_DAY, AFTER = (
    dt.date(2026, 7, 19),
    dt.date(2026, 8, 1),
    dt.date(2026, 8, 31),
    dt.date(2026, 9, 12),
)
NAMES = {
    "office": "海州区测试局",
    "school": "测试中学",
    "clinic": "测试卫生院",
    "town": "测试镇",
    "site": "测试工程指挥部",
}
IDS = {place: f"00000000-0000-4000-8000-00000000010{number}" for number, place in enumerate(NAMES)}
_KINDS = {"office": UnitKind.DEPARTMENT, "town": UnitKind.TOWN, "site": UnitKind.HEADQUARTERS}
NUMBERS = ("320799198506150016", "320799199001011234", "320799199001011250", "320799199001011277")


class District:
    """The installation with its units and one campaign of 2026; everything is handed in through the operations."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        self.campaign = str(new_campaign(runtime, CampaignAsked(2026))["id"])
        with runtime.database.transaction() as connection:
            keep_units(connection, [self._unit(place) for place in NAMES], {})
        self.count = 0

    @staticmethod
    def _unit(place: str) -> Unit:
        above = IDS["office"] if place in {"school", "clinic"} else None
        kind = _KINDS.get(place, UnitKind.SUBORDINATE)
        return Unit(IDS[place], NAMES[place], kind, above, liaison="联络员某", liaison_phone="13800001234")

    def hand_in(  # what a file can be
        self,
        place: str,
        form: str,
        *people: dict[str, Any],
        on: dt.date = OPEN_DAY,
        corrects: str = "",
        read: bool = True,
    ) -> str:
        """A file of that unit, received on that day; read, unless told otherwise."""
        self.count += 1
        name, runtime = NAMES[place], self.runtime
        with runtime.database.transaction() as connection:
            blob = runtime.blobs.put([f"file {self.count}".encode()], 1000)
            identity = add_document(
                connection, sha256=blob.sha256, name=f"{place}.xlsx", size=1, form_hint=form, unit=name
            )
            place_upload(connection, identity, None)
            set_unit_of(connection, identity, name, "sender")
            set_campaign_of(connection, identity, self.campaign)
            noon = dt.datetime.combine(on, dt.time(12)).timestamp()
            connection.execute(update(documents).where(documents.c.id == identity).values(received_at=noon))
            if read:
                take_reading(runtime, connection, identity, _reading(form, name, people))
            if corrects:
                set_supersedes(connection, identity, corrects)
                take_reading(runtime, connection, identity, _reading(form, name, people))
        return identity

    def take_up(self, identity: str) -> str:
        """Somebody looks at the file."""
        with self.runtime.database.transaction() as connection:
            change_submission(connection, identity, state="review")
        return identity

    def accept(self, identity: str) -> str:
        """The file is accepted, whatever is wrong with it."""
        accept(self.runtime, identity, "甲", override=True, reason="测试")
        return identity

    def send_back(self, identity: str, on: dt.date, deadline: dt.date) -> str:
        """The file goes back to be corrected by that day."""
        send_back(self.runtime, identity, Sending("甲", "请改", deadline.isoformat()), on)
        return identity

    def board(self, day: dt.date) -> Board:
        """The board of that day."""
        return board_of(self.runtime, "", day)

    def state(self, place: str, form: str, day: dt.date) -> State:
        """The state of one form of one unit."""
        return next(row for row in self.board(day).rows if row.unit.id == IDS[place]).cells[form].state


def entry(value: Any, code: str | None = None, *, review: bool = False) -> Entry:
    """A value as it was read."""
    return Entry(value, str(value), code, review=review)


def _reading(form: str, unit: str, people: tuple[dict[str, Any], ...]) -> dict[str, Any]:
    rows = tuple(
        {key: value if isinstance(value, Entry) else entry(value) for key, value in person.items()} for person in people
    )
    header = {} if form == "attachment-4" else {"unit": entry(unit)}
    rows = tuple({**row, "borrowing_unit": entry(unit)} for row in rows) if form == "attachment-4" else rows
    return {
        "file": "file",
        "sha256": "0" * 64,
        "format": "xlsx",
        "status": "read",
        "seconds": 0.1,
        "problem": None,
        "documents": [extraction_to_plain(Extraction(Record(form, "r1", header, rows), 1.0))],
        "at": time.time(),
    }


def loan(number: int, start: str, end: Any, **more: Any) -> dict[str, Any]:
    """A person on loan."""
    base = {"name": f"王{'甲乙丙丁'[number]}", "id_number": NUMBERS[number], "lending_unit": "海州区示例中心小学"}
    return {**base, "start_date": start, "end_date": end, **more}


def worker(number: int, **more: Any) -> dict[str, Any]:
    """A person off the establishment."""
    return {"name": f"李{'甲乙丙丁'[number]}", "id_number": NUMBERS[number], "post": "保洁", **more}
