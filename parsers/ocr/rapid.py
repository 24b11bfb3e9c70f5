"""RapidOCR's own PP-OCRv6 networks on single lines, without the package's whole-page pipeline.

The recogniser is given the crop of one line, 48 pixels high, and answers for every column with a probability of each
character. Lines of like width are read together; short ones are not blown up to 320 pixels (``docs/decisions``).
Batches, and the boxes in which lines are looked for, go side by side, each by one thread: two threads that share one
spend a third of their time waiting for each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from threading import Lock

import cv2
import numpy as np
import numpy.typing as npt
import onnxruntime as ort

from parsers.errors import OcrCrashedError
from parsers.ocr import models
from parsers.ocr.base import Gray, LineReading, OcrEngine, PixelBox
from parsers.ocr.lattice import build_lattice, confidence_of, folded, glyphs_of, rewritten
from parsers.ocr.sidebyside import THREADS, side_by_side

LINE_HEIGHT = 48
MIN_WIDTH = 64
MAX_WIDTH = 3200
BATCH = 6
BATCH_PIXELS = 2400
"""Columns of one batch, so that long lines are read alone and memory stays flat."""

TEXT_LEVEL = 0.3
"""A pixel of the detector's map above this belongs to text."""
BOX_LEVEL = 0.45
"""A box whose mean is below this is no text."""
GROWTH = 1.6
"""How much the detector's shrunken boxes are widened again, as the model was trained."""


class RapidEngine(OcrEngine):
    """PP-OCRv6 small, recogniser and detector, in this process; threads may look for lines at once.

    ``recogniser`` may be another network of the family, to be a witness of what the first one read.
    """

    name = "rapid"
    line_scale = 2 / 3

    def __init__(self, threads: int = THREADS, recogniser: models.Model = models.RECOGNISER) -> None:
        self._threads = threads
        self._model = recogniser
        self._opening = Lock()

    @property
    def version(self) -> str:
        """The model and its runtime."""
        return f"{self._model.name}/onnxruntime-{ort.__version__}"

    @cached_property
    def _recogniser(self) -> ort.InferenceSession:
        return models.open_session(self._model, threads=1)  # batches go side by side instead

    @cached_property
    def _detector(self) -> ort.InferenceSession:
        return models.open_session(models.DETECTOR, threads=1)  # boxes go side by side instead

    @cached_property
    def _characters(self) -> tuple[str, ...]:
        return models.characters_of(self._model, self._recogniser)

    def check(self) -> None:
        """Reads a drawn number, for a session that opened is not yet one that works.

        Raises:
            OcrCrashedError: the answer is not the number.
        """
        picture = np.full((64, 220), 255, np.uint8)
        cv2.putText(picture, "20260831", (8, 46), cv2.FONT_HERSHEY_SIMPLEX, 1.3, 0, 3, cv2.LINE_AA)
        (answer,) = self.read([picture])
        if answer.text != "20260831":
            raise OcrCrashedError(pointer=self._model.path, reason=f"self-test read {answer.text!r}")

    def read(self, crops: Sequence[Gray], alphabet: frozenset[str] | None = None) -> tuple[LineReading, ...]:
        """One reading a crop, in their order."""
        prepared = [as_high(crop) for crop in crops]
        batches = _batches([picture.shape[1] for picture in prepared])

        def read_batch(batch: list[int]) -> list[LineReading]:
            return self._read_batch([prepared[index] for index in batch], alphabet)

        answers: dict[int, LineReading] = {}
        self.open()
        widest_first = batches[::-1]  # so that all threads end together
        for batch, found in zip(widest_first, side_by_side(read_batch, widest_first, self._threads), strict=True):
            answers.update(zip(batch, found, strict=True))
        return tuple(answers[index] for index in range(len(crops)))

    def open(self) -> None:
        """Opens the recogniser, which two threads must not do at once.

        Raises:
            OcrCrashedError: its file is missing or is no model.
        """
        _ = self._recogniser, self._characters

    def _read_batch(self, pictures: list[Gray], alphabet: frozenset[str] | None) -> list[LineReading]:
        batch = as_batch(pictures)
        width = batch.shape[-1]
        columns = models.run(self._recogniser, batch)
        return [self._reading(columns[row], picture.shape[1] / width, alphabet) for row, picture in enumerate(pictures)]

    def _reading(self, columns: npt.NDArray[np.float32], used: float, alphabet: frozenset[str] | None) -> LineReading:
        lattice = build_lattice(columns, self._characters, used)
        if alphabet is not None:
            lattice = rewritten(lattice, lambda character: _within(character, alphabet))
        glyphs = glyphs_of(lattice)
        text = "".join(glyph.text for glyph in glyphs)
        return LineReading(text, confidence_of(lattice, glyphs), glyphs, lattice)

    def find_lines(self, picture: Gray) -> tuple[PixelBox, ...]:
        """Boxes of lines by the detector, from top to bottom, then from left to right."""
        height, width = picture.shape
        padded = np.full((max(96, height + -height % 32), max(96, width + -width % 32)), 255, np.uint8)
        padded[:height, :width] = picture
        values = np.repeat((padded.astype(np.float32) / 127.5 - 1.0)[None, None], 3, axis=1)
        with self._opening:
            detector = self._detector
        chances = models.run(detector, values)[0, 0]
        boxes = [_clipped(box, width, height) for box in _boxes(chances)]
        return tuple(
            sorted((box for box in boxes if box[2] > box[0] and box[3] > box[1]), key=lambda box: (box[1], box[0]))
        )


