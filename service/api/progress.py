"""``/progress``: who has handed in what by when, as JSON and as files."""

from __future__ import annotations

import datetime as dt

from flask import Blueprint, Response, request

from service.api.access import current_scope
from service.api.context import answer_file, answer_json, runtime, whole_number
from service.api.errors import BadRequestError
from service.api.records import page_asked
from service.operations.campaigns import FIRST_YEAR, LAST_YEAR
from service.operations.progress.board import Board, Wanted, board_of, top_called
from service.operations.progress.charts import figures_of, figures_to_plain
from service.operations.progress.law import State
from service.operations.progress.letters import Sender, late_letter, late_list, sender_of
from service.operations.progress.plain import board_to_plain
from service.operations.progress.workbooks import board_workbook
from service.store.errors import NotFoundError

blueprint = Blueprint("progress", __name__)
LONGEST_WORDS = 200
DAYS_AHEAD = 30
MOST_DAYS = 3660
COMPLETE = "complete"
"""Asks for the units of which all that they owe is accepted, where a state may stand."""


@blueprint.get("/progress")
def show_progress() -> Response:
    """The board: sums, sums by unit in charge, and a page of units."""
    board = board_asked()
    limit, offset = page_asked()
    return answer_json(board_to_plain(board, wanted_asked(board), limit, offset))


@blueprint.get("/progress.xlsx")
def download_progress() -> Response:
    """The same as a workbook, with all units that are asked for."""
    board = board_asked()
    return answer_file(board_workbook(runtime(), board, wanted_asked(board)), f"报送进度_{board.day.isoformat()}.xlsx")


@blueprint.get("/progress/figures")
def show_figures() -> Response:
    """What the charts show, in figures."""
    return answer_json(figures_to_plain(figures_of(runtime(), board_asked(), current_scope())))


@blueprint.get("/progress/late.<ending>")
def download_late(ending: str) -> Response:
    """The units that are late and what they owe (未报名单), as ``docx``, ``xlsx`` or ``pdf``."""
    board = board_asked()
    made = late_list(runtime(), board, wanted_asked(board), ending_asked(ending, ("docx", "xlsx", "pdf")))
    return answer_file(made.content, made.name)


@blueprint.get("/progress/units/<uuid:identity>/letter.<ending>")
def download_letter(identity: object, ending: str) -> Response:
    """The 催报函 to a unit that is late, as ``docx`` or ``pdf``."""
    asked = ending_asked(ending, ("docx", "pdf"))
    board = board_asked()
    made = late_letter(runtime(), board, str(identity), sender_asked(board.day), asked)
    return answer_file(made.content, made.name)


def board_asked() -> Board:
    """The board that the query asks for, as far as the caller may see it."""
    return board_of(runtime(), words("campaign"), day_asked("day"), current_scope())


def wanted_asked(board: Board) -> Wanted:
    """The units of it that the query asks for."""
    form, state = words("form"), words("state")
    known = [*(item.value for item in State), COMPLETE]
    if state and state not in known:
        raise BadRequestError(
            name="state", reason_zh=f"可用值:{'、'.join(known)}", reason_en=f"one of {', '.join(known)}"
        )
    chosen = runtime().catalogue.find(form).form if form else ""
    if chosen and chosen not in board.forms:
        raise NotFoundError(pointer="form")
    is_done = state == COMPLETE
    one = State(state) if state and not is_done else None
    return Wanted(chosen, one, top_called(board, words("under")), words("q"), is_done)


def day_asked(name: str) -> dt.date | None:
    """A day of the query (``YYYY-MM-DD``); ``None`` where none is given."""
    return day_of(name, words(name))


def day_of(name: str, text: str) -> dt.date | None:
    """A day in words of a request; ``None`` where there are none.

    Raises:
        BadRequestError: it is no day, or none of this century.
    """
    if not text:
        return None
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise BadRequestError(name=name, reason_zh="应为日期(YYYY-MM-DD)", reason_en="a day is needed (YYYY-MM-DD)")
    return day


def sender_asked(day: dt.date) -> Sender:
    """Who writes the letters that the query asks for, and until when an answer is awaited."""
    return sender_of(runtime(), words("signed"), words("contact"), day_asked("until"), day)


def days_ahead() -> int:
    """How far ahead a list looks."""
    return whole_number("days", DAYS_AHEAD, 0, MOST_DAYS)


def ending_asked(ending: str, allowed: tuple[str, ...]) -> str:
    """The kind of file that a path asks for; any other is not there."""
    if ending not in allowed:
        raise NotFoundError
    return ending


def words(name: str) -> str:
    """A text of the query."""
    text = request.args.get(name, "").strip()
    if len(text) > LONGEST_WORDS or "\0" in text:
        raise BadRequestError(name=name, reason_zh="过长或含非法字符", reason_en="too long, or illegal characters")
    return text
