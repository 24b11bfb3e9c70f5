"""The words of a page's seals: as they were read, and, where that was not sure, as they are in further looks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from parsers.document import Look
from parsers.ocr.base import LineReading, OcrEngine
from parsers.scan.bilevel import smoothed
from parsers.scan.readlines import UNREAD, ask, half_width
from parsers.scan.units import Gray

SURE = 0.98
"""Confidence from which the words of a seal are not looked at again."""
LEAST, SHORTEST = 0.25, 3
"""How sure a further reading must be to stand for the first, and how many characters it must have."""


@dataclass(frozen=True, slots=True)
class SealWords:
    """The words of a seal as surely as they were read, and every look at them; none where the first was sure."""

    reading: LineReading
    looks: tuple[Look, ...] = ()

    @property
    def options(self) -> tuple[tuple[tuple[str, float], ...], ...]:
        """What each character of the reading may be."""
        glyphs = self.reading.glyphs if len(self.reading.glyphs) == len(self.reading.text) else ()
        return tuple(((one.text, round(one.probability, 3)), *one.others) for one in glyphs)


def look_at_names(
    engine: OcrEngine, said: Sequence[LineReading | None], cuts: Sequence[Sequence[Gray]], dot: float
) -> list[SealWords]:
    """The words of the seals with these ``cuts``.

    Args:
        engine: reads the cuts of the names that were not surely read.
        said: what was read of each seal, of its whole rim; more of them may follow.
        cuts: the name of each seal alone, cut out in some ways.
        dot: pixels of the page's coarsest dots, 0 where it is not black and white.
    """
    firsts = [half_width(words) if words is not None else UNREAD for words in said[: len(cuts)]]
    unsure = [place for place, first in enumerate(firsts) if (first.confidence or 0.0) < SURE or not first.text]
    asked = [(place, cut) for place in unsure for cut in cuts[place]]
    answers = ask(engine, smoothed([cut for _, cut in asked], dot)).readings
    again: dict[int, list[LineReading]] = {}
    for (place, _), answer in zip(asked, answers, strict=True):
        again.setdefault(place, []).append(half_width(answer))
    return [_best(first, again.get(place, [])) for place, first in enumerate(firsts)]


def _best(first: LineReading, again: Sequence[LineReading]) -> SealWords:
    """The surest reading, the first where none is much of one; a character or two are a piece of a name."""
    if not again:
        return SealWords(first)
    surer = [one for one in again if len(one.text) >= SHORTEST and (one.confidence or 0.0) >= LEAST]
    kept = [first] if len(first.text) >= SHORTEST or not surer else []
    best = max([*kept, *surer], key=lambda one: one.confidence or 0.0)
    return SealWords(best, tuple(_look(one) for one in (first, *again) if one.lattice))


def _look(reading: LineReading) -> Look:
    return tuple(step.options for step in reading.lattice)
