"""The labels of a blank and the cells beside them, as the reader of returned files finds them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from forms.definition import Combined, Field
from parsers.document import Cell, Grid, Page, TextLine
from parsers.locating.boxes import BoxPlace
from parsers.locating.card import CardContent, CardReader, Placed
from parsers.locating.parts import GridSlice, Part
from parsers.locating.running import Found, RunningReader
from parsers.locating.vocabulary import Meaning, Vocabulary, bare_label

_BLANK_UNITS = " \t\u3000_＿人名个"


@dataclass(frozen=True, slots=True)
class BoxFound:
    """A box, and the label in running text that named it, where one did."""

    place: BoxPlace
    found: Found | None


@dataclass
class Labels:
    """What the labels of one block gave."""

    placed: list[Placed] = field(default_factory=list)
    boxes: list[BoxFound] = field(default_factory=list)
    left: list[tuple[Page, Cell, str]] = field(default_factory=list)


class BlankReader(CardReader):
    """Reads a blank: a label whose cell is empty has a place all the same, and so has a group of one empty cell."""

    def __init__(self, vocabulary: Vocabulary, *, person_too: bool) -> None:
        super().__init__(vocabulary, person_too=person_too)
        self._named: dict[int, Found] = {}

    reaches_beyond = False

    def labels(self, page: Page, block: GridSlice | TextLine, grid: Grid | None = None) -> Labels:
        """The labels of a line, or of a table that is (a part of) ``grid``."""
        self._named.clear()
        content = self.read(Part(page, (block,)))
        if grid is not None and self.person_too:
            self._place_counts(content, grid)
        boxes = [BoxFound(place, self._named.get(id(place))) for place in content.boxes]
        return Labels(content.placed, boxes, content.left)

    def _place_counts(self, content: CardContent, grid: Grid) -> None:
        """Short words (核定, 实有) beside an empty cell, which a reader knows by the figure that stands there."""
        for entry in list(content.left):
            page, cell, _ = entry
            meaning = self.vocabulary.counts.get(bare_label(cell.text))
            beside = grid.at(cell.row, cell.column + cell.column_span)
            if meaning is not None and cell.row >= 0 and not beside.text.strip(_BLANK_UNITS):
                content.left.remove(entry)
                content.placed.append(self.placed(meaning, page, beside, cell))

    def _found(self, page: Page, found: Found, content: CardContent) -> None:
        before = len(content.boxes)
        super()._found(page, found, content)
        for place in content.boxes[before:]:
            self._named[id(place)] = found

    def grouped(
        self,
        page: Page,
        cell: Cell,
        group: tuple[Field, ...],
        meaning: Meaning | None,
        label: Cell | None,
        content: CardContent,
    ) -> None:
        """As of the reader; an empty cell belongs to the field that the group's own label names."""
        before = len(content.placed)
        super().grouped(page, cell, group, meaning, label, content)
        if len(content.placed) == before and meaning is not None and not cell.text.strip():
            content.placed.append(self.placed(meaning, page, replace(cell, text=""), label))


def strange_labels(vocabulary: Vocabulary, cells: Sequence[Cell], *, person_too: bool) -> list[tuple[Cell, str]]:
    """Labels with a colon in running text that the form does not know."""
    running = RunningReader(vocabulary, person_too=person_too)
    return [
        (found.label_cell or found.cell, found.label)
        for cell in cells
        for found in running.read([cell])
        if found.meaning is None and found.box is None and found.label
    ]


def pair_of(combined: Sequence[Combined], keys: Sequence[str]) -> Combined | None:
    """The combined cell of these fields."""
    return next((one for one in combined if tuple(one.keys) == tuple(keys)), None)
