"""The rows of many forms of one kind as one list: by unit in tree order, each row once, numbered anew."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter

from forms.consolidating.shapes import RowSource, SourceForm, UnitNode
from forms.consolidating.tree import UnitTree
from forms.definition import FormDefinition
from forms.record import Entry, Origin, Row
from forms.rules.units import is_same_unit, plain_name

USING_UNIT = {"attachment-1": "borrowing_unit"}
"""The field that names the unit of a row, where it is not ``unit``."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A form with its home in the tree."""

    source: SourceForm
    home: UnitNode


@dataclass(frozen=True, slots=True)
class Gathered:
    """All rows of one kind of form in their new order, where each comes from, and the forms they come from."""

    rows: tuple[Row, ...]
    sources: tuple[RowSource, ...]
    forms: tuple[Placed, ...]


@dataclass(frozen=True, slots=True)
class _Group:
    """Where a row is sorted to: rank of the unit and place of a name that the tree does not have; and who it is."""

    place: tuple[int, int]
    unit: str
    unit_id: str | None


def sorted_forms(forms: Iterable[Placed], tree: UnitTree) -> tuple[Placed, ...]:
    """Forms by unit in tree order; those of one unit in the order given."""
    return tuple(
        sorted(
            forms,
            key=lambda item: tree.rank(item.home.id),  # stable: those of one unit stay as they come
        )
    )


def gather(definition: FormDefinition, forms: Sequence[Placed], tree: UnitTree, scope: frozenset[str]) -> Gathered:
    """The rows of ``forms`` (sorted) as one list. ``scope`` are the ids of the units whose names make groups.

    A row stands under the unit that it names, if that unit is in scope; a row that names none, or one outside, under
    the unit that reported it; a name that the tree does not have makes a group of its own behind that unit.
    """
    grouping = _Grouping(definition, tree, scope)
    found: list[tuple[tuple[int, int], int, int, _Group]] = []
    for number, placed in enumerate(forms):
        for line, row in enumerate(placed.source.record.rows):
            group = grouping.of(row, placed.home)
            found.append((group.place, number, line, group))
    found.sort(key=itemgetter(0, 1, 2))
    keys = {item.key for item in definition.fields}
    ordinals = tuple(item.key for item in definition.fields if item.calculated == "ordinal")
    rows: list[Row] = []
    sources: list[RowSource] = []
    for place, (_, number, line, group) in enumerate(found, start=1):
        placed = forms[number]
        numbered = dict.fromkeys(ordinals, Entry(place, str(place), origin=Origin.PREFILLED))
        row = placed.source.record.rows[line]
        known = row if row.keys() <= keys else {key: entry for key, entry in row.items() if key in keys}
        rows.append({**known, **numbered})
        sources.append(_source(group, number, line, placed))
    return Gathered(tuple(rows), tuple(sources), tuple(forms))


def _source(group: _Group, number: int, line: int, placed: Placed) -> RowSource:
    given = placed.source
    return RowSource(
        number, given.document_id, given.accepted_id, given.item, line, group.unit, group.unit_id, placed.home.name
    )


class _Grouping:
    """Which group a row belongs to; each name is looked up once."""

    def __init__(self, definition: FormDefinition, tree: UnitTree, scope: frozenset[str]) -> None:
        self._key = using_unit(definition.form)
        self._tree = tree
        self._scope = scope
        self._known: dict[tuple[str, str], _Group] = {}
        self._named: dict[str, _Group] = {}

    def of(self, row: Row, home: UnitNode) -> _Group:
        """The group of a row that ``home`` reported."""
        name = unit_named(row, self._key)
        known = self._known.get((home.id, name))
        if known is None:
            known = self._known[home.id, name] = self._look_up(name, home)
        return known

    def _look_up(self, name: str, home: UnitNode) -> _Group:
        at_home = _Group((self._tree.rank(home.id), 0), home.name, _id_of(home))
        if not name or is_same_unit(name, home.name):
            return at_home
        node = self._tree.find(name)
        if node is not None:
            return _Group((self._tree.rank(node.id), 0), node.name, _id_of(node)) if node.id in self._scope else at_home
        group = self._named.get(plain_name(name))
        if group is None:
            group = _Group((self._tree.rank(home.id), len(self._named) + 1), name, None)
            self._named[plain_name(name)] = group
        return group


def _id_of(node: UnitNode) -> str | None:
    """The id of a unit of the list; ``None`` for one that only a form names."""
    return node.id if node.listed else None


def using_unit(form: str) -> str:
    """The key of the field that names the unit of a row."""
    return USING_UNIT.get(form, "unit")


def unit_named(row: Row, key: str) -> str:
    """The unit that a row names, ``""`` where it names none."""
    entry = row.get(key)
    return "" if entry is None or entry.is_blank else str(entry.value)


def units_of_rows(forms: Iterable[Placed]) -> Iterator[tuple[str, str]]:
    """The names of units that rows give, each with the id of the unit that reported it, each once."""
    seen: set[tuple[str, str]] = set()
    for placed in forms:
        key = using_unit(placed.source.form)
        for row in placed.source.record.rows:
            pair = (unit_named(row, key), placed.home.id)
            if pair[0] and pair not in seen:
                seen.add(pair)
                yield pair
