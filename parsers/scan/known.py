"""A page that we printed ourselves: its tables and texts are known, and only what was added to it is read.

Nothing is believed on the word of a mark: a text is taken from the print where the ink on this page is that of the
print. A page whose values are others than those we printed under its mark is read like any page, and says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import cached_property

import cv2
import numpy as np

from forms.fieldmap import FieldMap, PrintedCell, PrintedGrid, PrintedLine
from forms.finding import Box
from parsers.document import PRINT_CHANGED, PRINT_UNCLEAR, Cell, TextLine
from parsers.scan.difference import Difference, Verdict, compare
from parsers.scan.gridcells import CellPlace
from parsers.scan.gridding import GridPlace
from parsers.scan.inktest import Sheet
from parsers.scan.prints import Met
from parsers.scan.red import Layers
from parsers.scan.units import Gray, Mask, PixelBox, mm, to_pixels

AS_PRINTED_CONFIDENCE = 0.999
INK_ON_PRINT = "ink-on-print"
"""Note of a page with ink on labels that we printed."""
MARK_MISMATCH = "print-mark-mismatch"
"""Note of a page whose values are not those printed under its mark."""
LEAST_SETTLED = 0.5
MOST_OFF = 0.05
"""Part of the printed labels that must be as printed, or the page does not lie over its print; unless no more than that
part of them is surely not as printed: of small type in a coarse picture most is neither."""
MOST_CHANGED, CHANGED_VALUES = 0.5, 4
"""Part of the values, and number of them, beyond which the page is another document than its mark says."""
LOOSE_LINE = 1.5
"""Points around a line of text that belong to it."""
ROOM = (8.0, 14.0, 130.0, 8.0)
"""Points left, above, right and below a line with a place for a hand in which that hand may have written."""
PRINTED = 160
"""Grey level of the print below which there is ink."""
NO_INK = 225
"""Grey level of what was added from which it is the paper's own noise."""
LEAST_SEAL = 25.0
"""Square millimetres of added ink from which there may be a seal that is not red."""
RULE = 3.0
"""Millimetres from which a straight run of print is a rule."""
GAP = 1.6
"""Heights of a line from which a gap parts two of its statements."""
_GUIDES = re.compile(r"年月日|签字|签名|签章|盖章|[:：□_＿]$")


class Kind(Enum):
    """What a printed cell is for: a value that we printed, a place to write or sign in, or words of the form."""

    VALUE = "value"
    OPEN = "open"
    LABEL = "label"


@dataclass(frozen=True, slots=True)
class PrintedCellSeen:
    """A printed cell with what it is for and what its ink says on this page."""

    cell: PrintedCell
    kind: Kind
    text: str
    """With the blanks that were asked for."""
    verdict: Verdict
    is_one_value: bool = False
    """Whether all that it holds is the value of one field."""

    @property
    def is_unclear_label(self) -> bool:
        """Whether it holds words of the form to which nothing was surely added: they are told as printed anyhow."""
        return self.kind is Kind.LABEL and self.verdict is Verdict.UNCLEAR and bool(self.text)


@dataclass(frozen=True, slots=True)
class PrintedLineSeen:
    """A printed line with what its ink says, and its statements that are surely not as printed."""

    line: PrintedLine
    verdict: Verdict
    changed: tuple[tuple[PixelBox, str], ...] = ()


