"""The figures behind the charts: units by state, people cleared and kept by kind of unit, by employment and funding.

People are those of accepted forms, row by row: who stands in two accepted forms of one kind is counted twice, and
findings across units say so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from forms.codes.tables import load_table
from service.access.scope import EVERYTHING, Scope
from service.operations.progress.board import Board
from service.operations.progress.law import LABELS, ORDER, State
from service.runtime import Runtime
from service.store.progress import accepted_counts, code_counts, unit_lines
from service.store.units import LABELS as KINDS
from service.store.units import UnitKind

CLEARED, KEPT, FILED = "attachment-2", "attachment-3", "attachment-5"
SERIES = {CLEARED: "清退", KEPT: "保留", FILED: "备案在册"}
UNCLEAR = "未写明"
OTHERS = "名录外单位"


@dataclass(frozen=True, slots=True)
class Figures:
    """One chart: a name for each bar, and for each series its figures in the order of the bars."""

    key: str
    title: str
    bars: Sequence[str]
    series: Mapping[str, Sequence[int]]
    stacked: bool = False


def figures_of(runtime: Runtime, board: Board, scope: Scope = EVERYTHING) -> list[Figures]:
    """The charts of a board, within somebody's reach."""
    place = board.round.place(None if scope.everything else scope.units)
    with runtime.database.reading() as connection:
        forms = accepted_counts(connection, place)
        kinds = {unit.id: unit.kind for unit in unit_lines(connection)}
        codes = {key: code_counts(connection, place, key) for key in ("employment_form", "funding")}
    by_kind: dict[tuple[str, str], int] = {}
    for item in forms:
        kind = kinds.get(item.unit_id or "")
        key = (item.form, kind.value if kind else "")
        by_kind[key] = by_kind.get(key, 0) + item.people
    names = {kind.value: KINDS[kind] for kind in UnitKind}
    return [
        states_of(board),
        _people("kind", "清退、保留人数（按单位类别）", {**names, "": OTHERS}, by_kind, (CLEARED, KEPT)),
        _coded("employment_form", "人数（按用工形式）", "employment-form", codes["employment_form"]),
        _coded("funding", "人数（按经费来源）", "funding", codes["funding"]),
    ]


def states_of(board: Board) -> Figures:
    """Forms of units by state, a bar for each unit in charge; what nobody owes is left out."""
    shown = [state for state in ORDER if state is not State.NOT_DUE]
    series = {
        LABELS[state]: [sum(of[state] for of in group.sums.values()) for group in board.groups] for state in shown
    }
    return Figures(
        "states", "报送状态（按主管单位，张）", [group.top.name for group in board.groups], series, stacked=True
    )


def _coded(key: str, title: str, table: str, counts: Mapping[tuple[str, str], int]) -> Figures:
    names = {code.code: code.name for code in load_table(table).codes}
    return _people(key, title, {**names, "": UNCLEAR}, counts, (CLEARED, KEPT, FILED))


def _people(
    key: str, title: str, names: Mapping[str, str], counts: Mapping[tuple[str, str], int], forms: Sequence[str]
) -> Figures:
    """A bar for each name of which there is anybody."""
    known = [code for code in names if any(counts.get((form, code)) for form in forms)]
    series = {SERIES[form]: [counts.get((form, code), 0) for code in known] for form in forms}
    return Figures(key, title, [names[code] for code in known], series)


def describe(chart: Figures) -> str:
    """The chart in a sentence, for who does not see it: the sum of each series."""
    sums = "，".join(f"{name} {sum(values)}" for name, values in chart.series.items())
    return f"{chart.title}：共 {len(chart.bars)} 组；合计{sums}。"


def figures_to_plain(charts: Sequence[Figures]) -> dict[str, Any]:
    """The charts as JSON."""
    return {
        "charts": [
            {
                "key": chart.key,
                "title": chart.title,
                "bars": list(chart.bars),
                "series": {name: list(values) for name, values in chart.series.items()},
            }
            for chart in charts
        ]
    }
