"""Packs from the store: asked for as jobs that tell their progress and can be taken up again, or made on the spot."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import IO

from service.operations.belonging import unit_of_name
from service.operations.packs.asked import PREFILLED, Asked
from service.operations.packs.contents import Contents
from service.operations.packs.gathering import contents_of_store
from service.operations.packs.making import PackMade, PackMaker, Tell
from service.operations.packs.offices import MarkOf, Office
from service.operations.packs.parts import StoredParts
from service.operations.packs.prefilled import make_prefilled
from service.operations.packs.scans import draw_scans
from service.runtime import Runtime
from service.store.campaigns import all_campaigns
from service.store.errors import NotFoundError
from service.store.sealing.vault import vault_of
from service.store.units import all_units
from writers.printing import new_document_id

MARKED = "pack-mark"


def unit_asked(runtime: Runtime, asked: Asked, unit: str, campaign: str, *, prefilled: bool) -> Asked:
    """What was asked for, with the ids of the unit and the campaign that are called so.

    An empty name is the whole district, or the current campaign.

    Raises:
        NotFoundError: no unit, or no campaign or more than one, is called so.
    """
    with runtime.database.reading() as connection:
        units = all_units(connection)
        by_code = next((item.id for item in units if unit and unit in (item.id, item.credit_code)), None)
        unit_id = by_code or unit_of_name(units, unit)
        if unit and unit_id is None:
            raise NotFoundError(pointer="unit")
        found = [item.id for item in all_campaigns(connection) if campaign in (item.id, item.title, str(item.year))]
    if campaign and len(found) != 1:
        raise NotFoundError(pointer="campaign")
    kind = PREFILLED if prefilled else asked.kind
    return replace(asked, kind=kind, unit_id=unit_id, campaign_id=found[0] if campaign else None)


def pack_of_store(runtime: Runtime, asked: Asked, target: IO[bytes], tell: Tell) -> PackMade:
    """Make a pack and write it.

    Raises:
        NotFoundError: there is no such unit or campaign.
        PackIncompleteError, PackEmptyError: it is not to be made as it is.
        PackNotPrintedError: a page that every pack has could not be printed.
    """
    office = Office(
        StoredParts(runtime.database, runtime.blobs),
        _marks(runtime) if runtime.settings.print_mark else lambda _: "",
        runtime.register if runtime.settings.print_mark else None,
    )
    if asked.kind == PREFILLED:
        return make_prefilled(runtime, asked, office, target, tell)
    return PackMaker(contents_now(runtime, asked), office, tell, partial(draw_scans, runtime, office.parts)).make(
        target
    )


def contents_now(runtime: Runtime, asked: Asked) -> Contents:
    """All of a pack as the store has it now."""
    with runtime.database.reading_long() as connection:
        return contents_of_store(runtime, connection, asked)


def _marks(runtime: Runtime) -> MarkOf:
    """Ids of print marks that the same content always gets here, and that nobody without this store's key can tell."""
    with runtime.database.reading() as connection:
        vault = vault_of(connection.dialect)
    return lambda key: new_document_id(vault.index(MARKED, key))
