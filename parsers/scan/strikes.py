"""Writing that was struck out, or that runs over the border of its cell: read or not, a person must look."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from parsers.scan.lines import Line
from parsers.scan.units import Mask, mm

CROSSED = "crossed-out"
"""A stroke runs through the writing of a cell."""
CUT = "over-border"
"""Writing reaches over the border of a cell."""
LEANS = (-0.11, 0.0, 0.11)
"""Slopes at which a stroke is looked for."""
FINE_LEANS = (-0.11, -0.085, -0.06, -0.03, 0.0, 0.03, 0.06, 0.085, 0.11)
"""The same for a stroke that hardly sways by itself."""
STRAIGHT = 1
"""Pixels by which such a stroke sways."""
WAVES = 5
"""Pixels by which a hand's stroke may sway."""
HOLLOW = 0.2
"""The same as part of a line's height at most: the hollow of a figure of six points is no higher than two of them."""
WEIGHT = 4
"""Pixels from a stroke's middle beyond which ink is not its own."""
SHORTEST = 1.7
"""Line heights of the shortest stroke through writing; longer than any character's own."""
MOST_OF = 0.55
"""Part of a line's width that a stroke must run through."""
MIDDLE = (0.2, 0.82)
"""Part of a line's height in which it runs; lower it is an underline."""
WHOLE = 0.85
"""Part of a line's width through which the stroke runs that surely strikes it out."""
WIDER = 1.3
"""Heights of a line from which on a short one is wider than a character: a stroke may be what makes it so."""
ACROSS, BESIDE = 0.3, 0.22
"""Part of a stroke along which writing hangs below it, and stands on each of both sides."""
TALL = 1.7
"""Line heights that no character of a line has: a slanting stroke, or one that joins lines."""
BLURRED = 7
"""Pixels of the square around a rule in which its whitened edge lies."""
SLANTING = 1.9
"""Line heights of such a stroke from end to end."""
BEYOND = 0.6
"""Millimetres from the border beyond which ink is no remains of the rule."""


def struck_parts(strokes: Mask, lines: Sequence[Line], corner: tuple[int, int], height: float) -> list[float]:
    """The part of each line's width through which one stroke runs, 0 where none does.

    ``corner`` is the left and top of the cell on the page, ``height`` the usual one of a line there.
    """
    return [_struck_part(strokes, line, corner, height) for line in lines]


def _struck_part(strokes: Mask, line: Line, corner: tuple[int, int], height: float) -> float:
    parts = [0.0]
    for piece in line.pieces:
        left, top, right, bottom = piece.box
        part = strokes[max(0, top - corner[1]) : bottom - corner[1], max(0, left - corner[0]) : right - corner[0]]
        if part.size:
            parts.append(run_through(part, height))
    return max(parts)


def run_through(part: Mask, height: float) -> float:
    """The part of the width of a piece of writing through which one stroke runs, level or slanting a little; else 0."""
    return max(_runs_through(part, lean, height, _waves(part.shape[0])) for lean in LEANS)


def straight_through(part: Mask, height: float) -> float:
    """The same for a stroke that hardly sways: level strokes of a hand's characters that meet do."""
    return max(_runs_through(part, lean, height, STRAIGHT) for lean in FINE_LEANS)


