"""What a rule is: a small function over one record, or over the records of one unit, that returns findings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from forms.definition import FormDefinition
from forms.finding import Finding
from forms.record import Record


@dataclass(frozen=True, slots=True)
class CheckSettings:
    """What the rules take from outside: the campaign's year, the day of the check, the packs that are on.

    ``year`` is the campaign year (forms-reference §0.1: it is a parameter). ``report_day`` is the day against which
    "expired" is judged. ``units`` are known full names of units, empty when no directory was given. ``packs`` names
    the rule packs in force: ``S1`` (the plan), ``S2`` (the county's speech, off by default), ``L``, ``F``, ``X``.
    """

    year: int
    report_day: dt.date
    packs: frozenset[str] = frozenset({"F", "L", "S1", "X"})
    units: tuple[str, ...] = ()
    single_leader_layer: bool = False
    minimum_wage: float | None = None


@dataclass(frozen=True, slots=True)
class CheckedDocument:
    """A record with its definition and a name by which findings of a set can say which document they mean."""

    record: Record
    definition: FormDefinition
    source: str = ""


@dataclass(frozen=True, slots=True)
class CheckSet:
    """The documents that are checked together (the forms of one unit)."""

    documents: tuple[CheckedDocument, ...]
    settings: CheckSettings
    extra: dict[str, str] = field(default_factory=dict)

    def of(self, forms: Iterable[str]) -> Sequence[CheckedDocument]:
        """The documents of the named forms."""
        wanted = set(forms)
        return [item for item in self.documents if item.record.form in wanted]


@dataclass(frozen=True, slots=True)
class SetFinding:
    """A finding of a check set: ``document`` is the index of the document that its path addresses."""

    document: int
    finding: Finding
