"""The tables of a ledger: where their heads are, what stands below each column, which tables belong together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from forms.cleaning import squeeze
from forms.definition import FormDefinition
from forms.finding import Region
from forms.labels import normalise_label
from parsers.document import Cell, Document, Grid, Page
from parsers.ledger.divided import divided
from parsers.ledger.evidence import ColumnValues, is_name, is_value
from parsers.ledger.mapping import HeadColumn
from parsers.ledger.options import column_name, head_key, is_named, path_key
from parsers.ledger.parted import parted
from parsers.ledger.struck import rejoined
from parsers.ledger.totals import is_sum
from parsers.ledger.vocabulary import LedgerVocabulary
from parsers.locating.heads import Head, HeadFinder
from parsers.locating.parts import GridSlice
from parsers.valuing import region_of

_HEAD_WITHIN = 30
_FEWEST = 3
_LONGEST_LABEL = 24
_LONGEST_NAME = 3
_ON_CARDS = 0.34
"""The part of a card's row that is labels, at least."""
_NAMES = 2
"""So many texts like names in a row and it is one of persons."""
_FILLED = 0.6
_LOOKED_BELOW = 4
_MOST_ROWS = 400
_OF_SUMS = 3
"""Cells of a row, from the left, one of which says that it holds sums."""
_FEWEST_COLUMNS = 2
_RELATIONS = frozenset({"称谓", "称呼", "关系", "与本人关系", "与被借用人关系"})

Rows = dict[int, list[Cell]]


@dataclass(frozen=True)
class LedgerTable:
    """One grid with its heads; the first head speaks for the grid."""

    page: Page
    grid: Grid
    heads: tuple[Head, ...]
    columns: tuple[HeadColumn, ...]

    @property
    def key(self) -> str:
        """Its first head row in normal form."""
        return head_key([column.path for column in self.columns])

    @property
    def told(self) -> str:
        """The same without columns that have no head and are called by their number; all where none has one.

        Such a column comes and goes from page to page: at the cut edge of the paper, or where it holds values.
        """
        named = [column.path for column in self.columns if is_named(column.path)]
        return head_key(named) if len(named) >= _FEWEST else self.key


@dataclass
class Ledger:
    """Tables of one ledger in order, and the pages they stand on."""

    tables: list[LedgerTable] = field(default_factory=list)
    pages: list[Page] = field(default_factory=list)

    @property
    def columns(self) -> tuple[HeadColumn, ...]:
        """The columns of the first head, each with the values of all tables that have the same head text."""
        first = self.tables[0].columns
        below = [column for table in self.tables for column in table.columns]
        return tuple(
            replace(
                one,
                values=ColumnValues.of(
                    [cell for column in below if column.path == one.path for cell in column.values.cells]
                ),
            )
            for one in first
        )


