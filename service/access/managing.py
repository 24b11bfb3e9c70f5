"""Accounts made, changed and closed: by administrators, and the first one by whoever holds the printed token.

An account is never deleted, and never gets a password from anybody but its person: whoever makes or resets it gets a
one-time link to hand on. Source: requirements A6, A7, B3 and B5 of the security design.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, and_, func, select, true

from forms.illegal import illegal_characters
from service.access.errors import AccountExistsError, AccountInvalidError, ForbiddenError, LinkInvalidError
from service.access.lockout import unlock
from service.access.matrix import OF_UNIT, Action, Role
from service.access.passwords import PROFILES, hash_password, refuse_weak
from service.access.principal import Principal
from service.access.scope import Scope, scope_of
from service.settings import Settings
from service.store.account_tables import accounts
from service.store.accounts import (
    Account,
    account_named,
    add_account,
    change_account,
    count_accounts,
    find_account,
    latest_passwords,
    link_account,
    list_accounts,
    make_link,
    set_password,
    use_link,
)
from service.store.database import Database
from service.store.errors import NotFoundError
from service.store.sessions import end_sessions
from service.store.tokens import revoke_token
from service.store.unit_tables import units

HOUR = 3600.0
LINK_HOURS = 72
FIRST_HOURS = 24
LONGEST_TITLE = 40
_NAME = re.compile(r"[a-z0-9][a-z0-9._@-]{1,39}|[\u4e00-\u9fff][\u4e00-\u9fffa-z0-9._-]{1,19}")
STATES = {"pending": "待批准", "active": "启用", "disabled": "停用"}


Agreed = Callable[[Connection, Account, Role, str | None], None]
"""Stops a change of an account to that role and unit (by id) where somebody else has to agree and has not."""


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What is asked for: the name to sign in with, the person's name, role, and unit by id."""

    name: str
    title: str
    role: Role
    unit_id: str | None = None
    certificate: str | None = None


def is_ever_made(connection: Connection) -> bool:
    """Whether there was ever an account; from then on everybody signs in."""
    return count_accounts(connection) > 0


def first_token(database: Database) -> str | None:
    """A one-time token with which the first administrator is made; ``None`` where there are accounts already."""
    with database.transaction() as connection:
        if is_ever_made(connection):
            return None
        return make_link(connection, "first", None, "start", FIRST_HOURS * HOUR)


def make_first(database: Database, settings: Settings, token: str, asked: NewAccount, password: str) -> Account:
    """The first account, a system administrator, and the end of the token.

    Raises:
        LinkInvalidError: not the printed token, or there is an account already.
        AccountInvalidError, PasswordRefusedError: the name or the password cannot be used.
    """
    with database.transaction() as connection:
        good, _ = link_account(connection, "first", token)
        if not good or is_ever_made(connection):
            raise LinkInvalidError
        asked = _checked(connection, asked)
        refuse_weak(PROFILES[settings.auth_profile], password, _words(connection, asked.name, asked.title, None))
        if not use_link(connection, token):
            raise LinkInvalidError
        identity = _add(connection, asked, "active", "首次启动")
        set_password(connection, identity, hash_password(password, settings.suite))
        return _found(connection, identity)


def _words(connection: Connection, name: str, title: str, unit_id: str | None) -> list[str]:
    """What everybody knows of a person: both names, and the names of the unit and of the leading offices."""
    wanted = units.c.kind.in_(("organization", "hr", "finance"))
    known = connection.scalars(select(units.c.name).where(wanted | (units.c.id == (unit_id or ""))))
    return [name, *name.split("@"), title, *known]


def _checked(connection: Connection, asked: NewAccount) -> NewAccount:
    name, title = asked.name.strip().lower(), asked.title.strip()
    if not _NAME.fullmatch(name):
        raise AccountInvalidError(
            pointer="name",
            reason_zh="用户名为 2 至 40 个小写字母、数字和 . _ @ -,或 2 至 20 个汉字、字母、数字",
            reason_en="the name has 2 to 40 small letters, digits and . _ @ -, or 2 to 20 Chinese characters",
        )
    if not 1 <= len(title) <= LONGEST_TITLE or illegal_characters(title):
        reason = f"姓名应为 1 至 {LONGEST_TITLE} 字"
        raise AccountInvalidError(pointer="title", reason_zh=reason, reason_en="the person's name is missing or long")
    _require_unit(connection, asked.role, asked.unit_id)
    if account_named(connection, name) is not None:
        raise AccountExistsError(pointer="name")
    return NewAccount(name, title, asked.role, asked.unit_id, (asked.certificate or "").strip() or None)


