"""Words and their counts: what is of words, and which of two texts is likelier."""

from __future__ import annotations

import pytest

from parsers.ocr.wording import Words, words


@pytest.mark.parametrize("text", ["民政局", "资料整理员", "海州区第二服务站", "劳动合同", "窗口(受理)员"])
def test_words_of_offices_are_words(text: str) -> None:
    assert words().is_of_words(text)


@pytest.mark.parametrize(
    "text", ["民玫局", "资料整理贝", "单位直签劳动合同", "工程市", "2026", "", "中,心", "示例职业枝术学院"]
)
def test_misread_characters_and_figures_are_none(text: str) -> None:
    assert not words().is_of_words(text)


@pytest.mark.parametrize(
    ("right", "wrong"), [("服务大厅", "服务大考"), ("工程师", "工程市"), ("防汛抢险", "方汛枪险"), ("研究生", "研完生")]
)
def test_what_is_written_often_is_likelier(right: str, wrong: str) -> None:
    assert words().log_chance(right) > words().log_chance(wrong)


def test_a_text_is_cut_where_it_is_likeliest() -> None:
    small = Words({"中": 10, "心": 10, "中心": 500, "心理": 20})
    assert small.log_chance("中心") > small.log_chance("心中")
    assert small.is_of_words("中心心理")
    assert not small.is_of_words("理中心")
