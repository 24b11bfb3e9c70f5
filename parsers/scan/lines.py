"""Lines of writing in a box, and the crop of each that a recogniser is given.

Wide gaps inside a line (``意    见``, a head line of three parts) are cut short in the crop, for they are misread and
cost time; characters set one below the other are laid side by side. Each crop knows where its pieces came from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from parsers.scan.crowded import owned
from parsers.scan.strayrows import written_rows
from parsers.scan.units import Gray, Mask, PixelBox, mm

TYPE_HEIGHT = 3.4
"""Millimetres: the height of ordinary type, until a page's own is known."""
SAME_CHARACTER = 1.3
"""Runs of rows that together are no higher than this many lines are one line (三, 二, i)."""
WHOLE = 0.7
"""Line heights from which a run of rows may be a line by itself."""
TOUCHING = 1.75
"""A run of rows higher than this many lines holds several that touch."""
SMALLER, LOW, PART = 1.45, 0.65, 0.25
"""The same where its characters, those of the page's smaller type, are mostly lower than this part of the run; what is
lower than a quarter of it is a stroke of one."""
LINE_PITCH = 1.05
"""Line heights from one line to the next where they touch."""
THIN = 0.35
"""A row between two lines has at most this share of the strokes of the rows around it."""
CROWDED, MOST_CROWDED = 0.6, 0.85
"""The same where lines of one height fill a run of rows: of most cuts, and of any."""
FULL = 0.2
"""Lines by which a run of rows may be longer or shorter than so many whole ones."""
WIDE_GAP = 1.4
"""Line heights of white that are cut short, and that mean a space."""
LEFT_GAP = 0.5
"""What is left of such a gap."""
DARKEST = 5
"""Per cent of a line's pixels that are as dark as its print."""
PALE, PALEST, PALE_INK = 0.4, 40.0, 0.4
"""Part of the print's darkness, and grey levels, by which a pixel of a gap is a stroke; line heights of such pixels
from which the gap holds a character."""
BLUR = 2
"""Pixels around a stroke that its edge darkens."""
LONGEST = 46.0
"""Line heights after which a crop is cut in two at a gap."""


@dataclass(frozen=True, slots=True)
class Foreign:
    """Pixels of other lines (255), and where on the page their left top corner is."""

    pixels: Mask
    corner: tuple[int, int]

    def wipe(self, image: Gray, corner: tuple[int, int]) -> None:
        """Whitens them in a cut-out of the page whose left top corner on the page is ``corner``."""
        right, down = self.corner[0] - corner[0], self.corner[1] - corner[1]
        y0, y1 = max(0, down), min(image.shape[0], down + self.pixels.shape[0])
        x0, x1 = max(0, right), min(image.shape[1], right + self.pixels.shape[1])
        if y1 > y0 and x1 > x0:
            image[y0:y1, x0:x1][self.pixels[y0 - down : y1 - down, x0 - right : x1 - right] > 0] = 255


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a crop: its columns in the crop, and its box on the page."""

    start: int
    end: int
    box: PixelBox


@dataclass(frozen=True, slots=True)
class Line:
    """One line of writing: its box on the page, the crop for the recogniser, and the crop's pieces."""

    box: PixelBox
    crop: Gray
    pieces: tuple[Piece, ...]

    def piece_at(self, at: float) -> Piece:
        """The piece at a place of the crop (0.0-1.0)."""
        if len(self.pieces) == 1:
            return self.pieces[0]
        x = at * self.crop.shape[1]
        return min(self.pieces, key=lambda piece: max(piece.start - x, x - piece.end, 0.0))

    def page_x(self, at: float) -> float:
        """The page's column of a place of the crop (0.0-1.0)."""
        piece = self.piece_at(at)
        return piece.box[0] + float(min(max(at * self.crop.shape[1] - piece.start, 0), piece.end - piece.start))

    def until(self, heights: float) -> Line:
        """The first so many heights of a line of one piece, all of it where it is no longer."""
        left, top, right, bottom = self.box
        wide = min(round(heights * (bottom - top)), right - left)
        box = (left, top, left + wide, bottom)
        piece = self.pieces[0]
        end = min(piece.start + wide, piece.end)
        return Line(box, np.ascontiguousarray(self.crop[:, :end]), (Piece(piece.start, end, box),))


