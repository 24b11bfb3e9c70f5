"""The documents of a check set as one, and persons found again across them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property

from forms.rules.base import CheckSet, CheckSettings
from forms.rules.units import is_same_unit, plain_name
from forms.rules.view import Line, Sheet


def birth_month(line: Line) -> str:
    """``YYYY-MM`` by the identity number, else as stated; ``""`` when neither is certain."""
    number = line.identity
    if number:
        return f"{number[6:10]}-{number[10:12]}"
    return line.text("birth_month")[:7]


def is_likely_same(one: Line, other: Line) -> bool:
    """Whether two lines, at least one without a valid identity number, may be the same person.

    Same name, and the same month of birth; where a form states no birth, the same unit.
    """
    if one.identity and other.identity:
        return False
    if not one.text("name") or one.text("name") != other.text("name"):
        return False
    births = birth_month(one), birth_month(other)
    return births[0] == births[1] if all(births) else is_same_unit(one.unit, other.unit)


class People:
    """An index of lines by person."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self.lines = tuple(lines)
        self.by_identity: defaultdict[str, list[Line]] = defaultdict(list)
        self.by_name: defaultdict[str, list[Line]] = defaultdict(list)
        self._unnumbered: defaultdict[str, list[Line]] = defaultdict(list)
        for line in self.lines:
            number, name = line.identity, line.text("name")
            if number:
                self.by_identity[number].append(line)
            if name:
                self.by_name[name].append(line)
            if name and not number:
                self._unnumbered[name].append(line)

    def matches(self, line: Line) -> Iterator[tuple[Line, bool]]:
        """The other lines of the same person, each with whether the identity number says so."""
        number = line.identity
        if number:
            yield from ((found, True) for found in self.by_identity.get(number, ()) if found is not line)
        # Two valid numbers tell two people apart, however many have the name
        for found in (self._unnumbered if number else self.by_name).get(line.text("name"), ()):
            if found is not line and is_likely_same(line, found):
                yield found, False

    def holds(self, line: Line) -> bool:
        """Whether the person stands in this index."""
        return next(self.matches(line), None) is not None


class Books:
    """The documents that are checked together."""

    def __init__(self, check_set: CheckSet) -> None:
        self.settings: CheckSettings = check_set.settings
        self.extra = check_set.extra
        self.sheets = tuple(
            Sheet(document, check_set.settings, position) for position, document in enumerate(check_set.documents)
        )

    def of(self, *forms: str) -> tuple[Sheet, ...]:
        """The documents of the named forms."""
        return tuple(sheet for sheet in self.sheets if sheet.form in forms)

    def lines(self, *forms: str) -> Iterator[Line]:
        """The persons of the named forms."""
        return (line for sheet in self.of(*forms) for line in sheet.rows)

    def people(self, *forms: str) -> People:
        """An index over the named forms, built once."""
        if forms not in self._people:
            self._people[forms] = People(self.lines(*forms))
        return self._people[forms]

    @cached_property
    def _people(self) -> dict[tuple[str, ...], People]:
        return {}

    def by_unit(self, *forms: str) -> dict[str, list[Sheet]]:
        """The documents of the named forms by reporting unit as first written; those without one are left out."""
        found: dict[str, list[Sheet]] = {}
        written: dict[str, str] = {}
        for sheet in self.of(*forms):
            if unit := sheet.header.text("unit"):
                found.setdefault(written.setdefault(plain_name(unit), unit), []).append(sheet)
        return found

    def covered(self, form: str) -> frozenset[str]:
        """The plain names of the units that a form in the set speaks for: who reports it, and whose persons it has."""
        sheets = self.of(form)
        names = {sheet.header.text("unit") for sheet in sheets} | {x.text("unit") for s in sheets for x in s.rows}
        return frozenset(plain_name(name) for name in names if name)

    def said(self, key: str) -> str | None:
        """What the caller told beside the documents; ``None`` when nothing."""
        return self.extra.get(key)

    def names(self, key: str) -> tuple[str, ...]:
        """A list told beside the documents, separated by line breaks, 、 or commas."""
        text = self.extra.get(key, "")
        for mark in "、,,;;":
            text = text.replace(mark, "\n")
        return tuple(part.strip() for part in text.splitlines() if part.strip())
