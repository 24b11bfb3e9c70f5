"""Checks records, alone and together: the field types on each value, then the rules in force."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from forms.definition import Field
from forms.fieldtypes.base import Fault
from forms.finding import Finding, Severity
from forms.record import Entry, Record, Value
from forms.rules.base import CheckedDocument, CheckSet, CheckSettings, SetFinding
from forms.rules.books import Books
from forms.rules.cross_loans import approval_form
from forms.rules.registry import RULES, rule_of
from forms.rules.rule import Flaw, Rule, masked
from forms.rules.view import Line, Sheet

__all__ = [
    "SetFinding",
    "check_all",
    "check_document",
    "check_together",
    "default_settings",
    "merge_findings",
]

_WEIGHT = {Severity.INFO: 0, Severity.WARNING: 1, Severity.ERROR: 2}
_UNAPPROVED = "S1-02"
_REQUIRED = "F-5"
_COLUMN_MISSING = "column-missing"


def check_document(document: CheckedDocument, settings: CheckSettings) -> tuple[Finding, ...]:
    """All findings of one document by itself, in the order of header, rows and marks.

    Values are checked by their field types (pack ``F``); then each rule of a pack in force that applies to the form.
    Values that could not be read give no finding here; the reading that could not tell them has given one. Merge both
    with :func:`merge_findings`.
    """
    sheet = Sheet(document, settings)
    found = list(_values(sheet)) if "F" in settings.packs else []
    for rule in RULES:
        if rule.applies(sheet.form, settings):
            found.extend(_look(rule, sheet))
    return merge_findings(sorted(found, key=_order))


def check_together(check_set: CheckSet) -> tuple[SetFinding, ...]:
    """The findings that only the documents of a set together show; ``document`` is an index into the set."""
    return _across(Books(check_set))


def check_all(check_set: CheckSet) -> tuple[SetFinding, ...]:
    """Each document by itself and all together, each finding once.

    Here alone: a loan that attachment-1 leaves unapproved (S1-02) is cleared by the person's attachment-4 in the set,
    and S1-20 looks at all that was found.
    """
    books = Books(check_set)
    cleared = _cleared(books)
    found = [
        SetFinding(position, finding)
        for position, document in enumerate(check_set.documents)
        for finding in check_document(document, check_set.settings)
        if (position, finding.code, finding.path) not in cleared
    ]
    found.extend(_across(books))
    for rule in RULES:
        if rule.late and rule.pack in books.settings.packs:
            found.extend(_placed(rule, rule.late(books, tuple(found))))
    return _merged_by_document(found)


def _across(books: Books) -> tuple[SetFinding, ...]:
    return tuple(
        item
        for rule in RULES
        if rule.across and rule.pack in books.settings.packs
        for item in _placed(rule, rule.across(books))
    )


def _placed(rule: Rule, flaws: Iterable[tuple[Sheet, Flaw]]) -> Iterator[SetFinding]:
    return (SetFinding(sheet.position, rule.finding(sheet, flaw)) for sheet, flaw in flaws)


def _look(rule: Rule, sheet: Sheet) -> Iterator[Finding]:
    if rule.row:
        for line in sheet.rows:
            for flaw in rule.row(line):
                yield rule.finding(sheet, flaw)
    if rule.sheet:
        for flaw in rule.sheet(sheet):
            yield rule.finding(sheet, flaw)


def _values(sheet: Sheet) -> Iterator[Finding]:
    """What the field types say of each stated value; equal values of a field are looked at once."""
    for field in sheet.definition.header:
        value = _value(sheet.header, field.key)
        if value is not None:
            yield from _faults(sheet.header, field.key, field.type.check(value))
    columns: list[tuple[str, Field, dict[object, tuple[Fault, ...]]]] = [
        (key, field, {}) for key, field in sheet.fields.items()
    ]
    for line in sheet.rows:
        entries = line.entries
        for key, field, known in columns:
            entry = entries.get(key)
            if entry is None:
                continue
            value = entry.value
            same = value if value.__class__ is str else (value.__class__, value)
            faults = known.get(same)
            if faults is None:
                faults = known[same] = () if entry.is_blank else field.type.check(value)
            if faults:
                yield from _faults(line, key, faults)


def _value(line: Line, key: str) -> Value:
    entry = line.entries.get(key)
    return None if entry is None or entry.is_blank else entry.value


def _faults(line: Line, key: str, faults: Sequence[Fault]) -> Iterator[Finding]:
    where = "表头" if line.prefix == "header" else line.who
    entry = line.entries[key]
    for fault in faults:
        rule = rule_of(fault.code)
        yield Finding(
            code=fault.code,
            path=line.path(key),
            message=masked(f"{where}:{fault.message}"),
            severity=fault.severity,
            clause=rule.clause if rule else None,
            region=entry.region,
            suggestion=fault.suggestion,
        )


def _cleared(books: Books) -> set[tuple[int, str, str]]:
    cards = books.people("attachment-4")
    return {
        (line.sheet.position, _UNAPPROVED, line.path("approval"))
        for line in books.lines("attachment-1")
        if (found := approval_form(line, cards)) and found[1]
    }


def _order(finding: Finding) -> tuple[int, int]:
    if finding.path.startswith("records["):
        return 1, int(finding.path[8 : finding.path.index("]")])
    return (0, 0) if finding.path.startswith("header") else (2, 0)


def merge_findings(*groups: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings of all groups in order, each code and path once.

    The first finding of a code and path stands; it takes over a region, clause or suggestion that it lacks and the
    heavier severity. A column that a file lacks altogether (``column-missing``) is said once, not again as F-5 of
    every row.
    """
    merged: dict[tuple[str, str], Finding] = {}
    missing: set[str] = set()
    for group in groups:
        for finding in group:
            if finding.code == _COLUMN_MISSING:
                missing.add(finding.path.partition("].")[2])
            elif missing and finding.code == _REQUIRED and finding.path.partition("].")[2] in missing:
                continue
            key = finding.code, finding.path
            earlier = merged.get(key)
            merged[key] = finding if earlier is None else _joined(earlier, finding)
    return tuple(merged.values())


def _joined(one: Finding, other: Finding) -> Finding:
    return replace(
        one,
        severity=max(one.severity, other.severity, key=_WEIGHT.__getitem__),
        clause=one.clause or other.clause,
        region=one.region or other.region,
        suggestion=one.suggestion or other.suggestion,
    )


def _merged_by_document(found: Sequence[SetFinding]) -> tuple[SetFinding, ...]:
    by_document: dict[int, list[Finding]] = {}
    for item in found:
        by_document.setdefault(item.document, []).append(item.finding)
    return tuple(
        SetFinding(document, finding)
        for document in sorted(by_document)
        for finding in merge_findings(sorted(by_document[document], key=_order))
    )


def default_settings(records: Sequence[Record], today: dt.date) -> CheckSettings:
    """Settings for records whose campaign nobody named.

    The year is the one that most of the records' 填报日期 (填表日期) name, the later of two that are named equally
    often, and ``today``'s where none is stated; the report day is ``today``.
    """
    years = Counter(year for record in records if (year := _year_filled(record)))
    year = max(years, key=lambda item: (years[item], item)) if years else today.year
    return CheckSettings(year=year, report_day=today)


def _year_filled(record: Record) -> int | None:
    for entries in (record.header, *record.rows[:1]):
        entry: Entry | None = entries.get("filled_on")
        value = entry.value if entry is not None else None
        if isinstance(value, str) and value[:4].isdigit() and len(value) >= len("2026-08"):
            return int(value[:4])
    return None
