"""Pages of signing in: name and password, the code, the first administrator, a password by a one-time link."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from forms.errors import FormServiceError
from service.access.errors import SignInNeededError, TooManyAttemptsError
from service.access.managing import NewAccount, make_first, use_password_link
from service.access.matrix import Role
from service.access.mine import drop_session
from service.access.passwords import PROFILES
from service.access.principal import current_principal
from service.access.sessions import Credentials, SignedIn, give_code
from service.access.sessions import sign_in as begin_session
from service.api.access import COOKIE, WAYS, caller, drop_cookie, set_cookie
from service.api.auditing import note_name
from service.api.context import runtime
from service.problems import outcome_of

blueprint = Blueprint("sign_in_pages", __name__, template_folder="templates")
LONGEST = 300


def typed(name: str) -> str:
    """What was typed into a field."""
    return request.form.get(name, "")[:LONGEST]


def again(template: str, fault: FormServiceError, **values: object) -> AnyResponse:
    """The same form once more, with what was wrong."""
    answer = AnyResponse(
        render_template(template, fault=fault, **values), outcome_of(fault).status, mimetype="text/html"
    )
    if isinstance(fault, TooManyAttemptsError):
        answer.headers["Retry-After"] = str(fault.retry_after)
    return answer


def begun(done: SignedIn, target: str = "/") -> AnyResponse:
    """Lead to what is still owed, else on; the browser keeps the new session."""
    response = redirect(WAYS[done.owes] if done.owes else target, 303)
    set_cookie(response, done.token)
    return response


def _local(target: str) -> str:
    """A page of this service, whatever was asked for."""
    good = target.startswith("/") and not target.startswith(("//", "/\\")) and target.isprintable()
    return target if good else "/"


@blueprint.get("/sign-in")
def ask() -> str:
    """Name and password."""
    return render_template("sign_in.html", fault=None, next=request.args.get("next", ""), name="")


@blueprint.post("/sign-in")
def sign_in() -> AnyResponse:
    """Begin a session."""
    parts = runtime()
    given = Credentials(typed("name"), typed("password"))
    note_name(given.name)
    try:
        done = begin_session(parts.database, parts.settings, given, caller())
    except FormServiceError as fault:
        return again("sign_in.html", fault, next=typed("next"), name=given.name)
    return begun(done, _local(typed("next")))


@blueprint.get("/sign-in/code")
def ask_code() -> str:
    """The second factor."""
    return render_template("sign_in_code.html", fault=None)


@blueprint.post("/sign-in/code")
def give_second() -> AnyResponse:
    """Take the code."""
    parts = runtime()
    try:
        done = give_code(parts.database, parts.settings, _cookie(), typed("code"), caller())
    except FormServiceError as fault:
        return again("sign_in_code.html", fault)
    return begun(done)


def _cookie() -> str:
    cookie = request.cookies.get(COOKIE)
    if cookie is None:
        raise SignInNeededError
    return cookie


@blueprint.post("/sign-out")
def sign_out() -> AnyResponse:
    """End this session."""
    principal = current_principal()
    if principal.session_id is not None:
        drop_session(runtime().database, principal, principal.session_id)
    response = redirect("/sign-in?done=signed-out", 303)
    drop_cookie(response)
    return response


@blueprint.get("/first-account")
def ask_first() -> str:
    """The first administrator."""
    return render_template(
        "first_account.html", fault=None, asked={}, profile=PROFILES[runtime().settings.auth_profile]
    )


@blueprint.post("/first-account")
def make_first_account() -> AnyResponse:
    """Make the first administrator, who then signs in."""
    parts = runtime()
    asked = NewAccount(typed("name"), typed("title"), Role.SYSTEM)
    try:
        make_first(parts.database, parts.settings, typed("token"), asked, _twice())
    except FormServiceError as fault:
        profile = PROFILES[parts.settings.auth_profile]
        return again("first_account.html", fault, asked=request.form, profile=profile)
    return redirect("/sign-in?done=first-account", 303)


def _twice() -> str:
    """A password that was typed twice; two that differ are none."""
    first, second = typed("new_password"), typed("repeated")
    return first if first == second else ""


@blueprint.get("/password-link")
def ask_link() -> str:
    """A password of one's own, by a one-time link."""
    return render_template(
        "password_link.html", fault=None, token="", profile=PROFILES[runtime().settings.auth_profile]
    )


@blueprint.post("/password-link")
def use_link() -> AnyResponse:
    """Set it; then sign in."""
    parts = runtime()
    try:
        use_password_link(parts.database, parts.settings, typed("token").strip(), _twice())
    except FormServiceError as fault:
        profile = PROFILES[parts.settings.auth_profile]
        return again("password_link.html", fault, token=typed("token"), profile=profile)
    return redirect("/sign-in?done=password-set", 303)
