"""Rows by rules where there are any, else by the levels that fill most columns; lines that a cell breaks into."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from parsers.aligned.columns import Columns
from parsers.aligned.writing import Level, Rule

WIDE = 0.6
"""Part of a table's width along which a rule runs that parts its rows."""
WITHIN = 0.66
"""Steps from row to row within which a level belongs to a full one beside it."""
LOOSE = 1.75
"""Characters from row to row from which the lines of a cell stand closer than rows do."""
FULL = 0.5
"""Part of the most columns that a level fills, from which it is no mere second line of some cells."""
FEWEST_RULED = 3
"""Rows between rules, and above half of the levels, from which rules alone part the rows."""
SEVERAL = 0.7
"""Characters between the middles of two lines."""
REACHES = 0.75
"""Part of its column's width that a text takes that was broken for want of room."""


@dataclass(frozen=True, slots=True)
class RowOfLevels:
    """The levels of one row. ``doubtful``: some of them may be rows of their own, or belong to the next."""

    levels: tuple[Level, ...]
    doubtful: bool = False

    @property
    def top(self) -> float:
        """The upper edge of what is written."""
        return min(level.top for level in self.levels)

    @property
    def bottom(self) -> float:
        """The lower edge of what is written."""
        return max(level.bottom for level in self.levels)


def usual_step(levels: Sequence[Level]) -> float:
    """From one level to the next, for most."""
    return median(after.middle - before.middle for before, after in pairwise(levels)) if len(levels) > 1 else 0.0


def wide_rules(rules: Sequence[Rule], left: float, right: float) -> list[Rule]:
    """The level rules that run through most of a table, from top to bottom."""
    wide = [rule for rule in rules if min(rule.end, right) - max(rule.start, left) >= WIDE * (right - left)]
    return sorted(wide, key=lambda rule: rule.at)


def rows_of(body: Sequence[Level], columns: Columns, size: float, rules: Sequence[Rule]) -> list[RowOfLevels]:
    """The rows below a head; ``rules`` are level ones that run through most of the table."""
    if not body:
        return []
    bands = _between(body, [rule.at for rule in rules])
    full = _full(body, columns)
    if len(bands) >= FEWEST_RULED and len(bands) * 2 > len(full):
        rows = [RowOfLevels(tuple(band)) for band in bands]
    else:
        rows = [row for band in bands for row in _by_levels(band, columns, size)]
    return [replace(row, doubtful=row.doubtful or _are_several(row, columns, size)) for row in rows]


def _are_several(row: RowOfLevels, columns: Columns, size: float) -> bool:
    """Whether most columns of a row hold several lines: two persons, between whom nobody saw a border."""
    middles: dict[int, list[float]] = {}
    for level in row.levels:
        for piece in level.pieces:
            middles.setdefault(columns.of(piece), []).append(piece.middle)
    several = sum(max(own) - min(own) > SEVERAL * size for own in middles.values())
    return several * 2 > len(middles)


def _full(levels: Sequence[Level], columns: Columns) -> list[Level]:
    """The levels that fill many columns."""
    filled = [len({columns.of(piece) for piece in level.pieces}) for level in levels]
    return [level for level, count in zip(levels, filled, strict=True) if count >= FULL * max(filled)]


def _between(levels: Sequence[Level], rules: Sequence[float]) -> list[list[Level]]:
    """The levels in groups, parted by rules."""
    bands: list[list[Level]] = [[levels[0]]]
    for before, after in pairwise(levels):
        if any(before.middle < at < after.middle for at in rules):
            bands.append([])
        bands[-1].append(after)
    return bands


def _by_levels(levels: Sequence[Level], columns: Columns, size: float) -> list[RowOfLevels]:
    """Rows without rules: each full level is one, and takes what stands close to it."""
    full = _full(levels, columns)
    step = usual_step(full)
    if step >= LOOSE * size:
        return _loose(levels, full, step)
    return _dense(levels, full, columns, size)


def _loose(levels: Sequence[Level], full: Sequence[Level], step: float) -> list[RowOfLevels]:
    """Rows further apart than the lines of a cell."""
    groups: list[list[Level]] = []
    main: list[Level] = []
    owner: dict[int, int] = {}
    for level in full:
        if main and level.middle - main[-1].middle < WITHIN * step:
            owner[id(level)] = len(main) - 1
            continue
        owner[id(level)] = len(main)
        main.append(level)
    groups = [[] for _ in main]
    alone: list[list[Level]] = []
    doubtful: set[int] = set()
    for level in levels:
        index = owner.get(id(level))
        if index is None:
            nearest = sorted(range(len(main)), key=lambda one: abs(main[one].middle - level.middle))
            index = nearest[0]
            near = [abs(main[one].middle - level.middle) for one in nearest[:2]]
            if near[0] > WITHIN * step:
                if alone and level.middle - alone[-1][-1].middle < WITHIN * step:
                    alone[-1].append(level)
                else:
                    alone.append([level])
                continue
            if len(near) > 1 and near[1] - near[0] < 0.15 * step:
                doubtful |= set(nearest[:2])
        groups[index].append(level)
    rows = [RowOfLevels(tuple(group), index in doubtful) for index, group in enumerate(groups)]
    rows += [RowOfLevels(tuple(group)) for group in alone]
    return sorted(rows, key=lambda row: row.levels[0].middle)


def _dense(levels: Sequence[Level], full: Sequence[Level], columns: Columns, size: float) -> list[RowOfLevels]:
    """Rows that stand as close as the lines of a cell: what goes on from a full cell above belongs to it, unsurely."""
    rows: list[list[Level]] = []
    doubtful: set[int] = set()
    for level in levels:
        is_full = any(level is one for one in full)
        if not is_full and rows and _goes_on(rows[-1][-1], level, columns, size):
            rows[-1].append(level)
            doubtful |= {len(rows) - 1}
        else:
            rows.append([level])
    return [RowOfLevels(tuple(group), index in doubtful) for index, group in enumerate(rows)]


def _goes_on(above: Level, level: Level, columns: Columns, size: float) -> bool:
    """Whether each piece stands below one that takes up the width of its column."""
    if level.middle - above.middle > LOOSE * size:
        return False
    for piece in level.pieces:
        index = columns.of(piece)
        own = [one for one in above.pieces if columns.of(one) == index]
        column = columns.columns[index]
        if not own or max(one.right for one in own) - own[0].left < REACHES * (column.right - column.left):
            return False
    return True
