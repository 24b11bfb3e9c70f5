"""Columns by the white between them: what stands in line from top to bottom, and the labels above."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from parsers.aligned.writing import Level, Piece, Rule, closed_up

FEW_LINES, FEW_GAP = 4, 0.85
"""Where one of two columns has something in so few lines, it takes that many characters of white to part them."""
OVERRUN = 0.1
"""Part of the lines that may run over the white between two columns."""
FEWEST_TO_OVERRUN = 4
"""Lines from which one may."""
TOUCHES = 0.25
"""Characters by which a label must reach over a column to stand above it."""
LABEL_GAP = 2.4
"""Characters between the characters of one label that were set apart."""
NARROW_GAP = 0.7
"""Characters of white that a text may have in the same place in every line: between the figures of a day and 年."""
TWO, INNER_GAP = 2, 1.3
"""Pieces into which a gap that every line has in the same place parts a column, and characters of white in it."""
LOWEST_LABEL = 0.6
"""Characters of height of a label."""
FAR = 3.0
"""Characters of white between a table and what stands beside it."""
BESIDE = 1.2
"""Characters between a label and the figures under it, where it is set in the middle and they are not."""
STEPS = 8
"""Steps of a character in which white is measured."""
RULED = 3
"""Plumb rules inside a table from which white alone parts no columns."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: how far what stands in it reaches, and its borders. A border is ``drawn`` where a rule is.

    ``doubtful``: white runs through it from top to bottom, and its label alone says that it is one.
    """

    left: float
    right: float
    start: float
    end: float
    drawn: tuple[bool, bool] = (False, False)
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a table, and the labels that stand above several of them."""

    columns: tuple[Column, ...]
    over_several: tuple[Piece, ...]
    alone: tuple[Piece, ...] = ()
    """Labels below which nothing stands."""

    def of(self, piece: Piece) -> int:
        """The column in which most of a piece lies."""
        shares = [min(piece.right, one.end) - max(piece.left, one.start) for one in self.columns]
        return max(range(len(shares)), key=shares.__getitem__)

    def under(self, piece: Piece) -> list[int]:
        """The columns above which a label stands."""
        return [
            index
            for index, one in enumerate(self.columns)
            if min(piece.right, one.right) - max(piece.left, one.left) > 0
        ]

    def stray(self, levels: Sequence[Level], size: float) -> list[Column]:
        """The first and the last column where nothing as high as a character stands, far from the others: dirt."""
        pieces = [one for level in levels for one in level.pieces if one.bottom - one.top >= LOWEST_LABEL * size]
        ends = [(self.columns[0], self.columns[1]), (self.columns[-1], self.columns[-2])] if self.columns[1:] else []
        return [
            one
            for one, other in ends
            if max(other.left - one.right, one.left - other.right) >= FAR * size
            and not any(_shared((piece.left, piece.right), (one.left, one.right)) > 0 for piece in pieces)
        ]


Span = tuple[float, float]


