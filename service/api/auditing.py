"""What requests do, written down before their answer goes out.

Changes of documents, units and jobs are written down by their operations, in the transaction of the change. Here stand
the acts that change nothing in the store (a file is taken away, numbers are searched) and those of accounts. If it
cannot be written down, the answer is not sent.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, Response, g, request
from sqlalchemy.exc import SQLAlchemyError

from forms.errors import FormServiceError
from service.access.principal import known_principal
from service.api.context import runtime
from service.api.problem_json import answer_problem
from service.audit.chain import record
from service.audit.events import Action, Actor, AuditEvent, Result, set_actor

FORBIDDEN = 403
UNAUTHORIZED = 401
TOO_MANY = 429
REDIRECTED = 400
LONGEST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Act:
    """What calling a route is; ``failed`` is what it is where nobody could be let in."""

    action: Action
    object_type: str
    failed: Action | None = None


_ACCOUNT = Act(Action.ACCOUNT, "account")
_APPROVAL = Act(Action.APPROVAL, "approval")
_NOTICE = Act(Action.PRINT, "notice")
_LETTER = Act(Action.PRINT, "letter")
ACTS: dict[str, Act] = {
    "documents.download_original": Act(Action.ORIGINAL, "document"),
    "review.submit_document": Act(Action.SUBMIT, "document"),
    "correcting_pages.hand_over": Act(Action.SUBMIT, "document"),
    "removals.download_refused": Act(Action.ORIGINAL, "document"),
    "fills.make_fills": Act(Action.PRINT, "form"),
    "pages.download_blank": Act(Action.PRINT, "form"),
    "form_pages.make_file": Act(Action.PRINT, "form"),
    "review.download_notice": _NOTICE,
    "review.download_notice_pdf": _NOTICE,
    "review.download_marked": _NOTICE,
    "progress.download_progress": Act(Action.EXPORT, "progress"),
    "progress.download_late": Act(Action.EXPORT, "progress"),
    "progress.download_letter": _LETTER,
    "reminders.download_letter": _LETTER,
    "reminders.make_letters": _LETTER,
    "progress_pages.make_letters": _LETTER,
    "jobs.download_result": Act(Action.EXPORT, "job"),
    "packs.make_pack": Act(Action.EXPORT, "pack"),
    "packs.resume_pack": Act(Action.EXPORT, "pack"),
    "packs.cancel_pack": Act(Action.JOB_END, "pack"),
    "packs.download_pack": Act(Action.EXPORT, "pack"),
    "packs.download_locked_pack": Act(Action.EXPORT, "pack"),
    "pack_pages.make_pack": Act(Action.EXPORT, "pack"),
    "pack_pages.resume_pack": Act(Action.EXPORT, "pack"),
    "pack_pages.cancel_pack": Act(Action.JOB_END, "pack"),
    "pack_pages.download_locked": Act(Action.EXPORT, "pack"),
    "imports.start_import": Act(Action.IMPORT, "form"),
    "imports.confirm_import": Act(Action.IMPORT, "import"),
    "imports.download_marked": Act(Action.EXPORT, "import"),
    "pages.show_import": Act(Action.IMPORT, "form"),
    "pages.download_marked": Act(Action.EXPORT, "import"),
    "pages.download_filled": Act(Action.IMPORT, "import"),
    "units.start_import": Act(Action.IMPORT, "units"),
    "unit_pages.show_import": Act(Action.IMPORT, "units"),
    "editions.propose_edition": Act(Action.CONFIG, "edition"),
    "editions.confirm_edition": Act(Action.CONFIG, "edition"),
    "editions.change_edition": Act(Action.CONFIG, "edition"),
    "edition_pages.propose_edition": Act(Action.CONFIG, "edition"),
    "edition_pages.propose_again": Act(Action.CONFIG, "edition"),
    "edition_pages.stop_making": Act(Action.JOB_END, "job"),
    "edition_pages.confirm_edition": Act(Action.CONFIG, "edition"),
    "edition_pages.change_edition": Act(Action.CONFIG, "edition"),
    "campaigns.add_campaign": Act(Action.CONFIG, "campaign"),
    "campaigns.change_campaign": Act(Action.CONFIG, "campaign"),
    "campaign_pages.add_campaign": Act(Action.CONFIG, "campaign"),
    "campaign_pages.change_campaign": Act(Action.CONFIG, "campaign"),
    "job_pages.stop_job": Act(Action.JOB_END, "job"),
    "audit_pages.show_audit": Act(Action.AUDIT_READ, "audit"),
    "audit_pages.download_audit": Act(Action.AUDIT_READ, "audit"),
    "sign_in.sign_in": Act(Action.SIGN_IN, "session", Action.SIGN_IN_FAILED),
    "sign_in.sign_out": Act(Action.SIGN_OUT, "session"),
    "sign_in.step_up": Act(Action.SIGN_IN, "step-up", Action.SIGN_IN_FAILED),
    "sign_in.first_account": _ACCOUNT,
    "sign_in.set_password_by_link": _ACCOUNT,
    "sign_in.change_password": _ACCOUNT,
    "sign_in.begin_second_factor": _ACCOUNT,
    "sign_in.confirm_second_factor": _ACCOUNT,
    "sign_in.end_session": Act(Action.SIGN_OUT, "session"),
    "sign_in.make_token": Act(Action.ACCOUNT, "token"),
    "sign_in.revoke_token": Act(Action.ACCOUNT, "token"),
    "accounts.create_account": _ACCOUNT,
    "accounts.change_account": _ACCOUNT,
    "accounts.approve_account": _ACCOUNT,
    "accounts.reset_account": _ACCOUNT,
    "accounts.unlock_account": _ACCOUNT,
    "accounts.ask_approval": _APPROVAL,
    "accounts.decide_approval": _APPROVAL,
    "sign_in_pages.sign_in": Act(Action.SIGN_IN, "session", Action.SIGN_IN_FAILED),
    "sign_in_pages.give_second": Act(Action.SIGN_IN, "second-factor", Action.SIGN_IN_FAILED),
    "sign_in_pages.sign_out": Act(Action.SIGN_OUT, "session"),
    "sign_in_pages.make_first_account": _ACCOUNT,
    "sign_in_pages.use_link": _ACCOUNT,
    "account_pages.change_password": _ACCOUNT,
    "account_pages.show_second_factor": _ACCOUNT,
    "account_pages.confirm_second_factor": _ACCOUNT,
    "account_pages.step_up": Act(Action.SIGN_IN, "step-up", Action.SIGN_IN_FAILED),
    "account_pages.end_session": Act(Action.SIGN_OUT, "session"),
    "account_pages.make_token": Act(Action.ACCOUNT, "token"),
    "account_pages.revoke_token": Act(Action.ACCOUNT, "token"),
    "account_pages.create_account": _ACCOUNT,
    "account_pages.change_account": _ACCOUNT,
    "account_pages.ask_approval": _APPROVAL,
    "account_pages.decide_approval": _APPROVAL,
}
"""The routes that are acts of their own."""


def note_name(name: str) -> None:
    """Under which name somebody tries to sign in: all that is written down of what was typed."""
    g.said_name = name[:LONGEST_SHOWN]


def install(app: Flask) -> None:
    """Know who acts in each request, and write down what :data:`ACTS` names. Comes after the hook of access."""

    @app.before_request
    def _enter() -> None:
        _know_actor()

    @app.after_request
    def _leave(response: Response) -> Response:
        _know_actor()
        event = _event_of(response)
        if event is None:
            return response
        try:
            with runtime().database.transaction() as connection:
                record(connection, event)
        except (FormServiceError, SQLAlchemyError) as fault:
            app.logger.exception("an act could not be written down and is not answered")
            response.close()
            return answer_problem(fault if isinstance(fault, FormServiceError) else FormServiceError())
        return response


def _know_actor() -> None:
    principal = known_principal()
    set_actor(
        Actor(
            principal.name if principal else "未登录",
            principal.role.value if principal and principal.role else "",
            principal.unit_id or "" if principal else "",
            request.remote_addr or "",
            g.get("request_id", ""),
        )
    )


def _event_of(response: Response) -> AuditEvent | None:
    act = ACTS.get(request.endpoint or "")
    known = request.view_args or {}
    identity = str(known.get("identity", known.get("session", known.get("token", known.get("form", "")))))
    where: dict[str, str | int | float | bool | None] = {
        "route": request.endpoint or request.path[:LONGEST_SHOWN],
        "status": response.status_code,
    }
    if said := g.get("said_name", ""):
        where["name"] = said
    if act is not None and act.failed is not None and response.status_code in {UNAUTHORIZED, FORBIDDEN, TOO_MANY}:
        return AuditEvent(act.failed, act.object_type, identity, Result.REFUSED, details=where)
    if response.status_code == FORBIDDEN:
        return AuditEvent(Action.DENIED, act.object_type if act else "", identity, Result.REFUSED, details=where)
    if act is None or response.status_code >= REDIRECTED:
        return None
    return AuditEvent(act.action, act.object_type, identity, details=where)