def _require_unit(connection: Connection, role: Role, unit_id: str | None) -> None:
    if unit_id is None and role in OF_UNIT:
        raise AccountInvalidError(
            pointer="unit", reason_zh=f"“{role.label}”必须属于一个单位", reason_en="this role needs a unit"
        )
    if unit_id is not None and connection.scalar(select(units.c.id).where(units.c.id == unit_id)) is None:
        raise AccountInvalidError(pointer="unit", reason_zh="名录中没有这个单位", reason_en="there is no such unit")


def _add(connection: Connection, asked: NewAccount, state: str, made_by: str) -> str:
    return add_account(
        connection,
        name=asked.name,
        title=asked.title,
        role=asked.role.value,
        unit_id=asked.unit_id,
        state=state,
        certificate=asked.certificate,
        made_by=made_by,
    )


def _found(connection: Connection, identity: str) -> Account:
    account = find_account(connection, identity)
    if account is None:
        raise NotFoundError
    return account


def create(database: Database, settings: Settings, by: Principal, asked: NewAccount) -> tuple[Account, str | None]:
    """An account for somebody, and the one-time link with which that person sets a password.

    Where a security administrator is at work it waits for that one's approval, and the link comes with it; a
    department only proposes liaisons of its own units.

    Raises:
        ForbiddenError: the person may neither create nor propose such an account.
        AccountInvalidError, AccountExistsError: it cannot be as it was asked for.
    """
    right = by.right(Action.USERS_AND_UNITS)
    with database.transaction() as connection:
        asked = _checked(connection, asked)
        if not (right.creates or right.proposes or by.is_desk):
            raise ForbiddenError
        if right.proposes and (asked.role is not Role.LIAISON or asked.certificate):
            raise ForbiddenError
        if not scope_of(connection, by, Action.USERS_AND_UNITS).covers_unit(asked.unit_id):
            raise NotFoundError(pointer="unit")
        waits = right.proposes or (settings.second_person and has_security(connection))
        identity = _add(connection, asked, "pending" if waits else "active", by.name)
        account = _found(connection, identity)
        return account, None if waits else _link(connection, account, by)


def has_security(connection: Connection, *but: str) -> bool:
    """Whether a security administrator is at work, other than these, who can approve what somebody does."""
    wanted = and_(
        accounts.c.role == Role.SECURITY.value,
        accounts.c.state == "active",
        accounts.c.password_at.is_not(None),
        accounts.c.id.not_in(but),
    )
    return bool(connection.scalar(select(func.count()).select_from(accounts).where(wanted)))


def _link(connection: Connection, account: Account, by: Principal) -> str:
    return make_link(connection, "password", account.id, by.name, LINK_HOURS * HOUR)


def approve(database: Database, by: Principal, identity: str) -> tuple[Account, str]:
    """Let a pending account in; returns it with the one-time link for its person.

    Raises:
        ForbiddenError: the person may not approve accounts, or asked for this one.
        AccountInvalidError: it does not wait for approval.
    """
    with database.transaction() as connection:
        account = _found(connection, identity)
        right = by.right(Action.USERS_AND_UNITS)
        # Where nobody is there to approve, the proposals of departments are let in by who may create
        may = right.approves or (right.creates and not has_security(connection)) or by.is_desk
        if not may or account.made_by == by.name:
            raise ForbiddenError
        if account.state != "pending":
            raise AccountInvalidError(reason_zh="它不在待批准状态", reason_en="it does not wait for approval")
        change_account(connection, identity, state="active")
        return _found(connection, identity), _link(connection, account, by)


def reset(database: Database, by: Principal, identity: str) -> str:
    """A one-time link with which the person sets a new password; sessions and tokens of before end at once.

    The second factor stays. Raises :class:`ForbiddenError` for who may not, or for oneself.
    """
    with database.transaction() as connection:
        account = _require_manageable(connection, by, identity)
        if account.state != "active":
            raise AccountInvalidError(reason_zh="账号未启用", reason_en="the account is not enabled")
        change_account(connection, identity, password_hash=None, must_change=True)
        _end_all(connection, account)
        return _link(connection, account, by)