class TableFinder:
    """Finds ledgers in a document."""

    def __init__(self, ledger: FormDefinition) -> None:
        self._ledger = ledger
        self._known = LedgerVocabulary(ledger)
        self.assumed: set[str] = set()
        """Texts that stand where a head must be, in normal form."""

    def prepared(self, document: Document) -> Document:
        """The document with a head text over every column that has values."""
        pages = tuple(page if page.hidden else self._page(page) for page in document.pages)
        return replace(document, pages=pages)

    def ledgers(self, document: Document) -> list[Ledger]:
        """The ledgers of a prepared document in order. A page without a head belongs to the ledger before it."""
        vocabulary = self.vocabulary
        found: list[Ledger] = []
        for page in document.pages:
            if page.hidden:
                continue
            own = [table for grid in page.grids if (table := self._table(page, grid, vocabulary)) is not None]
            for table in own:
                if not found or not self._goes_on(document, found[-1], table):
                    found.append(Ledger())
                found[-1].tables.append(table)
                if not found[-1].pages or found[-1].pages[-1] is not page:
                    found[-1].pages.append(page)
            if not own and found and document.format != "xlsx":
                found[-1].pages.append(page)
        return found

    @property
    def vocabulary(self) -> LedgerVocabulary:
        """The labels by which heads are found in this document."""
        return LedgerVocabulary(self._ledger, None, frozenset(self.assumed))

    @staticmethod
    def _goes_on(document: Document, before: Ledger, table: LedgerTable) -> bool:
        is_new_sheet = document.format == "xlsx" and before.pages[-1] is not table.page
        return not is_new_sheet and before.tables[0].told == table.told

    def _page(self, page: Page) -> Page:
        blocks = tuple(
            self._headed(self._mended(block) if page.scanned else block) if isinstance(block, Grid) else block
            for block in page.blocks
        )
        return replace(page, blocks=blocks)

    def _mended(self, grid: Grid) -> Grid:
        """The grid of a scan without strokes that were taken for rules, and with rules that are missing."""
        return divided(parted(rejoined(grid)), self._known.is_known_label)

    def _headed(self, grid: Grid) -> Grid:
        """The grid with its head told or made, and with a text over every column that has values."""
        rows = GridSlice(grid, 0, grid.rows).rows()
        head = next(self._heads(rows, self._known), None)
        if head is None:
            guessed = _guess(rows, grid, self._known)
            if guessed is None:
                return _with_made_head(grid, rows, self.assumed)
            self.assumed.update(normalise_label(cell.text) for cell in rows[guessed] if cell.text.strip())
            head = next(self._heads(rows, self.vocabulary), None)
        if head is None:
            return grid
        return _with_whole_head(*_unfolded(grid, rows, head), self.assumed)

    def _table(self, page: Page, grid: Grid, vocabulary: LedgerVocabulary) -> LedgerTable | None:
        rows = GridSlice(grid, 0, grid.rows).rows()
        heads = tuple(self._heads(rows, vocabulary))
        if not heads:
            return None
        first = heads[0]
        end = heads[1].top if len(heads) > 1 else grid.rows
        below = [_values(rows[row]) for row in sorted(rows) if first.bottom <= row < end][:_MOST_ROWS]
        columns = tuple(
            HeadColumn(
                column.column,
                column.path,
                ColumnValues.of(list(_under(below, column.column, column.span))),
                _confidence(rows, first, column.column),
                column.span,
                _region(page, rows, first, column.column),
            )
            for column in first.columns
        )
        return LedgerTable(page, grid, heads, columns)

    @staticmethod
    def _heads(rows: Rows, vocabulary: LedgerVocabulary) -> Iterator[Head]:
        """The heads of a grid from top to bottom; the first must stand near its top."""
        finder = HeadFinder(vocabulary, rows)
        past = -1
        for row in sorted(rows):
            if past < 0 and row > _HEAD_WITHIN:
                return
            if row < past:
                continue
            head = finder.at(row)
            if head is not None and len(head.columns) >= _FEWEST and not _is_of_relatives(head):
                past = head.bottom
                yield head


def _is_of_relatives(head: Head) -> bool:
    """Whether a head lists somebody's relatives, whose names are no staff's."""
    return any(path_key(column.path).rpartition("/")[2] in _RELATIONS for column in head.columns)


def _values(cells: Sequence[Cell]) -> list[Cell]:
    """What of a row can be a person's: nothing of a row of sums, and nothing struck."""
    first = [squeeze(cell.text) for cell in cells if cell.text.strip()][:_OF_SUMS]
    return [] if any(map(is_sum, first)) else [cell for cell in cells if not cell.struck]


def _under(below: Sequence[Sequence[Cell]], first: int, span: int) -> Iterator[Cell]:
    for cells in below:
        for cell in cells:
            if first <= cell.column < first + span and cell.text.strip():
                yield cell


def _confidence(rows: Rows, head: Head, column: int) -> float | None:
    """How sure the head's text over a column is: that of its least sure cell."""
    found = [
        cell.confidence
        for row in range(head.top, head.bottom)
        for cell in rows.get(row, ())
        if cell.column <= column < cell.column + cell.column_span and cell.text.strip() and cell.confidence is not None
    ]
    return min(found, default=None)


def _region(page: Page, rows: Rows, head: Head, column: int) -> Region:
    """Where the lowest head text over a column stands."""
    for row in range(head.bottom - 1, head.top - 1, -1):
        for cell in rows.get(row, ()):
            if cell.column <= column < cell.column + cell.column_span and cell.text.strip():
                return region_of(page, cell)
    return Region(page.index)


def _guess(rows: Rows, grid: Grid, known: LedgerVocabulary) -> int | None:
    """The row that must be the head though its words are unknown: short texts, no values, values below.

    On a card labels and values take turns, and values repeat: such a row is none.
    """
    for row in sorted(rows)[:_HEAD_WITHIN]:
        own = [cell for cell in rows[row] if cell.row == row and cell.text.strip()]
        if len(own) < _FEWEST or len(own) < _FILLED * grid.columns or any(map(is_value, own)):
            continue
        unknown = [cell.text.strip() for cell in own if not known.is_known_label(cell.text)]
        names = sum(is_name(text) and len(text) <= _LONGEST_NAME for text in unknown)
        if any(len(cell.text.strip()) > _LONGEST_LABEL for cell in own) or names >= _NAMES:
            continue
        texts = [normalise_label(cell.text) for cell in own]
        if len(set(texts)) < len(texts) or _take_turns([known.is_known_label(text) for text in texts]):
            continue
        next_rows = [one for one in sorted(rows) if one > row][:_LOOKED_BELOW]
        if any(is_value(cell) for one in next_rows for cell in rows[one] if cell.text.strip()):
            return row
    return None


