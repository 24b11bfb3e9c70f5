"""Rules to grids: the lattice of all places where a rule runs, then cells that may span several of its fields."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from parsers.scan.faint import find_faint, with_faint
from parsers.scan.gridcells import BORDER_MISSING, GRID_IRREGULAR, CellPlace
from parsers.scan.halves import with_halves_joined
from parsers.scan.irregular import false_borders, irregular
from parsers.scan.penstrokes import without_strokes
from parsers.scan.red import binarised
from parsers.scan.ruling import Rule, Rules, breaks_off, bridged, clustered, find_rules, joined, stretched
from parsers.scan.sides import with_sides
from parsers.scan.units import Gray, Mask, PixelBox, mm

SAME_LINE = 1.5
"""Millimetres within which rules make one line of the lattice."""
COVERED = 0.55
"""Part of a side along which a rule must run to be the border between two fields."""
SEEN = 0.4
"""Part of a cell's side along which a rule must have been seen; less, and a person looks."""
CLOSED = 0.5
"""Part of an open cell's sides that must have a rule for it to be a cell, and no paper beside the table."""
MOST_OF_FRAME = 0.5
"""Part of a frame's area that its inside has."""
MIN_WIDTH, MIN_HEIGHT = 25.0, 7.0
"""Millimetres: smaller grids are characters or printed codes."""


@dataclass(frozen=True, slots=True)
class GridPlace:
    """A grid found on the page."""

    rows: int
    columns: int
    cells: tuple[CellPlace, ...]
    box: PixelBox
    junctions: int


@dataclass(frozen=True)
class _Line:
    """One line of the lattice: all rules that lie on it."""

    at: float
    rules: tuple[Rule, ...]

    def covers(self, start: float, end: float) -> float:
        """The part of a stretch along which a rule runs."""
        length = max(1.0, end - start)
        spans = sorted((max(start, rule.start), min(end, rule.end)) for rule in self.rules)
        total, reached = 0.0, start
        for left, right in spans:
            if right > max(left, reached):
                total += right - max(left, reached)
                reached = right
        return total / length

    def seen(self, start: float, end: float) -> float:
        """The part of a stretch along which a rule was seen."""
        unseen = sum(
            max(0.0, min(end, hole[1]) - max(start, hole[0])) for rule in self.rules for hole in rule.holes
        ) + sum(max(0.0, min(end, rule.end) - max(start, rule.start)) for rule in self.rules if rule.guessed)
        return self.covers(start, end) - unseen / max(1.0, end - start)

    def place(self, along: float) -> float:
        """Where the line lies across, at a place along it, by the rule that runs there or nearest."""
        nearest = min(self.rules, key=lambda rule: max(rule.start - along, along - rule.end, 0.0))
        return nearest.place(float(np.clip(along, nearest.start, nearest.end)))


def find_grids(gray: Gray, rims: Mask | None = None, even: Gray | None = None) -> tuple[tuple[GridPlace, ...], Mask]:
    """The grids of a page from top to bottom, and the pixels of all rules on it.

    Args:
        gray: the page without its seals.
        rims: the rims of seals, which are no rules.
        even: the page before anything pale was bleached, for pale rules.
    """
    found_rules, mask = find_rules(gray, rims)
    ink = binarised(gray)
    rules = without_strokes(found_rules, ink if rims is None else _beside(ink, rims))
    found = _grids_of(rules, ink)
    if even is not None and (not found or breaks_off(rules)):
        faint = find_faint(even, ink)
        found = _grids_of(with_faint(rules, faint), ink) if found else _grids_of(joined(rules, faint), ink)
    return found, mask


