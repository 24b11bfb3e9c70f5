"""What another reader said of lines, so that it is asked for many of them at once and for none of them twice."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from parsers.errors import OcrCrashedError
from parsers.ocr.base import OcrEngine
from parsers.ocr.variants import plain
from parsers.scan.bilevel import smoothed
from parsers.scan.readlines import ReadLine
from parsers.scan.units import Gray


class SaidBefore:
    """A reader's texts, by the line and by whether it was held to certain characters."""

    def __init__(self, softness: float = 0.0) -> None:
        """``softness``: by how much of a dot the crops of a page of black and white are smoothed for the reader."""
        self._softness = softness
        self._texts: dict[tuple[int, bool], tuple[str, float]] = {}
        self._lines: list[ReadLine] = []
        """Kept for as long as their texts are, which know the place of each by its identity."""

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
        if any((id(line.line), is_held) not in self._texts for line in lines):
            wanted = {
                id(line.line): line for line in (*lines, *beside()) if (id(line.line), is_held) not in self._texts
            }
            asked = list(wanted.values())
            try:
                answers = engine.read([self._crop(line) for line in asked], alphabet)
            except OcrCrashedError:
                return None
            for line, answer in zip(asked, answers, strict=True):
                text = "".join(plain(character) or "" for character in answer.text)
                self._texts[id(line.line), is_held] = (text, answer.confidence or 0.0)
            self._lines += asked
        return [self._texts[id(line.line), is_held] for line in lines]

    def _crop(self, line: ReadLine) -> Gray:
        (crop,) = smoothed([line.line.crop], line.dot * self._softness)
        return crop
