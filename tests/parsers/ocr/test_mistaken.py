"""Characters taken for others are told by their word; words that are right stay."""

from __future__ import annotations

import pytest

from parsers.ocr.mistaken import lacks_number, meant, without_lone_dots


@pytest.mark.parametrize(
    ("read", "wanted"),
    [
        ("资科整理员", "资料整理员"),
        ("中共党贝", "中共党员"),
        ("硕土研究生", "硕士研究生"),
        ("驻村千部", "驻村干部"),
        ("办工室", "办公室"),
        ("承电维护员", "水电维护员"),
        ("信息录入贝", "信息录入员"),
        ("信息录人员", "信息录入员"),
        ("网络协管员", "网格协管员"),
        ("海州区住房和城多建设局", "海州区住房和城乡建设局"),
    ],
)
def test_a_character_that_makes_no_word_is_told(read: str, wanted: str) -> None:
    assert meant(read) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "劳资科",
        "教材科",
        "综合科",
        "自己经办",
        "到期未续",
        "介入",
        "宝贝",
        "土地管理员",
        "办工作证",
        "承包",
        "网络管理员",
    ],
)
def test_words_that_are_right_stay(text: str) -> None:
    assert meant(text) == text


@pytest.mark.parametrize("speck", [".", "'", "*", "|"])
def test_a_speck_read_as_a_mark_behind_a_hanzi_is_none(speck: str) -> None:
    assert without_lone_dots(f"示例职业技术学院{speck}会计") == "示例职业技术学院会计"
    assert without_lone_dots(f"{speck}网格协管员") == without_lone_dots("· 网格协管员") == "网格协管员"


@pytest.mark.parametrize("text", ["2026.03", "C*2", "买买提·艾力", "A|B"])
def test_marks_elsewhere_stay(text: str) -> None:
    assert without_lone_dots(text) == text


@pytest.mark.parametrize(
    ("text", "is_lacking"),
    [
        ("海州区城市管理局第中心", True),
        ("海州区城市管理局第 中心", True),
        ("海州区城市管理局第", True),
        ("海州区城市管理局第一中心", False),
        ("海州区城市管理局第 一中心", False),
        ("第3期", False),
    ],
)
def test_an_ordinal_without_its_number_is_seen_over_a_break_of_the_line(text: str, *, is_lacking: bool) -> None:
    assert lacks_number(text) is is_lacking
