"""Is there anything written in a cell? An empty cell is never sent to a recogniser, which would invent a text for it.

Specks, remains of rules, the pale edge of a bleached seal and print that shows through from the other side are not
ink; what is neither clearly ink nor clearly none is told apart as doubtful and goes to a person.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum

import cv2
import numpy as np
import numpy.typing as npt

from parsers.scan.oneanswer import pale_character
from parsers.scan.shreds import in_shreds
from parsers.scan.units import Gray, Mask, PixelBox, mm

SPECK = 0.5
"""Millimetres: nothing smaller is a stroke by itself."""
STROKE = 0.9
"""Millimetres: the smallest character or stroke that stands alone."""
INK_CONTRAST = 0.42
"""Part of the page's own black that ink must reach."""
FAINT_CONTRAST = 0.25
"""Below this nothing is there; between the two it is doubtful."""
RED_CONTRAST = 0.55
"""What ink must reach where a seal lay over it."""
LARGE_REST = (1.5, 0.8)
"""Millimetres, the longer and the shorter side, of what nearly reaches that and is too large for a seal's remains."""
FIGURE = (1.5, 5.5)
"""Millimetres of height that a figure may have."""
SMALL_FIGURE = 0.9
"""The same of small print, for what is level with writing of its own height."""
AS_DARK, MAY_BE_INK = (0.5, 0.7), (0.35, 0.5)
"""Parts of the contrast of a cell's own writing from which a piece in its rows is, and may be, a stroke of it.

The second of each is for pieces under a seal, of which bleaching leaves pale remains.
"""
AS_DARK_AWAY = (0.65, 0.85)
"""The same for a piece that stands above or below all writing that is surely there: a line of its own."""
EDGE = 0.35
"""Millimetres from the cell's border within which thin remains belong to the rule."""


class Ink(Enum):
    """What a cell holds."""

    NONE = "none"
    DOUBTFUL = "doubtful"
    INK = "ink"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page ready for reading: grey without red and rules, its ink, what was red, and how dark its black is.

    ``loose_red`` is the red that belongs to no seal; ``ruled`` are the pixels that were whitened as rules; ``dark``
    are those that are nearer to black than to paper, rules and all.
    """

    gray: Gray
    ink: Mask
    red: Mask
    loose_red: Mask
    black: float
    """Grey level of the page's black print."""
    ruled: Mask
    dark: Mask


@dataclass(frozen=True, slots=True)
class InkFound:
    """The answer for one box: what is in it, and the strokes (255) that count as writing, in the box's own pixels."""

    state: Ink
    strokes: Mask
    red_only: bool = False
    """Red that belongs to no seal stands in the box: red handwriting that bleaching took away."""
    pale: tuple[PixelBox, ...] = ()
    """What stands beside the writing and may be more of it, too pale to be told from what shows through."""
    hinted: Mask | None = None
    """Where nothing is surely written: what may be one character, too pale to be told from what is left of a seal."""
    touching: bool = False
    """A piece as high as a figure clings to a rule beside writing: it is a 1, or what is left of the rule."""


def make_sheet(gray: Gray, red: Mask, loose_red: Mask, ink: Mask, rules: Mask) -> Sheet:
    """The page without its rules."""
    ruled = np.asarray(cv2.dilate(rules, np.ones((3, 3), np.uint8)), np.uint8)
    near = ruled > 0
    bare = gray.copy()
    bare[near] = 255
    kept = ink.copy()
    kept[near] = 0
    dark = gray[ink > 0]
    black = float(np.percentile(dark, 20)) if dark.size else 0.0
    nearer_black = np.asarray(cv2.threshold(gray, (255 + black) / 2, 255, cv2.THRESH_BINARY_INV)[1], np.uint8)
    return Sheet(bare, kept, red, loose_red, black, ruled, nearer_black)


