"""Signing in and out, and what a session may do: found by its cookie, ended by time, by its owner or by a change.

Source: requirement A5 of the security design.
"""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass

from sqlalchemy import Connection

from forms.errors import FormServiceError
from service.access.errors import SignInFailedError, SignInUnfinishedError
from service.access.lockout import count_failure, require_unlocked, unlock
from service.access.matrix import Action, Role
from service.access.passwords import DAY, PROFILES, has_expired, is_password
from service.access.principal import Principal, Step
from service.access.second_factor import is_needed, take_code
from service.settings import Settings
from service.store.accounts import Account, account_named, change_account, find_account
from service.store.database import Database
from service.store.sessions import Session, add_session, change_session, end_session, find_session, open_sessions
from service.store.tokens import find_token, token_used

IDLE_SECONDS = 30 * 60.0
LONGEST_SECONDS = 12 * 3600.0
SEEN_EVERY = 60.0
"""A session is marked as seen at most so often: looking at a list is no write."""
UNUSED_DAYS = 90
LONGEST_AGENT = 200
TOKEN_PREFIX = "hzf_"  # noqa: S105  # what a token begins with, so that it is known where it was left lying about


@dataclass(frozen=True, slots=True)
class Caller:
    """Where a request comes from; ``certificate`` is whom a trusted proxy says that the client's certificate names."""

    address: str
    agent: str = ""
    certificate: str = ""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session that was begun: what the cookie is to hold, and what is still owed."""

    token: str
    csrf: str
    owes: Step | None
    account: Account


@dataclass(frozen=True, slots=True)
class Credentials:
    """What somebody typed."""

    name: str
    password: str
    code: str = ""


def sign_in(database: Database, settings: Settings, given: Credentials, caller: Caller) -> SignedIn:
    """Begin a session. With the password alone, where an account has a second factor, it still owes the code.

    Raises:
        TooManyAttemptsError: too many failures of that name from that address.
        SignInFailedError: anything is wrong; what it was is not told.
    """
    with database.transaction() as connection:
        require_unlocked(connection, given.name, caller.address)
        account = account_named(connection, given.name)
    # Slow: no transaction is held
    right = is_password(account.password_hash if account else None, given.password, settings.suite)
    fault: FormServiceError | None = None
    with database.transaction() as connection:
        account = account_named(connection, given.name)
        if account is None or not right or not _may_use(connection, account):
            count_failure(connection, given.name, caller.address)
            fault = SignInFailedError()
        else:
            done = _second(connection, account, given.code, caller)
            if done is not None:
                return _begin(connection, settings, account, caller, is_second_done=done)
            count_failure(connection, given.name, caller.address)
            fault = SignInFailedError()
    raise fault


def _may_use(connection: Connection, account: Account) -> bool:
    """Whether the account is open; one that nobody used for ninety days is closed now."""
    if account.state != "active":
        return False
    if time.time() - (account.used_at or account.made_at) > UNUSED_DAYS * DAY:
        change_account(connection, account.id, state="disabled")
        return False
    return True


def _second(connection: Connection, account: Account, code: str, caller: Caller) -> bool | None:
    """Whether the second factor was given; ``None`` where what was given is wrong."""
    if account.certificate is not None and account.certificate == caller.certificate:
        return True
    if not code:
        return account.totp_secret is None
    return True if take_code(connection, account, code) else None


def _begin(
    connection: Connection, settings: Settings, account: Account, caller: Caller, *, is_second_done: bool
) -> SignedIn:
    owes = Step.CODE if not is_second_done else owed_by(settings, account)
    if owes is not Step.CODE:
        unlock(connection, account.name, caller.address)
        change_account(connection, account.id, used_at=time.time())
        _end_surplus(connection, settings, account.id)
    token, csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(24)
    add_session(
        connection,
        token,
        account_id=account.id,
        csrf=csrf,
        owes=owes,
        address=caller.address,
        agent=caller.agent[:LONGEST_AGENT],
    )
    return SignedIn(token, csrf, owes, account)


def owed_by(settings: Settings, account: Account) -> Step | None:
    """What an account owes once the password (and the code, where it has one) was right."""
    if account.must_change or has_expired(PROFILES[settings.auth_profile], account.password_at):
        return Step.PASSWORD
    if account.totp_secret is None and account.certificate is None and is_needed(settings, Role(account.role)):
        return Step.ENROL
    return None


def _end_surplus(connection: Connection, settings: Settings, account_id: str) -> None:
    """Leave room for one more session: the oldest end."""
    for surplus in live_sessions(connection, account_id)[max(0, settings.sessions - 1) :]:
        end_session(connection, surplus.id, account_id)


def live_sessions(connection: Connection, account_id: str) -> list[Session]:
    """The sessions of an account that hold, the latest first."""
    now = time.time()
    return list(open_sessions(connection, account_id, now - IDLE_SECONDS, now - LONGEST_SECONDS))


def give_code(database: Database, settings: Settings, token: str, code: str, caller: Caller) -> SignedIn:
    """The second half of signing in; the session gets a new cookie.

    Raises:
        TooManyAttemptsError, SignInFailedError: as :func:`sign_in` does.
    """
    fault: FormServiceError = SignInFailedError()
    with database.transaction() as connection:
        session = find_session(connection, token)
        account = find_account(connection, session.account_id) if session and _holds(session) else None
        if session is None or account is None or session.owes != Step.CODE:
            raise fault
        require_unlocked(connection, account.name, caller.address)
        if _may_use(connection, account) and take_code(connection, account, code):
            end_session(connection, session.id, account.id)
            return _begin(connection, settings, account, caller, is_second_done=True)
        count_failure(connection, account.name, caller.address)
    raise fault


def renew(connection: Connection, settings: Settings, session: Session, account: Account) -> SignedIn:
    """The same session under a new cookie, after a proof of identity or a step that it owed; it is fresh again."""
    token, csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(24)
    end_session(connection, session.id, account.id)
    owes = owed_by(settings, account)
    add_session(
        connection,
        token,
        account_id=account.id,
        csrf=csrf,
        owes=owes,
        address=session.address,
        agent=session.agent,
        made_at=session.made_at,
    )
    return SignedIn(token, csrf, owes, account)


def prove(database: Database, settings: Settings, token: str, given: Credentials, caller: Caller) -> SignedIn:
    """Prove once more who one is: password, and code where the account has one. The session gets a new cookie.

    Raises:
        TooManyAttemptsError, SignInFailedError: as :func:`sign_in` does.
    """
    with database.transaction() as connection:
        session = find_session(connection, token)
        account = find_account(connection, session.account_id) if session and _holds(session) else None
        if session is None or account is None:
            raise SignInFailedError
        require_unlocked(connection, account.name, caller.address)
    right = is_password(account.password_hash, given.password)
    with database.transaction() as connection:
        account = find_account(connection, account.id) or account
        if right and (account.totp_secret is None or take_code(connection, account, given.code)):
            unlock(connection, account.name, caller.address)
            return renew(connection, settings, session, account)
        count_failure(connection, account.name, caller.address)
    raise SignInFailedError


def _holds(session: Session) -> bool:
    now = time.time()
    return session.ended_at is None and now - session.seen_at < IDLE_SECONDS and now - session.made_at < LONGEST_SECONDS


def principal_of_session(connection: Connection, token: str) -> Principal | None:
    """Who is signed in under a cookie, with the role and unit that the account has at this moment."""
    session = find_session(connection, token)
    if session is None or not _holds(session):
        return None
    account = find_account(connection, session.account_id)
    if account is None or account.state != "active":
        return None
    return Principal(
        account.id,
        account.title,
        Role(account.role),
        account.unit_id,
        session_id=session.id,
        verified_at=session.verified_at,
        csrf=session.csrf,
        owes=Step(session.owes) if session.owes else None,
        seen_at=session.seen_at,
    )


def principal_of_token(connection: Connection, token: str) -> Principal | None:
    """The account that a program acts for, limited to the actions of its token."""
    found = find_token(connection, token)
    now = time.time()
    if found is None or not found.holds_at(now):
        return None
    account = find_account(connection, found.account_id)
    if account is None or account.state != "active":
        return None
    return Principal(
        account.id,
        f"{account.title}({found.name})",
        Role(account.role),
        account.unit_id,
        actions=frozenset(Action(name) for name in found.actions),
        token_id=found.id,
        seen_at=found.used_at or 0.0,
    )


def mark_as_used(database: Database, principal: Principal) -> None:
    """Write down that a session or a token is in use, where that was not done within a minute."""
    now = time.time()
    if principal.seen_at is None or now - principal.seen_at <= SEEN_EVERY:
        return
    with database.transaction() as connection:
        if principal.session_id is not None:
            change_session(connection, principal.session_id, seen_at=now)
        if principal.token_id is not None:
            token_used(connection, principal.token_id)
            change_account(connection, principal.id, used_at=now)


def require_paid(principal: Principal, allowed: frozenset[Step]) -> None:
    """Stop a session that still owes a step, but for the routes on which it is paid.

    Raises:
        SignInUnfinishedError: with the step.
    """
    if principal.owes is None or principal.owes in allowed:
        return
    words = {
        Step.CODE: ("输入动态验证码", "give the code of your second factor"),
        Step.PASSWORD: ("设置自己的密码", "set a password of your own"),
        Step.ENROL: ("绑定动态验证码", "enrol a second factor"),
    }
    step_zh, step_en = words[principal.owes]
    raise SignInUnfinishedError(pointer=principal.owes.value, step_zh=step_zh, step_en=step_en)
