"""Ledgers as drawn pages, ruled or not, with what hands do to them."""

from __future__ import annotations

import random
from dataclasses import replace

import cv2

from samples.ledgers.ruling import FULL, ruled
from samples.ledgers.shapes import LedgerSample, head_rows
from samples.paper.drawn import Box, Drawn, Sheet, draw

_WIDEST = 273.0
"""Millimetres of a table that fits on the paper."""
_SMALL = 8.0, 10.0
"""Points of the type, and millimetres of a row, of one that was made to fit: its cells take three lines at most."""


def as_sheets(
    sample: LedgerSample, *, size: float = 9.0, row_height: float = 8.0, align: str = "centre", fitted: bool = False
) -> list[Sheet]:
    """The pages to be drawn; one that is too wide runs off the paper unless it is ``fitted``."""
    sheets = []
    widths = [column.width for column in sample.columns]
    shrunk = min(1.0, _WIDEST / sum(widths)) if fitted else 1.0
    if shrunk < 1:
        size, row_height = _SMALL
    for number, page in enumerate(sample.pages):
        boxes = [
            [Box(text, columns, rows, label=True, size=size) for text, columns, rows in cells]
            for cells in head_rows(sample)
        ]
        boxes += [[Box(text, size=size, align=align) for text in line.texts] for line in page]
        sheets.append(
            Sheet(
                columns=[width * shrunk for width in widths],
                heights=[row_height] * sample.levels + [row_height] * len(page),
                boxes=boxes,
                title=sample.titles[0] if not number else "",
                head=sample.unit_line if not number else "",
                foot=sample.notes if number == len(sample.pages) - 1 else (),
                landscape=True,
                left=12.0,
                top=32.0,
            )
        )
    return sheets


def draw_ledger(
    sample: LedgerSample, look: str = "song", dpi: int = 200, *, ruling: str = FULL, align: str = "centre"
) -> list[Drawn]:
    """The pages as pictures, ruled in one of :data:`RULINGS`, with a line by hand through what is struck."""
    drawn = []
    chance = random.Random(f"{sample.titles}-{ruling}")
    for sheet, page in zip(as_sheets(sample, align=align, fitted=ruling != FULL), sample.pages, strict=True):
        one = draw(sheet, look, dpi, rule=0.5 if ruling == FULL else 0)
        if ruling != FULL:
            one = ruled(one, sample.levels, ruling, chance, dpi)
        struck = [number for number, line in enumerate(page, start=sample.levels) if line.kind == "struck"]
        picture = one.picture.copy()
        for row in struck:
            left, top, _, bottom = one.places[row, 0]
            right = one.places[row, len(sample.columns) - 1][2]
            high, pixel = bottom - top, dpi / 72
            start, end = (left + 2, top + 0.45 * high), (right - 2, top + 0.56 * high)
            points = [(round(x * pixel), round(y * pixel)) for x, y in (start, end)]
            cv2.line(picture, points[0], points[1], (40, 40, 60), 3, cv2.LINE_AA)
        drawn.append(replace(one, picture=picture))
    return drawn
