"""Forms: which there are, and filling one in on the page, with checks as one types and the printed page beside it."""

from __future__ import annotations

import base64
import re
from typing import Any

from flask import Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from forms.definition import FormDefinition, Layout
from forms.errors import FormServiceError
from service.access.matrix import Action
from service.access.principal import current_principal
from service.api.access import current_scope, may
from service.api.context import answer_file, runtime
from service.api.errors import BadRequestError
from service.api.fills import require_own
from service.operations.filling import FillOptions, blank_record, chosen_format
from service.operations.importing import import_of
from service.operations.typing_in import (
    MOST_ROWS,
    Fault,
    Typed,
    check_typed,
    hand_in_typed,
    make_typed,
    pasted,
    pictures_of,
    typed_of_import,
    typed_of_record,
)
from service.operations.units import units_of
from service.problems import outcome_of, problem_body
from service.web.blueprints import page_blueprint
from service.web.presenting import label_of
from writers.filling import Purpose

blueprint = page_blueprint("form_pages", __name__)
FEW_CHOICES = 14
"""Up to so many values are a list to choose from; more are offered while one types."""
FIRST_ROWS = 3
LONGEST_PASTE = 400_000
LONGEST_VALUE = 2000
FIELD = re.compile(r"^(?:h|r(?P<row>\d{1,3}))\.(?P<key>\w{1,60})$")
REQUIRED = "F-5"
"""The rule that asks for what must be filled in."""
UNIT_KEYS = ("unit", "borrowing_unit")


@blueprint.get("/forms")
def list_forms() -> str:
    """The forms: to download, to fill in here, to import."""
    return render_template("forms.html", definitions=runtime().catalogue.definitions, own=_own_unit())


@blueprint.get("/forms/<form>/fill")
def show_fill(form: str) -> str:
    """The fields of a form, to be filled in here; the own unit stands in it already."""
    definition = runtime().catalogue.find(form)
    current_scope()
    return _page(definition, typed_of_record(definition, blank_record(definition, _own_unit())))


@blueprint.get("/forms/<form>/import/<uuid:identity>/edit")
def edit_import(form: str, identity: object) -> str:
    """The rows of an imported workbook in the page, to go on with."""
    parts = runtime()
    taken = import_of(parts, parts.catalogue.find(form), str(identity))
    most = 1 if taken.definition.layout is Layout.CARD else MOST_ROWS
    told = f"导入表有 {taken.rows} 行，这里只放了前 {most} 行。" if taken.rows > most else ""
    return _page(taken.definition, typed_of_import(taken), checked=True, told=told)


@blueprint.post("/forms/<form>/fill")
def work(form: str) -> str:
    """Add or take rows, paste, check, or draw the page; nothing is kept. A part of the page where htmx asks for one."""
    definition = runtime().catalogue.find(form)
    current_scope()
    typed, told = _typed(), ""
    do, _, place = request.form.get("do", "check").partition(":")
    if do == "paste":
        typed, told = _paste(definition, typed)
    elif do == "add":
        typed = Typed(typed.header, (*typed.rows, {}))
    elif do == "remove" and place.isdigit():
        typed = Typed(typed.header, tuple(row for number, row in enumerate(typed.rows) if number != int(place)))
    part = request.headers.get("HX-Target", "")
    if part == "findings":
        return render_template("fill_findings.html", **_checked(definition, typed))
    if part == "preview":
        return render_template("fill_preview.html", definition=definition, **_drawn(definition, typed))
    if part == "grid":
        return render_template("fill_grid.html", **_context(definition, typed), told=told)
    return _page(definition, typed, checked=True, drawn=do == "preview", told=told)


def _paste(definition: FormDefinition, typed: Typed) -> tuple[Typed, str]:
    """What was typed with what was pasted, and what of that found no place."""
    text = request.form.get("paste", "")
    if len(text) > LONGEST_PASTE:
        return typed, "粘贴的内容太多，没有放进来。请分几次粘贴，或者用导入表。"
    made = pasted(definition, typed, text, request.form.get("paste_at", ""))
    said = []
    if made.rows_left:
        said.append(f"网页里最多填 {MOST_ROWS} 行，还有 {made.rows_left} 行没有放进来，请改用导入表。")
    if made.cells_left:
        said.append(f"有 {made.cells_left} 个单元格在本表没有对应的栏，没有放进来，请核对。")
    return made.typed, "".join(said)


@blueprint.post("/forms/<form>/fill/file")
def make_file(form: str) -> Response | tuple[str, int]:
    """The official file with what was typed: final, or prefilled with the rest left to be written by hand."""
    definition = runtime().catalogue.find(form)
    typed = _typed()
    require_own(runtime(), _unit_in(typed))
    purpose = Purpose.PREFILLED if request.form.get("purpose") == "prefilled" else Purpose.FINAL
    try:
        asked = chosen_format(definition, request.form.get("as", ""))
        made = make_typed(runtime(), definition, typed, FillOptions(purpose, asked, runtime().settings.print_mark))
    except FormServiceError as fault:
        return _page(definition, typed, checked=True, fault=fault), outcome_of(fault).status
    return answer_file(made.content, made.name)


