"""What needs a second person: asked for by one, decided by another who has the same right, used once.

Source: the ``②`` of the access matrix (§3) and requirement E4 of the security design.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, or_, select

from service.access.errors import ApprovalInvalidError, ApprovalNeededError, ForbiddenError
from service.access.managing import Agreed, has_security
from service.access.matrix import Action, Role
from service.access.principal import Principal
from service.access.scope import scope_of
from service.settings import Settings
from service.store.account_tables import approvals
from service.store.accounts import Account, find_account
from service.store.database import Database
from service.store.errors import NotFoundError
from service.store.tokens import Approval, add_approval, find_approval, list_approvals, move_approval
from service.store.unit_tables import units

HOLDS_SECONDS = 72 * 3600.0
MOST_LISTED = 200
KINDS: Mapping[str, Action] = {
    "export-plain": Action.EXPORT_PLAIN,
    "confirm-import": Action.CONFIRM_IMPORT,
    "units-import": Action.USERS_AND_UNITS,
    "delete-document": Action.DELETE,
    "transfer-document": Action.TRANSFER,
    "publish-template": Action.PUBLISH_TEMPLATE,
    "change-role": Action.ROLES_AND_RULES,
}
"""Kinds of request, and the right that the person who decides must have."""
TITLES = {
    "export-plain": "导出完整证件号",
    "confirm-import": "确认大批导入",
    "units-import": "改动单位名录",
    "delete-document": "删除文件",
    "transfer-document": "把已接收的文件和人员移交其他单位",
    "publish-template": "发布或改用表格版本",
    "change-role": "改变账号的角色或单位",
}
PROPOSED = frozenset({"transfer-document"})
"""Kinds that who may only propose asks for in the same way."""
BATCH = 100
"""An import of more rows than this needs a second person."""


def ask(database: Database, by: Principal, kind: str, subject: Mapping[str, Any], reason: str) -> Approval:
    """Ask for approval of exactly this. Raises :class:`ForbiddenError` for who has no such right, or no account."""
    if by.is_desk or by.actions is not None or not by.right(KINDS[kind]).is_given:
        raise ForbiddenError
    with database.transaction() as connection:
        identity = add_approval(
            connection,
            kind=kind,
            subject=dict(subject),
            reason=reason,
            asked_by=by.id,
            unit_id=by.unit_id,
            expires_at=time.time() + HOLDS_SECONDS,
        )
        return _found(connection, identity)


def _found(connection: Connection, identity: str) -> Approval:
    approval = find_approval(connection, identity)
    if approval is None:
        raise NotFoundError
    return approval


def may_decide(connection: Connection, by: Principal, approval: Approval) -> bool:
    """Whether a person may decide: another than who asked, with the right, over all that the one who asked may do.

    Where the matrix asks for somebody above (``u``), a person of the same role does not do.
    """
    if by.id in {approval.asked_by, approval.subject.get("account")} or by.actions is not None:
        return False
    action = KINDS[approval.kind]
    right = by.right(action)
    if not right.is_given or (right.creates and not right.approves) or right.proposes:
        return False
    asker = find_account(connection, approval.asked_by)
    if asker is None:
        return False
    if by.role is not None and asker.role == by.role.value and by.right(action).second_above:
        return False
    mine = scope_of(connection, by, action)
    theirs = scope_of(connection, Principal(asker.id, asker.title, Role(asker.role), asker.unit_id), action)
    return mine.everything or (not theirs.everything and theirs.units <= mine.units)


def decide(database: Database, by: Principal, identity: str, *, approve: bool, note: str) -> Approval:
    """Approve or refuse a request.

    Raises:
        NotFoundError: the person neither asked for it nor may decide it.
        ForbiddenError: it is the person's own.
        ApprovalInvalidError: it was decided, or has expired.
    """
    with database.transaction() as connection:
        approval = _found(connection, identity)
        if by.id == approval.asked_by:
            raise ForbiddenError
        if not may_decide(connection, by, approval):
            raise NotFoundError
        state = "approved" if approve else "refused"
        values = {"state": state, "decided_by": by.id, "decided_at": time.time(), "note": note}
        if approval.expires_at < time.time():
            raise ApprovalInvalidError(reason_zh="已过期", reason_en="it has expired")
        if not move_approval(connection, identity, "open", **values):
            raise ApprovalInvalidError(reason_zh="已经办理过", reason_en="it was decided before")
        return _found(connection, identity)


def visible(connection: Connection, by: Principal, approval: Approval) -> bool:
    """Whether a person may know of a request."""
    return by.is_desk or by.id in {approval.asked_by, approval.decided_by} or may_decide(connection, by, approval)


def approvals_of(database: Database, by: Principal) -> list[tuple[Approval, bool]]:
    """The requests that concern a person, each with whether that person may decide it now."""
    kinds = [kind for kind, action in KINDS.items() if by.right(action).is_given]
    with database.reading() as connection:
        found = list_approvals(connection, or_(approvals.c.asked_by == by.id, approvals.c.kind.in_(kinds)), MOST_LISTED)
        now = time.time()
        return [
            (item, item.state == "open" and item.expires_at > now and may_decide(connection, by, item))
            for item in found
            if visible(connection, by, item)
        ]


def _asks_second(connection: Connection, by: Principal, kind: str) -> bool:
    """Whether the right asks for a second person; who may create users and units does where somebody can approve."""
    right = by.right(KINDS[kind])
    is_proposal = right.proposes and kind in PROPOSED
    return right.second or is_proposal or (right.creates and has_security(connection))


def role_agreement(settings: Settings, by: Principal, approval: str) -> Agreed:
    """What :func:`service.access.managing.change` asks before it changes a role or unit: a second administrator.

    Nobody agrees to a change of the own account.
    """

    def agreed(connection: Connection, account: Account, role: Role, unit_id: str | None) -> None:
        if not needs_agreement(connection, settings, by, account.id):
            return
        unit = connection.scalar(select(units.c.name).where(units.c.id == unit_id)) if unit_id else None
        subject = {"account": account.id, "role": role.value, **({"unit": unit} if unit else {})}
        require_second(connection, settings, by, "change-role", subject, approval)

    return agreed


def needs_agreement(connection: Connection, settings: Settings, by: Principal, account: str) -> bool:
    """Whether another security administrator has to agree when this person changes the role or unit of an account.

    ``HZFORMS_ROLE_CHANGE``: ``possible`` where there is another one at work, ``always`` also where there is none,
    ``alone`` never.
    """
    if by.is_desk or not settings.second_person or settings.role_change == "alone":
        return False
    return settings.role_change == "always" or has_security(connection, by.id, account)


def require_second(
    connection: Connection, settings: Settings, by: Principal, kind: str, subject: Mapping[str, Any], approval: str
) -> None:
    """Stop what needs a second person and has none; what was approved is used up by this.

    Raises:
        ApprovalNeededError: no approval was named.
        ApprovalInvalidError: it is another person's, for something else, not approved, used, or expired.
    """
    if not settings.second_person or not _asks_second(connection, by, kind):
        return
    if not approval:
        raise ApprovalNeededError(pointer=kind, kind=kind)
    found = find_approval(connection, approval)
    if found is None or found.asked_by != by.id or found.kind != kind or found.subject != dict(subject):
        raise ApprovalInvalidError(reason_zh="与所批准的内容不符", reason_en="it is for something else")
    if found.state != "approved" or found.expires_at < time.time():
        raise ApprovalInvalidError(reason_zh="未批准、已使用或已过期", reason_en="it is not approved, used, or expired")
    if not move_approval(connection, approval, "approved", state="used"):
        raise ApprovalInvalidError(reason_zh="已使用", reason_en="it was used before")
