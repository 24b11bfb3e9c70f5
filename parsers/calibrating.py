"""What a confidence of the scan reader is worth: how often such readings were right, and which of them a person sees.

A recogniser's probabilities are opinions. ``calibration.json`` beside this file holds counts from returned paper with
known truth (``bench/calibrate.py``, seeds below 900): for each kind of value, how many readings of each confidence
there were and how many of them were wrong. From the counts come the confidence that is reported (0.99: 99 of 100 are
right) and the confidence below which a value goes to a person, so that no more than the wanted share of all values is
wrong in silence. Hands and faxes are counted by themselves: a recogniser that is as sure of them as of print is wrong
more often there, and what it makes of them says nothing of a scan. Doubts that have another cause (a seal, a stroke
through it, a rule that fails) stay doubts.
"""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_right
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path

from forms.definition import FormDefinition
from forms.finding import Finding, Severity
from forms.record import Entry, Extraction, Origin, Record

SILENT_RATE = 0.0002
"""Share of all values that may be wrong with nobody told, where an installation sets nothing else."""
LEAST_RIGHT = 0.95
"""No reading is taken unseen of whose like fewer were right."""
OPINION = 10.0
"""Readings that an engine's own probability is worth beside those that were counted."""
COUNTS = Path(__file__).with_name("calibration.json")
AUDIT = "audit-sample"
KINDS: Mapping[str, str] = {
    "id_number": "number",
    "credit_code": "number",
    "phone": "number",
    "ordinal": "figures",
    "integer": "figures",
    "money": "figures",
    "compensation": "figures",
    "day": "figures",
    "month": "figures",
    "coded": "list",
    "yes_no": "list",
    "name": "name",
}
"""Field type -> kind of value whose readings are counted together; every other type counts as text."""
OTHER = "text"
CLEAN, WORN = "clean", "worn"
"""What the pages were: print that was scanned, copied or photographed; hands and faxes."""
MORE_WORN = 10
"""Times the wanted share that may be wrong in silence on a worn page: 0.2 % are wanted for hands, 0.02 % for print."""


@dataclass(frozen=True, slots=True)
class Bin:
    """Readings whose confidence is at least ``least`` and below the next bin's."""

    least: float
    readings: int
    wrong: int


@dataclass(frozen=True)
class Curve:
    """The counts of one kind, by rising confidence."""

    bins: tuple[Bin, ...]

    @cached_property
    def _right(self) -> tuple[float, ...]:
        """The share that is right of each bin, never falling: neighbours that fall are counted together.

        (Pool adjacent violators. The engine's own opinion counts as :data:`OPINION` readings more in each bin, so that
        few readings prove neither that none nor that all of their like are wrong.)
        """
        pools: list[tuple[float, float, int]] = []
        ends = [*(one.least for one in self.bins[1:]), 1.0]
        for one, end in zip(self.bins, ends, strict=True):
            opinion = 1.0 - (one.least + end) / 2
            pools.append((one.readings + OPINION, one.wrong + OPINION * opinion, 1))
            while len(pools) > 1 and pools[-2][1] / pools[-2][0] < pools[-1][1] / pools[-1][0]:
                (n1, e1, k1), (n2, e2, k2) = pools[-2:]
                pools[-2:] = [(n1 + n2, e1 + e2, k1 + k2)]
        return tuple(1.0 - wrong / readings for readings, wrong, count in pools for _ in range(count))

    def worth(self, confidence: float) -> float:
        """The share of readings of this confidence that were right."""
        place = bisect_right([one.least for one in self.bins], confidence) - 1
        return self._right[max(0, place)]

    def least_sure(self, silent_rate: float) -> float:
        """The confidence from which readings are taken unseen so that ``silent_rate`` of all are wrong in silence."""
        allowed = silent_rate * sum(one.readings for one in self.bins)
        passed = 0
        least = 1.01
        for one, right in zip(reversed(self.bins), reversed(self._right), strict=True):
            passed += one.wrong
            if passed > allowed or right < LEAST_RIGHT:
                break
            least = one.least
        return least


