"""Records and returned files against the plan's rules, alone and together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from forms.catalogue import Catalogue
from forms.checking import check_document, check_together, merge_findings
from forms.finding import Finding, Severity
from forms.record import Record
from forms.rules.base import CheckedDocument, CheckSet, CheckSettings
from service.settings import Settings


@dataclass(frozen=True, slots=True)
class SourcedRecord:
    """A record with the file it came from, its number in that file and what reading it already found."""

    record: Record
    source: str
    number: int = 0
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class SourcedFinding:
    """A finding of one document of a set."""

    source: str
    number: int
    form: str
    finding: Finding


def check_settings(settings: Settings, records: Sequence[Record], today: dt.date | None = None) -> CheckSettings:
    """The rules' settings of this installation: the year set, else the forms' own 填报日期, else this year."""
    day = today or dt.date.today()  # noqa: DTZ011  # the office's own calendar day decides
    year = settings.year or _year_of(records) or day.year
    return CheckSettings(
        year=year,
        report_day=day,
        packs=settings.rule_packs,
        single_leader_layer=settings.single_leader_layer,
    )


def _year_of(records: Sequence[Record]) -> int | None:
    for record in records:
        for entries in (record.header, *record.rows[:1]):
            entry = entries.get("filled_on")
            if entry and isinstance(entry.value, str) and entry.value[:4].isdigit():
                return int(entry.value[:4])
    return None


def check_records(
    sources: Sequence[SourcedRecord], catalogue: Catalogue, settings: Settings, today: dt.date | None = None
) -> tuple[SourcedFinding, ...]:
    """All findings: those of reading, of each document by itself, and of the set, each named once."""
    rules = check_settings(settings, [item.record for item in sources], today)
    documents = tuple(
        CheckedDocument(item.record, catalogue.find(item.record.form, item.record.edition), item.source)
        for item in sources
    )
    gathered = [
        merge_findings(item.findings, check_document(document, rules))
        for item, document in zip(sources, documents, strict=True)
    ]
    if len(documents) > 1:
        for found in check_together(CheckSet(documents, rules)):
            gathered[found.document] = merge_findings(gathered[found.document], (found.finding,))
    return tuple(
        SourcedFinding(item.source, item.number, item.record.form, finding)
        for item, findings in zip(sources, gathered, strict=True)
        for finding in findings
    )


def has_errors(findings: Sequence[SourcedFinding]) -> bool:
    """Whether anything must be put right."""
    return any(item.finding.severity is Severity.ERROR for item in findings)
