"""A blank in, an edition out: every field where it belongs, and what is filled reads back."""

from __future__ import annotations

import dataclasses
import io
from pathlib import Path

import docx
import docx.document
import openpyxl
import pytest
from docx.enum.table import WD_ROW_HEIGHT_RULE
from docx.shared import Mm, Pt
from lxml import etree

from forms.catalogue import Catalogue
from forms.definition import FormDefinition
from forms.errors import DefinitionError
from forms.loading import load_definition
from forms.record import Entry, Record
from parsers.document import Cell
from parsers.extracting import extract
from parsers.readers import docx as docx_reader
from parsers.readers import xlsx as xlsx_reader
from tests.parsers.building import add_table, word, workbook
from tests.writers.adopting.blanks import CATALOGUE, Blank, card, roster, stripped
from writers.adopting.defining import Wishes
from writers.adopting.drafting import Draft, draft_of, template_name
from writers.adopting.trying import NO_PDF, Trial, try_edition
from writers.errors import BlankUnknownError, OutputCheckFailedError
from writers.filling import fill

NONE = Wishes({}, {})
FORMS = ("attachment-1", "attachment-2", "attachment-3", "attachment-4", "attachment-5")


def written(draft: Draft, base: FormDefinition, folder: Path) -> FormDefinition:
    """The edition of a draft, in a folder of its own."""
    place = folder / base.form / "r2"
    place.mkdir(parents=True)
    (place / template_name(base, draft.format)).write_bytes(draft.content)
    (place / "definition.toml").write_text(draft.toml, encoding="utf-8")
    return load_definition(place)


def tried(draft: Draft, base: FormDefinition, folder: Path) -> Trial:
    return try_edition(written(draft, base, folder), (base,), on_paper=False)


def cells_of(draft: Draft) -> tuple[Cell, ...]:
    """The cells of the largest table of a draft."""
    read = docx_reader.read_bytes if draft.format == "docx" else xlsx_reader.read_bytes
    grids = [grid for page in read(draft.content).pages for grid in page.grids]
    return max((grid.cells for grid in grids), key=len)


def misplaced(draft: Draft, blank: Blank, *, is_card: bool) -> list[str]:
    """Keys whose tag does not stand in the cell (or, on a roster, the column) where it belongs."""
    cells = cells_of(draft)
    wrong = []
    for key, place in blank.wanted.items():
        tags = (f".{key} ", f"tick.{key}[", f"{{ {key}.")
        found = [(cell.row, cell.column) for cell in cells if any(tag in cell.text for tag in tags)]
        if not (place in found if is_card else any(column == place[1] for _, column in found)):
            wrong.append(key)
    return wrong


@pytest.mark.parametrize("form", FORMS)
def test_our_own_form_without_its_tags_gets_them_again(form: str, tmp_path: Path) -> None:
    base = CATALOGUE.find(form)
    draft = draft_of(stripped(base), base.file_format, base, "r2", NONE)
    assert draft.missing == ()
    assert draft.unknown == ()
    definition = written(draft, base, tmp_path)
    same = {"edition", "folder", "combined", "options", "template", "printed"}
    for item in dataclasses.fields(definition):
        if item.name not in same:
            assert getattr(definition, item.name) == getattr(base, item.name), item.name
    assert try_edition(definition, (base,), on_paper=False).faults == ()


@pytest.mark.parametrize("seed", range(1, 5))
def test_a_card_in_other_words_and_order(seed: int, tmp_path: Path) -> None:
    blank, base = card(seed), CATALOGUE.find("附件4")
    draft = draft_of(blank.content, "docx", base, "r2", NONE)
    assert misplaced(draft, blank, is_card=True) == []
    assert tried(draft, base, tmp_path).faults == ()


@pytest.mark.parametrize(("number", "file_format"), [(1, "docx"), (2, "xlsx"), (2, "docx"), (3, "xlsx"), (5, "xlsx")])
@pytest.mark.parametrize("seed", [1, 2])
def test_a_roster_in_other_words_and_order(seed: int, number: int, file_format: str, tmp_path: Path) -> None:
    blank, base = roster(seed, number, file_format), CATALOGUE.find(f"附件{number}")
    draft = draft_of(blank.content, file_format, base, "r2", NONE)
    assert misplaced(draft, blank, is_card=False) == []
    assert [one.label for one in draft.unknown] == ["户籍所在地"]
    assert tried(draft, base, tmp_path).faults == ()


