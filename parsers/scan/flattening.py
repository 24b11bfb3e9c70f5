"""From the picture as it came to a flat upright page at working resolution: page found, scaled, deskewed, flattened.

Skew and perspective are measured alike, on the directions of all long straight lines (rules, page edges): the lines
of each family change direction evenly over the page, and four of them, near the page's edges, are laid level and
plumb. Without such lines the rows of text say the angle. What then remains is the paper's own bend
(:mod:`parsers.scan.bending`).
"""

from __future__ import annotations

import math

import cv2
import numpy as np
import numpy.typing as npt

from parsers.picture import Picture
from parsers.scan.bending import Bend, find_bend
from parsers.scan.units import WORK_DPI, Rgb

A4_LONG, A4_SHORT = 297.0, 210.0
PLAUSIBLE_MM = (120.0, 460.0)
"""Long sides of a sheet that a stated resolution or page size may lead to; else it is not believed."""
NARROWEST = 10
"""How many times longer than wide a page may be."""
MAX_TILT = 20.0
"""Degrees a line may lean and still belong to its family."""
SETTLED = 0.05
"""Degrees below which a page is straight."""
EDGE_BAND = 4
"""Pixels, of a picture 400 long, on both sides of a sheet's edge that are compared."""
EDGE_STEP, MOSTLY = 0.72, 0.7
"""How dark the desk is beside the sheet, at most, and along what part of the edge."""
LEAST_LINE = 8.0
"""Millimetres of a line that says how the page lies."""
FEWEST_LINES, LEAST_SUM = 3, 60.0
"""Lines of one direction, and millimetres of them together, that say how the page lies; strokes of writing that happen
to stand in line are fewer and shorter."""
LONG_LINE = 100.0
"""Millimetres from which two are enough: the edges of a sheet, or the only rules of a table."""
COARSE = 2
"""Lines are measured on a picture this many times smaller."""

Floats = npt.NDArray[np.float64]
Homography = npt.NDArray[np.float64]


def flatten(picture: Picture) -> Rgb:
    """The page, flat and straight, at :data:`WORK_DPI`; it may still lie on its side or its head."""
    pixels = _no_sliver(picture.pixels)
    sheet = _cropped_to_sheet(pixels) if picture.size is None else pixels
    page = _scaled(sheet, picture, cropped=sheet is not pixels)
    matrix = straightening(page)
    high, wide = page.shape[:2]
    matrix, size = (np.eye(3), (wide, high)) if matrix is None else _framed(matrix, wide, high)
    paper = tuple(int(value) for value in np.percentile(page[::8, ::8].reshape(-1, 3), 80, axis=0))
    flat = page
    if not np.array_equal(matrix, np.eye(3)):
        flat = np.asarray(
            cv2.warpPerspective(
                page, matrix, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_CONSTANT, borderValue=paper
            ),
            np.uint8,
        )
    bend = find_bend(flat)
    return flat if bend is None else _unbent(page, matrix, bend, paper)


def _unbent(page: Rgb, matrix: Homography, bend: Bend, paper: tuple[int, ...]) -> Rgb:
    """The page laid straight and flat in one go, so that it is not made softer twice."""
    high, wide = bend.right.shape
    xs, ys = np.meshgrid(np.arange(wide, dtype=np.float32), np.arange(high, dtype=np.float32))
    places = np.stack([xs + bend.right, ys + bend.down], axis=-1)
    source = np.asarray(cv2.perspectiveTransform(places, np.linalg.inv(matrix)), np.float32)
    flat = cv2.remap(page, source, np.empty(0), cv2.INTER_CUBIC, borderMode=cv2.BORDER_CONSTANT, borderValue=paper)
    return np.asarray(flat, np.uint8)


def _no_sliver(pixels: Rgb) -> Rgb:
    """The picture with white beside it where it is too narrow to be a page: all that follows needs some room."""
    high, wide = pixels.shape[:2]
    least = max(high, wide) // NARROWEST + 1
    if min(high, wide) >= least:
        return pixels
    white = (255, 255, 255)
    more = (max(0, least - high), max(0, least - wide))
    return np.asarray(cv2.copyMakeBorder(pixels, 0, more[0], 0, more[1], cv2.BORDER_CONSTANT, value=white), np.uint8)


