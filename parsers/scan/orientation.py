"""Which way is up: a few lines of the page are read, and if they make no sense, so are those of the page turned.

Recognisers know lines that were written downwards, and read the rows of a table on its side as such, without a doubt.
The length of the lines says first which way they run: characters stand closer than lines.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from parsers.errors import OcrCrashedError
from parsers.ocr.base import OcrEngine
from parsers.scan.red import Layers, binarised, separate
from parsers.scan.units import Gray, Mask, PixelBox, Rgb, mm

SAMPLES = 6
SURE = 0.85
"""Mean confidence of the sample at which a page is surely upright."""
LIKELY = 0.4
"""Mean confidence that a page must reach to be turned at all."""
WORD = 4
"""Characters from which a line tells fully how it lies: 年, 月 and 日 one below the other look like a line, too."""
TURNS, ON_ITS_SIDE = (0, 2, 1, 3), (1, 3, 0, 2)
"""Quarter turns in the order they are tried: as it is, on its head, on a side; those of a page whose lines stand."""
LINE = 4.0
"""Times its height that a blob is long from which it is a line."""


def upright(pixels: Rgb, engine: OcrEngine) -> tuple[Rgb, Layers | None]:
    """The page turned so that its text can be read, and its layers where they are known already."""
    layers = separate(pixels)
    lying, standing = _blobs(layers.gray), _blobs(np.ascontiguousarray(np.rot90(layers.gray)))
    best, best_score = 0, -1.0
    for turn in TURNS if _length(lying) >= _length(standing) else ON_ITS_SIDE:
        gray = np.ascontiguousarray(np.rot90(layers.gray, turn))
        score = _score(engine, _sample(gray, lying if turn == 0 else standing if turn == 1 else _blobs(gray)))
        if score is None:
            return pixels, layers
        if score > best_score + 0.02:
            best, best_score = turn, score
        if score >= SURE:
            break
    if best == 0 or best_score < LIKELY:
        return pixels, layers
    turned = Layers(
        *(np.ascontiguousarray(np.rot90(layer, best)) for layer in (layers.gray, layers.red, layers.red_ink))
    )
    return np.ascontiguousarray(np.rot90(pixels, best)), turned


def _score(engine: OcrEngine, crops: Sequence[Gray]) -> float | None:
    """How well the sample reads; ``None`` when the engine fails, for then nothing can be said."""
    if not crops:
        return 0.0
    try:
        answers = engine.read(crops)
    except OcrCrashedError:
        return None
    scores = [_line_score(answer.text, [glyph.probability for glyph in answer.glyphs]) for answer in answers]
    return float(np.mean(sorted(scores)[1:])) if len(scores) > 3 else float(np.mean(scores))


def _line_score(text: str, probabilities: Sequence[float]) -> float:
    """Mean probability of the characters, less for a short line; one of which nothing is known says nothing."""
    if len(text) < 2 or not probabilities:
        return 0.0
    return float(np.mean(probabilities)) * min(1.0, len(text) / WORD)


def _blobs(gray: Gray) -> list[PixelBox]:
    """Level blobs of the height of type, as left, top, width and height."""
    small = cv2.resize(binarised(gray), None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    bare = _without_rules((small > 80).astype(np.uint8) * 255)
    joined = cv2.morphologyEx(bare, cv2.MORPH_CLOSE, np.ones((1, mm(2.2) // 2), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(np.asarray(joined, np.uint8))
    blobs = []
    for row in stats[1:count].tolist():
        left, top, wide, high = (value * 2 for value in row[:4])
        if mm(2.0) <= high <= mm(8.0) and 2.2 * high <= wide <= mm(70):
            blobs.append((left, top, wide, high))
    return blobs


def _length(blobs: Sequence[PixelBox]) -> int:
    """How long all blobs that are lines are together."""
    return sum(wide for _, _, wide, high in blobs if wide >= LINE * high)


def _sample(gray: Gray, blobs: Sequence[PixelBox]) -> list[Gray]:
    """The crops of a few blobs, preferably of middling length."""
    chosen = sorted(blobs, key=lambda blob: (abs(blob[2] - mm(22)), blob))[:SAMPLES]
    edge = mm(0.6)
    return [
        np.ascontiguousarray(gray[max(0, top - edge) : top + high + edge, max(0, left - edge) : left + wide + edge])
        for left, top, wide, high in chosen
    ]


def _without_rules(ink: Mask) -> Mask:
    length = mm(9) // 2
    level = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
    plumb = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((length, 1), np.uint8))
    rules = cv2.dilate(cv2.bitwise_or(level, plumb), np.ones((3, 3), np.uint8))
    return np.asarray(cv2.bitwise_and(ink, cv2.bitwise_not(rules)), np.uint8)
