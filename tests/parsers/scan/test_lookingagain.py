"""A name on a coarse page of black and white is believed when every look at it reads the same."""

from __future__ import annotations

import numpy as np
import pytest

from forms.fieldtypes.registry import make_type
from parsers.decoder import Decoded
from parsers.document import Cell
from parsers.ocr.base import LineReading, OcrEngine
from parsers.scan.bilevel import less_sure
from parsers.scan.cells import CellSeen
from parsers.scan.decoding import ScanDecoder
from parsers.scan.gridcells import CellPlace
from parsers.scan.inktest import Ink, InkFound
from parsers.scan.lines import compose
from parsers.scan.page import CellRead
from parsers.scan.readlines import ReadLine
from tests.parsers.scan.engines import CrashingEngine, ScriptedEngine, sure

BOX = (10.0, 10.0, 100.0, 30.0)


def decode(
    answer: LineReading,
    again: OcrEngine | None,
    witness: OcrEngine | None,
    *,
    kind: str = "name",
    dot: float = 1.33,
    limit: float = 1.0,
) -> Decoded:
    crop = np.full((40, 200), 255, np.uint8)
    line = compose(crop, [(10, 5, 190, 35)], 30)
    (read,) = less_sure([ReadLine(line, answer, answer, answer.text, answer.confidence or 0.0)], dot)
    read = read.limited(limit)
    cell = Cell(0, 0, answer.text, box=BOX, ink=True, confidence=read.confidence)
    place = CellPlace(0, 0, 1, 1, (0, 0, 200, 40), whole=True)
    seen = CellSeen(0, place, (0, 0, 200, 40), InkFound(Ink.INK, crop), (line,))
    decoder = ScanDecoder(first=again, witness=witness)
    decoder.remember(0, [CellRead(seen, (read,), cell)])
    return decoder.decode(0, cell, make_type(kind))


def says(text: str, probability: float = 0.9) -> ScriptedEngine:
    return ScriptedEngine(sure(text, probability))


def test_a_name_that_all_looks_share_needs_nobody() -> None:
    decoded = decode(sure("王海", 0.9), says("王海"), says("王海"))
    assert (decoded.text, decoded.review) == ("王海", False)
    assert (decoded.confidence or 0.0) > 0.97


@pytest.mark.parametrize(
    ("again", "witness"),
    [
        (says("王每"), says("王海")),
        (says("王海"), says("王每")),
        (says("王海", 0.7), says("王海")),
        (says("王海"), says("王海", 0.7)),
        (None, says("王海")),
        (says("王海"), None),
        (CrashingEngine(sure("王海")), says("王海")),
    ],
)
def test_a_name_read_all_but_certainly_once_is_shown_where_a_look_is_missing_or_differs(
    again: OcrEngine | None, witness: OcrEngine | None
) -> None:
    decoded = decode(sure("王海", 0.997), again, witness)
    assert (decoded.text, decoded.review) == ("王海", True)


@pytest.mark.parametrize(("sureness", "limit"), [(0.999, 0.5), (0.85, 0.5), (0.999, 0.85)])
def test_a_name_with_ink_that_was_not_read_is_shown_however_often_it_reads_the_same(
    sureness: float, limit: float
) -> None:
    assert decode(sure("王海", sureness), says("王海"), says("王海"), limit=limit).review


def test_a_name_on_a_fine_page_is_looked_at_once() -> None:
    again = says("王每")
    assert not decode(sure("王海", 0.997), again, None, dot=0.67).review
    assert again.asked == 0


def test_words_on_a_coarse_page_are_worth_more_than_names() -> None:
    words = "海州区教育局"
    unit, text, name = (decode(sure(words, 0.97), None, None, kind=kind) for kind in ("unit", "text", "name"))
    assert unit.confidence == text.confidence == pytest.approx(0.97**3, abs=1e-3)
    assert (name.confidence or 0.0) < 0.97**7
    assert name.review


def test_a_character_that_differs_from_another_by_a_dot_is_worth_less_in_free_text() -> None:
    plain, alike = (decode(sure(text, 0.985), None, None, kind="text").confidence or 0.0 for text in ("资料", "资人"))
    assert plain > 0.93 > alike