def _cropped_to_sheet(pixels: Rgb) -> Rgb:
    """The bright sheet on a darker desk, or the whole picture where there is no such thing."""
    factor = 400 / max(pixels.shape[:2])
    small = cv2.resize(pixels, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    grey = cv2.medianBlur(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), 9)
    level, mask = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    count, _, stats, _ = cv2.connectedComponentsWithStats(mask)
    if count < 2:
        return pixels
    left, top, wide, high, area = (int(value) for value in max(stats[1:], key=lambda row: row[cv2.CC_STAT_AREA]))
    outside = grey[mask == 0]
    share = area / mask.size
    rim = np.concatenate([mask[0], mask[-1], mask[:, 0], mask[:, -1]])
    if (
        not 0.25 < share < 0.97
        or outside.size == 0
        or np.mean(rim > 0) > 0.5
        or float(np.median(outside)) > level * 0.85
    ):
        return pixels
    if not _stands_out(np.asarray(grey, np.uint8), np.asarray(mask, np.uint8)):
        return pixels
    grow = 4
    window = [max(0, left - grow), max(0, top - grow), left + wide + grow, top + high + grow]
    x0, y0, x1, y1 = (round(edge / factor) for edge in window)
    return pixels[y0:y1, x0:x1]


def _stands_out(grey: npt.NDArray[np.uint8], mask: npt.NDArray[np.uint8]) -> bool:
    """Whether it grows dark at once where a bright part ends: a sheet has an edge, light that falls off has none."""
    square = np.ones((3, 3), np.uint8)
    away = cv2.GaussianBlur(grey, (0, 0), 1.0).astype(np.float32)
    edge = (cv2.dilate(mask, square) > 0) & (mask == 0)
    edge[:EDGE_BAND] = edge[-EDGE_BAND:] = False
    edge[:, :EDGE_BAND] = edge[:, -EDGE_BAND:] = False
    band = np.ones((2 * EDGE_BAND + 1, 2 * EDGE_BAND + 1), np.uint8)
    inside, outside = cv2.dilate(away, band)[edge], cv2.erode(away, band)[edge]
    return inside.size > 0 and float(np.mean(outside < EDGE_STEP * inside)) > MOSTLY


def _scaled(pixels: Rgb, picture: Picture, *, cropped: bool) -> Rgb:
    """The picture at working resolution, by the page's stated size, its stated resolution, or as A4."""
    long_pixels = max(pixels.shape[:2])
    if picture.size is not None:
        long_mm = max(picture.size) * 25.4 / 72
    else:
        long_mm = long_pixels / picture.dpi * 25.4 if picture.dpi and not cropped else 0.0
    if not PLAUSIBLE_MM[0] <= long_mm <= PLAUSIBLE_MM[1]:
        long_mm = A4_LONG
    factor = long_mm / 25.4 * WORK_DPI / long_pixels
    if abs(factor - 1) < 0.01:
        return pixels
    how = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(pixels, None, fx=factor, fy=factor, interpolation=how), np.uint8)


def straightening(page: Rgb) -> Homography | None:
    """The map that makes lines level and plumb, ``None`` for a page that is straight."""
    grey = cv2.cvtColor(page, cv2.COLOR_RGB2GRAY)
    small = np.asarray(cv2.resize(grey, None, fx=1 / COARSE, fy=1 / COARSE, interpolation=cv2.INTER_AREA), np.uint8)
    high, wide = small.shape
    segments = _segments(small)
    level = _family(segments, axis=0, size=(wide, high))
    plumb = _family(segments, axis=1, size=(wide, high))
    # A page that was turned leans to one side by as much as it goes down on the other.
    if level is None:
        level = (_text_angle(small), 0.0) if plumb is None else (-plumb[0], 0.0)
    plumb = plumb or (-level[0], 0.0)
    worst = max(abs(level[0]), abs(plumb[0]), abs(level[1]) / 2, abs(plumb[1]) / 2)
    if worst < SETTLED:
        return None
    scale = np.diag([COARSE, COARSE, 1.0])
    return np.asarray(scale @ _homography(level, plumb, wide, high) @ np.linalg.inv(scale))


def _segments(small: npt.NDArray[np.uint8]) -> Floats:
    """Straight lines longer than the strokes of writing, as rows of x0, y0, x1, y1."""
    found = np.asarray(cv2.createLineSegmentDetector(cv2.LSD_REFINE_NONE).detect(small)[0], np.float64)
    lines = found.reshape(-1, 4) if found.ndim else np.zeros((0, 4))
    length = np.hypot(lines[:, 2] - lines[:, 0], lines[:, 3] - lines[:, 1])
    return np.asarray(lines[length >= LEAST_LINE * WORK_DPI / COARSE / 25.4])


def _family(segments: Floats, axis: int, size: tuple[int, int]) -> tuple[float, float] | None:
    """Mean lean in degrees of the lines along ``axis``, and how much it changes from one edge to the other."""
    if not len(segments):
        return None
    run = segments[:, 2 + axis] - segments[:, axis]
    rise = segments[:, 3 - axis] - segments[:, 1 - axis]
    length = np.hypot(run, rise)
    angles = np.degrees(np.arctan2(rise * np.sign(run + 1e-9), np.abs(run)))
    keep = np.abs(angles) < MAX_TILT
    angles, length = angles[keep], length[keep]
    pixel = WORK_DPI / COARSE / 25.4
    is_edge = len(length) == FEWEST_LINES - 1 and length.min() >= LONG_LINE * pixel
    if (len(length) < FEWEST_LINES and not is_edge) or length.sum() < LEAST_SUM * pixel:
        return None
    place = ((segments[:, 1 - axis] + segments[:, 3 - axis]) / 2)[keep] / size[1 - axis] - 0.5
    return _robust_line(place, angles, length)


