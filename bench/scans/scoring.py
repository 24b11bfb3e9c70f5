"""A reading against the truth, a field at a time: what is exact, what goes to a person, what is wrong in silence.

Values are compared as contract §2 defines them, exactly. A wrong value is *silent* unless its entry is marked for
review; a value that was lost is silent unless its entry, or a warning or error at its place, sends a person there.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from forms.definition import FormDefinition
from forms.record import Value
from samples.paper.returned import Truth

Plain = Mapping[str, Any]
ABSENT = "—absent—"
"""Stands for a value in an outcome where the reading has no such entry."""
_SAID = frozenset({"warning", "error"})
_ROWS = frozenset(
    {"pages-missing", "row-unclear", "page-unread", "page-shaded", "image-truncated", "page-stray", "column-missing"}
)
"""Findings that send a person to look for rows or columns that are not there."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One field of one paper. ``place`` is its path in the truth, ``type`` the name of its field type.

    ``is_flagged``: a person is sent to look. ``confidence`` is the entry's own.
    """

    condition: str
    form: str
    seed: int
    place: str
    key: str
    type: str
    wanted: Value
    got: Value
    text: str
    confidence: float | None
    is_flagged: bool

    @property
    def is_exact(self) -> bool:
        """The value is the true one, of the same kind. What is absent or unread is right for an empty cell."""
        if self.wanted == "":
            return self.got in ("", None, ABSENT)
        return isinstance(self.got, bool) == isinstance(self.wanted, bool) and self.got == self.wanted

    @property
    def is_silent(self) -> bool:
        """The one unforgivable fault."""
        return not self.is_exact and not self.is_flagged

    @property
    def is_form_only(self) -> bool:
        """Wrong by white space or by the width of a character (，for ,) alone."""
        return not self.is_exact and _bare(self.got) == _bare(self.wanted)

    @property
    def is_false_fill(self) -> bool:
        """Something was read in an empty cell, flagged or not."""
        return self.wanted == "" and not self.is_exact

    def to_plain(self) -> dict[str, Any]:
        """A JSON line for those who fit calibration: outcome and all that was known when it was read."""
        return {
            **{name: getattr(self, name) for name in self.__slots__ if name != "is_flagged"},
            "review": self.is_flagged,
            "exact": self.is_exact,
            "silent": self.is_silent,
        }


def _bare(value: Value) -> str:
    return "".join(unicodedata.normalize("NFKC", str(value)).split())


@dataclass(frozen=True, slots=True)
class Sheet:
    """Whose outcomes are made: names that stand in each of them."""

    condition: str
    seed: int
    definition: FormDefinition


def score(sheet: Sheet, truth: Truth, reading: Plain) -> list[Outcome]:
    """The outcome of every field of a paper, and of every field of rows that were invented."""
    documents = [found for found in reading["documents"] if found["form"] == truth.form]
    others = [found for found in reading["documents"] if found["form"] != truth.form]
    is_refused = reading["status"] != "read" and not documents and not others
    header = documents[0]["header"] if documents else {}
    rows: list[Plain] = [row for found in documents for row in found["records"]]
    said = [finding for found in documents for finding in found["findings"] if finding["severity"] in _SAID]
    places = frozenset(finding["path"] for finding in said)
    are_rows_doubted = is_refused or _are_rows_doubted(said)
    outcomes = list(_fields(sheet, "header", truth.header, header, places, is_said=is_refused))
    pairs = aligned(truth.records, rows)
    for index, row in enumerate(truth.records):
        at = pairs.get(index)
        found = rows[at] if at is not None else {}
        seen = frozenset(place.replace(f"records[{at}]", f"records[{index}]", 1) for place in places)
        outcomes += _fields(sheet, f"records[{index}]", row, found, seen, is_said=at is None and are_rows_doubted)
    for extra in sorted(set(range(len(rows))) - set(pairs.values())):
        nothing = dict.fromkeys(rows[extra], "")
        outcomes += _fields(sheet, f"records[+{extra}]", nothing, rows[extra], frozenset(), is_said=False)
    return outcomes


def _are_rows_doubted(said: Sequence[Plain]) -> bool:
    """Whether a person is told that rows may be missing: of pages or rows, or of a count that does not fit."""
    return any(item["code"] in _ROWS or item["path"] in {"records", "header.total"} for item in said)


def _fields(
    sheet: Sheet, path: str, wanted: Mapping[str, Value], found: Plain, said: frozenset[str], *, is_said: bool
) -> Iterator[Outcome]:
    """The outcomes of a row; ``is_said``: a person is told of the whole of it, ``said`` are the paths of findings."""
    for key, value in wanted.items():
        entry = found.get(key)
        kind = sheet.definition.header_field(key) if path == "header" else sheet.definition.field(key)
        place = f"{path}.{key}"
        is_lost = entry is None or entry["value"] in ("", None)
        yield Outcome(
            sheet.condition,
            sheet.definition.form,
            sheet.seed,
            place,
            key,
            kind.type.name if kind else "",
            value,
            ABSENT if entry is None else entry["value"],
            "" if entry is None else entry["text"],
            None if entry is None else entry["confidence"],
            bool(entry and entry["review"]) or is_said or (is_lost and value != "" and place in said),
        )


def aligned(wanted: Sequence[Mapping[str, Value]], found: Sequence[Plain]) -> dict[int, int]:
    """Which row that was found is which true one, order kept: the pairing with the most equal values."""
    alike = [[_alike(row, other) for other in found] for row in wanted]
    best = [[0.0] * (len(found) + 1) for _ in range(len(wanted) + 1)]
    for i in range(len(wanted) - 1, -1, -1):
        for j in range(len(found) - 1, -1, -1):
            pair = best[i + 1][j + 1] + alike[i][j] if alike[i][j] else 0.0
            best[i][j] = max(best[i + 1][j], best[i][j + 1], pair)
    pairs, i, j = {}, 0, 0
    while i < len(wanted) and j < len(found):
        if alike[i][j] and best[i][j] == best[i + 1][j + 1] + alike[i][j]:
            pairs[i] = j
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return pairs


def _alike(wanted: Mapping[str, Value], found: Plain) -> float:
    """How many values that are not empty are equal; a person's own count for more than what many share."""
    weights = {"id_number": 5.0, "name": 3.0, "no": 2.0}
    return sum(
        weights.get(key, 0.1)
        for key, value in wanted.items()
        if value != "" and key in found and found[key]["value"] == value
    )
