"""Free text, names and units."""

from __future__ import annotations

import pytest

from forms.fieldtypes.registry import make_type
from forms.fieldtypes.text import TextType

TEXT = make_type("text")
NAME = make_type("name")
UNIT = make_type("unit")


@pytest.mark.parametrize(
    "text", ["A<B & C", '"引号"与‘单引号’', "{{ x }}", "=1+1", "甲  乙", "（一）〔2024〕5号", "𠮷㛃", "ＡＢ１"]
)
def test_text_arrives_as_written(text: str) -> None:
    assert TEXT.read(text).value == text
    assert TEXT.read(f" \u3000{text}\u200b ").value == text
    assert TEXT.write(text) == text


def test_wrapped_lines_are_joined_unless_the_field_has_lines() -> None:
    assert TEXT.read("负责窗口\n服务").value == "负责窗口服务"
    assert TEXT.read("foo\r\nbar").value == "foo bar"
    assert make_type("text", {"multiline": True}).read("第一行\r\n第二行").value == "第一行\n第二行"


def test_a_text_over_its_length_is_kept_whole_with_a_warning() -> None:
    reading = make_type("text", {"max_length": 5}).read("一二三四五六")
    assert (reading.value, reading.settled, reading.faults[0].code) == ("一二三四五六", True, "F-14")


def test_an_illegal_character_is_a_fault() -> None:
    assert TEXT.read("a\x0bb").faults[0].code == "illegal-character"
    assert not TEXT.read("a\ud800b").settled


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("工作需要", "cliche"),
        ("工作需要。", "cliche"),
        (" 工作 需要 ", "cliche"),
        ("太短", "short"),
        ("", "empty"),
        (None, "empty"),
        ("需熟悉档案整理的人员承担归集", None),
    ],
)
def test_a_phrase_that_says_nothing_is_known(text: str | None, why: str | None) -> None:
    kind = TextType(min_length=10, cliches=("工作需要",))
    assert kind.says_little(text) == why


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("王 芳", "王芳"),
        ("王　芳", "王芳"),
        ("王\n芳", "王芳"),
        ("欧阳 建 国", "欧阳建国"),
        ("阿依古丽•买买提", "阿依古丽·买买提"),
        ("阿依古丽．买买提", "阿依古丽·买买提"),
        ("𠮷野", "𠮷野"),
        ("\ufa10本", "\ufa10本"),
        ("John  Smith", "John Smith"),
    ],
)
def test_a_name_has_no_gaps_and_keeps_its_characters(text: str, name: str) -> None:
    reading = NAME.read(text)
    assert (reading.value, reading.settled, reading.faults) == (name, True, ())


def test_a_note_beside_a_name_stays_in_the_text_and_is_reported() -> None:
    left = NAME.read("王芳（已离职）")
    assert (left.value, left.text, left.settled) == ("王芳", "王芳（已离职）", False)
    assert [(fault.code, fault.severity) for fault in left.faults] == [("F-14", "warning")]
    sex = NAME.read("王芳(女)")
    assert (sex.value, sex.settled, sex.faults[0].severity) == ("王芳", True, "info")


@pytest.mark.parametrize("text", ["王", "王芳1", "王*", "王芳、李明", "(女)", "王" * 21, "合计:3", "\ue000明"])
def test_what_is_no_name(text: str) -> None:
    assert not NAME.read(text).settled
    assert NAME.read(text).faults[0].code == "F-14"


def test_a_unit_loses_gaps_and_the_words_of_a_seal() -> None:
    assert UNIT.read("海州区 教育\n局（盖章）").value == "海州区教育局"
    assert UNIT.read("海发集团（本部）").value == "海发集团（本部）"


@pytest.mark.parametrize("text", ["本级", "同单位", "12", "局"])
def test_what_is_no_unit(text: str) -> None:
    assert not UNIT.read(text).settled
    assert UNIT.read(text).faults[0].code == "F-7"


def test_the_same_unit_may_be_named_where_the_form_allows_it() -> None:
    assert make_type("unit", {"allow_same": True}).read("本级").settled
