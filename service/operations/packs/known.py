"""What is known of each unit before it fills anything in: its accepted forms, of this round or an earlier one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, select

from forms.catalogue import Catalogue
from forms.definition import FormDefinition
from forms.intake import Intake
from forms.ledger import LEDGER, TARGET
from forms.plain import Plain
from forms.prefill import prefilled
from forms.record import Entry, Origin, Record, Row
from forms.rules.periods import exceeds
from service.store.account_tables import belongings
from service.store.consolidating import StoredEntry, people_of
from service.store.tables import accepted, documents
from service.store.units import Unit

CARDS, LOANS = "attachment-4", "attachment-1"
ROSTERS = ("attachment-1", "attachment-2", "attachment-3", "attachment-5")
SUBSTITUTES = {"attachment-3": ("attachment-5",), "attachment-5": ("attachment-3", LEDGER)}
"""Where nothing of a form is known: the forms of the same people, by preference."""
_OF_ONE_FORM = frozenset({"no", "note", "approval", "proposal", "change", "as_of"})
"""Keys that mean another thing in another form."""
_UNIT_KEYS = ("unit", "contact", "contact_phone", "principal", "filled_by")
LOAN_MONTHS = 1


@dataclass
class Known:
    """Accepted forms of one unit by form: headers and rows of the latest round that has any."""

    headers: dict[str, list[Mapping[str, Any]]] = field(default_factory=dict)
    rows: dict[str, list[Row]] = field(default_factory=dict)
    editions: dict[str, str] = field(default_factory=dict)


def known_of(connection: Connection, units: Iterable[Unit]) -> dict[str, Known]:
    """What is known of each unit, by its id. Of several rounds the one in which a form was accepted last counts."""
    wanted_units = {unit.id for unit in units}
    owned = (belongings.c.kind == "accepted") & (belongings.c.thing_id == accepted.c.id)
    joined = accepted.join(documents, documents.c.id == accepted.c.document_id).join(belongings, owned)
    columns = (accepted.c.id, accepted.c.form, accepted.c.edition, accepted.c.header, belongings.c.unit_id)
    query = select(*columns, documents.c.campaign_id).select_from(joined).where(accepted.c.state == "accepted")
    latest: dict[tuple[str, str], str | None] = {}
    chosen: dict[str, tuple[str, str]] = {}
    found: dict[str, Known] = {unit: Known() for unit in wanted_units}
    for row in connection.execute(query.order_by(accepted.c.accepted_at.desc(), accepted.c.id)):
        if row.unit_id not in wanted_units:
            continue
        if latest.setdefault((row.unit_id, row.form), row.campaign_id) == row.campaign_id:
            chosen[row.id] = (row.unit_id, row.form)
            known = found[row.unit_id]
            known.headers.setdefault(row.form, []).append(row.header)
            known.rows.setdefault(row.form, [])
            known.editions.setdefault(row.form, row.edition)

    def keep(identity: str, entries: Mapping[str, StoredEntry]) -> None:
        unit, form = chosen[identity]
        found[unit].rows[form].append({key: _entry(item) for key, item in entries.items()})

    people_of(connection, sorted(chosen), keep)
    return found


def _entry(item: StoredEntry) -> Entry:
    return Entry(item.value, "", item.code, Origin.PREFILLED, review=bool(item.review))


def roster_of(definition: FormDefinition, unit: Unit, known: Known, catalogue: Catalogue) -> Record:
    """A unit's roster with what is known: its own rows, else those of the same people in another form.

    What nobody is sure of stays empty.
    """
    own = known.rows.get(definition.form)
    source = definition.form
    rows: Sequence[Row] = own or ()
    if not own:
        source = next((item for item in SUBSTITUTES.get(definition.form, ()) if known.rows.get(item)), definition.form)
        rows = known.rows.get(source, ())
        if source == LEDGER and definition.form == TARGET:
            ledger = Record(LEDGER, known.editions[LEDGER], {}, tuple(rows))
            rows = prefilled(Intake(catalogue.readable(LEDGER), ledger), definition).record.rows
    header = _header(definition, unit, known.headers.get(source, ()))
    left = frozenset({"no"}) if source == definition.form else _OF_ONE_FORM
    return Record(definition.form, definition.edition, header, tuple(_row(definition, row, left) for row in rows))


def _header(definition: FormDefinition, unit: Unit, headers: Sequence[Mapping[str, Any]]) -> dict[str, Entry]:
    """The unit's name and who speaks for it: by the list of units, else as its form said last."""
    said: Plain = {}
    for header in headers:
        for key in _UNIT_KEYS:
            item = header.get(key)
            if item and item["value"] and not item.get("review"):
                said.setdefault(key, item["value"])
    said["unit"] = unit.name
    said |= {key: value for key, value in (("contact", unit.liaison), ("contact_phone", unit.liaison_phone)) if value}
    return {
        item.key: Entry(said[item.key], str(said[item.key]), origin=Origin.PREFILLED)
        for item in definition.header
        if item.key in said
    }


def _row(definition: FormDefinition, row: Row, left: frozenset[str]) -> dict[str, Entry]:
    return {
        item.key: entry
        for item in definition.fields
        if (entry := row.get(item.key)) is not None
        and not entry.review
        and entry.value not in (None, "")
        and item.key not in left
    }


def cards_of(definition: FormDefinition, unit: Unit, known: Known) -> list[Record]:
    """An approval form for each loan of more than a month of which none was accepted, and a blank one."""
    have = {_number(row) for row in known.rows.get(CARDS, ())} - {""}
    loans = [row for row in known.rows.get(LOANS, ()) if _is_long(row) and _number(row) not in have]
    name = Entry(unit.name, unit.name, origin=Origin.PREFILLED)
    left = _OF_ONE_FORM | {"months"}
    filled = [_row(definition, row, left) | {"borrowing_unit": name} for row in loans]
    return [Record(definition.form, definition.edition, {}, (row,)) for row in (*filled, {"borrowing_unit": name})]


def _number(row: Row) -> str:
    entry = row.get("id_number")
    return "" if entry is None else str(entry.value or "").upper()


def _is_long(row: Row) -> bool:
    start, end = (_day(row.get(key)) for key in ("start_date", "end_date"))
    return start is not None and end is not None and exceeds(start, end, LOAN_MONTHS)


def _day(entry: Entry | None) -> dt.date | None:
    try:
        return dt.date.fromisoformat(str(entry.value)) if entry is not None and not entry.review else None
    except ValueError:
        return None
