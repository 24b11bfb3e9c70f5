"""Scanned forms on which a rule or a label was not seen."""

from __future__ import annotations

from dataclasses import replace

import pytest

from forms.catalogue import Catalogue
from forms.finding import Region
from forms.record import Extraction
from parsers.document import Document, Grid, Page, TextLine
from parsers.extracting import extract
from tests.parsers.building import TITLE_4, scanned_row


def scanned(*blocks: Grid | TextLine) -> Extraction:
    page = Page(0, (TextLine(TITLE_4, confidence=0.99), *blocks), 595.0, 842.0, scanned=True)
    (found,) = extract(Document("image", (page,), scanned=True), Catalogue.load())
    return found


CARD = (
    *scanned_row(0, "姓名", "王小明", "性别", "男"),
    *scanned_row(1, "民族", "汉族", "政治面貌", "群众"),
    *scanned_row(2, "借出单位", "海州区示例中心", "借入单位", "海州区示例局"),
)


def test_a_label_that_was_not_found_is_an_unknown_value_and_not_an_empty_one() -> None:
    found = scanned(Grid(3, 4, CARD))
    (person,) = found.record.rows
    assert (person["name"].value, person["name"].review) == ("王小明", False)
    assert (person["phone"].value, person["phone"].review) == (None, True)
    assert "label-unfound" in {finding.code for finding in found.findings}


def test_a_value_that_holds_another_label_goes_to_a_person() -> None:
    merged = scanned_row(3, "学历学位", "大学本科 毕业院校及专业", "联系电话", "13900000000")
    found = scanned(Grid(4, 4, (*CARD, *merged)))
    (person,) = found.record.rows
    assert person["education"].review
    assert "label-in-value" in {finding.code for finding in found.findings}


def test_words_without_a_table_are_never_sure() -> None:
    lines = ("姓名：王小明    性别：男", "民族：汉族    政治面貌：群众", "借用岗位：", "借出单位：海州区示例中心")
    found = scanned(*(TextLine(text, (40.0, 100.0, 400.0, 112.0), 0.999) for text in lines))
    assert "grid-missing" in {finding.code for finding in found.findings}
    assert all(entry.review for person in found.record.rows for entry in person.values())


def test_words_in_a_column_without_a_head_make_the_cells_beside_them_doubtful() -> None:
    """A streak of the copier was taken for a rule, and cut 水电维护员 in two."""
    head = scanned_row(0, "序号", "用工单位", "姓名", "性别", "身份证号", "学历", "", "岗位", "用工形式")
    person = scanned_row(
        1, "1", "海州区示例中心", "王小明", "男", "320799198006150036", "大学专科", "水", "电维护员", "劳务派遣"
    )
    page = Page(
        0,
        (TextLine("附件2 编外用工清退汇总表", confidence=0.99), Grid(2, 9, (*head, *person))),
        842.0,
        595.0,
        scanned=True,
    )
    (found,) = extract(Document("image", (page,), scanned=True), Catalogue.load())
    (entries,) = found.record.rows
    assert [entries[key].review for key in ("name", "education", "post")] == [False, True, True]
    assert "grid-irregular" in {finding.code for finding in found.findings}


def headed(line: str) -> Extraction:
    """A page of 附件2 with that line above its table."""
    cells = (*scanned_row(0, "序号", "姓名", "性别"), *scanned_row(1, "1", "王小明", "男"))
    lines = (TextLine("附件2 编外用工清退汇总表", confidence=0.99), TextLine(line, (40.0, 80.0, 560.0, 92.0), 0.999))
    page = Page(0, (*lines, Grid(2, 3, cells)), 842.0, 595.0, scanned=True)
    (found,) = extract(Document("image", (page,), scanned=True), Catalogue.load())
    return found


def test_a_point_of_dirt_amid_a_label_hides_neither_its_value_nor_its_neighbour_s() -> None:
    header = headed("填报单位（盖章）：海州区示例局    填报.日期：2026年8月20日").record.header
    assert (header["unit"].value, header["unit"].review) == ("海州区示例局", False)
    assert (str(header["filled_on"].value), header["filled_on"].review) == ("2026-08-20", True)