def _beside(ink: Mask, rims: Mask) -> Mask:
    """The ink outside seals: rims and words that hang on a rule are no writing that was struck out."""
    outlines, _ = cv2.findContours(rims, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    return np.asarray(cv2.drawContours(ink.copy(), outlines, -1, 0, -1), np.uint8)


def _grids_of(rules: Rules, ink: Mask) -> tuple[GridPlace, ...]:
    whole = with_sides(stretched(bridged(rules, ink), ink), ink)
    groups = with_halves_joined(clustered(whole), whole)
    found = [grid for group in groups if (grid := grid_of(group)) is not None]
    tables = [grid for grid in found if not _is_frame(grid, found)]
    outer = [grid for grid in tables if not any(_inside(grid, other) for other in tables if other is not grid)]
    return tuple(sorted(outer, key=lambda grid: (grid.box[1], grid.box[0])))


def _is_frame(grid: GridPlace, found: Sequence[GridPlace]) -> bool:
    """Whether a grid is no table but what lies around one: the edges of sheets below it, a drawn border of the page.

    One of its cells is most of it, and there are more cells in the tables in that one than it has itself.
    """
    least = MOST_OF_FRAME * _area(grid.box)
    rooms = [cell for cell in grid.cells if _area(cell.box) >= least]
    within = [other for other in found if other is not grid and any(_inside(other, room) for room in rooms)]
    return sum(len(other.cells) for other in within) > len(grid.cells)


def _area(box: PixelBox) -> int:
    return (box[2] - box[0]) * (box[3] - box[1])


def _inside(grid: GridPlace | CellPlace, other: GridPlace | CellPlace) -> bool:
    left, top, right, bottom = grid.box
    return other.box[0] <= left and other.box[1] <= top and right <= other.box[2] and bottom <= other.box[3]


def grid_of(rules: Rules) -> GridPlace | None:
    """The grid that rules make, ``None`` when they enclose nothing of a table's size."""
    level, plumb = _lines(rules.level), _lines(rules.plumb)
    if len(level) < 2 or len(plumb) < 2:
        return None
    box = (round(plumb[0].at), round(level[0].at), round(plumb[-1].at), round(level[-1].at))
    if box[2] - box[0] < mm(MIN_WIDTH) or box[3] - box[1] < mm(MIN_HEIGHT):
        return None
    cells = _cells(level, plumb)
    if len(cells) < 2:
        return None
    odd = irregular(cells, len(level) - 1)
    if false := false_borders(cells, len(level) - 1):
        level = [line for row, line in enumerate(level) if row not in false]
        cells = _cells(level, plumb)
    cells = [
        replace(cell, notes=(*cell.notes, GRID_IRREGULAR)) if any(_inside(one, cell) for one in odd) else cell
        for cell in cells
    ]
    junctions = sum(
        line.covers(other.at - mm(1), other.at + mm(1)) > 0.3 and other.covers(line.at - mm(1), line.at + mm(1)) > 0.3
        for line in level
        for other in plumb
    )
    return GridPlace(len(level) - 1, len(plumb) - 1, tuple(cells), box, junctions)


def _lines(rules: Sequence[Rule]) -> list[_Line]:
    groups: list[list[Rule]] = []
    for rule in sorted(rules, key=lambda rule: rule.at):
        if groups and rule.at - _mean(groups[-1]) <= mm(SAME_LINE):
            groups[-1].append(rule)
        else:
            groups.append([rule])
    return [_Line(_mean(group), tuple(group)) for group in groups]


def _mean(rules: Sequence[Rule]) -> float:
    return float(np.average([rule.at for rule in rules], weights=[rule.end - rule.start for rule in rules]))


def _cells(level: list[_Line], plumb: list[_Line]) -> list[CellPlace]:
    rows, columns = len(level) - 1, len(plumb) - 1
    above = [[_closed(level[r], plumb[c], plumb[c + 1]) for c in range(columns)] for r in range(rows + 1)]
    before = [[_closed(plumb[c], level[r], level[r + 1]) for c in range(columns + 1)] for r in range(rows)]
    cells = []
    for group in _groups(rows, columns, above, before):
        is_open = _is_open(group, rows, columns, above, before)
        if is_open and _closed_share(group, above, before) < CLOSED:
            continue
        pieces = _rectangles(group)
        for top, left, bottom, right in pieces:
            box = _box(level[top], level[bottom + 1], plumb[left], plumb[right + 1])
            y, x = (level[top].at, level[bottom + 1].at), (plumb[left].at, plumb[right + 1].at)
            is_seen = all(line.seen(*x) >= SEEN for line in (level[top], level[bottom + 1]))
            is_seen = is_seen and all(line.seen(*y) >= SEEN for line in (plumb[left], plumb[right + 1]))
            notes = () if is_seen and not is_open else (BORDER_MISSING,)
            cells.append(CellPlace(top, left, bottom - top + 1, right - left + 1, box, len(pieces) == 1, notes))
    return sorted(cells, key=lambda cell: (cell.row, cell.column))


def _closed_share(group: set[tuple[int, int]], above: list[list[bool]], before: list[list[bool]]) -> float:
    """The part of a group's outer sides along which a rule runs."""
    sides = []
    for row, column in group:
        if (row - 1, column) not in group:
            sides.append(above[row][column])
        if (row + 1, column) not in group:
            sides.append(above[row + 1][column])
        if (row, column - 1) not in group:
            sides.append(before[row][column])
        if (row, column + 1) not in group:
            sides.append(before[row][column + 1])
    return sum(sides) / max(1, len(sides))


def _closed(line: _Line, first: _Line, second: _Line) -> bool:
    return line.covers(first.at, second.at) >= COVERED


def _groups(rows: int, columns: int, above: list[list[bool]], before: list[list[bool]]) -> list[set[tuple[int, int]]]:
    """Fields of the lattice with no border between them."""
    free = {(row, column) for row in range(rows) for column in range(columns)}
    groups = []
    while free:
        stack = [free.pop()]
        group = set(stack)
        while stack:
            row, column = stack.pop()
            near = []
            if row and not above[row][column]:
                near.append((row - 1, column))
            if row < rows - 1 and not above[row + 1][column]:
                near.append((row + 1, column))
            if column and not before[row][column]:
                near.append((row, column - 1))
            if column < columns - 1 and not before[row][column + 1]:
                near.append((row, column + 1))
            for place in near:
                if place in free:
                    free.remove(place)
                    group.add(place)
                    stack.append(place)
        groups.append(group)
    return groups


def _is_open(
    group: set[tuple[int, int]], rows: int, columns: int, above: list[list[bool]], before: list[list[bool]]
) -> bool:
    """Whether a group runs out of the grid where no rule closes it: paper beside the table, no cell."""
    return any(
        (row == 0 and not above[0][column])
        or (row == rows - 1 and not above[rows][column])
        or (column == 0 and not before[row][0])
        or (column == columns - 1 and not before[row][columns])
        for row, column in group
    )


def _rectangles(group: set[tuple[int, int]]) -> list[tuple[int, int, int, int]]:
    """A group as rectangles (top, left, bottom, right; all inside): one, or level strips where it is no rectangle."""
    rows = sorted({row for row, _ in group})
    runs: list[tuple[int, int, int, int]] = []
    for row in rows:
        columns = sorted(column for r, column in group if r == row)
        start = columns[0]
        for index, column in enumerate(columns):
            if index + 1 == len(columns) or columns[index + 1] != column + 1:
                same = next((k for k, run in enumerate(runs) if run[1:] == (start, row - 1, column)), None)
                if same is None:
                    runs.append((row, start, row, column))
                else:
                    runs[same] = (runs[same][0], start, row, column)
                start = columns[index + 1] if index + 1 < len(columns) else column
    return runs


def _box(top: _Line, bottom: _Line, left: _Line, right: _Line) -> PixelBox:
    x = (left.at + right.at) / 2
    y = (top.at + bottom.at) / 2
    return round(left.place(y)), round(top.place(x)), round(right.place(y)), round(bottom.place(x))
