"""Pages to correct, accept and return documents; every post ends in a redirect."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import partial
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from forms.definition import Field, FormDefinition, Layout
from forms.errors import FormServiceError
from service.access.principal import current_principal
from service.access.sight import blurred_steps, sight_of
from service.api.context import runtime
from service.api.errors import BadRequestError
from service.api.review import who, words
from service.operations.correcting import Correction, correct
from service.operations.entering import Entered
from service.operations.holding import SETTLED, STATES
from service.operations.returning import Sending, send_back
from service.operations.reviewing import OpenFaultsError, accept, history
from service.operations.showing import forms_of, light_document, shown
from service.problems import outcome_of, problem_body
from service.store.documents import StoredDocument
from service.store.errors import NotFoundError
from service.store.windows import Window
from service.web.presenting import KINDS, label_of, place_said

blueprint = Blueprint("review_pages", __name__, template_folder="templates")
ACTIONS = {"read": "读取", "printed": "印制", "entered": "人工填写", "carried": "沿用人工所填"}
ACTIONS |= {"conflict": "与人工所填不同", "moved": "状态", "noted": "说明"}
ACTIONS |= {"row-added": "增加一行", "row-removed": "删去一行"}
CHOICES = {"true": True, "false": False, "同单位意见": "同单位意见"}
LONGEST_VERSION = 9
ROW_WORDS = ("no", "name", "unit", "post")


@blueprint.app_template_filter("clock")
def clock(seconds: float) -> str:
    """A time as people write it, by the office's own clock."""
    return dt.datetime.fromtimestamp(seconds).strftime("%Y-%m-%d %H:%M")  # noqa: DTZ006  # as above


@blueprint.errorhandler(FormServiceError)
def show_problem(fault: FormServiceError) -> tuple[str, int]:
    """A fault as a page that says what to do; what is still open before accepting, as a list."""
    left = fault.blockers if isinstance(fault, OpenFaultsError) else []
    return render_template("problem.html", problem=problem_body(fault), blockers=left), outcome_of(fault).status


def _told(document: StoredDocument) -> dict[str, Any]:
    return {"states": STATES, "open": document.stage not in SETTLED, "row_words": row_words}


def row_words(row: Mapping[str, Any]) -> list[str]:
    """A whole row in a few words that name the person, for the history."""
    return [str(row[key]["value"]) for key in ROW_WORDS if key in row and row[key].get("value")]


@blueprint.get("/documents/<uuid:identity>/edit")
def edit(identity: object) -> str:
    """The values of the head, of one person, or the marks, to be corrected."""
    item, part = request.args.get("item", "0"), request.args.get("part", "header")
    row = int(part) if _is_number(part) else 0
    seen = shown(runtime().database, str(identity), row, 1)
    document = seen.document
    if not _is_number(item) or int(item) >= len(seen.windows):
        raise NotFoundError
    window = seen.windows[int(item)]
    found = window.form
    definition = runtime().catalogue.readable(found["form"], found["edition"])
    prefix = f"documents[{int(item)}]"
    if part == "new" and definition.layout is not Layout.CARD:
        return _new_row(document, window, definition, int(item))
    return render_template(
        "edit.html",
        document=document,
        definition=definition,
        part=part,
        row=f"{prefix}.records[{part}]" if part.isdigit() and definition.layout is not Layout.CARD else "",
        lines=_lines(window, definition, part, prefix),
        marks=_marks(found, definition, prefix) if part == "marks" else [],
        pages=found["pages"][:3],
    )


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < LONGEST_VERSION


def _new_row(document: StoredDocument, window: Window, definition: FormDefinition, item: int) -> str:
    """The page for a row that the reader missed."""
    fields = [field for field in definition.fields if not field.calculated]
    return render_template(
        "row.html",
        document=document,
        definition=definition,
        item=item,
        count=window.count,
        lines=[{"key": field.key, "label": label_of(field), "choices": field.type.choices()} for field in fields],
        pages=window.form["pages"][:3],
    )


def _lines(window: Window, definition: FormDefinition, part: str, prefix: str) -> list[dict[str, Any]]:
    found = window.form
    if part == "marks":
        return []
    if part == "header":
        return [_line(field, found["header"].get(field.key), f"{prefix}.header") for field in definition.header]
    if not _is_number(part) or int(part) >= window.count:
        raise NotFoundError
    row = found["records"][int(part) - window.first]
    return [_line(field, row.get(field.key), f"{prefix}.records[{int(part)}]") for field in definition.fields]


