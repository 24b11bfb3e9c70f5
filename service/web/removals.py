"""Pages that delete a document or give it to another unit; each post ends in a redirect."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from forms.errors import FormServiceError
from service.api.context import runtime
from service.api.removals import LONGEST_ID, LONGEST_UNIT
from service.api.review import who, words
from service.operations.removing import Removal, remove
from service.operations.transferring import Transfer, transfer
from service.problems import outcome_of, problem_body
from service.web.correcting import number_of

blueprint = Blueprint("removal_pages", __name__, template_folder="templates")


@blueprint.errorhandler(FormServiceError)
def show_problem(fault: FormServiceError) -> tuple[str, int]:
    """A fault as a page that says what to do."""
    return render_template("problem.html", problem=problem_body(fault)), outcome_of(fault).status


@blueprint.post("/documents/<uuid:identity>/delete")
def delete_document(identity: object) -> AnyResponse:
    """Nothing of it stays but a tombstone."""
    body: dict[str, object] = dict(request.form.items())
    asked = Removal(who(body), words(body, "reason"), words(body, "approval", LONGEST_ID), number_of("version"))
    remove(runtime(), str(identity), asked)
    return redirect(url_for("home_pages.home"), 303)


@blueprint.post("/documents/<uuid:identity>/transfer")
def transfer_document(identity: object) -> AnyResponse:
    """An accepted document and its people become another unit's."""
    body: dict[str, object] = dict(request.form.items())
    unit, approval = words(body, "unit", LONGEST_UNIT), words(body, "approval", LONGEST_ID)
    transfer(runtime(), str(identity), Transfer(who(body), unit, words(body, "reason"), approval, number_of("version")))
    return redirect(url_for("pages.show_document", identity=identity), 303)
