"""Pages of one's own account, of the administration of accounts, and of requests to a second person."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from forms.errors import FormServiceError
from service.access import approving, managing, mine
from service.access.errors import SignInNeededError
from service.access.matrix import Action, Role
from service.access.passwords import PROFILES
from service.access.principal import current_principal
from service.access.second_factor import draw
from service.access.sessions import Credentials, prove
from service.api.access import COOKIE, caller, current_scope
from service.api.accounts import account_of, account_to_plain, role_of, unit_id_of
from service.api.context import answer_file, runtime
from service.api.sign_in import cookie_of_session
from service.operations.units import units_of
from service.problems import outcome_of, problem_body
from service.web.sign_in import again, begun, typed

blueprint = Blueprint("account_pages", __name__, template_folder="templates")
LABELS = {
    Action.UPLOAD: "上传文件",
    Action.SEE_FILE: "查看文件",
    Action.EDIT: "改正",
    Action.DECIDE: "接收、退回",
    Action.IMPORT: "导入",
    Action.FILL: "填表",
    Action.LIST_PERSONS: "查人员记录",
    Action.EXPORT_MASKED: "导出(遮盖)",
    Action.OWN_JOBS: "任务进度",
    Action.SEE_UNITS: "单位名录",
    Action.REFERENCE: "表的定义",
    Action.AUDIT: "审计",
}
"""Actions that a token is offered for on the page; the API takes all that a program may have."""


@blueprint.errorhandler(FormServiceError)
def show_problem(fault: FormServiceError) -> tuple[str, int]:
    """A fault as a page that says what to do."""
    return render_template("problem.html", problem=problem_body(fault)), outcome_of(fault).status


@blueprint.get("/account")
def show() -> str:
    """The own account: password, second factor, sessions, tokens."""
    return _account_page(None)


def _account_page(fault: FormServiceError | None, token: dict[str, Any] | None = None) -> str:
    parts, principal = runtime(), current_principal()
    names = {unit.id: unit.name for unit in units_of(parts.database)}
    return render_template(
        "account.html",
        fault=fault,
        made=token,
        account=None if principal.is_desk else account_to_plain(account_of(principal.id)),
        unit=names.get(principal.unit_id or "", ""),
        profile=PROFILES[parts.settings.auth_profile],
        sessions=mine.my_sessions(parts.database, principal),
        tokens=mine.my_tokens(parts.database, principal),
        offered={action: label for action, label in LABELS.items() if principal.right(action).is_given},
    )


def _shown(fault: FormServiceError) -> AnyResponse:
    return AnyResponse(_account_page(fault), outcome_of(fault).status, mimetype="text/html")


@blueprint.post("/account/password")
def change_password() -> AnyResponse:
    """Another password."""
    parts = runtime()
    new = typed("new_password") if typed("new_password") == typed("repeated") else ""
    try:
        done = mine.replace_password(
            parts.database, parts.settings, cookie_of_session(), (typed("password"), new), caller()
        )
    except SignInNeededError:
        raise
    except FormServiceError as fault:
        return _shown(fault)
    return begun(done, "/account")


@blueprint.get("/account/second-factor")
def show_second_factor() -> str:
    """A new secret as a picture for the telephone."""
    secret, _ = mine.begin_enrolment(runtime().database, current_principal())
    return render_template("second_factor.html", secret=secret, fault=None)


@blueprint.get("/account/second-factor.png")
def draw_code() -> Response:
    """The picture of the secret that waits for its first code."""
    cookie = request.cookies.get(COOKIE)
    if cookie is None:
        raise SignInNeededError
    response = answer_file(draw(*mine.pending_secret(runtime().database, cookie)), "code.png")
    response.headers["Content-Disposition"] = "inline"
    return response


@blueprint.post("/account/second-factor")
def confirm_second_factor() -> AnyResponse:
    """The first code."""
    parts, cookie = runtime(), cookie_of_session()
    try:
        done = mine.confirm_enrolment(parts.database, parts.settings, cookie, typed("code"), caller())
    except FormServiceError as fault:
        secret, _ = mine.pending_secret(parts.database, cookie)
        return again("second_factor.html", fault, secret=secret)
    return begun(done, "/account")


@blueprint.get("/account/step-up")
def ask_step_up() -> str:
    """The password once more."""
    return render_template("step_up.html", fault=None)


@blueprint.post("/account/step-up")
def step_up() -> AnyResponse:
    """Proved once more: five minutes."""
    parts = runtime()
    given = Credentials("", typed("password"), typed("code"))
    try:
        done = prove(parts.database, parts.settings, cookie_of_session(), given, caller())
    except SignInNeededError:
        raise
    except FormServiceError as fault:
        return again("step_up.html", fault)
    return begun(done)


@blueprint.post("/account/sessions/<uuid:identity>/end")
def end_session(identity: object) -> AnyResponse:
    """End one of the own sessions."""
    mine.drop_session(runtime().database, current_principal(), str(identity))
    return redirect(url_for("account_pages.show"), 303)


@blueprint.post("/account/tokens")
def make_token() -> AnyResponse:
    """A token for a program, shown once."""
    days = typed("days")
    number = int(days) if days.isascii() and days.isdigit() else 0
    asked = mine.Asked(typed("name"), tuple(request.form.getlist("actions")), number)
    try:
        made = mine.new_token(runtime().database, current_principal(), asked)
    except FormServiceError as fault:
        return _shown(fault)
    return AnyResponse(_account_page(None, made), 201, mimetype="text/html")


@blueprint.post("/account/tokens/<uuid:identity>/revoke")
def revoke_token(identity: object) -> AnyResponse:
    """End one of the own tokens."""
    mine.drop_token(runtime().database, current_principal(), str(identity))
    return redirect(url_for("account_pages.show"), 303)


@blueprint.get("/accounts")
def list_accounts() -> str:
    """The accounts that the caller looks after, and a form for a new one."""
    return _accounts_page(None)


def _accounts_page(fault: FormServiceError | None, link: str | None = None, whom: str = "") -> str:
    parts, scope = runtime(), current_scope()
    units = units_of(parts.database)
    names = {unit.id: unit.name for unit in units}
    found = [account_to_plain(item) for item in managing.accounts_in(parts.database, current_principal())]
    return render_template(
        "accounts.html",
        fault=fault,
        link=link,
        whom=whom,
        hours=managing.LINK_HOURS,
        accounts=[{**item, "unit": names.get(item["unit_id"] or "", "")} for item in found],
        units=[unit.name for unit in units if scope.covers_unit(unit.id) and not unit.ended_on],
        roles=list(Role),
        states=managing.STATES,
        asked=request.form,
    )


@blueprint.post("/accounts")
def create_account() -> AnyResponse:
    """A new account; its one-time link is shown once."""
    parts = runtime()
    try:
        asked = managing.NewAccount(typed("name"), typed("title"), role_of(typed("role")), unit_id_of(typed("unit")))
        account, link = managing.create(parts.database, parts.settings, current_principal(), asked)
    except FormServiceError as fault:
        return AnyResponse(_accounts_page(fault), outcome_of(fault).status, mimetype="text/html")
    return AnyResponse(_accounts_page(None, link, account.title), 201, mimetype="text/html")


@blueprint.get("/accounts/<uuid:identity>")
def show_account(identity: object) -> str:
    """One account, and what can be done with it."""
    return _one(str(identity), None)


def _one(identity: str, fault: FormServiceError | None, link: str | None = None) -> str:
    units = units_of(runtime().database)
    account = account_to_plain(account_of(identity))
    names = {unit.id: unit.name for unit in units}
    return render_template(
        "account_of.html",
        fault=fault,
        link=link,
        hours=managing.LINK_HOURS,
        account={**account, "unit": names.get(account["unit_id"] or "", "")},
        units=[unit.name for unit in units if not unit.ended_on],
        roles=list(Role),
        states=managing.STATES,
        second=_needs_agreement(account["id"]),
    )


def _needs_agreement(identity: str) -> bool:
    parts = runtime()
    with parts.database.reading() as connection:
        return approving.needs_agreement(connection, parts.settings, current_principal(), identity)


@blueprint.post("/accounts/<uuid:identity>")
def change_account(identity: object) -> AnyResponse:
    """Approve, reset, unlock, enable or disable, or another role and unit."""
    try:
        link = _change(str(identity), typed("do"))
    except FormServiceError as fault:
        return AnyResponse(_one(str(identity), fault), outcome_of(fault).status, mimetype="text/html")
    if link is not None:
        return AnyResponse(_one(str(identity), None, link), 200, mimetype="text/html")
    return redirect(url_for("account_pages.show_account", identity=identity), 303)


def _change(identity: str, step: str) -> str | None:
    """Do it; returns a one-time link where there is one now."""
    database, by = runtime().database, current_principal()
    if step == "approve":
        return managing.approve(database, by, identity)[1]
    if step == "reset":
        return managing.reset(database, by, identity)
    if step == "unlock":
        managing.clear_lock(database, by, identity)
    elif step in {"active", "disabled"}:
        managing.change(database, by, identity, {"state": step})
    elif step == "forget":
        managing.change(database, by, identity, {"second_factor": None})
    elif step == "role":
        wanted = {"role": role_of(typed("role")).value, "unit": unit_id_of(typed("unit"))}
        agreed = approving.role_agreement(runtime().settings, by, typed("approval").strip())
        managing.change(database, by, identity, wanted, agreed)
    return None


@blueprint.get("/approvals")
def list_approvals() -> str:
    """What waits for a second person."""
    current_scope()
    found = approving.approvals_of(runtime().database, current_principal())
    kinds = {
        kind: title
        for kind, title in approving.TITLES.items()
        if current_principal().right(approving.KINDS[kind]).is_given
    }
    return render_template("approvals.html", found=found, titles=approving.TITLES, kinds=kinds)


@blueprint.post("/approvals")
def ask_approval() -> AnyResponse:
    """Ask a second person, with the fields of the page on which it is to be done."""
    names = ("form", "unit", "state", "name", "q", "document", "import", "plain", "edition", "account", "role")
    subject = {name: text for name in names if (text := typed(name).strip())}
    kind = typed("kind") if typed("kind") in approving.KINDS else "export-plain"
    approving.ask(runtime().database, current_principal(), kind, subject, typed("reason").strip() or "未写")
    return redirect(url_for("account_pages.list_approvals"), 303)


@blueprint.post("/approvals/<uuid:identity>")
def decide_approval(identity: object) -> AnyResponse:
    """Approve or refuse."""
    approve = typed("do") == "approve"
    approving.decide(runtime().database, current_principal(), str(identity), approve=approve, note=typed("note"))
    return redirect(url_for("account_pages.list_approvals"), 303)