def columns_of(
    head: Sequence[Level], body: Sequence[Level], size: float, finest: float, rules: Sequence[Rule] = ()
) -> Columns | None:
    """The columns of a table by what stands below its head, and then by the labels; ``None`` where there are none.

    Args:
        head: the levels of the labels.
        body: those below.
        size: the height of a character.
        finest: the white from which two columns are apart.
        rules: plumb rules that run through most of the table.
    """
    most = max((len(level.pieces) for level in body), default=0)
    full = [level for level in body if len(level.pieces) * 2 >= most]
    cores = _cores([[(one.left, one.right) for one in level.pieces] for level in full], size, finest)
    cores = [part for core in cores for part in _parted_by_labels(core, head, full, size, finest)]
    apart = list(cores)
    cores, several = _with_labels(cores, head, size, finest)
    cores = _parted_by_rules(cores, [*head, *body], [rule.at for rule in rules], size)
    if not cores:
        return None
    spans = [
        (piece.left, piece.right) for level in (*head, *full) for piece in level.pieces if not piece.is_part(several)
    ]
    borders = [_border(before, after, spans, size) for before, after in pairwise(cores)]
    drawn = [False] * len(borders)
    for index, (before, after) in enumerate(pairwise(cores)):
        middle = [rule.at for rule in rules if before[0] < rule.at < after[1] and _is_between(rule.at, before, after)]
        if middle:
            borders[index], drawn[index] = middle[0], True
    first, last = min(left for left, _ in spans), max(right for _, right in spans)
    outer = [rule.at for rule in rules]
    edges = [
        max((at for at in outer if first - BESIDE * size <= at <= first), default=first - size / 2),
        *borders,
        min((at for at in outer if last <= at <= last + BESIDE * size), default=last + size / 2),
    ]
    sides = [True, *drawn, True]
    made = [
        Column(
            core[0],
            core[1],
            edges[index],
            edges[index + 1],
            (sides[index], sides[index + 1]),
            doubtful=sum(_shared(core, one) > 0 for one in apart) > 1,
        )
        for index, core in enumerate(cores)
    ]
    bodies = [(piece.left, piece.right) for level in full for piece in level.pieces]
    alone = [
        piece
        for level in head
        for piece in level.pieces
        if not any(_shared((piece.left, piece.right), span) > 0 for span in bodies)
    ]
    return Columns(tuple(_unsure(made, [*head, *body], size)), tuple(several), tuple(alone))


def _unsure(columns: Sequence[Column], levels: Sequence[Level], size: float) -> list[Column]:
    """The columns, those doubtful of which one has a label and no values, and values of the other stand beside it."""
    finder = Columns(tuple(columns), ())
    labels: list[list[Span]] = [[] for _ in columns]
    values: list[list[Span]] = [[] for _ in columns]
    for number, level in enumerate(levels):
        for piece in level.pieces:
            (labels if number <= TWO else values)[finder.of(piece)].append((piece.left, piece.right))
    doubtful: set[int] = set()
    for one, other in [*pairwise(range(len(columns))), *pairwise(reversed(range(len(columns))))]:
        if not values[other] and any(
            _shared(value, label) > -BESIDE * size for value in values[one] for label in labels[other]
        ):
            doubtful |= {one, other}
    return [replace(column, doubtful=column.doubtful or index in doubtful) for index, column in enumerate(columns)]


def _is_between(at: float, before: Span, after: Span) -> bool:
    """Whether a rule lies between the middles of two columns."""
    return (before[0] + before[1]) / 2 < at < (after[0] + after[1]) / 2


def _cores(lines: Sequence[Sequence[Span]], size: float, finest: float) -> list[Span]:
    """The stretches in which more lines have something than may run over."""
    spans = [span for line in lines for span in line]
    if not spans:
        return []
    allowed = max(1, round(OVERRUN * len(lines))) if len(lines) >= FEWEST_TO_OVERRUN else 0
    step = size / STEPS
    first = min(left for left, _ in spans)
    count = round((max(right for _, right in spans) - first) / step) + 1
    covered = [0] * count
    for left, right in spans:
        for place in range(round((left - first) / step), min(count, round((right - first) / step))):
            covered[place] += 1
    full = _runs([one > allowed for one in covered], first, step)
    bare = _runs([one > 0 for one in covered], first, step)
    # What only a few lines have is a column too, where it hangs together with no other one.
    alone = [span for span in bare if not any(_shared(span, core) > 0 for core in full)]
    cores = sorted([*full, *alone])
    made: list[Span] = []
    for core in cores:
        few = bool(made) and min(_lines_in(made[-1], lines), _lines_in(core, lines)) < FEW_LINES
        if made and core[0] - made[-1][1] < (max(finest, FEW_GAP * size) if few else finest):
            made[-1] = (made[-1][0], max(made[-1][1], core[1]))
        else:
            made.append(core)
    return made


def _lines_in(core: Span, lines: Sequence[Sequence[Span]]) -> int:
    """How many lines have something in a column."""
    return sum(any(_shared(span, core) > 0 for span in line) for line in lines)


