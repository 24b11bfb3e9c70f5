"""Answers of an engine kept in a file and given again: tests of the steps behind OCR need no engine.

An answer is found by the content of its crop and the engine's version. One that is not there is a failure, never a
reason to run an engine in silence.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from parsers.errors import OcrCrashedError
from parsers.ocr.base import Gray, LineReading, OcrEngine, PixelBox
from parsers.ocr.lattice import Glyph, Step


class RecordedEngine(OcrEngine):
    """Replays ``file``; with ``source`` it asks that engine for what is missing and :meth:`save` keeps it."""

    name = "recorded"

    def __init__(self, file: Path, source: OcrEngine | None = None) -> None:
        self._file = file
        self._source = source
        self.line_scale = source.line_scale if source is not None else OcrEngine.line_scale
        kept: dict[str, Any] = json.loads(file.read_text("utf-8")) if file.exists() else {}
        self._version = str(kept.get("version", source.version if source is not None else ""))
        if source is not None and source.version != self._version:
            kept, self._version = {}, source.version
        self._answers: dict[str, Any] = dict(kept.get("answers", {}))

    @property
    def version(self) -> str:
        """The version of the engine that was recorded."""
        return self._version

    def read(self, crops: Sequence[Gray], alphabet: frozenset[str] | None = None) -> tuple[LineReading, ...]:
        """The recorded readings."""
        suffix = "" if alphabet is None else "".join(sorted(alphabet))
        keys = [_key("read", crop, suffix) for crop in crops]
        missing = [index for index, key in enumerate(keys) if key not in self._answers]
        if missing:
            answers = self._asked().read([crops[index] for index in missing], alphabet)
            for index, answer in zip(missing, answers, strict=True):
                self._answers[keys[index]] = _to_plain(answer)
        return tuple(_from_plain(self._answers[key]) for key in keys)

    def find_lines(self, picture: Gray) -> tuple[PixelBox, ...]:
        """The recorded boxes."""
        key = _key("lines", picture, "")
        if key not in self._answers:
            self._answers[key] = [list(box) for box in self._asked().find_lines(picture)]
        return tuple((int(box[0]), int(box[1]), int(box[2]), int(box[3])) for box in self._answers[key])

    def save(self) -> None:
        """Writes all answers, old and new."""
        kept = {"version": self._version, "answers": self._answers}
        self._file.write_text(json.dumps(kept, ensure_ascii=False, sort_keys=True, separators=(",", ":")), "utf-8")

    def _asked(self) -> OcrEngine:
        if self._source is None:
            raise OcrCrashedError(pointer=self._file.name, reason="no recorded answer for this crop")
        return self._source


def _key(kind: str, crop: Gray, suffix: str) -> str:
    content = hashlib.sha256(crop.tobytes())
    content.update(f"{kind}{crop.shape}{suffix}".encode())
    return content.hexdigest()[:24]


def _to_plain(reading: LineReading) -> list[Any]:
    glyphs = [
        [glyph.text, round(glyph.probability, 5), round(glyph.at, 5), list(glyph.others)] for glyph in reading.glyphs
    ]
    lattice = [
        [round(step.at, 5), [[text, round(chance, 5)] for text, chance in step.options]] for step in reading.lattice
    ]
    return [reading.text, reading.confidence, glyphs, lattice]


def _from_plain(kept: list[Any]) -> LineReading:
    text, confidence, glyphs, lattice = kept
    return LineReading(
        text,
        confidence,
        tuple(Glyph(char, chance, at, tuple((other, p) for other, p in others)) for char, chance, at, others in glyphs),
        tuple(Step(at, tuple((char, chance) for char, chance in options)) for at, options in lattice),
    )
