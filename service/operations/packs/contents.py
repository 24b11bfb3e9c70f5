"""What goes into a pack, before any file is made of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from forms.consolidating import Consolidation, UnitReturn
from forms.definition import FormDefinition
from forms.finding import Severity
from forms.record import Record
from service.operations.packs.asked import Asked, PackEmptyError, PackIncompleteError
from writers.packing.manifest import Problem
from writers.reports.shapes import OpenFinding

MOST_TOLD = 500
SHOWN = 6
APPROVALS = "attachment-4"


@dataclass(frozen=True, slots=True)
class PackForm:
    """A roster: its record, and the documents that it was made from."""

    definition: FormDefinition
    record: Record
    sources: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class PackCard:
    """The approval form of one person; ``unit`` is the unit that handed it in."""

    definition: FormDefinition
    record: Record
    unit: str = ""
    sources: tuple[Mapping[str, Any], ...] = ()

    @property
    def person(self) -> str:
        """Whose it is."""
        entry = self.record.rows[0].get("name") if self.record.rows else None
        return str(entry.value or "") if entry is not None else ""


@dataclass(frozen=True, slots=True)
class PackScan:
    """A received original: which form it stands behind, its file in the store, and whose it is."""

    form: str
    document_id: str
    sha256: str
    name: str
    unit: str


@dataclass(frozen=True, slots=True)
class Lack:
    """Something that is missing (``missing``), not decided yet (``undecided``) or wrong (``error``)."""

    kind: str
    unit: str
    form: str
    message: str
    code: str = ""
    document: str = ""

    def to_plain(self) -> dict[str, str]:
        """As JSON."""
        names = ("kind", "unit", "form", "message", "code", "document")
        return {name: getattr(self, name) for name in names if getattr(self, name)}


@dataclass(frozen=True)
class Contents:
    """All of a pack. ``unit`` is who sends it; ``title``, ``year`` and ``deadline`` are the campaign's.

    ``findings`` are all that are open, of whatever severity; ``lacks`` what keeps the pack from being complete.
    """

    unit: str
    asked: Asked
    year: int
    title: str = ""
    deadline: str = ""
    units: int = 1
    contact: str = ""
    phone: str = ""
    forms: tuple[PackForm, ...] = ()
    cards: tuple[PackCard, ...] = ()
    scans: tuple[PackScan, ...] = ()
    lacks: tuple[Lack, ...] = ()
    findings: tuple[OpenFinding, ...] = ()
    consolidation: Consolidation | None = None
    problems: tuple[Problem, ...] = ()

    def require_complete(self) -> None:
        """Stop where something is missing or wrong and the pack was not asked for all the same.

        Raises:
            PackIncompleteError: with the list of what is missing or wrong.
            PackEmptyError: no form at all.
        """
        if self.lacks and not self.asked.options.with_errors:
            raise PackIncompleteError([item.to_plain() for item in self.lacks[:MOST_TOLD]], told(self.lacks))
        if not self.forms and not self.cards:
            raise PackEmptyError(reason_zh="没有已接收的表", reason_en="no form was accepted")


def told(lacks: Sequence[Lack]) -> str:
    """What is missing or wrong in one sentence: how much of each kind, and the first few."""
    figures = counted(lacks)
    first = ";".join(item.message for item in lacks[:SHOWN])
    more = "……" if len(lacks) > SHOWN else ""
    return f"{figures}({first}{more})"


def counted(lacks: Sequence[Lack]) -> str:
    """How much of each kind is missing or wrong."""
    counts = {kind: sum(item.kind == kind for item in lacks) for kind in KINDS}
    return "、".join(f"{KINDS[kind]}{count}项" for kind, count in counts.items() if count)


KINDS = {"missing": "缺报", "undecided": "未审结", "error": "错误未改"}


def lacks_of(consolidation: Consolidation, forms: Sequence[str]) -> list[Lack]:
    """The forms that are owed and missing, and the findings that are errors, of the forms of one recipient."""
    found = [_missing(item, consolidation) for item in consolidation.missing if item.form in forms]
    for item in consolidation.findings:
        if item.form not in forms or item.finding.severity is not Severity.ERROR:
            continue
        message = f"{item.unit}:{item.finding.message}" if item.unit else item.finding.message
        found.append(Lack("error", item.unit, item.form, message, item.finding.code, item.document_id))
    return found


def _missing(item: UnitReturn, consolidation: Consolidation) -> Lack:
    definition = consolidation.forms[item.form].definition
    return Lack("missing", item.unit, item.form, f"{item.unit}未报附件{definition.number}", "not-received")
