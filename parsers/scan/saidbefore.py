"""What the second reader said of lines, so that it is asked for many of them at once and for none of them twice."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from parsers.errors import OcrCrashedError
from parsers.ocr.base import OcrEngine
from parsers.ocr.variants import plain
from parsers.scan.readlines import ReadLine


class SaidBefore:
    """The second reader's texts, by the line and by whether it was held to certain characters."""

    def __init__(self) -> None:
        self._texts: dict[tuple[int, bool], str] = {}
        self._lines: list[ReadLine] = []
        """Kept for as long as their texts are, which know them by their identity."""

    def by(
        self,
        engine: OcrEngine,
        lines: Sequence[ReadLine],
        beside: Callable[[], Sequence[ReadLine]],
        alphabet: frozenset[str] | None,
    ) -> str | None:
        """What ``engine`` reads in some lines, in half width and simplified characters; ``None`` where it fails.

        ``beside`` gives other lines that will be asked for: they are read in the same call.
        """
        is_held = alphabet is not None
        if any((id(line), is_held) not in self._texts for line in lines):
            wanted = {id(line): line for line in (*lines, *beside()) if (id(line), is_held) not in self._texts}
            asked = list(wanted.values())
            try:
                answers = engine.read([line.line.crop for line in asked], alphabet)
            except OcrCrashedError:
                return None
            self._texts |= {(id(line), is_held): answer.text for line, answer in zip(asked, answers, strict=True)}
            self._lines += asked
        said = "".join(self._texts[id(line), is_held] for line in lines)
        return "".join(plain(character) or "" for character in said)
