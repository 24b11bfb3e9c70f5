from __future__ import annotations

import io

import docx

from forms.catalogue import Catalogue
from writers.packing.letters import Item, Sending, contents, cover, filling_notes, letter

SENDING = Sending("试验镇<人民>政府", ("区委组织部", "区财政局"), 2026, "2026年专项清理", 5, warnings=("缺报 2 项",))
ITEMS = (Item("附件5 花名册", "12人", 5, 7, is_attachment=True), Item("核查报告", page=9))


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


def test_contents_and_letter_name_the_parts() -> None:
    assert "1. 附件5 花名册(12人)\t7" in words(contents(ITEMS, SENDING))
    told = words(letter(ITEMS, SENDING))
    assert "附件：1.\t附件5 花名册（12人）" in told
    assert "核查报告" not in told


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