def look(sheet: Sheet, box: PixelBox) -> InkFound:
    """What is written in a box."""
    left, top, right, bottom = box
    window = (slice(max(0, top), max(0, bottom)), slice(max(0, left), max(0, right)))
    ink, gray = sheet.ink[window], sheet.gray[window]
    if not ink.size:
        return InkFound(Ink.NONE, ink)
    faint = (gray < 255 - (255 - sheet.black) * FAINT_CONTRAST).astype(np.uint8)
    count, found, stats, _ = cv2.connectedComponentsWithStats(faint, connectivity=8)
    labels = np.asarray(found, np.int32)
    if count == 1:
        red_alone = _unsealed_red(sheet.loose_red[window])
        return InkFound(Ink.DOUBTFUL if red_alone else Ink.NONE, np.zeros_like(ink), red_alone)
    pieces = _sorted_pieces(sheet, window, labels, np.asarray(stats, np.int32))
    red_alone = _unsealed_red(sheet.loose_red[window])
    if not pieces.is_strong:
        pieces.kept[pieces.apart] = 255
        state = Ink.DOUBTFUL if pieces.is_weak or pieces.apart or red_alone else Ink.NONE
        hinted = pale_character(labels, pieces.pale, pieces.stats) if pieces.is_weak and not pieces.kept.any() else None
        return InkFound(state, np.asarray(pieces.kept[labels], np.uint8), red_alone, hinted=hinted)
    clinging, open_ = pieces.complete()
    places = [tuple(int(value) for value in pieces.stats[label][:4]) for label in open_]
    corner = (max(0, left), max(0, top))
    pale = tuple((corner[0] + x, corner[1] + y, corner[0] + x + w, corner[1] + y + h) for x, y, w, h in places)
    strokes = np.asarray((pieces.kept | _near(pieces.small, pieces.kept, labels))[labels], np.uint8)
    near_red = np.asarray(pieces.reddish[labels].astype(np.uint8) * 255, np.uint8)
    strokes |= in_shreds(gray, np.asarray(faint * 255, np.uint8), strokes, near_red)
    return InkFound(Ink.INK, strokes, red_alone, touching=clinging, pale=pale)


@dataclass
class _Pieces:
    """The connected pieces of a box, sorted: ``kept`` and ``small`` are 255 for those that are strokes and dots.

    ``clung`` and ``apart`` are as high as figures and stand at the border, against the rule and beside it, ``low`` are
    beside it and only as high as figures of small print; ``pale`` are too pale to be strokes by themselves.
    ``contrasts`` are parts of the page's black.
    """

    kept: npt.NDArray[np.uint8]
    small: npt.NDArray[np.uint8]
    contrasts: npt.NDArray[np.float64]
    reddish: npt.NDArray[np.bool_]
    stats: npt.NDArray[np.int32]
    clung: list[int] = field(default_factory=list)
    apart: list[int] = field(default_factory=list)
    low: list[int] = field(default_factory=list)
    pale: list[int] = field(default_factory=list)
    is_strong: bool = False
    is_weak: bool = False

    def complete(self) -> tuple[bool, list[int]]:
        """Keeps what belongs to sure strokes: whether something clings to a rule, and which are still too pale.

        The writing itself is the measure: where all of it is pale, a pale stroke in its rows is one of it.
        """
        own = float(np.median(self.contrasts[self.kept > 0]))
        clinging = _level_with_writing(self.clung, self.kept, self.stats)
        beside = _level_with_writing(self.pale, self.kept, self.stats, alike=False)
        shares = {label: self.contrasts[label] / own for label in beside}
        dark = [label for label, share in shares.items() if share >= AS_DARK[int(self.reddish[label])]]
        open_ = [label for label, share in shares.items() if share >= MAY_BE_INK[int(self.reddish[label])]]
        away = {label: self.contrasts[label] / own for label in self.pale if label not in shares}
        dark += [label for label, share in away.items() if share >= AS_DARK_AWAY[int(self.reddish[label])]]
        open_ += [label for label, share in away.items() if share >= AS_DARK[int(self.reddish[label])]]
        low = _level_with_writing(self.low, self.kept, self.stats)
        self.kept[[*clinging, *self.apart, *low, *dark]] = 255
        return bool(clinging), [label for label in open_ if label not in dark]


