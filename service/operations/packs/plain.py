"""What goes into a pack made from plain data, without any store: one form, a list of forms, or ``{"forms": […]}``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from forms.catalogue import Catalogue
from forms.consolidating import CONSOLIDATED, Consolidation
from forms.definition import FormDefinition
from forms.errors import UnusableDataError
from forms.intake import Intake, take_in
from forms.plain import Plain
from forms.record import Record
from service.masking import hide_text
from service.operations.checking import SourcedFinding, SourcedRecord, check_records, check_settings
from service.operations.consolidating import consolidate_data
from service.operations.packs.asked import Asked
from service.operations.packs.contents import APPROVALS, Contents, PackCard, PackForm
from service.operations.packs.findings import errors_of, of_consolidation, place_in_words
from service.settings import Settings
from writers.reports.shapes import OpenFinding

FORMS, UNIT = "forms", "unit"
_UNIT_KEYS = ("unit", "borrowing_unit")


def contents_of_data(data: object, name: str, catalogue: Catalogue, settings: Settings, asked: Asked) -> Contents:
    """A pack of the forms in ``data``; rosters of one kind that are of several units are consolidated.

    ``name`` says where the data comes from. ``{"forms": […], "unit": "…"}`` may name who sends the pack.

    Raises:
        UnusableDataError: the data has another shape.
        UnknownFormError: ``form`` names no form.
    """
    given, sender = _forms_in(data)
    taken = take_in(given, catalogue)
    if any(item.definition.form not in asked.recipient.forms for item in taken):
        taken = tuple(item for item in taken if item.definition.form in asked.recipient.forms)
    records = [item.record for item in taken]
    rosters = [record for record in records if record.form != APPROVALS]
    units = list(dict.fromkeys(filter(None, map(_unit_of, rosters or records))))
    found = consolidate_data(given, catalogue, settings, name=name)
    forms = [
        PackForm(*_roster(catalogue, [item for item in taken if item.definition.form == form], found, form), sources)
        for form in asked.recipient.forms
        if form in CONSOLIDATED and (sources := _sources(taken, form, name))
    ]
    cards = [
        PackCard(item.definition, item.record, _unit_of(item.record), ({"document": f"{name}#{number + 1}"},))
        for number, item in enumerate(taken)
        if item.definition.form == APPROVALS
    ]
    sourced = [SourcedRecord(item.record, name, number, item.findings) for number, item in enumerate(taken)]
    checked = [_open(item, taken[item.number]) for item in check_records(sourced, catalogue, settings)]
    is_consolidated = any(len(form.source_forms) > 1 for form in found.forms.values())
    kept = [*checked, *(of_consolidation(catalogue, found, asked.recipient.forms) if is_consolidated else ())]
    return Contents(
        sender or (units[0] if len(units) == 1 else f"{units[0]}等{len(units)}个单位" if units else ""),
        asked,
        check_settings(settings, records).year,
        units=len(units) or 1,
        contact=_said(records, "contact"),
        phone=_said(records, "contact_phone"),
        forms=tuple(forms),
        cards=tuple(cards),
        lacks=tuple(errors_of(checked)),
        findings=tuple(kept),
        consolidation=found,
    )


def _forms_in(data: object) -> tuple[object, str]:
    """The forms, and who sends them where that is said.

    Raises:
        UnusableDataError: ``forms`` is no list, or something else stands beside it.
    """
    if not isinstance(data, dict) or FORMS not in data:
        return data, ""
    beside = set(data) - {FORMS, UNIT}
    unit: object = data.get(UNIT, "")
    forms: object = data[FORMS]
    if beside or not isinstance(forms, list) or not isinstance(unit, str):
        place = min(beside) if beside else FORMS
        reason = "只能有 forms(列表)和 unit(文字)", "forms (a list) and unit (a text) are all there may be"
        raise UnusableDataError(pointer=place, pointer_text=place, reason_zh=reason[0], reason_en=reason[1])
    return forms, unit.strip()


def _unit_of(record: Record) -> str:
    for entries in (record.header, *record.rows[:1]):
        for key in _UNIT_KEYS:
            entry = entries.get(key)
            if entry is not None and not entry.is_blank:
                return str(entry.value)
    return ""


def _said(records: Sequence[Record], key: str) -> str:
    """What the forms agree upon; empty where they do not."""
    said = {str(entry.value) for record in records if (entry := record.header.get(key)) and not entry.is_blank}
    return said.pop() if len(said) == 1 else ""


def _roster(
    catalogue: Catalogue, given: Sequence[Intake], found: Consolidation, form: str
) -> tuple[FormDefinition, Record]:
    """A roster as given, or all of a kind in one; rows stand as in the consolidation, whose numbers reports give."""
    made = found.forms[form]
    if len(given) != 1:
        return catalogue.find(form), made.record
    definition, record = given[0].definition, given[0].record
    is_in_order = all(source.line == number for number, source in enumerate(made.sources))
    return definition, record if is_in_order else replace(record, rows=made.record.rows)


def _sources(taken: Sequence[Intake], form: str, name: str) -> tuple[Plain, ...]:
    return tuple(
        {"document": f"{name}#{number + 1}", "unit": _unit_of(item.record)}
        for number, item in enumerate(taken)
        if item.definition.form == form
    )


def _open(item: SourcedFinding, of: Intake) -> OpenFinding:
    finding = item.finding
    return OpenFinding(
        _unit_of(of.record),
        item.form,
        finding.code,
        finding.severity,
        hide_text(finding.message),
        finding.clause or "",
        item.source,
        place=place_in_words(of.definition, finding.path),
        document_id=f"{item.source}#{item.number + 1}",
    )
