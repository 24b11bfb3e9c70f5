"""Where a figure comes from: the rows that it counts, by their running numbers in the consolidated form."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from forms.consolidating import Consolidation, Figure, RowRef

_MOST = 40
"""So many stretches of numbers are written out in a report."""


@dataclass
class Trail:
    """The figures a report has told so far, each under the number that stands behind it."""

    consolidation: Consolidation
    told: dict[str, tuple[int, Figure]] = field(default_factory=dict)

    def figure(self, key: str) -> str:
        """A figure as it is told, with its number: ``35人[3]``; nobody is ``0人`` and has its number too."""
        figure = self.consolidation.figures[key]
        number, _ = self.told.setdefault(key, (len(self.told) + 1, figure))
        return f"{amount(figure.value)}{figure.measure}[{number}]"

    def rows(self) -> Iterator[tuple[str, str, str, str]]:
        """Number, what it is, its value, and the rows it counts."""
        for number, figure in self.told.values():
            yield str(number), figure.label, f"{amount(figure.value)}{figure.measure}", rows_in_words(figure.rows)


def rows_in_words(rows: Sequence[RowRef]) -> str:
    """``附件2序号1-15、18；附件3序号2``, long lists cut: the workbook of subtotals has all of them."""
    by_form: dict[str, list[int]] = {}
    for ref in rows:
        by_form.setdefault(ref.form, []).append(ref.row + 1)
    return "；".join(f"附件{form[-1]}序号{_cut(stretches(numbers))}" for form, numbers in by_form.items()) or "没有此项"


def _cut(parts: Sequence[str]) -> str:
    more = f"等{len(parts)}段，全部见小计表“数字出处”页" if len(parts) > _MOST else ""
    return "、".join(parts[:_MOST]) + more


def stretches(numbers: Sequence[int]) -> list[str]:
    """``1-15``, ``18``: numbers in order, those that follow each other put together."""
    found: list[tuple[int, int]] = []
    for number in sorted(numbers):
        if found and found[-1][1] == number - 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return [str(first) if first == last else f"{first}-{last}" for first, last in found]


def amount(value: float) -> str:
    """A number as people write it: whole where it is whole, else with two places."""
    return str(int(value)) if float(value).is_integer() else f"{value:.2f}"