@blueprint.post("/forms/<form>/fill/hand-in")
def hand_in(form: str) -> AnyResponse | tuple[str, int]:
    """Hand in what was typed; with errors in it only where the sender says so."""
    definition = runtime().catalogue.find(form)
    current_scope()
    typed = _typed()
    unit = _unit_in(typed)
    require_own(runtime(), unit)
    try:
        errors = [one for one in check_typed(runtime(), definition, typed) if one.finding.severity.value == "error"]
        if errors and not request.form.get("anyway"):
            return _page(definition, typed, checked=True, asks_anyway=True), 422
        identity = hand_in_typed(runtime(), definition, typed, unit)
    except FormServiceError as fault:
        return _page(definition, typed, checked=True, fault=fault), outcome_of(fault).status
    return redirect(url_for("pages.show_document", identity=identity, done="handed-in"), 303)


def _typed() -> Typed:
    """The fields of the request.

    Raises:
        BadRequestError: longer, or more rows, than the page can have.
    """
    header: dict[str, str] = {}
    rows: dict[int, dict[str, str]] = {}
    for name, text in request.form.items():
        match = FIELD.match(name)
        if match is None:
            continue
        place = header if match["row"] is None else rows.setdefault(int(match["row"]), {})
        if len(text) > LONGEST_VALUE:
            reason = f"一格最多 {LONGEST_VALUE} 个字"
            raise BadRequestError(name=name, reason_zh=reason, reason_en=f"at most {LONGEST_VALUE} characters")
        place[match["key"]] = text
    if len(rows) > MOST_ROWS:
        reason = f"网页里最多填 {MOST_ROWS} 行，请改用导入表"
        raise BadRequestError(name="rows", reason_zh=reason, reason_en=f"at most {MOST_ROWS} rows")
    return Typed(header, tuple(rows[number] for number in sorted(rows)))


def _unit_in(typed: Typed) -> str:
    """The unit that hands in: the header's, on a card the borrowing one."""
    places = (typed.header, *typed.rows[:1])
    return next((place[key].strip() for place in places for key in UNIT_KEYS if place.get(key, "").strip()), "")


def _own_unit() -> str:
    identity = current_principal().unit_id
    return next((unit.name for unit in units_of(runtime().database) if unit.id == identity), "")


def _page(
    definition: FormDefinition, typed: Typed, *, checked: bool = False, drawn: bool = False, **told: object
) -> str:
    """The whole page; ``told`` is what else there is to say: ``told``, ``asks_anyway``, ``fault``."""
    fault = told.pop("fault", None)
    return render_template(
        "fill.html",
        **_context(definition, typed),
        **(_checked(definition, typed) if checked else {"faults": None, "missing": []}),
        **(_drawn(definition, typed) if drawn else {"pictures": None, "not_drawn": None}),
        **told,
        problem=problem_body(fault) if isinstance(fault, FormServiceError) else None,
        may_hand_in=may(Action.UPLOAD),
    )


def _context(definition: FormDefinition, typed: Typed) -> dict[str, Any]:
    is_card = definition.layout is Layout.CARD
    wanted = 1 if is_card else FIRST_ROWS
    rows = [dict(row) for row in typed.rows] or [{} for _ in range(wanted)]
    scope = current_scope()
    known = units_of(runtime().database) if may(Action.SEE_UNITS) else []
    return {
        "definition": definition,
        "is_card": is_card,
        "typed": typed,
        "rows": rows[:1] if is_card else rows,
        "label_of": label_of,
        "few": FEW_CHOICES,
        "most": MOST_ROWS,
        "units": [unit.name for unit in known if scope.covers_unit(unit.id)],
    }


def _checked(definition: FormDefinition, typed: Typed) -> dict[str, Any]:
    """What is wrong; what is only not typed yet is kept apart, and marked where somebody asked for all of it."""
    try:
        faults: list[Fault] = check_typed(runtime(), definition, typed)
    except FormServiceError as fault:
        return {"faults": [], "missing": [], "not_checked": fault.message_zh, "is_asked": True}
    missing = [one for one in faults if one.finding.code == REQUIRED]
    wrong = [one for one in faults if one.finding.code != REQUIRED]
    is_asked = request.form.get("do") == "check" or request.endpoint == "form_pages.hand_in"
    return {"faults": wrong, "missing": missing, "not_checked": "", "is_asked": is_asked}


def _drawn(definition: FormDefinition, typed: Typed) -> dict[str, Any]:
    """The printed pages as pictures inside the answer: they are of nobody's file, and nothing of them is kept."""
    try:
        pages = pictures_of(runtime(), definition, typed)
    except FormServiceError as fault:
        return {"pictures": [], "not_drawn": fault.message_zh}
    return {"pictures": [base64.b64encode(page).decode() for page in pages], "not_drawn": ""}
