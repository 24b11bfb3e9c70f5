"""Which fields a person sees: what the rows of the matrix that speak of fields come to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from service.access.errors import ForbiddenError, StepUpNeededError
from service.access.matrix import Action
from service.access.policy import NUMBERS, policy
from service.access.principal import Principal
from service.store.submissions import ROW_STEPS

HIDDEN = "已隐藏"
_GROUPS = {Action.POLITICAL_FIELDS: "political", Action.PAY_FIELDS: "pay"}


@dataclass(frozen=True, slots=True)
class Sight:
    """The keys of fields whose values a person does not see in lists, and those not even in a file's reading."""

    in_lists: frozenset[str] = frozenset()
    in_files: frozenset[str] = frozenset()


def sight_of(principal: Principal | None) -> Sight:
    """What a person does not see.

    In lists a group of fields is hidden where the right is missing, masked, or asks for a proof of identity that is
    older than five minutes. A file is seen as it is by whoever may see files and numbers; who may see files and no
    numbers sees its reading without them.
    """
    if principal is None or principal.is_desk:
        return Sight()
    groups = policy().groups
    hidden: frozenset[str] = groups["hidden"]
    never: frozenset[str] = frozenset()
    for action, name in _GROUPS.items():
        keys = groups[name]
        right = principal.right(action)
        if not right.is_given or right.masked or (right.step_up and not principal.is_fresh):
            hidden |= keys
        if not right.is_given and not principal.right(Action.PLAIN_IDS).is_given:
            never |= keys
    return Sight(hidden, never if principal.right(Action.PLAIN_IDS).is_given else never | NUMBERS)


def require_plain(principal: Principal, action: Action) -> None:
    """Stop who may not see whole numbers, or not without proving anew who they are.

    Raises:
        ForbiddenError: no such right.
        StepUpNeededError: the proof of identity is older than five minutes.
    """
    right = principal.right(action)
    if not right.is_given:
        raise ForbiddenError
    if right.step_up and not principal.is_fresh:
        raise StepUpNeededError


def blurred(body: dict[str, Any], keys: frozenset[str]) -> dict[str, Any]:
    """A file's reading without the values of those keys: what was written there, and what it could be, go too."""
    if not keys or "documents" not in body:
        return body
    documents = [
        {
            **item,
            "header": _without(item["header"], keys),
            "records": [_without(row, keys) for row in item["records"]],
            "unplaced": [],
        }
        for item in body["documents"]
    ]
    return {**body, "documents": documents}


def _without(entries: Mapping[str, Any], keys: frozenset[str]) -> dict[str, Any]:
    return {key: hidden_entry(entry) if key in keys else entry for key, entry in entries.items()}


def hidden_entry(entry: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """An entry that says only that there is one."""
    if entry is None:
        return None
    shown = HIDDEN if entry.get("value") not in (None, "") else entry.get("value")
    return {**entry, "value": shown, "text": HIDDEN if entry.get("text") else "", "code": None, "candidates": []}


def blurred_steps(steps: list[dict[str, Any]], keys: frozenset[str]) -> list[dict[str, Any]]:
    """The history of a file without the values of those keys."""
    if not keys:
        return steps
    return [{**step, "before": _side(step, "before", keys), "after": _side(step, "after", keys)} for step in steps]


def _side(step: Mapping[str, Any], name: str, keys: frozenset[str]) -> Any:  # noqa: ANN401  # an ENTRY, a row, or a state
    """What a step made or what was before it: one value, or all values of a row that was added or taken out."""
    side = step[name]
    if step["action"] in ROW_STEPS and isinstance(side, Mapping):
        return _without(side, keys)
    return hidden_entry(side) if str(step["path"]).rpartition(".")[2] in keys else side
