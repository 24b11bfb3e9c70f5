"""What is known of a ledger's columns before it is read: what a person said of this file, and what is remembered."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from forms.labels import normalise_label

JOINT = "+"
"""Between the keys of a column that holds several fields (``contract_start+contract_end``)."""
_NUMBERED = re.compile(r"第\d+列")
NONE: tuple[str, ...] = ()
"""The keys of a column that a person said to leave out."""

Columns = Mapping[str, tuple[str, ...]]
"""The keys that a column fills, by its head as :func:`path_key` writes it; no keys: the column is left out."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """A mapping that was confirmed for a unit's head row."""

    unit: str
    head: str
    columns: Columns


@dataclass(frozen=True, slots=True)
class LedgerOptions:
    """What the sender knows. ``unit`` is whose ledger it is, ``columns`` what holds for this file."""

    unit: str = ""
    columns: Columns | None = None
    remembered: tuple[Remembered, ...] = ()

    def to_plain(self) -> dict[str, Any]:
        """As JSON, to cross a process border."""
        return {
            "unit": self.unit,
            "columns": None if self.columns is None else columns_to_plain(self.columns),
            "remembered": [
                {"unit": item.unit, "head": item.head, "columns": columns_to_plain(item.columns)}
                for item in self.remembered
            ],
        }

    @classmethod
    def from_plain(cls, data: Mapping[str, Any] | None) -> LedgerOptions:
        """The inverse of :meth:`to_plain`; nothing is known where there is no data."""
        if data is None:
            return cls()
        columns = data["columns"]
        return cls(
            data["unit"],
            None if columns is None else columns_from_plain(columns),
            tuple(
                Remembered(item["unit"], item["head"], columns_from_plain(item["columns"]))
                for item in data["remembered"]
            ),
        )

    def recalled(self, unit: str, head: str) -> Columns | None:
        """The columns confirmed for a unit's head row. What the sender names as unit goes before what is read."""
        wanted = normalise_label(self.unit or unit)
        return next(
            (item.columns for item in self.remembered if item.head == head and normalise_label(item.unit) == wanted),
            None,
        )


def column_name(column: int) -> str:
    """What a column without a head is called; ``column`` is counted from zero."""
    return f"第{column + 1}列"


def is_named(path: Sequence[str]) -> bool:
    """Whether a column has a head of its own."""
    return _NUMBERED.fullmatch("".join(path)) is None


def path_key(path: Sequence[str]) -> str:
    """The head of a column from top to bottom in normal form: ``劳动合同/起``."""
    return "/".join(label for label in (normalise_label(text) for text in path) if label)


def head_key(paths: Sequence[Sequence[str]]) -> str:
    """A whole head row in normal form; with the unit it is what a mapping is remembered under."""
    return "|".join(path_key(path) for path in paths)


def columns_to_plain(columns: Columns) -> dict[str, str | None]:
    """Columns as a mapping file writes them: head text → key, keys with ``+``, or ``null``."""
    return {label: JOINT.join(keys) if keys else None for label, keys in columns.items()}


def columns_from_plain(data: Mapping[str, str | None]) -> dict[str, tuple[str, ...]]:
    """The inverse of :func:`columns_to_plain`, with the head texts brought to normal form."""
    return {
        path_key(label.split("/")): tuple(part.strip() for part in keys.split(JOINT)) if keys else NONE
        for label, keys in data.items()
    }
