"""The district's units: looked up by name or kind, listed, and shown as a tree.

The names that hold on a day are what rule F-7 compares with, and what a seal in a wrong place is told by.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.exc import OperationalError

from service.access.scope import Scope
from service.opening import has_database, open_database
from service.settings import Settings
from service.store.database import Database
from service.store.errors import NotFoundError
from service.store.units import Unit, UnitKind, all_units

_MOBILE = re.compile(r"(?<!\d)(1\d{2})\d{4}(\d{4})(?!\d)")


@dataclass(frozen=True, slots=True)
class UnitFilter:
    """Which units are wanted. ``parent`` is an id, a full name, another name or a credit code."""

    kind: UnitKind | None = None
    parent: str = ""
    text: str = ""


def office_day() -> dt.date:
    """Today in the office."""
    return dt.date.today()  # noqa: DTZ011  # the office's own calendar day decides which names hold


def units_of(database: Database) -> tuple[Unit, ...]:
    """Every unit, in the order of the list."""
    with database.reading() as connection:
        return all_units(connection)


def names_known(units: Iterable[Unit], day: dt.date) -> tuple[str, ...]:
    """The names by which living units may be called on that day, full names first."""
    called = [unit.names_on(day) for unit in units]
    full = [names[0] for names in called if names]
    return tuple(dict.fromkeys([*full, *(name for names in called for name in names[1:])]))


def known_to(settings: Settings, day: dt.date | None = None) -> tuple[str, ...]:
    """The names that this installation knows; none where it has no data folder yet."""
    if not has_database(settings):
        return ()
    try:
        database = open_database(settings)
        try:
            return names_known(units_of(database), day or office_day())
        finally:
            database.close()
    except OperationalError:
        return ()


def list_units(units: Sequence[Unit], wanted: UnitFilter, *, below: bool = False) -> tuple[Unit, ...]:
    """The units that are wanted; with ``below`` all that stand anywhere under ``parent``, else those right under it.

    Raises:
        NotFoundError: there is no such ``parent``.
    """
    found = tuple(units)
    if wanted.parent:
        top = _unit_called(units, wanted.parent)
        by_id = {unit.id: unit for unit in units}
        found = tuple(unit for unit in units if _is_under(unit, top.id, by_id, below=below))
    text = wanted.text.strip().casefold()
    return tuple(
        unit
        for unit in found
        if (wanted.kind is None or unit.kind is wanted.kind) and (not text or _has_text(unit, text))
    )


def units_in_reach(units: Sequence[Unit], wanted: UnitFilter, scope: Scope, *, below: bool = False) -> tuple[Unit, ...]:
    """The units that are wanted and that somebody may see, as :func:`list_units` has them.

    Raises:
        NotFoundError: there is no such ``parent``, or it is out of reach.
    """
    if wanted.parent and not scope.covers_unit(_unit_called(units, wanted.parent).id):
        raise NotFoundError(pointer=wanted.parent[:60])
    return tuple(unit for unit in list_units(units, wanted, below=below) if scope.covers_unit(unit.id))


def _unit_called(units: Sequence[Unit], wanted: str) -> Unit:
    today = office_day()
    tests: tuple[Callable[[Unit], bool], ...] = (
        lambda unit: wanted in {unit.id, unit.name, unit.credit_code},
        lambda unit: wanted in unit.names_on(today),
    )
    for test in tests:
        if (found := next(filter(test, units), None)) is not None:
            return found
    raise NotFoundError(pointer=wanted[:60])


def _is_under(unit: Unit, top: str, by_id: Mapping[str, Unit], *, below: bool) -> bool:
    at = unit.parent_id
    while below and at is not None and at != top:
        at = by_id[at].parent_id
    return at == top


def _has_text(unit: Unit, text: str) -> bool:
    texts = (unit.name, unit.credit_code, unit.liaison, *(alias.name for alias in unit.aliases))
    return any(text in one.casefold() for one in texts)


def units_to_plain(units: Sequence[Unit], every: Sequence[Unit], *, tree: bool = False) -> list[dict[str, Any]]:
    """The units as JSON; as a tree each has its ``children``, and one whose parent is not among them is a root."""
    names, day = {unit.id: unit.name for unit in every}, office_day()
    plain = {unit.id: _to_plain(unit, names, day) for unit in units}
    if not tree:
        return list(plain.values())
    roots: list[dict[str, Any]] = []
    for unit in units:
        plain[unit.id]["children"] = []
    for unit in units:
        parent = plain.get(unit.parent_id or "")
        (roots if parent is None else parent["children"]).append(plain[unit.id])
    return roots


def _to_plain(unit: Unit, names: Mapping[str, str], day: dt.date) -> dict[str, Any]:
    return {
        "id": unit.id,
        "name": unit.name,
        "kind": unit.kind.value,
        "kind_label": unit.kind.label,
        "parent": {"id": unit.parent_id, "name": names[unit.parent_id]} if unit.parent_id else None,
        "credit_code": unit.credit_code,
        "posts_approved": unit.posts_approved,
        "posts_filled": unit.posts_filled,
        "posts_borrowed": unit.posts_borrowed,
        "liaison": unit.liaison,
        "liaison_phone": masked(unit.liaison_phone),
        "ended_on": unit.ended_on or None,
        "active": unit.lives_on(day),
        "aliases": [
            {
                "name": alias.name,
                "valid_from": alias.valid_from or None,
                "valid_to": alias.valid_to or None,
                "valid": alias.holds_on(day),
            }
            for alias in unit.aliases
        ],
    }


def masked(text: str) -> str:
    """A text with the middle of each mobile number hidden."""
    return _MOBILE.sub(r"\1****\2", text)
