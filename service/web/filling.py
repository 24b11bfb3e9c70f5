"""Forms: which there are, and filling one in on the page, with checks as one types and the printed page beside it."""

from __future__ import annotations

import base64
from typing import Any

from flask import Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from forms.definition import FormDefinition, Layout
from forms.errors import FormServiceError
from service.access.matrix import Action
from service.access.principal import current_principal
from service.api.access import current_scope, may
from service.api.context import answer_file, runtime
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
from service.web import drafting as drafts
from service.web.blueprints import page_blueprint
from service.web.fill_rows import A_PAGE, LARGEST_FORM, Window, row_of, typed_in, window_at
from service.web.presenting import label_of
from writers.filling import Purpose

blueprint = page_blueprint("form_pages", __name__)
FEW_CHOICES = 14
"""Up to so many values are a list to choose from; more are offered while one types."""
FIRST_ROWS = 3
MOST_ADDED, LONGEST_NUMBER = 50, 4
MOST_FAULTS = 200
"""So many are listed; who mends those sees the others."""
LONGEST_PASTE = 4_000_000
REQUIRED = "F-5"
"""The rule that asks for what must be filled in."""
UNIT_KEYS = ("unit", "borrowing_unit")


@blueprint.get("/forms")
def list_forms() -> str:
    """The forms: to download, to fill in here, to import."""
    kept = drafts.mine() if may(Action.FILL) else {}
    return render_template("forms.html", definitions=runtime().catalogue.definitions, own=_own_unit(), drafts=kept)


@blueprint.get("/forms/<form>/fill")
def show_fill(form: str) -> str:
    """The fields of a form, to be filled in here: the draft, or a blank with the own unit in it."""
    definition = runtime().catalogue.find(form)
    current_scope()
    draft, typed = drafts.begin(form)
    if typed is None:
        return _page(definition, typed_of_record(definition, blank_record(definition, _own_unit())), draft=draft)
    return _page(definition, typed, checked=True, draft=draft)


@blueprint.get("/forms/<form>/import/<uuid:identity>/edit")
def edit_import(form: str, identity: object) -> str:
    """The rows of an imported workbook in the page, to go on with."""
    parts = runtime()
    taken = import_of(parts, parts.catalogue.find(form), str(identity))
    most = 1 if taken.definition.layout is Layout.CARD else MOST_ROWS
    told = f"导入表有 {taken.rows} 行，这里只放了前 {most} 行。" if taken.rows > most else ""
    return _page(taken.definition, typed_of_import(taken), checked=True, told=told, draft=drafts.begin_anew())


@blueprint.post("/forms/<form>/fill")
def work(form: str) -> str | AnyResponse:
    """Add or take rows, paste, check, or draw the page; kept as a draft. A part of the page where htmx asks for one."""
    definition = runtime().catalogue.find(form)
    current_scope()
    typed, first = _typed()
    told = ""
    do, _, place = request.form.get("do", "check").partition(":")
    if do == "discard":
        drafts.drop(definition.form)
        return redirect(url_for("form_pages.show_fill", form=definition.form, done="discarded"), 303)
    if do == "paste":
        typed, told, first = _paste(definition, typed, first)
    elif do == "add":
        typed, first = _added(typed, place)
    elif do == "remove" and _is_number(place):
        typed = Typed(typed.header, tuple(row for number, row in enumerate(typed.rows) if number != int(place)))
    elif do == "at":
        first = row_of(place)
    draft = drafts.keep(definition.form, typed, over_others=do == "keep")
    window = window_at(typed.rows, first)
    part = _part(request.headers.get("HX-Target", ""), definition, (typed, window), told)
    if part:
        return part + render_template("fill_draft.html", definition=definition, draft=draft, is_part=True)
    return _page(definition, typed, window, checked=True, drawn=do == "preview", told=told, draft=draft)


def _added(typed: Typed, count: str) -> tuple[Typed, int]:
    """So many empty rows more, and the last row, which is to be seen."""
    wanted = min(int(count), MOST_ADDED) if _is_number(count) else 1
    rows = (*typed.rows, *({} for _ in range(wanted)))[:MOST_ROWS]
    return Typed(typed.header, rows), len(rows) - 1


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER


def _part(name: str, definition: FormDefinition, filled: tuple[Typed, Window], told: str) -> str:
    """The part of the page that htmx asks for; empty where it asks for none."""
    typed, window = filled
    if name == "findings":
        return render_template(
            "fill_findings.html", definition=definition, window=window, **_checked(definition, typed)
        )
    if name == "preview":
        return render_template("fill_preview.html", definition=definition, **_drawn(definition, typed))
    if name == "grid":
        return render_template("fill_grid.html", **_context(definition, typed, window), told=told)
    return ""


