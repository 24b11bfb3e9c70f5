"""The one table of rights: roles by actions, each cell saying over whose things and under which conditions.

The notation of a cell: ``O`` the own unit, ``B`` the own unit and all under it, ``A`` all, ``own`` what one made
oneself, ``-`` nothing; then ``m`` masked, ``s`` statistics only, ``2`` a second person confirms (``u``: one of a unit
above), ``^`` signed in anew within five minutes, ``p`` may propose, ``c`` may create, ``a`` may approve, ``d`` drafts
only, ``t`` test data only, ``k`` only kinds of form named in :data:`KINDS`.

Source: the access-control matrix of the security design (§3), 26 actions; the last block adds what every service has.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """Roles of people; each account has one of them, so that the three administrators are three people."""

    LIAISON = "liaison"
    DEPARTMENT = "department"
    ORGANIZATION = "organization"
    HR = "hr"
    FINANCE = "finance"
    TEMPLATES = "templates"
    SYSTEM = "system"
    SECURITY = "security"
    AUDITOR = "auditor"

    @property
    def label(self) -> str:
        """The role in Chinese."""
        return TITLES[self]


TITLES: Mapping[Role, str] = {
    Role.LIAISON: "单位联络员",
    Role.DEPARTMENT: "主管部门",
    Role.ORGANIZATION: "区委组织部",
    Role.HR: "区人社局",
    Role.FINANCE: "区财政局",
    Role.TEMPLATES: "模板管理员",
    Role.SYSTEM: "系统管理员",
    Role.SECURITY: "安全管理员",
    Role.AUDITOR: "审计员",
}
OF_UNIT = frozenset({Role.LIAISON, Role.DEPARTMENT})
"""Roles that say nothing without a unit."""
ADMINISTRATORS = frozenset({Role.SYSTEM, Role.SECURITY, Role.AUDITOR})


class Action(StrEnum):
    """What can be done. Routes name one of these (:mod:`service.access.routes`)."""

    LIST_PERSONS = "list-persons"
    BASIC_FIELDS = "basic-fields"
    PLAIN_IDS = "plain-ids"
    POLITICAL_FIELDS = "political-fields"
    PAY_FIELDS = "pay-fields"
    TOTALS = "totals"
    UPLOAD = "upload"
    SEE_FILE = "see-file"
    EDIT = "edit"
    IMPORT = "import"
    CONFIRM_IMPORT = "confirm-import"
    SUBMIT = "submit"
    DECIDE = "decide"
    TRANSFER = "transfer"
    DELETE = "delete"
    FILL = "fill"
    PUBLISH_TEMPLATE = "publish-template"
    EXPORT_MASKED = "export-masked"
    EXPORT_PLAIN = "export-plain"
    OWN_JOBS = "own-jobs"
    ALL_JOBS = "all-jobs"
    USERS_AND_UNITS = "users-and-units"
    ROLES_AND_RULES = "roles-and-rules"
    OPERATE = "operate"
    QUARANTINE = "quarantine"
    AUDIT = "audit"
    # What every service has
    REFERENCE = "reference"
    SEE_UNITS = "see-units"
    OWN_ACCOUNT = "own-account"


class Reach(StrEnum):
    """Over whose things a right goes."""

    NOTHING = "-"
    SELF = "own"
    UNIT = "O"
    BELOW = "B"
    ALL = "A"


@dataclass(frozen=True, slots=True)
class Right:
    """One cell of the matrix."""

    reach: Reach = Reach.NOTHING
    masked: bool = False
    statistics: bool = False
    second: bool = False
    second_above: bool = False
    step_up: bool = False
    proposes: bool = False
    creates: bool = False
    approves: bool = False
    drafts: bool = False
    tests: bool = False
    by_kind: bool = False

    @property
    def is_given(self) -> bool:
        """Whether there is a right at all."""
        return self.reach is not Reach.NOTHING


FLAGS: Mapping[str, str] = {
    "m": "masked",
    "s": "statistics",
    "2": "second",
    "u": "second_above",
    "^": "step_up",
    "p": "proposes",
    "c": "creates",
    "a": "approves",
    "d": "drafts",
    "t": "tests",
    "k": "by_kind",
}

KINDS: Mapping[Role, frozenset[str]] = {
    Role.FINANCE: frozenset({"attachment-2", "attachment-3", "attachment-5"}),
}
"""The kinds of form that a role may see where its cell says ``k``: the finance office those that tell of pay.

