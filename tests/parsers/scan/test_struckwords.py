"""Words struck out before or between others on the same line."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw

from parsers.scan.lines import Line, cut_lines, split_rows
from parsers.scan.strikes import WHOLE, struck_parts
from parsers.scan.struckwords import has_struck_word, without_struck_words
from parsers.scan.units import Mask
from samples.paper.fonts import font

EM = 29
GAP = 9


def written(words: Sequence[str], look: str = "song") -> tuple[Mask, list[tuple[int, int]]]:
    """The strokes of words on one line, and the columns of each."""
    picture = Image.new("L", (620, 90), 0)
    spans, x = [], 20
    for word in words:
        ImageDraw.Draw(picture).text((x, 30), word, font=font(look, EM), fill=255)
        spans.append((x, x + EM * len(word)))
        x += EM * len(word) + GAP
    return np.asarray((np.asarray(picture) > 120).astype(np.uint8) * 255, np.uint8).copy(), spans


def lines_of(strokes: Mask) -> list[Line]:
    return cut_lines(255 - strokes, strokes, split_rows(strokes, EM), (0, 0), EM)


def struck(strokes: Mask) -> list[tuple[int, bool]]:
    """Where each line begins after the cut, and whether a stroke runs through all of it."""
    cut = without_struck_words(lines_of(strokes), strokes, (0, 0), EM)
    parts = struck_parts(strokes, cut, (0, 0), EM)
    return [(line.box[0], part >= WHOLE) for line, part in zip(cut, parts, strict=True)]


@pytest.mark.parametrize("look", ["song", "kai"])
@pytest.mark.parametrize("thick", [3, 5])
@pytest.mark.parametrize(("old", "new"), [("工程师", "办事员"), ("科员", "网格协管员"), ("网格协管员", "驾驶员")])
def test_a_correction_stands_by_itself_behind_what_it_replaces(old: str, new: str, thick: int, look: str) -> None:
    strokes, ((left, right), (behind, _)) = written([old, new], look)
    cv2.line(strokes, (left - 3, 47), (right + 2, 46), 255, thick)
    (_, is_struck), (start, holds) = struck(strokes)
    assert (is_struck, holds) == (True, False)
    assert right < start <= behind + EM // 3


def test_what_stands_before_and_behind_a_struck_word_holds() -> None:
    strokes, spans = written(["海州区", "教育局", "办公室"])
    left, right = spans[1]
    cv2.line(strokes, (left - 2, 46), (right + 2, 47), 255, 4)
    assert [is_struck for _, is_struck in struck(strokes)] == [False, True, False]


@pytest.mark.parametrize("look", ["song", "hei", "kai"])
@pytest.mark.parametrize("text", ["一二三王三丰", "海州区教育局办公室", "事业管理岗位量重里", "2026年08月20日"])
def test_ordinary_writing_is_not_cut(text: str, look: str) -> None:
    strokes, _ = written([text], look)
    assert len(without_struck_words(lines_of(strokes), strokes, (0, 0), EM)) == len(lines_of(strokes))
    assert not any(has_struck_word(line, strokes, (0, 0), EM) for line in lines_of(strokes))


def test_a_stroke_that_sways_is_told_and_nothing_is_cut() -> None:
    strokes, ((left, right), _) = written(["工程师", "办事员"])
    for x in range(left - 3, right + 2):
        y = 46 + round(2.2 * np.sin((x - left) / 14))
        strokes[y : y + 2, x] = 255
    (line,) = without_struck_words(lines_of(strokes), strokes, (0, 0), EM)
    assert has_struck_word(line, strokes, (0, 0), EM)
