"""What everybody does with the own account: password, second factor, sessions, API tokens."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from forms.illegal import illegal_characters
from service.access.errors import AccountInvalidError, ForbiddenError, SignInFailedError, StepUpNeededError
from service.access.lockout import count_failure, require_unlocked, unlock
from service.access.managing import new_password
from service.access.matrix import Action
from service.access.passwords import DAY, is_password
from service.access.principal import Principal
from service.access.second_factor import new_secret, step_of
from service.access.sessions import TOKEN_PREFIX, Caller, SignedIn, live_sessions, renew
from service.settings import Settings
from service.store.accounts import Account, change_account, find_account, use_code
from service.store.database import Database
from service.store.errors import NotFoundError
from service.store.sessions import Session, change_session, end_session, end_sessions, find_session
from service.store.tokens import add_token, revoke_token, tokens_of

LONGEST_NAME = 40
MOST_DAYS = 365
MOST_TOKENS = 20
NEVER = frozenset({Action.OWN_ACCOUNT, Action.USERS_AND_UNITS, Action.ROLES_AND_RULES, Action.OPERATE})
"""What a program may not do with a token: it proves nobody's presence."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A token that is asked for: a name to know it by, actions, days until it expires."""

    name: str
    actions: tuple[str, ...]
    days: int = 90


def session_of(principal: Principal) -> str:
    """The session of a person who signed in.

    Raises:
        ForbiddenError: a program, or the local desk: neither has an account of its own to change.
    """
    if principal.session_id is None:
        raise ForbiddenError
    return principal.session_id


def _of_cookie(connection: Connection, cookie: str) -> tuple[Session, Account]:
    session = find_session(connection, cookie)
    account = find_account(connection, session.account_id) if session else None
    if session is None or account is None:
        raise SignInFailedError
    return session, account


def replace_password(
    database: Database, settings: Settings, cookie: str, passwords: tuple[str, str], caller: Caller
) -> SignedIn:
    """Put a new password (second) in the place of the old one (first); all other sessions and all tokens end.

    Raises:
        TooManyAttemptsError, SignInFailedError: the old one is wrong.
        PasswordRefusedError: the policy does not take the new one.
    """
    with database.transaction() as connection:
        _, account = _of_cookie(connection, cookie)
        require_unlocked(connection, account.name, caller.address)
    right = is_password(account.password_hash, passwords[0])
    with database.transaction() as connection:
        session, account = _of_cookie(connection, cookie)
        if right:
            new_password(connection, settings, account, passwords[1])
            unlock(connection, account.name, caller.address)
            end_sessions(connection, account.id, but=session.id)
            revoke_token(connection, account.id)
            return renew(connection, settings, session, find_account(connection, account.id) or account)
        count_failure(connection, account.name, caller.address)
    raise SignInFailedError


def begin_enrolment(database: Database, principal: Principal) -> tuple[str, str]:
    """A secret for the telephone, waiting in the session for its first code; returns it and the account's name.

    Who has a second factor already must have proved it within five minutes.

    Raises:
        ForbiddenError: a program, or the local desk.
        StepUpNeededError: see above.
    """
    identity = session_of(principal)
    with database.transaction() as connection:
        account = find_account(connection, principal.id)
        if account is None:
            raise ForbiddenError
        if account.totp_secret is not None and not principal.is_fresh:
            raise StepUpNeededError
        secret = new_secret()
        change_session(connection, identity, pending_secret=secret)
    return secret, account.name


def pending_secret(database: Database, cookie: str) -> tuple[str, str]:
    """The secret that waits for its first code, and the account's name.

    Raises:
        NotFoundError: none waits.
    """
    with database.transaction() as connection:
        session, account = _of_cookie(connection, cookie)
    if session.pending_secret is None:
        raise NotFoundError
    return session.pending_secret, account.name


