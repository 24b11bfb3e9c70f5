"""What hands do to a printed value: strokes that make another figure of one, figures pasted over, words taken out.

Everything is drawn on the page as it came from the printer, before it is scanned. Characters are found by the text
layer of the PDF that was printed.
"""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
import pdfplumber

Rgb = npt.NDArray[np.uint8]
Box = tuple[float, float, float, float]
DARK = 140
"""Grey level below which there is ink."""
PENS = ((24, 24, 30), (30, 40, 120), (40, 60, 160), (70, 70, 75))
"""Colours of pens: black, blue-black, blue, pencil."""
PASTED = {"0": "86", "1": "74", "2": "37", "3": "85", "4": "19", "5": "63", "6": "85", "7": "12", "8": "36", "9": "84"}
"""Figures that are easily taken for each other."""
STROKES: dict[str, tuple[tuple[tuple[float, float], ...], ...]] = {
    "0": (((0.1, 0.5), (0.9, 0.5)), ((0.5, 0.62), (1.0, 1.0))),
    "1": (((-0.1, 0.12), (0.5, 0.08)), ((0.45, 0.05), (1.2, 0.08))),
    "3": (((0.3, 0.08), (0.05, 0.28), (0.3, 0.48)), ((0.3, 0.52), (0.05, 0.72), (0.3, 0.92))),
    "5": (((0.18, 0.5), (0.02, 0.72), (0.2, 0.95)),),
    "6": (((0.6, 0.1), (0.95, 0.25), (0.7, 0.48)),),
    "7": (((0.1, 0.5), (0.95, 0.5)),),
    "9": (((0.3, 0.5), (0.05, 0.72), (0.3, 0.93)),),
}
"""Pen strokes that make another figure of one, in parts of the character's own box."""


@dataclass(frozen=True, slots=True)
class Glyph:
    """A printed character: the box of its type in points, and its size."""

    text: str
    box: Box
    size: float


def glyphs_of(pdf: bytes, page: int) -> tuple[Glyph, ...]:
    """The characters of a page of a PDF that we made."""
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        return tuple(
            Glyph(char["text"], (char["x0"], char["top"], char["x1"], char["bottom"]), float(char["size"]))
            for char in document.pages[page].chars
            if char["text"].strip()
        )


@dataclass
class Hand:
    """A page under somebody's hand, ``dpi`` dots an inch."""

    page: Rgb
    dpi: float
    glyphs: Sequence[Glyph]
    chance: random.Random

    def inside(self, box: Box) -> list[Glyph]:
        """The characters of a cell."""
        return [
            one
            for one in self.glyphs
            if box[0] <= (one.box[0] + one.box[2]) / 2 <= box[2] and box[1] <= (one.box[1] + one.box[3]) / 2 <= box[3]
        ]

    def ink_of(self, glyph: Glyph) -> tuple[int, int, int, int] | None:
        """The pixels that a character really covers."""
        left, top, right, bottom = (round(edge * self.dpi / 72) for edge in glyph.box)
        part = self.page[top:bottom, left:right].min(axis=2) < DARK if bottom > top else np.zeros((0, 0), np.bool_)
        ys, xs = np.nonzero(part)
        if len(xs) < 4:  # noqa: PLR2004 - fewer pixels are no character
            return None
        return left + int(xs.min()), top + int(ys.min()), left + int(xs.max()) + 1, top + int(ys.max()) + 1

    def pen(self, points: Sequence[tuple[float, float]]) -> None:
        """Draw a stroke of a pen through points, in pixels."""
        wide = max(1, round(self.chance.uniform(0.3, 0.55) * self.dpi / 25.4))
        path = np.asarray([(round(x * 16), round(y * 16)) for x, y in points], np.int32)
        cv2.polylines(self.page, [path], False, self.chance.choice(PENS), wide, cv2.LINE_AA, 4)  # noqa: FBT003 - cv2's


