# ruff: noqa: E501 - rows of forms stand on a line as they stand on paper
"""Rosters as units make them: columns moved, heads of several levels, rows that are no persons."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from forms.catalogue import Catalogue
from parsers.extracting import extract
from parsers.readers import xlsx as xlsx_reader
from tests.parsers.building import (
    HEAD_2,
    HEADER,
    TITLE_2,
    codes,
    id_number,
    person_2,
    read_xlsx,
    values,
    workbook,
)

PEOPLE = (person_2(1, "张明远"), person_2(2, "李晓云"), person_2(3, "王立群"))
PLAIN = read_xlsx(workbook([(TITLE_2,), HEADER, HEAD_2, *PEOPLE]))[0]


def test_a_plain_sheet_is_read_without_doubt() -> None:
    assert PLAIN.record.form == "attachment-2"
    assert PLAIN.form_confidence > 0.9
    assert [row["name"].value for row in PLAIN.record.rows] == ["张明远", "李晓云", "王立群"]
    assert PLAIN.record.header["unit"].value == "海州区示例街道办事处"
    assert PLAIN.record.header["filled_on"].value == "2026-08-20"
    assert not [entry for row in PLAIN.record.rows for entry in row.values() if entry.review]
    assert values(PLAIN)["contract_end"] == "2026-12-31"
    assert values(PLAIN)["compensation"] == 12000


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.permutations(range(len(HEAD_2))))
def test_the_order_of_columns_does_not_matter(order: list[int]) -> None:
    lines = [(TITLE_2,), HEADER, *([line[place] for place in order] for line in (HEAD_2, *PEOPLE))]
    found = read_xlsx(workbook(lines))[0]
    assert [values(found, index) for index in range(3)] == [values(PLAIN, index) for index in range(3)]


@settings(max_examples=10, deadline=None)
@given(st.integers(0, len(HEAD_2)), st.sampled_from(["籍贯", "家庭住址", "健康状况", "婚姻状况"]))
def test_an_unknown_column_is_listed_and_changes_nothing(place: int, label: str) -> None:
    lines = [(TITLE_2,), HEADER]
    for line, more in zip((HEAD_2, *PEOPLE), (label, "甲", "乙", "丙"), strict=True):
        lines.append((*line[:place], more, *line[place:]))  # type: ignore[arg-type]  # a tuple of mixed cells
    found = read_xlsx(workbook(lines))[0]
    assert values(found) == values(PLAIN)
    assert [item.label for item in found.unplaced] == [label]
    assert "unplaced" in codes(found)


def test_synonyms_with_blanks_breaks_and_notes_are_understood() -> None:
    head = ["序 号", "使用单位", "人员姓名", "性  别", "公民身份号码\n（18位）", "文化程度", "工作岗位", "用工方式", "入职时间",
            "有无合同", "合同始期", "合同终期", "资金来源", "清理时间", "消化方式", "补偿金额（元）", "安置去向", "备  注"]  # fmt: skip
    found = read_xlsx(workbook([(TITLE_2,), HEADER, head, *PEOPLE]))[0]
    assert values(found) == values(PLAIN)
    assert not [key for key, entry in found.record.rows[0].items() if entry.review]


def test_a_head_of_two_levels_with_merged_cells() -> None:
    upper = [*HEAD_2[:10], "合同期限", None, *HEAD_2[12:]]
    lower = [None] * 10 + ["起", "止"] + [None] * 6

    def arrange(sheet: Worksheet) -> None:
        sheet.merge_cells("K3:L3")
        for column in (*"ABCDEFGHIJ", *"MNOPQR"):
            sheet.merge_cells(f"{column}3:{column}4")

    found = read_xlsx(workbook([(TITLE_2,), HEADER, upper, lower, *PEOPLE], arrange=arrange))[0]
    assert [values(found, index) for index in range(3)] == [values(PLAIN, index) for index in range(3)]
    plain = read_xlsx(workbook([(TITLE_2,), HEADER, upper, lower, *PEOPLE]))[0]
    assert [values(plain, index) for index in range(3)] == [values(PLAIN, index) for index in range(3)]


def test_a_head_of_three_levels() -> None:
    top = ["人员基本情况", *[None] * 8, "用工情况", *[None] * 8]
    upper = [*HEAD_2[:10], "合同期限", None, *HEAD_2[12:]]
    lower = [None] * 10 + ["起", "止"] + [None] * 6

    def arrange(sheet: Worksheet) -> None:
        sheet.merge_cells("A3:I3")
        sheet.merge_cells("J3:R3")
        sheet.merge_cells("K4:L4")

    found = read_xlsx(workbook([(TITLE_2,), HEADER, top, upper, lower, *PEOPLE], arrange=arrange))[0]
    assert [values(found, index) for index in range(3)] == [values(PLAIN, index) for index in range(3)]


def test_totals_groups_and_blank_numbered_rows_are_no_persons() -> None:
    lines = [
        (TITLE_2,), HEADER, HEAD_2, ("一、机关本级",), PEOPLE[0], ("小计", "", "1人"), ("二、下属单位",), PEOPLE[1], PEOPLE[2],
        ("本页合计", "", 2), ("4",), ("5",), ("合计", "", "3", *[""] * 12, 36000),
    ]  # fmt: skip
    found = read_xlsx(workbook(lines))[0]
    assert [row["name"].value for row in found.record.rows] == ["张明远", "李晓云", "王立群"]
    assert "row-group" in codes(found)
    assert found.record.header["total"].value == 3
    assert "F-9" not in codes(found)


def test_a_row_of_strokes_without_a_name_or_number_is_nobody() -> None:
    unread = ("台", "", "", *["/"] * 11, 36000)
    smeared = ("I51", "|合计 5人- -", "|合计5人--1", *["/"] * 11, 36000)
    nameless = ("4", "海州区教育局", *person_2(4, "")[2:])
    found = read_xlsx(workbook([(TITLE_2,), HEADER, HEAD_2, *PEOPLE, nameless, unread, smeared]))[0]
    assert [row["name"].value for row in found.record.rows] == ["张明远", "李晓云", "王立群", ""]
    assert "row-unclear" in codes(found)
    assert any("36000" in left.text for left in found.unplaced)


def test_boxes_for_seals_under_a_repeated_head_are_nobody() -> None:
    """Even where what was read in them fills columns of persons: 盖章 and days under a seal."""
    boxes: list[object] = [None] * len(HEAD_2)
    boxes[0], boxes[1], boxes[4], boxes[5], boxes[9], boxes[10] = (
        "4",
        "和州又城",
        "主管部门审核",
        "2026年7日",
        "主要负责人签字",
        "盖章}",
    )

    def arrange(sheet: Worksheet) -> None:
        for span in ("B7:D7", "F7:I7", "K7:N7"):
            sheet.merge_cells(span)

    found = read_xlsx(workbook([(TITLE_2,), HEADER, HEAD_2, *PEOPLE, boxes], arrange=arrange))[0]
    assert [row["name"].value for row in found.record.rows] == ["张明远", "李晓云", "王立群"]


def test_a_wrong_sum_in_the_totals_row_is_found() -> None:
    lines = [(TITLE_2,), HEADER, HEAD_2, *PEOPLE, ("合计", "", "3人", *[""] * 12, 36001)]
    assert "F-9" in codes(read_xlsx(workbook(lines))[0])


def test_struck_hidden_and_example_rows_are_left_out_and_said() -> None:
    example = ("例", *person_2(9, "示例人")[1:])

    def arrange(sheet: Worksheet) -> None:
        for cell in sheet[6]:
            cell.font = Font(strike=True)
        sheet.row_dimensions[7].hidden = True

    found = read_xlsx(workbook([(TITLE_2,), HEADER, HEAD_2, example, *PEOPLE], arrange=arrange))[0]
    assert [row["name"].value for row in found.record.rows] == ["张明远"]
    assert {"row-struck", "row-hidden", "row-example"} <= codes(found)
    assert len(found.unplaced) == 3


@pytest.mark.parametrize("mark", ["同上", "〃", '"'])
def test_ditto_takes_the_value_above_and_asks_for_a_look(mark: str) -> None:
    second = list(PEOPLE[1])
    second[1] = mark
    found = read_xlsx(workbook([(TITLE_2,), HEADER, HEAD_2, PEOPLE[0], second]))[0]
    entry = found.record.rows[1]["unit"]
    assert (entry.value, entry.review) == ("海州区示例中心小学", True)
    assert "ditto" in codes(found)


def test_ditto_in_the_first_row_is_not_guessed() -> None:
    first = list(PEOPLE[0])
    first[1] = "同上"
    entry = read_xlsx(workbook([(TITLE_2,), HEADER, HEAD_2, first]))[0].record.rows[0]["unit"]
    assert (entry.value, entry.review) == (None, True)


def test_a_merged_unit_holds_for_the_rows_below() -> None:
    lines = [(TITLE_2,), HEADER, HEAD_2, PEOPLE[0], *[[line[0], None, *line[2:]] for line in PEOPLE[1:]]]
    found = read_xlsx(workbook(lines, arrange=lambda sheet: sheet.merge_cells("B4:B6")))[0]
    assert [row["unit"].value for row in found.record.rows] == ["海州区示例中心小学"] * 3
    assert not found.record.rows[2]["unit"].review


def test_a_second_row_of_one_person_is_no_second_person() -> None:
    """Everything but the post spans both rows: a stroke through the post was taken for a rule, or two posts stand there."""
    second: list[object] = [None] * len(HEAD_2)
    second[6] = "驾驶员"
    columns = [chr(ord("A") + place) for place in range(len(HEAD_2)) if place != 6]

    def arrange(sheet: Worksheet) -> None:
        for column in columns:
            sheet.merge_cells(f"{column}4:{column}5")

    found = read_xlsx(workbook([(TITLE_2,), HEADER, HEAD_2, PEOPLE[0], second, *PEOPLE[1:]], arrange=arrange))[0]
    rows = found.record.rows
    assert [row["name"].value for row in rows] == [line[2] for line in PEOPLE]
    assert rows[0]["post"].text == f"{PEOPLE[0][6]}\n驾驶员"
    assert rows[0]["post"].review
    assert not any(rows[0][key].review for key in ("name", "id_number", "unit"))
    assert "grid-irregular" in codes(found)


def test_an_identity_number_kept_as_a_number_is_never_believed() -> None:
    first = list(PEOPLE[0])
    first[4] = int(id_number(4)[:17] + "0")
    entry = read_xlsx(workbook([(TITLE_2,), HEADER, HEAD_2, first]))[0].record.rows[0]["id_number"]
    assert (entry.value, entry.review) == (None, True)


def test_a_day_that_shows_only_its_month_stays_a_month() -> None:
    first = list(PEOPLE[0])
    first[8] = dt.date(2015, 3, 1)

    def arrange(sheet: Worksheet) -> None:
        sheet["I4"].number_format = 'yyyy"年"m"月"'

    entry = read_xlsx(workbook([(TITLE_2,), HEADER, HEAD_2, first], arrange=arrange))[0].record.rows[0]["hired_on"]
    assert (entry.value, entry.review) == ("2015-03", True)
    assert entry.text == "2015年3月"


def test_a_period_in_one_column_is_taken_apart() -> None:
    head = [*HEAD_2[:10], "合同起止日期", *HEAD_2[12:]]
    texts = ["2024年1月1日至2026年12月31日", "自2024.1.1起至2026.12.31止", "2024-01-01—2026-12-31"]
    rows = [[*line[:10], text, *line[12:]] for line, text in zip(PEOPLE, texts, strict=True)]
    found = read_xlsx(workbook([(TITLE_2,), HEADER, head, *rows]))[0]
    for row in found.record.rows:
        assert (row["contract_start"].value, row["contract_end"].value) == ("2024-01-01", "2026-12-31")
        assert not row["contract_end"].review


def test_a_period_without_an_end_is_open_and_said() -> None:
    head = [*HEAD_2[:10], "合同期限", *HEAD_2[12:]]
    found = read_xlsx(workbook([(TITLE_2,), HEADER, head, [*PEOPLE[0][:10], "2023年7月1日起", *PEOPLE[0][12:]]]))[0]
    row = found.record.rows[0]
    assert (row["contract_start"].value, row["contract_end"].value) == ("2023-07-01", "")
    assert row["contract_end"].review
    assert "period-end-missing" in codes(found)


def test_two_columns_of_the_same_field_are_both_doubted() -> None:
    lines = [(TITLE_2,), HEADER, [*HEAD_2, "人员姓名"], *[[*line, "某某"] for line in PEOPLE]]
    found = read_xlsx(workbook(lines))[0]
    assert found.record.rows[0]["name"].review
    assert "label-duplicate" in codes(found)


def test_a_missing_required_column_is_said_once() -> None:
    lines = [(TITLE_2,), HEADER, [*HEAD_2[:5], *HEAD_2[6:], "x"], *[[*line[:5], *line[6:]] for line in PEOPLE]]
    head = [label for label in HEAD_2 if label != "性别"]
    lines = [(TITLE_2,), HEADER, head, *[[*line[:3], *line[4:]] for line in PEOPLE]]
    found = read_xlsx(workbook(lines))[0]
    assert [one.path for one in found.findings if one.code == "column-missing"] == ["records[*].sex"]


def test_a_hidden_sheet_is_not_read_but_told() -> None:
    def arrange(sheet: Worksheet) -> None:
        other = sheet.parent.create_sheet("旧数据")  # type: ignore[union-attr]  # a sheet has its workbook
        other.append(["姓名", "旧人"])
        other.sheet_state = "hidden"

    found = read_xlsx(workbook([(TITLE_2,), HEADER, HEAD_2, *PEOPLE], arrange=arrange))
    assert len(found) == 1
    assert "sheet-hidden" in codes(found[0])
    assert any("旧人" in item.text for item in found[0].unplaced)


def test_sheets_with_titles_of_their_own_are_documents_of_their_own() -> None:
    def arrange(sheet: Worksheet) -> None:
        other = sheet.parent.create_sheet("二")  # type: ignore[union-attr]  # a sheet has its workbook
        for line in [(TITLE_2,), ("填报单位：海州区教育局",), HEAD_2, PEOPLE[2]]:
            other.append(list(line))

    found = read_xlsx(workbook([(TITLE_2,), HEADER, HEAD_2, *PEOPLE[:2]], arrange=arrange))
    assert [len(one.record.rows) for one in found] == [2, 1]
    assert found[1].record.header["unit"].value == "海州区教育局"


def test_a_repeated_title_and_head_go_on_with_the_same_form() -> None:
    lines = [(TITLE_2,), HEADER, HEAD_2, *PEOPLE[:2], (TITLE_2,), HEADER, HEAD_2, PEOPLE[2]]
    found = read_xlsx(workbook(lines))
    assert [len(one.record.rows) for one in found] == [3]


def test_header_and_footer_spread_over_cells() -> None:
    lines = [
        (TITLE_2,),
        ("填报单位（盖章）：", "海州区教育局", "", "填报日期", "2026年8月20日"),
        ("清理前编外用工总数 30 人；清退3人；保留 27人",),
        HEAD_2,
        *PEOPLE,
        ("单位主要负责人（签字）：张三", "", "", "分管负责人：", "", "填表人：李四", "", "联系电话：0518-81589239"),
        ("注：本表一式三份。",),
    ]
    found = read_xlsx(workbook(lines))[0]
    header = {key: entry.value for key, entry in found.record.header.items()}
    assert header["unit"] == "海州区教育局"
    assert header["filled_on"] == "2026-08-20"
    assert (header["before_total"], header["dismissed_total"], header["retained_total"]) == (30, 3, 27)
    assert (header["principal"], header["filled_by"], header["contact_phone"]) == ("张三", "李四", "0518-81589239")
    assert len(found.record.rows) == 3


def test_an_unknown_sheet_is_no_form() -> None:
    assert read_xlsx(workbook([("物品", "数量"), ("纸", 3)])) == ()


def test_a_wrong_form_given_is_said_and_the_title_believed() -> None:
    found = read_xlsx(workbook([(TITLE_2,), HEADER, HEAD_2, *PEOPLE]), form="attachment-3")[0]
    assert found.record.form == "attachment-2"
    assert "form-mismatch" in codes(found)


def test_without_a_title_the_labels_decide() -> None:
    found = read_xlsx(workbook([HEAD_2, *PEOPLE]))[0]
    assert found.record.form == "attachment-2"
    assert found.form_confidence < 0.95


def test_what_a_merge_covers_is_said() -> None:
    data = workbook([(TITLE_2,), HEADER, HEAD_2, person_2(1, "甲一"), person_2(2, "乙二")])
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out := io.BytesIO(), "w") as new:
        for item in old.namelist():
            part = old.read(item)
            if item.endswith("sheet1.xml"):
                part = part.replace(
                    b"</sheetData>", b'</sheetData><mergeCells count="1"><mergeCell ref="G5:H5"/></mergeCells>'
                )
            new.writestr(item, part)
    (found,) = read_xlsx(out.getvalue())
    assert found.record.rows[1]["post"].review
    assert "merged-over" in codes(found)


def test_a_footer_whose_merged_cells_were_undone() -> None:
    foot = ("填表人", None, None, "唐国伟", None, None, "联络员", None, "赵磊", "联系电话", None, "0518-88800396")
    (found,) = read_xlsx(workbook([(TITLE_2,), HEADER, HEAD_2, person_2(1, "甲一"), person_2(2, "乙二"), (), foot]))
    header = found.record.header
    assert [header[key].value for key in ("filled_by", "contact", "contact_phone")] == [
        "唐国伟",
        "赵磊",
        "0518-88800396",
    ]
    assert all(header[key].review for key in ("filled_by", "contact", "contact_phone"))


def test_text_before_the_first_label_of_a_line_is_not_lost() -> None:
    (found,) = read_xlsx(
        workbook([(TITLE_2,), ("特急件", "填报日期：2026年8月20日"), HEAD_2, person_2(1, "甲一"), person_2(2, "乙二")])
    )
    assert "特急件" in {item.text for item in found.unplaced}


def test_pages_whose_head_is_repeated_are_one_form() -> None:
    """A printed roster goes on over its pages; the head of each names a column of units, not another unit."""
    first = read_xlsx(workbook([(TITLE_2,), HEADER, HEAD_2, *PEOPLE]))
    document = xlsx_reader.read_bytes(workbook([(TITLE_2,), HEADER, HEAD_2, *PEOPLE]))
    following = xlsx_reader.read_bytes(workbook([HEAD_2, person_2(4, "赵一"), person_2(5, "钱二")])).pages[0]
    pages = (*document.pages, replace(following, index=1))
    (found,) = extract(replace(document, format="pdf", pages=pages), Catalogue.load())
    assert len(found.record.rows) == len(first[0].record.rows) + 2
    assert found.pages == (0, 1)