def confirm_enrolment(database: Database, settings: Settings, cookie: str, code: str, caller: Caller) -> SignedIn:
    """Take the secret that waits, once a code of it was given; all other sessions end.

    Raises:
        SignInFailedError: no code of that secret.
        TooManyAttemptsError: too many of them.
    """
    with database.transaction() as connection:
        session, account = _of_cookie(connection, cookie)
        require_unlocked(connection, account.name, caller.address)
        step = step_of(session.pending_secret, code) if session.pending_secret else None
        if step is not None:
            change_account(connection, account.id, totp_secret=session.pending_secret, totp_step=0)
            use_code(connection, account.id, step)
            end_sessions(connection, account.id, but=session.id)
            return renew(connection, settings, session, find_account(connection, account.id) or account)
        count_failure(connection, account.name, caller.address)
    raise SignInFailedError


def my_sessions(database: Database, principal: Principal) -> list[dict[str, Any]]:
    """The open sessions of a person, the latest first."""
    with database.transaction() as connection:
        found = live_sessions(connection, principal.id)
    return [
        {
            "id": item.id,
            "address": item.address,
            "agent": item.agent,
            "made_at": item.made_at,
            "seen_at": item.seen_at,
            "this_one": item.id == principal.session_id,
        }
        for item in found
    ]


def drop_session(database: Database, principal: Principal, identity: str) -> None:
    """End one session of a person.

    Raises:
        NotFoundError: there is no such session, or it is another's.
    """
    with database.transaction() as connection:
        if not end_session(connection, identity, principal.id):
            raise NotFoundError


def my_tokens(database: Database, principal: Principal) -> list[dict[str, Any]]:
    """The tokens of a person, without what they are."""
    with database.transaction() as connection:
        found = tokens_of(connection, principal.id)
    now = time.time()
    names = ("id", "name", "actions", "made_at", "expires_at", "used_at")
    return [{**{name: getattr(item, name) for name in names}, "expired": not item.holds_at(now)} for item in found]


def new_token(database: Database, principal: Principal, asked: Asked) -> dict[str, Any]:
    """A token for a program; what it is, is told now and never again.

    Raises:
        StepUpNeededError: the person has not proved who they are within five minutes.
        AccountInvalidError: no name, no days, an action that the role does not have or that no program may do.
    """
    session_of(principal)
    if not principal.is_fresh:
        raise StepUpNeededError
    name = asked.name.strip()
    if not 1 <= len(name) <= LONGEST_NAME or illegal_characters(name):
        raise AccountInvalidError(pointer="name", reason_zh="请给令牌起名", reason_en="the token needs a name")
    if not 1 <= asked.days <= MOST_DAYS:
        reason = f"有效期为 1 至 {MOST_DAYS} 天"
        raise AccountInvalidError(pointer="days", reason_zh=reason, reason_en=f"1 to {MOST_DAYS} days")
    good = {action.value for action in Action if principal.right(action).is_given} - {item.value for item in NEVER}
    if not asked.actions or not set(asked.actions) <= good:
        raise AccountInvalidError(
            pointer="actions",
            reason_zh=f"可选的动作:{'、'.join(sorted(good))}",
            reason_en=f"some of these actions: {', '.join(sorted(good))}",
        )
    token = TOKEN_PREFIX + secrets.token_urlsafe(32)
    expires = time.time() + asked.days * DAY
    with database.transaction() as connection:
        if len(tokens_of(connection, principal.id)) >= MOST_TOKENS:
            reason = f"最多 {MOST_TOKENS} 个令牌"
            raise AccountInvalidError(reason_zh=reason, reason_en=f"at most {MOST_TOKENS} tokens")
        actions = sorted(set(asked.actions))
        values = {"account_id": principal.id, "name": name, "actions": actions, "expires_at": expires}
        identity = add_token(connection, token, **values)
    return {"id": identity, "token": token, "name": name, "actions": actions, "expires_at": expires}


def drop_token(database: Database, principal: Principal, identity: str) -> None:
    """End one token of a person.

    Raises:
        NotFoundError: there is no such token, or it is another's.
    """
    with database.transaction() as connection:
        if not revoke_token(connection, principal.id, identity):
            raise NotFoundError
