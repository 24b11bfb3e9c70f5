"""What another reader said of lines, so that it is asked for many of them at once and for none of them twice."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence

from parsers.errors import OcrCrashedError
from parsers.ocr.base import OcrEngine
from parsers.ocr.variants import plain
from parsers.scan.bilevel import smoothed
from parsers.scan.readlines import ReadLine
from parsers.scan.units import Gray, PixelBox

Look = tuple[PixelBox, tuple[int, ...], int]
"""A line by its place, the size of its crop, and a sum over the crop's pixels."""


class SaidBefore:
    """A reader's texts, by the line and by whether it was held to certain characters."""

    def __init__(self, softness: float = 0.0) -> None:
        """``softness``: by how much of a dot the crops of a page of black and white are smoothed for the reader."""
        self._softness = softness
        self._texts: dict[tuple[Look, bool], tuple[str, float]] = {}

    def by(
        self,
        engine: OcrEngine,
        lines: Sequence[ReadLine],
        beside: Callable[[], Sequence[ReadLine]],
        alphabet: frozenset[str] | None,
    ) -> str | None:
        """What ``engine`` reads in some lines as one text; ``None`` where it fails."""
        said = self.each(engine, lines, beside, alphabet)
        return None if said is None else "".join(text for text, _ in said)

    def each(
        self,
        engine: OcrEngine,
        lines: Sequence[ReadLine],
        beside: Callable[[], Sequence[ReadLine]],
        alphabet: frozenset[str] | None,
    ) -> list[tuple[str, float]] | None:
        """What ``engine`` reads in each line, in half width and simplified characters, and how surely.

        ``beside`` gives other lines that will be asked for: they are read in the same call. ``None`` where it fails.
        """
        is_held = alphabet is not None
        looks = [_look_of(line) for line in lines]
        if any((look, is_held) not in self._texts for look in looks):
            every = {_look_of(line): line for line in (*lines, *beside())}
            wanted = {look: line for look, line in every.items() if (look, is_held) not in self._texts}
            try:
                answers = engine.read([self._crop(line) for line in wanted.values()], alphabet)
            except OcrCrashedError:
                return None
            for look, answer in zip(wanted, answers, strict=True):
                text = "".join(plain(character) or "" for character in answer.text)
                self._texts[look, is_held] = (text, answer.confidence or 0.0)
        return [self._texts[look, is_held] for look in looks]

    def _crop(self, line: ReadLine) -> Gray:
        (crop,) = smoothed([line.line.crop], line.dot * self._softness)
        return crop


def _look_of(line: ReadLine) -> Look:
    """By what a line is known again when its page was packed away meanwhile (:mod:`parsers.scan.keeping`)."""
    crop = line.line.crop
    return line.line.box, crop.shape, zlib.crc32(crop.tobytes())