def _runs(filled: Sequence[bool], first: float, step: float) -> list[Span]:
    runs: list[Span] = []
    start: int | None = None
    for place, one in enumerate([*filled, False]):
        if one and start is None:
            start = place
        elif not one and start is not None:
            runs.append((first + start * step, first + place * step))
            start = None
    return runs


def _shared(span: Span, other: Span) -> float:
    return min(span[1], other[1]) - max(span[0], other[0])


def _with_labels(
    cores: list[Span], head: Sequence[Level], size: float, finest: float
) -> tuple[list[Span], list[Piece]]:
    """The columns with those of which only the label is written, and the labels that stand above several columns."""
    pieces = [piece for level in head for piece in _closed_up(level, cores, size)]
    several: list[Piece] = []
    for piece in sorted(pieces, key=lambda piece: piece.width):
        met = [core for core in cores if _shared((piece.left, piece.right), core) > TOUCHES * size]
        met = met or [core for core in cores if core[0] - 0.1 * size <= piece.left and piece.right <= core[1]]
        met = met or [core for core in cores if piece.left <= core[0] and core[1] <= piece.right]
        met = met or _beside(cores, piece, pieces, size)
        if not met:
            cores = sorted([*cores, (piece.left, piece.right)])
        elif len(met) == 1 and not _is_above_another(piece, met[0], pieces, size):
            index = cores.index(met[0])
            cores[index] = _widened(cores, index, piece, finest)
        else:
            several.append(piece)
    for piece in list(several):
        if not _has_labels_below(piece, pieces, size):
            several.remove(piece)
            own = [core for core in cores if _shared((piece.left, piece.right), core) > TOUCHES * size]
            gaps = [after[0] - before[1] for before, after in pairwise(own)]
            if max(gaps, default=0.0) > (INNER_GAP if len(own) == TWO else NARROW_GAP) * size:
                continue  # a line above the table, whose texts stand over its columns by chance
            rest = [core for core in cores if core not in own]
            cores = sorted([*rest, (min(core[0] for core in own), max(core[1] for core in own))])
    return _without_bare(cores, pieces, size), several


def _without_bare(cores: list[Span], labels: Sequence[Piece], size: float) -> list[Span]:
    """The columns, those without a label put to the one hardly any white away: parts of what its lines say."""
    made: list[Span] = []
    for index, core in enumerate(cores):
        before = core[0] - made[-1][1] if made else float("inf")
        after = cores[index + 1][0] - core[1] if index + 1 < len(cores) else float("inf")
        goes_back = before <= after and not _has_label(core, labels)
        if before <= NARROW_GAP * size and (goes_back or not _has_label(made[-1], labels)):
            made[-1] = (made[-1][0], core[1])
        else:
            made.append(core)
    return made


def _has_label(core: Span, labels: Sequence[Piece]) -> bool:
    return any(_shared((one.left, one.right), core) > 0 for one in labels)


def _beside(cores: Sequence[Span], piece: Piece, labels: Sequence[Piece], size: float) -> list[Span]:
    """The one narrow column without a label that a label stands beside: figures set to the left of it."""
    others = [one for one in labels if one is not piece]
    bare = [core for core in cores if not _has_label(core, others)]
    near = [core for core in bare if -_shared((piece.left, piece.right), core) <= BESIDE * size]
    return near if len(near) == 1 else []


def _parted_by_labels(
    core: Span, head: Sequence[Level], body: Sequence[Level], size: float, finest: float
) -> list[Span]:
    """A stretch of writing as two, where two labels stand apart over it and white runs down between them."""
    for level in head:
        own = [one for one in _closed_up(level, [core], size) if _shared((one.left, one.right), core) > TOUCHES * size]
        for before, after in pairwise(own):
            if after.left - before.right < FEW_GAP * size:
                continue
            spans = [(one.left, one.right) for line in body for one in line.pieces]
            low, high = (before.left + before.right) / 2, (after.left + after.right) / 2
            ends = sorted(
                [low, *(right for _, right in spans if low < right < high)], key=lambda end: -_white(end, spans, high)
            )
            if _white(ends[0], spans, high) >= finest:
                rest = (ends[0] + _white(ends[0], spans, high), core[1])
                return [(core[0], ends[0]), *_parted_by_labels(rest, head, body, size, finest)]
    return [core]


