"""Forms drawn without an office program: quick pages with known truth for tests of the scan reader.

The pages look like the district's own forms (a card of opinion boxes, a roster of many columns) but are not made from
their templates, so that nothing in the reader can lean on those.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from samples.paper.fonts import font

Rgb = npt.NDArray[np.uint8]
MM = 72 / 25.4
"""Points of a millimetre."""


@dataclass(frozen=True, slots=True)
class Box:
    r"""One cell to draw: text lines separated by ``\n``, and how it is set."""

    text: str = ""
    columns: int = 1
    rows: int = 1
    label: bool = False
    align: str = "centre"
    size: float = 10.5
    """Points."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page to draw: its lines of running text and one ruled table, all lengths in millimetres."""

    columns: Sequence[float]
    heights: Sequence[float]
    boxes: Sequence[Sequence[Box]]
    title: str = ""
    head: str = ""
    foot: Sequence[str] = ()
    landscape: bool = False
    left: float = 20.0
    top: float = 40.0


@dataclass(frozen=True, slots=True)
class Drawn:
    """A drawn page, and the text of each cell by the address of its top left corner."""

    picture: Rgb
    truth: dict[tuple[int, int], str]
    places: dict[tuple[int, int], tuple[float, float, float, float]] = field(default_factory=dict)
    """Boxes of the cells in points."""


def draw(sheet: Sheet, look: str = "song", dpi: int = 200, rule: float = 0.5) -> Drawn:
    """The page at ``dpi``; values in ``look``, labels in Hei; rules ``rule`` points wide, none at 0."""
    wide, high = (297.0, 210.0) if sheet.landscape else (210.0, 297.0)
    pixel = dpi / 25.4
    page = Image.new("L", (round(wide * pixel), round(high * pixel)), 255)
    pen = ImageDraw.Draw(page)
    truth: dict[tuple[int, int], str] = {}
    places: dict[tuple[int, int], tuple[float, float, float, float]] = {}
    edges_x = np.cumsum([sheet.left, *sheet.columns]) * pixel
    edges_y = np.cumsum([sheet.top, *sheet.heights]) * pixel
    for row, column, box in _placed(sheet):
        frame = (edges_x[column], edges_y[row], edges_x[column + box.columns], edges_y[row + box.rows])
        if rule:
            pen.rectangle([round(float(edge)) for edge in frame], outline=0, width=max(1, round(rule * dpi / 72)))
        _write(pen, box, frame, "hei" if box.label else look, dpi)
        truth[row, column] = box.text
        places[row, column] = _points(frame, dpi)
    _line(pen, sheet.title, (wide / 2, sheet.top - 18), 20, ("song-bold", dpi), "mm")
    _line(pen, sheet.head, (sheet.left, sheet.top - 5), 10.5, (look, dpi), "lm")
    for index, text in enumerate(sheet.foot):
        _line(pen, text, (sheet.left, sheet.top + sum(sheet.heights) + 6 + 6 * index), 10.5, (look, dpi), "lm")
    return Drawn(np.repeat(np.asarray(page)[..., None], 3, axis=2), truth, places)


def _points(frame: tuple[float, float, float, float], dpi: int) -> tuple[float, float, float, float]:
    left, top, right, bottom = (float(edge) * 72 / dpi for edge in frame)
    return left, top, right, bottom


def _placed(sheet: Sheet) -> list[tuple[int, int, Box]]:
    taken: set[tuple[int, int]] = set()
    placed = []
    for row, boxes in enumerate(sheet.boxes):
        column = 0
        for box in boxes:
            while (row, column) in taken:
                column += 1
            placed.append((row, column, box))
            taken |= {(row + r, column + c) for r in range(box.rows) for c in range(box.columns)}
            column += box.columns
    return placed


def _line(
    pen: ImageDraw.ImageDraw, text: str, at: tuple[float, float], size: float, how: tuple[str, int], anchor: str
) -> None:
    look, dpi = how
    pen.text(
        (at[0] * dpi / 25.4, at[1] * dpi / 25.4), text, font=font(look, round(size * dpi / 72)), fill=0, anchor=anchor
    )


def _write(pen: ImageDraw.ImageDraw, box: Box, frame: tuple[float, float, float, float], look: str, dpi: int) -> None:
    left, top, right, bottom = (float(edge) for edge in frame)
    face = font(look, round(box.size * dpi / 72))
    lines = [line for text in box.text.split("\n") for line in _wrapped(text, face, right - left - 0.08 * dpi)]
    step = box.size * 1.25 * dpi / 72
    y = (top + bottom) / 2 - step * (len(lines) - 1) / 2
    if box.align == "top":
        y = top + step * 0.8
    for line in lines:
        wide = face.getlength(line.replace("☑", "□"))
        x = (left + right - wide) / 2 if box.align == "centre" else left + 0.06 * dpi
        pen.text((x, y), line.replace("☑", "□"), font=face, fill=0, anchor="lm")
        for place in (index for index, character in enumerate(line) if character == "☑"):
            _tick(pen, x + face.getlength(line[:place].replace("☑", "□")), y, box.size * dpi / 72)
        y += step


def _tick(pen: ImageDraw.ImageDraw, left: float, middle: float, em: float) -> None:
    """A hook in the box whose left edge and middle are given; few fonts have ☑ itself."""
    hook = [(left + em * x, middle + em * y) for x, y in ((0.22, 0.0), (0.42, 0.24), (0.85, -0.3))]
    pen.line(hook, fill=0, width=max(2, round(em * 0.09)), joint="curve")


def _wrapped(text: str, face: ImageFont.FreeTypeFont, width: float) -> list[str]:
    lines = [""]
    for character in text:
        if lines[-1] and face.getlength(lines[-1] + character) > width:
            lines.append("")
        lines[-1] += character
    return lines