def row_runs(strokes: Mask) -> list[tuple[int, int]]:
    """Runs of rows that hold strokes, top to bottom; the end is outside."""
    return _runs((strokes > 0).any(axis=1), 1)


def _runs(filled: npt.ArrayLike, bridge: int) -> list[tuple[int, int]]:
    places = np.flatnonzero(filled)
    if not places.size:
        return []
    breaks = np.flatnonzero(np.diff(places) > bridge)
    starts = [int(places[0]), *(int(places[i + 1]) for i in breaks)]
    ends = [*(int(places[i]) + 1 for i in breaks), int(places[-1]) + 1]
    return list(zip(starts, ends, strict=True))


def split_rows(strokes: Mask, height: float) -> list[tuple[int, int]]:
    """The rows of each line; ``height`` is the page's own line height in pixels.

    A low run of rows between two lines belongs to the nearer one: it is the dot of an i, or the head of 员.
    """
    lines: list[tuple[int, int]] = []
    runs = row_runs(strokes)
    for index, (top, bottom) in enumerate(runs):
        behind = runs[index + 1] if index + 1 < len(runs) else None
        if lines and _goes_up(lines[-1], (top, bottom), behind, height):
            lines[-1] = (lines[-1][0], bottom)
        else:
            lines.append((top, bottom))
    return lines


def _goes_up(line: tuple[int, int], run: tuple[int, int], behind: tuple[int, int] | None, height: float) -> bool:
    """Whether a run of rows belongs to the line above it."""
    gap = run[0] - line[1]
    is_small = min(run[1] - run[0], line[1] - line[0]) < height * 0.3
    fits = run[1] - line[0] <= height * SAME_CHARACTER or (is_small and gap < height * 0.2)
    if not fits or behind is None or line[1] - line[0] < height * WHOLE:
        return fits
    return not (behind[0] - run[1] < gap and behind[1] - run[0] <= height * SAME_CHARACTER)


def touching(strokes: Mask, rows: Sequence[tuple[int, int]], height: float) -> bool:
    """Whether some run of rows must hold several lines."""
    return any(_holds_several(strokes, row, height) for row in rows)


def _holds_several(strokes: Mask, row: tuple[int, int], height: float) -> bool:
    """Whether a run of rows holds several lines: it is too high for one, or its characters are too low for that."""
    top, bottom = row
    high = bottom - top
    if not height * SMALLER < high <= height * TOUCHING:
        return high > height * TOUCHING
    _, _, stats, _ = cv2.connectedComponentsWithStats(np.ascontiguousarray(strokes[top:bottom]))
    heights = stats[1:, cv2.CC_STAT_HEIGHT]
    characters = heights[heights >= PART * high]
    return bool(characters.size) and float(np.mean(characters <= LOW * high)) > 0.5


@dataclass(frozen=True, slots=True)
class Parted:
    """The rows of lines that touch; ``crowded``: they had to be cut where there is nearly as much ink as elsewhere."""

    rows: tuple[tuple[int, int], ...]
    crowded: bool


def part_touching(strokes: Mask, rows: Sequence[tuple[int, int]], height: float) -> Parted | None:
    """The rows with each run of several lines cut where it is thinnest, near where lines of one height would end.

    ``None`` where some run has no thin row at such a place, and is no block of even lines either: then writing runs
    through, and a detector must say.
    """
    inked = np.count_nonzero(strokes, axis=1)
    parted: list[tuple[int, int]] = []
    crowded = False
    for top, bottom in rows:
        lines = (bottom - top) / (height * LINE_PITCH)
        count = max(2, round(lines)) if _holds_several(strokes, (top, bottom), height) else 1
        ends, shares = [top], [0.0]
        for number in range(1, count):
            about, reach = top + (bottom - top) * number / count, height * 0.25
            first, last = round(about - reach), round(about + reach) + 1
            cut = first + int(np.argmin(inked[first:last]))
            shares.append(float(inked[cut] / np.mean(inked[top:bottom])))
            ends.append(cut)
        is_full = abs(lines - count) <= FULL and float(np.median(shares[1:] or shares)) <= CROWDED
        if max(shares) > (MOST_CROWDED if is_full else THIN):
            return None
        crowded = crowded or max(shares) > THIN
        parted += list(zip(ends, [*ends[1:], bottom], strict=True))
    return Parted(tuple(parted), crowded)


