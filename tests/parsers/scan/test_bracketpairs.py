"""A bracket of a year whose partner was told by its outline."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from itertools import accumulate

import numpy as np
import pytest

from parsers.ocr.base import LineReading
from parsers.ocr.lattice import Glyph, Step
from parsers.scan.bracketpairs import with_paired_brackets
from parsers.scan.brackets import MEASURED, Bracketed

CROP = np.full((30, 300), 255, np.uint8)


def read(text: str, doubtful: Collection[int] = (), measured: Collection[int] = ()) -> Bracketed:
    """A line whose hanzi are as wide as two figures; ``_`` is room for a figure in which nothing was read."""
    widths = [1 if mark.isascii() else 2 for mark in text]
    starts = [0, *accumulate(widths)]
    glyphs, steps, places = [], [], set()
    for index, mark in enumerate(text):
        if mark == "_":
            continue
        at = (starts[index] + widths[index] / 2) / starts[-1]
        chance = 0.5 if index in doubtful else MEASURED if index in measured else 0.999
        glyphs.append(Glyph(mark, chance, at))
        steps += [Step(at - 0.001, (("", 1.0),)), Step(at, ((mark, chance), ("", 1 - chance)))]
        if index in measured:
            places.add(at)
    found = "".join(glyph.text for glyph in glyphs)
    return Bracketed(LineReading(found, 0.5, tuple(glyphs), tuple(steps)), frozenset(places))


def texts(lines: Sequence[Bracketed]) -> list[str]:
    return [reading.text for reading in with_paired_brackets(lines, [CROP] * len(lines))]


@pytest.mark.parametrize(
    ("lines", "wanted"),
    [
        ([read("海编外〔2022]12号", [8], [3])], ["海编外〔2022〕12号"]),
        ([read("海编外C2022〕12号", [3], [8])], ["海编外〔2022〕12号"]),
        ([read("海编外〔", measured=[3]), read("2022]12号", [4])], ["海编外〔", "2022〕12号"]),
        ([read("海编外L", [3]), read("2022〕12号", measured=[4])], ["海编外〔", "2022〕12号"]),
        ([read("海编外〔2022_12号", measured=[3])], ["海编外〔2022〕12号"]),
    ],
)
def test_a_misread_partner_becomes_the_other_of_the_pair(lines: list[Bracketed], wanted: list[str]) -> None:
    assert texts(lines) == wanted


def test_what_a_bracket_alone_made_doubtful_is_sure() -> None:
    (fresh,) = with_paired_brackets([read("海编外〔2022]12号", [8], [3])], [CROP])
    assert (fresh.confidence or 0.0) > 0.95


def test_what_else_is_doubtful_stays_so() -> None:
    (fresh,) = with_paired_brackets([read("海编外〔2022]12号", [8, 9], [3])], [CROP])
    assert (fresh.confidence or 0.0) <= 0.5


@pytest.mark.parametrize(
    "line",
    [
        read("海编外〔2022112号", measured=[3]),  # a 1 behind a year may be the first figure of 112
        read("海编外〔202212号", measured=[3]),  # no room
        read("海编外〔2022]12号", measured=[3, 8]),  # both were measured, and differ
        read("海编外[2022]12号", [3, 8]),  # none was
        read("海编外2022〕12号", measured=[7]),  # nothing was read before the year
    ],
)
def test_what_may_be_something_else_stays_for_a_person(line: Bracketed) -> None:
    assert texts([line]) == [line.reading.text]


def half_seen(chance: float) -> Bracketed:
    """海编外 with something behind it that the engine held for a bracket with this chance, and read nothing of."""
    line = read("海编外_")
    step = Step(0.9, (("", 1 - chance), ("(", chance * 0.6), ("〔", chance * 0.4)))
    return Bracketed(replace(line.reading, lattice=(*line.reading.lattice, step)))


def test_an_opening_bracket_at_the_end_of_a_line_of_which_nothing_was_read_stands_before_its_partner() -> None:
    rest = read("2022〕12号", measured=[4])
    assert texts([half_seen(0.4), rest]) == ["海编外〔", "2022〕12号"]
    assert texts([half_seen(0.05), rest]) == ["海编外", "2022〕12号"]
    assert texts([half_seen(0.4), read("2022]12号")]) == ["海编外", "2022]12号"]
