"""Pages cut at the titles of forms: one piece a form."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from parsers.document import Grid, Page, TextLine
from parsers.locating.parts import Block, GridSlice, Part
from parsers.locating.titles import Title, TitleFinder, attachment_number

_LONGEST_MARK = 8
_MOST_TITLE_CELLS = 3


@dataclass(frozen=True)
class Piece:
    """A stretch of a page and the title above it, if it has one."""

    part: Part
    title: Title | None


def pieces_of(page: Page, titles: TitleFinder) -> Iterator[Piece]:
    """The page cut at the titles of forms; a mark 附件N just above a title goes with it."""
    blocks: list[Block] = []
    title: Title | None = None
    name = ""
    for block in _cut_blocks(page, titles):
        found = _title_of(block, titles)
        if found is not None and (title is not None or _has_content(blocks)):
            carried = _carried(blocks)
            if blocks:
                yield Piece(Part(page, tuple(blocks), name), title)
            blocks, title, name = carried, found[0], found[1]
        elif found is not None:
            title, name = found
        blocks.append(block)
    if blocks:
        yield Piece(Part(page, tuple(blocks), name), title)


def _has_content(blocks: Sequence[Block]) -> bool:
    return any(isinstance(block, GridSlice) for block in blocks)


def _carried(blocks: list[Block]) -> list[Block]:
    """Take the lines 附件N off the end of what went before."""
    carried: list[Block] = []
    while blocks:
        last = blocks[-1]
        if (
            not isinstance(last, TextLine)
            or attachment_number(last.text) is None
            or len(last.text.strip()) > _LONGEST_MARK
        ):
            break
        carried.insert(0, blocks.pop())
    return carried


def _cut_blocks(page: Page, titles: TitleFinder) -> Iterator[Block]:
    for block in page.blocks:
        if isinstance(block, TextLine):
            yield block
            continue
        cuts = [0, *(row for row in _title_rows(block, titles) if row > 0), block.rows]
        for top, bottom in pairwise(cuts):
            if top < bottom:
                yield GridSlice(block, top, bottom)


def _title_rows(grid: Grid, titles: TitleFinder) -> list[int]:
    """The rows of a grid that are titles; moved up over a row that only says 附件N."""
    rows = {cell.row for cell in grid.cells if titles.form_in(cell.text) is not None}
    if not rows:
        return []
    marks: set[int] = set()
    counts: dict[int, int] = {}
    for cell in grid.cells:
        if cell.text.strip():
            counts[cell.row] = counts.get(cell.row, 0) + 1
            if (
                cell.row + 1 in rows
                and attachment_number(cell.text) is not None
                and len(cell.text.strip()) <= _LONGEST_MARK
            ):
                marks.add(cell.row)
    alone = sorted(row for row in rows if counts.get(row, 0) <= _MOST_TITLE_CELLS)
    return [row - 1 if row - 1 in marks and counts.get(row - 1, 0) <= _MOST_TITLE_CELLS else row for row in alone]


def _title_of(block: Block, titles: TitleFinder) -> tuple[Title, str] | None:
    if isinstance(block, TextLine):
        found = None if block.struck else titles.form_in(block.text)
        return None if found is None else (found, block.text.strip())
    for cell in block.grid.cells:
        if block.top <= cell.row <= block.top + 2 and (found := titles.form_in(cell.text)) is not None:
            return found, cell.text.strip()
    return None
