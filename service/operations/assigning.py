"""A person says whose a returned file is, or to which campaign it belongs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from service.access.matrix import Action
from service.operations.belonging import require_reach
from service.operations.campaigns import campaign_for_upload
from service.operations.documents import told
from service.operations.entering import Fault, refusal
from service.operations.holding import SETTLED, Held, hold, rechecked, save, wrong_state
from service.operations.unit_settling import FROM_PERSON, unit_called, without_doubt
from service.operations.units import office_day
from service.runtime import Runtime
from service.store.campaigns import find_campaign
from service.store.documents import StoredDocument, find_document
from service.store.handing_in import arrival_key, forget_arrivals, keep_arrival, set_campaign_of, set_unit_of
from service.store.submissions import Change, add_changes
from service.store.units import all_units


@dataclass(frozen=True, slots=True)
class Assigned:
    """What a person says of a file; ``None`` stays as it is. ``unit`` and ``campaign`` are an id or a name."""

    who: str
    unit: str | None = None
    campaign: str | None = None
    reason: str = ""
    version: int | None = None


def assign(runtime: Runtime, identity: str, asked: Assigned) -> dict[str, Any]:
    """Enter whose a file is and for which campaign. Returns the document.

    Raises:
        NotFoundError: there is no such document or campaign, or the unit is not within the caller's reach.
        WrongStateError: it is accepted, returned or superseded.
        StaleVersionError: ``version`` is not the latest.
        EntryInvalidError: the list of units does not know the unit.
        CampaignClosedError: the campaign takes no more files.
    """
    with runtime.database.transaction() as connection:
        held = hold(connection, identity)
        if held.document.stage in SETTLED:
            raise wrong_state(held.document.stage, "改填报单位或批次", "moved to another unit or campaign")
        held.require(asked.version)
        steps = [*_unit_step(connection, held, asked), *_campaign_step(connection, runtime, held, asked)]
        if steps:
            _keep(connection, runtime, identity, asked, steps)
    return told(runtime.database, identity)


def _unit_step(connection: Connection, held: Held, asked: Assigned) -> list[Change]:
    if asked.unit is None:
        return []
    units = all_units(connection)
    named = unit_called(units, asked.unit, office_day())
    if named.unit is None and units:
        near = f",可能是{'、'.join(named.candidates)}" if named.candidates else ""
        raise refusal([Fault("unit", f"单位名录里没有“{asked.unit[:60]}”{near}", "is no unit of the list")])
    name = named.unit.name if named.unit else asked.unit
    require_reach(connection, Action.DECIDE, name)
    set_unit_of(connection, held.identity, name, FROM_PERSON)
    before = held.document.unit
    return [Change(asked.who, "entered", "unit", before, name, asked.reason)]


def _campaign_step(connection: Connection, runtime: Runtime, held: Held, asked: Assigned) -> list[Change]:
    if asked.campaign is None:
        return []
    campaign = campaign_for_upload(connection, runtime.settings, asked.campaign)
    if campaign.id == held.document.campaign_id:
        return []
    set_campaign_of(connection, held.identity, campaign.id)
    before = find_campaign(connection, held.document.campaign_id) if held.document.campaign_id else None
    return [Change(asked.who, "entered", "campaign", before.title if before else None, campaign.title, asked.reason)]


def _keep(connection: Connection, runtime: Runtime, identity: str, asked: Assigned, steps: list[Change]) -> None:
    held = hold(connection, identity)
    _key_anew(connection, held.document)
    if held.document.stage == "received":
        add_changes(connection, identity, steps)  # its reading will find who said so
        return
    if asked.unit is not None and held.now:
        held.now[0] = without_doubt(held.now[0])
    if asked.campaign is not None:
        held.now = [rechecked(held, number, runtime) for number in range(len(held.now))]
    save(connection, held, asked.who, steps)


def _key_anew(connection: Connection, document: StoredDocument) -> None:
    """The same bytes are the same document for the unit and the campaign that it belongs to now."""
    found = find_document(connection, document.id)
    if found is None or found.job_id is None:
        return
    forget_arrivals(connection, document.id)
    unit = unit_called(all_units(connection), found.unit or "", office_day()).unit
    keep_arrival(
        connection, arrival_key(found.sha256, unit.id if unit else found.unit or "", found.campaign_id), document.id
    )
