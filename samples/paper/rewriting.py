"""Printed values written again by hand: each letter rubbed out and set anew in a handwriting font, no two alike."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from samples.paper import signing
from samples.paper.fonts import font
from samples.paper.official import Box, Letter, Official

Rgb = npt.NDArray[np.uint8]
_LABELS = "NotoSans"
"""The official forms print labels, and nothing else, in a sans face."""
_GUIDED = re.compile(r"[□☑]|自.*至|岁")
"""Cells with printed words among the values: figures alone are written there."""
_HEAD_GAP = 14.0
"""Points between the parts of a head line."""
_LINE = 6.0
"""Points: letters whose middles lie nearer are on one line."""
_NOT_THERE = "\uffff"
_BELOW = 0.32
"""How far, as part of its height, a letter's ink may reach below the box that the PDF gives it."""
_SINK = 0.1
"""How far the middle of the ink lies below the middle of that box."""


@dataclass(frozen=True, slots=True)
class Hand:
    """A way of writing: a look of :mod:`samples.paper.fonts`, and how far letters turn, shift and grow."""

    look: str
    turn: float = 5.0
    shift: float = 0.07
    size: float = 1.25


def rewrite(pages: list[Rgb], form: Official, hand: Hand, dpi: int, chance: random.Random) -> None:
    """Write the values of a printed form again by hand, on pages of ``dpi``, in place."""
    pen = chance.choice(tuple(signing.PENS.values()))
    for number, page in enumerate(pages):
        picture = Image.fromarray(page)
        letters = list(_value_letters(form, number))
        for letter, room in letters:
            _rub_out(picture, letter.box, room, dpi)
        for letter, _ in letters:
            _write(picture, letter, hand, dpi, (pen, chance))
        pages[number] = np.asarray(picture)


def _value_letters(form: Official, page: int) -> Iterator[tuple[Letter, Box | None]]:
    """The letters of values on a page, each with the cell it must stay in."""
    named = {(box.cell.page, box.cell.box) for box in form.boxes}
    for cell in form.cells:
        if (
            cell.page != page
            or (page, cell.box) in named
            or not any(item.isdigit() or item.isalpha() for item in cell.text)
        ):
            continue
        is_guided = bool(_GUIDED.search(cell.text)) or cell.text == "年月日"
        for letter in cell.letters:
            is_value = _LABELS not in letter.font and letter.text.strip() and (letter.text.isdigit() or not is_guided)
            if is_value:
                yield letter, cell.box
    top = min((cell.box[1] for cell in form.cells if cell.page == page), default=0.0)
    for number, loose in form.loose:
        if number == page:
            yield from ((letter, None) for letter in _head_values([item for item in loose if item.box[3] <= top + 1]))


def _head_values(letters: Sequence[Letter]) -> Iterator[Letter]:
    """What follows a colon in the lines above the table, up to the next gap."""
    is_value, before = False, None
    for letter in sorted(letters, key=lambda item: (round(item.middle[1] / _LINE), item.box[0])):
        if before is not None and (
            abs(letter.middle[1] - before.middle[1]) > _LINE or letter.box[0] - before.box[2] > _HEAD_GAP
        ):
            is_value = False
        if is_value and letter.text.strip():
            yield letter
        is_value = is_value or letter.text == "："
        before = letter if letter.text.strip() else before


def _rub_out(picture: Image.Image, box: Box, room: Box | None, dpi: int) -> None:
    left, top, right, bottom = box
    bottom += _BELOW * (bottom - top)
    if room is not None:
        left, top = max(left, room[0] + 1), max(top, room[1] + 1)
        right, bottom = min(right, room[2] - 1), min(bottom, room[3] - 1)
    x0, y0, x1, y1 = (round(edge * dpi / 72) for edge in (left, top, right, bottom))
    if x1 > x0 and y1 > y0:
        picture.paste((255, 255, 255), (x0, y0, x1, y1))


def _write(
    picture: Image.Image, letter: Letter, hand: Hand, dpi: int, how: tuple[tuple[int, int, int], random.Random]
) -> None:
    pen, chance = how
    left, top, right, bottom = (edge * dpi / 72 for edge in letter.box)
    size = (bottom - top) * hand.size
    face = _face(letter.text, hand.look, round(size))
    side = round(size * 2)
    plate = Image.new("L", (side, side), 0)
    ImageDraw.Draw(plate).text((side / 2, side / 2), letter.text, font=face, fill=255, anchor="mm")
    wide = face.getlength(letter.text)
    if wide > (right - left) * 1.15:
        squeezed = plate.resize((max(1, round(side * (right - left) * 1.15 / wide)), side))
        plate = Image.new("L", (side, side), 0)
        plate.paste(squeezed, ((side - squeezed.width) // 2, 0))
    plate = plate.rotate(chance.uniform(-hand.turn, hand.turn), resample=Image.Resampling.BICUBIC)
    x = (left + right) / 2 + chance.uniform(-1, 1) * hand.shift * size - side / 2
    y = (top + bottom) / 2 + _SINK * (bottom - top) + chance.uniform(-1, 1) * hand.shift * size - side / 2
    picture.paste(pen, (round(x), round(y)), plate)


@cache
def _face(character: str, look: str, pixels: int) -> ImageFont.FreeTypeFont:
    """The font of a look, or the kai hand for a character that it does not have."""
    face = font(look, pixels)
    drawn, lacking = face.getmask(character), face.getmask(_NOT_THERE)
    is_there = drawn.getbbox() is not None and bytes(drawn) != bytes(lacking)
    return face if is_there else font("kai", pixels)
