# ruff: noqa: E501 - rows of forms stand on a line as they stand on paper
"""Approval cards as offices recreate them: other grids, labels above, cells that hold several things, boxes."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from docx.document import Document as WordDocument
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from forms.record import Extraction, Mark
from tests.parsers.building import TITLE_4, add_table, codes, id_number, read_docx, read_xlsx, values, word, workbook

ID = id_number(11, 1985)
CARD: Sequence[Sequence[object]] = [
    ["姓  名", "张明远", "性  别", "男", "出生年月\n（周岁）", "1985.06（41岁）", "照片"],
    ["民  族", "汉族", "政治面貌", "中共党员", "参加工作时间", "2008.08", ""],
    ["学历学位", "大学本科", "毕业院校及专业", "示例师范学院 数学与应用数学", None, None, ""],
    ["身份证号", ID, None, "联系电话", "13900000001", None, None],
    ["借出单位", "海州区示例中心小学", None, "现任职务", "一级教师", None, None],
    ["借出单位主管部门", "海州区教育局", None, "编制性质", "事业编制（专技）", None, None],
    ["借入单位", "海州区示例街道办事处", None, "借入单位主管部门", "本级", None, None],
    ["借用岗位", "项目推进办公室资料员", None, None, None, None, None],
    ["借用期限", "自2026年7月1日至2027年6月30日，共12个月", None, None, None, None, None],
    ["借用事由", "□区委区政府下达的临时性重要任务 ☑重点工作 □阶段性、季节性工作\n具体说明：示例片区征迁为本年度重点工作，需人归集档案", None, None, None, None, None],
    ["借入单位编制情况", "核定42名、实有38名、现借用1人", None, None, None, None, None],
    ["借出单位意见", "同意借用。\n负责人签字：王立群\n（盖章）\n2026年6月20日", None, "借出单位主管部门意见", "同单位意见", None, None],
    ["借入单位意见", "\n\n（盖章）\n    年  月  日", None, "借入单位主管部门意见", "/", None, None],
    ["备注", "", None, None, None, None, None],
]  # fmt: skip
EXPECTED = {
    "name": "张明远", "sex": "男", "birth_month": "1985-06", "age": 41, "ethnicity": "汉族", "political_status": "中共党员",
    "work_start": "2008-08", "education": "大学本科", "school_major": "示例师范学院 数学与应用数学", "id_number": ID,
    "phone": "13900000001", "lending_unit": "海州区示例中心小学", "post": "一级教师", "lending_supervisor": "海州区教育局",
    "borrowing_unit": "海州区示例街道办事处", "borrowed_post": "项目推进办公室资料员", "start_date": "2026-07-01",
    "end_date": "2027-06-30", "months": 12, "reason_category": "重点工作",
    "reason": "示例片区征迁为本年度重点工作，需人归集档案", "posts_approved": 42, "posts_filled": 38, "posts_borrowed": 1, "note": "",
    "filled_on": "2026-06-18", "serial": "2026-003",
}  # fmt: skip


def _card(document: WordDocument, lines: Sequence[Sequence[object]] = CARD, name: str = "张明远") -> None:
    document.add_paragraph("附件4")
    document.add_paragraph(TITLE_4)
    document.add_paragraph("填表日期：2026年6月18日          编号：2026-003")
    add_table(document, [[name if value == "张明远" else value for value in line] for line in lines])
    document.add_paragraph("注：1.一式五份。")


def _only(found: tuple[Extraction, ...]) -> Extraction:
    assert len(found) == 1
    return found[0]


def _marks(found: Extraction) -> dict[tuple[str, str], Mark]:
    return {(mark.key, mark.kind.value): mark for mark in found.record.marks}


def _assert_expected(found: Extraction) -> None:
    given = values(found)
    assert {key: given.get(key) for key in EXPECTED} == EXPECTED


def test_a_card_in_word_is_read() -> None:
    found = _only(read_docx(word(_card)))
    _assert_expected(found)
    doubtful = {key for key, entry in found.record.rows[0].items() if entry.review}
    assert doubtful <= {"establishment_type"}
    assert "unplaced" not in codes(found)


def test_the_same_card_in_a_workbook_is_read() -> None:
    lines = [["附件4"], [TITLE_4], ["填表日期：2026年6月18日", "", "编号：2026-003"]]
    found = _only(read_xlsx(workbook([*lines, *CARD])))
    _assert_expected(found)


def test_labels_above_their_values() -> None:
    lines: Sequence[Sequence[object]] = [
        ["姓名", "性别", "民族", "政治面貌"], ["张明远", "男", "汉族", "中共党员"],
        ["身份证号", "出生年月", "学历学位", "联系电话"], [ID, "1985.06", "大学本科", "13900000001"],
        ["借出单位", "借入单位", "现任职务", "借用岗位"],
        ["海州区示例中心小学", "海州区示例街道办事处", "一级教师", "项目推进办公室资料员"],
    ]  # fmt: skip
    given = values(_only(read_docx(word(lambda document: _card(document, lines)))))
    wanted = {
        key: EXPECTED[key] for key in ("name", "sex", "id_number", "birth_month", "lending_unit", "borrowed_post")
    }
    assert {key: given.get(key) for key in wanted} == wanted


def test_label_and_value_in_one_cell() -> None:
    lines: Sequence[Sequence[object]] = [
        ["姓名：张明远", "性别：男", "民族：汉族"], [f"身份证号：{ID}", "联系电话：13900000001", "出生年月：1985.06"],
        ["借出单位：海州区示例中心小学", "借入单位：海州区示例街道办事处", "现任职务：一级教师"],
    ]  # fmt: skip
    given = values(_only(read_docx(word(lambda document: _card(document, lines)))))
    wanted = {key: EXPECTED[key] for key in ("name", "sex", "ethnicity", "id_number", "phone", "lending_unit", "post")}
    assert {key: given.get(key) for key in wanted} == wanted


def test_several_cards_in_one_file_are_several_documents() -> None:
    def make(document: WordDocument) -> None:
        for name in ("张明远", "李晓云", "王立群"):
            _card(document, name=name)
            document.add_paragraph()

    found = read_docx(word(make))
    assert [values(one)["name"] for one in found] == ["张明远", "李晓云", "王立群"]


def test_a_list_of_persons_gives_a_document_for_each() -> None:
    lines = [[TITLE_4], ["姓名", "性别", "身份证号", "借出单位", "借入单位", "借用岗位", "借用期限"]]
    people = [
        [name, "男", id_number(2 * n + 1), "海州区示例中心小学", "海州区教育局", "文秘", "2026.7.1-2026.12.31"]
        for n, name in enumerate(("张明远", "王立群"))
    ]
    found = read_xlsx(workbook([*lines, *people]))
    assert [values(one)["name"] for one in found] == ["张明远", "王立群"]
    assert values(found[1])["end_date"] == "2026-12-31"


def test_relatives_are_not_the_person() -> None:
    lines = [
        *CARD,
        ["称谓", "姓名", "年龄", "政治面貌", "工作单位及职务", "", ""],
        ["妻子", "赵某某", "39", "群众", "某公司", "", ""],
    ]
    found = _only(read_docx(word(lambda document: _card(document, lines))))
    assert values(found)["name"] == "张明远"
    assert not found.record.rows[0]["name"].review
    assert any("赵某某" in item.text for item in found.unplaced)


def test_boxes_give_opinion_signature_seal_and_date() -> None:
    marks = _marks(_only(read_docx(word(_card))))
    assert marks["lending_unit", "opinion"].text == "同意借用。"
    assert marks["lending_unit", "signature"].text == "王立群"
    assert marks["lending_unit", "date"].value == "2026-06-20"
    assert marks["lending_unit", "seal"].present is False
    assert marks["lending_supervisor", "seal"].excused
    assert marks["borrowing_supervisor", "opinion"].excused
    assert [marks["borrowing_unit", kind].present for kind in ("opinion", "signature", "date")] == [False] * 3


@pytest.mark.parametrize(
    ("text", "value", "review"),
    [
        ("☑重点工作 □其他", "重点工作", False),
        ("□重点工作 □其他", "", False),
        ("☑重点工作 ☑其他", None, True),
        ("√重点工作 ○其他", "重点工作", False),
        ("[x]重点工作 [ ]其他", "重点工作", False),
        ("■重点工作 □其他", "重点工作", False),
    ],
)
def test_ticks(text: str, value: object, review: bool) -> None:  # noqa: FBT001 - a column of the table
    lines = [*CARD[:9], ["借用事由", text, None, None, None, None, None]]
    entry = _only(read_docx(word(lambda document: _card(document, lines)))).record.rows[0]["reason_category"]
    assert entry.review is review
    if value is not None:
        assert entry.value == value


def test_tracked_changes_are_taken_as_accepted_and_said() -> None:
    def make(document: WordDocument) -> None:
        _card(document)
        paragraph = document.tables[0].cell(4, 4).paragraphs[0]
        for run in list(paragraph.runs):
            run._r.getparent().remove(run._r)
        old = f"<w:del {nsdecls('w')} w:id='1' w:author='x'><w:r><w:delText>二级教师</w:delText></w:r></w:del>"
        new = f"<w:ins {nsdecls('w')} w:id='2' w:author='x'><w:r><w:t>一级教师</w:t></w:r></w:ins>"
        paragraph._p.append(parse_xml(old))
        paragraph._p.append(parse_xml(new))

    found = _only(read_docx(word(make)))
    assert found.record.rows[0]["post"].value == "一级教师"
    assert found.record.rows[0]["post"].review
    assert "tracked-deletion" in codes(found)


def test_content_controls_symbols_and_fields_are_read() -> None:
    w = nsdecls("w")

    def make(document: WordDocument) -> None:
        _card(document)
        table = document.tables[0]
        name = table.cell(0, 1).paragraphs[0]._p
        name.clear_content()
        name.append(parse_xml(f"<w:sdt {w}><w:sdtContent><w:r><w:t>张明远</w:t></w:r></w:sdtContent></w:sdt>"))
        phone = table.cell(3, 4).paragraphs[0]._p
        phone.clear_content()
        for part in (
            "<w:fldChar w:fldCharType='begin'/>",
            "<w:instrText> MERGEFIELD 电话 </w:instrText>",
            "<w:fldChar w:fldCharType='separate'/>",
            "<w:t>13900000001</w:t>",
            "<w:fldChar w:fldCharType='end'/>",
        ):
            phone.append(parse_xml(f"<w:r {w}>{part}</w:r>"))
        reason = table.cell(9, 1).paragraphs[0]._p
        reason.clear_content()
        for part in (
            "<w:sym w:font='Wingdings' w:char='F0A8'/>",
            "<w:t>区委区政府下达的临时性重要任务 </w:t>",
            "<w:sym w:font='Wingdings' w:char='F0FE'/>",
            "<w:t>重点工作</w:t>",
        ):
            reason.append(parse_xml(f"<w:r {w}>{part}</w:r>"))

    given = values(_only(read_docx(word(make))))
    assert (given["name"], given["phone"], given["reason_category"]) == ("张明远", "13900000001", "重点工作")


def test_a_value_struck_out_is_not_taken() -> None:
    def make(document: WordDocument) -> None:
        _card(document)
        document.tables[0].cell(4, 4).paragraphs[0].runs[0].font.strike = True

    entry = _only(read_docx(word(make))).record.rows[0]["post"]
    assert (entry.value, entry.review) == (None, True)
    assert entry.candidates == ("一级教师",)


def test_a_table_in_a_frame_table_is_read() -> None:
    def make(document: WordDocument) -> None:
        frame = document.add_table(rows=1, cols=1)
        cell = frame.cell(0, 0)
        cell.paragraphs[0].text = TITLE_4
        inner = cell.add_table(rows=2, cols=4)
        for place, text in enumerate(
            ("姓名", "张明远", "性别", "男", "身份证号", ID, "借出单位", "海州区示例中心小学")
        ):
            inner.cell(place // 4, place % 4).text = text

    given = values(_only(read_docx(word(make))))
    assert (given["name"], given["id_number"]) == ("张明远", ID)


def test_a_blank_card_gives_empty_values() -> None:
    labels = {text for line in CARD for text in line[:1]} | {
        "性  别",
        "出生年月\n（周岁）",
        "政治面貌",
        "参加工作时间",
        "毕业院校及专业",
        "联系电话",
        "照片",
        "现任职务",
        "编制性质",
        "借入单位主管部门",
        "借出单位主管部门意见",
    }
    blank = [[value if value is None or value in labels else "" for value in line] for line in CARD]

    def make(document: WordDocument) -> None:
        document.add_paragraph(TITLE_4)
        document.add_paragraph("填表日期：    年  月  日          编号：")
        add_table(document, blank)

    found = _only(read_docx(word(make)))
    assert set(values(found).values()) == {""}
    assert not any(mark.present for mark in found.record.marks)


def _strange(lines: Sequence[Sequence[object]]) -> Extraction:
    """A card of another office: its title, and rows of its own."""

    def make(document: WordDocument) -> None:
        document.add_paragraph("借调工作人员审批表")
        add_table(document, lines)

    return _only(read_docx(word(make)))


def test_an_age_below_the_birth_month_whose_label_names_it_in_brackets() -> None:
    found = _strange([["姓名", "张明远", "出生年月（岁）", "1968.01\n（51岁）"], ["身份证号", ID, "民族", "汉族"]])
    assert (values(found)["birth_month"], values(found)["age"]) == ("1968-01", 51)
    assert not found.record.rows[0]["birth_month"].review


def test_short_words_beside_figures_are_posts_in_doubt() -> None:
    found = _strange(
        [["姓名", "张明远", "性别", "男"], ["身份证号", ID, "民族", "汉族"], ["核定", "42", "实有", "38名"]]
    )
    row = found.record.rows[0]
    assert (row["posts_approved"].value, row["posts_filled"].value) == (42, 38)
    assert row["posts_approved"].review
    assert row["posts_filled"].review
    assert "label-ambiguous" in codes(found)


def test_a_lone_number_in_the_grid_is_not_lost() -> None:
    found = _strange([["姓名", "张明远", "性别", "男"], ["身份证号", ID, "民族", "汉族"], ["缺编情况", "7", "", "3.5"]])
    assert {item.text for item in found.unplaced} == {"缺编情况", "7", "3.5"}


def test_months_where_days_are_due_stay_months() -> None:
    found = _strange([["姓名", "张明远", "身份证号", ID], ["借调起止时间", "2026.3-2026.12", "民族", "汉族"]])
    row = found.record.rows[0]
    assert (row["start_date"].value, row["end_date"].value) == ("2026-03", "2026-12")
    assert row["start_date"].review
    assert row["end_date"].review
    assert "F-12" in codes(found)


def _boxes(**texts: str) -> dict[tuple[str, str], Mark]:
    labels = {"leader": "借出单位区分管领导意见", "unit": "借出单位意见"}
    lines = [["姓名", "张明远", "身份证号", ID], *([labels[key], text, "备注", ""] for key, text in texts.items())]
    return _marks(_strange(lines))


@pytest.mark.parametrize(
    ("text", "opinion", "name"),
    [("同意。李立群\n2026年3月3日", "同意。", "李立群"), ("李立群\n2026年3月3日", "", "李立群")],
)
def test_a_name_without_the_word_to_sign_is_a_signature_in_doubt(text: str, opinion: str, name: str) -> None:
    marks = _boxes(leader=text)
    signature = marks["lending_leader", "signature"]
    assert (signature.present, signature.text, signature.review) == (None, name, True)
    assert marks["lending_leader", "opinion"].text == opinion
    assert marks["lending_leader", "opinion"].review
    assert marks["lending_leader", "date"].value == "2026-03-03"
    assert not marks["lending_leader", "date"].review


@pytest.mark.parametrize("text", ["同意", "同意借用", "情况属实，同意", "不同意", "拟同意，请区人社局审核"])
def test_an_opinion_alone_names_nobody(text: str) -> None:
    signature = _boxes(leader=text)["lending_leader", "signature"]
    assert (signature.present, signature.text, signature.review) == (False, "", False)


def test_a_printed_year_without_month_and_day_is_no_date() -> None:
    marks = _boxes(unit="同意\n签字：王立群\n2026年  月  日")
    assert marks["lending_unit", "opinion"].text == "同意"
    date = marks["lending_unit", "date"]
    assert (date.value, date.review) == (None, True)