@lru_cache(maxsize=1)
def curves() -> Mapping[tuple[str, str], Curve]:
    """The counts by what the page was and by kind."""
    stored = json.loads(COUNTS.read_text(encoding="utf-8"))
    return {
        (page, kind): Curve(tuple(Bin(*one) for one in bins))
        for page in (CLEAN, WORN)
        for kind, bins in stored[page].items()
    }


def kind_of(type_name: str) -> str:
    """The kind under which readings of a field type are counted."""
    return KINDS.get(type_name, OTHER)


@dataclass(frozen=True, slots=True)
class Care:
    """How careful an installation is.

    ``silent_rate`` is the share of values that may be wrong with nobody told; ``None`` leaves confidences as the
    engines gave them (for those who count). ``audit_rate`` is the share of values taken unseen that a person sees all
    the same, drawn by chance, to learn how often they are wrong.
    """

    silent_rate: float | None = SILENT_RATE
    audit_rate: float = 0.0


def calibrate(
    extraction: Extraction, definition: FormDefinition, care: Care, source: str, worn: Collection[int] = ()
) -> Extraction:
    """The extraction with confidences that mean what they say, and every value that needs a person marked.

    ``source`` names the file (its hash): the same file always gives the same audit sample. ``worn`` are the pages by
    hand and those of a fax; a value of which no page is known is taken for one of them where there are any.
    """
    record, findings = extraction.record, list(extraction.findings)
    if care.silent_rate is None or not is_scanned(record):
        return extraction
    rate = care.silent_rate

    def weigh(prefix: str, row: Mapping[str, Entry], type_of: Callable[[str], str]) -> dict[str, Entry]:
        fresh = {}
        for key, entry in row.items():
            is_worn = bool(worn) and (entry.region is None or entry.region.page in worn)
            curve = curves()[WORN if is_worn else CLEAN, kind_of(type_of(key))]
            one = _weighed(entry, curve, rate * MORE_WORN if is_worn else rate)
            if _is_drawn(one, f"{source}{prefix}{key}", care.audit_rate):
                one = replace(one, review=True)
                findings.append(
                    Finding(AUDIT, f"{prefix}{key}", "抽查:此值已确认可靠,随机抽出请人工核对", Severity.INFO)
                )
            fresh[key] = one
        return fresh

    def header_type(key: str) -> str:
        field = definition.header_field(key)
        return field.type.name if field else OTHER

    def row_type(key: str) -> str:
        field = definition.field(key)
        return field.type.name if field else OTHER

    header = weigh("header.", record.header, header_type)
    rows = tuple(weigh(f"records[{place}].", row, row_type) for place, row in enumerate(record.rows))
    return replace(extraction, record=replace(record, header=header, rows=rows), findings=tuple(findings))


def is_scanned(record: Record) -> bool:
    """Whether some value of a record was recognised from a picture."""
    return any(entry.origin is Origin.OCR for row in (record.header, *record.rows) for entry in row.values())


def _weighed(entry: Entry, curve: Curve, silent_rate: float) -> Entry:
    if entry.origin is not Origin.OCR or entry.confidence is None or entry.value is None or entry.value == "":
        return entry
    worth = round(curve.worth(entry.confidence), 4)
    needs_person = entry.review or entry.confidence < curve.least_sure(silent_rate)
    return replace(entry, confidence=worth, review=needs_person)


def _is_drawn(entry: Entry, name: str, audit_rate: float) -> bool:
    if audit_rate <= 0 or entry.review or entry.origin is not Origin.OCR:
        return False
    drawn = int.from_bytes(hashlib.sha256(name.encode()).digest()[:6], "big") / 2**48
    return drawn < audit_rate


def count(outcomes: Sequence[tuple[str, float, bool]], edges: Sequence[float]) -> dict[str, list[list[float]]]:
    """Counts for ``calibration.json`` from (kind, confidence, exact) of readings that nothing else cast doubt on."""
    kinds = sorted({kind for kind, _, _ in outcomes} | {*KINDS.values(), OTHER})
    table: dict[str, list[list[float]]] = {}
    for kind in kinds:
        bins = [[edge, 0, 0] for edge in edges]
        for own, confidence, exact in outcomes:
            if own == kind:
                one = bins[max(0, bisect_right(edges, confidence) - 1)]
                one[1] += 1
                one[2] += not exact
        table[kind] = bins
    return table
