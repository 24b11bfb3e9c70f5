"""The rights and masks in force: the program's own table, and what an installation's file changes of it.

The file (``HZFORMS_RIGHTS_FILE``) is TOML. ``[rights.<action>]`` gives a role another cell, in the notation of
:mod:`service.access.matrix`; ``[fields]`` says of the key of a field who sees it in lists::

    [rights.export-masked]
    finance = "-"

    [fields]
    ethnicity = "political"

It is read once, at the start, and a fault in it stops the start. What it may not touch are :data:`LOCKED` actions, and
the wall between administrators and people.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from forms.catalogue import Catalogue
from service.access.matrix import ADMINISTRATORS, FLAGS, MATRIX, Action, Reach, Right, Role, cell_of, right_of
from service.problems import SettingsError

POLITICAL = frozenset({"political_status"})
PAY = frozenset({"monthly_wage", "compensation", "funding", "social_insurance", "post_category", "classified_post"})
NUMBERS = frozenset({"id_number", "phone", "contact_phone"})
LOCKED = frozenset({Action.AUDIT, Action.OWN_ACCOUNT, Action.ROLES_AND_RULES, Action.OPERATE, Action.USERS_AND_UNITS})
"""Actions whose cells no file changes: the audit trail is the auditor's, and nobody makes himself what he is not."""
WITHOUT_PEOPLE = frozenset(
    {
        Action.OWN_JOBS,
        Action.ALL_JOBS,
        Action.QUARANTINE,
        Action.REFERENCE,
        Action.SEE_UNITS,
        Action.PUBLISH_TEMPLATE,
        *LOCKED,
    }
)
"""Actions that show nothing of people: what administrators may be given."""
GROUPS = ("open", "political", "pay", "hidden")
"""Who sees a field in lists: everybody who sees the list, who has the right to the group, or nobody."""
_REACHES = (Reach.NOTHING, Reach.SELF, Reach.UNIT, Reach.BELOW, Reach.ALL)
_NARROWS = ("masked", "statistics", "second", "second_above", "step_up", "proposes", "drafts", "tests", "by_kind")


@dataclass(frozen=True, slots=True)
class Policy:
    """What is in force. ``groups`` are the fields of each group; ``changes`` say in Chinese what differs from usual."""

    matrix: Mapping[Action, Mapping[Role, Right]] = field(default_factory=lambda: MATRIX)
    groups: Mapping[str, frozenset[str]] = field(
        default_factory=lambda: {"political": POLITICAL, "pay": PAY, "hidden": frozenset()}
    )
    changes: tuple[str, ...] = ()

    @property
    def exporters(self) -> frozenset[Role]:
        """Roles that may export whole identity numbers."""
        return frozenset(role for role in Role if self.matrix[Action.EXPORT_PLAIN][role].is_given)


USUAL = Policy()
_IN_FORCE = [USUAL]


def policy() -> Policy:
    """What is in force in this process."""
    return _IN_FORCE[-1]


def put_in_force(chosen: Policy) -> None:
    """Go by this from now on."""
    _IN_FORCE[-1] = chosen


@contextmanager
def in_force(chosen: Policy) -> Iterator[None]:
    """Go by this for a while."""
    _IN_FORCE.append(chosen)
    try:
        yield
    finally:
        _IN_FORCE.pop()


def read_policy(path: Path | None) -> Policy:
    """The policy of a file; without one the usual.

    Raises:
        SettingsError: the file is not there, or something in it cannot be; all of its faults are named.
    """
    if path is None:
        return USUAL
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as fault:
        raise SettingsError(faults=f"HZFORMS_RIGHTS_FILE: {path.name}: {type(fault).__name__}: {fault}") from fault
    reading = _Reading()
    reading.take(content)
    if reading.faults:
        raise SettingsError(faults="; ".join(f"{path.name}: {fault}" for fault in reading.faults))
    return Policy(reading.matrix, reading.groups, tuple(reading.changes))


class _Reading:
    """A file on its way into a policy."""

    def __init__(self) -> None:
        self.matrix: dict[Action, dict[Role, Right]] = {action: dict(row) for action, row in MATRIX.items()}
        self.groups: dict[str, frozenset[str]] = dict(USUAL.groups)
        self.changes: list[str] = []
        self.faults: list[str] = []

    def take(self, content: Mapping[str, object]) -> None:
        self.faults += [
            f"[{name}] is neither rights nor fields" for name in content if name not in {"rights", "fields"}
        ]
        for name, cells in _table(content, "rights").items():
            if name not in set(Action):
                self.faults.append(f"[rights.{name}]: no such action")
            elif not isinstance(cells, Mapping):
                self.faults.append(f"[rights.{name}]: a table of roles is needed")
            else:
                for role, cell in cells.items():
                    self._take_cell(Action(name), str(role), cell)
        fields = _table(content, "fields")
        known = _keys() if fields else {}
        for key, group in fields.items():
            self._take_field(key, group, known)

    def _take_cell(self, action: Action, name: str, cell: object) -> None:
        place = f"[rights.{action}] {name}"
        if name not in set(Role):
            self.faults.append(f"{place}: no such role")
            return
        right = right_of(cell) if isinstance(cell, str) else None
        if right is None:
            self.faults.append(f"{place}: {cell!r} is no cell; one of {', '.join(_REACHES)}, then {''.join(FLAGS)}")
        elif action in LOCKED:
            self.faults.append(f"{place}: this action cannot be changed")
        elif right.is_given and Role(name) in ADMINISTRATORS and action not in WITHOUT_PEOPLE:
            self.faults.append(f"{place}: an administrator has no right over people and their files")
        else:
            self._enter(action, Role(name), right)

    def _enter(self, action: Action, role: Role, right: Right) -> None:
        before = MATRIX[action][role]
        if right == before:
            return
        self.matrix[action][role] = right
        how = "放宽" if _is_looser(right, before) else "收紧"
        self.changes.append(f"{how}:{action} × {role.label} {cell_of(before)} → {cell_of(right)}")

    def _take_field(self, key: str, group: object, known: Mapping[str, str]) -> None:
        if key not in known:
            self.faults.append(f"[fields] {key}: no form has this field")
        elif group not in GROUPS:
            self.faults.append(f"[fields] {key}: {group!r} is none of {', '.join(GROUPS)}")
        elif key in NUMBERS and group != "hidden":
            self.faults.append(f"[fields] {key}: numbers are always masked; it can only be hidden")
        else:
            before = next((name for name, keys in USUAL.groups.items() if key in keys), "open")
            if group != before:
                self.groups = {name: keys - {key} for name, keys in self.groups.items()}
                if group != "open":
                    self.groups[str(group)] |= {key}
                how = "放宽" if group == "open" or before == "hidden" else "收紧"
                self.changes.append(f"{how}:字段“{known[key]}” {before} → {group}")


def _table(content: Mapping[str, object], name: str) -> Mapping[str, object]:
    found = content.get(name, {})
    return found if isinstance(found, Mapping) else {}


def _keys() -> dict[str, str]:
    """The keys of all fields, with a label."""
    return {
        field.key: field.label
        for definition in Catalogue.load().definitions
        for field in (*definition.header, *definition.fields)
    }


def _is_looser(now: Right, before: Right) -> bool:
    """Whether a cell gives more in any respect: then it is told as loosened."""
    wider = _REACHES.index(now.reach) > _REACHES.index(before.reach)
    freer = before.is_given and any(getattr(before, name) and not getattr(now, name) for name in _NARROWS)
    return now.is_given and (wider or freer or now.approves > before.approves or now.creates > before.creates)