def _robust_line(places: Floats, angles: Floats, weights: Floats) -> tuple[float, float]:
    """Weighted fit of ``angle = mean + change * place`` that drops what does not follow the rest."""
    keep = np.abs(angles - _weighted_median(angles, weights)) < 6
    mean, change = _weighted_median(angles, weights), 0.0
    for limit in (3.0, 1.0, 0.4):
        if np.count_nonzero(keep) < min(FEWEST_LINES, len(angles)):
            break
        spread = float(np.ptp(places[keep]))
        if spread > 0.15:
            change, mean = (
                float(value) for value in np.polyfit(places[keep], angles[keep], 1, w=np.sqrt(weights[keep]))
            )
        else:
            mean = float(np.average(angles[keep], weights=weights[keep]))
        keep = np.abs(angles - (mean + change * places)) < limit
    return mean, change


def _weighted_median(values: Floats, weights: Floats) -> float:
    order = np.argsort(values)
    total = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(total, total[-1] / 2)])


def _text_angle(small: npt.NDArray[np.uint8]) -> float:
    """The lean of the rows of text, in degrees: the turn at which rows and gaps differ most."""
    tiny = cv2.resize(small, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    ink = (tiny < 160).astype(np.float32)
    if ink.sum() < 50:
        return 0.0
    middle = (tiny.shape[1] / 2, tiny.shape[0] / 2)

    def sharpness(angle: float) -> float:
        turn = cv2.getRotationMatrix2D(middle, angle, 1.0)
        rows = cv2.warpAffine(ink, turn, (tiny.shape[1], tiny.shape[0])).sum(axis=1)
        return float(np.square(np.diff(rows)).sum())

    coarse = max(np.arange(-6, 6.01, 0.5), key=sharpness)
    return float(max(np.arange(coarse - 0.5, coarse + 0.51, 0.1), key=sharpness))


def _homography(level: tuple[float, float], plumb: tuple[float, float], wide: int, high: int) -> Homography:
    """Maps the quadrilateral of four such lines to a rectangle of its mean sides."""

    def level_at(place: float) -> Floats:
        lean = math.tan(math.radians(level[0] + level[1] * place))
        y = (place + 0.5) * high
        return np.cross([0, y - lean * wide / 2, 1], [wide, y + lean * wide / 2, 1])

    def plumb_at(place: float) -> Floats:
        lean = math.tan(math.radians(plumb[0] + plumb[1] * place))
        x = (place + 0.5) * wide
        return np.cross([x - lean * high / 2, 0, 1], [x + lean * high / 2, high, 1])

    corners = []
    for x, y in ((-0.4, -0.4), (0.4, -0.4), (0.4, 0.4), (-0.4, 0.4)):
        point = np.cross(level_at(y), plumb_at(x))
        corners.append(point[:2] / point[2])
    quad = np.asarray(corners, np.float32)
    half_w = (np.linalg.norm(quad[1] - quad[0]) + np.linalg.norm(quad[2] - quad[3])) / 4
    half_h = (np.linalg.norm(quad[3] - quad[0]) + np.linalg.norm(quad[2] - quad[1])) / 4
    cx, cy = quad.mean(axis=0)
    target = np.asarray(
        [
            (cx - half_w, cy - half_h),
            (cx + half_w, cy - half_h),
            (cx + half_w, cy + half_h),
            (cx - half_w, cy + half_h),
        ],
        np.float32,
    )
    return np.asarray(cv2.getPerspectiveTransform(quad, target), np.float64)


def _framed(matrix: Homography, wide: int, high: int) -> tuple[Homography, tuple[int, int]]:
    """The map moved so that the whole picture stays in view, and the size of the result."""
    corners = np.asarray([[[0, 0]], [[wide, 0]], [[wide, high]], [[0, high]]], np.float64)
    seen = cv2.perspectiveTransform(corners, matrix).reshape(-1, 2)
    low = np.clip(seen.min(axis=0), [-0.1 * wide, -0.1 * high], 0)
    top = np.clip(seen.max(axis=0), [wide, high], [1.1 * wide, 1.1 * high])
    shift = np.asarray([[1, 0, -low[0]], [0, 1, -low[1]], [0, 0, 1]])
    size = np.ceil(top - low).astype(int)
    return shift @ matrix, (int(size[0]), int(size[1]))