def blank_card(*lines: tuple[str, ...], title: str = "借用人员审批表") -> bytes:
    def make(document: object) -> None:
        document.add_paragraph(title)  # type: ignore[attr-defined]  # as python-docx has it
        add_table(document, lines)  # type: ignore[arg-type]  # as above

    return word(make)


CARD = (("姓名", "", "性别", ""), ("民族", "", "政治面貌", ""), ("借出单位", "", "借入单位", ""))


def test_what_the_blank_does_not_have_is_said_and_left_out() -> None:
    base = CATALOGUE.find("附件4")
    draft = draft_of(blank_card(*CARD), "docx", base, "r2", NONE)
    said = {place.key for place in draft.places if place.scope != "box"} | {one.key for one in draft.missing}
    assert said == {item.key for item in base.fields} | {box.key for box in base.boxes}
    assert 'key = "phone"' not in draft.toml
    assert any(one.key == "start_date" and one.required for one in draft.missing)


def test_a_label_that_may_mean_two_fields_is_doubted_until_a_person_decides() -> None:
    base, lines = CATALOGUE.find("附件4"), (*CARD, ("职务", "", "籍贯", ""))
    draft = draft_of(blank_card(*lines), "docx", base, "r2", NONE)
    (place,) = [one for one in draft.places if one.label == "职务"]
    assert not place.sure
    assert place.doubts
    assert [one.label for one in draft.unknown] == ["籍贯"]
    wishes = Wishes({"职务": "borrowed_post"}, {"籍贯": ""})
    decided = draft_of(blank_card(*lines), "docx", base, "r2", wishes)
    (place,) = [one for one in decided.places if one.label == "职务"]
    assert (place.key, place.sure, place.doubts) == ("borrowed_post", True, ())
    assert decided.unknown == ()
    assert any(one.key == "extra_1" and one.label == "籍贯" for one in decided.places)


STRANGE = (
    ("姓  名", "", "所学专业", "", "学 校", ""),
    ("手机", "", "入学时间", "", "邮箱", ""),
    ("政治\n面貌", "", "生源地", "", "出生年月", "    年    月"),
    (
        "何时何地受过何种奖励或处分，请逐项写明时间、单位与名称，没有的写无，可以另附页说明",
        "",
        "民族",
        "",
        "邮政编码",
        "",
    ),
)
"""Labels that the form does not know, each behind the cell of one that it knows."""


def test_a_label_of_nobody_is_never_the_value_of_the_empty_cell_before_it(tmp_path: Path) -> None:
    base = CATALOGUE.find("附件4")
    draft = draft_of(blank_card(*STRANGE), "docx", base, "r2", NONE)
    made = written(draft, base, tmp_path)
    assert {"学校", "入学时间", "邮箱", "生源地", "邮政编码"} <= set(made.printed)
    assert not {"姓名", "所学专业", "手机"} & set(made.printed)
    assert try_edition(made, (base,), on_paper=False).faults == ()
    filled = [list(line) for line in STRANGE]
    filled[0][1], filled[1][5] = "周若云", "someone@example.org"
    (found,) = extract(docx_reader.read_bytes(blank_card(*map(tuple, filled))), Catalogue((made,)), made.form)
    values = {key: entry.value for key, entry in found.record.rows[0].items() if entry.value}
    assert values == {"name": "周若云"}
    assert any("someone@example.org" in one.message for one in found.findings), "what is nobody's is told"


