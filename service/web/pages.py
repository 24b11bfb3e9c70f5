"""Plain pages: download a form, upload what came back, see what it says and what is missing."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, render_template, request

from forms.errors import FormServiceError
from forms.ledger import LEDGER
from service.access.matrix import Action
from service.access.principal import current_principal
from service.access.sight import blurred, sight_of
from service.api.access import current_scope, may, scope_for
from service.api.context import answer_file, runtime, whole_number
from service.api.description import describe
from service.api.fills import require_own
from service.api.imports import receive_import, require_second_for
from service.api.operations_table import OPERATIONS
from service.operations.across import list_across
from service.operations.campaigns import campaigns_of
from service.operations.documents import described
from service.operations.filling import FillOptions, blank_record, chosen_format
from service.operations.holding import SETTLED, STATES
from service.operations.importing import confirm, import_of, marked_return, preview
from service.operations.making import fill_now
from service.operations.returning import was_returned
from service.operations.showing import Shown, shown
from service.operations.submitting import READ
from service.operations.unit_settling import SOURCES
from service.operations.units import units_of
from service.problems import outcome_of, problem_body
from service.store.documents import StoredDocument
from service.store.records import FindingQuery
from service.web.presenting import SEVERITIES, columns_of, present
from writers.filling import Purpose

ACCEPTED = 202
MOST_ACROSS = 50
ROWS_A_PAGE = 300
FARTHEST = 1_000_000
blueprint = Blueprint("pages", __name__, template_folder="templates")


@blueprint.errorhandler(FormServiceError)
def show_problem(fault: FormServiceError) -> tuple[str, int]:
    """A fault as a page that says what to do."""
    return render_template("problem.html", problem=problem_body(fault)), outcome_of(fault).status


@blueprint.get("/forms/<form>/blank")
def download_blank(form: str) -> Response:
    """The empty form, for one unit if it is named."""
    definition = runtime().catalogue.find(form)
    asked = chosen_format(definition, request.args.get("as", ""))
    require_own(runtime(), request.args.get("unit", ""))
    record = blank_record(definition, request.args.get("unit", "").strip())
    made = fill_now(definition, [record], FillOptions(Purpose.BLANK, asked, runtime().settings.print_mark))
    return answer_file(made.content, made.name)


@blueprint.get("/forms/<form>")
def show_form(form: str) -> str:
    """The fields of a form, how to fill each, and the import workbook."""
    return render_template("form.html", definition=runtime().catalogue.find(form))


@blueprint.get("/documents/<uuid:identity>")
def show_document(identity: object) -> str:
    """What a file says, what is unsure, what is missing."""
    parts = runtime()
    first = whole_number("from", 1, 1, FARTHEST) - 1
    seen = shown(parts.database, str(identity), first, ROWS_A_PAGE)
    document = seen.document
    if document.state == "received":
        return render_template("waiting.html", document=document)
    return render_template(
        "document.html",
        document=document,
        result=_result(seen),
        page_rows=ROWS_A_PAGE,
        states=STATES,
        open=document.stage not in SETTLED and may(Action.EDIT),
        is_to_submit=document.stage in READ and may(Action.SUBMIT) and document.form_hint != LEDGER,
        told=was_returned(parts, document.id),
        markable=document.name.lower().endswith((".xlsx", ".docx")),
        **_surroundings(document),
    )


def _surroundings(document: StoredDocument) -> dict[str, Any]:
    """Whose a file is, for which campaign, what else it may be, and what other forms say against it."""
    parts = runtime()
    with parts.database.reading() as connection:
        seen, decided = scope_for(connection, Action.SEE_FILE), scope_for(connection, Action.DECIDE)
    units = [unit.name for unit in units_of(parts.database) if decided.covers_unit(unit.id)]
    campaigns = campaigns_of(parts)
    query = FindingQuery(document=document.id)
    return {
        "unit_sources": SOURCES,
        "units": units,
        "campaigns": campaigns,
        "campaign": next((one for one in campaigns if one["id"] == document.campaign_id), None),
        "across": list_across(parts, query, (MOST_ACROSS, 0), seen)["findings"],
        "severities": SEVERITIES,
    }


def _result(seen: Shown) -> dict[str, Any]:
    plain = blurred(described(seen.document), sight_of(current_principal()).in_files)
    forms = zip(plain["documents"], seen.windows, strict=True)
    return {**plain, "documents": [present(item, window, runtime().catalogue) for item, window in forms]}


@blueprint.get("/forms/<form>/import")
def ask_import(form: str) -> str:
    """Where a filled import workbook is handed in."""
    current_scope()
    return render_template("import.html", definition=runtime().catalogue.find(form), preview=None)


@blueprint.post("/forms/<form>/import")
def show_import(form: str) -> str:
    """The preview of a filled import workbook."""
    parts = runtime()
    definition = parts.catalogue.find(form)
    current_scope()  # an import belongs to who made it
    taken = receive_import(parts, definition)
    return render_template("import.html", definition=definition, preview=preview(taken), columns=columns_of(definition))


@blueprint.get("/forms/<form>/import/<uuid:identity>/marked")
def download_marked(form: str, identity: object) -> Response:
    """The workbook with its faults marked."""
    parts = runtime()
    taken = import_of(parts, parts.catalogue.find(form), str(identity))
    return answer_file(marked_return(parts, taken), f"标注_{taken.name}")


@blueprint.get("/forms/<form>/import/<uuid:identity>/filled")
def download_filled(form: str, identity: object) -> Response:
    """The official form made from the rows."""
    parts = runtime()
    definition = parts.catalogue.find(form)
    taken = import_of(parts, definition, str(identity))
    require_second_for(parts, taken, request.args.get("approval", ""))
    chosen = confirm(taken, only_good=request.args.get("take", "good") == "good")
    asked = chosen_format(definition, request.args.get("as", ""))
    made = chosen.filled(asked, print_mark=parts.settings.print_mark)
    return answer_file(made.content, made.name)


@blueprint.get("/api/docs")
def api_docs() -> str:
    """The API, readable."""
    return render_template("api.html", operations=OPERATIONS, version=describe(runtime())["openapi"])
