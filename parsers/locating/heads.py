"""The head of a roster: which rows it takes, and what each column means."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from parsers.document import Cell
from parsers.locating.vocabulary import Certainty, Meaning, Role, Vocabulary, bare_label

_TALLEST = 4
_FEWEST = 3
_SHARE = 0.5
_LONGEST_HEAD_TEXT = 60
_RELATIVES = re.compile(r"^(?:称谓|称呼|关系|与?本?人?关系|与本人关系|与被借用人关系|家庭成员.*|亲属.*)$")


def is_of_relatives(text: str) -> bool:
    """Whether a head belongs to a list of a person's relatives, whose names are not the person's."""
    return len(text) <= _LONGEST_HEAD_TEXT and _RELATIVES.match(bare_label(text)) is not None


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a roster: its place, its head as written, and what it means (``None`` when unknown)."""

    column: int
    span: int
    path: tuple[str, ...]
    meaning: Meaning | None

    @property
    def label(self) -> str:
        """The head from top to bottom."""
        return "/".join(text.replace("\n", "") for text in self.path)


@dataclass(frozen=True, slots=True)
class Head:
    """The rows ``top`` to ``bottom`` (not included) of a head, and its columns from left to right."""

    top: int
    bottom: int
    columns: tuple[Column, ...]

    @property
    def known(self) -> tuple[Column, ...]:
        """The columns that mean something."""
        return tuple(column for column in self.columns if column.meaning is not None)

    @property
    def keys(self) -> frozenset[str]:
        """The keys of the fields that some column fills."""
        return frozenset(key for column in self.known if column.meaning for key in column.meaning.keys)

    @property
    def sure(self) -> int:
        """How many fields are named exactly."""
        keys = {
            key
            for column in self.known
            if column.meaning and column.meaning.certainty is Certainty.EXACT
            for key in column.meaning.keys
        }
        return len(keys)


