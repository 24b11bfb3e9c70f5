"""Engines that behave badly on purpose, and one that answers what it is told."""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np

from parsers.errors import OcrCrashedError
from parsers.ocr.base import Gray, LineReading, OcrEngine, PixelBox
from parsers.ocr.lattice import Glyph, Step, confidence_of, glyphs_of


def sure(text: str, probability: float = 0.999) -> LineReading:
    """A reading all of whose characters are this probable."""
    places = [(index + 0.5) / max(1, len(text)) for index in range(len(text))]
    glyphs = tuple(Glyph(char, probability, at) for char, at in zip(text, places, strict=True))
    steps: list[Step] = []
    for glyph in glyphs:
        steps += [Step(glyph.at, ((glyph.text, probability), ("", 1 - probability))), Step(glyph.at, (("", 1.0),))]
    return LineReading(text, probability, glyphs, tuple(steps))


def reading(*columns: dict[str, float]) -> LineReading:
    """What an engine is given to have seen: the options of each character."""
    steps = []
    for index, column in enumerate(columns):
        ordered = tuple(sorted(column.items(), key=lambda option: -option[1]))
        steps += [Step((index + 0.5) / len(columns), ordered), Step((index + 0.9) / len(columns), (("", 1.0),))]
    glyphs = glyphs_of(tuple(steps))
    return LineReading("".join(g.text for g in glyphs), confidence_of(tuple(steps), glyphs), glyphs, tuple(steps))


class ScriptedEngine(OcrEngine):
    """Gives the answer whose text was drawn for the crop, known by the crop's width class; else always ``answer``."""

    name = "scripted"

    def __init__(self, answer: LineReading) -> None:
        self.answer = answer
        self.asked = 0

    @property
    def version(self) -> str:
        return "1"

    def read(self, crops: Sequence[Gray], alphabet: frozenset[str] | None = None) -> tuple[LineReading, ...]:  # noqa: ARG002 - the interface's
        self.asked += len(crops)
        return tuple(self.answer for _ in crops)

    def find_lines(self, picture: Gray) -> tuple[PixelBox, ...]:
        rows = np.flatnonzero((picture < 128).any(axis=1))
        return ((0, int(rows[0]), picture.shape[1], int(rows[-1]) + 1),) if rows.size else ()


class CrashingEngine(ScriptedEngine):
    """Fails at every ``every``-th call of ``read``."""

    def __init__(self, answer: LineReading, every: int = 1) -> None:
        super().__init__(answer)
        self.every = every
        self.calls = 0

    def read(self, crops: Sequence[Gray], alphabet: frozenset[str] | None = None) -> tuple[LineReading, ...]:
        self.calls += 1
        if self.calls % self.every == 0:
            raise OcrCrashedError(pointer="test", reason="on purpose")
        return super().read(crops, alphabet)

    def find_lines(self, picture: Gray) -> tuple[PixelBox, ...]:  # noqa: ARG002 - the interface's
        raise OcrCrashedError(pointer="test", reason="on purpose")


class SlowEngine(ScriptedEngine):
    """Takes its time for each call."""

    def read(self, crops: Sequence[Gray], alphabet: frozenset[str] | None = None) -> tuple[LineReading, ...]:
        time.sleep(0.05)
        return super().read(crops, alphabet)


class GarbageEngine(ScriptedEngine):
    """Answers with too few readings."""

    def read(self, crops: Sequence[Gray], alphabet: frozenset[str] | None = None) -> tuple[LineReading, ...]:
        return super().read(crops, alphabet)[1:]


class EmptyEngine(ScriptedEngine):
    """Sees nothing in anything."""

    def __init__(self) -> None:
        super().__init__(LineReading("", 1.0))
