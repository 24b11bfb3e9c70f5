"""Tables of a scanned page that have no rules, or too few to make a grid: told by how their writing stands in line.

Asked for ledgers alone: our own forms are ruled, and what stands in columns elsewhere (a letter's signatures, a list in
a notice) is no table that somebody fills in.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from forms.finding import Box
from parsers.aligned.layout import Aligned, Drawn, layout_of
from parsers.aligned.writing import Lean, lean_of
from parsers.aligned.writing import Rule as StraightRule
from parsers.scan.faint import find_faint
from parsers.scan.gridcells import BORDER_MISSING, CellPlace
from parsers.scan.gridding import GridPlace
from parsers.scan.ruling import SURELY_RULE, Rule, Rules, bridged, find_rules, joined
from parsers.scan.units import Gray, Mask, PixelBox, Rgb, mm

FEWEST = 3
"""Rows and columns that a ruled grid has by its rules alone; one with fewer may be a frame around a table."""
DOUBTED = 0.1
"""Part of the cells of a grid that may have a border in doubt; more, and the writing may tell the table better."""
CHARACTER = (1.7, 8.0)
"""Millimetres: heights between which the characters of a table lie."""
TOGETHER = 0.3
"""Characters of white within a piece of writing."""
LOWEST, NARROWEST, HIGHEST = 0.3, 0.2, 2.6
"""Characters: what is smaller both ways is a speck, what is higher no line of writing."""
SPECK, BESIDE = 0.22, 0.6
"""Characters: a stroke is longer one way, and a point of a number stands half as far from one."""
ONE_LINE = 1.25
"""Characters of height of two strokes, one above the other, that are one character (二)."""
COARSE, DARKER = 8, 0.55
"""By how much a picture of the light is smaller, and how dark the desk beside a sheet is."""
LARGE = 60
"""Pieces that tell how high a character is, at least a few."""


def with_unruled(
    grids: Sequence[GridPlace], pixels: Rgb, gray: Gray, ink: Mask, even: Gray, rims: Mask | None
) -> tuple[GridPlace, ...]:
    """The grids of a page, those with hardly a cell replaced by the table that stands in them or beside them.

    Args:
        grids: what the rules make.
        pixels: the page in colour.
        gray: the page without its seals.
        ink: what is dark on it, rules and all.
        even: the page under even light, for pale rules.
        rims: the rims of seals, which are no rules.
    """
    if any(_is_whole(grid) for grid in grids):
        return tuple(grids)
    rules, mask = find_rules(gray, rims)
    faint = find_faint(even, ink)
    found = find_unruled(ink, bridged(joined(rules, faint), ink), mask, _light(pixels))
    if found is None:
        return tuple(grids)
    near = [grid for grid in grids if _overlap(grid.box, found.box)]
    if any(len(grid.cells) >= len(found.cells) for grid in near):
        return tuple(grids)
    apart = [grid for grid in grids if grid not in near]
    return tuple(sorted((*apart, found), key=lambda grid: grid.box[1]))


def _is_whole(grid: GridPlace) -> bool:
    """Whether the rules of a grid make a table whose borders are hardly anywhere in doubt."""
    noted = sum(bool(cell.notes) or cell.row_span > FEWEST for cell in grid.cells)
    return grid.rows >= FEWEST and grid.columns >= FEWEST and noted <= DOUBTED * len(grid.cells)


def find_unruled(ink: Mask, rules: Rules, mask: Mask, light: Gray | None = None) -> GridPlace | None:
    """The table on a page; ``mask`` are the pixels of runs that may be rules, ``light`` is what :func:`_light` says."""
    bare = _without_rules(ink, rules, mask)
    size = _size(bare)
    if size is None:
        return None
    boxes = pieces_of(bare, size)
    if light is not None:
        boxes = _on_paper(boxes, light)
    lean = lean_of(boxes, size)
    found = layout_of(boxes, size, _straight(rules, lean), lean, TOGETHER)
    return None if found is None else _grid(found)


def _light(pixels: Rgb) -> Gray:
    """How bright the paper or the desk is about each place, in a picture :data:`COARSE` times smaller."""
    gray = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    small = cv2.resize(gray, None, fx=1 / COARSE, fy=1 / COARSE, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.dilate(small, np.ones((5, 5), np.uint8)), np.uint8)


def _on_paper(boxes: list[Box], light: Gray) -> list[Box]:
    """The pieces but for those on or beside something much darker than most stand on: the desk under a sheet."""
    high, wide = light.shape
    about = []
    for left, top, right, bottom in boxes:
        row = light[min(high - 1, int((top + bottom) / 2 / COARSE))]
        away = bottom - top
        about.append(
            min(int(row[int(np.clip(x / COARSE, 0, wide - 1))]) for x in (left - away, left, right, right + away))
        )
    usual = float(np.median(about)) if about else 0.0
    return [box for box, one in zip(boxes, about, strict=True) if one >= DARKER * usual]


def _without_rules(ink: Mask, rules: Rules, mask: Mask) -> Mask:
    """The ink without long rules; a short run may be a stroke of a title."""
    along = np.zeros_like(ink)
    for rule in rules.level:
        if rule.end - rule.start >= mm(SURELY_RULE):
            ends = [(round(x), round(rule.place(x))) for x in (rule.start, rule.end)]
            cv2.line(along, ends[0], ends[1], 255, mm(1.5))
    for rule in rules.plumb:
        if rule.end - rule.start >= mm(SURELY_RULE):
            ends = [(round(rule.place(y)), round(y)) for y in (rule.start, rule.end)]
            cv2.line(along, ends[0], ends[1], 255, mm(1.5))
    gone = cv2.dilate(cv2.bitwise_and(along, mask), np.ones((3, 3), np.uint8))
    return np.where(gone > 0, 0, ink).astype(np.uint8)


def _size(bare: Mask) -> float | None:
    """The height of a character in pixels."""
    near = cv2.morphologyEx(bare, cv2.MORPH_CLOSE, np.ones((mm(0.4), mm(1.2)), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(near)
    low, high = mm(CHARACTER[0]), mm(CHARACTER[1])
    heights = [row[3] for row in stats[1:count].tolist() if low <= row[3] <= high and row[2] >= 0.5 * row[3]]
    return float(np.percentile(heights, LARGE)) if len(heights) >= FEWEST * FEWEST else None


def pieces_of(bare: Mask, size: float) -> list[Box]:
    """The pieces of writing of a page without its rules; ``size`` is the height of a character, all in pixels."""
    near = cv2.morphologyEx(
        _without_specks(bare, size), cv2.MORPH_CLOSE, np.ones((3, max(3, round(TOGETHER * size))), np.uint8)
    )
    count, _, stats, _ = cv2.connectedComponentsWithStats(near)
    boxes = [
        (left, top, left + wide, top + high)
        for left, top, wide, high, _ in stats[1:count].tolist()
        if high <= HIGHEST * size and (wide >= NARROWEST * size or high >= LOWEST * size)
    ]
    kept: list[Box] = []
    for box in sorted(boxes, key=lambda box: box[1]):
        index = next((k for k in range(len(kept) - 1, -1, -1) if _is_one(kept[k], box, size)), None)
        if index is None:
            kept.append(box)
        else:
            kept[index] = _union(kept[index], box)
    return [box for box in kept if box[3] - box[1] >= LOWEST * size or box[2] - box[0] >= size / 2]


def _without_specks(bare: Mask, size: float) -> Mask:
    """The ink without what is too small for a stroke and stands beside none: the grain of a desk makes no lines."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(bare, connectivity=8)
    strokes = np.zeros(count, np.uint8)
    strokes[1:][np.max(stats[1:, 2:4], axis=1) >= SPECK * size] = 255
    near = cv2.dilate(strokes[labels], np.ones((round(size * BESIDE) | 1,) * 2, np.uint8))
    return np.asarray(cv2.bitwise_and(bare, near), np.uint8)


