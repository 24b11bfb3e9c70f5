"""Whose a file, a form and a person's record is: the unit's name resolved through the unit tree to its id.

A file belongs to the unit that its sender named, or that the sender is of; where neither is known, to the one unit that
all forms in it name. A form that was accepted belongs to the unit that it names. A name that no unit has leaves both to
those who may see everything.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, select

from service.access.errors import ForeignUnitError
from service.access.matrix import Action, Reach
from service.access.principal import known_principal
from service.access.scope import scope_of
from service.operations.units import office_day
from service.store.belonging import find_belonging, keep_belonging
from service.store.errors import NotFoundError
from service.store.tables import accepted
from service.store.units import Unit, all_units


def unit_of_name(units: Sequence[Unit], name: str) -> str | None:
    """The id of the one unit that is called so today; of one that has ended, by its full name."""
    wanted = name.strip()
    if not wanted:
        return None
    called = {unit.id for unit in units if wanted in unit.names_on(office_day())}
    full = {unit.id for unit in units if wanted == unit.name}
    for found in (full & called, called, full):
        if len(found) == 1:
            return next(iter(found))
    return None


def made_by_caller(connection: Connection, kind: str, thing_id: str) -> None:
    """Remember who made a job or an import, where somebody signed in for it."""
    principal = known_principal()
    if principal is not None and not principal.is_desk:
        keep_belonging(connection, kind, thing_id, account_id=principal.id, unit_id=principal.unit_id)


def sender_unit(connection: Connection, named: str | None) -> str | None:
    """The name of the unit for which the caller hands in: the one that was named, else the caller's own.

    Raises:
        NotFoundError: a unit was named that is not within the caller's reach, or that nobody knows.
    """
    principal = known_principal()
    if principal is None or principal.is_desk:
        return named
    scope = scope_of(connection, principal, Action.UPLOAD)
    if scope.everything:
        return named
    units = all_units(connection)
    if not named:
        return next((unit.name for unit in units if unit.id == principal.unit_id), None)
    if not scope.covers_unit(unit_of_name(units, named)):
        raise NotFoundError(pointer="unit")
    return named


def place_upload(connection: Connection, identity: str, unit_id: str | None) -> None:
    """Whose a received file is: of the unit that was named, else of the sender's own."""
    principal = known_principal()
    if principal is None or principal.is_desk:
        keep_belonging(connection, "document", identity, unit_id=unit_id)
        return
    if unit_id is None and principal.right(Action.UPLOAD).reach is not Reach.ALL:
        unit_id = principal.unit_id
    keep_belonging(connection, "document", identity, account_id=principal.id, unit_id=unit_id)


def place_reading(connection: Connection, identity: str, forms: Iterable[str]) -> None:
    """Which kinds of form a file holds, now that it was read."""
    keep_belonging(connection, "document", identity, forms=set(forms))


def require_document(connection: Connection, identity: str, action: Action) -> None:
    """Stop when a request names a file, beside the one in its path, that is not within the caller's reach.

    Raises:
        NotFoundError: it is not.
    """
    principal = known_principal()
    if principal is None or principal.is_desk:
        return
    if not scope_of(connection, principal, action).covers(find_belonging(connection, "document", identity)):
        raise NotFoundError


def is_of_same_unit(connection: Connection, one: str, other: str) -> bool:
    """Whether two files may be of one unit: what is known to be another unit's is not taken over."""
    units = {found.unit_id for name in (one, other) if (found := find_belonging(connection, "document", name))}
    return len(units - {None}) <= 1


def place_accepted(connection: Connection, document_id: str) -> None:
    """Whose the forms of a document are that has just been accepted.

    Raises:
        ForeignUnitError: a form names a unit outside the reach of the person who accepts it.
    """
    units = all_units(connection)
    principal = known_principal()
    scope = None
    if principal is not None and not principal.is_desk:
        scope = scope_of(connection, principal, Action.DECIDE)
    query = select(accepted.c.id, accepted.c.form, accepted.c.unit).where(accepted.c.document_id == document_id)
    for row in connection.execute(query).all():
        unit_id = unit_of_name(units, row.unit)
        if scope is not None and unit_id is not None and not scope.covers_unit(unit_id):
            raise ForeignUnitError
        keep_belonging(connection, "accepted", row.id, unit_id=unit_id, forms={row.form})


def require_reach(connection: Connection, action: Action, unit: str) -> None:
    """Stop when a unit is named that is not within the caller's reach; a name that nobody has is no unit.

    Raises:
        NotFoundError: it is not.
    """
    principal = known_principal()
    if principal is None or principal.is_desk or not unit:
        return
    scope = scope_of(connection, principal, action)
    unit_id = unit_of_name(all_units(connection), unit)
    if not scope.everything and unit_id is not None and not scope.covers_unit(unit_id):
        raise NotFoundError(pointer="unit")
