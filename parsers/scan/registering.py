"""A page that carries our mark laid over what we printed: found by the code, matched by its print, pixel by pixel.

The code in the margin says which page of which document this is, and roughly where. Corners of the print that look
alike on both pictures then give the map from picture to paper (its perspective too), small windows of print set it
right to a fraction of a pixel, and what is left (curl, the stretch of a feeder) is followed window by window. A page
that does not fit well everywhere is not registered; it is read as any other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
import zxingcpp

from parsers.document import PrintMark
from parsers.ocr.sidebyside import side_by_side
from parsers.printmark import parse_mark
from parsers.scan.units import Gray, mm

Floats = npt.NDArray[np.float64]
Homography = npt.NDArray[np.float64]

QR_CODES = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
FEATURES = 1500
"""Corners compared, on either picture, at half resolution."""
STRAY = 0.12
"""Part of the distance from the code by which a corner may lie elsewhere than the code alone tells."""
FEWEST_CORNERS = 24
WINDOW = 20
"""Pixels from the middle of a window of print to its side."""
REACH = 12
"""Pixels by which a window is sought around where it should be."""
LIKE = 0.55
"""Correlation from which a window is found."""
FEWEST_WINDOWS = 24
FOUND_SHARE = 0.55
"""Part of the windows that must be found: a page with another print under our mark has fewer."""
FIT = 4.0
"""Pixels within which a found window agrees with the map."""
DRIFT_REACH, DRIFT_GRID, DRIFT_WINDOWS = 6, 12.0, 7
"""Pixels by which print may lie beside its place on a page laid over, millimetres between the places where that is
measured, and the windows, the nearest ones, that say how far there."""
SETTLED = 0.35
"""Pixels beside its place at which print needs no more moving."""
AGREEING = 0.6
"""Part of the found windows that must agree."""
COARSE, LARGER = 2000, 2.0
"""Pixels of the longer side of a picture below which (170 dpi) a code is looked for once more, so much larger."""


@dataclass(frozen=True, slots=True)
class CodeSeen:
    """Our mark on a picture, and the corners of its code: top left, top right, bottom right, bottom left."""

    mark: PrintMark
    corners: Floats


def find_code(gray: Gray) -> CodeSeen | None:
    """Our mark in any direction; ``None`` when no code of ours can be read. Only codes of its kind are looked for.

    Of a coarse picture the squares of the code are hardly larger than its pixels: it is looked at again, larger.
    """
    seen = _code_in(gray)
    if seen is not None or max(gray.shape) >= COARSE:
        return seen
    larger = cv2.resize(gray, None, fx=LARGER, fy=LARGER, interpolation=cv2.INTER_CUBIC)
    again = _code_in(np.asarray(larger, np.uint8))
    return None if again is None else CodeSeen(again.mark, (again.corners + 0.5) / LARGER - 0.5)


def _code_in(gray: Gray) -> CodeSeen | None:
    for found in zxingcpp.read_barcodes(gray, formats=QR_CODES, try_invert=False):
        mark = parse_mark(found.text)
        if mark is not None:
            place = found.position
            corners = [place.top_left, place.top_right, place.bottom_right, place.bottom_left]
            return CodeSeen(mark, np.asarray([(corner.x, corner.y) for corner in corners], np.float64))
    return None


def lay_over(gray: Gray, seen: CodeSeen, printed: Gray, code: CodeSeen) -> Homography | None:
    """The map from a picture to the page as printed, both at about :data:`WORK_DPI`; ``None`` when they do not fit.

    Args:
        gray: the picture as it came, in any direction.
        seen: our mark on it.
        printed: the page as we printed it, upright.
        code: our mark on that.
    """
    matrix = _by_corners(gray, seen, printed, code)
    if matrix is None:
        return None
    places = _places(printed)
    for chosen, reach, limit in ((places[::3], REACH, FIT), (places[1::2], REACH * 2 // 3, FIT)):
        high, wide = printed.shape
        laid = cv2.warpPerspective(gray, matrix, (wide, high), flags=cv2.INTER_LINEAR, borderValue=(255,))
        better = _by_windows(np.asarray(laid, np.uint8), printed, chosen, reach, limit)
        if better is None:
            return None
        matrix = better @ matrix
    return matrix


def drift(laid: Gray, printed: Gray) -> npt.NDArray[np.float32] | None:
    """How far a page that lies over its print still lies beside it, as x and y on a coarse grid for :func:`drawn_out`.

    A feeder does not pull evenly and paper is not flat: no one map sets every place right. ``None`` for a page where
    nothing lies farther off than :data:`SETTLED`.
    """
    found, wanted = _windows(laid, printed, _places(printed), DRIFT_REACH)
    if len(found) < FEWEST_WINDOWS:
        return None
    smooth = _spread(np.asarray(found), np.asarray(wanted, np.float64), printed.shape)
    return None if float(np.abs(smooth).max()) <= SETTLED else smooth


def drawn_out(drifted: npt.NDArray[np.float32]) -> list[npt.NDArray[np.float32]]:
    """How far each pixel lies beside its place, along and across the page, of a page and a little more."""
    high, wide = (side * mm(DRIFT_GRID) for side in drifted.shape[:2])

    def plane(axis: int) -> npt.NDArray[np.float32]:
        coarse = np.ascontiguousarray(drifted[..., axis])
        return np.asarray(cv2.resize(coarse, (wide, high), interpolation=cv2.INTER_LINEAR), np.float32)

    return side_by_side(plane, (0, 1))


def _spread(found: Floats, wanted: Floats, shape: tuple[int, ...]) -> npt.NDArray[np.float32]:
    """How far windows lie beside their places, on a coarse grid over the page: by the nearest ones, smoothed."""
    step = mm(DRIFT_GRID)
    ys, xs = np.mgrid[0 : shape[0] + step : step, 0 : shape[1] + step : step]
    away = np.hypot(xs[..., None] - wanted[:, 0], ys[..., None] - wanted[:, 1])
    near = np.argsort(away, axis=-1)[..., :DRIFT_WINDOWS]
    coarse = np.median((found - wanted)[near], axis=2).astype(np.float32)
    return np.asarray(cv2.GaussianBlur(coarse, (0, 0), 1.0, borderType=cv2.BORDER_REPLICATE), np.float32)


def _by_corners(gray: Gray, seen: CodeSeen, printed: Gray, code: CodeSeen) -> Homography | None:
    """The map by corners that look alike, of those that lie where the code lets them."""
    likely = _similarity(seen.corners, code.corners)
    here, there = side_by_side(_described, (gray, printed))
    if here is None or there is None:
        return None
    pairs = cv2.BFMatcher(cv2.NORM_HAMMING).knnMatch(here[1], there[1], k=1)
    chosen = [pair[0] for pair in pairs if pair]
    if len(chosen) < FEWEST_CORNERS:
        return None
    one = here[0][[pair.queryIdx for pair in chosen]]
    other = there[0][[pair.trainIdx for pair in chosen]]
    guess = one @ likely[:, :2].T + likely[:, 2]
    away = np.linalg.norm(other - code.corners.mean(axis=0), axis=1)
    near = np.linalg.norm(guess - other, axis=1) < mm(4) + STRAY * away
    if np.count_nonzero(near) < FEWEST_CORNERS:
        return None
    one, other = np.vstack([one[near], seen.corners]), np.vstack([other[near], code.corners])
    return _fitted(one, other, 4.0, FEWEST_CORNERS)


def _fitted(one: Floats, other: Floats, limit: float, fewest: float) -> Homography | None:
    """The map that most of the pairs agree on within ``limit`` pixels, ``None`` when fewer than ``fewest`` do."""
    matrix, mask = cv2.findHomography(one, other, cv2.USAC_MAGSAC, limit, maxIters=4000, confidence=0.999)
    if np.shape(matrix) != (3, 3) or np.count_nonzero(mask) < fewest:
        return None
    return np.asarray(matrix, np.float64)


def _similarity(one: Floats, other: Floats) -> Floats:
    """The turn, scale and shift that lays four corners over four others, as two rows of three."""
    matrix, _ = cv2.estimateAffinePartial2D(one, other, method=cv2.LMEDS)
    return np.asarray(matrix, np.float64)


def _described(gray: Gray) -> tuple[Floats, npt.NDArray[np.uint8]] | None:
    """Corners of a picture in its own pixels, and how each looks."""
    small = cv2.resize(gray, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    finder = cv2.ORB.create(nfeatures=FEATURES, scaleFactor=1.2, nlevels=4, edgeThreshold=16, fastThreshold=15)
    points, looks = finder.detectAndCompute(small, None)
    if len(points) < FEWEST_CORNERS:
        return None
    places = np.asarray([point.pt for point in points], np.float64) * 2 + 0.5
    return places, np.asarray(looks, np.uint8)


def _places(printed: Gray) -> npt.NDArray[np.int64]:
    """Middles of windows whose place is sure both ways, spread over the page: strong corners of the print."""
    high, wide = printed.shape
    small = cv2.resize(printed, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    strength = cv2.cornerMinEigenVal(small, 11, ksize=3)
    cell = mm(11) // 4
    places = []
    for top in range(0, small.shape[0], cell):
        for left in range(0, small.shape[1], cell):
            part = strength[top : top + cell, left : left + cell]
            best = int(part.argmax())
            y, x = divmod(best, part.shape[1])
            places.append((part[y, x], (left + x) * 4 + 2, (top + y) * 4 + 2))
    least = 0.02 * max((place[0] for place in places), default=0.0)
    edge = WINDOW + REACH + 1
    return np.asarray(
        [(x, y) for power, x, y in places if power > least and edge <= x < wide - edge and edge <= y < high - edge],
        np.int64,
    ).reshape(-1, 2)


def _by_windows(
    laid: Gray, printed: Gray, places: npt.NDArray[np.int64], reach: int, limit: float
) -> Homography | None:
    """The map that sets a picture right which lies nearly over the print."""
    found, wanted = _windows(laid, printed, places, reach)
    if len(found) < max(FEWEST_WINDOWS, FOUND_SHARE * len(places)):
        return None
    return _fitted(np.asarray(found), np.asarray(wanted, np.float64), limit, AGREEING * len(found))


def _windows(
    laid: Gray, printed: Gray, places: npt.NDArray[np.int64], reach: int
) -> tuple[list[tuple[float, float]], list[tuple[int, int]]]:
    """Where windows of the print lie on the page, and where they should."""

    def sought(some: npt.NDArray[np.int64]) -> list[tuple[tuple[float, float], tuple[int, int]]]:
        pairs = []
        for x, y in some.tolist():
            window = printed[y - WINDOW : y + WINDOW + 1, x - WINDOW : x + WINDOW + 1]
            around = laid[y - WINDOW - reach : y + WINDOW + reach + 1, x - WINDOW - reach : x + WINDOW + reach + 1]
            scores = np.asarray(cv2.matchTemplate(around, window, cv2.TM_CCOEFF_NORMED), np.float32)
            _, best, _, place = cv2.minMaxLoc(scores)
            if best >= LIKE:
                dx, dy = _peak(scores, place)
                pairs.append(((x + dx - reach, y + dy - reach), (x, y)))
        return pairs

    half = len(places) // 2
    pairs = [pair for some in side_by_side(sought, (places[:half], places[half:])) for pair in some]
    return [found for found, _ in pairs], [wanted for _, wanted in pairs]


def _peak(scores: npt.NDArray[np.float32], place: Sequence[int]) -> tuple[float, float]:
    """The best place between the pixels."""
    x, y = place
    return x + _vertex(scores[y], x), y + _vertex(scores[:, x], y)


def _vertex(values: npt.NDArray[np.float32], at: int) -> float:
    if not 0 < at < len(values) - 1:
        return 0.0
    before, here, after = (float(value) for value in values[at - 1 : at + 2])
    bend = before - 2 * here + after
    return 0.5 * (before - after) / bend if bend < 0 else 0.0
