"""What each route of the API and of the pages asks for: its action, and the thing whose owner decides.

A test walks all routes of the application and fails on one that is not here; a person who is signed in is refused it.
Whoever adds a route adds its line in the part of its blueprint.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from service.access.matrix import Action
from service.access.principal import Step


class Thing(Enum):
    """What the ``identity`` in a path names; the request hook looks up whose it is before the view sees it."""

    DOCUMENT = "document"
    JOB = "job"
    IMPORT = "import"
    UNIT_IMPORT = "unit-import"
    ACCOUNT = "account"
    APPROVAL = "approval"
    PACK = "pack"


@dataclass(frozen=True, slots=True)
class Guard:
    """What a route asks for: a right to one of ``actions``, the first that the person has.

    ``thing`` is looked up and must be in the right's scope, else the answer is that of a random id. ``lists`` says
    that the view gives many things and takes its scope itself (:func:`service.api.access.current_scope`); an answer
    made without asking for it is not sent. ``public`` needs nobody; ``blind`` does not even ask who calls, and so
    answers without the database. ``steps`` are what a session may owe and use the route all the same. ``multipart``
    forms carry their CSRF token in the body, which the view reads.
    """

    actions: tuple[Action, ...] = ()
    thing: Thing | None = None
    lists: bool = False
    public: bool = False
    blind: bool = False
    steps: frozenset[Step] = frozenset()
    multipart: bool = False


def _of(thing: Thing, *actions: Action) -> Guard:
    return Guard(actions, thing)


def _list(*actions: Action, multipart: bool = False) -> Guard:
    return Guard(actions, lists=True, multipart=multipart)


PUBLIC = Guard(public=True)
BLIND = Guard(public=True, blind=True)
REFERENCE = Guard((Action.REFERENCE,))
MINE = Guard((Action.OWN_ACCOUNT,))
_SEE = _of(Thing.DOCUMENT, Action.SEE_FILE)
_EDIT = _of(Thing.DOCUMENT, Action.EDIT)
_DECIDE = _of(Thing.DOCUMENT, Action.DECIDE)
_JOB = _of(Thing.JOB, Action.OWN_JOBS, Action.ALL_JOBS)
_IMPORT = _of(Thing.IMPORT, Action.IMPORT)
_ACCOUNTS = (Action.USERS_AND_UNITS, Action.ROLES_AND_RULES)
_TEMPLATES = Guard((Action.PUBLISH_TEMPLATE,))
_ACCOUNT = _of(Thing.ACCOUNT, *_ACCOUNTS)
_APPROVALS = Guard((Action.OWN_ACCOUNT,), lists=True)
_PACKS = _list(Action.EXPORT_PLAIN)
_PACK = _of(Thing.PACK, Action.EXPORT_PLAIN)
_APPROVAL = _of(Thing.APPROVAL, Action.OWN_ACCOUNT)

_API: dict[str, Guard] = {
    "description.openapi": REFERENCE,
    "description.show_limits": REFERENCE,
    "forms.list_forms": REFERENCE,
    "forms.show_form": REFERENCE,
    "forms.download_template": REFERENCE,
    "imports.download_workbook": REFERENCE,
    "fills.make_fills": _list(Action.FILL),
    "imports.start_import": _list(Action.IMPORT),
    "imports.download_marked": _IMPORT,
    "imports.confirm_import": _IMPORT,
    "documents.upload_documents": _list(Action.UPLOAD),
    "documents.list_documents": _list(Action.SEE_FILE),
    "documents.show_document": _SEE,
    "documents.show_page": _SEE,
    "documents.download_original": _SEE,
    "documents.confirm_mapping": _EDIT,
    "review.patch_entries": _EDIT,
    "review.submit_document": _of(Thing.DOCUMENT, Action.SUBMIT),
    "review.accept_document": _DECIDE,
    "review.assign_document": _DECIDE,
    "review.return_document": _DECIDE,
    "review.show_history": _SEE,
    "review.show_blockers": _SEE,
    "review.download_notice": _SEE,
    "review.download_notice_pdf": _SEE,
    "review.download_marked": _SEE,
    "ledgers.hand_in_ledger": _EDIT,
    "desk.show_queue": _list(Action.EDIT),
    "desk.show_review": _EDIT,
    "desk.show_page_size": _SEE,
    "desk.show_page_photo": _SEE,
    "desk.show_crop": _SEE,
    "removals.delete_document": _of(Thing.DOCUMENT, Action.DELETE),
    "removals.transfer_document": _of(Thing.DOCUMENT, Action.TRANSFER),
    "removals.show_quarantine": _list(Action.QUARANTINE),
    "removals.download_refused": _of(Thing.DOCUMENT, Action.QUARANTINE),
    "records.show_records": _list(Action.LIST_PERSONS),
    "records.search_records": _list(Action.LIST_PERSONS),
    "records.download_records": _list(Action.EXPORT_MASKED),
    "records.download_locked_records": _list(Action.EXPORT_MASKED),
    "records.show_findings": _list(Action.SEE_FILE),
    "jobs.show_job": _JOB,
    "jobs.stop_job": _of(Thing.JOB, Action.OWN_JOBS),
    "jobs.resume_job": _JOB,
    "jobs.stream_job": _JOB,
    "jobs.download_result": _of(Thing.JOB, Action.OWN_JOBS),
    "units.show_units": _list(Action.SEE_UNITS),
    "units.download_workbook": _list(Action.SEE_UNITS),
    "units.start_import": Guard((Action.USERS_AND_UNITS,)),
    "units.confirm_import": _of(Thing.UNIT_IMPORT, Action.USERS_AND_UNITS),
    "across.show_across": _list(Action.SEE_FILE),
    "across.start_across": _list(Action.DECIDE),
    "progress.show_progress": _list(Action.TOTALS),
    "progress.download_progress": _list(Action.TOTALS),
    "progress.show_figures": _list(Action.TOTALS),
    "progress.download_late": _list(Action.TOTALS),
    "progress.download_letter": _list(Action.EXPORT_MASKED),
    "reminders.show_lists": _list(Action.LIST_PERSONS),
    "reminders.show_list": _list(Action.LIST_PERSONS),
    "reminders.download_list": _list(Action.EXPORT_MASKED),
    "reminders.download_letter": _list(Action.EXPORT_MASKED),
    "reminders.make_letters": _list(Action.EXPORT_MASKED),
    "consolidation.show_consolidation": _list(Action.TOTALS),
    "packs.list_packs": _PACKS,
    "packs.make_pack": _PACKS,
    "packs.show_missing": _PACKS,
    "packs.show_pack": _PACK,
    "packs.resume_pack": _PACK,
    "packs.cancel_pack": _PACK,
    "packs.download_pack": _PACK,
    "packs.download_locked_pack": _PACK,
    "editions.list_editions": REFERENCE,
    "editions.propose_edition": _TEMPLATES,
    "editions.show_proposal": _TEMPLATES,
    "editions.show_picture": _TEMPLATES,
    "editions.confirm_edition": _TEMPLATES,
    "editions.change_edition": _TEMPLATES,
    "campaigns.show_campaigns": REFERENCE,
    "campaigns.show_campaign": REFERENCE,
    "campaigns.add_campaign": Guard((Action.USERS_AND_UNITS,)),
    "campaigns.change_campaign": Guard((Action.USERS_AND_UNITS,)),
}
_ACCESS: dict[str, Guard] = {
    "sign_in.sign_in": PUBLIC,
    "sign_in.first_account": PUBLIC,
    "sign_in.set_password_by_link": PUBLIC,
    "sign_in.sign_out": Guard((Action.OWN_ACCOUNT,), steps=frozenset(Step)),
    "sign_in.show_me": Guard((Action.OWN_ACCOUNT,), steps=frozenset(Step)),
    "sign_in.step_up": MINE,
    "sign_in.change_password": Guard((Action.OWN_ACCOUNT,), steps=frozenset({Step.PASSWORD})),
    "sign_in.begin_second_factor": Guard((Action.OWN_ACCOUNT,), steps=frozenset({Step.ENROL})),
    "sign_in.confirm_second_factor": Guard((Action.OWN_ACCOUNT,), steps=frozenset({Step.ENROL})),
    "sign_in.list_sessions": MINE,
    "sign_in.end_session": MINE,
    "sign_in.list_tokens": MINE,
    "sign_in.make_token": MINE,
    "sign_in.revoke_token": MINE,
    "accounts.list_accounts": Guard(_ACCOUNTS, lists=True),
    "accounts.create_account": Guard(_ACCOUNTS, lists=True),
    "accounts.show_account": _ACCOUNT,
    "accounts.change_account": _ACCOUNT,
    "accounts.approve_account": _ACCOUNT,
    "accounts.reset_account": _ACCOUNT,
    "accounts.unlock_account": _ACCOUNT,
    "accounts.list_approvals": _APPROVALS,
    "accounts.ask_approval": MINE,
    "accounts.decide_approval": _APPROVAL,
}
_PAGES: dict[str, Guard] = {
    "assets.vendor_file": BLIND,
    "assets.own_file": BLIND,
    "assets.static_file": BLIND,
    "home_pages.home": Guard((Action.SEE_FILE, Action.OWN_ACCOUNT), lists=True),
    "pages.api_docs": REFERENCE,
    "pages.show_form": REFERENCE,
    "pages.ask_import": _list(Action.IMPORT),
    "pages.download_blank": _list(Action.FILL),
    "form_pages.list_forms": REFERENCE,
    "form_pages.show_fill": _list(Action.FILL),
    "form_pages.work": _list(Action.FILL),
    "form_pages.make_file": _list(Action.FILL),
    "form_pages.hand_in": _list(Action.UPLOAD),
    "form_pages.edit_import": _IMPORT,
    "upload_pages.ask": _list(Action.UPLOAD),
    "upload_pages.upload": _list(Action.UPLOAD, multipart=True),
    "upload_pages.show_lines": _list(Action.SEE_FILE),
    "upload_pages.list_documents": _list(Action.SEE_FILE),
    "pages.show_document": _SEE,
    "pages.show_import": _list(Action.IMPORT, multipart=True),
    "pages.download_marked": _IMPORT,
    "pages.download_filled": _IMPORT,
    "ledger_pages.list_ledgers": _list(Action.EDIT),
    "ledger_pages.show_ledger": _EDIT,
    "ledger_pages.show_rows": _EDIT,
    "ledger_pages.confirm_columns": _EDIT,
    "ledger_pages.send_on": _EDIT,
    "review_desk_pages.show_queue": _list(Action.EDIT),
    "review_desk_pages.go_on": _list(Action.EDIT),
    "review_desk_pages.show_desk": _EDIT,
    "review_desk_pages.take_decision": _EDIT,
    "review_desk_pages.take_back": _EDIT,
    "review_desk_pages.accept_document": _DECIDE,
    "review_desk_pages.ask_return": _DECIDE,
    "review_desk_pages.return_document": _DECIDE,
    "review_desk_pages.show_kind": _list(Action.EDIT),
    "review_desk_pages.take_of_kind": _EDIT,
    "review_pages.edit": _EDIT,
    "review_pages.save_edit": _EDIT,
    "across_pages.show_across": _list(Action.SEE_FILE),
    "across_pages.start_across": _list(Action.DECIDE),
    "progress_pages.show_progress": _list(Action.TOTALS),
    "progress_pages.show_unit": _list(Action.TOTALS),
    "progress_pages.show_charts": _list(Action.TOTALS),
    "progress_pages.show_lists": _list(Action.LIST_PERSONS),
    "progress_pages.show_list": _list(Action.LIST_PERSONS),
    "progress_pages.make_letters": _list(Action.EXPORT_MASKED),
    "progress_pages.show_letters": _of(Thing.JOB, Action.OWN_JOBS),
    "correcting_pages.add_row": _EDIT,
    "correcting_pages.remove_row": _EDIT,
    "correcting_pages.undo_step": _EDIT,
    "correcting_pages.settle": _DECIDE,
    "correcting_pages.hand_over": _of(Thing.DOCUMENT, Action.SUBMIT),
    "removal_pages.delete_document": _of(Thing.DOCUMENT, Action.DELETE),
    "removal_pages.transfer_document": _of(Thing.DOCUMENT, Action.TRANSFER),
    "review_pages.accept_document": _DECIDE,
    "review_pages.return_document": _DECIDE,
    "review_pages.show_history": _SEE,
    "record_pages.show_records": _list(Action.LIST_PERSONS),
    "record_pages.find_records": _list(Action.LIST_PERSONS),
    "record_pages.export_locked": _list(Action.EXPORT_MASKED),
    "record_pages.show_findings": _list(Action.SEE_FILE),
    "record_pages.show_record": _of(Thing.DOCUMENT, Action.LIST_PERSONS),
    "job_pages.show_jobs": _list(Action.OWN_JOBS, Action.ALL_JOBS),
    "job_pages.stop_job": _of(Thing.JOB, Action.OWN_JOBS),
    "job_pages.retry_job": _JOB,
    "quarantine_pages.show_quarantine": _list(Action.QUARANTINE),
    "audit_pages.show_audit": Guard((Action.AUDIT,)),
    "audit_pages.download_audit": Guard((Action.AUDIT,)),
    "audit_pages.verify_audit": Guard((Action.AUDIT,)),
    "rule_pages.show_rules": REFERENCE,
    "admin_pages.show_admin": MINE,
    "help_pages.show_help": PUBLIC,
    "help_pages.show_chapter": PUBLIC,
    "help_pages.show_picture": BLIND,
    "unit_pages.show_units": _list(Action.SEE_UNITS),
    "unit_pages.ask_import": Guard((Action.USERS_AND_UNITS,)),
    "unit_pages.show_import": Guard((Action.USERS_AND_UNITS,), multipart=True),
    "unit_pages.confirm_import": _of(Thing.UNIT_IMPORT, Action.USERS_AND_UNITS),
    "consolidation_pages.show_consolidation": _list(Action.TOTALS),
    "pack_pages.show_packs": _PACKS,
    "pack_pages.make_pack": _PACKS,
    "pack_pages.show_pack": _PACK,
    "pack_pages.resume_pack": _PACK,
    "pack_pages.cancel_pack": _PACK,
    "pack_pages.download_locked": _PACK,
    "edition_pages.show_editions": REFERENCE,
    "edition_pages.propose_edition": Guard((Action.PUBLISH_TEMPLATE,), multipart=True),
    "edition_pages.show_proposal": _TEMPLATES,
    "edition_pages.propose_again": _TEMPLATES,
    "edition_pages.show_making": _of(Thing.JOB, Action.OWN_JOBS),
    "edition_pages.stop_making": _of(Thing.JOB, Action.OWN_JOBS),
    "edition_pages.resume_making": _of(Thing.JOB, Action.OWN_JOBS),
    "edition_pages.confirm_edition": _TEMPLATES,
    "edition_pages.change_edition": _TEMPLATES,
    "campaign_pages.show_campaigns": REFERENCE,
    "campaign_pages.add_campaign": Guard((Action.USERS_AND_UNITS,)),
    "campaign_pages.change_campaign": Guard((Action.USERS_AND_UNITS,)),
}
_ACCESS_PAGES: dict[str, Guard] = {
    "sign_in_pages.ask": PUBLIC,
    "sign_in_pages.sign_in": PUBLIC,
    "sign_in_pages.ask_first": PUBLIC,
    "sign_in_pages.make_first_account": PUBLIC,
    "sign_in_pages.ask_link": PUBLIC,
    "sign_in_pages.use_link": PUBLIC,
    "sign_in_pages.ask_code": Guard((Action.OWN_ACCOUNT,), steps=frozenset({Step.CODE})),
    "sign_in_pages.give_second": Guard((Action.OWN_ACCOUNT,), steps=frozenset({Step.CODE})),
    "sign_in_pages.sign_out": Guard((Action.OWN_ACCOUNT,), steps=frozenset(Step)),
    "account_pages.show": Guard((Action.OWN_ACCOUNT,), steps=frozenset({Step.PASSWORD, Step.ENROL})),
    "account_pages.change_password": Guard((Action.OWN_ACCOUNT,), steps=frozenset({Step.PASSWORD})),
    "account_pages.show_second_factor": Guard((Action.OWN_ACCOUNT,), steps=frozenset({Step.ENROL})),
    "account_pages.draw_code": Guard((Action.OWN_ACCOUNT,), steps=frozenset({Step.ENROL})),
    "account_pages.confirm_second_factor": Guard((Action.OWN_ACCOUNT,), steps=frozenset({Step.ENROL})),
    "account_pages.ask_step_up": MINE,
    "account_pages.step_up": MINE,
    "account_pages.end_session": MINE,
    "account_pages.make_token": MINE,
    "account_pages.revoke_token": MINE,
    "account_pages.list_accounts": Guard(_ACCOUNTS, lists=True),
    "account_pages.create_account": Guard(_ACCOUNTS, lists=True),
    "account_pages.show_account": _ACCOUNT,
    "account_pages.change_account": _ACCOUNT,
    "account_pages.list_approvals": _APPROVALS,
    "account_pages.ask_approval": MINE,
    "account_pages.decide_approval": _APPROVAL,
}
_HEALTH: dict[str, Guard] = {
    "health.alive": BLIND,
    "health.ready": PUBLIC,
    "health.metrics": PUBLIC,
    "health_pages.show_health": Guard((Action.OPERATE,)),
}

ROUTES: Mapping[str, Guard] = {**_API, **_ACCESS, **_PAGES, **_ACCESS_PAGES, **_HEALTH}
"""Guards by Flask's name of the route, ``blueprint.function``."""