def _within(character: str, alphabet: frozenset[str]) -> str | None:
    if character in alphabet:
        return character
    fresh = folded(character)
    if fresh is None or fresh == "":
        return ""
    return next((option for option in (fresh, fresh.upper()) if option in alphabet), None)


def as_batch(pictures: Sequence[Gray]) -> npt.NDArray[np.float32]:
    """Lines of one height as ``(count, 3, 48, width)``, black -1, white 1, and 0 right of each line."""
    width = max(MIN_WIDTH, *(picture.shape[1] for picture in pictures))
    width += -width % 8
    batch = np.zeros((len(pictures), 3, LINE_HEIGHT, width), np.float32)
    for row, picture in enumerate(pictures):
        batch[row, :, :, : picture.shape[1]] = picture.astype(np.float32) / 127.5 - 1.0
    return batch


def as_high(crop: Gray) -> Gray:
    """The crop of a line in the height that the networks read."""
    height, width = crop.shape
    wide = int(np.clip(round(width * LINE_HEIGHT / max(1, height)), 8, MAX_WIDTH))
    how = cv2.INTER_AREA if height > LINE_HEIGHT else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(crop, (wide, LINE_HEIGHT), interpolation=how), np.uint8)


def _batches(widths: Sequence[int]) -> list[list[int]]:
    """Groups of crops of like width, none larger than :data:`BATCH` or wider in sum than :data:`BATCH_PIXELS`."""
    groups: list[list[int]] = []
    for index in sorted(range(len(widths)), key=lambda i: widths[i]):
        group = groups[-1] if groups else []
        if group and len(group) < BATCH and (len(group) + 1) * widths[index] <= BATCH_PIXELS:
            group.append(index)
        else:
            groups.append([index])
    return groups


def _boxes(chances: npt.NDArray[np.float32]) -> list[PixelBox]:
    """Upright boxes of the blobs of a detector's map, widened to the whole line."""
    mask = cv2.dilate((chances > TEXT_LEVEL).astype(np.uint8), np.ones((2, 2), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask)
    boxes = []
    for label in range(1, count):
        left, top, width, height, area = (int(value) for value in stats[label])
        if min(width, height) < 3:
            continue
        window = (slice(top, top + height), slice(left, left + width))
        if float(chances[window][labels[window] == label].mean()) < BOX_LEVEL:
            continue
        grow = round(width * height * GROWTH / (2 * (width + height)) * min(1.0, area / (width * height) + 0.15))
        boxes.append((left - grow, top - grow, left + width + grow, top + height + grow))
    return boxes


def _clipped(box: PixelBox, width: int, height: int) -> PixelBox:
    left, top, right, bottom = box
    return max(0, left), max(0, top), min(width, right), min(height, bottom)
