"""The marked return: what is marked where, and that it can be corrected and sent again."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook.workbook import Workbook

from forms.catalogue import Catalogue
from forms.finding import Finding, Region, Severity
from forms.plain import finding_to_plain
from parsers.errors import ContentMismatchError
from parsers.fence import PROJECT, Fence
from writers.annotating import AUTHOR, FAULT_SHEET, MARKED_FILE, TASK, annotate
from writers.workbook import ENTRY_SHEET, make_import_workbook

RED = "FFFFC7CE"
YELLOW = "FFFFEB9C"


def workbook() -> bytes:
    return make_import_workbook(Catalogue.load().find("附件2"))


def finding(address: str | None, code: str = "F-1", severity: Severity = Severity.ERROR, **more: str) -> Finding:
    region = Region(0, None, address) if address else None
    return Finding(code, "records[0].name", more.pop("message", "姓名不能为空"), severity, region=region, **more)


def opened(content: bytes) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


def test_a_fault_turns_its_cell_red_with_a_comment_and_is_listed() -> None:
    book = opened(annotate(workbook(), [finding(f"{ENTRY_SHEET}!C10", suggestion="填写姓名", clause="F-1")]))
    cell = book[ENTRY_SHEET]["C10"]
    assert cell.fill.fgColor.rgb == RED
    assert cell.comment is not None
    assert "姓名不能为空" in cell.comment.text
    assert "填写姓名" in cell.comment.text
    listed = [cell.value for cell in book[FAULT_SHEET][2]]
    assert listed == [1, "录入!C10", "错误", "F-1", "姓名不能为空", "填写姓名", "F-1"]
    assert book.sheetnames[0] == FAULT_SHEET


def test_the_worst_of_several_findings_colours_the_cell_and_all_are_in_its_comment() -> None:
    found = [
        finding("录入!C10", "W", Severity.WARNING, message="请确认"),
        finding("录入!C10", "E", message="必须改"),
    ]
    cell = opened(annotate(workbook(), found))[ENTRY_SHEET]["C10"]
    assert cell.fill.fgColor.rgb == RED
    assert cell.comment is not None
    assert {"W 请确认", "E 必须改"} <= set(cell.comment.text.split("\n"))


def test_a_warning_alone_is_yellow() -> None:
    book = opened(annotate(workbook(), [finding("录入!D10", severity=Severity.WARNING)]))
    assert book[ENTRY_SHEET]["D10"].fill.fgColor.rgb == YELLOW


def test_a_finding_without_a_cell_is_listed_by_its_path() -> None:
    book = opened(annotate(workbook(), [finding(None)]))
    assert book[FAULT_SHEET]["B2"].value == "records[0].name"


def test_a_finding_inside_a_merged_cell_marks_the_cell_that_shows() -> None:
    # Header values of the import workbook stand in three merged cells
    book = opened(annotate(workbook(), [finding("录入!C2")]))
    anchor = book[ENTRY_SHEET]["B2"]
    assert anchor.fill.fgColor.rgb == RED
    assert anchor.comment is not None


def test_marks_of_an_earlier_round_are_taken_off_and_the_rest_stays() -> None:
    first = annotate(workbook(), [finding("录入!C10"), finding("录入!D11")])
    book = opened(first)
    book[ENTRY_SHEET]["C10"].value = "张三"
    corrected = io.BytesIO()
    book.save(corrected)
    again = opened(annotate(corrected.getvalue(), [finding("录入!D11")]))
    sheet = again[ENTRY_SHEET]
    assert sheet["C10"].value == "张三"
    assert sheet["C10"].comment is None
    assert sheet["C10"].fill.fgColor.rgb != RED
    assert sheet["D11"].fill.fgColor.rgb == RED
    assert again.sheetnames.count(FAULT_SHEET) == 1
    assert again[FAULT_SHEET].max_row == 2
    heads = [cell.comment.author for row in sheet.iter_rows(max_row=9) for cell in row if cell.comment]
    assert heads
    assert AUTHOR not in heads


@pytest.mark.parametrize("text", ["=cmd|'/c calc'!A1", "+1", "-1", "@SUM(A1)", "\t=1"])
def test_words_of_a_finding_never_become_a_formula(text: str) -> None:
    book = opened(annotate(workbook(), [finding("录入!C10", message=text)]))
    cell = book[FAULT_SHEET]["E2"]
    assert cell.data_type == "s"
    assert cell.value == text


def test_the_dropdowns_are_still_there() -> None:
    before = opened(workbook())[ENTRY_SHEET].data_validations.count
    assert opened(annotate(workbook(), [finding("录入!C10")]))[ENTRY_SHEET].data_validations.count == before


def test_the_fenced_child_marks_a_workbook_and_refuses_anything_else(tmp_path: Path) -> None:
    good, bad = tmp_path / "good", tmp_path / "bad"
    good.write_bytes(workbook())
    bad.write_text("no workbook", encoding="utf-8")
    options = {"findings": [finding_to_plain(finding("录入!C10"))]}
    with Fence(see=(PROJECT / "writers",)) as fence:
        answer = fence.submit(TASK, good, "导入.xlsx", options, collect=tmp_path / "out").result()
        refused = fence.submit(TASK, bad, "导入.xlsx", options).result()
    assert answer.fault is None
    marked = opened((tmp_path / "out" / MARKED_FILE).read_bytes())
    assert marked[ENTRY_SHEET]["C10"].fill.fgColor.rgb == RED
    assert isinstance(refused.fault, ContentMismatchError)
