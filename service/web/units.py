"""Pages of the district's units: the list, and a workbook in: preview, then confirm."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from forms.errors import FormServiceError
from service.api.access import current_scope
from service.api.context import runtime
from service.api.imports import receive_workbook
from service.api.units import asked_filter, require_second_for_units
from service.operations.unit_importing import confirm_unit_import, preview_of, take_unit_import
from service.operations.units import units_in_reach, units_of, units_to_plain
from service.problems import outcome_of, problem_body
from service.store.units import LABELS

blueprint = Blueprint("unit_pages", __name__, template_folder="templates")


@blueprint.errorhandler(FormServiceError)
def show_problem(fault: FormServiceError) -> tuple[str, int]:
    """A fault as a page that says what to do."""
    return render_template("problem.html", problem=problem_body(fault)), outcome_of(fault).status


@blueprint.get("/units")
def show_units() -> str:
    """The units, filtered, as a tree."""
    every = units_of(runtime().database)
    wanted = asked_filter()
    found = units_in_reach(every, wanted, current_scope(), below=True)
    return render_template(
        "units.html",
        kinds=LABELS,
        wanted=wanted,
        total=len(found),
        rows=list(_flat(units_to_plain(found, every, tree=True), 0)),
    )


def _flat(units: list[dict[str, object]], depth: int) -> list[tuple[int, dict[str, object]]]:
    rows: list[tuple[int, dict[str, object]]] = []
    for unit in units:
        rows.append((depth, unit))
        children = unit["children"]
        rows.extend(_flat(children if isinstance(children, list) else [], depth + 1))
    return rows


@blueprint.get("/units/import")
def ask_import() -> str:
    """Where a list of units is handed in."""
    return render_template("units_import.html", preview=None)


@blueprint.post("/units/import")
def show_import() -> str:
    """What a list would change, and what is wrong with it."""
    parts = runtime()
    return render_template("units_import.html", preview=preview_of(take_unit_import(parts, *receive_workbook(parts))))


@blueprint.post("/units/import/<uuid:identity>/confirm")
def confirm_import(identity: object) -> AnyResponse:
    """Take the list that was previewed."""
    require_second_for_units(str(identity), request.form.get("approval", ""))
    confirm_unit_import(runtime(), str(identity))
    return redirect(url_for("unit_pages.show_units"), 303)
