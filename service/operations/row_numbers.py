"""The numbers of rows through time: a row that was added or taken out moves those after it.

Every such step stands in the history (``row-added``, ``row-removed``), so that a value is found again by the number
that its row had at any time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from forms.finding import Finding
from service.store.submissions import ADDED, ROW_STEPS

ROW_PATH = re.compile(r"^documents\[(\d+)\]\.records\[(\d+)\]$")
_IN_ROW = re.compile(r"^((?:documents\[\d+\]\.)?records\[)(\d+)(\].*)$")
Origins = list[int | None]
"""For each row as it stands now the number that it had when it was read; ``None`` for one that a person added."""


@dataclass(frozen=True, slots=True)
class RowStep:
    """A row of a form that was added or taken out, by the number that it has or had right then."""

    number: int
    item: int
    row: int
    is_added: bool


def row_steps(steps: Iterable[Mapping[str, Any]]) -> list[RowStep]:
    """The steps of a history that moved rows since the file was last read, in their order."""
    found: list[RowStep] = []
    for step in steps:
        if step["action"] == "read" and not step["path"]:
            found.clear()
        match = ROW_PATH.match(step["path"]) if step["action"] in ROW_STEPS else None
        if match:
            found.append(RowStep(step["number"], int(match[1]), int(match[2]), step["action"] == ADDED))
    return found


def origins_of(steps: Iterable[RowStep], item: int, count: int) -> Origins:
    """Where the rows of a form stood when it was read with ``count`` rows."""
    origins: Origins = list(range(count))
    for step in steps:
        if step.item == item and step.is_added:
            origins.insert(step.row, None)
        elif step.item == item and step.row < len(origins):
            del origins[step.row]
    return origins


def row_now(steps: Iterable[RowStep], item: int, row: int, since: int) -> int | None:
    """The number now of a row that had ``row`` right after the step ``since``; ``None`` once it was taken out."""
    for step in steps:
        if step.number <= since or step.item != item:
            continue
        if step.is_added and step.row <= row:
            row += 1
        elif not step.is_added and step.row == row:
            return None
        elif not step.is_added and step.row < row:
            row -= 1
    return row


def rows_before(steps: Sequence[RowStep], item: int, row: int) -> list[tuple[int, int]]:
    """The numbers that a row of now has had, the latest first: each with the step from which on it had it.

    The last one is from step 0 where the row was read, and from its own step where it was added.
    """
    had: list[tuple[int, int]] = []
    for step in reversed(steps):
        if step.item != item:
            continue
        if step.is_added and step.row == row:
            return [*had, (step.number, row)]
        if step.row <= row:
            had.append((step.number, row))
            row += -1 if step.is_added else 1
    return [*had, (0, row)]


def moved(findings: Iterable[Finding], places: Mapping[int, int]) -> tuple[Finding, ...]:
    """Findings with the rows' new numbers, old → new; what is said of a row that is no more goes."""
    found: list[Finding] = []
    for finding in findings:
        match = _IN_ROW.match(finding.path)
        if match is None:
            found.append(finding)
        elif (row := places.get(int(match[2]))) is not None:
            found.append(replace(finding, path=f"{match[1]}{row}{match[3]}"))
    return tuple(found)
