"""The 补正通知书, and a Word file with its faults marked."""

from __future__ import annotations

import datetime as dt
import io

import docx

from forms.finding import Finding, Region, Severity
from parsers.document import Grid
from parsers.readers.docx import cell_places, read_bytes
from tests.service.making import filled
from writers.notice import HEADS, TITLE, Notice, NoticeFault, make_notice
from writers.wordannotating import AUTHOR, annotate_word

NAME = "表2 第1行 第2列"
DAY = dt.date(2026, 8, 20)


def notice(*faults: NoticeFault, note: str = "") -> Notice:
    return Notice("海州区民政局", ("附件4 审批表",), "附件4.docx", DAY, DAY, dt.date(2026, 8, 27), "A1", faults, note)


def test_a_notice_names_unit_form_deadline_and_every_fault_with_place_and_clause() -> None:
    fault = NoticeFault("第2页", "序号3 王某", "姓名", "错误", "姓名不对\x0b", "请改", "方案三(三)2")
    document = docx.Document(io.BytesIO(make_notice(notice(fault, note="请尽快"))))
    text = "\n".join(item.text for item in document.paragraphs)
    for words in (TITLE, "海州区民政局:", "附件4 审批表", "2026年8月27日前", "请尽快", "下列 1 处"):
        assert words in text
    rows = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    assert tuple(rows[0]) == HEADS
    assert rows[1] == ["1", "第2页", "序号3 王某", "姓名", "错误", "姓名不对□\n建议:请改", "方案三(三)2"]


def test_a_notice_without_faults_has_no_list() -> None:
    document = docx.Document(io.BytesIO(make_notice(notice(note="请重新扫描"))))
    assert not document.tables


def finding(address: str | None, message: str, severity: Severity = Severity.ERROR) -> Finding:
    return Finding("S1-06", "", message, severity, "方案", Region(0, None, address) if address else None)


def test_a_word_file_is_marked_in_the_right_cell_and_says_the_same_as_before() -> None:
    content = filled("attachment-4")
    marked = annotate_word(
        content, [finding(NAME, "姓名不对"), finding(None, "整份"), finding("表9 第1行 第1列", "远")]
    )
    document = docx.Document(io.BytesIO(marked))
    cell = document.tables[1].cell(0, 1)
    assert 'w:fill="FFC7CE"' in cell._tc.xml
    assert document.element.body.xml.count("FFC7CE") == 1
    comments = [(comment.author, comment.text) for comment in document.comments]
    assert (AUTHOR, "S1-06 姓名不对(依据:方案)") in comments
    assert any("整份" in text and "远" in text for _, text in comments)
    assert read_bytes(marked).pages == read_bytes(content).pages


def test_marks_of_an_earlier_round_are_taken_off() -> None:
    once = annotate_word(filled("attachment-4"), [finding(NAME, "姓名不对"), finding(NAME, "又", Severity.WARNING)])
    again = docx.Document(io.BytesIO(annotate_word(once, [])))
    assert not list(again.comments)
    assert "comment" not in again.element.body.xml.replace("w:footnotePr", "")
    assert "FFC7CE" not in again.element.body.xml


def test_a_cell_is_counted_as_the_reader_counts_it() -> None:
    content = filled("attachment-1")
    places = cell_places(content)
    elements = list(docx.Document(io.BytesIO(content)).element.body.iter("{*}tc"))
    grid = next(one for one in read_bytes(content).pages[0].blocks if isinstance(one, Grid) and one.rows > 3)
    for cell in grid.cells[:40]:
        assert cell.address is not None
        text = "".join(item.text or "" for item in elements[places[cell.address]].iter("{*}t"))
        assert text.strip() == cell.text.replace("\n", "").strip()
