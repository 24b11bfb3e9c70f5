"""Labels, cleaning, Chinese numbers and illegal characters."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.cleaning import close_gaps, join_lines, text_of, tidy
from forms.illegal import illegal_characters, without_illegal
from forms.labels import normalise_label
from forms.numerals import read_amount, read_number


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("姓  名：", "姓名"),
        ("姓\n名", "姓名"),
        ("*身份证号", "身份证号"),
        ("①姓名", "姓名"),
        ("参加工\n作时间", "参加工作时间"),
        ("月工资标准（元/月）", "月工资标准"),
        ("月工资标准(元)(元)", "月工资标准"),
        ("填报单位（盖章）：", "填报单位"),
        ("出生年月（ 岁）", "出生年月"),
        ("出生年月（年-月-日）", "出生年月"),
        ("合同期限（yyyy-mm-dd）", "合同期限"),
        ("借用时间(起)", "借用时间(起)"),
        ("月工资（万元）", "月工资(万元)"),
        ("借用岗位（拟从事工作）", "借用岗位(拟从事工作)"),
        ("（盖章）", "(盖章)"),
        ("ＮＯ．", "NO"),
        ("\u200b姓名\ufeff", "姓名"),
        ("", ""),
    ],
)
def test_a_label_is_brought_to_one_form(text: str, label: str) -> None:
    assert normalise_label(text) == label


@given(st.text(max_size=20))
def test_a_normal_label_stays_as_it_is(text: str) -> None:
    once = normalise_label(text)
    assert normalise_label(once) == once


@pytest.mark.parametrize("text", ["(" + "月" * 50_000, "月(" * 5_000, " " * 50_000 + "x", "(元)" * 3_000])
def test_a_hostile_label_costs_no_time(text: str) -> None:
    start = time.process_time()
    normalise_label(text)
    assert time.process_time() - start < 1


@given(st.integers(1, 99_999_999))
def test_a_number_written_in_chinese_reads_back(number: int) -> None:
    assert read_number(in_chinese(number)) == number


def in_chinese(number: int) -> str:
    """The plain way to write a number below 100 million: ``一千零五万零三``."""
    high, low = divmod(number, 10_000)
    return (section(high) + "万" if high else "") + ("零" if high and 0 < low < 1000 else "") + section(low)


def section(number: int) -> str:
    words = ""
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, unit)
        if digit:
            words += "零一二三四五六七八九"[digit] + name
        elif words and number and not words.endswith("零"):
            words += "零"
    return words


@pytest.mark.parametrize(
    "text", ["一百五", "一万二", "百", "十百", "一一", "二〇二四", "万", "零十", "一千百", "亿万", ""]
)
def test_what_is_no_settled_number(text: str) -> None:
    assert read_number(text) is None


@pytest.mark.parametrize("text", ["元", "整", "一百五元", "壹元贰元", "角", ""])
def test_what_is_no_amount(text: str) -> None:
    assert read_amount(text) is None


@given(st.text())
def test_illegal_characters_are_found_and_can_be_shown(text: str) -> None:
    assert illegal_characters(without_illegal(text)) == ()
    assert bool(illegal_characters(text)) == (without_illegal(text) != text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a\x0bb\x0b", ("U+000B",)),
        ("\ud800", ("U+D800",)),
        ("\ufffe\uffff", ("U+FFFE", "U+FFFF")),
        ("a\t\n\r王𠮷\ue000", ()),
    ],
    ids=ascii,
)
def test_the_illegal_ones_are_those_of_xml(text: str, found: tuple[str, ...]) -> None:
    assert illegal_characters(text) == found


def test_lines_and_gaps_of_chinese_text_close() -> None:
    assert join_lines("海州区\n教育局 \n (本部)") == "海州区教育局(本部)"
    assert join_lines("A B\nC") == "A B C"
    assert close_gaps("海州 区 A 局 B") == "海州区 A 局 B"
    assert tidy("\ufeff 王\u200b芳\r\n") == "王芳"


def test_typed_cells_look_as_a_person_sees_them() -> None:
    assert [text_of(raw) for raw in (None, True, 3.0, 3.5, 12, float("inf"))] == ["", "TRUE", "3", "3.5", "12", "inf"]
    assert len(text_of(10**5000)) < 20
