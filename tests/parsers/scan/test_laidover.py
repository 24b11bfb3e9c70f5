"""Texts of several cells laid over each other: what one lost, others have; what differs on purpose stays."""

from __future__ import annotations

import numpy as np
import pytest

from forms.fieldtypes.registry import make_type
from parsers.decoder import Decoded
from parsers.ocr.base import LineReading
from parsers.ocr.lattice import Glyph
from parsers.scan.asking import Asked
from parsers.scan.laidover import LaidOver, as_laid_over
from parsers.scan.lines import compose
from parsers.scan.readlines import ReadLine

REASON = "参与区委区政府下达的防汛抢险临时性重要任务,负责值守与信息报送"


def cell(text: str, row: int, unsure: dict[int, float] | None = None, *, care: int = 8) -> ReadLine:
    """The line of a cell of one column; ``unsure`` are characters, by their place, and how surely they were read."""
    crop = np.full((30, 30 * len(text)), 255, np.uint8)
    line = compose(
        np.full((30 * (row + 1), 30 * len(text)), 255, np.uint8), [(0, 30 * row, crop.shape[1], 30 * row + 30)], 30
    )
    sure = unsure or {}
    glyphs = tuple(Glyph(mark, sure.get(at, 0.98), (at + 0.5) / len(text)) for at, mark in enumerate(text))
    read = LineReading(text, 0.4, glyphs, ())
    return ReadLine(line, read, read, text, 0.2, care=care)


def better(text: str, *others: str, unsure: dict[int, float] | None = None, care: int = 8) -> str:
    texts = LaidOver()
    for row, other in enumerate(others, start=1):
        texts.add(0, [cell(other, row)], other)
    own = cell(text, 0, unsure, care=care)
    texts.add(0, [own], text)
    return texts.better(0, [own], text)


@pytest.mark.parametrize(("right", "wrong"), [("汛", "讯"), ("值", "慎"), ("委", "季")])
def test_a_character_misread_in_one_row_is_the_one_of_the_others(right: str, wrong: str) -> None:
    misread = REASON.replace(right, wrong, 1)
    assert better(misread, REASON, REASON, unsure={misread.index(wrong): 0.6}) == REASON


def test_each_row_may_be_misread_elsewhere() -> None:
    rows = [REASON.replace(right, wrong, 1) for right, wrong in (("汛", "讯"), ("值", "慎"), ("抢", "枪"))]
    assert better(rows[0], *rows[1:], unsure={rows[0].index("讯"): 0.6}) == REASON


def test_a_unit_is_told_by_the_units_under_it() -> None:
    wrong = "海州区农业农付局"
    others = ("海州区农业农村局培训中心", "海州区农业农村局第一中心")
    assert better(wrong, *others, unsure={6: 0.5}) == "海州区农业农村局"


@pytest.mark.parametrize(
    ("own", "other"),
    [
        ("海州区农业农村局第一中心", "海州区农业农村局第二中心"),
        ("海编外〔2026〕66号", "海编外〔2026〕86号"),
        ("海州区东辛路办事处", "海州区西辛路办事处"),
    ],
)
def test_figures_and_numerals_are_their_own_witnesses(own: str, other: str) -> None:
    at = next(place for place, (mark, its) in enumerate(zip(own, other, strict=True)) if mark != its)
    assert better(own, other, other, other, unsure={at: 0.5}) == own


def test_one_row_alone_turns_nothing_that_was_surely_read() -> None:
    assert better("海州区教育局培训中心", "海州区教育局培育中心") == "海州区教育局培训中心"


def test_a_page_that_lost_no_strokes_is_left_alone() -> None:
    misread = REASON.replace("汛", "讯")
    assert better(misread, REASON, REASON, unsure={misread.index("讯"): 0.6}, care=1) == misread


def test_what_is_changed_goes_to_a_person_with_what_was_read() -> None:
    misread = REASON.replace("汛", "讯")
    texts = LaidOver()
    for row in (1, 2):
        texts.add(0, [cell(REASON, row)], REASON)
    asked = Asked(0, [cell(misread, 0, {misread.index("讯"): 0.6})], (0, 0, 900, 30), make_type("text"))
    found = as_laid_over(texts, asked, Decoded(misread, 0.2, review=True))
    assert (found.text, found.review, found.candidates) == (REASON, True, (misread,))
    sure = Decoded(misread, 0.99, review=False)
    assert as_laid_over(texts, asked, sure) == sure


def test_a_short_word_is_doubted_beside_one_that_stands_oftener_in_its_column() -> None:
    texts = LaidOver()
    for row, post in enumerate(("科员", "科员", "科技", "教师")):
        texts.add(0, [cell(post, row)], post)
    assert texts.usual(0, [cell("科技", 2)], "科技") == "科员"
    assert texts.usual(0, [cell("教师", 3)], "教师") == "教师"
    assert texts.usual(0, [cell("科员", 0)], "科员") == "科员"