def _line(field: Field, entry: Mapping[str, Any] | None, prefix: str) -> dict[str, Any]:
    value = None if entry is None else entry["value"]
    return {
        "path": f"{prefix}.{field.key}",
        "label": label_of(field),
        "value": "" if value is None else field.type.write(value),
        "text": "" if entry is None else entry["text"].strip(),
        "review": entry is not None and entry["review"],
        "candidates": [] if entry is None else entry.get("candidates", []),
        "choices": field.type.choices(),
        "hint": field.hint,
    }


def _marks(found: Mapping[str, Any], definition: FormDefinition, prefix: str) -> list[dict[str, Any]]:
    labels = {box.key: box.label for box in definition.boxes}
    return [
        {
            "path": f"{prefix}.marks.{mark['key']}.{mark['kind']}",
            "label": f"{labels.get(mark['key'], mark['key'])} {KINDS[mark['kind']]}",
            "kind": mark["kind"],
            "present": mark["present"],
            "value": mark["value"] or mark["text"] if mark["kind"] in ("date", "opinion") else "",
            "review": mark["review"],
        }
        for mark in found["marks"]
    ]


@blueprint.post("/documents/<uuid:identity>/edit")
def save_edit(identity: object) -> AnyResponse:
    """Take what was changed or confirmed, and go back to the document."""
    entered = _entered(request.form)
    if entered:
        correct(runtime(), str(identity), Correction(entered), who(_body()), _version())
    return redirect(url_for("pages.show_document", identity=identity), 303)


def _entered(form: Mapping[str, str]) -> list[Entered]:
    """The values that differ from what the page had shown, and those that were confirmed."""
    reason = words(_body(), "reason")
    taken: list[Entered] = []
    for name, value in form.items():
        kind, _, path = name.partition(":")
        if kind == "mark" and value in CHOICES:
            taken.append(Entered(path, CHOICES[value], reason))
        elif kind == "value" and (_typed(value) != _typed(form.get(f"was:{path}", "")) or f"sure:{path}" in form):
            taken.append(Entered(path, _typed(value), reason, as_written=f"wrong:{path}" in form and bool(reason)))
    return taken


def _typed(text: str) -> str:
    """A text as typed: browsers send other line ends than they were given."""
    return text.replace("\r\n", "\n").strip()


def _body() -> dict[str, object]:
    return dict(request.form.items())


def _version() -> int | None:
    text = request.form.get("version", "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= LONGEST_VERSION):
        raise BadRequestError(name="version", reason_zh="应为整数", reason_en="a whole number is needed")
    return int(text)


@blueprint.post("/documents/<uuid:identity>/accept")
def accept_document(identity: object) -> AnyResponse:
    """Into the store, or the list of what is open."""
    body = _body()
    override = "override" in request.form
    accept(runtime(), str(identity), who(body), _version(), override=override, reason=words(body, "reason"))
    return redirect(url_for("pages.show_document", identity=identity), 303)


@blueprint.post("/documents/<uuid:identity>/return")
def return_document(identity: object) -> AnyResponse:
    """Back to the unit, with a notice."""
    body = _body()
    asked = Sending(
        who(body),
        words(body, "note"),
        words(body, "deadline"),
        warnings="warnings" in request.form,
        version=_version(),
    )
    send_back(runtime(), str(identity), asked)
    return redirect(url_for("pages.show_document", identity=identity), 303)


@blueprint.get("/documents/<uuid:identity>/history")
def show_history(identity: object) -> str:
    """Who did what with a document."""
    parts = runtime()
    document = light_document(parts.database, str(identity))
    path = request.args.get("path", "")
    steps = history(parts, str(identity), path or None)
    steps = blurred_steps(steps, sight_of(current_principal()).in_files)
    return render_template(
        "history.html",
        document=document,
        path=path,
        where=partial(place_said, forms_of(parts.database, document.id), parts.catalogue),
        steps=steps,
        actions=ACTIONS,
        states=STATES,
        open=document.stage not in SETTLED,
        row_words=row_words,
    )
