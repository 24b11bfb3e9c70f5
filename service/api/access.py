"""The hook that stands before every view: who is calling, may that person do this, and with this very thing.

A thing out of scope is answered as a random id is (404); a function that the role does not have is 403. What is looked
up here is looked up again by the view, in its own transaction.
"""

from __future__ import annotations

import hmac
import ipaddress
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from flask import Flask, Response, current_app, g, redirect, request
from markupsafe import Markup
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from forms.errors import FormServiceError
from service.access.errors import ForbiddenError, SignInNeededError, SignInUnfinishedError, TooManyAttemptsError
from service.access.managing import is_ever_made
from service.access.matrix import ADMINISTRATORS, Action
from service.access.principal import DESK, Principal, Step, current_principal, known_principal, set_principal
from service.access.routes import ROUTES, Guard
from service.access.scope import EVERYTHING, Scope, scope_of
from service.access.sessions import Caller, mark_as_used, principal_of_session, principal_of_token, require_paid
from service.access.things import require_thing
from service.api.context import runtime
from service.api.errors import CrossSiteError
from service.api.problem_json import answer_problem
from service.runtime import Runtime
from service.settings import LOOPBACK_ADDRESSES

COOKIE = "hzforms_session"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
BEARER = "Bearer "
CSRF_FIELD = "csrf"
CSRF_HEADER = "X-CSRF-Token"
LONGEST_COOKIE = 12 * 3600
FORWARDED = ("Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-Ip")
API = "/api/v1"
WAYS = {Step.CODE: "/sign-in/code", Step.PASSWORD: "/account", Step.ENROL: "/account/second-factor"}
"""Where a browser pays what its session owes."""


@dataclass
class _Entered:
    """What the hook found out about this request."""

    guard: Guard
    action: Action | None = None
    scope: Scope | None = None
    is_scope_used: bool = False
    is_csrf_open: bool = False


def install(app: Flask) -> None:
    """Stand before every view of the application."""

    @app.before_request
    def _enter() -> AnyResponse | None:
        set_principal(None)
        return None if request.endpoint is None else _entered(request.endpoint)

    @app.after_request
    def _was_narrowed(response: Response) -> Response:
        """An answer that gives many things without having asked which of them is not sent."""
        entered: _Entered | None = g.get("entered")
        if entered is None or entered.scope is None or response.status_code >= 300:  # noqa: PLR2004  # no success
            return response
        if entered.guard.lists and not entered.is_scope_used and entered.scope != EVERYTHING:
            current_app.logger.error("%s did not ask for its scope", request.endpoint)
            raise FormServiceError
        return response

    @app.teardown_request
    def _leave(_fault: BaseException | None) -> None:
        set_principal(None)

    @app.errorhandler(TooManyAttemptsError)
    def _too_many(fault: TooManyAttemptsError) -> Response:
        response = answer_problem(fault)
        response.headers["Retry-After"] = str(fault.retry_after)
        return response

    @app.context_processor
    def _for_templates() -> dict[str, Any]:
        return {"principal": known_principal(), "csrf": csrf_field, "may": may}


def _entered(endpoint: str) -> AnyResponse | None:
    """Let the caller in, or give the way to signing in."""
    guard = ROUTES.get(endpoint)
    g.entered = _Entered(guard or Guard())
    if guard is not None and guard.blind:
        return None
    try:
        _let_in(runtime(), guard)
    except (SignInNeededError, SignInUnfinishedError) as fault:
        return _to_sign_in(fault)
    return None


def _let_in(parts: Runtime, guard: Guard | None) -> None:
    with parts.database.reading() as connection:
        principal = _caller_of(parts, connection)
        if guard is not None and guard.public:
            set_principal(principal)
            return
        if principal is None:
            raise SignInNeededError
        if principal.session_id is not None and request.method not in SAFE:
            _require_csrf(principal, guard)
        if guard is None:
            if principal.is_desk:
                set_principal(principal)
                return
            raise ForbiddenError
        _require_place(principal, parts)
        require_paid(principal, guard.steps)
        set_principal(principal)  # a page that tells of a refusal tells it to somebody
        action = next((item for item in guard.actions if principal.right(item).is_given), None)
        if action is None:
            raise ForbiddenError
        scope = scope_of(connection, principal, action)
        if guard.thing is not None:
            identity = str((request.view_args or {})["identity"])
            require_thing(connection, guard.thing, identity, principal, scope)
    mark_as_used(parts.database, principal)
    entered: _Entered = g.entered
    entered.action, entered.scope = action, scope
    set_principal(principal)


def _require_place(principal: Principal, parts: Runtime) -> None:
    """Stop an administrator who works from elsewhere than allowed (requirement G4 of the security design).

    Raises:
        ForbiddenError: the address is in none of the networks.
    """
    networks = parts.settings.admin_networks
    if not networks or principal.role not in ADMINISTRATORS:
        return
    try:
        address = ipaddress.ip_address(request.remote_addr or "")
    except ValueError as fault:
        raise ForbiddenError from fault
    mapped = getattr(address, "ipv4_mapped", None) or address
    if not any(mapped in network for network in networks):
        raise ForbiddenError