@pytest.mark.parametrize(("row", "key", "value"), [(0, "school_major", "学校"), (2, "political_status", "邮箱")])
def test_such_a_label_written_into_a_cell_of_ours_is_read(row: int, key: str, value: str, tmp_path: Path) -> None:
    base = CATALOGUE.find("附件4")
    made = written(draft_of(blank_card(*STRANGE), "docx", base, "r2", NONE), base, tmp_path)
    filled = [list(line) for line in STRANGE]
    filled[0][1], filled[row][3 if key == "school_major" else 1] = "周若云", value
    (found,) = extract(docx_reader.read_bytes(blank_card(*map(tuple, filled))), Catalogue((made,)), made.form)
    entry = found.record.rows[0][key]
    assert (entry.value, entry.review) == (value, key != "school_major")


def test_guides_that_are_set_smaller_are_proved_as_they_are_printed(tmp_path: Path) -> None:
    def make(document: docx.document.Document) -> None:
        document.add_paragraph("借用人员审批表")
        add_table(document, [list(line) for line in STRANGE])
        document.styles["Normal"].font.size = Pt(14)
        for row in document.tables[0].rows:
            row.height, row.height_rule = Mm(6), WD_ROW_HEIGHT_RULE.EXACTLY

    base = CATALOGUE.find("附件4")
    draft = draft_of(word(make), "docx", base, "r2", NONE)
    assert tried(draft, base, tmp_path).faults == ()


HEADS = ("序 号", "姓  名", "用 工 单 位", "身份证号码", "岗位", "岗位类别", "到岗时间", "备 注")
LINE = ("填报单位：", "", "", "批准文号：", "", "备案时点：", "", "录入人邮箱：")
EXAMPLE = ("例", "张三", "海州区示例局", "320799199001011234", "驾驶员", "辅助性", "2024年1月1日", "见示例")


def sheet(*lines: tuple[str, ...]) -> bytes:
    return workbook([("海州区机关事业单位编外用工备案花名册",), *lines])


def test_a_row_that_holds_an_example_alone_is_cleared_and_stands_for_each_person(tmp_path: Path) -> None:
    base = CATALOGUE.find("附件5")
    draft = draft_of(sheet((*HEADS, "籍贯"), (*EXAMPLE, "某省某市"), ("合计",)), "xlsx", base, "r2", NONE)
    assert any("示例" in one for one in draft.remarks)
    texts = " ".join(cell.text for cell in cells_of(draft))
    assert not [word for word in ("张三", "示例局", "驾驶员", "见示例", "某省某市") if word in texts]
    assert tried(draft, base, tmp_path).faults == ()


@pytest.mark.slow
@pytest.mark.xdist_group("office")
def test_a_sheet_without_lines_is_an_edition_that_makes_no_pdf(tmp_path: Path) -> None:
    base = CATALOGUE.find("附件5")
    made = written(draft_of(sheet(HEADS, *(("",) * 8,) * 3), "xlsx", base, "r2", NONE), base, tmp_path)
    trial = try_edition(made, (base,))
    assert trial.faults == ()
    assert any(one.startswith(NO_PDF) for one in trial.remarks)
    assert trial.filled is not None
    with pytest.raises(OutputCheckFailedError):
        fill(made, trial.filled.record or Record(made.form, made.edition), as_format="pdf")


def test_a_line_of_labels_right_above_a_head_is_no_part_of_it(tmp_path: Path) -> None:
    base = CATALOGUE.find("附件5")
    draft = draft_of(sheet(LINE, HEADS, *(("",) * 8,) * 3), "xlsx", base, "r2", NONE)
    assert {(one.scope.value, one.key) for one in draft.places} >= {("header", "unit"), ("header", "as_of")}
    assert not [one for one in draft.places if one.group]
    assert tried(draft, base, tmp_path).faults == ()


def test_an_extra_field_is_filled_and_read(tmp_path: Path) -> None:
    base = CATALOGUE.find("附件2")
    blank = roster(1, 2, "xlsx")
    draft = draft_of(blank.content, "xlsx", base, "r2", Wishes({}, {"户籍所在地": "text"}))
    trial = tried(draft, base, tmp_path)
    assert trial.faults == ()
    assert trial.filled is not None
    assert trial.filled.record is not None
    assert all("extra_1" in row for row in trial.filled.record.rows)