def _sorted_pieces(
    sheet: Sheet, window: tuple[slice, slice], labels: npt.NDArray[np.int32], stats: npt.NDArray[np.int32]
) -> _Pieces:
    gray, red = sheet.gray[window], sheet.red[window]
    count = len(stats)
    reddish = np.zeros(count, np.bool_)
    if red.any():
        near_red = cv2.dilate(red, np.ones((mm(0.6), mm(0.6)), np.uint8)) > 0
        reddish = np.bincount(labels.ravel(), near_red.ravel().astype(np.float64), count) > stats[:, 4] * 0.5
    contrasts = (255.0 - _darkest(gray, labels, count)) / max(1.0, 255.0 - sheet.black)
    kept, small = np.zeros((2, count), np.uint8)
    pieces = _Pieces(kept, small, contrasts, reddish, stats)
    clinging = _clinging(labels, sheet.ruled[window], count)
    for label in range(1, count):
        x, y, wide, high, _ = (int(value) for value in stats[label])
        need = RED_CONTRAST if reddish[label] else INK_CONTRAST
        is_dark = bool(contrasts[label] >= need)
        if _is_rule_rest((x, y, wide, high), gray.shape):
            if _is_figure(wide, high) and contrasts[label] >= INK_CONTRAST:
                is_low = high < mm(FIGURE[0])
                beside = pieces.low if is_low else pieces.apart
                (pieces.clung if clinging[label] else beside).append(label)
        elif max(wide, high) < mm(SPECK):
            small[label] = 255 if is_dark else 0
        elif is_dark:
            kept[label] = 255
            pieces.is_strong |= max(wide, high) >= mm(STROKE)
            pieces.is_weak = True
        elif max(wide, high) >= mm(STROKE):
            is_large = max(wide, high) >= mm(LARGE_REST[0]) and min(wide, high) >= mm(LARGE_REST[1])
            pieces.is_weak |= not reddish[label] or (is_large and contrasts[label] >= INK_CONTRAST)
            pieces.pale.append(label)
    return pieces


def _near(
    small: npt.NDArray[np.uint8], kept: npt.NDArray[np.uint8], labels: npt.NDArray[np.int32]
) -> npt.NDArray[np.uint8]:
    """Of the specks, those close to strokes: full stops, dots of figures and of characters."""
    if not small.any():
        return small
    around = cv2.dilate(kept[labels], np.ones((mm(1.5), mm(4.0)), np.uint8))
    touched = np.zeros_like(small)
    touched[np.unique(labels[(around > 0) & (small[labels] > 0)])] = 255
    return small & touched


def _darkest(gray: Gray, labels: npt.NDArray[np.int32], count: int) -> npt.NDArray[np.float64]:
    """The darkest grey of each component; of the ground nothing is asked."""
    least = np.full(count, 255, np.uint8)
    inked = labels > 0
    np.minimum.at(least, labels[inked], gray[inked])
    return least.astype(np.float64)


def _is_rule_rest(place: tuple[int, int, int, int], shape: tuple[int, ...]) -> bool:
    """A thin piece along the border of the cell, left over from its rule."""
    x, y, wide, high = place
    edge, thin = mm(EDGE), mm(0.5)
    beside = x <= edge or x + wide >= shape[1] - edge
    along = y <= edge or y + high >= shape[0] - edge
    return (beside and wide <= thin) or (along and high <= thin)


def _is_figure(wide: int, high: int) -> bool:
    """Whether an upright piece is as high as a figure: a 1 beside the rule is no wider than what is left of a rule."""
    return mm(SMALL_FIGURE) <= high <= mm(FIGURE[1]) and high > wide


def _clinging(labels: npt.NDArray[np.int32], ruled: Mask, count: int) -> npt.NDArray[np.bool_]:
    """Which components lie against a rule, with no paper between."""
    beside = cv2.dilate(ruled, np.ones((3, 3), np.uint8)) > 0
    touched = np.zeros(count, np.bool_)
    touched[np.unique(labels[beside])] = True
    return touched


def _level_with_writing(
    pieces: Sequence[int], kept: npt.NDArray[np.uint8], stats: npt.NDArray[np.int32], *, alike: bool = True
) -> list[int]:
    """Of pieces, those that stand in the rows of some writing and (``alike``) are as high as it."""
    written = [stats[label] for label in np.flatnonzero(kept)]
    level = []
    for piece in pieces:
        top, bottom = int(stats[piece][1]), int(stats[piece][1] + stats[piece][3])
        for row in written:
            shared = min(bottom, int(row[1] + row[3])) - max(top, int(row[1]))
            if shared >= 0.7 * (bottom - top) and (shared >= 0.5 * int(row[3]) or not alike):
                level.append(piece)
                break
    return level


def _unsealed_red(red: Mask) -> bool:
    """Red strokes that do not reach the border of the box: a seal's rim goes on outside, writing stays within."""
    if np.count_nonzero(red) < mm(1) ** 2 * 0.8:
        return False
    closed = cv2.morphologyEx(red, cv2.MORPH_CLOSE, np.ones((mm(3), mm(3)), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(np.asarray(closed, np.uint8))
    high, wide = red.shape
    inside = [
        row
        for row in stats[1:count]
        if row[0] > 1 and row[1] > 1 and row[0] + row[2] < wide - 1 and row[1] + row[3] < high - 1
    ]
    return len(inside) == count - 1 and any(
        mm(2) <= max(row[2], row[3]) <= mm(40) and row[3] <= mm(9) for row in inside
    )
