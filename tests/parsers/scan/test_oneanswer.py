"""What is pale and as large as one character is shown to a person as an answer, or not at all."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from parsers.ocr.base import LineReading
from parsers.scan.inktest import Ink, look, make_sheet
from parsers.scan.lines import Line
from parsers.scan.oneanswer import only_answers
from parsers.scan.readlines import ReadLine
from parsers.scan.units import Mask, mm
from tests.parsers.scan.drawing import paper


def _read(text: str, sure: float) -> ReadLine:
    reading = LineReading(text, sure)
    return ReadLine(Line((0, 0, 10, 10), np.full((10, 10), 255, np.uint8), ()), reading, reading, text, sure)


@pytest.mark.parametrize(
    ("said", "kept"),
    [([("女", 0.99)], 1), ([("女", 0.6)], 0), ([("文", 0.99)], 0), ([("女", 0.99), ("是", 0.99)], 0), ([], 0)],
)
def test_only_one_sure_answer_is_shown(said: list[tuple[str, float]], kept: int) -> None:
    assert len(only_answers([_read(*one) for one in said])) == kept


def _hinted(size: float) -> Mask | None:
    """What is hinted at in a cell of red with a cross of a size in millimetres, half as dark as print."""
    page = paper()
    left, top, end = mm(20), mm(20), mm(20 + size)
    cv2.line(page, (left, top), (end, end), 140, 3)
    cv2.line(page, (left, end), (end, top), 140, 3)
    nothing = np.zeros_like(page)
    box = (mm(15), mm(15), mm(40), mm(40))
    red = nothing.copy()
    red[box[1] : box[3], box[0] : box[2]] = 255
    page[mm(60) : mm(62), mm(10) : mm(60)] = 0
    ink = np.asarray((page < 100) * 255, np.uint8)
    found = look(make_sheet(page, red, nothing, ink, nothing), box)
    assert found.state is Ink.DOUBTFUL
    assert not found.strokes.any()
    return found.hinted


def test_pale_pieces_as_large_as_a_character_are_hinted_at() -> None:
    hinted = _hinted(2.5)
    assert hinted is not None
    assert hinted.any()
    assert _hinted(9.0) is None
