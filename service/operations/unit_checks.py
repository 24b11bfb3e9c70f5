"""What must hold in the district's tree as a list of units would leave it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from forms.finding import Finding
from forms.rules import units as names
from service.operations.unit_columns import ALIAS, KIND, NAME, PARENT
from service.operations.unit_faults import fault
from service.operations.unit_rows import ListRow
from service.store.units import LEADING, Unit, UnitKind

Tree = Mapping[str, Unit]
Paths = Mapping[str, tuple[str, ListRow]]
"""The place in the list of each unit that it names, by the unit's id."""

_LIKELY = {
    names.UnitKind.HEADQUARTERS: frozenset({UnitKind.HEADQUARTERS}),
    names.UnitKind.COMPANY: frozenset({UnitKind.GROUP, UnitKind.SUBORDINATE}),
    names.UnitKind.TOWN: frozenset({UnitKind.TOWN, UnitKind.ZONE}),
    names.UnitKind.DEPARTMENT: LEADING | {UnitKind.DEPARTMENT, UnitKind.SUBORDINATE, UnitKind.ZONE},
    names.UnitKind.SUBORDINATE: frozenset({UnitKind.SUBORDINATE, UnitKind.DEPARTMENT, UnitKind.ZONE}),
}
"""The kinds that go with what a name looks like."""


def check_tree(tree: Tree, paths: Paths, today: dt.date) -> Iterator[Finding]:
    """What is wrong with the units that a list names, each by itself and among the others of the tree."""
    for identity, (path, row) in paths.items():
        unit = tree[identity]
        yield from _alone(unit, path, row)
        yield from _placed(unit, tree, path, row, today)
    yield from _codes(tree, paths)
    yield from _names(tree, paths, today)
    yield from _leading(tree, paths, today)


def _alone(unit: Unit, path: str, row: ListRow) -> Iterator[Finding]:
    likely = names.kind_of(unit.name)
    if unit.kind not in _LIKELY.get(likely, {unit.kind}):
        words = {"name": unit.name, "likely": likely.value, "kind": unit.kind.label}
        yield fault("unit-kind-unlikely", f"{path}.{KIND}", row.region(KIND), **words)
    approved, filled = unit.posts_approved, unit.posts_filled
    if approved is not None and filled is not None and filled > approved:
        where = f"{path}.posts_filled"
        yield fault("unit-posts-over", where, row.region("posts_filled"), filled=filled, approved=approved)


def _placed(unit: Unit, tree: Tree, path: str, row: ListRow, today: dt.date) -> Iterator[Finding]:
    where, region = f"{path}.{PARENT}", row.region(PARENT)
    if unit.parent_id is None:
        if unit.kind is UnitKind.SUBORDINATE and unit.lives_on(today):
            yield fault("unit-parent-missing", where, region, name=unit.name)
        return
    above = _above(unit, tree)
    if above[-1] == unit.id:
        yield fault("unit-parent-cycle", where, region, names="→".join(tree[one].name for one in (unit.id, *above)))
    elif unit.lives_on(today) and not tree[unit.parent_id].lives_on(today):
        yield fault("unit-parent-ended", where, region, parent=tree[unit.parent_id].name)


def _above(unit: Unit, tree: Tree) -> list[str]:
    """The ids of all that a unit stands under, from below; one that comes again is the last."""
    chain: list[str] = []
    at = unit.parent_id
    while at is not None:
        seen = at in chain
        chain.append(at)
        if seen or at == unit.id:
            break
        at = tree[at].parent_id
    return chain


def _codes(tree: Tree, paths: Paths) -> Iterator[Finding]:
    """A credit code is one unit's."""
    owners: dict[str, list[Unit]] = {}
    for unit in tree.values():
        owners.setdefault(unit.credit_code, []).append(unit)
    for identity, (path, row) in paths.items():
        code = tree[identity].credit_code
        other = next((one for one in owners[code] if one.id != identity), None)
        if code and other is not None:
            key = "credit_code"
            yield fault("unit-code-taken", f"{path}.{key}", row.region(key), number=code, other=other.name)


def _names(tree: Tree, paths: Paths, today: dt.date) -> Iterator[Finding]:
    """Each name means one unit: full names always, others while they hold."""
    full: dict[str, list[Unit]] = {}
    alike: dict[str, list[Unit]] = {}
    called: dict[str, list[tuple[Unit, str, str]]] = {}
    for unit in tree.values():
        full.setdefault(unit.name, []).append(unit)
        if unit.lives_on(today):
            alike.setdefault(names.plain_name(unit.name), []).append(unit)
        called.setdefault(unit.name, []).append((unit, today.isoformat(), unit.ended_on))
        for alias in unit.aliases:
            called.setdefault(alias.name, []).append((unit, alias.valid_from, alias.valid_to))
    for identity, (path, row) in paths.items():
        unit = tree[identity]
        where, region = f"{path}.{NAME}", row.region(NAME)
        if len(full[unit.name]) > 1:
            yield fault("unit-name-taken", where, region, name=unit.name)
            continue
        twin = next((one for one in alike.get(names.plain_name(unit.name), ()) if one.id != identity), None)
        if twin is not None and unit.lives_on(today):
            yield fault("unit-alike", where, region, name=unit.name, other=twin.name)
        for alias in unit.aliases:
            for other, first, last in called[alias.name]:
                if other.id != identity and alias.overlaps(first, last):
                    key = ALIAS if ALIAS in row.columns else NAME
                    words = {"alias": alias.name, "other": other.name}
                    yield fault("unit-alias-taken", f"{path}.{key}", row.region(key), **words)


def _leading(tree: Tree, paths: Paths, today: dt.date) -> Iterator[Finding]:
    """There is one of each of the three offices that lead."""
    for kind in LEADING:
        living = [unit for unit in tree.values() if unit.kind is kind and unit.lives_on(today)]
        for unit in living:
            if len(living) > 1 and unit.id in paths:
                path, row = paths[unit.id]
                other = next(one for one in living if one.id != unit.id)
                yield fault("unit-office-twice", f"{path}.{KIND}", row.region(KIND), kind=kind.label, other=other.name)