def test_a_value_that_ends_as_a_missed_label_begins_goes_to_a_person() -> None:
    found = headed("填报单位（盖章）：海州区示例局    填报. 曰朗：2026年8月20日")
    assert found.record.header["unit"].review
    assert "label-in-value" in {finding.code for finding in found.findings}


def test_a_value_with_what_dirt_left_of_a_missed_label_goes_to_a_person() -> None:
    card = (*CARD, *scanned_row(3, "学历学位", "大学本科 业院校及专业", "联系电话", "13900000000"))
    found = scanned(Grid(4, 4, card))
    (person,) = found.record.rows
    assert person["education"].review
    assert "label-in-value" in {finding.code for finding in found.findings}


@pytest.mark.parametrize(("notes", "is_doubted"), [((), False), (("over-border",), True)])
def test_what_is_missing_in_a_cell_that_was_hardly_seen_may_have_stood_there(
    notes: tuple[str, ...], *, is_doubted: bool
) -> None:
    period = scanned_row(3, "借用期限", "自 2026 年 8 月 8 日 至 2027 年 5 月 7 日,共 个月")
    found = scanned(Grid(4, 4, (*CARD, *(replace(cell, notes=notes) for cell in period))))
    (person,) = found.record.rows
    assert str(person["end_date"].value) == "2027-05-07"
    assert (person["months"].value, person["months"].review) == ("", is_doubted)


def test_a_box_to_tick_in_a_value_without_options_goes_to_a_person() -> None:
    header = headed("填报单位（盖章）：海州区示例局 ☑    填报日期：2026年8月20日").record.header
    assert (header["unit"].review, header["filled_on"].review) == (True, False)


def test_a_table_whose_columns_nobody_could_tell_apart_is_not_left_out_in_silence() -> None:
    """Fine dirt all over a second page hid every upright rule of its table, and the last person with it."""
    labels = ("序号", "用工单位", "姓名", "性别", "身份证号", "学历", "岗位", "用工形式")
    first = scanned_row(
        1, "1", "海州区示例中心", "王小明", "男", "320799198006150036", "大学专科", "驾驶员", "劳务派遣"
    )
    run_together = (*scanned_row(0, f"?nV {''.join(labels)}ーール"), *scanned_row(1, "区政 守与信息报送"))
    pages = (
        Page(
            0,
            (TextLine("附件2 编外用工清退汇总表", confidence=0.99), Grid(2, 8, (*scanned_row(0, *labels), *first))),
            842.0,
            595.0,
        ),
        Page(1, (Grid(2, 1, run_together),), 842.0, 595.0),
    )
    placed = tuple(replace(page, scanned=True) for page in pages)
    found = extract(Document("image", placed, scanned=True), Catalogue.load(), "attachment-2")[0]
    said = [one for one in found.findings if one.code == "row-unclear"]
    assert [(one.path, one.region.page if one.region else None) for one in said] == [("records", 1)]
    assert "表头" in said[0].message


def test_a_row_below_a_head_that_nobody_could_read_is_no_row_left_out_in_silence() -> None:
    head = scanned_row(0, "序号", "用工单位", "姓名", "性别", "身份证号", "学历", "岗位", "用工形式")
    first = scanned_row(
        1, "1", "海州区示例中心", "王小明", "男", "320799198006150036", "大学专科", "驾驶员", "劳务派遣"
    )
    dirty = scanned_row(0, "丿", "?刀", "", "生别", "身-", "", "网", "")
    second = scanned_row(1, "2", "海州区示例中心", "李小", "女", "32079919830110493X", "大学专科", "打字员", "劳务派遣")
    pages = (
        Page(0, (TextLine("附件2 编外用工清退汇总表", confidence=0.99), Grid(2, 8, (*head, *first))), 842.0, 595.0),
        Page(1, (Grid(2, 8, (*dirty, *second)),), 842.0, 595.0),
    )
    placed = tuple(replace(page, scanned=True) for page in pages)
    found = extract(Document("image", placed, scanned=True), Catalogue.load(), "attachment-2")[0]
    names = [row["name"].value for row in found.record.rows]
    said = [one for one in found.findings if one.code in {"row-unclear", "page-stray", "pages-missing"}]
    assert "李小" in names or any("李小" in one.message or one.region == Region(1) for one in said)
