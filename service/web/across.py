"""The page of what forms of several units show only together."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from forms.errors import FormServiceError
from service.access.errors import ForbiddenError
from service.api.access import current_scope
from service.api.context import runtime
from service.api.records import findings_asked, page_asked
from service.operations.across import check_everything, list_across
from service.problems import outcome_of, problem_body
from service.web.linking import linking
from service.web.presenting import SEVERITIES

blueprint = Blueprint("across_pages", __name__, template_folder="templates")


@blueprint.errorhandler(FormServiceError)
def show_problem(fault: FormServiceError) -> tuple[str, int]:
    """A fault as a page that says what to do."""
    return render_template("problem.html", problem=problem_body(fault)), outcome_of(fault).status


@blueprint.get("/findings/across")
def show_across() -> str:
    """One person in two units, dismissed here and kept there, both sides of a loan."""
    scope = current_scope()
    page = list_across(runtime(), findings_asked(), page_asked(), scope)
    return render_template(
        "across.html", page=page, severities=SEVERITIES, link=linking("/findings/across", ()), is_whole=scope.everything
    )


@blueprint.post("/findings/across")
def start_across() -> AnyResponse:
    """Compare all accepted forms anew."""
    if not current_scope().everything:
        raise ForbiddenError
    check_everything(runtime())
    return redirect(url_for("across_pages.show_across"), 303)
