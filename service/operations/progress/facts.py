"""What an accepted form says in figures and days, worked out once when it is accepted (service.store.progress_tables).

Only what is certain counts: a day that is no whole day, or a code that is none of the table, stays empty.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from forms.catalogue import Catalogue
from forms.definition import FormDefinition
from forms.record import Entry, Origin, Record
from forms.rules import periods
from forms.rules.base import CheckedDocument, CheckSettings
from forms.rules.units import is_internal, is_seconded, plain_name
from forms.rules.view import Line, Sheet
from service.runtime import Runtime
from service.store.progress import (
    DISPATCH,
    LOAN,
    AcceptedWhole,
    Counted,
    accepted_ids,
    keep_counts,
    uncounted,
    whole_form,
)
from service.store.records import AcceptedForm

COUNTED = {
    "attachment-2": ("employment_form", "funding"),
    "attachment-3": ("employment_form", "funding"),
    "attachment-5": ("employment_form", "funding"),
}
"""The coded fields whose people are counted."""
LOAN_FORMS = frozenset({"attachment-1", "attachment-4"})
STAFF_FORMS = frozenset({"attachment-3", "attachment-5"})
DISPATCHED = frozenset({"1", "2"})
"""Codes of forms of employment by which an agency sends the person."""
LEFT = "4"
"""Code of a change: the person has left."""
FIRST_YEAR, LAST_YEAR = 1900, 2200
AT_ONCE = 20
"""Forms that are counted in one transaction."""
_BACK = re.compile(r"已(经)?(返回|归队|回原单位)")
_OPEN = re.compile(r"未|没|否|待|拟|将|预计|核实|可能")
"""Beside one of these words a return is no fact: the person stays on the list."""
_LOAN_KEYS = ("start_date", "end_date", "returned_on")
_STAFF_KEYS = ("contract_end", "term_end", "employment_form", "contract_start")
_LOOKED_AT = frozenset(
    {
        "approval",
        "borrowing_supervisor",
        "borrowing_unit",
        "change",
        "contract_end",
        "contract_start",
        "employment_form",
        "end_date",
        "funding",
        "lending_supervisor",
        "lending_unit",
        "note",
        "returned_on",
        "start_date",
        "term_end",
        "unit",
    }
)
"""All that is asked of a row here, and of the head."""
_ANY_YEAR = CheckSettings(2000, dt.date(2000, 1, 1))
"""Nothing that is asked of the rules here depends on the campaign."""


def counted(catalogue: Catalogue, form: AcceptedForm) -> Counted:
    """What a form that is about to be accepted says in figures and days."""
    definition = catalogue.readable(form.form, form.edition)
    return _counted(definition, form.unit, form.header, list(enumerate(form.people)))


def count_accepted(connection: Connection, document_id: str, figures: Mapping[int, Counted]) -> None:
    """Enter the figures of the forms of a document (by their number in it) that has just been accepted."""
    for item, identity in accepted_ids(connection, document_id).items():
        keep_counts(connection, identity, document_id, figures[item])


def catch_up(runtime: Runtime) -> int:
    """Count the accepted forms of before progress was kept; returns how many those were."""
    with runtime.database.reading() as connection:
        waiting = uncounted(connection)
    for start in range(0, len(waiting), AT_ONCE):
        with runtime.database.reading() as connection:
            forms = [whole_form(connection, identity) for identity in waiting[start : start + AT_ONCE]]
        found = [(form, _of_whole(runtime.catalogue, form)) for form in forms]
        with runtime.database.transaction() as connection:
            still = set(uncounted(connection))
            for form, figures in found:
                if form.id in still:
                    keep_counts(connection, form.id, form.document_id, figures)
    return len(waiting)


def _of_whole(catalogue: Catalogue, form: AcceptedWhole) -> Counted:
    return _counted(catalogue.readable(form.form, form.edition), form.unit, form.header, form.people)


def _counted(
    definition: FormDefinition, unit: str, header: Mapping[str, Any], people: Sequence[tuple[int, Mapping[str, Any]]]
) -> Counted:
    rows = tuple(_entries(values) for _, values in people)
    record = Record(definition.form, definition.edition, _entries(header), rows)
    sheet = Sheet(CheckedDocument(record, definition, unit), _ANY_YEAR)
    return Counted(len(rows), codes_of(sheet), list(days_of(sheet, [line for line, _ in people])))


def _entries(given: Mapping[str, Any]) -> dict[str, Entry]:
    """The entries that are looked at; the others are left where they are."""
    return {
        key: Entry(item["value"], "", item["code"], Origin(item["origin"]), review=bool(item.get("review")))
        for key, item in given.items()
        if key in _LOOKED_AT
    }


def codes_of(sheet: Sheet) -> dict[tuple[str, str], int]:
    """People by field and code; an empty code are those of whom none is certain."""
    keys = COUNTED.get(sheet.form, ())
    return dict(Counter((key, line.code(key) or "") for line in sheet.rows for key in keys))


def days_of(sheet: Sheet, lines: list[int]) -> Iterator[dict[str, Any]]:
    """The rows with days: loans, and people whom an agency sends; ``lines`` are their numbers in the store."""
    for number, line in zip(lines, sheet.rows, strict=True):
        if sheet.form in LOAN_FORMS:
            yield {"line": number, **_loan(line)}
        elif sheet.form in STAFF_FORMS and line.code("employment_form") in DISPATCHED:
            yield {"line": number, **_dispatch(line)}


def _loan(line: Line) -> dict[str, Any]:
    period = line.period("start_date", "end_date")
    back = line.day("returned_on")
    return {
        "kind": LOAN,
        "starts_on": _text(line.day("start_date")),
        "ends_on": _text(line.day("end_date")),
        "term_ends_on": None,
        "returned_on": _text(back),
        "partner": partner_of(line.text("borrowing_unit") or line.unit),
        "closed": back is not None or any(is_back(line.text(key)) for key in ("note", "approval")),
        "needs_card": _needs_card(line, period),
        "unsure": _is_unsure(line, _LOAN_KEYS),
    }


def is_back(words: str) -> bool:
    """Whether words say, without any doubt, that the person has returned."""
    return bool(_BACK.search(words)) and not _OPEN.search(words)


def _needs_card(line: Line, period: periods.Period | None) -> bool:
    """Whether an attachment-4 is owed: more than a month, neither within one system nor seconded (方案三(三)1、2)."""
    if line.sheet.form != "attachment-1" or period is None:
        return False
    return periods.exceeds(*period, 1) and not is_internal(line) and not is_seconded(line)


def _dispatch(line: Line) -> dict[str, Any]:
    return {
        "kind": DISPATCH,
        "starts_on": _text(line.day("contract_start")),
        "ends_on": _text(line.day("contract_end")),
        "term_ends_on": _text(line.day("term_end")),
        "returned_on": None,
        "partner": partner_of(line.unit),
        "closed": line.code("change") == LEFT,
        "needs_card": False,
        "unsure": _is_unsure(line, _STAFF_KEYS),
    }


def partner_of(name: str) -> str:
    """What tells one unit from another by its name, spelled with or without the district, and does not show it."""
    return hashlib.sha256(plain_name(name).encode()).hexdigest()[:16] if name else ""


def _text(day: dt.date | None) -> str | None:
    """A day that somebody may still count from; one beyond all plans is a slip of the pen."""
    return day.isoformat() if day is not None and FIRST_YEAR <= day.year <= LAST_YEAR else None


def _is_unsure(line: Line, keys: tuple[str, ...]) -> bool:
    return any(entry.review for key in keys if (entry := line.entries.get(key)) is not None)