def _paste(definition: FormDefinition, typed: Typed, first: int) -> tuple[Typed, str, int]:
    """What was typed with what was pasted, what of that found no place, and the row to be seen: where it begins."""
    text, place = request.form.get("paste", ""), request.form.get("paste_at", "")
    if len(text) > LONGEST_PASTE:
        return typed, "粘贴的内容太多，没有放进来。请分几次粘贴，或者用导入表。", first
    made = pasted(definition, typed, text, place)
    said = []
    if made.rows_left:
        said.append(f"网页里最多填 {MOST_ROWS} 行，还有 {made.rows_left} 行没有放进来，请改用导入表。")
    if made.cells_left:
        said.append(f"有 {made.cells_left} 个单元格在本表没有对应的栏，没有放进来，请核对。")
    return made.typed, "".join(said), made.first


@blueprint.post("/forms/<form>/fill/file")
def make_file(form: str) -> Response | tuple[str, int]:
    """The official file with what was typed: final, or prefilled with the rest left to be written by hand."""
    definition = runtime().catalogue.find(form)
    typed, first = _typed()
    window = window_at(typed.rows, first)
    require_own(runtime(), _unit_in(typed))
    purpose = Purpose.PREFILLED if request.form.get("purpose") == "prefilled" else Purpose.FINAL
    try:
        asked = chosen_format(definition, request.form.get("as", ""))
        made = make_typed(runtime(), definition, typed, FillOptions(purpose, asked, runtime().settings.print_mark))
    except FormServiceError as fault:
        return _page(definition, typed, window, checked=True, fault=fault), outcome_of(fault).status
    return answer_file(made.content, made.name)


@blueprint.post("/forms/<form>/fill/hand-in")
def hand_in(form: str) -> AnyResponse | tuple[str, int]:
    """Hand in what was typed; with errors in it only where the sender says so."""
    definition = runtime().catalogue.find(form)
    current_scope()
    typed, first = _typed()
    window = window_at(typed.rows, first)
    unit = _unit_in(typed)
    require_own(runtime(), unit)
    try:
        errors = [one for one in check_typed(runtime(), definition, typed) if one.finding.severity.value == "error"]
        if errors and not request.form.get("anyway"):
            return _page(definition, typed, window, checked=True, asks_anyway=True), 422
        identity = hand_in_typed(runtime(), definition, typed, unit, drafts.once())
        drafts.drop(definition.form)
    except FormServiceError as fault:
        return _page(definition, typed, window, checked=True, fault=fault), outcome_of(fault).status
    return redirect(url_for("pages.show_document", identity=identity, done="handed-in"), 303)


def _typed() -> tuple[Typed, int]:
    """What the request holds, and the number of the first row in its grid.

    Raises:
        BadRequestError: longer, or more rows, than the page can have.
    """
    request.max_form_memory_size = LARGEST_FORM
    header, rows, first = typed_in(request.form.items())
    return Typed(header, tuple(rows)), first


def _unit_in(typed: Typed) -> str:
    """The unit that hands in: the header's, on a card the borrowing one."""
    places = (typed.header, *typed.rows[:1])
    return next((place[key].strip() for place in places for key in UNIT_KEYS if place.get(key, "").strip()), "")


def _own_unit() -> str:
    identity = current_principal().unit_id
    return next((unit.name for unit in units_of(runtime().database) if unit.id == identity), "")


def _page(
    definition: FormDefinition,
    typed: Typed,
    window: Window | None = None,
    *,
    checked: bool = False,
    drawn: bool = False,
    **told: object,
) -> str:
    """The whole page; ``told`` is what else there is to say: ``told``, ``asks_anyway``, ``fault``."""
    window = window or window_at(typed.rows, 0)
    fault, draft = told.pop("fault", None), told.pop("draft", None) or drafts.shown_of_request()
    return render_template(
        "fill.html",
        **_context(definition, typed, window),
        **(_checked(definition, typed) if checked else {"faults": None, "missing": []}),
        **(_drawn(definition, typed) if drawn else {"pictures": None, "not_drawn": None}),
        **told,
        problem=problem_body(fault) if isinstance(fault, FormServiceError) else None,
        may_hand_in=may(Action.UPLOAD),
        draft=draft,
    )


def _context(definition: FormDefinition, typed: Typed, window: Window) -> dict[str, Any]:
    is_card = definition.layout is Layout.CARD
    rows = window if window.rows else Window([{} for _ in range(1 if is_card else FIRST_ROWS)])
    scope = current_scope()
    known = units_of(runtime().database) if may(Action.SEE_UNITS) else []
    return {
        "definition": definition,
        "is_card": is_card,
        "typed": typed,
        "window": rows,
        "a_page": A_PAGE,
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
    return {"faults": wrong, "missing": missing, "most_faults": MOST_FAULTS, "not_checked": "", "is_asked": is_asked}


def _drawn(definition: FormDefinition, typed: Typed) -> dict[str, Any]:
    """The printed pages as pictures inside the answer: they are of nobody's file, and nothing of them is kept."""
    try:
        pages = pictures_of(runtime(), definition, typed)
    except FormServiceError as fault:
        return {"pictures": [], "not_drawn": fault.message_zh}
    return {"pictures": [base64.b64encode(page).decode() for page in pages], "not_drawn": ""}
