"""Pages that look into the store: the people of accepted forms, and what is wrong in all documents."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from forms.errors import FormServiceError
from service.api.access import current_scope
from service.api.context import runtime
from service.api.records import disclosure_asked, findings_asked, page_asked, query_asked
from service.operations.holding import STATES
from service.operations.records import list_findings, list_records
from service.problems import outcome_of, problem_body
from service.web.presenting import SEVERITIES

blueprint = Blueprint("record_pages", __name__, template_folder="templates")


@blueprint.errorhandler(FormServiceError)
def show_problem(fault: FormServiceError) -> tuple[str, int]:
    """A fault as a page that says what to do."""
    return render_template("problem.html", problem=problem_body(fault)), outcome_of(fault).status


@blueprint.get("/records")
def show_records() -> str:
    """The people of accepted forms."""
    limit, offset = page_asked()
    page = list_records(runtime(), query_asked(), disclosure_asked(), (limit, offset), current_scope())
    return render_template(
        "records.html",
        page=page,
        definitions=runtime().catalogue.definitions,
        asked=request.args,
        query=request.query_string.decode("utf-8", "replace"),
    )


@blueprint.get("/findings")
def show_findings() -> str:
    """What is wrong in all documents."""
    limit, offset = page_asked()
    page = list_findings(runtime(), findings_asked(), limit, offset, current_scope())
    return render_template(
        "findings.html",
        page=page,
        definitions=runtime().catalogue.definitions,
        severities=SEVERITIES,
        states=STATES,
        asked=request.args,
    )
