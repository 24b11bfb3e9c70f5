"""The pages of progress: the board, one unit, charts, lists of people to be reminded, and letters to all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote_plus

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from forms.errors import FormServiceError
from service.access.matrix import Action
from service.api.access import current_scope, may
from service.api.context import runtime
from service.api.progress import board_asked, day_asked, days_ahead, wanted_asked, words
from service.api.records import page_asked
from service.api.reminders import letters_asked, list_asked
from service.operations.campaigns import campaigns_of
from service.operations.holding import STATES
from service.operations.progress.board import Board, Row, Wanted, board_of, row_of_unit, rows_wanted, sums_of
from service.operations.progress.charts import describe, figures_of
from service.operations.progress.law import LABELS, ORDER, State
from service.operations.progress.letters import sender_of
from service.operations.progress.people import cells_of, list_people
from service.operations.progress.plain import cell_to_plain, figures
from service.operations.progress.posting import LATE, queue_letters
from service.operations.progress.reminders import LABELS as LISTS
from service.operations.progress.reminders import lists_of
from service.problems import outcome_of, problem_body
from service.store.jobs import ENDED, find_job
from service.store.progress import files_of_unit
from service.web.patience import as_of, come_back, worked_out
from writers.letters.reminding import HEADS, Topic

blueprint = Blueprint("progress_pages", __name__, template_folder="templates")
MOST_FILES = 200
KEPT = ("campaign", "day", "form", "state", "under", "q", "days", "limit")
"""Parameters that go along from link to link."""


@blueprint.errorhandler(FormServiceError)
def show_problem(fault: FormServiceError) -> tuple[str, int]:
    """A fault as a page that says what to do."""
    return render_template("problem.html", problem=problem_body(fault)), outcome_of(fault).status


Link = Callable[..., str]


def linking() -> Link:
    """Makes addresses for this request: a path with what was asked for, some of it changed; what is empty is dropped.

    A page has hundreds of them: what was asked for is put into words once.
    """
    asked = {name: quote_plus(text) for name in KEPT if (text := request.args.get(name))}

    def link(path: str, **changed: str) -> str:
        given = [f"{name}={text}" for name, text in asked.items() if name not in changed]
        given += [f"{name}={quote_plus(text)}" for name, text in changed.items() if text]
        return f"{path}?{'&'.join(given)}" if given else path

    return link


def _common(board: Board) -> dict[str, Any]:
    numbers = {form: f"附件{runtime().catalogue.find(form).number}" for form in board.forms}
    titles = {form: runtime().catalogue.find(form).title for form in board.forms}
    return {
        "board": board,
        "numbers": numbers,
        "titles": titles,
        "order": ORDER,
        "labels": LABELS,
        "link": linking(),
        "late": State.LATE,
        "asked": request.args,
        "campaigns": campaigns_of(runtime()),
    }


@blueprint.get("/progress")
def show_progress() -> str:
    """Sums, the units in charge, and a page of units with a state for each form."""
    parts, asked = runtime(), (words("campaign"), day_asked("day"), current_scope())
    told = worked_out(("board", *asked), lambda: board_of(parts, *asked))
    if told is None:
        return come_back("进度", "进度")
    board = told.result
    wanted = wanted_asked(board)
    limit, offset = page_asked()
    found = rows_wanted(board, wanted)
    shown = found[offset : offset + limit]
    return render_template(
        "progress.html",
        **_common(board),
        wanted=wanted,
        figures=figures(board.rows),
        groups=[(group, figures(group.rows)) for group in board.groups],
        rows=[(row, _cells(row)) for row in shown],
        total=len(found),
        as_of=as_of(told.as_of),
        page=(limit, offset),
        is_narrowed=wanted != Wanted(),
        sums=sums_of(found, board.forms),
        sender=sender_of(runtime(), "", "", None, board.day),
        may_write=may(Action.EXPORT_MASKED),
    )


def _cells(row: Row) -> list[tuple[str, dict[str, Any]]]:
    return [(form, cell_to_plain(cell)) for form, cell in row.cells.items()]


@blueprint.get("/progress/units/<uuid:identity>")
def show_unit(identity: object) -> str:
    """One unit: its forms, its files, and the letters to it."""
    board = board_asked()
    row = row_of_unit(board, str(identity))
    place = board.round.place(frozenset({row.unit.id}))
    with runtime().database.reading() as connection:
        files = files_of_unit(connection, place, MOST_FILES) if may(Action.SEE_FILE) else []
    return render_template(
        "progress_unit.html",
        **_common(board),
        row=row,
        cells=_cells(row),
        is_late=bool(row.cells_in([State.LATE])),
        files=[(item, sorted(item.forms), STATES.get(item.state, item.state)) for item in files],
        sender=sender_of(runtime(), "", "", None, board.day),
        may_write=may(Action.EXPORT_MASKED),
    )


@blueprint.get("/progress/charts")
def show_charts() -> str:
    """The charts, a table beside each."""
    board = board_asked()
    charts = figures_of(runtime(), board, current_scope())
    told = [(chart, describe(chart)) for chart in charts]
    return render_template("progress_charts.html", **_common(board), charts=told)


@blueprint.get("/progress/reminders")
def show_lists() -> AnyResponse:
    """The first list."""
    return redirect(linking()(url_for("progress_pages.show_list", name=Topic.ENDING.value)), 303)


@blueprint.get("/progress/reminders/<name>")
def show_list(name: str) -> str:
    """One list of people, with the figures of the others."""
    asked, scope, parts = list_asked(name), current_scope(), runtime()
    told = worked_out(("reminders", asked, scope), lambda: lists_of(parts, asked, scope))
    if told is None:
        return come_back("提醒名单", "名单")
    every = told.result
    found = every[asked.topic]
    body = list_people(runtime(), found, page_asked())
    return render_template(
        "reminders.html",
        body=body,
        topic=found.topic,
        lists=LISTS,
        sizes={topic: len(one.found) for topic, one in every.items()},
        heads=HEADS[found.topic][1:],
        people=[(shown, cells_of(found.topic, shown)) for shown in body["people"]],
        link=linking(),
        asked=request.args,
        campaigns=campaigns_of(runtime()),
        days=days_ahead(),
        sender=sender_of(runtime(), "", "", None, found.day),
        may_write=may(Action.EXPORT_MASKED),
        round=found.round,
        as_of=as_of(told.as_of),
    )


@blueprint.post("/progress/letters")
def make_letters() -> AnyResponse:
    """Begin the letters to all units concerned."""
    names = ("list", "as", "campaign", "day", "under", "signed", "contact", "until")
    body: dict[str, Any] = {name: request.form[name] for name in names if request.form.get(name)}
    days = request.form.get("days", "")
    if days.isascii() and days.isdigit():
        body["days"] = int(days[:9])
    asked, wanted = letters_asked(body)
    job = queue_letters(runtime(), asked, wanted, current_scope())
    return redirect(url_for("progress_pages.show_letters", identity=job), 303)


@blueprint.get("/progress/letters/<uuid:identity>")
def show_letters(identity: object) -> str:
    """How far the letters are, and the file when it is there."""
    with runtime().database.reading() as connection:
        job = find_job(connection, str(identity))
    return render_template("progress_letters.html", job=job, is_ended=job is None or job.state in ENDED, late=LATE)
