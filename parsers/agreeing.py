"""Values read from paper against each other: what one field says of another confirms a reading, or casts doubt on it.

An ID number holds the birth and the sex, two days give the months between them, rows are numbered and counted. Where
such a claim fails on a scanned page a reading may be wrong, whichever it is: all that the claim is about goes to a
person, with the value it asks for among the candidates. Where it holds, readings that were hardly doubted need no
person: two misreadings that agree by chance are far rarer than one that was rightly doubted. Only values that came
from OCR are touched; what a file says in letters is judged by the rules alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from forms import identity
from forms.finding import Finding
from forms.record import Entry, Extraction, Origin, Value
from forms.rules import periods
from parsers.calibrating import is_scanned

CONFIRMED_FROM = 0.6
"""A reading at least this sure is confirmed by a claim that holds."""
CONFIRMED = 0.995
"""How sure a confirmed reading is."""
TWIN_BELOW = 0.985
"""A text less sure than this is doubted beside one like it in the same column."""
POOR = 0.9
"""A name less sure than this is shown as the one that it nearly is, where that stands oftener."""
TELLING = frozenset("一二三四五六七八九十东南西北中上下前后大小老新甲乙丙丁0123456789")
"""Characters by which names of units differ that are not one."""
LEAST_TWIN = 4
"""Characters of a text that is compared with others."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What one value says of others.

    ``about`` are keys of a row (or of the header); ``of`` gives from their values, in that order, the values that the
    last of them may have, nothing when the claim does not apply. ``proves`` says that agreement is no accident.
    """

    about: tuple[str, ...]
    of: Callable[..., frozenset[Value]]
    proves: bool = True


def _birth_month(number: str, _: str) -> frozenset[Value]:
    born = identity.birth_of(number)
    return frozenset({f"{born:%Y-%m}"} if born else ())


def _sex(number: str, _: str) -> frozenset[Value]:
    is_number = bool(identity.ID_NUMBER.fullmatch(number)) and identity.birth_of(number) is not None
    return frozenset({identity.sex_of(number)} if is_number else ())


def _exact_months(start: str, end: str, months: float) -> frozenset[Value]:
    """The months of a period that ends a day before the day it began on; nothing for any other."""
    due = _months(start, end, months)
    return due if len(due) == 1 else frozenset()


def _months(start: str, end: str, _: float) -> frozenset[Value]:
    first, last = _day(start), _day(end)
    if first is None or last is None:
        return frozenset()
    whole = periods.whole_months(first, last)
    exact = whole and periods.last_day(first, whole) == last
    return frozenset({whole} if exact else {whole, whole + 1})


def _age(filled: str, born: str, _: float) -> frozenset[Value]:
    day, month = _day(filled), _day(f"{born}-01")
    if day is None or month is None:
        return frozenset()
    years = day.year - month.year
    return frozenset({years, years - 1})


def _order(first: str, second: str) -> frozenset[Value]:
    """The second day as it stands when it is no earlier than the first, else nothing that it could be."""
    return frozenset({second if first[:7] <= second[:7] else None})


ROW_CLAIMS = (
    Claim(("id_number", "birth_month"), _birth_month),
    Claim(("id_number", "sex"), _sex, proves=False),
    Claim(("start_date", "end_date", "months"), _exact_months),
    Claim(("start_date", "end_date", "months"), _months, proves=False),
    Claim(("filled_on", "birth_month", "age"), _age, proves=False),
    Claim(("start_date", "end_date"), _order, proves=False),
    Claim(("contract_start", "contract_end"), _order, proves=False),
    Claim(("term_start", "term_end"), _order, proves=False),
    Claim(("birth_month", "work_start"), _order, proves=False),
    Claim(("birth_month", "hired_on"), _order, proves=False),
    Claim(("hired_on", "dismissed_on"), _order, proves=False),
)
HEADER_CLAIMS = (
    Claim(
        ("dismissed_total", "retained_total", "before_total"),
        lambda gone, kept, _: frozenset({gone + kept}),
    ),
)
COUNTS = {"attachment-1": "total", "attachment-2": "dismissed_total", "attachment-3": "retained_total"}
"""The header's figure that counts the rows; attachment-5 counts by ``total`` too."""
TWIN_KEYS = frozenset({
    "unit", "lending_unit", "lending_supervisor", "borrowing_unit", "borrowing_supervisor", "contract_party",
    "department", "dispatch_agency",
})  # fmt: skip
"""Columns in which the same few names stand again and again."""


def agree(extraction: Extraction) -> Extraction:
    """The extraction with its scanned values confirmed or doubted by what they say of each other."""
    record = extraction.record
    if not is_scanned(record):
        return extraction
    weighing = _Weighing(dict(record.header), [dict(row) for row in record.rows], _objections(extraction.findings))
    weighing.run(record.form)
    return replace(extraction, record=replace(record, header=weighing.header, rows=tuple(weighing.rows)))


def _objections(findings: Sequence[Finding]) -> frozenset[str]:
    """The paths of values of which something else than a low confidence is doubtful."""
    return frozenset(found.path for found in findings)


def _is_scanned(entry: Entry | None) -> bool:
    return entry is not None and entry.origin is Origin.OCR


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


