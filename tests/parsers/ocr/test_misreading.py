"""What was read, beside texts that may have been meant."""

from __future__ import annotations

import math

import pytest

from parsers.ocr.lattice import Glyph
from parsers.ocr.misreading import Prices, distance, pairing

PRICES = Prices(taken=lambda *_: 6.0, lost=lambda _: 5.0, put=lambda _: 4.0)


def seen(text: str) -> list[Glyph]:
    return [Glyph(mark, 1.0, place / len(text)) for place, mark in enumerate(text)]


@pytest.mark.parametrize(
    ("read", "price"),
    [("教育局", 0.0), ("教有局", 6.0), ("教局", 5.0), ("教育育局", 4.0), ("", 15.0), ("局育教", 12.0)],
)
def test_every_mistake_has_its_price(read: str, price: float) -> None:
    assert distance(seen(read), "教育局", PRICES) == pytest.approx(price)


def test_what_the_recogniser_held_possible_is_no_dearer_than_that() -> None:
    glyphs = [*seen("教"), Glyph("有", 0.8, 0.5, (("育", 0.2),)), *seen("局")]
    assert distance(glyphs, "教育局", PRICES) == pytest.approx(-math.log(0.2))
    assert distance(glyphs, "教有局", PRICES) == pytest.approx(-math.log(0.8))


def test_glyphs_are_paired_with_the_characters_they_were_read_for() -> None:
    assert pairing(seen("教有局"), "教育局", PRICES) == [(0, 0), (1, 1), (2, 2)]
    assert pairing(seen("教局"), "教育局", PRICES) == [(0, 0), (1, 2)]
    assert pairing(seen("教育一局"), "教育局", PRICES) == [(0, 0), (1, 1), (3, 2)]
