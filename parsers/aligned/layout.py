"""Pieces of writing and the few rules beside them to a table: its region, its head, its columns, rows and cells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from forms.finding import Box
from parsers.aligned.columns import Column, Columns, columns_of
from parsers.aligned.rows import WITHIN, RowOfLevels, rows_of, usual_step, wide_rules
from parsers.aligned.writing import Lean, Level, Piece, Rule, levels_of

FEWEST_PIECES = 3
"""Pieces on a level that make it one of a table; running text has one."""
FEWEST_COLUMNS, FEWEST_ROWS = 3, 2
WORD_GAP = 0.65
"""Characters of white between texts of their own, on most places of a line."""
LABELLED = 0.5
"""Part of the texts of the fullest line from which a line may be the head, and no line of unit and day above it."""
TITLE = 1.6
"""Characters of height from which a level is a title, whose characters may be set apart."""
FILLED = 0.4
"""Part of its columns that the middle row of a table must fill."""
FINEST = 0.3
"""Characters of white between columns of a scan, at least."""
OVER = 0.15
"""Characters by which a text may reach over a border that nobody drew."""
CLOSE = 0.4
"""Part of the finest white between columns beside such a border, below which the side of a text is not sure."""
MOST_OVER = 0.2
"""Part of the pieces below a head that may run over borders."""
INSIDE = 0.2
"""Characters from the edge of a line from which a rule runs through it."""
MOST_LABELS = 4
"""Levels of a head."""
APART = 2.6
"""Usual steps between two levels that do not belong to one table."""
THROUGH = 0.5
"""Part of a table's height along which a plumb rule parts columns."""
MARGIN = 0.5
"""Characters around what is written in a table without a frame."""


@dataclass(frozen=True, slots=True)
class AlignedCell:
    """A cell of the table: its box, the numbers of its pieces, and whether what stands in it is surely its own."""

    row: int
    column: int
    row_span: int
    column_span: int
    box: Box
    pieces: tuple[int, ...]
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class Aligned:
    """A table that was told by how its writing stands in line."""

    rows: int
    columns: int
    cells: tuple[AlignedCell, ...]
    box: Box


@dataclass(frozen=True, slots=True)
class Drawn:
    """The few rules of a page, laid straight."""

    level: tuple[Rule, ...] = ()
    plumb: tuple[Rule, ...] = ()


NO_RULES, UPRIGHT = Drawn(), Lean()


def layout_of(
    boxes: Sequence[Box],
    size: float,
    drawn: Drawn = NO_RULES,
    lean: Lean = UPRIGHT,
    finest: float = FINEST,
) -> Aligned | None:
    """The table on a page, ``None`` where nothing stands in columns.

    Args:
        boxes: pieces of writing, each a run of characters with no wide gap in it; any unit, y downwards.
        size: the height of a character.
        drawn: the rules that there are.
        lean: how the page leans; ``drawn`` is laid straight by it already.
        finest: the white between columns, in characters, at least; no piece has so wide a gap in it.
    """
    levels = levels_of([lean.straight(box, number) for number, box in enumerate(boxes)], size)
    region = _region(levels, drawn, size)
    for _ in range(len(region)):
        if len(region) <= FEWEST_ROWS:
            return None
        table = _Table.of(region, drawn, size, finest * size)
        if table is None:
            return None
        region, before = table.without_strangers(), region
        if len(region) == len(before):
            return table.aligned(lean) if table.is_one else None
    return None


