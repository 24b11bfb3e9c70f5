"""Looking into the audit chain: a page of the events that fit, the latest first."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select

from service.store.audit_tables import audit_events

_TOGETHER = 1000
_PAST_ALL = 2**31 - 1


@dataclass(frozen=True, slots=True)
class AuditQuery:
    """Which events are wanted; an empty text is no condition. ``first`` and ``last`` are days of the office's clock."""

    action: str = ""
    result: str = ""
    who: str = ""
    thing: str = ""
    first: dt.date | None = None
    last: dt.date | None = None


def find_events(connection: Connection, query: AuditQuery, page: tuple[int, int]) -> tuple[int, list[dict[str, Any]]]:
    """How many events fit, and those of one page: how many, from where."""
    where = _conditions(query)
    total = connection.execute(select(func.count()).select_from(audit_events).where(*where)).scalar_one()
    limit, offset = page
    wanted = _ordered(where).limit(limit).offset(offset)
    return int(total), [_plain(dict(row)) for row in connection.execute(wanted).mappings()]


def all_events(connection: Connection, query: AuditQuery) -> Iterator[dict[str, Any]]:
    """Every event that fits, the latest first, read a thousand at a time."""
    where, before = _conditions(query), _PAST_ALL
    while True:
        rows = connection.execute(_ordered([*where, audit_events.c.number < before]).limit(_TOGETHER)).mappings().all()
        yield from (_plain(dict(row)) for row in rows)
        if len(rows) < _TOGETHER:
            return
        before = int(rows[-1]["number"])


def _ordered(where: list[ColumnElement[bool]]) -> Select[Any]:
    return select(audit_events).where(*where).order_by(audit_events.c.number.desc())


def _conditions(query: AuditQuery) -> list[ColumnElement[bool]]:
    table = audit_events.c
    where = [column == text for column, text in ((table.action, query.action), (table.result, query.result)) if text]
    if query.who:
        where.append(table.who.contains(query.who, autoescape=True))
    if query.thing:
        where.append((table.object_id == query.thing) | table.details.contains(query.thing, autoescape=True))
    if query.first:
        where.append(table.at >= _utc(query.first))
    if query.last:
        where.append(table.at < _utc(query.last + dt.timedelta(days=1)))
    return where


def _utc(day: dt.date) -> str:
    """The beginning of a day here, as the column has times."""
    return dt.datetime.combine(day, dt.time.min).astimezone().astimezone(dt.UTC).isoformat(timespec="milliseconds")


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "details": json.loads(row["details"]), "at": dt.datetime.fromisoformat(row["at"]).timestamp()}
