"""Which engines answer under which setting. Engines are opened once in a process and shared."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from parsers.ocr import models
from parsers.ocr.base import EngineChoice, OcrEngine
from parsers.ocr.rapid import RapidEngine
from parsers.ocr.tesseract import TesseractEngine


@dataclass(frozen=True, slots=True)
class Engines:
    """The reader of everything, the second reader of figures, and the witness of what was not surely read.

    The witness is a network like the first one: it reads hands and worn print far better than the second reader, and
    shares more of the first one's faults. ``coarse`` stands for the first one on pages of black and white whose
    dots are so large that characters lose strokes; it is opened for the first of them.
    """

    first: OcrEngine
    second: OcrEngine | None = None
    witness: OcrEngine | None = None
    coarse: OcrEngine | None = None

    def of_page(self, *, is_coarse: bool) -> OcrEngine:
        """The reader of everything on a page."""
        return self.coarse if is_coarse and self.coarse is not None else self.first


@cache
def make_engines(choice: str = EngineChoice.AUTO) -> Engines:
    """The engines of a setting, proved to work.

    Raises:
        OcrCrashedError: the recogniser's model is missing or does not read its test picture.
        ValueError: no such setting.
    """
    match EngineChoice(choice):
        case EngineChoice.AUTO:
            return Engines(_rapid(), TesseractEngine(), _rapid(models.WITNESS), RapidEngine(recogniser=models.COARSE))
        case EngineChoice.RAPID:
            return Engines(_rapid(), coarse=RapidEngine(recogniser=models.COARSE))
        case EngineChoice.TESSERACT:
            return Engines(TesseractEngine())


def _rapid(recogniser: models.Model = models.RECOGNISER) -> RapidEngine:
    engine = RapidEngine(recogniser=recogniser)
    engine.check()
    return engine
