"""The review desk: one document after another, one place after another; every post ends in a redirect to what is next.

The pages work without script. With it, htmx takes the same answers into the panel beside the page picture, and
``static/desk/review.js`` gives each button its key and marks the place in the picture.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from forms.errors import FormServiceError
from forms.ledger import LEDGER
from service.access.matrix import Action
from service.access.principal import current_principal
from service.access.sight import sight_of
from service.api.access import acting_name, current_scope, may, scope_for
from service.api.context import runtime, whole_number
from service.api.errors import BadRequestError
from service.api.review import who, words
from service.masking import hide_text
from service.operations.desk.deciding import Decision, PlaceChangedError, decide, undo, undoable
from service.operations.desk.kinds import KINDS, NUMBERS
from service.operations.desk.looking import Desk, desk_of
from service.operations.desk.noting import note_desk
from service.operations.desk.queue import is_waiting, left_of_kind, next_document, next_of_kind, queue_of
from service.operations.entering import ANYBODY, LONGEST_NAME, LONGEST_TEXT, EntryInvalidError
from service.operations.holding import STATES, StaleVersionError
from service.operations.returning import Sending, preview, send_back
from service.operations.reviewing import OpenFaultsError, ReasonNeededError, accept
from service.operations.showing import light_document
from service.problems import outcome_of
from service.web.blueprints import page_blueprint
from service.web.presenting import SEVERITIES

blueprint = page_blueprint("review_desk_pages", __name__)
PAGE = 50
FARTHEST = 1_000_000
LONGEST_PATH = 200
LONGEST_NUMBER = 9
LONGEST_SEEN = 32
WITHOUT_PLACES = frozenset({"docx", "xlsx", "doc", "xls", "wps", "et", "odt", "ods", "html-table"})
"""Formats whose values have a cell and no place on a page: the values stand in a table."""
DRAWN_QUICKLY = (".pdf", ".ofd", ".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp")
"""Endings of files whose pages are drawn without another program."""
UNFIT = 422
"""Status of a page that shows again what could not be taken; htmx puts it in the place of the panel."""


@blueprint.app_template_filter("query")
def query(values: Mapping[str, str]) -> str:
    """Parameters of an address, without those that are empty."""
    return urlencode({name: text for name, text in values.items() if text})


@blueprint.get("/review")
def show_queue() -> str:
    """What waits: documents in the order in which they came, and how many values of each kind."""
    offset = whole_number("offset", 0, 0, FARTHEST)
    queue = queue_of(runtime(), current_scope(), PAGE, offset)
    return render_template(
        "review_queue.html",
        queue=queue,
        kinds=KINDS,
        states=STATES,
        offset=offset,
        page_size=PAGE,
        names={one.id: hide_text(one.name) for one in queue.documents},
        link=lambda to: f"/review?offset={to}",
    )


@blueprint.get("/review/next")
def go_on() -> AnyResponse:
    """To the first document that waits, or the one after ``after``."""
    scope = current_scope()
    after = request.args.get("after", "")[:LONGEST_PATH]
    found = next_document(runtime(), scope, after)
    if found is None:
        return _nothing_left()
    return _went(_address(found))


@blueprint.get("/review/<uuid:identity>")
def show_desk(identity: object) -> AnyResponse | str:
    """A document with one place in hand; one that is not read yet is waited for on its own page."""
    desk = _desk(str(identity))
    if desk.document.state == "received":
        return redirect(url_for("pages.show_document", identity=identity), 303)
    return _desk_page(str(identity), desk)


def _desk(identity: str) -> Desk:
    hidden = sight_of(current_principal()).in_files
    at, after = (request.args.get(name, "")[:LONGEST_PATH] for name in ("at", "after"))
    return desk_of(runtime(), identity, at=at, after=after, hidden=hidden)


def _desk_page(identity: str, desk: Desk, **more: Any) -> str:  # noqa: ANN401  # what the template takes
    """The page, or its panel alone where htmx asks for it."""
    parts = runtime()
    note_desk(parts, desk, _who())
    template = "review_panel.html" if "HX-Request" in request.headers else "review_desk.html"
    told = {"fault": "", "typed": None} | more
    form = str((desk.document.reading or {}).get("format") or "")
    return render_template(
        template,
        desk=desk,
        document=desk.document,
        now=desk.now,
        severities=SEVERITIES,
        states=STATES,
        last=undoable(parts, identity, _who()),
        may_decide=may(Action.DECIDE) and desk.document.form_hint != LEDGER,
        is_ledger=desk.document.form_hint == LEDGER,
        ahead=_ahead(identity),
        by=request.values.get("by", "")[:LONGEST_NAME],
        action=url_for("review_desk_pages.take_decision", identity=identity),
        target="#desk-panel",
        has_picture=bool(desk.windows),
        has_table=form in WITHOUT_PLACES,
        **told,
    )


def _ahead(identity: str) -> str:
    """The document that comes next, whose first page is drawn while this one is gone through."""
    if "HX-Request" in request.headers:
        return ""
    with runtime().database.reading() as connection:
        scope = scope_for(connection, Action.EDIT)
    found = next_document(runtime(), scope, identity)
    return found if found and light_document(runtime().database, found).name.lower().endswith(DRAWN_QUICKLY) else ""


@blueprint.post("/review/<uuid:identity>")
def take_decision(identity: object) -> AnyResponse | tuple[str, int]:
    """A value confirmed, corrected, chosen or emptied; then the next one that waits."""
    made = _decision()
    try:
        decide(runtime(), str(identity), made, _who())
    except (EntryInvalidError, PlaceChangedError, StaleVersionError, ReasonNeededError) as fault:
        desk = desk_of(runtime(), str(identity), at=made.path, hidden=sight_of(current_principal()).in_files)
        typed = None if isinstance(fault, PlaceChangedError) else made.value
        return _desk_page(str(identity), desk, fault=_sentence(fault, desk), typed=typed), UNFIT
    where = {"at" if request.form.get("stay") else "after": made.path}
    return _went(_address(identity), **where)


def _sentence(fault: FormServiceError, desk: Desk) -> str:
    """A fault about the place in hand without its path, which a clerk does not know."""
    message = fault.message_zh
    return message.replace(f"{desk.now.path} ", "") if desk.now is not None else message


def _decision() -> Decision:
    """What the form says: the button that was pressed, else what stands in the input.

    Raises:
        BadRequestError: too long, or no such button.
    """
    form = request.form
    value = form.get("choice", form.get("value", "")).replace("\r\n", "\n").strip()
    path, seen = form.get("path", ""), form.get("seen", "")
    if len(value) > LONGEST_TEXT or len(path) > LONGEST_PATH or len(seen) > LONGEST_SEEN:
        raise BadRequestError(name="value", reason_zh="过长", reason_en="too long")
    if "empty" in form:
        value = ""
    reason = words({"reason": form.get("reason", "")}, "reason")
    as_written = "as_written" in form
    if as_written and not reason:
        raise ReasonNeededError(what_zh="按原件所写采用", what_en="taking what the paper says")
    return Decision(path, value, seen, _number("version"), reason, as_written)


def _number(name: str) -> int:
    text = request.form.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER):
        raise BadRequestError(name=name, reason_zh="应为整数", reason_en="a whole number is needed")
    return int(text)


def _who() -> str:
    said = request.values.get("by", "").strip()[:LONGEST_NAME]
    return who({"by": said}) if request.method == "POST" else acting_name(said or ANYBODY)


def _went(address: str, **where: str) -> AnyResponse:
    """On to an address with these parameters; at a desk without accounts the name that was typed goes along."""
    said = request.values.get("by", "").strip()[:LONGEST_NAME]
    by = said if current_principal().is_desk else ""
    asked = query({**where, "by": by})
    return redirect(f"{address}?{asked}" if asked else address, 303)


def _address(identity: object) -> str:
    return url_for("review_desk_pages.show_desk", identity=identity)


def _nothing_left() -> AnyResponse:
    return _went(url_for("review_desk_pages.show_queue"), done="all-reviewed")


@blueprint.post("/review/<uuid:identity>/undo")
def take_back(identity: object) -> AnyResponse | tuple[str, int]:
    """The last value that this person entered is as it was before."""
    parts = runtime()
    last = undoable(parts, str(identity), _who())
    if last is None or last.number != _number("step"):
        raise StaleVersionError(version=_number("version"))
    try:
        undo(parts, str(identity), last.number, _who())
    except (EntryInvalidError, StaleVersionError) as fault:
        desk = desk_of(parts, str(identity), at=last.path, hidden=sight_of(current_principal()).in_files)
        return _desk_page(str(identity), desk, fault=fault.message_zh), UNFIT
    if kind := request.form.get("kind", "")[:LONGEST_PATH]:
        return _went(url_for("review_desk_pages.show_kind", kind=kind), document=str(identity))
    return _went(_address(identity), at=last.path)


@blueprint.post("/review/<uuid:identity>/accept")
def accept_document(identity: object) -> AnyResponse | tuple[str, int]:
    """Into the store, and on to the next document; or what is still open."""
    override, reason = "override" in request.form, words({"reason": request.form.get("reason", "")}, "reason")
    try:
        accept(runtime(), str(identity), _who(), _number("version"), override=override, reason=reason)
    except (OpenFaultsError, ReasonNeededError, StaleVersionError) as fault:
        return _desk_page(str(identity), _desk(str(identity)), fault=fault.message_zh), outcome_of(fault).status
    return _on_from(str(identity))


def _on_from(identity: str) -> AnyResponse:
    with runtime().database.reading() as connection:
        scope = scope_for(connection, Action.EDIT)
    found = next_document(runtime(), scope, identity)
    if found is None:
        return _nothing_left()
    return _went(_address(found))


@blueprint.get("/review/<uuid:identity>/return")
def ask_return(identity: object) -> str:
    """The notice as it would be sent, and what its sender adds."""
    asked = _sending(request.args.get("note", ""), request.args.get("deadline", ""))
    return _return_page(str(identity), asked)


def _sending(note: str, deadline: str) -> Sending:
    taken: dict[str, object] = {"note": note, "deadline": deadline}
    is_first = "shown" not in request.values
    return Sending(
        _who(),
        words(taken, "note"),
        words(taken, "deadline"),
        warnings=is_first or "warnings" in request.values,
        version=_number("version") if request.method == "POST" else None,
    )


def _return_page(identity: str, asked: Sending, fault: str = "") -> str:
    template = "review_return_panel.html" if "HX-Request" in request.headers else "review_return.html"
    desk = desk_of(runtime(), identity, hidden=sight_of(current_principal()).in_files)
    usual = Sending(asked.who, asked.note, warnings=asked.warnings) if fault else asked
    return render_template(
        template,
        desk=desk,
        document=desk.document,
        letter=preview(runtime(), identity, usual),
        asked=asked,
        fault=fault,
        by=request.values.get("by", "")[:LONGEST_NAME],
    )


@blueprint.post("/review/<uuid:identity>/return")
def return_document(identity: object) -> AnyResponse | tuple[str, int]:
    """Back to the unit with its notice, and on to the next document."""
    asked = _sending(request.form.get("note", ""), request.form.get("deadline", ""))
    try:
        send_back(runtime(), str(identity), asked)
    except FormServiceError as fault:
        if outcome_of(fault).status != UNFIT:
            raise
        return _return_page(str(identity), asked, fault.message_zh), UNFIT
    return _on_from(str(identity))


@blueprint.get("/review/kinds/<kind>")
def show_kind(kind: str) -> str:
    """The next value of a kind that waits, wherever it stands."""
    after = (request.args.get("document", "")[:LONGEST_PATH], request.args.get("path", "")[:LONGEST_PATH])
    return _kind_page(kind, after if after[0] else None)


def _kind_page(kind: str, after: tuple[str, str] | None, at: tuple[str, str] = ("", ""), **more: Any) -> str:  # noqa: ANN401  # as above
    parts, scope = runtime(), _edit_scope()
    found = None if at[0] else next_of_kind(parts, scope, kind, after)
    identity, path = (found.document, found.spot.path) if found is not None else at
    hidden = sight_of(current_principal()).in_files
    desk = desk_of(parts, identity, at=path, hidden=hidden) if identity else None
    if desk is not None:
        note_desk(parts, desk, _who(), f"按类核对:{KINDS[kind]}" if kind in NUMBERS else "按类核对")
    was = after[0] if after and is_waiting(parts, scope, after[0]) else ""
    template = "review_kind_panel.html" if "HX-Request" in request.headers else "review_kind.html"
    action = url_for("review_desk_pages.take_of_kind", kind=kind, identity=identity) if identity else ""
    told = {"fault": "", "typed": None} | more
    return render_template(
        template,
        kind=kind,
        label=KINDS.get(kind, kind),
        left=left_of_kind(parts, scope, kind),
        desk=desk,
        document=desk.document if desk is not None else None,
        now=desk.now if desk is not None else None,
        was=was,
        last=undoable(parts, was, _who()) if was else None,
        severities=SEVERITIES,
        by=request.values.get("by", "")[:LONGEST_NAME],
        action=action,
        skip=f"/review/kinds/{kind}?{urlencode({'document': identity, 'path': path})}",
        target="#desk-panel",
        **told,
    )


def _edit_scope() -> Any:  # noqa: ANN401  # a Scope
    if request.endpoint == "review_desk_pages.show_kind":
        return current_scope()
    with runtime().database.reading() as connection:
        return scope_for(connection, Action.EDIT)


@blueprint.post("/review/kinds/<kind>/<uuid:identity>")
def take_of_kind(kind: str, identity: object) -> AnyResponse | tuple[str, int]:
    """A decision on a value of a kind; then the next of that kind."""
    made = _decision()
    try:
        decide(runtime(), str(identity), made, _who())
    except (EntryInvalidError, PlaceChangedError, StaleVersionError, ReasonNeededError) as fault:
        at = (str(identity), made.path)
        typed = None if isinstance(fault, PlaceChangedError) else made.value
        message = fault.message_zh.replace(f"{made.path} ", "")
        return _kind_page(kind, None, at, fault=message, typed=typed), UNFIT
    address = url_for("review_desk_pages.show_kind", kind=kind)
    return _went(address, document=str(identity), path=made.path)