@dataclass(frozen=True)
class Known:
    """What a page that we printed says without being read, and what of it must be read."""

    met: Met
    difference: Difference
    cells: dict[tuple[int, int, int], PrintedCellSeen]
    """By grid, row and column."""
    lines: tuple[PrintedLineSeen, ...]

    @property
    def grids(self) -> tuple[GridPlace, ...]:
        """The tables, as printed."""
        return tuple(_grid_place(grid) for grid in self.met.page.grids)

    @property
    def rules(self) -> Mask:
        """The pixels of the printed rules; none where no cell must be read."""
        if len(self.settled) == len(self.cells):
            return np.zeros_like(self.met.printed)
        ink = np.asarray((self.met.printed < PRINTED).astype(np.uint8) * 255, np.uint8)
        level = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, mm(RULE)), np.uint8))
        plumb = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((mm(RULE), 1), np.uint8))
        return np.asarray(cv2.dilate(cv2.bitwise_or(level, plumb), np.ones((3, 3), np.uint8)), np.uint8)

    @property
    def notes(self) -> tuple[str, ...]:
        """What is to be said of the page as a whole."""
        on_labels = (one.kind is Kind.LABEL and one.verdict is Verdict.CHANGED for one in self.cells.values())
        return (INK_ON_PRINT,) if any(on_labels) else ()

    @cached_property
    def settled(self) -> dict[PixelBox, str]:
        """The cells that need not be read, with their texts: they hold their print and nothing else, or are labels."""
        settled = (one for one in self.cells.values() if one.verdict is Verdict.AS_PRINTED or one.is_unclear_label)
        return {to_pixels(one.cell.box): one.text for one in settled}

    def unsigned(self) -> Iterator[Box]:
        """Where nobody signed, for nothing was added to the print: cells, and lines with room for a name."""
        yield from (one.cell.box for one in self.cells.values() if one.verdict is Verdict.AS_PRINTED)
        yield from (_wider(one.line.box, ROOM) for one in self.lines if one.verdict is Verdict.AS_PRINTED)

    def beyond(self) -> Gray | None:
        """The page without what we printed; ``None`` where less ink was added than a seal has."""
        found = self.difference.added()
        strokes = cv2.morphologyEx((found < NO_INK).astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
        return found if np.count_nonzero(strokes) >= LEAST_SEAL * mm(1) ** 2 else None

    def told(self, grid: int, cell: Cell) -> Cell:
        """A cell with what is known of it: the printed text where it stands, a doubt where it does not."""
        seen = self.cells[grid, cell.row, cell.column]
        if seen.verdict is Verdict.AS_PRINTED:
            sure, text = AS_PRINTED_CONFIDENCE, seen.text
            return replace(cell, text=text, ink=bool(text), confidence=sure, candidates=(), printed=text)
        if seen.kind is Kind.LABEL and seen.text:
            return replace(cell, text=seen.text, ink=True)
        if seen.kind is Kind.VALUE and (seen.verdict is Verdict.CHANGED or _bare(cell.text) != _bare(seen.text)):
            return replace(cell, printed=seen.text, notes=(*cell.notes, PRINT_CHANGED))
        if seen.is_one_value:
            return replace(cell, printed=seen.text, notes=(*cell.notes, PRINT_UNCLEAR))
        return cell

    def text_lines(self) -> Iterator[TextLine]:
        """The lines outside the tables that stand as printed."""
        for seen in self.lines:
            if seen.verdict is Verdict.AS_PRINTED:
                yield TextLine(seen.line.text, seen.line.box, AS_PRINTED_CONFIDENCE, printed=seen.line.text)

    def unclear_lines(self) -> tuple[PixelBox, ...]:
        """Where lines must be read to which nothing was surely added."""
        return tuple(_grown(seen.line.box) for seen in self.lines if seen.verdict is Verdict.UNCLEAR)

    def doubted(self, line: TextLine) -> TextLine:
        """A line that was read, with a doubt where it stands in the place of a statement that was changed."""
        for seen in self.lines:
            for place, text in seen.changed:
                if line.box is not None and _shares(to_pixels(line.box), place):
                    return replace(line, printed=text, notes=(*line.notes, PRINT_CHANGED))
        return line

    def bare(self, sheet: Sheet) -> Sheet:
        """The page without the lines that need not be read, and without its mark."""
        ink, gray = sheet.ink.copy(), sheet.gray.copy()
        settled = [_grown(seen.line.box) for seen in self.lines if seen.verdict is Verdict.AS_PRINTED]
        if self.difference.judge(self.met.mark_box) is not Verdict.CHANGED:
            settled.append(self.met.mark_box)
        for box in settled:
            left, top, right, bottom = (max(0, edge) for edge in box)
            ink[top:bottom, left:right] = 0
            gray[top:bottom, left:right] = 255
        return replace(sheet, ink=ink, gray=gray)


@dataclass(frozen=True)
class KnownPage:
    """What is known of any page before it is read: nothing, unless it is one that we printed."""

    known: Known | None = None
    notes: tuple[str, ...] = ()

    @classmethod
    def of(cls, met: Met | None, layers: Layers, loose_red: Mask) -> KnownPage:
        """What is known of a page; ``met`` is what it was laid over, if anything."""
        found = know(met, layers, loose_red) if met is not None else None
        match found:
            case None:
                return cls()
            case str():
                return cls(None, (found,))
            case _:
                return cls(found, found.notes)

    @property
    def settled(self) -> dict[PixelBox, str]:
        """The texts of the cells that need not be read, by their boxes."""
        return self.known.settled if self.known is not None else {}

    def grids(self) -> tuple[tuple[GridPlace, ...], Mask] | None:
        """The tables and the pixels of their rules, where they are known."""
        return (self.known.grids, self.known.rules) if self.known is not None else None

    def beyond(self, gray: Gray) -> Gray | None:
        """The page without what we printed, if anything: ``gray`` itself where nothing is known of it."""
        return self.known.beyond() if self.known is not None else gray

    def bare(self, sheet: Sheet) -> Sheet:
        """The page without lines that need not be read."""
        return self.known.bare(sheet) if self.known is not None else sheet

    def told(self, grid: int, cell: Cell) -> Cell:
        """A cell with what is known of it."""
        return self.known.told(grid, cell) if self.known is not None else cell

    def lines(self) -> tuple[TextLine, ...]:
        """The lines that need not be read."""
        return tuple(self.known.text_lines()) if self.known is not None else ()

    def unclear_lines(self) -> tuple[PixelBox, ...]:
        """The places of lines that are known and must be read all the same."""
        return self.known.unclear_lines() if self.known is not None else ()

    def doubted(self, line: TextLine) -> TextLine:
        """A line that was read, with what is known of its place."""
        return self.known.doubted(line) if self.known is not None else line

    def unsigned(self) -> tuple[Box, ...]:
        """Where surely nobody signed."""
        return tuple(self.known.unsigned()) if self.known is not None else ()


def _grid_place(grid: PrintedGrid) -> GridPlace:
    cells = tuple(
        CellPlace(cell.row, cell.column, cell.row_span, cell.column_span, to_pixels(cell.box)) for cell in grid.cells
    )
    return GridPlace(grid.rows, grid.columns, cells, to_pixels(grid.box), len(cells))


def know(met: Met, layers: Layers, loose_red: Mask) -> Known | str | None:
    """What a page says without being read.

    Args:
        met: the page over its print.
        layers: its layers.
        loose_red: the red that belongs to no seal.

    Returns:
        ``None`` for a page that is too poor to tell; a note's code for one that is not what its mark says.
    """
    difference = compare(layers.gray, layers.red, loose_red, met.prints, met.dpi)
    if difference is None:
        return None
    cells = {
        (index, cell.row, cell.column): _cell_seen(met.field_map, met.mark.page, cell, difference)
        for index, grid in enumerate(met.page.grids)
        for cell in grid.cells
    }
    labels = [one.verdict for one in cells.values() if one.kind is Kind.LABEL and one.text]
    values = [one.verdict for one in cells.values() if one.kind is Kind.VALUE]
    is_off = labels.count(Verdict.CHANGED) > MOST_OFF * len(labels)
    if labels.count(Verdict.AS_PRINTED) < LEAST_SETTLED * len(labels) and is_off:
        return None
    changed = values.count(Verdict.CHANGED)
    if changed >= CHANGED_VALUES and changed > MOST_CHANGED * len(values):
        return MARK_MISMATCH
    lines = tuple(_line_seen(met, line, difference) for line in met.page.lines)
    return Known(met, difference, cells, lines)


def _cell_seen(field_map: FieldMap, page: int, cell: PrintedCell, difference: Difference) -> PrintedCellSeen:
    fields = field_map.fields_at(page, cell.box)
    values = [one for one in fields if one.text and one.value != "" and not one.path.startswith("marks.")]
    same = [one.text for one in values if _bare(one.text) == _bare(cell.text)]
    kind = Kind.VALUE if values else Kind.OPEN if fields or not cell.text or _has_guide(cell.text) else Kind.LABEL
    verdict = difference.judge(to_pixels(cell.box))
    return PrintedCellSeen(cell, kind, same[0] if same else cell.text, verdict, is_one_value=bool(same))


def _line_seen(met: Met, line: PrintedLine, difference: Difference) -> PrintedLineSeen:
    box = _grown(line.box)
    verdict = difference.judge(box)
    if verdict is Verdict.AS_PRINTED and _has_guide(line.text):
        verdict = difference.judge(to_pixels(_wider(line.box, ROOM)))
    valued = any(
        one.value != "" for one in met.field_map.fields if one.page == met.mark.page and _holds(line.box, one.box)
    )
    if verdict is Verdict.UNCLEAR and not valued and not _has_guide(line.text):
        verdict = Verdict.AS_PRINTED  # words of the form, which carry nothing that a doubt could change
    changed = [
        (place, text)
        for place, text in (_statements(met.printed, box, line.text) if valued else ())
        if not _has_guide(text) and difference.judge(place) is Verdict.CHANGED
    ]
    return PrintedLineSeen(line, verdict, tuple(changed))


def _statements(printed: Gray, box: PixelBox, text: str) -> Sequence[tuple[PixelBox, str]]:
    """The parts of a line that wide gaps keep apart, each with its words; the whole line where they cannot be told."""
    left, top, right, bottom = (max(0, edge) for edge in box)
    inked = np.flatnonzero((printed[top:bottom, left:right] < PRINTED).any(axis=0))
    words = re.split(r"\s{2,}", text.strip())
    if not inked.size:
        return []
    ends = np.flatnonzero(np.diff(inked) > GAP * (bottom - top))
    starts = [int(inked[0]), *(int(inked[end + 1]) for end in ends)]
    stops = [*(int(inked[end]) for end in ends), int(inked[-1])]
    if len(starts) != len(words):
        return [(box, text)]
    edge = mm(0.5)
    return [
        ((left + start - edge, top, left + stop + edge, bottom), word)
        for start, stop, word in zip(starts, stops, words, strict=True)
    ]


def _has_guide(text: str) -> bool:
    """Whether a printed text leaves room for a hand: a date to be filled in, a place for a name or a seal."""
    return any(_GUIDES.search(_bare(line)) for line in text.splitlines())


def _grown(box: Box) -> PixelBox:
    return to_pixels(_wider(box, (LOOSE_LINE, LOOSE_LINE, LOOSE_LINE, LOOSE_LINE)))


def _wider(box: Box, by: Box) -> Box:
    return box[0] - by[0], box[1] - by[1], box[2] + by[2], box[3] + by[3]


def _holds(outer: Box, inner: Box) -> bool:
    """Whether a value's stretch lies on a line."""
    middle = (inner[1] + inner[3]) / 2
    return outer[1] <= middle <= outer[3] and inner[0] < outer[2] and outer[0] < inner[2]


def _shares(box: PixelBox, other: PixelBox) -> bool:
    """Whether two boxes stand on the same line and overlap along it."""
    level = min(box[3], other[3]) - max(box[1], other[1])
    return level > 0.4 * min(box[3] - box[1], other[3] - other[1]) and box[0] < other[2] and other[0] < box[2]


def _bare(text: str) -> str:
    return "".join(text.split())
