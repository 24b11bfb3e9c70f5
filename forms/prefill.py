"""A ledger that was read → the record that prefills attachment-5 with it. Only what is sure is printed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from forms.definition import Field, FormDefinition
from forms.finding import Finding, Severity
from forms.intake import Intake
from forms.record import Entry, Record, Row
from forms.rules.rule import masked

UNCONFIRMED = "ledger-unconfirmed"
"""A value that a person has still to confirm: the cell stays empty."""
NOT_IN_FORM = "ledger-not-in-form"
"""A column of the ledger that the form does not have."""
LEFT = "ledger-person-left"
"""A person of the ledger who has left."""

_OF_THE_UNIT = frozenset({"unit", "contact", "contact_phone", "principal", "filled_by"})
"""What of a ledger's header holds for the form, too; its days and totals are its own."""
_GONE = "dismissed_on"


def prefilled(ledger: Intake, definition: FormDefinition) -> Intake:
    """The record of ``definition`` that a ledger gives, numbered anew, with the findings of what is not in it."""
    findings = [*ledger.findings]
    header = {
        key: _sure(entry, f"header.{key}", definition.header_field(key), findings)
        for key, entry in ledger.record.header.items()
        if key in _OF_THE_UNIT and definition.header_field(key) is not None
    }
    rows: list[Row] = []
    for row in ledger.record.rows:
        gone = row.get(_GONE)
        if gone is not None and not gone.is_blank and not gone.review:
            name = row["name"].value if "name" in row else ""
            message = f"“{name}”在台账上已于{gone.value}离开,没有列入"
            findings.append(Finding(LEFT, "records", message, Severity.WARNING, None, gone.region))
            continue
        rows.append(_row(row, len(rows), definition, findings))
    findings.extend(_without_place(ledger, definition))
    return Intake(definition, Record(definition.form, definition.edition, header, tuple(rows)), tuple(findings))


def _row(row: Row, index: int, definition: FormDefinition, findings: list[Finding]) -> dict[str, Entry]:
    fields = {item.key: item for item in definition.fields if item.calculated != "ordinal"}
    return {
        key: _sure(entry, f"records[{index}].{key}", fields[key], findings)
        for key, entry in row.items()
        if key in fields
    }


def _sure(entry: Entry, path: str, item: Field | None, findings: list[Finding]) -> Entry:
    """The entry if nobody has to look at it; else an empty one that says what might have stood there."""
    if not entry.review and entry.value is not None:
        return entry
    shown = str(entry.value) if entry.value not in (None, "") else entry.text.strip()
    label = path if item is None else item.label
    said = f"台账上是“{shown[:60]}”" if shown else "台账上未能读出"
    message = masked(f"{label}:{said},没有经人确认,未填入")
    findings.append(Finding(UNCONFIRMED, path, message, Severity.WARNING, None, entry.region, shown[:60] or None))
    others = tuple(dict.fromkeys(filter(None, (shown, *entry.candidates))))
    return replace(entry, value="", text="", code=None, candidates=others)


def _without_place(ledger: Intake, definition: FormDefinition) -> list[Finding]:
    """One finding for each key of the ledger that the form lacks."""
    held: Counter[str] = Counter()
    labels: Mapping[str, str] = {item.key: item.label for item in ledger.definition.fields}
    for row in ledger.record.rows:
        held.update(key for key, entry in row.items() if not entry.is_blank and definition.field(key) is None)
    return [
        Finding(
            NOT_IN_FORM,
            "records",
            f"台账的“{labels.get(key, key)}”({count}人)在{definition.title}没有对应的栏目,未填入",
            Severity.INFO,
        )
        for key, count in held.items()
        if key != _GONE
    ]
