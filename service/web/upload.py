"""Handing files in: many at once, a line each with what becomes of it; and the list of all that came.

Without script the page is one form with one answer; with it (``desk/upload.js``) each file is sent by itself, under a
key that lets it be sent again without being taken twice.
"""

from __future__ import annotations

from flask import Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from forms.ledger import LEDGER
from service.access.matrix import Action
from service.access.principal import current_principal
from service.api.access import current_scope, may
from service.api.context import answer_json, runtime, whole_number
from service.api.documents import search_asked
from service.api.uploads import take_request
from service.operations.campaigns import campaigns_of
from service.operations.holding import STATES
from service.operations.showing import light_document
from service.operations.units import units_of
from service.operations.upload_lines import MOST_LINES, lines_of
from service.web.blueprints import page_blueprint
from service.web.linking import linking
from service.web.records import unit_names

blueprint = page_blueprint("upload_pages", __name__)
ACCEPTED = 202
A_PAGE = 50
FILTERS = ("unit", "form", "state")
FARTHEST = 1_000_000


@blueprint.get("/upload")
def ask() -> str:
    """Where files are chosen."""
    parts, scope = runtime(), current_scope()
    units = [unit for unit in units_of(parts.database) if scope.covers_unit(unit.id)]
    own = next((unit.name for unit in units if unit.id == current_principal().unit_id), "")
    return render_template(
        "upload.html",
        definitions=parts.catalogue.definitions,
        units=[unit.name for unit in units],
        campaigns=[one for one in campaigns_of(parts) if one["state"] == "open"],
        asked=request.args,
        unit=request.args.get("unit", own),
        largest=parts.settings.request_limit_mib,
    )


@blueprint.post("/upload")
def upload() -> AnyResponse | tuple[str, int]:
    """Take files and show what becomes of them."""
    current_scope()  # whose the files are is settled as they are entered
    status, body = take_request(runtime())
    taken = body["documents"]
    if len(taken) == 1 and taken[0]["state"] == "received" and "duplicate" not in taken[0]:
        is_ledger = light_document(runtime().database, taken[0]["id"]).form_hint == LEDGER and may(Action.EDIT)
        page = "ledger_pages.show_ledger" if is_ledger else "pages.show_document"
        return redirect(url_for(page, identity=taken[0]["id"]), 303)
    return render_template("uploaded.html", taken=taken, states=STATES), 200 if status == ACCEPTED else status


@blueprint.get("/upload/lines")
def show_lines() -> Response:
    """How far the files of those ids are, as JSON: ``id`` as often as there are files."""
    asked = request.args.getlist("id")[:MOST_LINES]
    return answer_json({"lines": lines_of(runtime(), asked, current_scope())})


@blueprint.get("/documents")
def list_documents() -> str:
    """All files that came, the newest first, or those of a unit, of a form, or in a state."""
    offset = whole_number("offset", 0, 0, FARTHEST)
    parts = runtime()
    found = parts.listing.newest(parts.database, A_PAGE + 1, offset, current_scope(), search_asked())
    return render_template(
        "documents.html",
        files=found[:A_PAGE],
        has_more=len(found) > A_PAGE,
        offset=offset,
        size=A_PAGE,
        link=linking("/documents", FILTERS),
        asked={name: text for name in FILTERS if (text := request.args.get(name, "").strip())},
        definitions=parts.catalogue.definitions,
        units=unit_names(),
        states=STATES,
        numbers={one.form: f"附件{one.number}" for one in parts.catalogue.definitions if one.number},
    )