def _caller_of(parts: Runtime, connection: Connection) -> Principal | None:
    """Who is calling: a program with a token, a person with a session, or this machine while it has no accounts."""
    header = request.headers.get("Authorization", "")
    if header.startswith(BEARER):
        return principal_of_token(connection, header.removeprefix(BEARER).strip())
    cookie = request.cookies.get(COOKIE)
    if cookie and (found := principal_of_session(connection, cookie)) is not None:
        return found
    return DESK if is_desk_open(parts, connection) else None


def is_desk_open(parts: Runtime, connection: Connection) -> bool:
    """Whether calls from this machine need no sign-in: by the setting, and as long as no account was ever made."""
    settings = parts.settings
    if settings.sign_in != "auto" or not settings.is_local:
        return False
    if request.remote_addr is not None and request.remote_addr not in LOOPBACK_ADDRESSES:
        return False  # without an address it came over no network
    if settings.proxies == 0 and any(name in request.headers for name in FORWARDED):
        return False  # something stands in between: it is not this machine that calls
    return settings.proxies == 0 and not is_ever_made(connection)


def _require_csrf(principal: Principal, guard: Guard | None) -> None:
    """A write with a cookie brings the token of its session, in a header or in the form."""
    entered: _Entered = g.entered
    if guard is not None and guard.multipart and request.mimetype == "multipart/form-data":
        entered.is_csrf_open = True  # the body is a stream that the view reads: see confirm_csrf
        return
    sent = request.headers.get(CSRF_HEADER)
    if sent is None and request.mimetype == "application/x-www-form-urlencoded":
        sent = request.form.get(CSRF_FIELD)
    _compare(sent, principal)


def _compare(sent: str | None, principal: Principal) -> None:
    if not principal.csrf or not hmac.compare_digest((sent or "").encode(), principal.csrf.encode()):
        raise CrossSiteError


def confirm_csrf(sent: str | None) -> None:
    """Compare the token that came inside a multipart body, where one is awaited.

    Raises:
        CrossSiteError: it is not the session's.
    """
    entered: _Entered | None = g.get("entered")
    if entered is not None and entered.is_csrf_open:
        _compare(sent, current_principal())
        entered.is_csrf_open = False


def current_scope() -> Scope:
    """What the caller may reach with the action of this route."""
    entered: _Entered = g.entered
    entered.is_scope_used = True
    if entered.scope is None:
        raise LookupError("this route has no scope")
    return entered.scope


def scope_for(connection: Connection, action: Action) -> Scope:
    """What the caller may reach with another action than the route's own."""
    return scope_of(connection, current_principal(), action)


def may(action: Action | str) -> bool:
    """Whether the caller has a right to an action at all; pages show what may be done."""
    principal = known_principal()
    return principal is not None and principal.right(Action(action)).is_given


def csrf_field() -> Markup:
    """What every form that writes begins with; empty where there is no session that could be abused."""
    principal = known_principal()
    if principal is None or not principal.csrf:
        return Markup()
    return Markup('<input type="hidden" name="{}" value="{}">').format(CSRF_FIELD, principal.csrf)


def acting_name(said: str) -> str:
    """Under whose name something is kept: the account's, and only at the local desk what the caller says."""
    principal = known_principal()
    return said if principal is None or principal.is_desk else principal.name


def own_key(key: str | None) -> str | None:
    """An ``Idempotency-Key`` as it is kept: nobody gets the answer that was given to another."""
    principal = known_principal()
    return key if key is None or principal is None or principal.is_desk else f"{principal.id}:{key}"


def caller() -> Caller:
    """Where this request comes from."""
    settings = runtime().settings
    named = (
        request.headers.get(settings.certificate_header, "") if settings.certificate_header and settings.proxies else ""
    )
    return Caller(request.remote_addr or "", request.headers.get("User-Agent", ""), named)


def set_cookie(response: AnyResponse, token: str) -> None:
    """Give the browser its session."""
    response.set_cookie(
        COOKIE, token, max_age=LONGEST_COOKIE, httponly=True, samesite="Lax", secure=request.is_secure, path="/"
    )


def drop_cookie(response: AnyResponse) -> None:
    """Take it away."""
    response.delete_cookie(COOKIE, httponly=True, samesite="Lax", secure=request.is_secure, path="/")


def _to_sign_in(fault: FormServiceError) -> AnyResponse:
    """A browser that looks at a page is led to what is missing; every other call gets the problem."""
    if request.method not in SAFE or request.path.startswith("/api/") or request.endpoint is None:
        raise fault
    if isinstance(fault, SignInUnfinishedError):
        return redirect(WAYS[Step(fault.pointer or Step.CODE)], 303)
    target = request.full_path.rstrip("?") if request.path != "/" else ""
    return redirect(f"/sign-in?next={quote(target, safe='')}" if target else "/sign-in", 303)