def cut_lines(
    gray: Gray, strokes: Mask, rows: Sequence[tuple[int, int]], corner: tuple[int, int], height: float
) -> list[Line]:
    """The lines of a box: ``strokes`` are its own pixels, ``corner`` its left and top on the page."""
    spans = [
        (top, bottom, _runs((strokes[top:bottom] > 0).any(axis=0), round(height * WIDE_GAP))) for top, bottom in rows
    ]
    spans = [
        (top, bottom, _over_pale(gray, runs, (top, bottom), corner, height)) for top, bottom, runs in spans if runs
    ]
    if len(spans) >= 3 and all(runs[-1][1] - runs[0][0] <= height * 1.5 for _, _, runs in spans):
        return [_stacked(gray, spans, corner, height)]
    lines = []
    for top, bottom, runs in spans:
        for part in _parts(runs, height):
            high, low = _tight_rows(strokes[top:bottom], part, top)
            boxes = [(corner[0] + left, corner[1] + high, corner[0] + right, corner[1] + low) for left, right in part]
            lines.append(compose(gray, boxes, height, foreign=_foreign(strokes, (high, low), corner, height)))
    return lines


def _over_pale(
    gray: Gray, runs: Sequence[tuple[int, int]], rows: tuple[int, int], corner: tuple[int, int], height: float
) -> list[tuple[int, int]]:
    """The runs of columns of a line, those made one between which the grey shows a character too pale to be ink.

    Small type under a seal leaves little more than dots of some of its characters.
    """
    left, top = corner
    part = gray[max(0, top + rows[0]) : top + rows[1], max(0, left) :]
    joined = [runs[0]]
    for start, end in runs[1:]:
        before = joined[-1]
        gap = part[:, before[1] : start]
        written = np.concatenate([part[:, before[0] : before[1]].ravel(), part[:, start:end].ravel()])
        black = 255.0 - float(np.percentile(written, DARKEST)) if written.size else 0.0
        pale = np.count_nonzero(gap < 255.0 - max(PALE * black, PALEST))
        if pale >= PALE_INK * height:
            joined[-1] = (before[0], end)
        else:
            joined.append((start, end))
    return joined


def cut_crowded(
    gray: Gray, strokes: Mask, rows: Sequence[tuple[int, int]], corner: tuple[int, int], height: float
) -> list[Line]:
    """The same where lines touch, so that the strokes of each are known only by what they hang together with."""
    own = owned(strokes, rows, height)
    if len(rows) >= 3 and all(np.ptp(np.flatnonzero(mine.any(axis=0))) <= height * 1.5 for mine in own if mine.any()):
        return cut_lines(gray, strokes, rows, corner, height)
    lines = []
    for mine in own:
        runs = _runs((mine > 0).any(axis=0), round(height * WIDE_GAP))
        if not runs:
            continue
        for part in _parts(_over_pale(gray, runs, _tight_rows(mine, runs, 0), corner, height), height):
            high, low = _tight_rows(mine, part, 0)
            boxes = [(corner[0] + left, corner[1] + high, corner[0] + right, corner[1] + low) for left, right in part]
            lines.append(compose(gray, boxes, height, foreign=_others(strokes, mine, corner)))
    return lines


def _others(strokes: Mask, mine: Mask, corner: tuple[int, int]) -> Foreign:
    """The strokes of a box that are not of one line."""
    near = np.ones((2 * BLUR + 1, 2 * BLUR + 1), np.uint8)
    other = cv2.dilate(cv2.subtract(strokes, mine), near)
    other[cv2.dilate(mine, np.ones((3, 3), np.uint8)) > 0] = 0
    return Foreign(np.asarray(other, np.uint8), corner)