@dataclass
class _Weighing:
    """The values of one document while they are weighed; ``objections`` are paths that no claim can confirm."""

    header: dict[str, Entry]
    rows: list[dict[str, Entry]]
    objections: frozenset[str]

    def run(self, form: str) -> None:
        """Weighs all claims; what is doubted by one is confirmed by none."""
        self._doubted: set[str] = set()
        confirmed: list[str] = []
        for place, row in enumerate(self.rows):
            whole = {**self.header, **row}
            for claim in ROW_CLAIMS:
                confirmed += self._weigh(claim, whole, f"records[{place}].", row.keys())
        for claim in HEADER_CLAIMS:
            confirmed += self._weigh(claim, self.header, "header.", self.header.keys())
        confirmed += self._numbered()
        confirmed += self._counted(form)
        for path in confirmed:
            if path not in self._doubted and path not in self.objections:
                self._set(path, _confirmed(self._get(path)))
        for key in sorted(TWIN_KEYS):
            self._part_twins(key)

    def _place(self, path: str) -> tuple[dict[str, Entry], str]:
        holder, _, key = path.partition(".")
        return (self.header, key) if holder == "header" else (self.rows[int(holder[8:-1])], key)

    def _get(self, path: str) -> Entry:
        row, key = self._place(path)
        return row[key]

    def _set(self, path: str, entry: Entry) -> None:
        row, key = self._place(path)
        row[key] = entry

    def _doubt(self, path: str, candidates: Sequence[str]) -> None:
        entry = self._get(path)
        fresh = tuple(text for text in candidates if text not in entry.candidates and text != entry.text)
        self._doubted.add(path)
        self._set(path, entry.doubted(*fresh))

    def _weigh(self, claim: Claim, values: Mapping[str, Entry], prefix: str, own: Collection[str]) -> list[str]:
        """Doubts what a claim that fails is about; the paths of what one that holds confirms."""
        entries = [values[key] for key in claim.about if key in values and not values[key].is_blank]
        scanned = [f"{prefix if key in own else 'header.'}{key}" for key in claim.about if _is_scanned(values.get(key))]
        if len(entries) < len(claim.about) or not scanned:
            return []
        stated = [entry.value for entry in entries]
        if any(_is_wrong_kind(key, value) for key, value in zip(claim.about, stated, strict=True)):
            return []
        due = claim.of(*stated)
        if not due:
            return []
        if stated[-1] in due:
            return scanned if claim.proves else []
        for path in scanned:
            is_asked = path.endswith(f".{claim.about[-1]}")
            self._doubt(path, sorted(str(value) for value in due if value is not None) if is_asked else ())
        return []

    def _numbered(self) -> list[str]:
        """Rows that are numbered from one: a number out of turn is doubted, one in turn confirmed."""
        if not self.rows or not all(_is_scanned(row.get("no")) for row in self.rows):
            return []
        right = [row["no"].value == place for place, row in enumerate(self.rows, start=1)]
        if sum(right) * 2 <= len(right):
            return []
        for place, fits in enumerate(right):
            if not fits:
                self._doubt(f"records[{place}].no", (str(place + 1),))
        return [f"records[{place}].no" for place, fits in enumerate(right) if fits]

    def _counted(self, form: str) -> list[str]:
        confirmed = []
        for key in sorted({"total", COUNTS.get(form, "total")} & self.header.keys()):
            entry, rows = self.header[key], len(self.rows)
            if not _is_scanned(entry) or entry.is_blank or not rows:
                continue
            if entry.value == rows:
                confirmed.append(f"header.{key}")
            else:
                self._doubt(f"header.{key}", (str(rows),))
        return confirmed

    def _part_twins(self, key: str) -> None:
        """A name that differs by one character from one that stands oftener goes to a person, if it is not sure."""
        entries = [row[key] for row in self.rows if key in row]
        names = [entry.value for entry in (*entries, self.header.get("unit", Entry(None)))]
        texts = [name for name in names if isinstance(name, str)]
        filled_by = self.header.get("unit", Entry(None))
        sure = filled_by.value if (filled_by.confidence or 0.0) >= TWIN_BELOW else None
        for place, row in enumerate(self.rows):
            entry = row.get(key)
            if entry is None or not _is_scanned(entry) or not isinstance(entry.value, str) or entry.is_blank:
                continue
            if len(entry.value) < LEAST_TWIN or (entry.confidence or 0.0) >= TWIN_BELOW:
                continue
            often = texts.count(entry.value)
            twins = {other for other in texts if _differ_by_one(entry.value, other) and texts.count(other) >= often}
            if twins:
                self._doubt(f"records[{place}].{key}", sorted(twins))
                self._propose(row, key, {twin for twin in twins if texts.count(twin) > often or twin == sure})

    def _propose(self, row: dict[str, Entry], key: str, twins: Collection[str]) -> None:
        """Shows a poorly read name as the one that stands oftener, or is that of the unit itself; a person looks."""
        entry = row[key]
        if len(twins) != 1 or (entry.confidence or 0.0) >= POOR or not isinstance(entry.value, str):
            return
        (twin,) = twins
        if any(a in TELLING or b in TELLING for a, b in zip(entry.value, twin, strict=True) if a != b):
            return
        candidates = (entry.value, *(text for text in entry.candidates if text != twin))
        row[key] = replace(entry, value=twin, review=True, candidates=candidates)


def _is_wrong_kind(key: str, value: Value) -> bool:
    """Whether a value is none that a claim can be made of: a text where a figure is due."""
    is_figure = key in ("months", "age") or key.endswith("_total")
    return isinstance(value, bool) or isinstance(value, int | float) is not is_figure


def _confirmed(entry: Entry) -> Entry:
    """The entry as sure as its proof, if it was hardly doubted."""
    confidence = entry.confidence
    if confidence is None or confidence < CONFIRMED_FROM or entry.value is None:
        return entry
    return replace(entry, confidence=max(confidence, CONFIRMED), review=False)


def _differ_by_one(name: str, other: str) -> bool:
    return len(other) == len(name) and sum(a != b for a, b in zip(name, other, strict=True)) == 1
