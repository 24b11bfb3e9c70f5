"""A consolidation from the store: the accepted forms of a subtree that no other form has superseded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Connection

from forms.catalogue import Catalogue
from forms.consolidating import (
    CONSOLIDATED,
    Consolidation,
    Reporter,
    SourceForm,
    UnitNode,
    Wanted,
    consolidate_forms,
)
from forms.consolidating.tree import UnitTree
from forms.plain import mark_from_plain
from forms.record import Entry, Origin, Record
from forms.rules.base import CheckSettings
from parsers.collecting import uncollected
from service.operations.campaigns import ALWAYS, settings_for
from service.operations.checking import check_settings
from service.operations.units import names_known, office_day
from service.runtime import Runtime
from service.store.campaigns import Campaign, all_campaigns, find_campaign
from service.store.consolidating import (
    AcceptedHead,
    AcceptedId,
    StoredEntry,
    accepted_heads,
    accepted_ids,
    head_values,
    people_of,
)
from service.store.errors import NotFoundError
from service.store.units import Unit, UnitKind, all_units

_MOST_REMEMBERED = 200_000
Owned = TypeVar("Owned", AcceptedHead, AcceptedId)


def consolidate(
    runtime: Runtime,
    connection: Connection,
    unit_id: str | None,
    campaign_id: str | None,
    *,
    filled_on: str = "",
) -> Consolidation:
    """The accepted forms of a unit and of all under it in one form of each kind.

    ``unit_id`` ``None`` is the whole district, with the forms of units that nobody knows at its end. ``campaign_id``
    ``None`` is the current campaign, else the latest; forms of no campaign count in any. ``filled_on`` (``YYYY-MM-DD``)
    goes into the head as 填报日期, which stays blank without it. Whether the caller may see the unit is for the caller
    to check.

    Raises:
        NotFoundError: there is no such unit or campaign.
    """
    with uncollected():
        return gather(runtime, connection, unit_id, campaign_id, filled_on).consolidated()


def made_of(runtime: Runtime, unit_id: str | None, campaign_id: str | None) -> object:
    """All that :func:`consolidate` works with, without opening a form: equal ones give equal consolidations.

    Raises:
        NotFoundError: there is no such campaign.
    """
    with runtime.database.reading() as connection:
        campaign = _campaign(connection, campaign_id)
        units, day = all_units(connection), office_day()
        heads = accepted_ids(connection, CONSOLIDATED, _id(campaign))
        mine = _within(heads, unit_nodes(units, day), unit_id)
        return campaign, units, day, mine, settings_for(connection, runtime.settings, _id(campaign))


@dataclass(frozen=True, slots=True)
class Gathered:
    """All that a consolidation is made of, taken from the store: while it is worked out nobody waits for the store."""

    forms: Sequence[SourceForm]
    nodes: Sequence[UnitNode]
    settings: CheckSettings
    wanted: Wanted
    catalogue: Catalogue

    def consolidated(self) -> Consolidation:
        """What the forms come to."""
        return consolidate_forms(self.forms, self.nodes, self.settings, self.wanted, self.catalogue)


def gather(
    runtime: Runtime, connection: Connection, unit_id: str | None, campaign_id: str | None, filled_on: str = ""
) -> Gathered:
    """What :func:`consolidate` works with, its forms opened.

    Raises:
        NotFoundError: there is no such unit or campaign.
    """
    campaign = _campaign(connection, campaign_id)
    units = all_units(connection)
    by_id = {unit.id: unit for unit in units}
    if unit_id is not None and unit_id not in by_id:
        raise NotFoundError(pointer="unit")
    day = office_day()
    nodes = unit_nodes(units, day)
    heads = accepted_heads(connection, CONSOLIDATED, campaign.id if campaign else None)
    forms = _forms(connection, _within(heads, nodes, unit_id))
    asked = settings_for(connection, runtime.settings, campaign.id if campaign else None)
    settings = check_settings(asked, [item.record for item in forms], units=names_known(units, day))
    wanted = Wanted(unit_id, _reporter(units, by_id.get(unit_id or ""), filled_on), _due(campaign), _id(campaign))
    return Gathered(forms, nodes, settings, wanted, runtime.catalogue)


def _campaign(connection: Connection, campaign_id: str | None) -> Campaign | None:
    if campaign_id is not None:
        found = find_campaign(connection, campaign_id)
        if found is None:
            raise NotFoundError(pointer="campaign")
        return found
    every = all_campaigns(connection)
    return next((item for item in every if item.current), every[0] if every else None)


def _id(campaign: Campaign | None) -> str | None:
    return campaign.id if campaign else None


def unit_nodes(units: Sequence[Unit], day: dt.date) -> tuple[UnitNode, ...]:
    """The district's units as a consolidation takes them, in the order of the list; one that has ended owes nothing."""
    return tuple(
        UnitNode(
            unit.id,
            unit.name,
            unit.parent_id,
            unit.names_on(day)[1:],
            unit.kind.label,
            owes=unit.lives_on(day),
        )
        for unit in units
    )


