"""What every part of the pages begins with: a blueprint that shows a fault as a page."""

from __future__ import annotations

from flask import Blueprint, render_template

from forms.errors import FormServiceError
from service.problems import outcome_of, problem_body


def page_blueprint(name: str, module: str) -> Blueprint:
    """A blueprint of pages; whatever goes wrong in them is told on a page that says what to do."""
    blueprint = Blueprint(name, module, template_folder="templates")
    blueprint.register_error_handler(FormServiceError, _show_problem)
    return blueprint


def _show_problem(fault: FormServiceError) -> tuple[str, int]:
    return render_template("problem.html", problem=problem_body(fault)), outcome_of(fault).status
