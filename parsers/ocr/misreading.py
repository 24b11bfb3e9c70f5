"""How far what was read lies from a text that may have been meant: each character misread, lost or put in at its price.

A recogniser's lattice says what else a place may be, but on worn paper it is sure of wrong characters, and what it
never thought of has no probability there. So every character may have been taken for any other, for a price that is
the same as so much less probability. Prices are in natural logarithms: 7 is one chance in a thousand.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from parsers.ocr.lattice import Glyph


@dataclass(frozen=True, slots=True)
class Prices:
    """What mistakes cost: ``taken`` a character for another, ``lost`` one that was not read, ``put`` one too many."""

    taken: Callable[[str, str], float]
    """By the character that was meant and the one that was read."""
    lost: Callable[[str], float]
    put: Callable[[str], float]


def price_of(glyph: Glyph, meant: str, prices: Prices) -> float:
    """What it costs that a glyph is this character: by its probability there, or by what such a mistake costs."""
    if glyph.text == meant:
        return -math.log(max(glyph.probability, 1e-6))
    chance = dict(glyph.others).get(meant, 0.0)
    return min(prices.taken(meant, glyph.text), -math.log(chance) if chance > 0 else math.inf)


def first_row(glyphs: Sequence[Glyph], prices: Prices) -> list[float]:
    """The prices of the first glyphs, from none to all of them, where nothing was meant yet."""
    row = [0.0]
    for glyph in glyphs:
        row.append(row[-1] + prices.put(glyph.text))
    return row


def next_row(row: Sequence[float], glyphs: Sequence[Glyph], meant: str, prices: Prices) -> list[float]:
    """The same with one more character meant; ``row`` are the prices without it."""
    lost = prices.lost(meant)
    fresh = [row[0] + lost]
    for place, glyph in enumerate(glyphs):
        fresh.append(
            min(
                row[place] + price_of(glyph, meant, prices),
                row[place + 1] + lost,
                fresh[place] + prices.put(glyph.text),
            )
        )
    return fresh


def distance(glyphs: Sequence[Glyph], text: str, prices: Prices) -> float:
    """The least price at which a text was read as these glyphs."""
    row = first_row(glyphs, prices)
    for meant in text:
        row = next_row(row, glyphs, meant, prices)
    return row[-1]


def pairing(glyphs: Sequence[Glyph], text: str, prices: Prices) -> list[tuple[int, int]]:
    """Which glyph is which character of a text, by their places, at the least price."""
    rows = [first_row(glyphs, prices)]
    for meant in text:
        rows.append(next_row(rows[-1], glyphs, meant, prices))
    pairs, place, at = [], len(glyphs), len(text)
    while place and at:
        taken = rows[at - 1][place - 1] + price_of(glyphs[place - 1], text[at - 1], prices)
        if math.isclose(rows[at][place], taken, abs_tol=1e-9):
            place, at = place - 1, at - 1
            pairs.append((place, at))
        elif math.isclose(rows[at][place], rows[at - 1][place] + prices.lost(text[at - 1]), abs_tol=1e-9):
            at -= 1
        else:
            place -= 1
    return pairs[::-1]
