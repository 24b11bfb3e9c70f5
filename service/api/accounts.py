"""``/accounts`` and ``/approvals``: people who may sign in, and what needs a second person."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response

from service.access import approving, managing
from service.access.errors import AccountInvalidError
from service.access.managing import NewAccount
from service.access.matrix import Role
from service.access.principal import current_principal
from service.api.access import current_scope
from service.api.context import answer_json, json_body, runtime, text_parameter
from service.api.errors import BadRequestError
from service.api.sign_in import word
from service.operations.belonging import unit_of_name
from service.operations.units import units_of
from service.store.accounts import Account, find_account
from service.store.errors import NotFoundError
from service.store.tokens import Approval

blueprint = Blueprint("accounts", __name__)
LINK = "/password-link"


@blueprint.get("/accounts")
def list_accounts() -> Response:
    """The accounts that the caller looks after."""
    current_scope()
    return answer_json(
        {"accounts": [account_to_plain(item) for item in managing.accounts_in(runtime().database, current_principal())]}
    )


def account_to_plain(account: Account) -> dict[str, Any]:
    """An account as JSON: nothing of its password or its second factor."""
    return {
        "id": account.id,
        "name": account.name,
        "title": account.title,
        "role": account.role,
        "role_title": Role(account.role).label,
        "unit_id": account.unit_id,
        "state": account.state,
        "has_password": account.password_hash is not None,
        "second_factor": account.totp_secret is not None or account.certificate is not None,
        "made_at": account.made_at,
        "made_by": account.made_by,
        "used_at": account.used_at,
    }


@blueprint.post("/accounts")
def create_account() -> Response:
    """An account for somebody, with the one-time link on which that person sets a password."""
    body = json_body("name", "title", "role", "unit", "certificate")
    current_scope()
    asked = NewAccount(
        word(body, "name"), word(body, "title"), role_of(word(body, "role")), unit_id_of(word(body, "unit")),
        word(body, "certificate") or None,
    )  # fmt: skip
    parts = runtime()
    account, link = managing.create(parts.database, parts.settings, current_principal(), asked)
    return answer_json({**account_to_plain(account), **link_to_plain(link)}, 201)


def link_to_plain(link: str | None) -> dict[str, Any]:
    """A one-time link as JSON; told once."""
    return {"link": None if link is None else {"page": LINK, "token": link, "hours": managing.LINK_HOURS}}


def role_of(text: str) -> Role:
    """A role by its name or its Chinese title.

    Raises:
        BadRequestError: there is no such role.
    """
    known = {**{role.value: role for role in Role}, **{role.label: role for role in Role}}
    if text not in known:
        roles = "、".join(f"{role.value}({role.label})" for role in Role)
        raise BadRequestError(name="role", reason_zh=f"可用值:{roles}", reason_en=f"one of {', '.join(Role)}")
    return known[text]


def unit_id_of(text: str) -> str | None:
    """A unit by its id or a name; ``None`` where none is given.

    Raises:
        AccountInvalidError: there is no such unit.
    """
    if not text.strip():
        return None
    units = units_of(runtime().database)
    found = next((unit.id for unit in units if unit.id == text), None) or unit_of_name(units, text)
    if found is None:
        raise AccountInvalidError(pointer="unit", reason_zh="名录中没有这个单位", reason_en="there is no such unit")
    return found


@blueprint.get("/accounts/<uuid:identity>")
def show_account(identity: object) -> Response:
    """One account."""
    return answer_json(account_to_plain(account_of(str(identity))))


def account_of(identity: str) -> Account:
    """The account of that id.

    Raises:
        NotFoundError: there is none.
    """
    with runtime().database.reading() as connection:
        account = find_account(connection, identity)
    if account is None:
        raise NotFoundError
    return account


@blueprint.patch("/accounts/<uuid:identity>")
def change_account(identity: object) -> Response:
    """Enable, disable, another role or unit, or no second factor any more; it counts from the next request on."""
    body = json_body("state", "role", "unit", "second_factor", "approval")
    wanted: dict[str, Any] = {}
    if "state" in body:
        wanted["state"] = text_parameter(body, "state", "", ("active", "disabled"))
    if "role" in body:
        wanted["role"] = role_of(word(body, "role")).value
    if "unit" in body:
        wanted["unit"] = None if body["unit"] is None else unit_id_of(word(body, "unit"))
    if "second_factor" in body:
        if body["second_factor"] is not None:
            raise BadRequestError(name="second_factor", reason_zh="只能为 null", reason_en="only null can be given")
        wanted["second_factor"] = None
    parts, by = runtime(), current_principal()
    agreed = approving.role_agreement(parts.settings, by, text_parameter(body, "approval", ""))
    return answer_json(account_to_plain(managing.change(parts.database, by, str(identity), wanted, agreed)))


@blueprint.post("/accounts/<uuid:identity>/approve")
def approve_account(identity: object) -> Response:
    """Let a pending account in; answers with the one-time link for its person."""
    account, link = managing.approve(runtime().database, current_principal(), str(identity))
    return answer_json({**account_to_plain(account), **link_to_plain(link)})


@blueprint.post("/accounts/<uuid:identity>/reset")
def reset_account(identity: object) -> Response:
    """A one-time link for a new password; sessions and tokens end at once."""
    return answer_json(link_to_plain(managing.reset(runtime().database, current_principal(), str(identity))))


@blueprint.post("/accounts/<uuid:identity>/unlock")
def unlock_account(identity: object) -> Response:
    """Forget failures to sign in."""
    managing.clear_lock(runtime().database, current_principal(), str(identity))
    return answer_json({"unlocked": str(identity)})


@blueprint.get("/approvals")
def list_approvals() -> Response:
    """What the caller asked a second person for, and what waits for the caller."""
    current_scope()
    found = approving.approvals_of(runtime().database, current_principal())
    return answer_json({"approvals": [{**approval_to_plain(item), "can_decide": can} for item, can in found]})


def approval_to_plain(item: Approval) -> dict[str, Any]:
    """A request as JSON."""
    names = ("id", "kind", "subject", "reason", "state", "asked_by", "asked_at", "expires_at", "decided_by")
    more = ("decided_at", "note")
    return {name: getattr(item, name) for name in (*names, *more)}


@blueprint.post("/approvals")
def ask_approval() -> Response:
    """Ask a second person: ``kind`` and ``subject`` say for what exactly, ``reason`` why."""
    body = json_body("kind", "subject", "reason")
    kind = text_parameter(body, "kind", "", tuple(approving.KINDS))
    subject, reason = body.get("subject"), word(body, "reason").strip()
    if not isinstance(subject, dict) or not all(isinstance(item, str) for item in subject.values()):
        raise BadRequestError(name="subject", reason_zh="应为文字的对象", reason_en="an object of texts is needed")
    if not reason:
        raise BadRequestError(name="reason", reason_zh="请写明理由", reason_en="a reason is needed")
    made = approving.ask(runtime().database, current_principal(), kind, subject, reason)
    return answer_json(approval_to_plain(made), 201)


@blueprint.post("/approvals/<uuid:identity>/decide")
def decide_approval(identity: object) -> Response:
    """Approve or refuse."""
    body = json_body("approve", "note")
    approve = body.get("approve")
    if not isinstance(approve, bool):
        raise BadRequestError(name="approve", reason_zh="应为 true 或 false", reason_en="true or false")
    by = current_principal()
    made = approving.decide(runtime().database, by, str(identity), approve=approve, note=word(body, "note"))
    return answer_json(approval_to_plain(made))
