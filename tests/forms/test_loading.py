"""A definition is read strictly: every fault with its place, all at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from forms.catalogue import Catalogue
from forms.errors import DefinitionError
from forms.loading import load_definition

GOOD = """
form = "attachment-9"
edition = "r1"
number = 9
title = "示例花名册"
layout = "roster"
template = "附件9.xlsx"

[[header]]
key = "unit"
label = "填报单位"
type = "unit"

[[field]]
key = "name"
label = "姓名"
type = "name"
required = "R"
synonyms = ["人员姓名"]
example = "张明远"

[[field]]
key = "contract_start"
label = "起"
group = "合同期限"
type = "day"
ambiguous = ["聘期"]

[[field]]
key = "contract_end"
label = "止"
group = "合同期限"
type = "day"
type_options = { open_ended = true }

[[field]]
key = "term_start"
label = "起"
group = "派遣期限"
type = "day"

[[combined]]
label = "合同起止"
keys = ["contract_start", "contract_end"]
split = "period"

[[box]]
key = "unit_seal"
label = "填报单位意见"
parts = ["seal", "date"]
unit_field = "unit"

[[box]]
key = "supervisor_seal"
label = "主管部门意见"
parts = ["seal"]
same_as = "unit_seal"

[[total]]
key = "unit"
label = "合计"
how = "count"
"""


def written(root: Path, text: str) -> Path:
    folder = root / "templates" / "attachment-9" / "r1"
    folder.mkdir(parents=True)
    (folder / "definition.toml").write_text(text, encoding="utf-8")
    return folder


def test_a_good_definition_loads_whole(tmp_path: Path) -> None:
    definition = load_definition(written(tmp_path, GOOD))
    assert (definition.form, definition.number, definition.file_format, definition.copies) == (
        "attachment-9",
        9,
        "xlsx",
        3,
    )
    assert [field.key for field in definition.fields] == ["name", "contract_start", "contract_end", "term_start"]
    start = definition.field("contract_start")
    assert start is not None
    assert (start.group, start.label, start.ambiguous) == ("合同期限", "起", ("聘期",))
    assert definition.boxes[1].same_as == "unit_seal"
    assert definition.combined[0].keys == ("contract_start", "contract_end")


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("number = 9", "nubmer = 9", "nubmer: 未知的键,是否为 number?"),
        ("number = 9", "", "number: 缺少此键"),
        ("number = 9", 'number = "9"', "number: 应为正整数"),
        ('form = "attachment-9"', 'form = "attachment-8"', "form: 应与文件夹名 attachment-9 相同"),
        ('edition = "r1"', 'edition = "r2"', "edition: 应与文件夹名 r1 相同"),
        ('layout = "roster"', 'layout = "table"', "layout: 应为 roster、card 之一"),
        ('template = "附件9.xlsx"', 'template = "../附件9.xlsx"', "template: 应为同一文件夹中的 .docx 或 .xlsx 文件名"),
        ('template = "附件9.xlsx"', 'template = "附件9.doc"', "template: 应为同一文件夹中的"),
        ('title = "示例花名册"', 'title = ""', "title: 不能为空"),
        ('title = "示例花名册"', 'title = "示例花名册"\nlandscape = "yes"', "landscape: 应为 true 或 false"),
        ('title = "示例花名册"', 'title = "示例花名册"\naliases = [1]', "aliases: 应为非空文本的列表"),
        (
            'title = "示例花名册"',
            'title = "示例花名册"\n[options]\nleader_layer = 1',
            "options.leader_layer: 应为 true 或 false",
        ),
        ('type = "name"', 'type = "nmae"', "field[0].type: 未知的类型 nmae,是否为 name?"),
        ('type = "name"', "", "field[0].type: 缺少此键"),
        ('type = "name"', 'type = "coded"\ntype_options = { table = "sexes" }', "field[0].type: 没有码表 sexes"),
        ("{ open_ended = true }", "{ open = true }", "field[2].type: 类型 day 没有参数 open"),
        ("{ open_ended = true }", "{ open_ended = 1 }", "field[2].type: 类型 day 的参数 open_ended 不对"),
        ('key = "name"', 'key = "Name"', "field[0].key: 键由小写字母"),
        ('key = "name"', 'key = "contract_start"', "field[1].key: 键 contract_start 已用于 field[0]"),
        ('required = "R"', 'required = "X"', "field[0].required: 应为 R、C、O 之一"),
        ('required = "R"', 'sensitivity = "secret"', "field[0].sensitivity: 应为 general、important、sensitive 之一"),
        ('required = "R"', 'calculated = "sum"', "field[0].calculated: 应为"),
        ('required = "R"', "width_mm = -1", "field[0].width_mm: 应为正数"),
        ('required = "R"', 'lable = "x"', "field[0].lable: 未知的键,是否为 label?"),
        ('example = "张明远"', 'example = "1"', "field[0].example: 示例本身有误"),
        ('synonyms = ["人员姓名"]', 'synonyms = ["姓 名："]', "field[0]: 名称“姓 名：”归一后为“姓名”,已用于同一处"),
        (
            'synonyms = ["人员姓名"]',
            'synonyms = ["合同期限起"]',
            "field[1]: 名称“合同期限起”归一后为“合同期限起”,已用于field[0]",
        ),
        ('synonyms = ["人员姓名"]', 'synonyms = ["合同起止（日期）", "合同起止"]', "combined[0]: 名称“合同起止”"),
        ('group = "派遣期限"', 'group = "合同期限"', "field[3]: 名称“合同期限起”"),
        ('ambiguous = ["聘期"]', 'ambiguous = ["人员姓名"]', "field[1].ambiguous: “人员姓名”已是 field[0] 的确定名称"),
        (
            'keys = ["contract_start", "contract_end"]',
            'keys = ["contract_start", "end"]',
            "combined[0].keys: 没有字段 end",
        ),
        ('keys = ["contract_start", "contract_end"]', 'keys = ["name"]', "combined[0].keys: 至少要有两个键"),
        ('split = "period"', 'split = "days"', "combined[0].split: 应为 period"),
        ('unit_field = "unit"', 'unit_field = "units"', "box[0].unit_field: 没有字段 units"),
        (
            'unit_field = "unit"',
            'unit_field = "unit"\nunit_names = ["区委组织部"]',
            "box[0]: unit_field 与 unit_names 只能有一个",
        ),
        ('same_as = "unit_seal"', 'same_as = "seal"', "box[1].same_as: 没有方框 seal"),
        ('same_as = "unit_seal"', 'same_as = "supervisor_seal"', "box[1].same_as: 没有方框 supervisor_seal"),
        ('parts = ["seal"]', 'parts = ["stamp"]', "box[1].parts: 只能是 opinion"),
        ('parts = ["seal"]', "parts = []", "box[1].parts: 不能为空"),
        ('label = "主管部门意见"', 'label = "填报单位意见"', "box[1]: 名称“填报单位意见”"),
        ('key = "supervisor_seal"', 'key = "unit_seal"', "box[1].key: 键 unit_seal 已用于 box[0]"),
        ('how = "count"', 'how = "mean"', "total[0].how: 应为 count 或 sum:<键>"),
        ('how = "count"', 'how = "sum:wage"', "total[0].how: 没有字段 wage"),
        ('key = "unit"\nlabel = "合计"', 'key = "sum"\nlabel = "合计"', "total[0].key: 没有字段 sum"),
        ("[[total]]", "[total]", "total: 应写作 [[total]]"),
        (GOOD, "number = ", "不是合法的 TOML"),
        (GOOD, 'form = "attachment-9"', "field: 至少要有一个 [[field]]"),
    ],
    ids=repr,
)
def test_a_wrong_definition_is_told_with_file_and_place(tmp_path: Path, old: str, new: str, fault: str) -> None:
    assert old in GOOD
    folder = written(tmp_path, GOOD.replace(old, new, 1))
    with pytest.raises(DefinitionError) as caught:
        load_definition(folder)
    assert f"templates/attachment-9/r1/definition.toml: {fault}" in caught.value.message_zh


def test_all_faults_come_at_once(tmp_path: Path) -> None:
    text = GOOD.replace("number = 9", "").replace('type = "name"', 'type = "x"').replace('how = "count"', 'how = "x"')
    with pytest.raises(DefinitionError) as caught:
        load_definition(written(tmp_path, text))
    assert len(caught.value.detail["faults"].splitlines()) == 3


def test_on_a_card_a_box_and_a_field_may_not_share_a_label(tmp_path: Path) -> None:
    text = GOOD.replace('"roster"', '"card"').replace('label = "主管部门意见"', 'label = "姓名"')
    with pytest.raises(DefinitionError, match="box\\[1\\]: 名称“姓名”"):
        load_definition(written(tmp_path, text))


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match="没有这个文件"):
        load_definition(tmp_path)


def test_a_catalogue_tells_the_faults_of_all_its_files(tmp_path: Path) -> None:
    written(tmp_path, GOOD.replace("number = 9", ""))
    other = tmp_path / "templates" / "attachment-8" / "r1"
    other.mkdir(parents=True)
    (other / "definition.toml").write_text("x = 1", encoding="utf-8")
    with pytest.raises(DefinitionError) as caught:
        Catalogue.load(tmp_path / "templates")
    assert "attachment-8/r1/definition.toml" in caught.value.message_zh
    assert "attachment-9/r1/definition.toml" in caught.value.message_zh
