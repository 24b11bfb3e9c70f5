"""The rules of a drawn ledger: all, only level or plumb ones, three of them, none, or pale and broken ones."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
from PIL import Image, ImageDraw

from samples.paper.drawn import Drawn

FULL, LEVEL, PLUMB, THREE, NONE, PALE = "full", "level", "plumb", "three-line", "none", "pale"
RULINGS = (FULL, LEVEL, PLUMB, THREE, NONE, PALE)
"""``level``: a rule below each line and none between columns; ``plumb``: between columns and around all;
``three-line``: above and below the head and at the end; ``pale``: grey and broken, some columns without any."""
_GREY = (150, 205)
_BARE = 0.3
"""Part of the columns that a pale table parts by nothing."""
_BREAK = (3.0, 12.0)
"""Points of a break in a pale rule."""

Span = tuple[float, float, float, float]


def ruled(drawn: Drawn, levels: int, ruling: str, chance: random.Random, dpi: int) -> Drawn:
    """A page drawn without rules with those of one way of ruling; ``levels`` rows of it are the head."""
    page = Image.fromarray(drawn.picture)
    pen = ImageDraw.Draw(page)
    pixel = dpi / 72
    wide = max(1, round(0.5 * pixel))
    for (x0, y0, x1, y1), grey in _spans(drawn, levels, ruling, chance):
        pen.line([x0 * pixel, y0 * pixel, x1 * pixel, y1 * pixel], fill=(grey, grey, grey), width=wide)
    return replace(drawn, picture=np.asarray(page, np.uint8))


def _spans(drawn: Drawn, levels: int, ruling: str, chance: random.Random) -> list[tuple[Span, int]]:
    boxes = drawn.places.values()
    left, right = min(box[0] for box in boxes), max(box[2] for box in boxes)
    top, bottom = min(box[1] for box in boxes), max(box[3] for box in boxes)
    head = max(drawn.places[place][3] for place in drawn.places if place[0] < levels)
    edges = sorted({round(box[3], 2) for place, box in drawn.places.items() if place[0] >= levels})
    level: list[Span] = [(left, y, right, y) for y in (top, head, *edges)]
    plumb: list[Span] = [
        span for box in boxes for span in ((box[0], box[1], box[0], box[3]), (box[2], box[1], box[2], box[3]))
    ]
    heads: list[Span] = [(box[0], box[3], box[2], box[3]) for place, box in drawn.places.items() if place[0] < levels]
    match ruling:
        case "level":
            return [(span, 0) for span in (*level, *heads)]
        case "plumb":
            return [(span, 0) for span in (*plumb, (left, top, right, top), (left, bottom, right, bottom))]
        case "three-line":
            ends: list[Span] = [(left, y, right, y) for y in (top, head, bottom)]
            # The rule under a label that stands over several columns is short, as printers set it.
            return [(span, 0) for span in (*ends, *(one for one in heads if one[3] < head - 1))]
        case "pale":
            bare = {edge for edge in sorted({round(span[0], 1) for span in plumb})[1:-1] if chance.random() < _BARE}
            kept = [span for span in plumb if round(span[0], 1) not in bare]
            return [piece for span in (*level, *heads, *kept) for piece in _broken(span, chance)]
        case "none":
            return []
        case _:
            return [(span, 0) for span in (*level, *heads, *plumb)]


def _broken(span: Span, chance: random.Random) -> list[tuple[Span, int]]:
    """A rule as a worn copy shows it: grey, and broken here and there."""
    x0, y0, x1, y1 = span
    length = max(x1 - x0, y1 - y0)
    pieces, at = [], 0.0
    while at < length:
        end = min(length, at + chance.uniform(20, 90))
        part = (at / length, end / length)
        piece = tuple(a + (b - a) * share for share in part for a, b in ((x0, x1), (y0, y1)))
        pieces.append(((piece[0], piece[1], piece[2], piece[3]), chance.randrange(*_GREY)))
        at = end + chance.uniform(*_BREAK)
    return pieces
