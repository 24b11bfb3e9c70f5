"""Words of a list beside what was read of them on worn paper."""

from __future__ import annotations

import pytest

from parsers.ocr.lattice import Glyph
from parsers.scan.listwords import likeliest, surely_meant

STUDIES = ("大学本科", "大学专科", "中等专科", "普通高中", "其他")


def seen(text: str) -> list[Glyph]:
    return [Glyph(mark, 0.9, place / max(1, len(text))) for place, mark in enumerate(text)]


@pytest.mark.parametrize(
    ("read", "meant"),
    [("普送易中", "普通高中"), ("中等专f1", "中等专科"), ("中华书科", "中等专科"), ("普通高", "普通高中")],
)
def test_a_misread_word_is_the_only_one_that_it_is_like(read: str, meant: str) -> None:
    assert likeliest(seen(read), STUDIES) == meant


@pytest.mark.parametrize("read", ["大学不科", "", "综合科", "3"])
def test_what_may_be_several_words_is_none(read: str) -> None:
    assert likeliest(seen(read), STUDIES) is None


def test_words_of_one_character_are_told_by_what_is_left_of_them() -> None:
    assert likeliest(seen("里"), ("男", "女")) == "男"
    assert likeliest(seen("又"), ("男", "女")) == "女"
    assert likeliest(seen("子"), ("是", "否")) == "否"
    assert likeliest(seen("2"), ("是", "否")) is None


def misread(text: str, at: int, sure: float, other: str = "") -> list[Glyph]:
    """A word of which one character was read so surely, and what else it may be."""
    glyphs = seen(text)
    glyphs[at] = Glyph(text[at], sure, glyphs[at].at, ((other, 0.1),) if other else ())
    return glyphs


def test_a_word_that_one_unsure_character_misses_is_surely_meant_where_all_others_are_far() -> None:
    kinds = ("劳务派遣(区代理处)", "人事代理", "退休返聘")
    assert surely_meant(misread("劳务派遗(区代理处)", 3, 0.6), kinds) == "劳务派遣(区代理处)"
    assert surely_meant(misread("劳务派遗(区代理处)", 3, 0.95), kinds) is None
    assert surely_meant(misread("辅助岗", 2, 0.6), ("辅助性", "服务性", "其他")) is None
    assert surely_meant(misread("大学木科", 2, 0.6, "本"), STUDIES) is None
