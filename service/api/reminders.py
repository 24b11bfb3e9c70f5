"""``/progress/reminders`` and the letters of progress: lists of people, as JSON, workbook and letters."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, Response

from forms.illegal import illegal_characters
from service.api.access import acting_name, current_scope
from service.api.context import answer_file, answer_json, json_body, runtime, text_parameter
from service.api.errors import BadRequestError
from service.api.progress import (
    DAYS_AHEAD,
    LONGEST_WORDS,
    MOST_DAYS,
    day_asked,
    day_of,
    days_ahead,
    ending_asked,
    sender_asked,
    words,
)
from service.api.records import page_asked
from service.operations.progress.board import Wanted, board_of, top_called
from service.operations.progress.letters import sender_of
from service.operations.progress.people import list_people, people_letter, people_workbook, topic_of
from service.operations.progress.posting import LATE, AskedLetters, queue_letters
from service.operations.progress.reminders import LABELS, AskedList, lists_of, reminders_of
from service.operations.units import office_day
from writers.letters.reminding import Topic

blueprint = Blueprint("reminders", __name__)
LETTER_KEYS = ("list", "as", "campaign", "day", "days", "under", "signed", "contact", "until")
LISTS = (LATE, *(topic.value for topic in Topic))


@blueprint.get("/progress/reminders")
def show_lists() -> Response:
    """The lists, and how many people each of them names."""
    found = lists_of(runtime(), list_asked(Topic.ENDING.value), current_scope())
    lists = [{"list": topic.value, "label": LABELS[topic], "total": len(found[topic].people)} for topic in Topic]
    return answer_json({"lists": lists})


@blueprint.get("/progress/reminders/<name>")
def show_list(name: str) -> Response:
    """One list, a page at a time."""
    found = reminders_of(runtime(), list_asked(name), current_scope())
    return answer_json(list_people(runtime(), found, page_asked()))


@blueprint.get("/progress/reminders/<name>/table.xlsx")
def download_list(name: str) -> Response:
    """The whole list as a workbook."""
    made = people_workbook(runtime(), list_asked(name), current_scope(), acting_name(""))
    return answer_file(made.content, made.name)


@blueprint.get("/progress/reminders/<name>/units/<uuid:identity>/letter.<ending>")
def download_letter(name: str, identity: object, ending: str) -> Response:
    """The letter to one unit about its people."""
    as_format = ending_asked(ending, ("docx", "pdf"))
    asked = replace(list_asked(name), unit_id=str(identity))
    sender = sender_asked(asked.day or office_day())
    made = people_letter(runtime(), asked, sender, as_format, current_scope())
    return answer_file(made.content, made.name)


@blueprint.post("/progress/letters")
def make_letters() -> Response:
    """The letters to all units concerned, as a zip: a job."""
    body = json_body(*LETTER_KEYS)
    asked, wanted = letters_asked(body)
    job = queue_letters(runtime(), asked, wanted, current_scope())
    return answer_json({"job": job, "href": f"/api/v1/jobs/{job}"}, 202, Location=f"/api/v1/jobs/{job}")


def list_asked(name: str) -> AskedList:
    """The list that path and query ask for."""
    return AskedList(topic_of(name), words("campaign"), day_asked("day"), days_ahead())


def letters_asked(body: dict[str, Any]) -> tuple[AskedLetters, Wanted]:
    """The letters that a body asks for, and to which units."""
    texts = {name: _text(body, name) for name in LETTER_KEYS if name not in {"days", "list", "as"}}
    days = body.get("days", DAYS_AHEAD)
    if isinstance(days, bool) or not isinstance(days, int) or not 0 <= days <= MOST_DAYS:
        raise BadRequestError(name="days", reason_zh=f"应为 0 至 {MOST_DAYS}", reason_en=f"0 to {MOST_DAYS}")
    name = text_parameter(body, "list", LATE, LISTS)
    as_format = text_parameter(body, "as", "docx", ("docx", "pdf"))
    day = day_of("day", texts["day"]) or office_day()
    parts = runtime()
    sender = sender_of(parts, texts["signed"], texts["contact"], day_of("until", texts["until"]), day)
    asked = AskedLetters(name, texts["campaign"], days, as_format, sender)
    under = top_called(board_of(parts, texts["campaign"], day, current_scope()), texts["under"])
    return asked, Wanted(under=under)


def _text(body: dict[str, Any], name: str) -> str:
    text = text_parameter(body, name, "").strip()
    if len(text) > LONGEST_WORDS or illegal_characters(text):
        raise BadRequestError(name=name, reason_zh="过长或含非法字符", reason_en="too long, or illegal characters")
    return text