def _white(start: float, spans: Sequence[Span], end: float) -> float:
    """How far nothing stands to the right of a place."""
    if any(left <= start < right for left, right in spans):
        return 0.0
    return min([left for left, _ in spans if left > start] + [end]) - start


def _closed_up(level: Level, cores: Sequence[Span], size: float) -> list[Piece]:
    """The labels of a level, characters set apart (姓  名) as one where they do not stand over several columns."""
    made: list[Piece] = []
    for piece in closed_up(level, size, LABEL_GAP).pieces:
        met = [core for core in cores if _shared((piece.left, piece.right), core) > 0]
        own = [one for one in level.pieces if one.is_part([piece])]
        made += [piece] if len(met) < TWO else own
    return made


def _widened(cores: Sequence[Span], index: int, piece: Piece, finest: float) -> Span:
    """A column as wide as its label, short of its neighbours."""
    left, right = cores[index]
    lowest = cores[index - 1][1] + finest if index else float("-inf")
    highest = cores[index + 1][0] - finest if index + 1 < len(cores) else float("inf")
    return min(left, max(piece.left, lowest)), max(right, min(piece.right, highest))


def _is_above_another(piece: Piece, core: Span, labels: Sequence[Piece], size: float) -> bool:
    """Whether a label of its own stands below one in a column, and not in the middle below it as its second line."""
    middle = (piece.left + piece.right) / 2
    return any(
        one.middle > piece.middle + size / 2
        and _shared((one.left, one.right), core) > 0
        and abs((one.left + one.right) / 2 - middle) > size
        for one in labels
    )


def _has_labels_below(piece: Piece, labels: Sequence[Piece], size: float) -> bool:
    """Whether two labels or more stand below one that reaches over several columns."""
    below = [
        one
        for one in labels
        if one is not piece
        and one.middle > piece.middle + size / 2
        and _shared((one.left, one.right), (piece.left - 3 * size, piece.right + 3 * size)) > 0
    ]
    return len(below) > 1


def _parted_by_rules(cores: list[Span], levels: Sequence[Level], rules: Sequence[float], size: float) -> list[Span]:
    """The columns as rules part them; where there are several rules, white alone parts only what has a label each."""
    inner = [at for at in rules if cores and cores[0][0] < at < cores[-1][1]]
    made: list[Span] = []
    for core in cores:
        cuts = [at for at in inner if core[0] + size / 4 < at < core[1] - size / 4]
        edges = [core[0], *cuts, core[1]]
        made += list(pairwise(edges))
    if len(inner) < RULED:
        return made
    kept: list[Span] = []
    for core in made:
        is_parted = not kept or any(kept[-1][1] - size / 4 <= at <= core[0] + size / 4 for at in inner)
        if is_parted or (_is_labelled(kept[-1], levels) and _is_labelled(core, levels)):
            kept.append(core)
        else:
            kept[-1] = (kept[-1][0], core[1])
    return kept


def _is_labelled(core: Span, levels: Sequence[Level]) -> bool:
    """Whether something of its own stands above a column on the first level."""
    return any(_shared((piece.left, piece.right), core) > 0 for piece in levels[0].pieces)


def _border(before: Span, after: Span, spans: Sequence[Span], size: float) -> float:
    """Where two columns meet: in the middle of what is whitest between them."""
    step = size / STEPS
    steps = max(1, round((after[0] - before[1]) / step))
    places = [before[1] + (number + 0.5) * (after[0] - before[1]) / steps for number in range(steps)]
    covered = [sum(left < place < right for left, right in spans) for place in places]
    least = min(covered)
    runs = _runs([one == least for one in covered], 0, 1)
    widest = max(runs, key=lambda run: run[1] - run[0])
    middle = (widest[0] + widest[1]) / 2
    return before[1] + middle * (after[0] - before[1]) / steps
