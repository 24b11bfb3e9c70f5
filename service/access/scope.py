"""What of the store a person may see: the one place where a right becomes a set of units."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import combinations

from sqlalchemy import ColumnElement, Connection, select

from service.access.matrix import KINDS, Action, Reach
from service.access.principal import Principal
from service.store.account_tables import belongings
from service.store.belonging import Belonging
from service.store.unit_tables import units


@dataclass(frozen=True, slots=True)
class Scope:
    """The things of which units, with which forms in them, made by whom.

    ``everything`` includes what belongs to no known unit. ``forms`` limits files to those that hold nothing but these
    forms, ``maker`` to what that account made.
    """

    everything: bool = False
    units: frozenset[str] = frozenset()
    forms: frozenset[str] | None = None
    maker: str | None = None

    def covers_unit(self, unit_id: str | None) -> bool:
        """Whether things of that unit are in it."""
        return self.maker is None and (self.everything or (unit_id is not None and unit_id in self.units))

    def covers(self, thing: Belonging | None) -> bool:
        """Whether a thing is in it."""
        if self.maker is not None:
            return thing is not None and thing.account_id == self.maker
        if self.forms is not None and (thing is None or not thing.forms or not thing.forms <= self.forms):
            return False
        return self.covers_unit(thing.unit_id if thing else None)

    def within(self, kind: str) -> Callable[[ColumnElement[str]], ColumnElement[bool]] | None:
        """What limits a query to it: the condition, made for the column with the ids of things of that kind."""
        if self.everything and self.forms is None:
            return None
        return partial(self._condition, kind)

    def _condition(self, kind: str, column: ColumnElement[str]) -> ColumnElement[bool]:
        table = belongings
        where = [table.c.kind == kind]
        if self.maker is not None:
            where.append(table.c.account_id == self.maker)
        elif not self.everything:
            where.append(table.c.unit_id.in_(sorted(self.units)))
        if self.forms is not None:
            sizes = range(1, len(self.forms) + 1)
            taken = [",".join(some) for size in sizes for some in combinations(sorted(self.forms), size)]
            where.append(table.c.forms.in_(taken))
        return column.in_(select(table.c.thing_id).where(*where))


EVERYTHING = Scope(everything=True)
NOTHING = Scope()


def scope_of(connection: Connection, principal: Principal, action: Action) -> Scope:
    """What a person may reach with an action, by the unit tree as it is now."""
    right = principal.right(action)
    forms = KINDS.get(principal.role, frozenset()) if right.by_kind and principal.role is not None else None
    if right.reach is Reach.ALL:
        return Scope(everything=True, forms=forms)
    if right.reach is Reach.SELF:
        return Scope(maker=principal.id)
    if principal.unit_id is None or not right.is_given:
        return NOTHING
    if right.reach is Reach.UNIT:
        return Scope(units=frozenset({principal.unit_id}), forms=forms)
    return Scope(units=units_below(connection, principal.unit_id), forms=forms)


def units_below(connection: Connection, top: str) -> frozenset[str]:
    """The ids of a unit and of all units under it."""
    below = select(units.c.id).where(units.c.id == top).cte("below", recursive=True)
    below = below.union(select(units.c.id).where(units.c.parent_id == below.c.id))
    return frozenset(connection.scalars(select(below.c.id)))
