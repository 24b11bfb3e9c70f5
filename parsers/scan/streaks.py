"""Lines that a copier's drum or a scanner's dirty glass drew over the page, and lines that a fax lost.

A streak runs from edge to edge of the picture, through margins in which nothing is ruled; a rule of a form never does.
What lies under it is lighter by as much as the streak is dark, so that writing stays. It is done before the page is
found and straightened, for streaks run along the picture whatever the paper's lean, and would be taken for rules.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from parsers.picture import Picture
from parsers.scan.flattening import A4_LONG
from parsers.scan.grain import without_grain
from parsers.scan.units import Gray, Rgb

BANDS = 48
EACH = 3
"""Rows of which one is looked at."""
THICKEST = 1.0
"""Millimetres: nothing thicker is a streak."""
LEAST_DEPTH = 12
"""Grey levels by which a streak is darker than the paper beside it."""
IN_BAND, IN_BANDS = 0.7, 0.93
"""Part of a band's rows, and of the bands, in which a streak is seen."""
ASIDE = 12
"""Pixels from the middle of a streak to the paper beside it."""
ENDS = 10.0
"""Millimetres of each of its ends, beyond all rules across, that are held against that paper."""
LEAN = 0.03
"""How far a streak may lean: pixels across for each pixel along."""
BEYOND = 3.0
"""Millimetres that it runs on beyond the outermost rules across."""
THIN_EDGE = 0.9
"""Millimetres: a thinner black edge of a picture may be a rule (2.25 points at most) of a table that fills it."""
PALE = 60
"""Grey levels by which it is lighter than the page's black, where it runs on beyond them at one end alone."""
RULE = 6.0
"""Millimetres of a run of dark pixels that is a rule across."""
MOST = 6
"""More lines from edge to edge are the ruling of the paper."""
DARK_EDGE = 110
"""Grey of a row most of which is the black edge of a copy."""
DEEPEST = 150.0
"""Grey levels from which nothing is left under a streak; it is closed from both sides then."""
STEPS, LEANS = 0.5, 2.0
"""Pixels across on its way down from which a streak steps from column to column, and from which it leans."""
LEANING = 1.15
"""A streak that leans is lifted by so much more, for its edges lie between the pixels."""
BLACK, LOST_SHARE, FEWEST_STROKES = 128, 0.45, 6
"""Grey below which a fax's dot is black; part of the dots around a lost line that must be black on both sides of it,
and how many at least."""


Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Streak:
    """A dark line down the picture: its middle column in the first and the last row."""

    start: float
    end: float

    def place(self, row: npt.NDArray[np.float64], rows: int) -> npt.NDArray[np.float64]:
        """The columns of its middle."""
        return self.start + (self.end - self.start) * row / max(1, rows - 1)


def cleaned(picture: Picture) -> Picture:
    """The picture without grain, dark streaks and lost lines."""
    smooth = without_grain(picture)
    pixels = without_streaks(with_lost_lines(smooth.pixels))
    return smooth if pixels is smooth.pixels else replace(smooth, pixels=pixels)


def without_streaks(pixels: Rgb) -> Rgb:
    """The picture without its streaks, down and across; the same array where there are none."""
    gray = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8)
    down, across = find_streaks(gray), find_streaks(np.asarray(cv2.transpose(gray), np.uint8))
    if not down and not across:
        return pixels
    fresh = pixels.copy()
    for streak in down:
        _lift(fresh, streak)
    for streak in across:
        _lift(fresh.transpose(1, 0, 2), streak)
    return fresh


