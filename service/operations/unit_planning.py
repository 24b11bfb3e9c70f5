"""What a list of units would change in the district's tree, and what speaks against it. Nothing is stored here.

A row is the stored unit that has its credit code, else the one that has its full name, else a new one. What a row
leaves empty stays as it is; what no row names stays altogether.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from forms.finding import Finding, Severity
from forms.rules.units import full_names
from service.operations.unit_checks import check_tree
from service.operations.unit_columns import ALIAS, ALIAS_COLUMNS, KIND, NAME, PARENT, UNIT_COLUMNS
from service.operations.unit_faults import fault
from service.operations.unit_rows import ListRow, UnitList
from service.store.units import Alias, Unit, UnitKind

_LABELS = {column.key: column.label for column in (*ALIAS_COLUMNS, *UNIT_COLUMNS)}
_PLAIN_KEYS = tuple(column.key for column in UNIT_COLUMNS if column.key not in {NAME, KIND, PARENT})
_NUMBERS = frozenset({"posts_approved", "posts_filled", "posts_borrowed"})
_MOST_SUGGESTED = 30


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one unit: before (``None``: it is new), after, and each difference as label, old and new text."""

    before: Unit | None
    after: Unit
    differences: tuple[tuple[str, str, str], ...]

    @property
    def action(self) -> str:
        """``new``, ``changed`` or ``same``."""
        if self.before is None:
            return "new"
        return "changed" if self.differences else "same"


@dataclass(frozen=True, slots=True)
class Plan:
    """What a list would do. With an error among the findings nothing of it may be done."""

    changes: tuple[Change, ...]
    findings: tuple[Finding, ...]
    kept: int
    """Units of the tree that the list does not name; they stay as they are."""

    @property
    def is_good(self) -> bool:
        """Whether no finding is an error."""
        return not any(finding.severity is Severity.ERROR for finding in self.findings)

    @property
    def digest(self) -> str:
        """Tells two plans apart that would do different things."""
        done = [(change.after.name, change.action, change.differences) for change in self.changes]
        return hashlib.sha256(json.dumps([done, self.is_good], ensure_ascii=False).encode()).hexdigest()


def plan_units(listed: UnitList, known: Sequence[Unit], today: dt.date) -> Plan:
    """What the list would change in the tree of the units ``known``, on that day."""
    planner = _Planner(known, today)
    for index, row in enumerate(listed.units):
        planner.enter(index, row)
    planner.take_names()
    for index, row in enumerate(listed.units):
        planner.hang(index, row)
    for index, row in enumerate(listed.aliases):
        planner.name(index, row)
    found = [*listed.findings, *planner.findings, *check_tree(planner.tree, planner.paths, today)]
    changes = tuple(planner.changes())
    return Plan(changes, tuple(found), sum(unit.id not in planner.touched for unit in known))