def _foreign(strokes: Mask, rows: tuple[int, int], corner: tuple[int, int], height: float) -> Foreign | None:
    """The strokes above and below a line that would come into its crop: a foot of the line above makes 二 of 一."""
    reach = round(height) + BLUR
    high, low = rows
    first = max(0, high - reach)
    other = strokes[first : low + reach].copy()
    other[high - first : low - first] = 0
    if not other.any():
        return None
    other = np.asarray(cv2.dilate(other, np.ones((2 * BLUR + 1, 2 * BLUR + 1), np.uint8)), np.uint8)
    other[max(0, high - 1 - first) : low + 1 - first] = 0
    return Foreign(other, (corner[0], corner[1] + first))


def _tight_rows(strokes: Mask, part: Sequence[tuple[int, int]], top: int) -> tuple[int, int]:
    """The rows that the strokes of a line really take, but for stray dots."""
    first, last = written_rows(strokes[:, part[0][0] : part[-1][1]])
    return top + first, top + last


def _parts(runs: Sequence[tuple[int, int]], height: float) -> list[list[tuple[int, int]]]:
    parts: list[list[tuple[int, int]]] = [[]]
    for run in runs:
        if parts[-1] and sum(right - left for left, right in [*parts[-1], run]) > height * LONGEST:
            parts.append([])
        parts[-1].append(run)
    return parts


def _stacked(
    gray: Gray, spans: Sequence[tuple[int, int, list[tuple[int, int]]]], corner: tuple[int, int], height: float
) -> Line:
    """Characters one below the other, laid side by side."""
    boxes = [
        (corner[0] + runs[0][0], corner[1] + top, corner[0] + runs[-1][1], corner[1] + bottom)
        for top, bottom, runs in spans
    ]
    return compose(gray, boxes, height, gap=0.12)


def compose(
    gray: Gray,
    boxes: Sequence[PixelBox],
    height: float,
    gap: float = LEFT_GAP,
    foreign: Foreign | None = None,
) -> Line:
    """One crop of the parts of a line, with a little paper around and between them, without ``foreign`` strokes."""
    tallest = max(round(height * 0.85), *(box[3] - box[1] for box in boxes))
    margin = max(2, round(tallest * 0.14))
    space = np.full((tallest + 2 * margin, max(1, round(gap * height))), 255, np.uint8)
    images: list[Gray] = []
    pieces: list[Piece] = []
    x = 0
    for index, box in enumerate(boxes):
        if index:
            images.append(space)
            x += space.shape[1]
        image = _window(gray, box, tallest, margin, foreign)
        pieces.append(Piece(x + margin, x + image.shape[1] - margin, box))
        images.append(image)
        x += image.shape[1]
    outer = (min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes))
    return Line(outer, np.hstack(images), tuple(pieces))


def _window(gray: Gray, box: PixelBox, tallest: int, margin: int, foreign: Foreign | None) -> Gray:
    """The box with paper around it, as high as the tallest part of the line; beyond the page it is white."""
    left, top, right, bottom = box
    middle = (top + bottom) // 2
    top, bottom = middle - tallest // 2 - margin, middle - tallest // 2 + tallest + margin
    left, right = left - margin, right + margin
    image = np.full((bottom - top, right - left), 255, np.uint8)
    y0, y1, x0, x1 = max(0, top), min(gray.shape[0], bottom), max(0, left), min(gray.shape[1], right)
    if y1 > y0 and x1 > x0:
        image[y0 - top : y1 - top, x0 - left : x1 - left] = gray[y0:y1, x0:x1]
    if foreign is not None:
        foreign.wipe(image, (left, top))
    return image


def type_height(heights: Sequence[int]) -> float:
    """The page's own line height in pixels from those of its single runs of rows."""
    plausible = [height for height in heights if mm(2.0) <= height <= mm(7.0)]
    return float(np.median(plausible)) if len(plausible) >= 3 else float(mm(TYPE_HEIGHT))
