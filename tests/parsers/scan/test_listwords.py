"""Words of a list beside what was read of them on worn paper."""

from __future__ import annotations

import pytest

from parsers.ocr.lattice import Glyph
from parsers.scan.listwords import likeliest

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
    assert likeliest(seen("子"), ("是", "否")) is None