def find_streaks(gray: Gray) -> tuple[Streak, ...]:
    """The streaks down a picture; none where its lines from edge to edge may be ruling."""
    one = max(gray.shape) / A4_LONG
    rows = np.flatnonzero(np.median(gray[:, ::32], axis=1) > DARK_EDGE)
    if len(rows) < BANDS * 4 or gray.shape[1] < BANDS:
        return ()
    top, bottom = int(rows[0]), int(rows[-1]) + 1
    page = np.ascontiguousarray(gray[top:bottom:EACH])
    closed = cv2.morphologyEx(page, cv2.MORPH_CLOSE, _level(one * THICKEST))
    depth = np.asarray(cv2.subtract(closed, page), np.uint8)
    dark = np.where(depth >= LEAST_DEPTH, 255, 0).astype(np.uint8)
    seen = cv2.resize(dark, (page.shape[1], BANDS), interpolation=cv2.INTER_AREA) >= 255 * IN_BAND
    found = _tracks(seen, bottom - top)
    if not found or len(found) > MOST:
        return ()
    beyond = _beyond(gray[top:bottom], one)
    edges = (top, gray.shape[0] - bottom)
    beyond = [0 if 0 < edge < one * THIN_EDGE else free for edge, free in zip(edges, beyond, strict=True)]
    if max(beyond) < one * BEYOND:
        return ()
    if min(beyond) < one * BEYOND:
        found = [streak for streak in found if _is_pale(gray[top:bottom], streak)]
    ends = [free // EACH for free in beyond]
    found = [streak for streak in found if _runs_on(dark, streak, ends) and _stands_out(depth, streak, ends, one)]
    return tuple(_whole(streak, top, bottom, gray.shape[0]) for streak in found)


def _level(length: float) -> npt.NDArray[np.uint8]:
    return np.ones((1, max(3, round(length) | 1)), np.uint8)


def _tracks(seen: npt.NDArray[np.bool_], rows: int) -> list[Streak]:
    """Straight lines through all bands, each with the lean at which it is seen best."""
    near = cv2.dilate(seen.astype(np.uint8), np.ones((1, 3), np.uint8)).astype(np.float32)
    most = round(LEAN * rows)
    best = np.zeros(seen.shape[1], np.float32)
    leans = np.zeros(seen.shape[1], np.int32)
    along = np.linspace(-0.5, 0.5, BANDS)
    padded = np.pad(near, ((0, 0), (most, most)))
    for lean in sorted(range(-most, most + 1, 2), key=abs):
        starts = most + np.rint(along * lean).astype(int)
        score = np.mean([padded[band, start : start + len(best)] for band, start in enumerate(starts)], axis=0)
        leans[score > best + 0.01] = lean
        best = np.maximum(best, score)
    found = []
    left = np.flatnonzero(best >= IN_BANDS)
    while len(left):
        ends = np.flatnonzero(np.diff(left) > 1)
        group = left[: ends[0] + 1] if len(ends) else left
        left = left[len(group) :]
        top = group[best[group] >= best[group].max() - 0.01]
        middle, half = float(np.mean(top)), float(np.median(leans[top])) / 2
        found.append(Streak(middle - half, middle + half))
    return found


def _beyond(page: Gray, one: float) -> list[int]:
    """The rows above and below all rules across: what runs through them from edge to edge is no rule."""
    black = (page < DARK_EDGE).astype(np.uint8) * 255
    ruled = np.flatnonzero(cv2.morphologyEx(black, cv2.MORPH_OPEN, _level(one * RULE)).any(axis=1))
    return [int(ruled[0]), len(page) - int(ruled[-1]) - 1] if len(ruled) else [len(page)] * 2


def _is_pale(page: Gray, streak: Streak) -> bool:
    """Whether a line is clearly lighter than what is black on the page."""
    rows = np.arange(len(page))
    columns = np.rint(streak.place(rows.astype(np.float64), len(page))).astype(int)
    near = np.clip(columns[:, None] + np.arange(-2, 3)[None, :], 0, page.shape[1] - 1)
    dark = page[page < DARK_EDGE]
    return float(np.median(page[rows[:, None], near].min(axis=1))) > (float(np.median(dark)) if dark.size else 0) + PALE


def _runs_on(dark: npt.NDArray[np.uint8], streak: Streak, beyond: list[int]) -> bool:
    """Whether a line is seen beyond all rules across, at each end; not so a rule of a table that the edge cuts."""
    rows = np.arange(len(dark))
    columns = np.rint(streak.place(rows.astype(np.float64), len(dark))).astype(int)
    near = np.clip(columns[:, None] + np.arange(-2, 3)[None, :], 0, dark.shape[1] - 1)
    seen = np.asarray(dark[rows[:, None], near].max(axis=1) > 0, np.bool_)
    above, below = seen[: beyond[0]], seen[len(dark) - beyond[1] :]
    return all(not part.size or float(np.mean(part)) >= IN_BAND for part in (above, below))


def _stands_out(depth: Gray, streak: Streak, beyond: list[int], one: float) -> bool:
    """Whether a line is darker at its ends than the paper beside it: in grain everything seems to run on there."""
    above, below = (min(free, round(one * ENDS / EACH)) for free in beyond)
    rows = np.concatenate([np.arange(above), np.arange(len(depth) - below, len(depth))])
    columns = np.rint(streak.place(rows.astype(np.float64), len(depth))).astype(int)

    def darkest(off: int) -> float:
        near = np.clip(columns[:, None] + off + np.arange(-2, 3)[None, :], 0, depth.shape[1] - 1)
        return float(np.mean(depth[rows[:, None], near].max(axis=1))) if len(rows) else 0.0

    return darkest(0) - min(darkest(-ASIDE), darkest(ASIDE)) >= LEAST_DEPTH / 2


def _whole(streak: Streak, top: int, bottom: int, rows: int) -> Streak:
    """A streak of the rows from ``top`` to ``bottom`` as one of all rows."""
    slope = (streak.end - streak.start) / max(1, bottom - top - 1)
    return Streak(streak.start - slope * top, streak.end + slope * (rows - bottom))


def _lift(pixels: Rgb, streak: Streak) -> None:
    """Lightens the pixels of a streak, in place."""
    rows, wide = pixels.shape[:2]
    reach = max(3, round(max(rows, wide) / A4_LONG * THICKEST))
    columns = np.rint(streak.place(np.arange(rows, dtype=np.float64), rows)).astype(int)
    index = np.clip(columns[:, None] + np.arange(-reach, reach + 1)[None, :], 0, wide - 1)
    part = pixels[np.arange(rows)[:, None], index].astype(np.float32)
    own = _profile(part)
    closed: Floats = np.asarray(
        cv2.morphologyEx(part, cv2.MORPH_CLOSE, np.ones((1, max(3, int(np.count_nonzero(own)) + 2)), np.uint8)),
        np.float32,
    )
    if own.max() < DEEPEST:
        lean = abs(streak.start - streak.end)
        if lean > STEPS:
            factor = LEANING if lean > LEANS else 1.0
            own = np.asarray(cv2.dilate(own[None, :], np.ones((1, 3), np.uint8))[0] * factor, np.float32)
        closed = np.minimum(closed, part * (255.0 / (255.0 - own))[None, :, None]).astype(np.float32)
    lifted = np.where((own > 0)[None, :, None], closed, part)
    pixels[np.arange(rows)[:, None], index] = np.rint(np.minimum(lifted, 255.0)).astype(np.uint8)


def _profile(part: Floats) -> Floats:
    """How much darker than the paper beside it a streak is, column by column; 0 beyond it."""
    beside = np.median(part[:, [0, 1, -2, -1]], axis=1)[:, None, :]
    depth = np.median(np.clip(beside - part, 0, 255).mean(axis=2), axis=0)
    seen = np.concatenate([[False], depth[1:-1] >= LEAST_DEPTH / 2, [False]])
    _, labels = cv2.connectedComponents(seen.astype(np.uint8)[None, :])
    return np.asarray(np.where(seen & (labels[0] == labels[0][int(np.argmax(depth * seen))]), depth, 0.0), np.float32)


def with_lost_lines(pixels: Rgb) -> Rgb:
    """A fax's picture with the rows that came through white filled from the rows around them."""
    gray = pixels[..., 1]
    ink = gray < BLACK
    count = np.count_nonzero(ink, axis=1)
    white = np.flatnonzero(count[1:-1] == 0) + 1
    lost = [row for row in white.tolist() if _is_torn(ink[row - 1], ink[row + 1])]
    if not lost:
        return pixels
    fresh = pixels.copy()
    for row in lost:
        fresh[row] = np.maximum(pixels[row - 1], pixels[row + 1])
    return fresh


def _is_torn(above: npt.NDArray[np.bool_], below: npt.NDArray[np.bool_]) -> bool:
    """Whether strokes go on across a white row: what stands above stands below as well."""
    both, either = int(np.count_nonzero(above & below)), int(np.count_nonzero(above | below))
    return both >= max(FEWEST_STROKES, LOST_SHARE * either)