def test_a_label_that_is_also_a_value_is_refused_on_a_card_and_taken_on_a_roster(tmp_path: Path) -> None:
    lines = (*CARD, ("学历", "", "其他", ""))
    for wishes in (Wishes({"其他": "note"}, {}), Wishes({}, {"其他": "text"})):
        with pytest.raises(DefinitionError, match=r"“其他”也是.*“学历学位”.*选项"):
            draft_of(blank_card(*lines), "docx", CATALOGUE.find("附件4"), "r2", wishes)
    base, heads = CATALOGUE.find("附件2"), ("序号", "用工单位", "姓名", "性别", "身份证号", "学历", "其他")
    blank = workbook((("编外用工清退汇总表",), heads, ("",) * len(heads)))
    unsure = draft_of(blank, "xlsx", base, "r2", NONE)
    assert [one.label for one in unsure.unknown] == ["其他"]
    decided = draft_of(blank, "xlsx", base, "r2", Wishes({"其他": "note"}, {}))
    assert decided.unknown == ()
    assert tried(decided, base, tmp_path).faults == ()


@pytest.mark.parametrize("seed", range(1, 5))
def test_a_card_as_a_workbook(seed: int, tmp_path: Path) -> None:
    blank, base = card(seed, "xlsx"), CATALOGUE.find("附件4")
    draft = draft_of(blank.content, "xlsx", base, "r2", NONE)
    assert misplaced(draft, blank, is_card=True) == []
    assert draft.missing == ()
    trial = tried(draft, base, tmp_path)
    assert (trial.faults, trial.remarks) == ((), ())


def test_long_texts_of_a_card_in_a_workbook_make_rows_taller_or_go_to_a_page_of_their_own(tmp_path: Path) -> None:
    base = CATALOGUE.find("附件4")
    made = written(draft_of(card(1, "xlsx").content, "xlsx", base, "r2", NONE), base, tmp_path)
    reason, note = "为推进示例片区征迁，需熟悉档案的人员。" * 60, "另有说明。" * 12
    person = {"name": Entry("周若云", "周若云"), "reason": Entry(reason, reason), "note": Entry(note, note)}
    filled = fill(made, Record(made.form, made.edition, {}, (person,)), print_mark=True)
    assert [(one.code, one.path) for one in filled.findings] == [("text-continued", "records[0].reason")]
    document = xlsx_reader.read_bytes(filled.content)
    assert document.pages[0].print_mark is not None, "the blank had no footer; the mark needs one"
    (found,) = extract(document, Catalogue((made,)), made.form)
    assert (found.record.rows[0]["reason"].value, found.record.rows[0]["note"].value) == (reason, note)
    sheet = openpyxl.load_workbook(io.BytesIO(filled.content)).active
    assert sheet is not None
    cell = next(cell for row in sheet.iter_rows() for cell in row if cell.value == note)
    lines = len(note) / (sheet.column_dimensions[cell.column_letter].width / 2)
    assert (sheet.row_dimensions[cell.row].height or 0) > lines * 11, "a row as tall as its text"


@pytest.mark.parametrize("ending", ["docx", "xlsx"])
def test_tags_of_another_program_s_template_give_their_room_back(ending: str) -> None:
    blank = card(1, ending)
    row, column = blank.wanted["name"]
    content = io.BytesIO()
    if ending == "docx":
        file = docx.Document(io.BytesIO(blank.content))
        paragraph = file.tables[0].cell(row, column).paragraphs[0]
        for part in ("{{", "姓", "名 }}"):
            paragraph.add_run(part)
        file.save(content)
    else:
        book = openpyxl.load_workbook(io.BytesIO(blank.content))
        book.worksheets[0].cell(row + 1, column + 1).value = "{{姓名 }}"
        book.save(content)
    draft = draft_of(content.getvalue(), ending, CATALOGUE.find("附件4"), "r2", NONE)
    assert misplaced(draft, blank, is_card=True) == []
    assert "去掉了原有的模板标记：{{姓名 }}" in draft.remarks


