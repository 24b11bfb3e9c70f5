"""Pages that add a row, take one out, take a step back, and say whose a file is; every post ends in a redirect."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from forms.errors import FormServiceError
from service.api.context import runtime
from service.api.errors import BadRequestError
from service.api.review import who, words
from service.operations.assigning import Assigned, assign
from service.operations.correcting import AddedRow, Correction, RemovedRow, correct
from service.operations.submitting import submit
from service.problems import outcome_of, problem_body

blueprint = Blueprint("correcting_pages", __name__, template_folder="templates")
LONGEST_NUMBER = 9


@blueprint.errorhandler(FormServiceError)
def show_problem(fault: FormServiceError) -> tuple[str, int]:
    """A fault as a page that says what to do."""
    return render_template("problem.html", problem=problem_body(fault)), outcome_of(fault).status


@blueprint.post("/documents/<uuid:identity>/rows/add")
def add_row(identity: object) -> AnyResponse:
    """A row that the reader missed."""
    form = request.form
    item, after = number_of("item") or 0, number_of("after")
    values = {key.removeprefix("new:"): text.strip() for key, text in form.items() if key.startswith("new:")}
    place = _place_of(item, after)
    row = AddedRow({key: text for key, text in values.items() if text}, item, reason=_reason(), **place)
    return _correct(identity, Correction(added=[row]))


def _place_of(item: int, after: int | None) -> dict[str, str]:
    """Behind which row, counted from one on the page; 0 is before the first, nothing is last."""
    if after is None:
        return {}
    if after == 0:
        return {"before": f"documents[{item}].records[0]"}
    return {"after": f"documents[{item}].records[{after - 1}]"}


@blueprint.post("/documents/<uuid:identity>/rows/remove")
def remove_row(identity: object) -> AnyResponse:
    """A row that nobody wrote."""
    return _correct(identity, Correction(removed=[RemovedRow(request.form.get("row", ""), _reason())]))


@blueprint.post("/documents/<uuid:identity>/undo")
def undo_step(identity: object) -> AnyResponse:
    """A step of the history is taken back."""
    return _correct(identity, Correction(undone=[number_of("step") or 0]))


@blueprint.post("/documents/<uuid:identity>/belonging")
def settle(identity: object) -> AnyResponse:
    """Whose the file is, and for which campaign."""
    body = _body()
    unit, campaign = (words(body, name) or None for name in ("unit", "campaign"))
    assign(runtime(), str(identity), Assigned(who(body), unit, campaign, _reason(), number_of("version")))
    return redirect(url_for("pages.show_document", identity=identity), 303)


@blueprint.post("/documents/<uuid:identity>/submit")
def hand_over(identity: object) -> AnyResponse:
    """The unit hands in what it looked through."""
    submit(runtime(), str(identity), who(_body()), number_of("version"), words(_body(), "note"))
    return redirect(url_for("pages.show_document", identity=identity, done="submitted"), 303)


def _correct(identity: object, asked: Correction) -> AnyResponse:
    correct(runtime(), str(identity), asked, who(_body()), number_of("version"))
    return redirect(url_for("pages.show_document", identity=identity), 303)


def _reason() -> str:
    return words(_body(), "reason")


def _body() -> dict[str, object]:
    form: Mapping[str, str] = request.form
    return dict(form.items())


def number_of(name: str) -> int | None:
    """A whole number of the form, ``None`` where nothing was typed.

    Raises:
        BadRequestError: something else was typed.
    """
    text = request.form.get(name, "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER):
        raise BadRequestError(name=name, reason_zh="应为整数", reason_en="a whole number is needed")
    return int(text)
