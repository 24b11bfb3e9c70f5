"""The page of editions: which there are, a blank file in, the proposal beside its pictures, its confirmation."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from forms.errors import FormServiceError
from service.api.context import runtime
from service.api.editions import changed, proposed
from service.operations.proposals import confirm_proposal, listed, proposal_of
from service.problems import outcome_of, problem_body

blueprint = Blueprint("edition_pages", __name__, template_folder="templates")
STATES = {"used": "在用", "ready": "可用", "withdrawn": "已停用", "proposed": "待确认"}
KINDS = ("原表", "空白", "试填")


@blueprint.errorhandler(FormServiceError)
def show_problem(fault: FormServiceError) -> tuple[str, int]:
    """A fault as a page that says what to do."""
    return render_template("problem.html", problem=problem_body(fault)), outcome_of(fault).status


@blueprint.get("/editions")
def show_editions() -> str:
    """Every edition, and where a blank is handed in."""
    parts = runtime()
    return render_template(
        "editions.html", editions=listed(parts.settings), states=STATES, definitions=parts.catalogue.definitions
    )


@blueprint.post("/forms/<form>/editions")
def propose_edition(form: str) -> AnyResponse:
    """Make a proposal of the uploaded blank."""
    report = proposed(form)
    return redirect(url_for("edition_pages.show_proposal", form=report["form"], edition=report["edition"]), 303)


@blueprint.get("/forms/<form>/editions/<edition>")
def show_proposal(form: str, edition: str) -> str:
    """A proposal: what is unsure first, then its pictures side by side, then every place."""
    parts = runtime()
    report = proposal_of(parts.settings, form, edition)
    pages = [
        [name for kind in KINDS for name in report["pictures"] if name == f"{kind}-{number}.png"]
        for number in range(1, len(report["pictures"]) + 1)
    ]
    definition = parts.catalogue.find(form)
    return render_template("edition.html", report=report, definition=definition, pages=[page for page in pages if page])


@blueprint.post("/forms/<form>/editions/<edition>/confirm")
def confirm_edition(form: str, edition: str) -> AnyResponse:
    """Install it."""
    parts = runtime()
    confirm_proposal(parts.settings, parts.database, form, edition, use="use" in request.form)
    return redirect(url_for("edition_pages.show_editions"), 303)


@blueprint.post("/forms/<form>/editions/<edition>")
def change_edition(form: str, edition: str) -> AnyResponse:
    """Fill the form in it, withdraw it, or offer it again."""
    done = request.form.get("done", "")
    changed(form, edition, use=done == "use", withdrawn={"withdraw": True, "restore": False}.get(done))
    return redirect(url_for("edition_pages.show_editions"), 303)
