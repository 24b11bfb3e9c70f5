"""Signatures, seals, dates and opinions of the named boxes against the truth."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from forms.rules.units import is_same_unit
from samples.paper.endorsing import MarkTruth
from samples.paper.returned import Truth


@dataclass(frozen=True, slots=True)
class MarkOutcome:
    """One part of a named box: what stands there, what was read, and whether a person is sent to look."""

    condition: str
    form: str
    seed: int
    wanted: MarkTruth
    present: bool | None
    text: str
    unit: str | None
    value: str | None
    is_flagged: bool

    @property
    def is_hit(self) -> bool:
        """There is one, and it was seen."""
        return self.wanted.present and self.present is True

    @property
    def is_unit_read(self) -> bool:
        """Whose seal it is was told rightly, by the unit it was matched to or by its words."""
        return self.is_hit and any(name and is_same_unit(name, self.wanted.text) for name in (self.unit, self.text))

    @property
    def is_right(self) -> bool:
        """All that was said of it is true; a seal's unit need not have been read."""
        if (self.present is True) != self.wanted.present:
            return False
        match self.wanted.kind:
            case "date":
                return self.value == self.wanted.value
            case "opinion":
                return "".join(self.text.split()) == self.wanted.text
            case "seal" if self.wanted.present:
                return self.unit is None or is_same_unit(self.unit, self.wanted.text)
            case _:
                return True

    @property
    def is_silent(self) -> bool:
        """Wrong, or the seal of a unit that has no business there, and nobody is told."""
        return (not self.is_right or self.wanted.is_wrong) and not self.is_flagged

    def to_plain(self) -> dict[str, Any]:
        """As a JSON line."""
        return {
            "condition": self.condition,
            "form": self.form,
            "seed": self.seed,
            "place": f"marks.{self.wanted.key}.{self.wanted.kind}",
            "wanted": self.wanted.value or self.wanted.text or self.wanted.present,
            "is_wrong_unit": self.wanted.is_wrong,
            "got": self.value or self.unit or self.text or self.present,
            "review": self.is_flagged,
            "right": self.is_right,
            "silent": self.is_silent,
        }


def score_marks(condition: str, seed: int, truth: Truth, reading: Mapping[str, Any]) -> Iterator[MarkOutcome]:
    """The outcome of every part of every named box of a paper."""
    documents = [found for found in reading["documents"] if found["form"] == truth.form]
    found = {(mark["key"], mark["kind"]): mark for item in reversed(documents) for mark in item["marks"]}
    said = {finding["path"] for item in documents for finding in item["findings"] if finding["severity"] != "info"}
    is_refused = reading["status"] != "read" and not documents
    for wanted in truth.marks:
        mark: Mapping[str, Any] = found.get((wanted.key, wanted.kind), {})
        yield MarkOutcome(
            condition,
            truth.form,
            seed,
            wanted,
            mark.get("present"),
            mark.get("text") or "",
            mark.get("unit"),
            mark.get("value"),
            bool(mark.get("review")) or is_refused or _is_said(wanted, mark, said),
        )


def _is_said(wanted: MarkTruth, mark: Mapping[str, Any], said: set[str]) -> bool:
    """A rule that speaks of the place sends a person there, if what it saw is what is wrong."""
    is_missing = wanted.present and mark.get("present") is not True
    return (is_missing or wanted.is_wrong) and f"marks.{wanted.key}.{wanted.kind}" in said
