"""Ledgers as drawn pages, ruled, with what hands do to them."""

from __future__ import annotations

from dataclasses import replace

import cv2

from samples.ledgers.shapes import LedgerSample, head_rows
from samples.paper.drawn import Box, Drawn, Sheet, draw


def as_sheets(sample: LedgerSample, *, size: float = 9.0, row_height: float = 8.0) -> list[Sheet]:
    """The pages to be drawn, on A3 landscape scale when they are wide."""
    sheets = []
    for number, page in enumerate(sample.pages):
        boxes = [
            [Box(text, columns, rows, label=True, size=size) for text, columns, rows in cells]
            for cells in head_rows(sample)
        ]
        boxes += [[Box(text, size=size) for text in line.texts] for line in page]
        sheets.append(
            Sheet(
                columns=[column.width for column in sample.columns],
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


def draw_ledger(sample: LedgerSample, look: str = "song", dpi: int = 200) -> list[Drawn]:
    """The pages as pictures, ruled, with a line by hand through what is struck."""
    drawn = []
    for sheet, page in zip(as_sheets(sample), sample.pages, strict=True):
        one = draw(sheet, look, dpi)
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
