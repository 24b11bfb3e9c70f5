"""The page of the consolidation: whose forms come together, what they add up to, what is missing or does not agree."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from forms.consolidating.words import CODE_WORDS
from forms.errors import FormServiceError
from forms.rules.registry import RULES
from service.api.access import current_scope
from service.api.consolidation import wanted
from service.api.context import runtime
from service.operations.campaigns import campaigns_of
from service.operations.consolidating.showing import figures_asked
from service.operations.units import units_of
from service.problems import outcome_of, problem_body
from service.web.patience import as_of, come_back, worked_out

blueprint = Blueprint("consolidation_pages", __name__, template_folder="templates")
TITLES = {rule.code: rule.checks for rule in RULES} | CODE_WORDS
"""What a finding is about, in a few words."""
SEVERITIES = {"error": "错误", "warning": "警告", "info": "提示"}


@blueprint.errorhandler(FormServiceError)
def show_problem(fault: FormServiceError) -> tuple[str, int]:
    """A fault as a page that says what to do."""
    return render_template("problem.html", problem=problem_body(fault)), outcome_of(fault).status


@blueprint.get("/consolidation")
def show_consolidation() -> str:
    """Choose a unit; then subtotals by unit and code of each form, 零报告, what is missing, and the way to its pack."""
    scope = current_scope()
    said = {key: request.args.get(key, "").strip() for key in ("unit", "campaign", "all")}
    told = None
    if said["unit"] or said["all"]:
        parts, unit, campaign = runtime(), *wanted()
        told = worked_out(("consolidation", unit, campaign, scope), lambda: figures_asked(parts, unit, campaign, scope))
        if told is None:
            return come_back("汇总", f"{unit or '全区'}的各份表")
    units = [unit for unit in units_of(runtime().database) if scope.covers_unit(unit.id)]
    return render_template(
        "consolidation.html",
        found=told.result if told else None,
        as_of=as_of(told.as_of) if told else "",
        said=said,
        units=units,
        is_whole=scope.everything,
        campaigns=campaigns_of(runtime()),
        severities=SEVERITIES,
        rules=TITLES,
    )
