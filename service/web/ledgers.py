"""The ledger desk: what each column of a unit's own list holds, its rows checked, and on into 附件5."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from forms.errors import FormServiceError
from service.access.matrix import Action
from service.access.principal import current_principal
from service.access.sight import sight_of
from service.api.access import current_scope, scope_for
from service.api.context import runtime, whole_number
from service.api.review import who
from service.masking import hide_text
from service.operations.desk.looking import Desk, desk_of
from service.operations.desk.noting import note_desk
from service.operations.desk.spots import Spot
from service.operations.holding import STATES
from service.operations.ledger_desk import LEFT_OUT, choices_of, columns_of, hand_in, ledgers_waiting, sent_on_as
from service.operations.ledgers import columns_of_json, confirm
from service.operations.units import units_of
from service.problems import outcome_of
from service.store.jobs import ENDED, find_job
from service.web.blueprints import page_blueprint
from service.web.presenting import SEVERITIES
from service.web.review_desk import FARTHEST, LONGEST_PATH, UNFIT

blueprint = page_blueprint("ledger_pages", __name__)
PAGE = 50
LONGEST_UNIT = 200
_SHOWN_FINDINGS = 50


@blueprint.get("/ledgers")
def list_ledgers() -> str:
    """The ledgers that were handed in and are not settled."""
    offset = whole_number("offset", 0, 0, FARTHEST)
    parts = runtime()
    found = ledgers_waiting(parts, current_scope(), PAGE, offset)
    sent = {one.id: sent_on_as(parts, one.id) for one in found}
    return render_template(
        "ledger_list.html",
        ledgers=found,
        sent=sent,
        states=STATES,
        units=_units(),
        names={one.id: hide_text(one.name) for one in found},
    )


def _units() -> list[str]:
    parts = runtime()
    with parts.database.reading() as connection:
        scope = scope_for(connection, Action.UPLOAD)
    return [unit.name for unit in units_of(parts.database) if scope.covers_unit(unit.id)]


@blueprint.get("/ledgers/<uuid:identity>")
def show_ledger(identity: object) -> str:
    """The columns of a ledger, each to be told what it holds, and its rows."""
    return _page(str(identity))


def _page(identity: str, **more: Any) -> str:  # noqa: ANN401  # what the template takes
    parts = runtime()
    desk = _desk(identity)
    note_desk(parts, desk, who({"by": ""}), "台账核对")
    document = desk.document
    is_read = document.state != "received" and not _is_under_way(document.job_id)
    told = {"fault": "", "findings": [], "done_document": ""} | more
    return render_template(
        "ledger.html",
        desk=desk,
        document=document,
        is_read=is_read,
        columns=columns_of(desk) if is_read and desk.windows else [],
        choices=choices_of(parts),
        left_out=LEFT_OUT,
        rows=_rows(desk),
        sent=sent_on_as(parts, identity),
        units=_units(),
        states=STATES,
        severities=SEVERITIES,
        **told,
    )


def _desk(identity: str) -> Desk:
    at = request.args.get("at", "")[:LONGEST_PATH]
    return desk_of(runtime(), identity, at=at, hidden=sight_of(current_principal()).in_files)


def _is_under_way(job_id: str | None) -> bool:
    if job_id is None:
        return False
    with runtime().database.reading() as connection:
        job = find_job(connection, job_id)
    return job is not None and job.state not in ENDED


def _rows(desk: Desk) -> list[tuple[str, list[Spot]]]:
    """The rows at hand: what names each, and its places that say something."""
    rows: dict[str, list[Spot]] = {}
    for spot in desk.spots:
        if ".records[" in spot.path and (spot.value or spot.text or spot.review or spot.findings):
            rows.setdefault(spot.group, []).append(spot)
    return list(rows.items())


@blueprint.get("/ledgers/<uuid:identity>/rows")
def show_rows(identity: object) -> str:
    """The rows alone, after one of their values was corrected."""
    desk = _desk(str(identity))
    return render_template("ledger_rows.html", desk=desk, document=desk.document, rows=_rows(desk))


@blueprint.post("/ledgers/<uuid:identity>/columns")
def confirm_columns(identity: object) -> AnyResponse | tuple[str, int]:
    """What the columns hold is remembered for the unit, and the ledger is read again by it."""
    named = {name.removeprefix("column:"): text for name, text in request.form.items() if name.startswith("column:")}
    unit = request.form.get("unit", "").strip()[:LONGEST_UNIT]
    said = {label: None if keys == LEFT_OUT else keys for label, keys in named.items() if keys}
    try:
        confirm(runtime(), str(identity), columns_of_json(said, runtime().catalogue), unit)
    except FormServiceError as fault:
        if outcome_of(fault).status != UNFIT:
            raise
        return _page(str(identity), fault=fault.message_zh), UNFIT
    return redirect(url_for("ledger_pages.show_ledger", identity=identity), 303)


@blueprint.post("/ledgers/<uuid:identity>/attachment-5")
def send_on(identity: object) -> AnyResponse | tuple[str, int]:
    """The 附件5 of it is handed in; what was not taken along is told."""
    try:
        made = hand_in(runtime(), str(identity), who({"by": request.form.get("by", "")}))
    except FormServiceError as fault:
        if outcome_of(fault).status != UNFIT:
            raise
        return _page(str(identity), fault=fault.message_zh), UNFIT
    return _page(str(identity), done_document=made.document, findings=made.findings[:_SHOWN_FINDINGS]), 200