For the personnel office the design excepts kinds that only 区委组织部 may see; none of the five forms is one.
"""

_ROLES = tuple(Role)
_CELLS: Mapping[Action, str] = {
    # action                     C     D     Z     R     F     T     S     Q     J
    Action.LIST_PERSONS: "       O     B     A     A     Am    -     -     -     -  ",
    Action.BASIC_FIELDS: "       O     B     A     A     A     -     -     -     -  ",
    Action.PLAIN_IDS: "          O^    B^    A^    A^    -     -     -     -     -  ",
    Action.POLITICAL_FIELDS: "   Om    Bm    A^    -     -     -     -     -     -  ",
    Action.PAY_FIELDS: "         O     B     A     A     A     -     -     -     -  ",
    Action.TOTALS: "             Os    Bs    As    As    As    -     -     -     -  ",
    Action.UPLOAD: "             O     B     A     A     A     -     -     -     -  ",
    Action.SEE_FILE: "           O     B     A     A     Ak    -     -     -     -  ",
    Action.EDIT: "               O     B     A     A     -     -     -     -     -  ",
    Action.IMPORT: "             O     B     A     A     -     -     -     -     -  ",
    Action.CONFIRM_IMPORT: "     O2u   B2    A2    A2    -     -     -     -     -  ",
    Action.SUBMIT: "             O     B     -     -     -     -     -     -     -  ",
    Action.DECIDE: "             -     B     A     A     Ak    -     -     -     -  ",
    Action.TRANSFER: "           Op    B2    A2    A2    -     -     -     -     -  ",
    Action.DELETE: "             Od    B2    A2    A2    -     -     -     -     -  ",
    Action.FILL: "               O     B     A     A     A     At    -     -     -  ",
    Action.PUBLISH_TEMPLATE: "   -     -     -     -     -     A2    -     -     -  ",
    Action.EXPORT_MASKED: "      O     B     A     A     A     -     -     -     -  ",
    Action.EXPORT_PLAIN: "       O2^   B2^   A2^   A2^   -     -     -     -     -  ",
    Action.OWN_JOBS: "           own   own   own   own   own   own   -     -     -  ",
    Action.ALL_JOBS: "           -     -     -     -     -     -     A     -     -  ",
    Action.USERS_AND_UNITS: "    -     Bp    -     -     -     -     Ac    A2a   -  ",
    Action.ROLES_AND_RULES: "    -     -     -     -     -     -     -     A2    -  ",
    Action.OPERATE: "            -     -     -     -     -     -     A^    -     -  ",
    Action.QUARANTINE: "         own   own   own   own   own   -     -     A^    -  ",
    Action.AUDIT: "              -     -     -     -     -     -     -     -     A  ",
    Action.REFERENCE: "          A     A     A     A     A     A     A     A     A  ",
    Action.SEE_UNITS: "          O     B     A     A     A     -     A     A     -  ",
    Action.OWN_ACCOUNT: "        own   own   own   own   own   own   own   own   own",
}


def right_of(cell: str) -> Right | None:
    """The right that a cell says; ``None`` for what is no cell."""
    for reach in (Reach.SELF, Reach.UNIT, Reach.BELOW, Reach.ALL):
        if cell.startswith(reach.value):
            signs = cell.removeprefix(reach.value)
            known = len(set(signs)) == len(signs) and set(signs) <= FLAGS.keys()
            return Right(reach, **{FLAGS[sign]: True for sign in signs}) if known else None
    return Right() if cell == Reach.NOTHING else None


def cell_of(right: Right) -> str:
    """The cell that says a right."""
    return right.reach.value + "".join(sign for sign, name in FLAGS.items() if getattr(right, name))


def _right(cell: str) -> Right:
    found = right_of(cell)
    if found is None:
        raise ValueError(f"{cell!r} is no cell of the matrix")
    return found


MATRIX: Mapping[Action, Mapping[Role, Right]] = {
    action: dict(zip(_ROLES, map(_right, cells.split()), strict=True)) for action, cells in _CELLS.items()
}
"""The usual rights; those in force may differ, see :mod:`service.access.policy`."""
EVERYTHING = Right(Reach.ALL)