def _runs_through(part: Mask, lean: float, height: float, waves: int) -> float:
    """The part of the width of a piece of writing through which a stroke of that slope and sway runs."""
    high, wide = part.shape
    shortest = _shortest(high, wide, height)
    if shortest is None or high < mm(1.2):
        return 0.0
    margin = round(abs(lean) * wide / 2) + waves
    room = cv2.copyMakeBorder(part, margin, margin, 0, 0, cv2.BORDER_CONSTANT, value=0)
    middle = wide / 2
    straight = cv2.warpAffine(room, np.array([[1.0, 0.0, 0.0], [-lean, 1.0, lean * middle]]), (wide, room.shape[0]))
    solid = (straight > 90).astype(np.uint8) * 255
    thick = cv2.dilate(solid, np.ones((waves, 1), np.uint8))
    longest = np.ones((1, shortest), np.uint8)
    runs = cv2.morphologyEx(thick, cv2.MORPH_OPEN, longest, borderType=cv2.BORDER_CONSTANT, borderValue=0)
    if not runs.any():
        return 0.0
    count, _, stats, _ = cv2.connectedComponentsWithStats(np.asarray(runs, np.uint8))
    for label in range(1, count):
        x, y, run, tall, _ = (int(value) for value in stats[label])
        centre = (y + tall / 2 - margin) / high
        if run < MOST_OF * wide or tall > max(3 * WAVES, 0.5 * height) or not MIDDLE[0] <= centre <= MIDDLE[1]:
            continue
        if _is_among_writing(solid[:, x : x + run], y + tall // 2, whole=run >= WHOLE * wide):
            return float(run / wide)
    return 0.0


def _shortest(high: int, wide: int, height: float) -> int | None:
    """The pixels a stroke through writing of that size has at least; ``None`` for what one character may be."""
    usual = max(mm(5), round(SHORTEST * min(height, high * 1.3)))
    if wide >= usual:
        return usual
    return round(WHOLE * wide) if wide >= WIDER * max(high, height) else None


def _waves(high: int) -> int:
    """The pixels by which a stroke through a line of that height may sway; an odd number."""
    return min(WAVES, max(1, round(HOLLOW * high)) | 1)


def _is_among_writing(solid: Mask, core: int, *, whole: bool) -> bool:
    """Whether writing stands above and below the stroke whose middle is in row ``core``.

    A thick one along a whole line may hide what stands above it; what hangs below tells it from an underline.
    """
    above = solid[: max(0, core - WEIGHT)].any(axis=0)
    below = solid[core + WEIGHT :].any(axis=0)
    hangs = float(np.mean(below))
    return min(float(np.mean(above)), hangs) >= BESIDE or (whole and hangs >= ACROSS)


def has_slanting(strokes: Mask, height: float) -> bool:
    """Whether one stroke with writing around it is taller and wider than any character, and straight.

    Characters of two lines that touch make a large piece as well, but none that runs straight through it.
    """
    if min(strokes.shape) <= TALL * height:
        return False  # nothing in it is taller and wider
    count, labels, stats, _ = cv2.connectedComponentsWithStats(strokes)
    if count <= 2:
        return False
    large = [label for label in range(1, count) if min(stats[label][2], stats[label][3]) > TALL * height]
    return any(_is_straight(np.asarray((labels == label) * 255, np.uint8), height) for label in large)


def _is_straight(piece: Mask, height: float) -> bool:
    """Whether a stroke longer than any character's runs slanting through a piece of ink."""
    least = SLANTING * height
    found = cv2.HoughLinesP(piece, 2, np.pi / 90, round(least * 0.75), minLineLength=least, maxLineGap=2)
    if found is None:
        return False
    for x0, y0, x1, y1 in np.asarray(found).reshape(-1, 4).tolist():
        if min(abs(x1 - x0), abs(y1 - y0)) >= height:
            return True
    return False


def is_over_border(strokes: Mask, ink: Mask, ruled: Mask, dark: Mask) -> bool:
    """Whether writing touches the border of the cell and goes on inside: part of it stands in the next cell.

    Args:
        strokes: what is written in the cell, inside its rules.
        ink: the same and :data:`BEYOND` more on each side, without the rules.
        ruled: the rules of the same place, and what was whitened around them.
        dark: what is nearer to black than to paper there, rules and all. Writing that comes near its rule and leaves
            paper between is not over it.
    """
    high, wide = strokes.shape
    edge = mm(BEYOND)
    if high <= 2 * edge or wide <= 2 * edge:
        return False
    count, labels, stats, _ = cv2.connectedComponentsWithStats(strokes)
    beside = cv2.dilate(ruled, np.ones((3, 3), np.uint8)) > 0
    _, parts = cv2.connectedComponents(ink)
    joined = _touching_rules(dark, ruled)
    for label in range(1, count):
        x, y, w, h, _ = (int(value) for value in stats[label])
        if x > 0 and y > 0 and x + w < wide and y + h < high:
            continue
        own = labels == label
        if np.count_nonzero(own[edge : high - edge, edge : wide - edge]) < mm(0.8) * 2:
            continue
        whole = np.isin(parts, np.unique(parts[edge : edge + high, edge : edge + wide][own])) & (ink > 0)
        outer = whole.copy()
        outer[1:-1, 1:-1] = False
        if (whole & beside & joined).any() or outer.any():
            return True
    return False


def _touching_rules(dark: Mask, ruled: Mask) -> npt.NDArray[np.bool_]:
    """What is joined to a rule: dark pieces that run along the rules for most of a side of the window.

    Beside a rule too pale to be such a piece all counts as joined to it.
    """
    count, parts, stats, _ = cv2.connectedComponentsWithStats(dark)
    high, wide = dark.shape
    along = np.bincount(parts[ruled > 0], minlength=count)
    long = (stats[:, 2] >= MOST_OF * wide) | (stats[:, 3] >= MOST_OF * high)
    rules = np.flatnonzero(long & (along >= MOST_OF * min(high, wide)))
    found = np.isin(parts, rules[rules > 0])
    near = cv2.dilate(found.astype(np.uint8), np.ones((BLURRED, BLURRED), np.uint8)) > 0
    pale = (ruled > 0) & ~near
    return np.asarray(found | (cv2.dilate(pale.astype(np.uint8), np.ones((BLURRED, BLURRED), np.uint8)) > 0), np.bool_)
