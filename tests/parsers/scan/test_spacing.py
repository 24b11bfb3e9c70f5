"""Typed spaces between words."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from parsers.scan.lines import compose
from parsers.scan.spacing import has_hole, is_space_unsure, spaced, usual_step
from samples.paper.fonts import font

EM = 29


def read(text: str, look: str) -> tuple[str, bool]:
    """What becomes of a printed text whose characters were read without spaces, and whether that is doubted."""
    picture = Image.new("L", (700, 60), 0)
    face = font(look, EM)
    ImageDraw.Draw(picture).text((20, 15), text, font=face, fill=255)
    ink = np.asarray((np.asarray(picture) > 100).astype(np.uint8) * 255, np.uint8)
    columns = np.flatnonzero(ink.any(axis=0))
    line = compose(255 - ink, [(int(columns[0]), 12, int(columns[-1]) + 1, 50)], EM)
    marks = [
        (char, 20 + face.getlength(text[:index]) + face.getlength(char) / 2)
        for index, char in enumerate(text)
        if not char.isspace()
    ]
    return spaced(ink, line, marks), is_space_unsure(ink, line, marks)


@pytest.mark.parametrize("look", ["song", "hei", "kai"])
@pytest.mark.parametrize(
    "text", ["示例职业技术学院会计", "承担工作，专班人手不足", "海州区住房和城乡建设局", "窗口受理员"]
)
def test_ordinary_text_has_no_space_and_no_doubt(text: str, look: str) -> None:
    assert read(text, look) == (text, False)


@pytest.mark.parametrize("look", ["song", "hei", "kai"])
@pytest.mark.parametrize("text", ["示例职业技术学院 会计", "本科学历 示例大学", "一二三小川八卜工丫"])
def test_a_space_is_put_in_or_the_line_is_doubted(text: str, look: str) -> None:
    got, unsure = read(text, look)
    assert got == text or unsure


def test_a_wide_space_is_a_space() -> None:
    assert read("示例职业技术学院\u3000会计", "song") == ("示例职业技术学院 会计", False)


@pytest.mark.parametrize("apart", [0.21, 0.28])
def test_in_words_a_gap_that_is_no_em_is_no_space(apart: float) -> None:
    """Half-way gaps are doubted where words may end, and mean nothing inside of them."""
    face = font("song", EM)
    picture = Image.new("L", (700, 60), 0)
    xs = [20 + EM * index + (round(apart * EM) if index > 2 else 0) for index in range(6)]
    for x, char in zip(xs, "示例防汛抢险", strict=True):
        ImageDraw.Draw(picture).text((x, 15), char, font=face, fill=255)
    ink = np.asarray((np.asarray(picture) > 100).astype(np.uint8) * 255, np.uint8)
    columns = np.flatnonzero(ink.any(axis=0))
    line = compose(255 - ink, [(int(columns[0]), 12, int(columns[-1]) + 1, 50)], EM)
    marks = [(char, x + EM / 2) for x, char in zip(xs, "示例防汛抢险", strict=True)]
    anywhere = spaced(ink, line, marks)
    assert " " in anywhere or is_space_unsure(ink, line, marks)
    inside = frozenset({3})
    assert spaced(ink, line, marks, in_words=inside) == "示例防汛抢险"
    assert is_space_unsure(ink, line, marks, in_words=inside) == (apart > 0.24)


def marks_of(text: str, face: ImageFont.FreeTypeFont, left: int) -> list[tuple[str, float]]:
    return [
        (char, left + face.getlength(text[:index]) + face.getlength(char) / 2)
        for index, char in enumerate(text)
        if not char.isspace()
    ]


@pytest.mark.parametrize("look", ["song", "hei", "kai"])
@pytest.mark.parametrize("short", ["育局海", "信息录", "是否缴", "单位直", "中小学", "月工资"])
def test_a_short_line_is_spaced_by_the_characters_of_its_cell(look: str, short: str) -> None:
    face = font(look, EM)
    for text, wanted in ((short, short), (f"{short[:2]} {short[2]}", f"{short[:2]} {short[2]}")):
        picture = Image.new("L", (300, 130), 0)
        ImageDraw.Draw(picture).text((20, 15), "海州区教", font=face, fill=255)
        ImageDraw.Draw(picture).text((20, 75), text, font=face, fill=255)
        ink = np.asarray((np.asarray(picture) > 100).astype(np.uint8) * 255, np.uint8)
        lines = []
        for top, words in ((12, "海州区教"), (72, text)):
            columns = np.flatnonzero(ink[top : top + 45].any(axis=0))
            line = compose(255 - ink, [(int(columns[0]), top, int(columns[-1]) + 1, top + 45)], EM)
            lines.append((line, marks_of(words, face, 20)))
        usual = usual_step(ink, lines)
        line, marks = lines[1]
        assert spaced(ink, line, marks, usual) == wanted or is_space_unsure(ink, line, marks, usual)
        if text == short:
            assert spaced(ink, line, marks, usual) == short


def hole_in(text: str, look: str) -> bool:
    """Whether a printed text has a hole; a full-width space in it is a character that is gone."""
    picture = Image.new("L", (700, 60), 0)
    face = font(look, EM)
    ImageDraw.Draw(picture).text((20, 15), text, font=face, fill=255)
    ink = np.asarray((np.asarray(picture) > 100).astype(np.uint8) * 255, np.uint8)
    columns = np.flatnonzero(ink.any(axis=0))
    line = compose(255 - ink, [(int(columns[0]), 12, int(columns[-1]) + 1, 50)], EM)
    return has_hole(ink, line, marks_of(text, face, 20))


@pytest.mark.parametrize("look", ["song", "hei", "kai"])
def test_a_character_that_is_gone_from_a_word_leaves_a_hole(look: str) -> None:
    assert all(hole_in(text, look) for text in ("海州区第\u3000中心", "第\u3000中心小学", "统\u3000战线工作"))
    whole = ("海州区第一中心", "第二中心小学", "一二三小川八卜工丫", "王\u3000五", "年\u3000月\u3000日", "备\u3000注")
    assert not any(hole_in(text, look) for text in whole)


@pytest.mark.parametrize("look", ["song", "kai"])
def test_a_hole_is_one_too_where_a_line_was_found_in_two_pieces_beside_it(look: str) -> None:
    picture = Image.new("L", (700, 60), 0)
    face = font(look, EM)
    ImageDraw.Draw(picture).text((20, 15), "第\u3000服务站", font=face, fill=255)
    ink = np.asarray((np.asarray(picture) > 100).astype(np.uint8) * 255, np.uint8)
    pieces = [(20, 12, 20 + EM, 50), (20 + 2 * EM, 12, 20 + 5 * EM, 50)]
    line = compose(255 - ink, pieces, EM)
    assert len(line.pieces) == 2
    assert has_hole(ink, line, marks_of("第\u3000服务站", face, 20))
    assert not has_hole(ink, line, marks_of("第二服务站", face, 20))


@pytest.mark.parametrize("look", ["song", "hei", "kai"])
@pytest.mark.parametrize(("written", "from_"), [("海编外〔", 0), ("〕海编外", 1), ("〕海编外〔", 1)])
def test_a_bracket_that_was_not_read_moves_no_character(look: str, written: str, from_: int) -> None:
    picture = Image.new("L", (300, 130), 0)
    face = font(look, EM)
    ImageDraw.Draw(picture).text((20, 15), "海州区教", font=face, fill=255)
    ImageDraw.Draw(picture).text((20, 75), written, font=face, fill=255)
    ink = np.asarray((np.asarray(picture) > 100).astype(np.uint8) * 255, np.uint8)
    lines = []
    for top, words in ((12, "海州区教"), (72, written)):
        columns = np.flatnonzero(ink[top : top + 45].any(axis=0))
        line = compose(255 - ink, [(int(columns[0]), top, int(columns[-1]) + 1, top + 45)], EM)
        lines.append((line, marks_of(words, face, 20)))
    line, marks = lines[1]
    marks = marks[from_ : from_ + 3]
    assert spaced(ink, line, marks, usual_step(ink, lines)) == "海编外"


@pytest.mark.parametrize("look", ["song", "kai"])
def test_a_space_behind_a_character_that_lost_its_left_strokes_is_doubted(look: str) -> None:
    face = font(look, EM)
    picture = Image.new("L", (300, 130), 0)
    for top, words in ((15, "海州区文体旅"), (75, "政局 海")):
        ImageDraw.Draw(picture).text((20, top), words, font=face, fill=255)
    ink = np.asarray((np.asarray(picture) > 100).astype(np.uint8) * 255, np.uint8).copy()
    ink[72:117, 20 + EM - 1 : 20 + EM + 7] = 0
    lines = []
    for top, words in ((12, "海州区文体旅"), (72, "政局 海")):
        columns = np.flatnonzero(ink[top : top + 45].any(axis=0))
        line = compose(255 - ink, [(int(columns[0]), top, int(columns[-1]) + 1, top + 45)], EM)
        lines.append((line, marks_of(words, face, 20)))
    line, marks = lines[1]
    usual = usual_step(ink, lines)
    assert spaced(ink, line, marks, usual) == "政局 海" or is_space_unsure(ink, line, marks, usual)
