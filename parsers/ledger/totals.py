"""Sums written in a ledger (小计、合计、承前页、过次页) against the rows they speak of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from forms.cleaning import squeeze
from parsers.document import Cell

_OUT = re.compile(r"[过转结]+入?[次下]页")
_IN = re.compile(r"承[前上]页|[接转][前上]页|上页(?:结转|合计|小计)")
_PART = re.compile(r"小计|本页|月计|部门合计")
_SUMS = re.compile(r"[(（]?(?:合|总|共|累)\s*计.*")
_COUNT = re.compile(r"(\d+)\s*[人名]")


class TotalKind(StrEnum):
    """What a row of sums adds up."""

    CARRIED_IN = "in"
    CARRIED_OUT = "out"
    PART = "part"
    WHOLE = "whole"


def is_sum(text: str) -> bool:
    """Whether a row that says this holds sums, not a person."""
    return _SUMS.match(text) is not None or any(pattern.match(text) for pattern in (_IN, _OUT, _PART))


def kind_of(texts: Sequence[str]) -> TotalKind:
    """The kind of a row by its first words."""
    words = "".join(squeeze(text) for text in texts[:3])
    for pattern, kind in ((_IN, TotalKind.CARRIED_IN), (_OUT, TotalKind.CARRIED_OUT), (_PART, TotalKind.PART)):
        if pattern.search(words):
            return kind
    return TotalKind.WHOLE


def count_in(cells: Sequence[Cell]) -> int | None:
    """The number of persons that a row of sums states (``合计 12 人``)."""
    found = _COUNT.search(" ".join(squeeze(cell.text) for cell in cells))
    return int(found[1]) if found else None


@dataclass(slots=True)
class RunningSum:
    """One column summed as the rows come. ``None`` stands for a row whose value is not certain.

    A sum is right when it is that of all rows so far, of this page, or of those since the last sum; which of these a
    ledger means by 合计 its clerk alone knows.
    """

    values: list[Decimal | None] = field(default_factory=list)
    page_from: int = 0
    part_from: int = 0
    page: int | None = None

    def add(self, page: int, value: Decimal | None) -> None:
        """One more row."""
        self.turn(page)
        self.values.append(value)

    def turn(self, page: int) -> None:
        """What follows stands on this page."""
        if page != self.page:
            self.page, self.page_from = page, len(self.values)

    def due(self, kind: TotalKind) -> list[Decimal | None]:
        """The sums that a row of that kind may state; ``None`` where a row in it is uncertain."""
        whole, page, part = (self._sum(start) for start in (0, self.page_from, self.part_from))
        match kind:
            case TotalKind.CARRIED_IN | TotalKind.CARRIED_OUT:
                return [whole]
            case TotalKind.PART:
                return [part, page]
            case TotalKind.WHOLE:
                return [whole, page, part]

    def mark(self) -> None:
        """A sum was stated: the next part begins."""
        self.part_from = len(self.values)

    def _sum(self, start: int) -> Decimal | None:
        values = [value for value in self.values[start:] if value is not None]
        return sum(values, Decimal(0)) if len(values) == len(self.values) - start else None
