"""Other programs on the same pictures: what words they find on a whole page, and where.

Each gives words in pixels of the picture; :mod:`bench.scans.mapping` then places them in the form by the same rules.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import pytesseract
from PIL import Image

from bench.scans import sauvola
from samples.paper.degrading import Rgb

Edges = tuple[float, float, float, float]
"""Left, top, right, bottom in pixels."""
Quad = npt.NDArray[np.float64]
"""Four corners, clockwise from the top left."""
_LANGUAGES = "chi_sim"
"""It knows digits and Latin letters, too; with a second language more was misread."""
_MOST_SIDE = 4000
"""RapidOCR makes larger pages smaller; its own bound of 2000 would shrink every page of 300 dpi."""


@dataclass(frozen=True, slots=True)
class Word:
    """A text that an engine found as one, and its box."""

    text: str
    box: Edges

    @property
    def middle(self) -> tuple[float, float]:
        """The middle of its box."""
        return (self.box[0] + self.box[2]) / 2, (self.box[1] + self.box[3]) / 2

    @property
    def height(self) -> float:
        """The height of its box."""
        return self.box[3] - self.box[1]


Peer = Callable[[Rgb], list[Word]]
"""A page → its words."""


def rapid_ocr(threads: int) -> Peer:
    """RapidOCR on the whole page, its words turned upright by the lean of its own boxes."""
    from rapidocr import RapidOCR  # noqa: PLC0415 - only the bench needs the package's own pipeline

    settings = {"EngineConfig.onnxruntime.intra_op_num_threads": threads, "Global.max_side_len": _MOST_SIDE}
    engine = RapidOCR(params=settings | {"Global.log_level": "error"})

    def read(page: Rgb) -> list[Word]:
        answer: Any = engine(page[..., ::-1])
        if answer.boxes is None:
            return []
        quads = np.asarray(answer.boxes, np.float64)
        along = quads[:, 1] - quads[:, 0]
        lean = float(np.median(np.arctan2(along[:, 1], along[:, 0])))
        cosine, sine = math.cos(-lean), math.sin(-lean)
        upright = quads @ np.asarray([[cosine, sine], [-sine, cosine]])
        return [
            Word(text, (float(quad[:, 0].min()), _top(quad), float(quad[:, 0].max()), _bottom(quad)))
            for quad, text in zip(upright, answer.txts, strict=True)
        ]

    return read


def _top(quad: Quad) -> float:
    return float((quad[0, 1] + quad[1, 1]) / 2)


def _bottom(quad: Quad) -> float:
    return float((quad[2, 1] + quad[3, 1]) / 2)


def tesseract(page: Rgb) -> list[Word]:
    """Tesseract with sparse text (psm 11), its words joined to runs without gaps."""
    found = pytesseract.image_to_data(
        Image.fromarray(page), lang=_LANGUAGES, config="--psm 11", output_type=pytesseract.Output.DICT
    )
    words = [
        (tuple(found[key][index] for key in ("block_num", "par_num", "line_num")), _word(found, index))
        for index, text in enumerate(found["text"])
        if text.strip()
    ]
    return list(_runs(words))


def _word(found: dict[str, list[Any]], index: int) -> Word:
    left, top = found["left"][index], found["top"][index]
    return Word(found["text"][index], (left, top, left + found["width"][index], top + found["height"][index]))


def _runs(words: list[tuple[tuple[Any, ...], Word]]) -> Iterator[Word]:
    line, run = None, None
    for at, word in words:
        if run is not None and at == line and word.box[0] - run.box[2] < 0.9 * max(run.height, word.height):
            edges = (run.box[0], min(run.box[1], word.box[1]), word.box[2], max(run.box[3], word.box[3]))
            run = Word(run.text + word.text, edges)
            continue
        if run is not None:
            yield run
        line, run = at, word
    if run is not None:
        yield run


def img2table(engine: str, threads: int) -> Peer:
    """img2table: the cells of ruled tables as words, with the words of one of the engines outside the tables."""
    from img2table.document import Image as Document  # noqa: PLC0415 - a peer of the bench alone
    from img2table.ocr import RapidOCR, TesseractOCR  # noqa: PLC0415 - as above

    sauvola.lend()
    settings = {"EngineConfig.onnxruntime.intra_op_num_threads": threads, "Global.max_side_len": _MOST_SIDE}
    ocr = RapidOCR(params=settings) if engine == "rapidocr" else TesseractOCR(n_threads=threads, lang=_LANGUAGES)
    outside = rapid_ocr(threads) if engine == "rapidocr" else tesseract

    def read(page: Rgb) -> list[Word]:
        done, data = cv2.imencode(".png", page[..., ::-1])
        if not done or data is None:
            raise ValueError("PNG encoding failed")
        tables = Document(src=data.tobytes()).extract_tables(ocr=ocr, min_confidence=1)
        cells = {
            (cell.bbox.x1, cell.bbox.y1, cell.bbox.x2, cell.bbox.y2): str(cell.value or "")
            for table in tables
            for row in table.content.values()
            for cell in row
        }
        top = min((box[1] for box in cells), default=math.inf)
        head = [word for word in outside(page) if word.middle[1] < top]
        return head + [Word("".join(text.split()), box) for box, text in cells.items() if text.strip()]

    return read


def peers(names: list[str], threads: int) -> dict[str, Peer]:
    """The peers by name.

    Raises:
        KeyError: there is no peer of that name.
    """
    makers: dict[str, Callable[[], Peer]] = {
        "rapidocr": lambda: rapid_ocr(threads),
        "tesseract": lambda: tesseract,
        "img2table-rapidocr": lambda: img2table("rapidocr", threads),
        "img2table-tesseract": lambda: img2table("tesseract", threads),
    }
    return {name: makers[name]() for name in names}


PEERS = ("rapidocr", "tesseract", "img2table-rapidocr", "img2table-tesseract")
