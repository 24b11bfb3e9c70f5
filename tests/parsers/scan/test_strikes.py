"""Writing that was struck out or runs over its cell's border."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw

from parsers.scan.lines import cut_lines, split_rows
from parsers.scan.strikes import BEYOND, WHOLE, has_slanting, is_over_border, struck_parts
from parsers.scan.units import Mask, mm
from samples.paper.fonts import font

EM = 29


def cell(text: str, look: str = "song") -> Mask:
    """The strokes of a cell with text at (20, 30)."""
    picture = Image.new("L", (420, 90), 0)
    ImageDraw.Draw(picture).text((20, 30), text, font=font(look, EM), fill=255)
    return np.asarray((np.asarray(picture) > 120).astype(np.uint8) * 255, np.uint8)


def crossed(strokes: Mask) -> bool:
    rows = split_rows(strokes, EM)
    lines = cut_lines(255 - strokes, strokes, rows, (0, 0), EM)
    return any(struck_parts(strokes, lines, (0, 0), EM)) or has_slanting(strokes, EM)


TEXTS = [
    "王小明",
    "一二三王三丰",
    "2026年08月20日",
    "32079919900101",
    "事业管理岗位量重里",
    "——",
    "海州区教育局-办公室",
]


@pytest.mark.parametrize("look", ["song", "hei", "kai"])
@pytest.mark.parametrize("text", TEXTS)
def test_ordinary_writing_is_not_crossed_out(text: str, look: str) -> None:
    assert crossed(cell(text, look)) is False


@pytest.mark.parametrize("text", ["7号", "事业(管", "23号"])
@pytest.mark.parametrize("em", [17, 19, 22])
def test_a_bar_of_a_small_character_at_the_end_of_its_line_is_no_stroke(text: str, em: int) -> None:
    for look in ("song", "hei", "kai"):
        picture = Image.new("L", (200, 60), 0)
        ImageDraw.Draw(picture).text((20, 15), text, font=font(look, em), fill=255)
        strokes = np.asarray((np.asarray(picture) > 70).astype(np.uint8) * 255, np.uint8)
        lines = cut_lines(255 - strokes, strokes, split_rows(strokes, em), (0, 0), em)
        assert not any(struck_parts(strokes, lines, (0, 0), em))


@pytest.mark.parametrize("text", ["王小明", "2026年08月20日", "海州区教育局办公室"])
@pytest.mark.parametrize("rise", [-8, 0, 6])
def test_a_stroke_through_it_is_seen(text: str, rise: int) -> None:
    strokes = cell(text).copy()
    right = int(np.flatnonzero(strokes.any(axis=0))[-1])
    cv2.line(strokes, (16, 51 + rise // 2), (right + 5, 51 - rise // 2), 255, 3)
    assert crossed(strokes) is True


def test_a_slanting_stroke_is_seen() -> None:
    strokes = cell("海州区教育局").copy()
    cv2.line(strokes, (60, 80), (160, 8), 255, 3)
    assert crossed(strokes) is True


@pytest.mark.parametrize("thick", [3, 7])
@pytest.mark.parametrize("printed", ["大学本科", "320799199001011234", "员"])
def test_of_two_lines_the_one_is_struck_through_which_the_stroke_runs(printed: str, thick: int) -> None:
    picture = Image.new("L", (420, 130), 0)
    draw = ImageDraw.Draw(picture)
    draw.text((20, 20), "普通高中", font=font("kai", EM), fill=255)
    draw.text((20, 70), printed, font=font("song", EM), fill=255)
    strokes = np.asarray((np.asarray(picture) > 120).astype(np.uint8) * 255, np.uint8).copy()
    right = int(np.flatnonzero(strokes[65:].any(axis=0))[-1])
    rows = np.flatnonzero(strokes[65:].any(axis=1)) + 65
    middle = int(rows[0] + rows[-1]) // 2
    cv2.line(strokes, (10, middle + 1), (right + 10, middle - 1), 255, thick)
    lines = cut_lines(255 - strokes, strokes, split_rows(strokes, EM), (0, 0), EM)
    assert [part >= WHOLE for part in struck_parts(strokes, lines, (0, 0), EM)] == [False, True]


def test_an_underline_strikes_nothing() -> None:
    strokes = cell("海州区教育局").copy()
    cv2.line(strokes, (18, 66), (200, 66), 255, 2)
    assert crossed(strokes) is False


def over_border(
    page: Mask, box: tuple[int, int, int, int], ruled: Mask | None = None, dark: Mask | None = None
) -> bool:
    """Whether what stands in a box of the page goes over its border."""
    left, top, right, bottom = box
    beyond = mm(BEYOND)
    rules = np.zeros_like(page) if ruled is None else ruled
    seen = page | rules if dark is None else dark
    around = (slice(top - beyond, bottom + beyond), slice(left - beyond, right + beyond))
    return is_over_border(page[top:bottom, left:right], page[around], rules[around], seen[around])


def test_writing_over_the_border_is_seen_and_remains_of_a_rule_are_not() -> None:
    page = cell("海州区教育局")
    assert over_border(page, (8, 8, 400, 80)) is False
    assert over_border(page, (33, 8, 400, 80)) is True
    edged = page.copy()
    edged[8 : 8 + mm(0.4), 8:400] = 255
    edged[8:80, 8 : 8 + mm(0.4)] = 255
    assert over_border(edged, (8, 8, 400, 80)) is False


def test_writing_close_to_its_rule_is_not_over_it() -> None:
    page = cell("海州区教育局")
    first = int(np.flatnonzero(page.any(axis=0))[0])
    box = (first, 8, 400, 80)
    for gap, over in ((3, False), (0, True)):
        ruled = np.zeros_like(page)
        ruled[:, first - gap - 2 : first - gap] = 255
        assert over_border(page, box, ruled) is over


def test_paper_between_writing_and_the_middle_of_its_rule_is_enough() -> None:
    page = cell("海州区教育局")
    first = int(np.flatnonzero(page.any(axis=0))[0])
    whitened, rule = np.zeros_like(page), np.zeros_like(page)
    whitened[:, first - 5 : first] = 255
    rule[:, first - 4 : first - 2] = 255
    assert over_border(page, (first, 8, 400, 80), whitened, page | rule) is False
    rule[:, first - 4 : first] = 255
    assert over_border(page, (first, 8, 400, 80), whitened, page | rule) is True


def test_beside_a_rule_too_pale_to_be_seen_writing_counts_as_over_it() -> None:
    page = cell("海州区教育局")
    first = int(np.flatnonzero(page.any(axis=0))[0])
    whitened = np.zeros_like(page)
    whitened[:, first - 5 : first] = 255
    assert over_border(page, (first, 8, 400, 80), whitened, page) is True
