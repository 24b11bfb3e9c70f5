"""The rows of the district's units, their other names, and the lists of units that were handed in."""

from __future__ import annotations

import datetime as dt
import time
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from service.store.sealing.columns import InRow
from service.store.unit_tables import unit_aliases, unit_imports, units


class UnitKind(StrEnum):
    """Kinds of unit as the plan names them (方案三): who leads, who is in charge, who is under them."""

    ORGANIZATION = "organization"
    HR = "hr"
    FINANCE = "finance"
    DEPARTMENT = "department"
    SUBORDINATE = "subordinate"
    TOWN = "town"
    ZONE = "zone"
    HEADQUARTERS = "headquarters"
    GROUP = "group"

    @property
    def label(self) -> str:
        """The kind in Chinese, as the workbook has it."""
        return LABELS[self]


LABELS = {
    UnitKind.ORGANIZATION: "区委组织部",
    UnitKind.HR: "区人社局",
    UnitKind.FINANCE: "区财政局",
    UnitKind.DEPARTMENT: "主管部门",
    UnitKind.SUBORDINATE: "下属单位",
    UnitKind.TOWN: "镇街",
    UnitKind.ZONE: "开发区",
    UnitKind.HEADQUARTERS: "指挥部",
    UnitKind.GROUP: "区属集团",
}
LEADING = frozenset({UnitKind.ORGANIZATION, UnitKind.HR, UnitKind.FINANCE})
"""The three offices that lead the clean-up: there is one of each."""


@dataclass(frozen=True, slots=True)
class Alias:
    """Another name of a unit; days are ``YYYY-MM-DD``, both included, empty where open."""

    name: str
    valid_from: str = ""
    valid_to: str = ""

    def holds_on(self, day: dt.date) -> bool:
        """Whether the unit may be called so on that day."""
        return self.overlaps(day.isoformat(), day.isoformat())

    def overlaps(self, first: str, last: str) -> bool:
        """Whether it holds on any day from ``first`` to ``last``; empty is open."""
        return not ((last and self.valid_from > last) or (self.valid_to and first and self.valid_to < first))


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of the district. Figures are posts and persons, ``None`` when not known.

    ``ended_on`` is the first day on which it is no more (``YYYY-MM-DD``), empty while it lives.
    """

    id: str
    name: str
    kind: UnitKind
    parent_id: str | None = None
    credit_code: str = ""
    posts_approved: int | None = None
    posts_filled: int | None = None
    posts_borrowed: int | None = None
    liaison: str = ""
    liaison_phone: str = ""
    ended_on: str = ""
    aliases: tuple[Alias, ...] = ()

    def lives_on(self, day: dt.date) -> bool:
        """Whether the unit is there on that day."""
        return not self.ended_on or day.isoformat() < self.ended_on

    def names_on(self, day: dt.date) -> tuple[str, ...]:
        """Its full name and the other names that hold on that day; none once it has ended."""
        if not self.lives_on(day):
            return ()
        return (self.name, *(alias.name for alias in self.aliases if alias.holds_on(day)))


@dataclass(frozen=True, slots=True)
class StoredUnitImport:
    """A list of units as it was read."""

    id: str
    sha256: str
    name: str
    content: dict[str, Any]
    plan_hash: str
    received_at: float
    taken_at: float | None


_TEXTS = ("credit_code", "liaison", "liaison_phone", "ended_on")


def all_units(connection: Connection) -> tuple[Unit, ...]:
    """Every unit in the order of the list, with its other names."""
    names: dict[str, list[Alias]] = {}
    query = select(unit_aliases).order_by(unit_aliases.c.valid_from, unit_aliases.c.name)
    for row in connection.execute(query):
        names.setdefault(row.unit_id, []).append(Alias(row.name, row.valid_from or "", row.valid_to or ""))
    found = connection.execute(select(units).order_by(units.c.position, units.c.name))
    return tuple(_unit(dict(row._mapping), names.get(row.id, ())) for row in found)  # noqa: SLF001  # documented way


def _unit(row: dict[str, Any], aliases: Iterable[Alias]) -> Unit:
    values = {key: value for key, value in row.items() if key not in {"position", "changed_at"}}
    values.update({key: row[key] or "" for key in _TEXTS}, kind=UnitKind(row["kind"]))
    return Unit(aliases=tuple(aliases), **values)


def keep_units(connection: Connection, changed: Iterable[Unit], known: Mapping[str, Unit]) -> None:
    """Add the units that are not ``known`` by their id and bring the others up to date. Nothing is deleted."""
    last = connection.execute(select(func.coalesce(func.max(units.c.position), 0))).scalar_one()
    for unit in changed:
        if unit.id in known:
            connection.execute(update(units).where(units.c.id == unit.id).values(_row(unit)))
        else:
            last += 1
            connection.execute(insert(units).values(id=unit.id, position=last, **_row(unit)))
        connection.execute(delete(unit_aliases).where(unit_aliases.c.unit_id == unit.id))
        for alias in unit.aliases:
            days = {"valid_from": alias.valid_from or None, "valid_to": alias.valid_to or None}
            connection.execute(insert(unit_aliases).values(unit_id=unit.id, name=alias.name, **days))


def _row(unit: Unit) -> dict[str, Any]:
    return {
        "name": unit.name,
        "kind": unit.kind.value,
        "parent_id": unit.parent_id,
        "posts_approved": unit.posts_approved,
        "posts_filled": unit.posts_filled,
        "posts_borrowed": unit.posts_borrowed,
        "changed_at": time.time(),
        **{key: getattr(unit, key) or None for key in _TEXTS},
        "liaison_phone": InRow(unit.id, unit.liaison_phone or None),
    }


def add_unit_import(connection: Connection, **values: Any) -> str:  # noqa: ANN401  # the columns of the table
    """A new row of the named columns; returns its id."""
    identity = str(uuid.uuid4())
    sealed = {key: InRow(identity, values[key]) for key in ("name", "content")}
    connection.execute(insert(unit_imports).values({"id": identity, "received_at": time.time(), **values, **sealed}))
    return identity


def find_unit_import(connection: Connection, identity: str) -> StoredUnitImport | None:
    """The list of units of that id."""
    row = connection.execute(select(unit_imports).where(unit_imports.c.id == identity)).first()
    return StoredUnitImport(**row._mapping) if row else None  # noqa: SLF001  # the documented way to a row as a mapping


def set_taken(connection: Connection, identity: str) -> None:
    """The list was confirmed."""
    connection.execute(update(unit_imports).where(unit_imports.c.id == identity).values(taken_at=time.time()))