def _take_turns(labels: Sequence[bool]) -> bool:
    """Whether what is known as a label is mostly followed by what is not."""
    first = [after for before, after in pairwise(labels) if before]
    return len(first) >= _ON_CARDS * len(labels) and len(first) > 1 and sum(first) * 2 < len(first)


def _unfolded(grid: Grid, rows: Rows, head: Head) -> tuple[Grid, Rows, Head]:
    """Two tables side by side under the same heads as one below the other; any other head that stands twice is told."""
    labels = [path_key(column.path) for column in head.columns]
    half = len(labels) // 2
    is_folded = len(labels) == 2 * half and half >= _FEWEST_COLUMNS and labels[:half] == labels[half:]
    if is_folded and head.columns[0].column == 0:
        width = head.columns[half].column
        kept = [cell for cell in grid.cells if cell.row < head.bottom and cell.column < width]
        body = [cell for cell in grid.cells if cell.row >= head.bottom]
        if any(cell.column < width < cell.column + cell.column_span for cell in body):
            return grid, rows, head
        tall = grid.rows - head.bottom
        kept += [cell for cell in body if cell.column < width]
        kept += [
            replace(cell, row=cell.row + tall, column=cell.column - width) for cell in body if cell.column >= width
        ]
        made = replace(grid, rows=grid.rows + tall, columns=width, cells=tuple(kept))
        return made, GridSlice(made, 0, made.rows).rows(), replace(head, columns=head.columns[:half])
    renamed: dict[tuple[int, int], str] = {}
    for number, (column, label) in enumerate(zip(head.columns, labels, strict=True)):
        twice = labels[:number].count(label)
        cell = next((one for one in rows.get(head.bottom - 1, ()) if one.column == column.column), None)
        if twice and label and cell is not None:
            renamed[cell.row, cell.column] = f"{cell.text.strip()}({twice + 1})"
    if not renamed:
        return grid, rows, head
    cells = tuple(
        replace(cell, text=renamed[cell.row, cell.column]) if (cell.row, cell.column) in renamed else cell
        for cell in grid.cells
    )
    made = replace(grid, cells=cells)
    return made, GridSlice(made, 0, made.rows).rows(), head


def _with_whole_head(grid: Grid, rows: Rows, head: Head, assumed: set[str]) -> Grid:
    """A column with values but without a head text is called by its number."""
    covered = {place for column in head.columns for place in range(column.column, column.column + column.span)}
    bare = {
        cell.column
        for row in sorted(rows)
        if row >= head.bottom
        for cell in rows[row]
        if cell.column not in covered and cell.text.strip() and cell.column_span == 1
    }
    if not bare:
        return grid
    level = head.bottom - 1
    kept = tuple(cell for cell in grid.cells if not (cell.row == level and cell.column in bare and not cell.text))
    taken = {(row, cell.column) for row, cells in rows.items() for cell in cells if cell.text.strip()}
    made = tuple(_named(level, column, assumed) for column in sorted(bare) if (level, column) not in taken)
    return replace(grid, cells=(*kept, *made))


def _with_made_head(grid: Grid, rows: Rows, assumed: set[str]) -> Grid:
    """A table of persons without any head gets one that numbers its columns; any other grid stays as it is."""
    own = [[cell for cell in cells if cell.text.strip()] for cells in rows.values()]
    people = [cells for cells in own if any(is_name(cell.text.strip()) for cell in cells)]
    valued = [cells for cells in people if sum(map(is_value, cells)) >= _FEWEST_COLUMNS]
    if not valued or len(valued) * 2 < len([cells for cells in own if len(cells) >= _FEWEST]):
        return grid
    moved = tuple(replace(cell, row=cell.row + 1) for cell in grid.cells)
    made = tuple(_named(0, column, assumed) for column in range(grid.columns))
    hidden = frozenset(row + 1 for row in grid.hidden_rows)
    return replace(grid, rows=grid.rows + 1, cells=(*made, *moved), hidden_rows=hidden)


def _named(row: int, column: int, assumed: set[str]) -> Cell:
    text = column_name(column)
    assumed.add(path_key((text,)))
    return Cell(row, column, text)