def add_strokes(hand: Hand, box: Box) -> bool:
    """Make another figure of one with a pen; ``False`` where no figure lends itself to it."""
    fit = [one for one in hand.inside(box) if one.text in STROKES]
    if not fit:
        return False
    glyph = hand.chance.choice(fit)
    ink = hand.ink_of(glyph)
    if ink is None:
        return False
    left, top, right, bottom = ink
    wide, high = max(right - left, 0.4 * (bottom - top)), bottom - top
    strokes = STROKES[glyph.text]
    for stroke in strokes if glyph.text == "3" else (hand.chance.choice(strokes),):
        hand.pen([(left + x * wide, top + y * high) for x, y in stroke])
    return True


def add_level_stroke(hand: Hand, box: Box) -> bool:
    """A level stroke above or below a character: 一 becomes 二, 大 becomes 太 with a shorter one."""
    fit = [one for one in hand.inside(box) if not one.text.isascii()]
    ink = hand.ink_of(hand.chance.choice(fit)) if fit else None
    if ink is None:
        return False
    left, top, right, bottom = ink
    high = max(bottom - top, right - left)
    y = hand.chance.choice((bottom + 0.18 * high, top - 0.15 * high)) if bottom - top < 0.5 * high else bottom
    length = hand.chance.uniform(0.35, 0.9) * (right - left)
    start = left + hand.chance.uniform(0, 1) * (right - left - length)
    hand.pen([(start, y), (start + length, y - 0.03 * high)])
    return True


def paste_figure(hand: Hand, box: Box) -> bool:
    """Another figure of the same type over one."""
    pairs = [
        (one, other)
        for one in hand.inside(box)
        for other in hand.glyphs
        if one.text in PASTED and other.text in PASTED[one.text] and abs(one.size - other.size) < 0.2  # noqa: PLR2004 - points
    ]
    if not pairs:
        return False
    one, other = hand.chance.choice(pairs)
    here, there = ([round(edge * hand.dpi / 72) for edge in glyph.box] for glyph in (one, other))
    patch = hand.page[there[1] : there[3], there[0] : there[2]].copy()
    high, wide = min(patch.shape[0], here[3] - here[1]), min(patch.shape[1], here[2] - here[0])
    hand.page[here[1] : here[3], here[0] : here[2]] = 255
    hand.page[here[1] : here[1] + high, here[0] : here[0] + wide] = patch[:high, :wide]
    return True


def take_out(hand: Hand, box: Box) -> bool:
    """Correction fluid over one character."""
    ink = hand.ink_of(hand.chance.choice(hand.inside(box))) if hand.inside(box) else None
    if ink is None:
        return False
    left, top, right, bottom = ink
    hand.page[top - 1 : bottom + 1, left - 1 : right + 1] = 255
    return True


def strike(hand: Hand, box: Box) -> bool:
    """A line through the whole value."""
    inks = [ink for glyph in hand.inside(box) if (ink := hand.ink_of(glyph)) is not None]
    if not inks:
        return False
    row = [ink for ink in inks if ink[1] < inks[0][3] and inks[0][1] < ink[3]]
    y = (row[0][1] + row[0][3]) / 2
    hand.pen([(row[0][0] - 4, y + 2), (row[-1][2] + 4, y - 2)])
    return True


def append_figure(hand: Hand, box: Box) -> bool:
    """A figure written behind the last one, by hand: a 1 or a 0."""
    inks = [ink for glyph in hand.inside(box) if (ink := hand.ink_of(glyph)) is not None]
    if not inks:
        return False
    _, top, right, bottom = inks[-1]
    high = bottom - top
    x = right + 0.35 * high
    if x + 0.5 * high > (box[2] - 1) * hand.dpi / 72:
        return False
    if hand.chance.random() < 0.5:  # noqa: PLR2004 - one of two figures
        hand.pen([(x, top), (x, bottom)])
    else:
        turn = [(np.cos(angle), np.sin(angle)) for angle in np.linspace(0, 2 * np.pi, 12)]
        hand.pen([(x + 0.22 * high * (1 + dx), top + high / 2 * (1 + dy)) for dx, dy in turn])
    return True


TAMPERINGS: dict[str, Callable[[Hand, Box], bool]] = {
    "strokes": add_strokes,
    "level": add_level_stroke,
    "pasted": paste_figure,
    "out": take_out,
    "struck": strike,
    "appended": append_figure,
}
"""Name → what is done to a value; each says whether it could be done."""
