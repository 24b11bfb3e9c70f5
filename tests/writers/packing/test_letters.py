from __future__ import annotations

import io

import docx
import pytest

from forms.catalogue import Catalogue
from writers.packing.letters import Item, Sending, contents, cover, filling_notes, letter

SENDING = Sending("试验镇<人民>政府", ("区委组织部", "区财政局"), 2026, "2026年专项清理", 5, warnings=("缺报 2 项",))
ITEMS = (Item("附件5 花名册", "12人", 5, 7, is_attachment=True), Item("核查报告", page=9))


ROOM = 17
"""Characters in a line of the cover behind its labels."""


def words(content: bytes) -> str:
    document = docx.Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*cells, *(paragraph.text for paragraph in document.paragraphs)])


def test_the_cover_says_who_sends_how_many_copies_to_whom_and_what_is_wrong() -> None:
    told = words(cover(SENDING))
    assert all(
        text in told for text in ("试验镇<人民>政府（盖章）", "区委组织部、区财政局", "一式5份", "缺报 2 项", "不完整")
    )
    assert "不完整" not in words(cover(Sending("甲", ("乙",), 2026)))


@pytest.mark.parametrize(
    "unit", ["试验镇人民政府", "海州区人力资源和社会保障局", "试验区人力资源与社会保障管理局", "试" * 17, "试" * 20]
)
def test_the_words_for_a_seal_are_not_broken_at_the_end_of_a_line(unit: str) -> None:
    told = words(cover(Sending(unit, ("乙",), 2026))).split("报送单位：")[1].split("\n报送对象")[0]
    assert told.replace("\n", "") == f"{unit}（盖章）"
    lines = [part[at : at + ROOM] for part in told.split("\n") for at in range(0, len(part), ROOM)]
    assert lines[-1].endswith("（盖章）")


def test_contents_and_letter_name_the_parts() -> None:
    assert "1. 附件5 花名册(12人)\t7" in words(contents(ITEMS, SENDING))
    told = words(letter(ITEMS, SENDING))
    assert "附件：1.\t附件5 花名册（12人）" in told
    assert "核查报告" not in told


def test_no_office_writes_to_itself_and_the_district_speaks_for_all_units() -> None:
    own = Sending("区财政局", ("区委组织部", "区财政局"), 2026, units=9, whole=True)
    told = words(letter(ITEMS, own))
    assert told.startswith("关于报送借用人员和编外用工\n专项清理规范材料的函\n\n区委组织部：")
    assert "全区各单位（共9个）已按要求" in told
    assert "报送对象：区委组织部\n" in f"{words(cover(own))}\n"
    assert "我单位及所属单位（共9个）" in words(letter(ITEMS, Sending("甲", ("乙",), 2026, units=9)))


def test_notes_are_of_the_unit_and_the_same_twice() -> None:
    definitions = Catalogue.load().definitions
    first = filling_notes("甲&乙局", definitions, "2026年8月31日", ["附件5:已预填 3 人。", "附件4:另附空白表。"])
    told = words(first)
    assert "甲&乙局:" in told
    assert "附件5:已预填 3 人。" in told
    assert "附件4:另附空白表。" in told
    assert "请于2026年8月31日前" in told
    assert "@@" not in told
    other = words(filling_notes("丙局", definitions, "2026年8月31日", []))
    assert "尚无已知内容" in other
    assert "甲" not in other.replace("甲方", "")
    assert (
        filling_notes("甲&乙局", definitions, "2026年8月31日", ["附件5:已预填 3 人。", "附件4:另附空白表。"]) == first
    )
