"""The head of a consolidated form: who reports, and figures worked out from the rows of all units."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from forms.consolidating.rows import Placed
from forms.consolidating.subtotals import Codes
from forms.definition import FormDefinition
from forms.record import Entry, Origin, Record, Row, Value
from forms.rules.rosters import attrition
from forms.rules.view import Sheet

GONE = "4"
"""Code of 离岗 in the table of changes."""
CHANGES = {"added": "1", "renewed": "2", "changed": "3", "removed": GONE}
_OWN = ("contact", "contact_phone", "principal", "filled_by")


@dataclass(frozen=True, slots=True)
class Reporter:
    """Who hands the consolidated forms in; what is empty stays blank. ``filled_on`` is ``YYYY-MM-DD``."""

    unit: str = ""
    contact: str = ""
    contact_phone: str = ""
    filled_on: str = ""


@dataclass(frozen=True, slots=True)
class Staff:
    """Staff outside the establishment as the rows tell it: before the clean-up, dismissed and retained."""

    before: int
    dismissed: int
    retained: int


def staff_of(sheets: Mapping[str, Iterable[Sheet]], units: Sequence[str]) -> Staff:
    """The staff of all units together; ``units`` names the unit of each sheet, by the sheet's ``position``.

    Who was lost by nature counts as before where the unit counted so itself and a note says how many
    (``自然减员2人``); otherwise those before are those dismissed and those retained.
    """
    counts = {form: sum(len(sheet.rows) for sheet in sheets.get(form, ())) for form in _BOTH}
    by_unit: dict[str, list[Sheet]] = {}
    for form in _BOTH:
        for sheet in sheets.get(form, ()):
            by_unit.setdefault(units[sheet.position], []).append(sheet)
    lost = sum(lost_of(found) for found in by_unit.values())
    return Staff(sum(counts.values()) + lost, counts["attachment-2"], counts["attachment-3"])


_BOTH = ("attachment-2", "attachment-3")


def lost_of(sheets: Sequence[Sheet]) -> int:
    """Whom a unit lost by nature, if its forms say so in a note and count them among those before."""
    rows = sum(len(sheet.rows) for sheet in sheets)
    told = sum(attrition(sheet) for sheet in sheets)
    stated = {sheet.header.number("before_total") for sheet in sheets} - {None}
    return told if told and stated == {rows + told} else 0


def head_of(
    definition: FormDefinition, rows: Sequence[Row], forms: Sequence[Placed], staff: Staff, reporter: Reporter
) -> dict[str, Entry]:
    """The head of a consolidated form. What nobody stated and no row tells stays out of it.

    Names below the form come from the reporter's own form of this kind, where there is exactly one.
    """
    keys = {item.key: item for item in definition.header}
    values: dict[str, Value] = {
        "unit": reporter.unit,
        "filled_on": reporter.filled_on,
        "contact": reporter.contact,
        "contact_phone": reporter.contact_phone,
        "total": len(rows),
        "before_total": staff.before,
        "dismissed_total": staff.dismissed,
        "retained_total": staff.retained,
        "as_of": common(forms, "as_of"),
        **_changes(definition, rows, forms),
    }
    head = {
        key: Entry(value, keys[key].type.write(value), origin=Origin.PREFILLED)
        for key, value in values.items()
        if key in keys and value not in (None, "")
    }
    own = [item.source.record.header for item in forms if reporter.unit and item.home.name == reporter.unit]
    if len(own) == 1:
        stated = {key: own[0][key] for key in _OWN if key in keys and key in own[0] and not own[0][key].is_blank}
        head |= {key: replace(entry, origin=Origin.PREFILLED) for key, entry in stated.items() if not entry.review}
    return head


def common(forms: Iterable[Placed], key: str) -> Value:
    """What all forms say in their head, ``None`` where they differ or one is silent."""
    found = {_stated(item.source.record, key) for item in forms}
    return found.pop() if len(found) == 1 else None


def is_stated(record: Record, key: str) -> bool:
    """Whether a form says something in that field of its head."""
    return _stated(record, key) is not None


def _stated(record: Record, key: str) -> Value:
    entry = record.header.get(key)
    return None if entry is None or entry.is_blank else entry.value


def _changes(definition: FormDefinition, rows: Sequence[Row], forms: Sequence[Placed]) -> dict[str, Value]:
    """新增、续签、变更、减少、期末在岗 of attachment-5, as far as it is certain what changed.

    Where no row says that anything changed, what the units state is added up.
    """
    field = definition.field("change")
    if field is None or definition.header_field("in_post") is None:
        return {}
    codes = Codes(field)
    given = [codes.of(row) for row in rows]
    silent = [field.key not in row or (row[field.key].is_blank and row[field.key].value is not None) for row in rows]
    if not all(code or blank for code, blank in zip(given, silent, strict=True)):
        return {}
    in_post = {"in_post": len(rows) - given.count(GONE)}
    if any(given):
        return {**{key: given.count(code) for key, code in CHANGES.items()}, **in_post}
    sums = {key: [_stated(item.source.record, key) for item in forms] for key in CHANGES}
    told = {
        key: sum(value for value in values if isinstance(value, int) and not isinstance(value, bool))
        for key, values in sums.items()
        if all(isinstance(value, int) and not isinstance(value, bool) for value in values)
    }
    return {**(told if told.get("removed", 0) == 0 else {}), **in_post}
