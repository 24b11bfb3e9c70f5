"""What every OCR engine is asked and what it answers, whatever the engine is."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from parsers.ocr.lattice import Glyph, Lattice

Gray = npt.NDArray[np.uint8]
"""A grey picture, rows by columns, 0 black, 255 white."""

PixelBox = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels of the picture that was given; right and bottom are outside."""


class EngineChoice(StrEnum):
    """Which engines may answer: both, or one of them alone."""

    AUTO = "auto"
    RAPID = "rapid"
    TESSERACT = "tesseract"


@dataclass(frozen=True, slots=True)
class LineReading:
    """One line of text as an engine read it.

    ``confidence`` is the probability that ``text`` is right, ``None`` where an engine does not say. ``glyphs`` are the
    characters with their places; ``lattice`` keeps what else each place may be, and is empty for engines that answer
    with a text alone.
    """

    text: str
    confidence: float | None
    glyphs: tuple[Glyph, ...] = ()
    lattice: Lattice = ()


class OcrEngine(ABC):
    """Reads lines of text. Engines may be shared by pages; threads may call :meth:`find_lines`, and no other, at once.

    Raises:
        OcrCrashedError: from every method, when the engine failed; the caller leaves the crop to a person.
    """

    name: str = ""
    line_scale: float = 1.0
    """The part of working resolution at which it finds the lines of a large box as well as in full size."""

    @property
    @abstractmethod
    def version(self) -> str:
        """Engine and model, for the manifest of recorded answers."""

    @abstractmethod
    def read(self, crops: Sequence[Gray], alphabet: frozenset[str] | None = None) -> tuple[LineReading, ...]:
        """One answer a crop, each crop holding one line. ``alphabet`` limits the characters where it is given."""

    @abstractmethod
    def find_lines(self, picture: Gray) -> tuple[PixelBox, ...]:
        """The boxes of the lines of text in a picture, from top to bottom."""