def _is_one(box: Box, other: Box, size: float) -> bool:
    """Whether two pieces, one above the other, are parts of one line."""
    shared = min(box[2], other[2]) - max(box[0], other[0])
    high = max(box[3], other[3]) - min(box[1], other[1])
    return shared > 0.5 * min(box[2] - box[0], other[2] - other[0]) and high <= ONE_LINE * size


def _union(box: Box, other: Box) -> Box:
    return min(box[0], other[0]), min(box[1], other[1]), max(box[2], other[2]), max(box[3], other[3])


def _straight(rules: Rules, lean: Lean) -> Drawn:
    """The rules of some length, on the page as laid straight."""
    level = [_laid(rule, -lean.slope) for rule in rules.level if rule.end - rule.start >= mm(SURELY_RULE)]
    plumb = [_laid(rule, lean.slope) for rule in rules.plumb if rule.end - rule.start >= mm(SURELY_RULE)]
    return Drawn(tuple(level), tuple(plumb))


def _laid(rule: Rule, slope: float) -> StraightRule:
    middle = (rule.start + rule.end) / 2
    return StraightRule(rule.at + slope * middle, rule.start - slope * rule.at, rule.end - slope * rule.at)


def _grid(found: Aligned) -> GridPlace:
    cells = [
        CellPlace(
            cell.row,
            cell.column,
            cell.row_span,
            cell.column_span,
            _pixels(cell.box),
            notes=(BORDER_MISSING,) if cell.doubtful else (),
        )
        for cell in found.cells
    ]
    cells.sort(key=lambda cell: (cell.row, cell.column))
    return GridPlace(found.rows, found.columns, tuple(cells), _pixels(found.box), found.rows * found.columns)


def _pixels(box: Box) -> PixelBox:
    left, top, right, bottom = box
    return round(left), round(top), round(right), round(bottom)


def _overlap(box: PixelBox, other: PixelBox) -> bool:
    return box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3]
