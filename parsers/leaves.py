"""What each page of a file says of the document it belongs to: title, unit, print mark, page number, numbering.

A leaf is a page looked at by itself. :mod:`parsers.paging` puts leaves together.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from forms.cleaning import squeeze
from forms.definition import FormDefinition
from parsers.document import Grid, Page, PrintMark
from parsers.locating.titles import TitleFinder

_PAGE_NUMBER = re.compile(
    r"[-—–－―·.•一_~]{1,3}(\d{1,3})[-—–－―·.•一_~]{1,3}|第(\d{1,3})页.{0,12}|(\d{1,3})/\d{1,3}页?"
)
_FOOT = 0.8
"""Part of the page's height below which a page number stands, where places are known."""
_TOTAL = re.compile(r"^(?:合计|总计|共计|总数)")
_FEWEST_COLUMNS = 6
_SAME_EDGE = 0.02
"""Part of a table's width within which two edges are one."""
_WIDEST_NUMBER = 4
_MOST_NUMBER = 9_999


@dataclass(frozen=True)
class Leaf:
    """One page: where it lies, and what it says.

    ``scores`` holds, for each form some labels of which stand here, how much they speak for it. ``first`` and ``last``
    are the running numbers of its first and last row.
    """

    page: Page
    position: int
    form: FormDefinition | None
    titled: bool
    unit: str = ""
    mark: PrintMark | None = None
    number: int | None = None
    first: int | None = None
    last: int | None = None
    has_rows: bool = False
    boxes: frozenset[str] = frozenset()
    """The opinion boxes on a roster's page."""
    has_total: bool = False
    starts_card: bool = False
    scores: tuple[tuple[str, float], ...] = ()
    columns: tuple[float, ...] = ()
    keys: frozenset[str] = frozenset()
    """The labels of its own form that stand on it."""

    @property
    def is_landscape(self) -> bool | None:
        """Which way the page lies; ``None`` when its size is not known."""
        if self.page.width is None or self.page.height is None:
            return None
        return self.page.width > self.page.height


def is_blank(page: Page) -> bool:
    """Whether nothing at all stands on a page that could be read: a back, an empty sheet, rules that shine through."""
    if page.notes or page.seals or page.ink or page.red:
        return False
    return all(
        isinstance(block, Grid) and not any(cell.text or cell.ink for cell in block.cells) for block in page.blocks
    )


def is_bare(page: Page, titles: TitleFinder) -> bool:
    """Whether a page has no table and no title: a separator, a letter, a picture; it says nothing of a form."""
    return not page.grids and not any(titles.form_in(line.text) for line in page.lines)


def page_number(page: Page) -> int | None:
    """The number printed at the foot: ``— 2 —``, ``第2页``, ``2/3``."""
    found: list[int] = []
    for line in page.lines:
        text = "".join(line.text.split())
        match = _PAGE_NUMBER.fullmatch(text)
        if match is None or (line.box is not None and page.height and line.box[1] < _FOOT * page.height):
            continue
        found.append(int(next(group for group in match.groups() if group)))
    return found[0] if len(set(found)) == 1 else None


@dataclass(frozen=True, slots=True)
class Numbering:
    """The running numbers of a page's rows, and what else its rows tell."""

    first: int | None = None
    last: int | None = None
    has_rows: bool = False
    has_total: bool = False


def numbering(page: Page) -> Numbering:
    """The running numbers in the first column of the page's widest grid that has some.

    One misread number does not count: what most rows agree on, each one more than the row above, is believed.
    """
    best = Numbering()
    for grid in page.grids:
        if grid.columns < _FEWEST_COLUMNS:
            continue
        found = _grid_numbers(grid)
        if found.first is not None or not best.has_rows:
            best = found if found.has_rows or found.has_total else best
    return best


def _grid_numbers(grid: Grid) -> Numbering:
    column = sorted((cell for cell in grid.cells if cell.column == 0), key=lambda cell: cell.row)
    rows = [(cell.row, int(text)) for cell in column if (text := squeeze(cell.text)).isdecimal() and _is_number(text)]
    has_total = any(_TOTAL.match(squeeze(cell.text)) for cell in column)
    if not rows:
        return Numbering(has_rows=False, has_total=has_total)
    offsets = [number - index for index, (_, number) in enumerate(rows)]
    likely = max(set(offsets), key=offsets.count)
    if offsets.count(likely) * 2 <= len(offsets) and len(offsets) > 1:
        return Numbering(has_rows=True, has_total=has_total)
    return Numbering(likely, likely + len(rows) - 1, has_rows=True, has_total=has_total)


def _is_number(text: str) -> bool:
    return len(text) <= _WIDEST_NUMBER and 0 < int(text) <= _MOST_NUMBER


def column_edges(page: Page) -> tuple[float, ...]:
    """The left edges of the columns of the page's widest grid, as parts of its width."""
    grids = [grid for grid in page.grids if grid.box is not None and grid.columns >= _FEWEST_COLUMNS]
    if not grids:
        return ()
    grid = max(grids, key=lambda one: one.columns)
    if grid.box is None:
        return ()
    left, _, right, _ = grid.box
    starts: dict[int, float] = {}
    for cell in grid.cells:
        if cell.box is not None and right > left:
            starts.setdefault(cell.column, round((cell.box[0] - left) / (right - left), 3))
    return tuple(starts[column] for column in sorted(starts))


def same_columns(one: Sequence[float], other: Sequence[float]) -> bool:
    """Whether two pages' tables are divided alike."""
    return (
        len(one) == len(other)
        and len(one) > 0
        and all(abs(a - b) < _SAME_EDGE for a, b in zip(one, other, strict=True))
    )


def has_gap(leaves: Sequence[Leaf]) -> tuple[int, int] | None:
    """The numbers between which rows are missing from one leaf to the next, if that is so."""
    for before, after in pairwise([leaf for leaf in leaves if leaf.first is not None and leaf.last is not None]):
        if before.last is not None and after.first is not None and after.first != before.last + 1:
            return before.last, after.first
    return None