@dataclass(slots=True)
class HeadFinder:
    """Looks for heads in the rows of a grid."""

    vocabulary: Vocabulary
    rows: Mapping[int, Sequence[Cell]]

    def at(self, row: int) -> Head | None:
        """The head whose row with the most labels is ``row``; ``None`` when that is no head."""
        cells = self.rows.get(row, ())
        if self.vocabulary.parts_relatives and any(is_of_relatives(cell.text) for cell in cells):
            return None
        labels = [cell for cell in cells if self._is_label(cell)]
        filled = [cell for cell in cells if cell.text.strip()]
        if len(labels) < _FEWEST or len(labels) < _SHARE * len(filled) or self._is_interleaved(cells):
            return None
        if self._is_line_above(row, labels):
            return None
        top = min(cell.row for cell in labels)
        bottom = max((cell.row + cell.row_span for cell in labels if cell.row_span <= _TALLEST), default=row + 1)
        bottom = max(bottom, row + 1)
        while bottom - top < _TALLEST and self._is_below(top, bottom):
            bottom += 1
        while bottom - top < _TALLEST and self._is_above(top - 1, labels):
            top -= 1
        return Head(top, bottom, self._columns(top, bottom))

    def _is_label(self, cell: Cell) -> bool:
        return len(cell.text) <= _LONGEST_HEAD_TEXT and bool(cell.text.strip()) and self.vocabulary.is_label(cell.text)

    def _is_line_above(self, row: int, labels: Sequence[Cell]) -> bool:
        """Whether the row holds labels with colons (``填报单位：``), each for the cell beside it, over the head."""
        with_colon = [cell for cell in labels if cell.text.rstrip().endswith((":", "："))]
        below = [cell for cell in self.rows.get(row + 1, ()) if cell.row == row + 1 and self._is_label(cell)]
        return len(with_colon) * 2 > len(labels) and len(below) > len(labels)

    def _is_interleaved(self, cells: Sequence[Cell]) -> bool:
        """Labels and other cells take turns, as on a card: most labels are followed by something else."""
        pairs = list(pairwise(cells))
        labels = [(one, other) for one, other in pairs if self._is_label(one)]
        followed = sum(1 for _, other in labels if self._is_label(other))
        return bool(labels) and followed * 3 < len(labels)

    def _is_below(self, top: int, row: int) -> bool:
        """Whether ``row`` is one more level of the head: most of its own cells are labels with their parents."""
        own = [cell for cell in self.rows.get(row, ()) if cell.row == row and cell.text.strip()]
        if not own or any(cell.raw is not None for cell in own):
            return False
        parents = [cell for level in range(top, row) for cell in self.rows.get(level, ()) if cell.text.strip()]
        return sum(self._is_child(cell, parents, row) for cell in own) * 2 > len(own)

    def _is_child(self, cell: Cell, parents: Sequence[Cell], row: int) -> bool:
        above = tuple(
            dict.fromkeys(one.text for one in parents if one.column <= cell.column < one.column + one.column_span)
        )
        if self.vocabulary.joined(above, cell.text) is not None:
            return True
        left = self._parent_to_the_left(row, cell)
        return left is not None and self.vocabulary.joined((left,), cell.text) is not None

    def _parent_to_the_left(self, row: int, cell: Cell) -> str | None:
        """The text of the nearest filled cell to the left in the row above, where the cell above is empty."""
        above = [one for one in self.rows.get(row - 1, ()) if one.text.strip()]
        if any(one.column <= cell.column < one.column + one.column_span for one in above):
            return None
        before = [one for one in above if one.column < cell.column]
        return before[-1].text if before else None

    def _is_above(self, row: int, labels: Sequence[Cell]) -> bool:
        """Whether ``row`` holds parents: cells over several columns, none of them the title or a line of text."""
        own = [cell for cell in self.rows.get(row, ()) if cell.text.strip()]
        if not own or any("：" in cell.text or ":" in cell.text for cell in own):
            return False
        width = max(cell.column + cell.column_span for cell in labels) - min(cell.column for cell in labels)
        if any(cell.column_span >= 0.8 * width or len(cell.text) > _LONGEST_HEAD_TEXT for cell in own):
            return False
        if any(cell.raw is not None for cell in own):
            return False
        return all(cell.column_span > 1 or self._is_group(cell.text) for cell in own)

    def _is_group(self, text: str) -> bool:
        """Whether a cell over one column names several (``合同期限`` over 起 and 止, not merged)."""
        meaning = self.vocabulary.person_label(text)
        return bool(self.vocabulary.group(text)) or (meaning is not None and meaning.role is Role.COMBINED)

    def _columns(self, top: int, bottom: int) -> tuple[Column, ...]:
        places = sorted(
            {
                column
                for row in range(top, bottom)
                for cell in self.rows.get(row, ())
                if cell.text.strip()
                for column in range(cell.column, min(cell.column + cell.column_span, cell.column + 64))
            }
        )
        columns: list[Column] = []
        for place in places:
            cells = self._over(place, top, bottom)
            path = tuple(cell.text.strip() for cell in cells)
            lowest = cells[-1]
            if lowest.column_span > 1 and columns and columns[-1].path == path and lowest.column < place:
                previous = columns.pop()
                columns.append(Column(previous.column, previous.span + 1, path, previous.meaning))
                continue
            meaning = self.vocabulary.column(path)
            left = self._unmerged_parent(place, top, bottom)
            if meaning is None and left is not None:
                meaning = self.vocabulary.column((left, *path))
                path = (left, *path) if meaning is not None else path
            columns.append(Column(place, 1, path, meaning))
        return tuple(columns)

    def _over(self, column: int, top: int, bottom: int) -> list[Cell]:
        """The cells of the head over a column, from top to bottom, a spanning cell once."""
        cells: list[Cell] = []
        for row in range(top, bottom):
            for cell in self.rows.get(row, ()):
                is_over = cell.column <= column < cell.column + cell.column_span and bool(cell.text.strip())
                if is_over and (not cells or cells[-1] is not cell):
                    cells.append(cell)
        return cells

    def _unmerged_parent(self, column: int, top: int, bottom: int) -> str | None:
        for row in range(bottom - 1, top, -1):
            for cell in self.rows.get(row, ()):
                if cell.column == column and cell.row == row and cell.text.strip():
                    return self._parent_to_the_left(row, cell)
        return None
