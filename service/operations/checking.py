"""Records and returned files against the plan's rules, alone and together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from forms.catalogue import Catalogue
from forms.checking import check_all, default_settings, merge_findings
from forms.finding import Finding, Severity
from forms.record import Record
from forms.rules.base import CheckedDocument, CheckSet, CheckSettings
from service.operations.units import known_to, office_day
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


def check_settings(
    settings: Settings, records: Sequence[Record], today: dt.date | None = None, *, units: Sequence[str] = ()
) -> CheckSettings:
    """The rules' settings of this installation: the year set, else the forms' own 填报日期, else this year.

    ``units`` are the names that the directory of units knows on that day; without any, no name is compared with it.
    """
    found = default_settings(records, today or office_day())
    return replace(
        found,
        units=tuple(units),
        year=settings.year or found.year,
        packs=settings.rule_packs,
        single_leader_layer=settings.single_leader_layer,
    )


def check_records(
    sources: Sequence[SourcedRecord], catalogue: Catalogue, settings: Settings, today: dt.date | None = None
) -> tuple[SourcedFinding, ...]:
    """All findings: those of reading, of each document by itself, and of the set, each named once."""
    units = known_to(settings, today)
    rules = check_settings(settings, [item.record for item in sources], today, units=units)
    documents = tuple(
        CheckedDocument(item.record, catalogue.readable(item.record.form, item.record.edition), item.source)
        for item in sources
    )
    checked: list[list[Finding]] = [[] for _ in sources]
    for found in check_all(CheckSet(documents, rules)):
        checked[found.document].append(found.finding)
    return tuple(
        SourcedFinding(item.source, item.number, item.record.form, finding)
        for item, findings in zip(sources, checked, strict=True)
        for finding in merge_findings(item.findings, findings)
    )


def has_errors(findings: Sequence[SourcedFinding]) -> bool:
    """Whether anything must be put right."""
    return any(item.finding.severity is Severity.ERROR for item in findings)
