"""The two reports: the same bytes for the same input, every figure with its rows, every finding once."""

from __future__ import annotations

import datetime as dt
import io
import re
from dataclasses import replace

import docx
from docx.document import Document

from forms.catalogue import Catalogue
from forms.consolidating import Consolidation, Figures, RowRef, SourceForm, UnitNode, consolidate_forms
from forms.finding import Severity
from forms.intake import take_in
from forms.rules.base import CheckSettings
from samples.records import make_records
from writers.reports import About, OpenFinding, review_report, summary_report
from writers.reports.pages import LONGEST
from writers.reports.tracing import rows_in_words, stretches

ABOUT = About("海州区示例局", "2026年专项清理", "2026-08-31")
UNITS = (UnitNode("a", "海州区示例局", None, (), "主管部门"), UnitNode("b", "海州区示例镇", None, (), "镇街"))
FINDING = OpenFinding(
    "海州区示例镇", "attachment-3", "F-9", Severity.ERROR, "合计填5人,明细为3人", "依据", "表.xlsx", "已接收"
)


def found(*, reason: str = "负责全镇水电设施日常检修,持有电工证") -> Consolidation:
    forms = []
    for place, form in enumerate(("attachment-1", "attachment-2", "attachment-3", "attachment-5")):
        data = make_records(form, 3, 660 + place)
        for row in data["records"]:
            row["borrowing_unit" if form == "attachment-1" else "unit"] = UNITS[place % 2].name
            if form == "attachment-3":
                row["retention_reason"] = reason
        data["header"]["unit"] = UNITS[place % 2].name
        record = take_in(data, Catalogue.load())[0].record
        forms.append(SourceForm(record, UNITS[place % 2].name, None, f"d{place}", f"a{place}"))
    return consolidate_forms(forms, UNITS, CheckSettings(2026, dt.date(2026, 9, 1)))


def opened(content: bytes) -> tuple[str, Document]:
    document = docx.Document(io.BytesIO(content))
    return "\n".join(paragraph.text for paragraph in document.paragraphs), document


def test_the_same_input_gives_the_same_bytes() -> None:
    made = found()
    assert summary_report(made, ABOUT, (FINDING,)) == summary_report(made, ABOUT, (FINDING,))
    assert review_report(made, ABOUT, (FINDING,)) == review_report(made, ABOUT, (FINDING,))


def test_every_figure_in_the_text_stands_in_the_table_of_sources() -> None:
    text, document = opened(summary_report(found(), ABOUT))
    told = {number: figure for figure, number in re.findall(r"(\d+(?:\.\d+)?[人元])\[(\d+)\]", text)}
    trace = {row.cells[0].text: row.cells[2].text for row in document.tables[-1].rows[1:]}
    assert told
    assert told == {number: trace[number] for number in told}
    assert set(trace) == set(told)


def test_a_reason_nobody_gave_is_told_as_missing() -> None:
    text, document = opened(summary_report(found(reason=""), ABOUT))
    assert "未填保留理由的3人" in text
    reasons = next(table for table in document.tables if "保留理由" in table.rows[0].cells[6].text)
    assert [row.cells[6].text for row in reasons.rows[1:]] == ["（未填）"] * 3


def test_reports_of_some_of_the_forms_speak_of_those_alone() -> None:
    text, _ = opened(summary_report(found().only(("attachment-5",)), ABOUT))
    assert "备案花名册3人" in text
    assert not re.search("清退编外用工|保留编外用工|借用人员\\d", text)
    assert "合计" in opened(summary_report(found().only(("attachment-2", "attachment-3")), ABOUT))[0]


def test_nothing_handed_in_is_a_report_too() -> None:
    empty = Consolidation("", None, None, {}, (), (), (), Figures())
    assert "汇总和检查未发现问题" in opened(summary_report(empty, About("甲")))[0]
    assert "没有尚未解决的问题" in opened(review_report(empty, About("甲"), ()))[0]


def test_findings_are_told_by_unit_each_once_the_worst_first() -> None:
    warning = replace(FINDING, severity=Severity.WARNING, code="X-15", message="应报附件3")
    nobody = replace(FINDING, unit="", code="F-8", message="序号重复")
    given = (warning, FINDING, replace(FINDING, file="", document_id="d2"), nobody)
    text, document = opened(review_report(found(), ABOUT, given))
    assert "共3处，其中错误2处、警告1处、提示0处" in text
    assert "（1）海州区示例镇：2处" in text
    lists = [table for table in document.tables if table.rows[0].cells[0].text == "序号"]
    assert [[row.cells[0].text for row in table.rows[1:]] for table in lists] == [
        ["错误 F-9 附件3：1处。依据：依据", "1", "警告 X-15 附件3：1处。依据：依据", "2"],
        ["错误 F-8 附件3：1处。依据：依据", "1"],
    ]
    assert [row.cells[3].text for row in lists[0].rows[1:]][1::2] == ["合计填5人,明细为3人", "应报附件3"]


def test_a_long_list_is_several_tables_with_every_row_once() -> None:
    many = [replace(FINDING, place=f"第{number}行") for number in range(1, 251)]
    _, document = opened(review_report(found(), ABOUT, many))
    lists = [table for table in document.tables if table.rows[0].cells[0].text == "序号"]
    assert max(len(table.rows) for table in lists) <= LONGEST + 1
    told = [row.cells[2].text for table in lists for row in table.rows[1:] if row.cells[0].text.isdigit()]
    assert told == [item.place for item in many]


def test_hostile_words_do_no_harm() -> None:
    bad = replace(FINDING, message="<w:p/>&\x00\x0b\ud800]]>", unit="甲<乙>&", file="\x07")
    text, document = opened(review_report(found(reason="<b>&\x01]]>"), ABOUT, (bad,)))
    assert "甲<乙>&" in text
    assert any("<w:p/>&" in cell.text for table in document.tables for row in table.rows for cell in row.cells)


def test_rows_are_told_as_stretches() -> None:
    assert stretches([3, 1, 2, 7, 5]) == ["1-3", "5", "7"]
    refs = tuple(RowRef("attachment-2", number) for number in (0, 1, 4))
    assert rows_in_words((*refs, RowRef("attachment-3", 2))) == "附件2序号1-2、5；附件3序号3"
    many = tuple(RowRef("attachment-2", number) for number in range(0, 200, 2))
    assert "等100段" in rows_in_words(many)
