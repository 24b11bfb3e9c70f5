"""The lists of people to be reminded: shown with numbers masked, as a workbook, and as letters to units."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from forms.codes.tables import load_table
from service.access.scope import EVERYTHING, Scope
from service.audit.events import Action
from service.audit.noting import note_look
from service.masking import hide, hide_text
from service.operations.making import Made
from service.operations.progress.letters import NobodyToRemindError, Sender, as_made, letter_name
from service.operations.progress.reminders import LABELS, AskedList, Reminded, Reminders, reminders_of
from service.operations.progress.workbooks import table_workbook
from service.runtime import Runtime
from service.store.errors import NotFoundError
from service.store.progress import entries_of, unit_lines
from writers.letters.reminding import HEADS, Reminder, Topic, make_reminder

FIGURES: dict[Topic, str] = {
    Topic.ENDING: "days_left",
    Topic.OVERDUE: "days_over",
    Topic.OVERLONG: "months",
    Topic.ASSESSMENT: "days_in_year",
    Topic.DISPATCH: "days_left",
}
"""What the figure of a list is called."""
BORROWER, LENDER = "borrower", "lender"
ASSESSORS = {True: "借入单位", False: "原单位"}
_KEYS = {
    "name",
    "id_number",
    "lending_unit",
    "borrowing_unit",
    "borrowed_post",
    "dispatch_agency",
    "contract_party",
    "unit",
    "post",
    "proposal",
}
"""What is shown of a row beside its days; nothing that tells a day of birth is among it."""


def list_people(runtime: Runtime, found: Reminders, page: tuple[int, int]) -> dict[str, Any]:
    """One page (how many, from where) of a list as JSON."""
    limit, offset = page
    shown = found.people[offset : offset + limit]
    body: dict[str, Any] = {
        "list": found.topic.value,
        "label": LABELS[found.topic],
        "campaign": found.round.campaign_id or None,
        "day": found.day.isoformat(),
        "days": found.days,
        "without_days": found.without_days,
        "without_unit": sum(1 for item in found.people if item.row.unit_id is None),
        "total": len(found.people),
        "limit": limit,
        "offset": offset,
        "units": len(found.unit_ids),
        "people": details(runtime, found.topic, shown),
    }
    if found.topic is Topic.ASSESSMENT:
        here = sum(1 for item in found.people if item.by_borrower)
        body |= {"by_borrower": here, "by_lender": len(found.people) - here}
    return body


def details(runtime: Runtime, topic: Topic, people: Sequence[Reminded]) -> list[dict[str, Any]]:
    """Those people as JSON, their numbers masked; only their rows are opened."""
    with runtime.database.reading() as connection:
        entries = entries_of(connection, [(item.row.accepted_id, item.row.line) for item in people])
    return [_shown(topic, item, entries[item.row.accepted_id, item.row.line]) for item in people]


def _shown(topic: Topic, item: Reminded, entries: Mapping[str, Any]) -> dict[str, Any]:
    values = {key: entries[key]["value"] for key in _KEYS if key in entries and entries[key]["value"] is not None}
    types = {"id_number": "id_number"}
    texts = {key: str(hide(types.get(key, ""), value, values.keys())) for key, value in values.items()}
    first, last = item.period
    return {
        "name": texts.get("name", ""),
        "id_number": texts.get("id_number", ""),
        "unit": item.row.unit,
        "unit_id": item.row.unit_id,
        "form": item.row.form,
        "document": item.row.document_id,
        "row": item.row.line,
        "lending_unit": texts.get("lending_unit", ""),
        "borrowing_unit": texts.get("borrowing_unit", "") or texts.get("unit", "") or item.row.unit,
        "agency": texts.get("dispatch_agency", "") or texts.get("contract_party", ""),
        "post": texts.get("borrowed_post", "") or texts.get("post", ""),
        "starts_on": first.isoformat(),
        "ends_on": last.isoformat(),
        "proposal": _proposal(texts.get("proposal", "")),
        FIGURES[topic]: item.figure,
        "assessed_by": (BORROWER if item.by_borrower else LENDER) if topic is Topic.ASSESSMENT else None,
        "unsure": item.unsure,
    }


def _proposal(text: str) -> str:
    """A proposal by its full name, also where the store has its code."""
    return load_table("proposal").name_of(text) or text


def topic_of(name: str) -> Topic:
    """The list of that name.

    Raises:
        NotFoundError: there is none.
    """
    try:
        return Topic(name)
    except ValueError as fault:
        raise NotFoundError from fault


_BESIDE = {Topic.DISPATCH: ("agency", "post")}


def cells_of(topic: Topic, shown: Mapping[str, Any]) -> tuple[str, ...]:
    """One person under the heads of a letter, without the running number."""
    other, last = _BESIDE.get(topic, ("lending_unit", "proposal"))
    end = ASSESSORS[shown["assessed_by"] == BORROWER] if topic is Topic.ASSESSMENT else str(shown[last])
    mark = "（待核）" if shown["unsure"] else ""
    span = f"{_dots(shown['starts_on'])}至{_dots(shown['ends_on'])}{mark}"
    return (shown["name"], shown["id_number"], shown[other], span, str(shown[FIGURES[topic]]), end)


def _dots(day: str) -> str:
    found = dt.date.fromisoformat(day)
    return f"{found.year}.{found.month}.{found.day}"


def people_workbook(runtime: Runtime, asked: AskedList, scope: Scope = EVERYTHING, who: str = "") -> Made:
    """The whole list as a workbook, numbers masked; that it was taken away is written down."""
    found = reminders_of(runtime, asked, scope)
    heads = ("填报单位", *HEADS[found.topic][1:], "岗位", "来源文件")
    rows = [
        (shown["unit"], *cells_of(found.topic, shown), shown["post"], shown["document"])
        for shown in details(runtime, found.topic, found.people)
    ]
    label = LABELS[found.topic]
    with runtime.database.transaction() as connection:
        told = {"list": found.topic.value, "day": found.day.isoformat()}
        note_look(connection, Action.EXPORT, "reminders", told, len(rows), numbers="masked", who=who)
    content = table_workbook(label, heads, rows, f"{label} 截至{found.day.isoformat()}")
    return Made(f"{label}_{found.day.isoformat()}.xlsx", content, ())


def people_letter(
    runtime: Runtime, asked: AskedList, sender: Sender, as_format: str, scope: Scope = EVERYTHING
) -> Made:
    """The letter to one unit (``asked.unit_id``) about its people, as ``docx`` or ``pdf``.

    Raises:
        NotFoundError: there is no such unit within reach.
        NobodyToRemindError: the list names nobody of it.
        DocumentError: the conversion failed.
    """
    with runtime.database.reading() as connection:
        unit = next((item for item in unit_lines(connection) if item.id == asked.unit_id), None)
    if unit is None or not scope.covers_unit(unit.id):
        raise NotFoundError
    found = reminders_of(runtime, asked, scope)
    if not found.people:
        raise NobodyToRemindError
    content = people_letter_docx(runtime, found, unit.name, sender)
    return as_made(letter_name(LABELS[found.topic], unit.name), content, as_format)


def people_letter_docx(runtime: Runtime, found: Reminders, unit: str, sender: Sender) -> bytes:
    """The letter about the people of a list that is of one unit, as Word."""
    shown = details(runtime, found.topic, found.people)
    rows = tuple(tuple(hide_text(text) for text in cells_of(found.topic, item)) for item in shown)
    here = tuple(item.by_borrower for item in found.people)
    reminder = Reminder(found.topic, unit, rows, found.day.year, found.days, here)
    return make_reminder(reminder, sender.signer)
