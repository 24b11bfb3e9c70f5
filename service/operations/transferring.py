"""An accepted document and its people become another unit's: asked for, agreed to by a second person, and told of."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select, update

from service.access.approving import require_second
from service.access.matrix import Action as Right
from service.access.matrix import Role
from service.access.principal import Principal, current_principal
from service.access.scope import scope_of
from service.audit.chain import record
from service.audit.events import Action, AuditEvent
from service.operations.cross_units import CROSS_JOB
from service.operations.entering import Fault, refusal
from service.operations.holding import StaleVersionError, wrong_state
from service.operations.reviewing import ReasonNeededError
from service.operations.unit_settling import FROM_PERSON, unit_called
from service.operations.units import office_day
from service.runtime import Runtime
from service.store.accounts import find_account
from service.store.belonging import keep_belonging
from service.store.cross import forget_findings
from service.store.documents import StoredDocument, find_light
from service.store.errors import NotFoundError
from service.store.handing_in import arrival_key, forget_arrivals, keep_arrival, set_unit_of
from service.store.jobs import add_job
from service.store.submissions import Change, add_changes, change_submission
from service.store.tables import accepted, findings
from service.store.tokens import find_approval
from service.store.units import Unit, all_units


@dataclass(frozen=True, slots=True)
class Transfer:
    """To which unit (name, alias, credit code or id), who says so and why, what was seen, and the approval."""

    who: str
    unit: str
    reason: str
    approval: str = ""
    version: int | None = None


def transfer(runtime: Runtime, identity: str, asked: Transfer) -> dict[str, str]:
    """Give an accepted document, its forms and its people to another unit. Returns whose it is now.

    Raises:
        NotFoundError: there is no such document, or the unit is not within the reach of who decides.
        WrongStateError: it is not accepted; whose an open one is, is settled by :mod:`service.operations.assigning`.
        StaleVersionError: ``version`` is not the latest.
        ReasonNeededError: nothing says why.
        EntryInvalidError: the list of units does not know the unit.
        ApprovalNeededError, ApprovalInvalidError: a second person has not agreed to this.
    """
    if not asked.reason:
        raise ReasonNeededError(what_zh="移交其他单位", what_en="a transfer to another unit")
    with runtime.database.transaction() as connection:
        document = find_light(connection, identity)
        if document is None:
            raise NotFoundError
        if document.stage != "accepted" or not document.sha256:
            raise wrong_state(document.stage, "移交其他单位", "transferred to another unit")
        if asked.version is not None and asked.version != document.version:
            raise StaleVersionError(version=document.version)
        unit = _unit(connection, asked.unit)
        _require_agreed(runtime, connection, identity, unit, asked.approval)
        _give(connection, document, unit)
        change = Change(asked.who, "entered", "unit", document.unit, unit.name, asked.reason)
        change_submission(connection, identity)
        add_changes(connection, identity, [change])
        told = {"from": document.unit or "", "to": unit.name, "reason": asked.reason}
        record(connection, AuditEvent(Action.TRANSFER, "document", identity, details=told, who=asked.who))
    return {"id": identity, "unit": unit.name}


def _unit(connection: Connection, name: str) -> Unit:
    named = unit_called(all_units(connection), name, office_day())
    if named.unit is None:
        near = f",可能是{'、'.join(named.candidates)}" if named.candidates else ""
        raise refusal([Fault("unit", f"单位名录里没有“{name[:60]}”{near}", "is no unit of the list")])
    return named.unit


def _require_agreed(runtime: Runtime, connection: Connection, identity: str, unit: Unit, approval: str) -> None:
    """Stop unless the unit is within the reach of who decides: of the caller, or, of a proposal, of who agreed."""
    by = current_principal()
    subject = {"document": identity, "unit": unit.name}
    require_second(connection, runtime.settings, by, "transfer-document", subject, approval)
    decides = by
    if by.right(Right.TRANSFER).proposes and approval:
        agreed = find_approval(connection, approval)
        account = find_account(connection, agreed.decided_by) if agreed and agreed.decided_by else None
        if account is None:
            raise NotFoundError(pointer="unit")
        decides = Principal(account.id, account.title, Role(account.role), account.unit_id)
    if not by.is_desk and not scope_of(connection, decides, Right.TRANSFER).covers_unit(unit.id):
        raise NotFoundError(pointer="unit")


def _give(connection: Connection, document: StoredDocument, unit: Unit) -> None:
    identity = document.id
    set_unit_of(connection, identity, unit.name, FROM_PERSON)
    connection.execute(update(accepted).where(accepted.c.document_id == identity).values(unit=unit.name))
    for key in connection.scalars(select(accepted.c.id).where(accepted.c.document_id == identity)).all():
        keep_belonging(connection, "accepted", key, unit_id=unit.id)
    connection.execute(update(findings).where(findings.c.document_id == identity).values(unit=unit.name))
    forget_findings(connection, identity)
    add_job(connection, CROSS_JOB, {"document_id": identity})
    forget_arrivals(connection, identity)
    keep_arrival(connection, arrival_key(document.sha256, unit.id, document.campaign_id), identity)