def _require_manageable(connection: Connection, by: Principal, identity: str) -> Account:
    account = _found(connection, identity)
    right = by.right(Action.USERS_AND_UNITS)
    if not (right.creates or right.approves or by.is_desk) or account.id == by.id:
        raise ForbiddenError
    return account


def _end_all(connection: Connection, account: Account) -> None:
    end_sessions(connection, account.id)
    revoke_token(connection, account.id)


def clear_lock(database: Database, by: Principal, identity: str) -> None:
    """Forget the failures of an account, from all addresses."""
    with database.transaction() as connection:
        unlock(connection, _require_manageable(connection, by, identity).name)


def change(
    database: Database, by: Principal, identity: str, wanted: Mapping[str, Any], agreed: Agreed | None = None
) -> Account:
    """Change an account; it counts from the next request on.

    Who looks after users changes ``state`` (active or disabled) and ``second_factor`` (``None`` forgets it), who looks
    after roles changes ``role`` and ``unit``, for which ``agreed`` is asked first.

    Raises:
        ForbiddenError: not this person's to change, or the person's own.
        AccountInvalidError: it cannot be so.
    """
    with database.transaction() as connection:
        account = _found(connection, identity)
        if account.id == by.id:
            raise ForbiddenError
        users, roles = by.right(Action.USERS_AND_UNITS), by.right(Action.ROLES_AND_RULES)
        if {"state", "second_factor"} & set(wanted) and not (users.creates or users.approves or by.is_desk):
            raise ForbiddenError
        if {"role", "unit"} & set(wanted) and not (roles.is_given or by.is_desk):
            raise ForbiddenError
        role = Role(wanted.get("role", account.role))
        unit_id = wanted.get("unit", account.unit_id)
        _require_unit(connection, role, unit_id)
        if agreed is not None and (role.value, unit_id) != (account.role, account.unit_id):
            agreed(connection, account, role, unit_id)
        values = {"role": role.value, "unit_id": unit_id, **_state(account, wanted)}
        if "second_factor" in wanted:
            values |= {"totp_secret": None, "certificate": None}
            _end_all(connection, account)
        change_account(connection, identity, **values)
        if values.get("state") == "disabled":
            _end_all(connection, account)
        return _found(connection, identity)


def _state(account: Account, wanted: Mapping[str, Any]) -> dict[str, Any]:
    state = wanted.get("state", account.state)
    if state == account.state:
        return {}
    if account.state == "pending" and state != "disabled":
        raise AccountInvalidError(reason_zh="它还没有批准", reason_en="it was not approved yet")
    # An account that was closed because nobody used it begins its ninety days anew
    return {"state": state, "used_at": time.time()} if state == "active" else {"state": state}


def accounts_in(database: Database, by: Principal) -> list[Account]:
    """The accounts that a person looks after: those of a scope's units."""
    with database.transaction() as connection:
        scope = accounts_scope(connection, by)
        reach = true() if scope.everything else accounts.c.unit_id.in_(sorted(scope.units))
        return list(list_accounts(connection, reach))


def accounts_scope(connection: Connection, by: Principal) -> Scope:
    """Whose accounts a person may see."""
    action = Action.USERS_AND_UNITS if by.right(Action.USERS_AND_UNITS).is_given else Action.ROLES_AND_RULES
    return scope_of(connection, by, action)


def use_password_link(database: Database, settings: Settings, token: str, password: str) -> Account:
    """Set the password of the account that a one-time link is for.

    Raises:
        LinkInvalidError: the link is unknown, used or too old, or the account is not enabled.
        PasswordRefusedError: the policy does not take the password; the link stays good.
    """
    with database.transaction() as connection:
        _, identity = link_account(connection, "password", token)
        account = find_account(connection, identity) if identity else None
        if account is None or account.state != "active":
            raise LinkInvalidError
        new_password(connection, settings, account, password)
        if not use_link(connection, token):
            raise LinkInvalidError
        end_sessions(connection, account.id)
        return _found(connection, account.id)


def new_password(connection: Connection, settings: Settings, account: Account, password: str) -> None:
    """Give an account a password that its person chose.

    Raises:
        PasswordRefusedError: the policy does not take it.
    """
    profile = PROFILES[settings.auth_profile]
    before = latest_passwords(connection, account.id, profile.remembered)
    refuse_weak(profile, password, _words(connection, account.name, account.title, account.unit_id), before)
    set_password(connection, account.id, hash_password(password, settings.suite))