class _Planner:
    """The tree as it will be, row by row. ``paths`` gives the row of each unit that the list names."""

    def __init__(self, known: Sequence[Unit], today: dt.date) -> None:
        self._known = {unit.id: unit for unit in known}
        self._today = today
        self.tree = dict(self._known)
        self.findings: list[Finding] = []
        self.paths: dict[str, tuple[str, ListRow]] = {}
        self._owners: dict[int, str] = {}
        self._by_name = {unit.name: unit for unit in known}
        self._by_code = {unit.credit_code: unit for unit in known if unit.credit_code}
        self._by_alias = {name: unit for unit in known for name in unit.names_on(today)[1:]}
        self._new_names: dict[str, Unit] = {}
        self._near: dict[str, str | None] = {}
        self._wanted: dict[str, list[str]] = {}
        """The ids of the units that a name or code may mean, full names first."""
        self._alias_rows: dict[tuple[str, str], int] = {}
        self.touched: dict[str, None] = {}

    def _say(self, code: str, path: str, row: ListRow, key: str, **words: object) -> None:
        self.findings.append(fault(code, f"{path}.{key}", row.region(key), None, **words))

    def enter(self, index: int, row: ListRow) -> None:
        """The unit of a row, with all that it says but its place in the tree."""
        path, name = f"units[{index}]", row.text(NAME)
        if not name:
            self._say("unit-name-missing", path, row, NAME)
            return
        before, is_clear = self._before(path, row, name)
        if not is_clear:
            return
        unit = self._changed(path, row, before or self._new(path, row, name))
        if unit is None:
            return
        other = self.paths.get(unit.id)
        if other is not None:
            self._say("unit-twice", path, row, NAME, name=name, other=other[1].number)
            return
        self.tree[unit.id] = unit
        self.paths[unit.id] = (path, row)
        self._owners[index] = unit.id
        self.touched[unit.id] = None

    def _before(self, path: str, row: ListRow, name: str) -> tuple[Unit | None, bool]:
        """The stored unit that a row means, and whether that is clear."""
        code = row.text("credit_code")
        by_code, by_name = self._by_code.get(code), self._by_name.get(name)
        if by_code and by_name and by_code.id != by_name.id:
            self._say("unit-two-matches", path, row, NAME, by_code=by_code.name, by_name=by_name.name)
            return None, False
        if by_name and code and by_name.credit_code and by_name.credit_code != code:
            words = {"name": name, "before": by_name.credit_code, "after": code}
            self._say("unit-code-changed", path, row, "credit_code", **words)
        found = by_code or by_name
        owner = self._by_alias.get(name)
        if owner and (found is None or found.id != owner.id):
            self._say("unit-is-alias", path, row, NAME, name=name, owner=owner.name)
            return None, False
        return found, True

    def _new(self, path: str, row: ListRow, name: str) -> Unit | None:
        kind = row.text(KIND)
        if not kind:
            self._say("unit-kind-missing", path, row, KIND)
            return None
        code = row.text("credit_code")
        unit = self._new_names.get(name) or self._new_names.get(code) or Unit(str(uuid.uuid4()), name, UnitKind(kind))
        self._new_names.update({key: unit for key in (name, code) if key})
        return unit

    def _changed(self, path: str, row: ListRow, unit: Unit | None) -> Unit | None:
        if unit is None or unit.id in self.paths:
            return unit
        values: dict[str, Any] = {NAME: row.text(NAME)}
        if KIND in row.values:
            if not row.text(KIND):
                self._say("unit-value-needed", path, row, KIND, label=_LABELS[KIND])
                return unit
            values[KIND] = UnitKind(row.text(KIND))
        for key in _PLAIN_KEYS:
            if key in row.values:
                value = row.values[key]
                values[key] = value if key in _NUMBERS else str(value or "")
        after = replace(unit, **values)
        if after.name != unit.name:
            after = self._renamed(path, row, unit, after)
        return after

    def _renamed(self, path: str, row: ListRow, before: Unit, after: Unit) -> Unit:
        """The old name stays known, to the day before the new one."""
        last = (self._today - dt.timedelta(days=1)).isoformat()
        self._say("unit-renamed", path, row, NAME, before=before.name, after=after.name, day=last)
        others = [alias for alias in before.aliases if alias.name not in {before.name, after.name}]
        return replace(after, aliases=(*others, Alias(before.name, "", last)))

    def hang(self, index: int, row: ListRow) -> None:
        """Put the unit of a row under the one that it names."""
        identity = self._owners.get(index)
        if identity is None or PARENT not in row.values:
            return
        wanted = row.text(PARENT)
        parent = self._find(wanted) if wanted else None
        if wanted and parent is None:
            where = f"units[{index}].{PARENT}"
            only = self._suggested(wanted)
            self.findings.append(fault("unit-parent-unknown", where, row.region(PARENT), only, parent=wanted))
            return
        self.tree[identity] = replace(self.tree[identity], parent_id=parent.id if parent else None)

    def _suggested(self, wanted: str) -> str | None:
        """The one unit that a misspelt name may mean; looked for a few times only, for it takes long."""
        if wanted not in self._near and len(self._near) < _MOST_SUGGESTED:
            near = full_names(wanted, tuple(unit.name for unit in self.tree.values()))
            self._near[wanted] = near[0] if len(near) == 1 else None
        return self._near.get(wanted)

    def take_names(self) -> None:
        """Make the names of the tree known, by which rows speak of other units."""
        for unit in self.tree.values():
            for text in {unit.name, unit.credit_code} - {""}:
                self._wanted.setdefault(text, []).append(unit.id)
        full = frozenset(self._wanted)
        for unit in self.tree.values():
            for text in unit.names_on(self._today)[1:]:
                if text not in full:
                    self._wanted.setdefault(text, []).append(unit.id)

    def _find(self, wanted: str) -> Unit | None:
        """The unit of a full name, a credit code or another name that holds today."""
        found = self._wanted.get(wanted, [])
        return self.tree[found[0]] if len(found) == 1 else None

    def name(self, index: int, row: ListRow) -> None:
        """Add another name to its unit, or change the days of one that it has."""
        path, owner = f"aliases[{index}]", self._find(row.text(NAME))
        if owner is None:
            self._say("unit-alias-owner", path, row, NAME, name=row.text(NAME))
            return
        text = row.text(ALIAS)
        if not text:
            self._say("unit-alias-missing", path, row, ALIAS)
            return
        if text == owner.name:
            self._say("unit-alias-own", path, row, ALIAS, alias=text)
            return
        if (other := self._alias_rows.setdefault((owner.id, text), row.number)) != row.number:
            self._say("unit-alias-twice", path, row, ALIAS, alias=text, other=other)
            return
        before = next((alias for alias in owner.aliases if alias.name == text), Alias(text))
        days = {key: row.text(key) for key in ("valid_from", "valid_to") if key in row.values}
        alias = replace(before, **days)
        if alias.valid_from and alias.valid_to and alias.valid_from > alias.valid_to:
            words = {"alias": text, "first": alias.valid_from, "last": alias.valid_to}
            self._say("unit-alias-days", path, row, "valid_from", **words)
        others = [item for item in owner.aliases if item.name != text]
        names = tuple(sorted((*others, alias), key=lambda item: (item.valid_from, item.name)))
        self.tree[owner.id] = replace(owner, aliases=names)
        self.paths.setdefault(owner.id, (path, row))
        self.touched[owner.id] = None

    def changes(self) -> Iterator[Change]:
        """Each unit that the list names, in its order."""
        for identity in self.touched:
            before, after = self._known.get(identity), self.tree[identity]
            yield Change(before, after, tuple(self._differences(before, after)))

    def _differences(self, before: Unit | None, after: Unit) -> Iterator[tuple[str, str, str]]:
        for key in (NAME, KIND, PARENT, *_PLAIN_KEYS):
            old, new = self._shown(before, key, self._known), self._shown(after, key, self.tree)
            if old != new:
                yield _LABELS[key], old, new
        old, new = "、".join(_alias_shown(before)), "、".join(_alias_shown(after))
        if old != new:
            yield _LABELS[ALIAS], old, new

    @staticmethod
    def _shown(unit: Unit | None, key: str, tree: dict[str, Unit]) -> str:
        if unit is None:
            return ""
        if key == KIND:
            return unit.kind.label
        if key == PARENT:
            return tree[unit.parent_id].name if unit.parent_id else ""
        value = getattr(unit, key)
        return "" if value is None else str(value)


def _alias_shown(unit: Unit | None) -> list[str]:
    if unit is None:
        return []
    shown = []
    for alias in sorted(unit.aliases, key=lambda item: (item.valid_from, item.name)):
        days = f"({alias.valid_from}至{alias.valid_to})" if alias.valid_from or alias.valid_to else ""
        shown.append(alias.name + days)
    return shown