def _region(levels: Sequence[Level], drawn: Drawn, size: float) -> list[Level]:
    """The levels from the first to the last of the table, with what stands close above and below."""
    tabular = [index for index, level in enumerate(levels) if _is_tabular(level, size)]
    if len(tabular) <= FEWEST_ROWS:
        return []
    step = max(usual_step([levels[index] for index in tabular]), size)
    runs: list[list[int]] = [[tabular[0]]]
    for before, after in pairwise(tabular):
        if levels[after].middle - levels[before].middle > APART * step:
            runs.append([])
        runs[-1].append(after)
    own = max(runs, key=len)
    most = max(_texts(levels[index], size) for index in own)
    while len(own) > FEWEST_ROWS + 1 and _texts(levels[own[0]], size) < LABELLED * most:
        own = own[1:]
    first, last = own[0], own[-1]
    while first and levels[own[0]].middle - levels[first - 1].middle <= WITHIN * step:
        first -= 1
    while last + 1 < len(levels) and _goes_on(levels[last], levels[last + 1], step, drawn):
        last += 1
    return list(levels[first : last + 1])


def _is_tabular(level: Level, size: float) -> bool:
    """Whether several texts stand apart on a level; a title has large letters."""
    heights = sorted(piece.bottom - piece.top for piece in level.pieces)
    return _texts(level, size) >= FEWEST_PIECES and heights[len(heights) // 2] < TITLE * size


def _texts(level: Level, size: float) -> int:
    """How many texts stand apart on a level; a sentence has gaps behind its marks, which are narrower."""
    heights = sorted(piece.bottom - piece.top for piece in level.pieces)
    high = max(size, heights[len(heights) // 2])
    return 1 + sum(after.left - before.right >= WORD_GAP * high for before, after in pairwise(level.pieces))


def _is_stroke(rule: Rule, levels: Sequence[Level], size: float) -> bool:
    """Whether a rule runs through writing: a line that was struck out."""
    return any(level.top + size * INSIDE < rule.at < level.bottom - size * INSIDE for level in levels)


def _goes_on(above: Level, below: Level, step: float, drawn: Drawn) -> bool:
    """Whether a level of few pieces belongs to the table above it: a second line, or a row of sums."""
    if below.middle - above.middle <= WITHIN * step:
        return True
    left, right = above.pieces[0].left, above.pieces[-1].right
    rules = wide_rules(drawn.level, left, right)
    is_inside = any(rule.at > below.bottom and rule.at - below.bottom < step for rule in rules)
    return below.middle - above.middle <= 1.5 * step and (len(below.pieces) > 1 or is_inside)


@dataclass(frozen=True)
class _Table:
    """A region with its head told from its body, and its columns."""

    head: tuple[Level, ...]
    body: tuple[Level, ...]
    columns: Columns
    rules: tuple[Rule, ...]
    size: float
    finest: float

    @classmethod
    def of(cls, region: Sequence[Level], drawn: Drawn, size: float, finest: float) -> _Table | None:
        left = min(level.pieces[0].left for level in region)
        right = max(piece.right for level in region for piece in level.pieces)
        top, bottom = region[0].top, region[-1].bottom
        rules = [rule for rule in wide_rules(drawn.level, left, right) if not _is_stroke(rule, region, size)]
        count = _levels_of_head(region, rules)
        head, body = tuple(region[:count]), tuple(region[count:])
        plumb = [
            rule for rule in drawn.plumb if min(rule.end, bottom) - max(rule.start, top) >= THROUGH * (bottom - top)
        ]
        columns = columns_of(head, body, size, finest, plumb)
        if columns is None:
            return None
        stray = columns.stray(region, size)
        kept = [rest for level in region if (rest := _without(level, stray)).pieces] if stray else []
        if len(kept) > FEWEST_ROWS:
            return cls.of(kept, drawn, size, finest)
        return cls(head, body, columns, tuple(rules), size, finest)

    def without_strangers(self) -> list[Level]:
        """The levels but for the first or last ones that do not stand in the columns: lines around the table."""
        levels = [*self.head, *self.body]
        while len(levels) > FEWEST_ROWS + 1 and self._is_strange(levels[0]) and levels[0] in self.head:
            levels = levels[1:]
        if len(levels) == len(self.head) + len(self.body):
            while levels and levels[-1] is not self.head[-1] and self._is_strange(levels[-1]):
                levels = levels[:-1]
        return levels

    def _is_strange(self, level: Level) -> bool:
        """Whether most of a level runs over borders, or all of it is one long text."""
        over = [
            piece
            for piece in level.pieces
            if (self._runs_over(piece, self.size) and not self._is_label(piece)) or piece.is_part(self.columns.alone)
        ]
        return len(over) * 2 >= len(level.pieces)

    def _is_label(self, piece: Piece) -> bool:
        return piece.is_part(self.columns.over_several)

    def _runs_over(self, piece: Piece, over: float) -> bool:
        column = self.columns.columns[self.columns.of(piece)]
        return piece.left < column.start - over or piece.right > column.end + over

    @property
    def is_one(self) -> bool:
        """Whether this is a table: columns enough, filled, and few texts that run over their borders."""
        if len(self.columns.columns) < FEWEST_COLUMNS or len(self.body) < FEWEST_ROWS:
            return False
        filled = sorted(len({self.columns.of(piece) for piece in level.pieces}) for level in self.body)
        pieces = [piece for level in self.body for piece in level.pieces]
        over = sum(self._runs_over(piece, self.size / 2) for piece in pieces)
        is_filled = filled[-max(1, len(filled) // 2)] >= max(FEWEST_PIECES, FILLED * len(self.columns.columns))
        return is_filled and over <= MOST_OVER * len(pieces)

    def aligned(self, lean: Lean) -> Aligned:
        """The table with its cells, on the page as it leans."""
        rows = rows_of(self.body, self.columns, self.size, self.rules)
        head = RowOfLevels(self.head)
        ys = self._borders([head, *rows])
        several = self.columns.over_several
        cut = self._cut_of_head() if several else None
        cells = list(self._of_head(ys[0], cut, ys[1]))
        down = 1 if cut is None else 2
        for index, row in enumerate(rows):
            cells += self._of_row(index + down, row, (ys[index + 1], ys[index + 2]))
        columns = self.columns.columns
        box = (columns[0].start, ys[0], columns[-1].end, ys[-1])
        moved = tuple(replace(cell, box=lean.leaning(cell.box)) for cell in cells)
        return Aligned(len(rows) + down, len(columns), moved, lean.leaning(box))

    def _borders(self, rows: Sequence[RowOfLevels]) -> list[float]:
        """Where rows begin and end: at a rule, else in the middle of the white."""
        margin = MARGIN * self.size
        above = [rule.at for rule in self.rules if rule.at <= rows[0].top]
        below = [rule.at for rule in self.rules if rule.at >= rows[-1].bottom]
        first = max([*above, rows[0].top - 3 * margin])
        last = min([*below, rows[-1].bottom + 3 * margin])
        ys = [first]
        for before, after in pairwise(rows):
            between = (before.levels[-1].middle, after.levels[0].middle)
            ruled = [rule.at for rule in self.rules if between[0] < rule.at < between[1]]
            ys.append(ruled[0] if ruled else (before.bottom + after.top) / 2)
        return [*ys, last]

    def _cut_of_head(self) -> float:
        """Where the labels that stand over several columns end, and those below them begin."""
        several = self.columns.over_several
        lowest = max(piece.bottom for piece in several)
        below = [
            piece.top
            for level in self.head
            for piece in level.pieces
            if piece.middle > lowest and any(self._stands_below(piece, one) for one in several)
        ]
        return (lowest + min(below, default=lowest + self.size)) / 2

    def _stands_below(self, piece: Piece, label: Piece) -> bool:
        return self.columns.of(piece) in self.columns.under(label)

    def _of_head(self, top: float, cut: float | None, bottom: float) -> Iterator[AlignedCell]:
        columns, several = self.columns.columns, self.columns.over_several
        pieces = [piece for level in self.head for piece in level.pieces]
        covered: set[int] = set()
        for label in several:
            own = [index for index in self._reach(label) if index not in covered]
            if cut is not None and own:
                covered |= set(own)
                box = (columns[own[0]].start, top, columns[own[-1]].end, cut)
                yield AlignedCell(0, own[0], 1, len(own), box, label.numbers)
        for index, column in enumerate(columns):
            mine = [one for one in pieces if not one.is_part(several) and self.columns.of(one) == index]
            numbers = tuple(number for one in mine for number in one.numbers)
            if index in covered and cut is not None:
                yield AlignedCell(1, index, 1, 1, (column.start, cut, column.end, bottom), numbers)
            else:
                box = (column.start, top, column.end, bottom)
                yield AlignedCell(0, index, 1 if cut is None else 2, 1, box, numbers)

    def _reach(self, label: Piece) -> list[int]:
        """The columns that a label stands over: in the middle of them, with those whose own labels are lower."""
        under = self.columns.under(label)
        columns = self.columns.columns
        lower = {
            self.columns.of(piece)
            for level in self.head
            for piece in level.pieces
            if piece.middle > label.bottom and piece is not label
        }
        first, last = under[0], under[-1]
        middle = (label.left + label.right) / 2
        # A label in the middle of its columns may be narrower than they are.
        while first - 1 in lower and _off(columns[first - 1].start, columns[last].end, middle) < _off(
            columns[first].start, columns[last].end, middle
        ):
            first -= 1
        while last + 1 in lower and _off(columns[first].start, columns[last + 1].end, middle) < _off(
            columns[first].start, columns[last].end, middle
        ):
            last += 1
        return list(range(first, last + 1))

    def _of_row(self, number: int, row: RowOfLevels, ys: tuple[float, float]) -> list[AlignedCell]:
        columns = self.columns.columns
        mine: list[list[Piece]] = [[] for _ in columns]
        for level in row.levels:
            for piece in level.pieces:
                mine[self.columns.of(piece)].append(piece)
        doubts = [column.doubtful or (bool(own) and row.doubtful) for own, column in zip(mine, columns, strict=True)]
        edges = [column.start for column in columns] + [columns[-1].end]
        for index, own in enumerate(mine):
            for piece in own:
                self._judge(piece, index, edges, doubts)
        return [
            AlignedCell(
                number,
                index,
                1,
                1,
                (edges[index], ys[0], edges[index + 1], ys[1]),
                tuple(one for piece in own for one in piece.numbers),
                doubts[index],
            )
            for index, own in enumerate(mine)
        ]

    def _judge(self, piece: Piece, index: int, edges: list[float], doubts: list[bool]) -> None:
        """Whether a text stands clear of the borders of its cell; one that runs over moves the border and is told."""
        column, last = self.columns.columns[index], len(edges) - 2
        for beside, side, reach in (
            (index - 1, 0, column.start - piece.left),
            (index + 1, 1, piece.right - column.end),
        ):
            if not 0 <= beside <= last:
                continue
            if not column.drawn[side] and reach > -CLOSE * self.finest:
                doubts[index] = True
            if reach > OVER * self.size:
                doubts[index] = doubts[beside] = True
            if reach > 0:
                edge = index + side
                edges[edge] = min(edges[edge], piece.left) if side == 0 else max(edges[edge], piece.right)


def _without(level: Level, columns: Sequence[Column]) -> Level:
    """A level without what stands in some columns."""
    return Level(
        tuple(
            piece
            for piece in level.pieces
            if not any(one.left <= (piece.left + piece.right) / 2 <= one.right for one in columns)
        )
    )


def _off(left: float, right: float, middle: float) -> float:
    return abs((left + right) / 2 - middle)


def _levels_of_head(region: Sequence[Level], rules: Sequence[Rule]) -> int:
    """How many levels the labels take: those above the first rule, or those close to the first full one."""
    first = next((index for index, level in enumerate(region) if len(level.pieces) >= FEWEST_PIECES), 0)
    below = [rule.at for rule in rules if rule.at > region[first].middle]
    if below:
        count = sum(level.middle < below[0] for level in region)
        if count <= MOST_LABELS:
            return count
    step = usual_step([level for level in region if len(level.pieces) >= FEWEST_PIECES])
    count = first + 1
    while count < len(region) and region[count].middle - region[first].middle <= WITHIN * step:
        count += 1
    return count