def _within(heads: Sequence[Owned], nodes: Sequence[UnitNode], top: str | None) -> list[Owned]:
    """The forms of the subtree: the people of others are not even fetched."""
    if top is None:
        return list(heads)
    tree = UnitTree(nodes)
    scope = {node.id for node in tree.below(top)}
    homes = ((head, tree.home(head.unit_id, head.unit)) for head in heads)
    return [head for head, home in homes if home is not None and home.id in scope]


def _forms(connection: Connection, heads: Sequence[AcceptedHead]) -> list[SourceForm]:
    entries = _Entries()
    people: dict[str, list[dict[str, Entry]]] = {head.id: [] for head in heads}

    def keep(identity: str, row: Mapping[str, StoredEntry]) -> None:
        people[identity].append(entries.of(row))

    people_of(connection, [head.id for head in heads], keep)
    return [
        SourceForm(
            Record(
                head.form,
                head.edition,
                entries.of(head_values(head.header)),
                tuple(people.pop(head.id)),
                tuple(mark_from_plain(mark) for mark in head.marks),
            ),
            head.unit,
            head.unit_id,
            head.document_id,
            head.id,
            head.item,
            head.accepted_at,
            head.file,
        )
        for head in heads
    ]


class _Entries:
    """The entries of rows as the store has them; equal ones are one object."""

    def __init__(self) -> None:
        self._known: dict[tuple[Any, ...], Entry] = {}

    def of(self, row: Mapping[str, StoredEntry]) -> dict[str, Entry]:
        """The entries of a row by key."""
        known, entries = self._known, {}
        for key, item in row.items():
            value = item.value
            seen = (value, value.__class__, item.code, item.origin, item.review)
            entries[key] = known.get(seen) or self._new(seen)
        return entries

    def _new(self, seen: tuple[Any, ...]) -> Entry:
        value, _, code, origin, review = seen
        if len(self._known) >= _MOST_REMEMBERED:
            self._known.clear()
        made = self._known[seen] = Entry(value, "", code, Origin(origin), review=bool(review))
        return made


def _due(campaign: Campaign | None) -> dict[str, frozenset[str]]:
    """Which forms each kind of unit owes in any case, by the kind's label."""
    if campaign is None:
        return {}
    return {
        UnitKind(kind).label: frozenset(form for form, when in owed.items() if when == ALWAYS)
        for kind, owed in campaign.due.items()
    }


def _reporter(units: Sequence[Unit], top: Unit | None, filled_on: str) -> Reporter:
    """Who hands the forms in: the unit itself; for the district the one office that is 区人社局."""
    if top is None:
        offices = [unit for unit in units if unit.kind is UnitKind.HR and unit.lives_on(office_day())]
        top = offices[0] if len(offices) == 1 else None
    if top is None:
        return Reporter(filled_on=filled_on)
    return Reporter(top.name, top.liaison, top.liaison_phone, filled_on)
