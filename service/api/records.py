"""``/records``, ``/records.xlsx`` and ``/findings``: the store of accepted people, and all that is still wrong."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, Response, request

from service.access.approving import require_second
from service.access.matrix import Action
from service.access.principal import current_principal
from service.access.sight import require_plain, sight_of
from service.api.access import acting_name, current_scope
from service.api.context import answer_file, answer_json, json_body, runtime, text_parameter, whole_number
from service.api.errors import BadRequestError
from service.operations.entering import ANYBODY, LONGEST_NAME, LONGEST_REASON
from service.operations.locking import require_fit
from service.operations.records import Disclosure, export_records, form_of, list_findings, list_records
from service.store.records import FindingQuery, RecordQuery

blueprint = Blueprint("records", __name__)
MOST_LISTED = 500
FARTHEST = 1_000_000_000
STATES = ("accepted", "superseded", "all")
SEVERITIES = ("error", "warning", "info")
LONGEST_WORDS = 200
NOT_OF_SUBJECT = frozenset({"unmask", "reason", "by", "approval"})
"""Parameters of an export that do not say what is exported."""


@blueprint.get("/records")
def show_records() -> Response:
    """The people of accepted forms, a page at a time."""
    limit, offset = page_asked()
    return answer_json(list_records(runtime(), query_asked(), disclosure_asked(), (limit, offset), current_scope()))


@blueprint.post("/records/search")
def search_records() -> Response:
    """The same for an identity number, which comes in the body: addresses are kept in histories and logs."""
    limit, offset = page_asked()
    number = text_parameter(json_body("id_number"), "id_number", "")
    query = replace(query_asked(), id_number=_fit("id_number", number).upper())
    return answer_json(list_records(runtime(), query, disclosure_asked(), (limit, offset), current_scope()))


@blueprint.get("/records.xlsx")
def download_records() -> Response:
    """The same as a workbook."""
    return answer_export()


@blueprint.post("/records.xlsx")
def download_locked_records() -> Response:
    """The same with a password, which comes in the body: addresses are kept in histories and logs."""
    return answer_export(text_parameter(json_body("password"), "password", ""))


def answer_export(password: str = "") -> Response:
    """The workbook of what the query asks for, encrypted if there is a password."""
    query, disclosure = query_asked(), disclosure_asked(Action.EXPORT_PLAIN)
    require_fit(runtime().settings, password, disclosure.who, whole=disclosure.unmask)  # no approval is used up for it
    if disclosure.unmask:
        disclosure.require()
        _require_second()
    made = export_records(runtime(), query, disclosure, current_scope(), plain=_switch("plain"), password=password)
    return answer_file(made.content, made.name)


@blueprint.get("/findings")
def show_findings() -> Response:
    """What is wrong in all documents."""
    limit, offset = page_asked()
    return answer_json(list_findings(runtime(), findings_asked(), limit, offset, current_scope()))


def findings_asked() -> FindingQuery:
    """The findings that the query asks for."""
    form = _words("form")
    return FindingQuery(
        runtime().catalogue.readable(form).form if form else "",
        _words("unit"),
        _one_of("severity", SEVERITIES, ""),
        _words("code"),
        _words("document"),
    )


def page_asked() -> tuple[int, int]:
    """How many and from where."""
    return whole_number("limit", 50, 1, MOST_LISTED), whole_number("offset", 0, 0, FARTHEST)


def query_asked() -> RecordQuery:
    """The people that the query asks for."""
    state = _one_of("state", STATES, "accepted")
    number = _words("id_number").upper()
    query = RecordQuery(_words("form"), _words("unit"), state, _words("name"), number, _words("q"), _words("document"))
    return form_of(runtime(), query)


def disclosure_asked(action: Action = Action.PLAIN_IDS) -> Disclosure:
    """Whether whole numbers are asked for, by whom, and which fields that person does not see.

    Raises:
        ForbiddenError, StepUpNeededError: the person may not see them, or not without proving anew who it is.
    """
    who = acting_name(_words("by")[:LONGEST_NAME] or ANYBODY)
    unmask = _switch("unmask")
    if unmask:
        require_plain(current_principal(), action)
    return Disclosure(unmask, who, _words("reason")[:LONGEST_REASON], sight_of(current_principal()).in_lists)


def _require_second() -> None:
    """An export of whole numbers needs a second person, who approved exactly these filters."""
    parts = runtime()
    subject = {name: text for name, text in request.args.items() if name not in NOT_OF_SUBJECT and text}
    with parts.database.transaction() as connection:
        by = current_principal()
        require_second(connection, parts.settings, by, "export-plain", subject, _words("approval"))


def _words(name: str) -> str:
    """What is asked for, in the address or in the form of a page."""
    return _fit(name, request.values.get(name, ""))


def _fit(name: str, given: str) -> str:
    text = given.strip()
    if len(text) > LONGEST_WORDS or "\0" in text:
        raise BadRequestError(name=name, reason_zh="过长或含非法字符", reason_en="too long, or illegal characters")
    return text


def _one_of(name: str, allowed: tuple[str, ...], default: str) -> str:
    text = _words(name) or default
    if text and text not in allowed:
        raise BadRequestError(
            name=name, reason_zh=f"可用值:{'、'.join(allowed)}", reason_en=f"one of {', '.join(allowed)}"
        )
    return text


def _switch(name: str) -> bool:
    return _one_of(name, ("0", "1", "true", "false"), "0") in ("1", "true")
