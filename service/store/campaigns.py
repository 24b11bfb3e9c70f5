"""The rows of campaigns: one round of handing in each, of which one is current."""

from __future__ import annotations

import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from service.store.campaign_tables import campaigns

Due = Mapping[str, Mapping[str, str]]
"""Kind of unit → form → when it is owed: ``always``, or ``loans``: for each loan of more than a month."""


@dataclass(frozen=True, slots=True)
class Campaign:
    """A round of handing in; see :data:`service.store.campaign_tables.campaigns`."""

    id: str
    year: int
    title: str
    self_check_on: str
    hand_in_by: str
    due: Due
    packs: frozenset[str]
    state: str
    current: bool
    version: int
    made_at: float
    changed_at: float


def all_campaigns(connection: Connection) -> Sequence[Campaign]:
    """Every campaign, the latest year first."""
    query = select(campaigns).order_by(campaigns.c.year.desc(), campaigns.c.made_at.desc(), campaigns.c.id)
    return [_campaign(row) for row in connection.execute(query)]


def find_campaign(connection: Connection, identity: str) -> Campaign | None:
    """The campaign of that id."""
    row = connection.execute(select(campaigns).where(campaigns.c.id == identity)).first()
    return _campaign(row) if row else None


def current_campaign(connection: Connection) -> Campaign | None:
    """The one that uploads belong to where none is named; ``None`` while none is open."""
    row = connection.execute(select(campaigns).where(campaigns.c.current_mark == 1)).first()
    return _campaign(row) if row else None


def add_campaign(connection: Connection, values: Mapping[str, Any]) -> str:
    """A new open campaign of the named columns, not current; returns its id."""
    identity = str(uuid.uuid4())
    now = time.time()
    fixed = {"id": identity, "state": "open", "version": 1, "made_at": now, "changed_at": now}
    connection.execute(insert(campaigns).values({**_row(values), **fixed}))
    return identity


def change_campaign(connection: Connection, identity: str, values: Mapping[str, Any]) -> None:
    """Set the named columns and count the version up; one that is closed is no longer current."""
    table = campaigns
    closing = {"current_mark": None} if values.get("state") == "closed" else {}
    changed = {**_row(values), **closing, "version": table.c.version + 1, "changed_at": time.time()}
    connection.execute(update(table).where(table.c.id == identity).values(changed))


def make_current(connection: Connection, identity: str) -> None:
    """From now on uploads belong to that one, which is open."""
    table = campaigns
    connection.execute(update(table).where(table.c.current_mark == 1).values(current_mark=None))
    connection.execute(update(table).where(table.c.id == identity).values(current_mark=1))


def _row(values: Mapping[str, Any]) -> dict[str, Any]:
    row = dict(values)
    if "packs" in row:
        row["packs"] = ",".join(sorted(row["packs"]))
    return row


def _campaign(row: Row[Any]) -> Campaign:
    values = dict(row._mapping)  # noqa: SLF001  # the documented way to a row as a mapping
    values["packs"] = frozenset(part for part in values["packs"].split(",") if part)
    values["current"] = values.pop("current_mark") == 1
    return Campaign(**values)
