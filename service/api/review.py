"""``/documents/{id}``: what a person does with what was read, and what goes back to the unit."""

from __future__ import annotations

from flask import Blueprint, Response, request

from forms.errors import FormServiceError
from forms.illegal import illegal_characters
from service.access.principal import current_principal
from service.access.sight import blurred_steps, sight_of
from service.api.access import acting_name
from service.api.context import answer_file, answer_json, json_body, json_value, runtime
from service.api.errors import BadRequestError
from service.api.problem_json import answer_problem_body
from service.operations.assigning import Assigned, assign
from service.operations.correcting import correct
from service.operations.correction_shape import correction_of
from service.operations.entering import ANYBODY, LONGEST_NAME, LONGEST_REASON
from service.operations.returning import Sending, marked_file, notice_file, send_back
from service.operations.reviewing import OpenFaultsError, accept, blockers, history
from service.operations.submitting import submit
from service.problems import outcome_of, problem_body

blueprint = Blueprint("review", __name__)
LONGEST_VERSION = 12
LONGEST_UNIT = 200


@blueprint.patch("/documents/<uuid:identity>/entries")
def patch_entries(identity: object) -> Response:
    """Values that a person enters, rows that the reader missed or invented; a bare list of entries is taken too."""
    data = json_value()
    given: object = {"entries": data} if isinstance(data, list) else data
    body = json_body("entries", "add", "remove", "undo", "version", "by", value=given)
    return _answer(correct(runtime(), str(identity), correction_of(body), who(body), version(body)))


@blueprint.patch("/documents/<uuid:identity>")
def assign_document(identity: object) -> Response:
    """Whose the file is, and for which campaign."""
    body = json_body("unit", "campaign", "reason", "version", "by")
    unit, campaign = (words(body, name, LONGEST_UNIT) or None for name in ("unit", "campaign"))
    asked = Assigned(who(body), unit, campaign, words(body, "reason"), version(body))
    return _answer(assign(runtime(), str(identity), asked))


@blueprint.post("/documents/<uuid:identity>/submit")
def submit_document(identity: object) -> Response:
    """The unit hands in what it looked through."""
    body = _body("note", "version", "by")
    return _answer(submit(runtime(), str(identity), who(body), version(body), words(body, "note")))


@blueprint.post("/documents/<uuid:identity>/accept")
def accept_document(identity: object) -> Response:
    """Into the store of records, or the list of what is still open."""
    body = _body("override", "reason", "version", "by")
    override, reason = flag(body, "override", default=False), words(body, "reason")
    try:
        done = accept(runtime(), str(identity), who(body), version(body), override=override, reason=reason)
    except OpenFaultsError as fault:
        return answer_problem_body({**problem_body(fault), "blockers": fault.blockers}, outcome_of(fault).status)
    return _answer(done)


@blueprint.post("/documents/<uuid:identity>/return")
def return_document(identity: object) -> Response:
    """Back to the unit, with a notice."""
    body = _body("note", "deadline", "warnings", "version", "by")
    asked = Sending(
        who(body), words(body, "note"), words(body, "deadline"), flag(body, "warnings", default=True), version(body)
    )
    return _answer(send_back(runtime(), str(identity), asked))


@blueprint.get("/documents/<uuid:identity>/history")
def show_history(identity: object) -> Response:
    """Who did what, of the document or of one value."""
    steps = history(runtime(), str(identity), request.args.get("path") or None)
    return answer_json({"history": blurred_steps(steps, sight_of(current_principal()).in_files)})


@blueprint.get("/documents/<uuid:identity>/blockers")
def show_blockers(identity: object) -> Response:
    """What keeps the document from being accepted."""
    return answer_json({"blockers": blockers(runtime(), str(identity))})


@blueprint.get("/documents/<uuid:identity>/notice.docx")
def download_notice(identity: object) -> Response:
    """The notice in Word."""
    name, content = notice_file(runtime(), str(identity), "docx")
    return answer_file(content, name)


@blueprint.get("/documents/<uuid:identity>/notice.pdf")
def download_notice_pdf(identity: object) -> Response:
    """The notice as PDF."""
    name, content = notice_file(runtime(), str(identity), "pdf")
    return answer_file(content, name)


@blueprint.get("/documents/<uuid:identity>/marked")
def download_marked(identity: object) -> Response:
    """The unit's own file with the faults marked in it."""
    name, content = marked_file(runtime(), str(identity))
    response = answer_file(content, name)
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def _body(*known: str) -> dict[str, object]:
    """The JSON object of the request; a request without a body asks for what is usual."""
    if request.content_length in (None, 0) and "chunked" not in request.headers.get("Transfer-Encoding", ""):
        return {}
    return json_body(*known)


def _answer(body: dict[str, object]) -> Response:
    return answer_json(body, ETag=f'"{body["version"]}"')


def who(body: dict[str, object]) -> str:
    """Who does it: the account's person, at the local desk whoever is named."""
    return acting_name(words(body, "by", LONGEST_NAME) or ANYBODY)


def words(body: dict[str, object], name: str, longest: int = LONGEST_REASON) -> str:
    """A short text of the body.

    Raises:
        BadRequestError: no text, too long, or with characters that cannot be kept.
    """
    value = body.get(name, "")
    if not isinstance(value, str) or len(value) > longest or illegal_characters(value):
        reason = f"应为不超过 {longest} 字的文本"
        raise BadRequestError(name=name, reason_zh=reason, reason_en=f"a text of at most {longest} characters")
    return value.strip()


def flag(body: dict[str, object], name: str, *, default: bool) -> bool:
    """``true`` or ``false`` of the body.

    Raises:
        BadRequestError: something else.
    """
    value = body.get(name, default)
    if not isinstance(value, bool):
        raise BadRequestError(name=name, reason_zh="应为 true 或 false", reason_en="true or false")
    return value


def version(body: dict[str, object]) -> int | None:
    """The version that the caller saw, from the body or ``If-Match``.

    Raises:
        BadRequestError: no whole number, or two that differ.
    """
    named = body.get("version")
    tag = request.headers.get("If-Match", "").strip().removeprefix("W/").strip('"')
    if named is not None and (isinstance(named, bool) or not isinstance(named, int)):
        raise _bad_version()
    if not tag or tag == "*":
        return named
    if not (tag.isascii() and tag.isdigit() and len(tag) <= LONGEST_VERSION) or named not in (None, int(tag)):
        raise _bad_version()
    return int(tag)


def _bad_version() -> FormServiceError:
    return BadRequestError(
        name="version", reason_zh="应为整数,与 If-Match 相同", reason_en="a whole number, as If-Match"
    )
