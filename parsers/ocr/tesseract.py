"""Tesseract through pytesseract: the second reader of figures, whose faults differ from those of the networks."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import cv2
import numpy as np
import pytesseract
from PIL import Image

from parsers.errors import OcrCrashedError
from parsers.ocr.base import Gray, LineReading, OcrEngine, PixelBox
from parsers.ocr.lattice import Glyph

LINE_HEIGHT = 44
"""Pixels a line is brought to, and about what its models like."""
TIMEOUT = 30
"""Seconds for one call."""


class TesseractEngine(OcrEngine):
    """Tesseract 5 in a process of its own, one call for all lines that are asked together."""

    name = "tesseract"

    @cached_property
    def version(self) -> str:
        """The program's version."""
        try:
            return f"tesseract-{pytesseract.get_tesseract_version()}"
        except (pytesseract.TesseractNotFoundError, OSError) as fault:
            raise OcrCrashedError(pointer="tesseract", reason=str(fault)) from fault

    def read(self, crops: Sequence[Gray], alphabet: frozenset[str] | None = None) -> tuple[LineReading, ...]:
        """One reading a crop: the crops are set below each other, one line each, and told apart by their place."""
        if not crops:
            return ()
        lines = [_scaled(crop) for crop in crops]
        wide = max(line.shape[1] for line in lines) + 40
        pitch = LINE_HEIGHT * 2
        sheet = np.full((pitch * len(lines) + LINE_HEIGHT, wide), 255, np.uint8)
        for row, line in enumerate(lines):
            top = LINE_HEIGHT // 2 + row * pitch
            sheet[top : top + line.shape[0], 20 : 20 + line.shape[1]] = line
        words = _words(sheet, alphabet)
        found: list[list[tuple[int, str, float]]] = [[] for _ in lines]
        for left, middle, text, confidence in words:
            row = int((middle - LINE_HEIGHT // 4) // pitch)
            if 0 <= row < len(lines):
                found[row].append((left, text, confidence))
        return tuple(_joined(sorted(row), wide) for row in found)

    def find_lines(self, picture: Gray) -> tuple[PixelBox, ...]:
        """Lines of sparse text."""
        try:
            data = pytesseract.image_to_data(
                Image.fromarray(picture),
                lang="chi_sim",
                config="--psm 11",
                timeout=TIMEOUT,
                output_type=pytesseract.Output.DICT,
            )
        except (pytesseract.TesseractError, RuntimeError, OSError) as fault:
            raise OcrCrashedError(pointer="tesseract", reason=str(fault)) from fault
        boxes = [
            (int(left), int(top), int(left + width), int(top + height))
            for level, left, top, width, height in zip(
                data["level"], data["left"], data["top"], data["width"], data["height"], strict=True
            )
            if level == 4 and width > 4 and height > 4
        ]
        return tuple(sorted(boxes, key=lambda box: (box[1], box[0])))


def _scaled(crop: Gray) -> Gray:
    factor = LINE_HEIGHT / crop.shape[0]
    wide = max(8, round(crop.shape[1] * factor))
    how = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(crop, (wide, LINE_HEIGHT), interpolation=how), np.uint8)


def _words(sheet: Gray, alphabet: frozenset[str] | None) -> list[tuple[int, float, str, float]]:
    """Left, middle row, text and confidence of each word on a sheet."""
    figures = alphabet is not None and all(ord(character) < 128 for character in alphabet)
    config = "--psm 6 -c load_system_dawg=0 -c load_freq_dawg=0"
    if figures and alphabet is not None:
        config += " -c tessedit_char_whitelist=" + "".join(sorted(alphabet - set(" \"'\\")))
    try:
        data = pytesseract.image_to_data(
            Image.fromarray(sheet),
            lang="eng" if figures else "chi_sim",
            config=config,
            timeout=TIMEOUT,
            output_type=pytesseract.Output.DICT,
        )
    except (pytesseract.TesseractError, RuntimeError, OSError, ValueError) as fault:
        raise OcrCrashedError(pointer="tesseract", reason=str(fault)) from fault
    columns = (data["left"], data["top"], data["height"], data["text"], data["conf"])
    return [
        (int(left), top + height / 2, str(text), max(0.0, float(confidence)) / 100)
        for left, top, height, text, confidence in zip(*columns, strict=True)
        if str(text).strip()
    ]


def _joined(words: Sequence[tuple[int, str, float]], wide: int) -> LineReading:
    text = "".join(word for _, word, _ in words)
    confidence = min((confidence for *_, confidence in words), default=0.0)
    glyphs = tuple(Glyph(word, confidence, left / wide) for left, word, confidence in words)
    return LineReading(text, confidence, glyphs)
