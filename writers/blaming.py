"""Which words of a record a form cannot carry: those that its own reader would take for a label, a sum or a guide.

``备注`` as somebody's name, ``同上`` as a reason: legal data, and yet the filled form would say something else to
whoever reads it. There is no list of such words. A file that did not read back as its data is made again with neutral
words, and then with half of the words that were asked for, until those are found that made the difference.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from forms.definition import FormDefinition
from forms.record import Entry, MarkKind, Record

NEUTRAL = "某某"
MOST_TRIALS = 400
"""Files made in one search; each holds :data:`CHUNK` persons at most."""
CHUNK = 50
MOST_NAMED = 10
_FREE = frozenset({"text", "unit", "name"})
"""Types of fields that take any words."""

Carries = Callable[[Record], bool]


@dataclass(frozen=True, slots=True)
class Place:
    """Where words of a record stand: in the header, in a row (from zero), or in the ``mark``-th mark of the record."""

    path: str
    text: str
    key: str
    row: int | None = None
    mark: int | None = None


class _SpentError(Exception):
    """Enough files were made."""


class _Search:
    def __init__(self, carries: Carries) -> None:
        self._carries = carries
        self._trials = 0
        self._keep: list[Place] = []

    def find(self, record: Record, places: Sequence[Place]) -> list[Place]:
        """The places whose words the form cannot carry; none where the fault is not in these words."""
        if self._can(record, places, places):
            return []
        if not self._can(record, places, ()):
            return []
        return self._blame(record, places, places)

    def _blame(self, record: Record, places: Sequence[Place], suspects: Sequence[Place]) -> list[Place]:
        if len(suspects) == 1:
            return list(suspects)
        middle = len(suspects) // 2
        found: list[Place] = []
        for half in (suspects[:middle], suspects[middle:]):
            if not self._can(record, places, half):
                found += self._blame(record, places, half)
        return found or list(suspects)

    def _can(self, record: Record, places: Sequence[Place], kept: Sequence[Place]) -> bool:
        if self._trials >= MOST_TRIALS:
            raise _SpentError
        self._trials += 1
        return self._carries(_neutral(record, set(places) - set(kept)))


def words_not_carried(definition: FormDefinition, record: Record, carries: Carries) -> tuple[Place, ...]:
    """The words because of which a record does not come back from its file, at most :data:`MOST_NAMED` of them.

    Args:
        definition: the form.
        record: what was asked.
        carries: makes a file of a record and says whether it reads back.

    Returns:
        The places, none where the words are not at fault.
    """
    search = _Search(carries)
    found: list[Place] = []
    try:
        for start in range(0, max(len(record.rows), 1), CHUNK):
            part = _neutral(replace(record, rows=record.rows[start : start + CHUNK]), set(found))
            found += [_moved(place, start) for place in search.find(part, list(_places(definition, part)))]
            if len(found) >= MOST_NAMED:
                break
    except _SpentError:
        pass
    return tuple(found[:MOST_NAMED])


def _places(definition: FormDefinition, record: Record) -> Iterator[Place]:
    for field in definition.header:
        entry = record.header.get(field.key)
        if field.type.name in _FREE and entry is not None and _is_wordy(entry):
            yield Place(f"header.{field.key}", str(entry.value), field.key)
    for number, mark in enumerate(record.marks):
        if mark.kind in (MarkKind.OPINION, MarkKind.SIGNATURE) and mark.text.strip():
            yield Place(f"marks.{mark.key}.{mark.kind}", mark.text, mark.key, mark=number)
    for index, row in enumerate(record.rows):
        for field in definition.fields:
            entry = row.get(field.key)
            if field.type.name in _FREE and entry is not None and _is_wordy(entry):
                yield Place(f"records[{index}].{field.key}", str(entry.value), field.key, index)


def _is_wordy(entry: Entry) -> bool:
    return isinstance(entry.value, str) and entry.value.strip() not in ("", NEUTRAL)


def _neutral(record: Record, places: set[Place]) -> Record:
    """The record with neutral words in these places."""
    calm = Entry(NEUTRAL, NEUTRAL)
    header = dict(record.header)
    rows = [dict(row) for row in record.rows]
    marks = list(record.marks)
    for place in places:
        if place.mark is not None:
            marks[place.mark] = replace(marks[place.mark], text=NEUTRAL)
        elif place.row is None:
            header[place.key] = calm
        elif place.row < len(rows):
            rows[place.row][place.key] = calm
    return replace(record, header=header, rows=tuple(rows), marks=tuple(marks))


def _moved(place: Place, by: int) -> Place:
    if place.row is None or not by:
        return place
    return replace(place, row=place.row + by, path=f"records[{place.row + by}].{place.key}")
