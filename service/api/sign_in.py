"""Signing in and out, and one's own account: password, second factor, sessions, tokens."""

from __future__ import annotations

import base64
from typing import Any

from flask import Blueprint, Response, request

from service.access.errors import SignInNeededError
from service.access.managing import NewAccount, make_first, use_password_link
from service.access.matrix import Action, Role
from service.access.mine import (
    Asked,
    begin_enrolment,
    confirm_enrolment,
    drop_session,
    drop_token,
    my_sessions,
    my_tokens,
    new_token,
    replace_password,
)
from service.access.principal import current_principal
from service.access.second_factor import draw, uri_of
from service.access.sessions import Credentials, SignedIn, give_code, prove
from service.access.sessions import sign_in as begin_session
from service.api.access import COOKIE, caller, drop_cookie, set_cookie
from service.api.auditing import note_name
from service.api.context import answer_json, json_body, runtime, text_parameter
from service.api.errors import BadRequestError

blueprint = Blueprint("sign_in", __name__)
LONGEST = 300


@blueprint.post("/sign-in")
def sign_in() -> Response:
    """Begin a session: a cookie, and the token that writes must send with it. A second call may bring the code."""
    body = json_body("name", "password", "code")
    given = Credentials(word(body, "name"), word(body, "password"), word(body, "code"))
    note_name(given.name)
    parts = runtime()
    if given.code and not given.name and (cookie := request.cookies.get(COOKIE)):
        return _begun(give_code(parts.database, parts.settings, cookie, given.code, caller()))
    return _begun(begin_session(parts.database, parts.settings, given, caller()))


def word(body: dict[str, object], name: str) -> str:
    """A text of the body, of bounded length."""
    text = text_parameter(body, name, "")
    if len(text) > LONGEST:
        raise BadRequestError(name=name, reason_zh="过长", reason_en="too long")
    return text


def _begun(done: SignedIn) -> Response:
    response = answer_json(
        {
            "account": {"id": done.account.id, "name": done.account.name, "title": done.account.title},
            "role": done.account.role,
            "csrf": done.csrf,
            "owes": done.owes,
        }
    )
    set_cookie(response, done.token)
    return response


@blueprint.post("/sign-out")
def sign_out() -> Response:
    """End this session."""
    principal = current_principal()
    if principal.session_id is not None:
        drop_session(runtime().database, principal, principal.session_id)
    response = answer_json({"signed_in": False})
    drop_cookie(response)
    return response


@blueprint.post("/first-account")
def first_account() -> Response:
    """The first administrator, by the token that the first start printed."""
    body = json_body("token", "name", "title", "password")
    parts = runtime()
    asked = NewAccount(word(body, "name"), word(body, "title"), Role.SYSTEM)
    account = make_first(parts.database, parts.settings, word(body, "token"), asked, word(body, "password"))
    return answer_json({"id": account.id, "name": account.name, "role": account.role}, 201)


@blueprint.post("/password-link")
def set_password_by_link() -> Response:
    """A password of one's own, by the one-time link that an administrator handed on."""
    body = json_body("token", "password")
    parts = runtime()
    account = use_password_link(parts.database, parts.settings, word(body, "token"), word(body, "password"))
    return answer_json({"name": account.name})


@blueprint.get("/me")
def show_me() -> Response:
    """Who is calling, and what that person may do."""
    return answer_json(me())


def me() -> dict[str, Any]:
    """The caller as JSON."""
    principal = current_principal()
    return {
        "id": principal.id,
        "title": principal.name,
        "role": principal.role,
        "role_title": principal.role.label if principal.role else "本机",
        "unit_id": principal.unit_id,
        "owes": principal.owes,
        "csrf": principal.csrf,
        "actions": [action.value for action in Action if principal.right(action).is_given],
    }


@blueprint.post("/me/step-up")
def step_up() -> Response:
    """Prove once more who one is: for five minutes whole numbers may be asked for. A new cookie and CSRF token."""
    body = json_body("password", "code")
    parts = runtime()
    given = Credentials("", word(body, "password"), word(body, "code"))
    return _begun(prove(parts.database, parts.settings, cookie_of_session(), given, caller()))


def cookie_of_session() -> str:
    """The cookie of a session; a token or the local desk has none.

    Raises:
        SignInNeededError: there is none.
    """
    cookie = request.cookies.get(COOKIE)
    if cookie is None or current_principal().session_id is None:
        raise SignInNeededError
    return cookie


@blueprint.post("/me/password")
def change_password() -> Response:
    """Another password; all other sessions end, and this one gets a new cookie."""
    body = json_body("password", "new_password")
    parts = runtime()
    old, new = word(body, "password"), word(body, "new_password")
    return _begun(replace_password(parts.database, parts.settings, cookie_of_session(), (old, new), caller()))


@blueprint.post("/me/second-factor")
def begin_second_factor() -> Response:
    """A secret for the telephone, as text, as the address of a QR code, and drawn (PNG in base64)."""
    principal = current_principal()
    secret, name = begin_enrolment(runtime().database, principal)
    picture = base64.b64encode(draw(secret, name)).decode("ascii")
    return answer_json({"secret": secret, "uri": uri_of(secret, name), "qr_png": picture}, 201)


@blueprint.put("/me/second-factor")
def confirm_second_factor() -> Response:
    """The first code of the telephone: from now on signing in asks for one."""
    body = json_body("code")
    parts = runtime()
    return _begun(confirm_enrolment(parts.database, parts.settings, cookie_of_session(), word(body, "code"), caller()))


@blueprint.get("/me/sessions")
def list_sessions() -> Response:
    """The open sessions of the caller."""
    return answer_json({"sessions": my_sessions(runtime().database, current_principal())})


@blueprint.delete("/me/sessions/<uuid:identity>")
def end_session(identity: object) -> Response:
    """End one of them."""
    drop_session(runtime().database, current_principal(), str(identity))
    return answer_json({"ended": str(identity)})


@blueprint.get("/me/tokens")
def list_tokens() -> Response:
    """The caller's API tokens; what they are is shown once only, when they are made."""
    return answer_json({"tokens": my_tokens(runtime().database, current_principal())})


@blueprint.post("/me/tokens")
def make_token() -> Response:
    """A token for a program, limited to some actions, for some days."""
    body = json_body("name", "actions", "days")
    actions, days = body.get("actions"), body.get("days", 90)
    if not isinstance(actions, list) or not all(isinstance(item, str) for item in actions):
        raise BadRequestError(name="actions", reason_zh="应为动作名的列表", reason_en="a list of names of actions")
    if isinstance(days, bool) or not isinstance(days, int):
        raise BadRequestError(name="days", reason_zh="应为整数", reason_en="a whole number is needed")
    asked = Asked(word(body, "name"), tuple(actions), days)
    return answer_json(new_token(runtime().database, current_principal(), asked), 201)


@blueprint.delete("/me/tokens/<uuid:identity>")
def revoke_token(identity: object) -> Response:
    """End one of them."""
    drop_token(runtime().database, current_principal(), str(identity))
    return answer_json({"revoked": str(identity)})