def test_a_form_of_one_person_that_is_quite_another_one_is_told_so() -> None:
    lines = (
        ("学号", "", "姓名", "", "性别", ""),
        ("民族", "", "政治面貌", "", "出生年月", ""),
        ("班级", "", "专业", "", "", ""),
    )
    base = CATALOGUE.find("附件4")
    for content, ending in (
        (workbook((("学生信息卡",), *lines)), "xlsx"),
        (blank_card(*lines, title="学生信息卡"), "docx"),
    ):
        assert draft_of(content, ending, base, "r2", NONE).remarks[0].startswith("这个文件像是另一种表")


@pytest.mark.parametrize("wishes", [Wishes({"职务": "nothing"}, {}), Wishes({}, {"籍贯": "no-such-type"})])
def test_a_wish_that_fits_nothing_is_refused(wishes: Wishes) -> None:
    with pytest.raises(DefinitionError):
        draft_of(blank_card(*CARD), "docx", CATALOGUE.find("附件4"), "r2", wishes)


def test_printed_words_are_never_written_over() -> None:
    draft = draft_of(blank_card(*CARD, ("联系电话", "见通讯录")), "docx", CATALOGUE.find("附件4"), "r2", NONE)
    assert any("见通讯录" in remark for remark in draft.remarks)
    assert any(cell.text == "见通讯录" for cell in cells_of(draft))


def test_another_paper_is_no_form_of_ours() -> None:
    with pytest.raises(BlankUnknownError):
        draft_of(blank_card(("订单号", "", "收货人", ""), title="收货单"), "docx", CATALOGUE.find("附件4"), "r2", NONE)


def test_tags_that_the_blank_brings_along_are_taken_out_and_a_piece_of_one_is_refused(tmp_path: Path) -> None:
    base = CATALOGUE.find("附件4")
    clean = draft_of(blank_card(*CARD, ("备注", "{{ record.__class__ }}")), "docx", base, "r2", NONE)
    assert any("record.__class__" in one for one in clean.remarks)
    assert not any("__class__" in cell.text for cell in cells_of(clean))
    draft = draft_of(blank_card(*CARD, ("备注", "{{ record.__class__")), "docx", base, "r2", NONE)
    assert any("别的程序" in one for one in draft.remarks)
    assert tried(draft, base, tmp_path).faults


def test_an_edition_whose_labels_name_the_wrong_fields_fails_its_trial(tmp_path: Path) -> None:
    base = CATALOGUE.find("附件4")
    draft = draft_of(stripped(base), "docx", base, "r2", NONE)
    one, other = 'label = "借出单位"', 'label = "借入单位"'
    swapped = draft.toml.replace(one, "label = X").replace(other, one).replace("label = X", other)
    assert tried(dataclasses.replace(draft, toml=swapped), base, tmp_path).faults


def test_a_draft_crosses_a_border_as_plain_data() -> None:
    base = CATALOGUE.find("附件2")
    draft = draft_of(stripped(base), "xlsx", base, "r2", NONE)
    assert Draft.from_plain(draft.to_plain(), draft.content) == draft


CHECKBOX = (
    '<w:sdt xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"><w:sdtPr><w14:checkbox>'
    '<w14:checked w14:val="0"/></w14:checkbox></w:sdtPr><w:sdtContent><w:r><w:t>☐</w:t></w:r></w:sdtContent></w:sdt>'
)


def test_boxes_to_tick_that_are_content_controls_become_tags(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("借用人员审批表")
    add_table(document, (*CARD, ("事由类别", "", "备注", "")))
    paragraph = document.tables[0].cell(3, 1).paragraphs[0]
    for word_ in ("区委区政府临时性重要任务  ", "重点工作  ", "阶段性季节性工作"):
        paragraph._p.append(etree.fromstring(CHECKBOX))
        paragraph.add_run(word_)
    target = io.BytesIO()
    document.save(target)
    base = CATALOGUE.find("附件4")
    draft = draft_of(target.getvalue(), "docx", base, "r2", NONE)
    (place,) = [one for one in draft.places if one.key == "reason_category"]
    assert (place.how, len(place.tags), place.doubts) == ("options", 3, ())
    assert tried(draft, base, tmp_path).faults == ()
