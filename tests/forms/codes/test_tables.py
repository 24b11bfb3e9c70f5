"""Code tables are complete, name their standard, and are read strictly."""

from __future__ import annotations

from pathlib import Path

import pytest

from forms.codes import load_table, table_names
from forms.codes.tables import read_table


@pytest.mark.parametrize("name", table_names())
def test_every_word_of_a_table_finds_its_own_line(name: str) -> None:
    table = load_table(name)
    assert table.standard
    for code in table.codes:
        for word in (code.name, *code.aliases, *code.informal):
            found = table.find(word)
            assert found is not None
            assert found.code is code
        assert table.name_of(code.code) == code.name
        assert table.code_of(code.name) == code.code
        by_code = table.find(code.code)
        assert by_code is not None
        assert by_code.code is code
    for item in table.unsettled:
        found = table.find(item.text)
        assert found is not None
        assert (found.code, found.candidates) == (None, item.candidates)


def test_every_table_of_the_format_page_exists(root: Path) -> None:
    page = (root / "docs" / "formats" / "definition.md").read_text(encoding="utf-8")
    listed = page.split("Tables: `")[1].split("`")[0].split()
    assert sorted(listed) == list(table_names())


def test_all_peoples_are_there() -> None:
    codes = [code.code for code in load_table("ethnicity").codes]
    assert codes == [f"{number:02d}" for number in [*range(1, 57), 97, 98]]


def test_education_codes_count_up_for_those_who_left_early() -> None:
    table = load_table("education")
    assert [table.name_of(code) for code in ("11", "12", "13", "28", "73", "83", "90")] == [
        "博士研究生",
        "博士研究生结业",
        "博士研究生肄业",
        "大学普通班",
        "初中肄业",
        "小学肄业",
        "其他",
    ]


def test_a_table_that_does_not_exist_is_told_with_those_that_do() -> None:
    with pytest.raises(ValueError, match="可用:assessment-grade"):
        load_table("../sex")


def test_every_fault_of_a_table_comes_at_once(tmp_path: Path) -> None:
    path = tmp_path / "wrong.toml"
    path.write_text(
        """
        standrad = "x"
        [[code]]
        code = "1"
        name = "男"
        aliases = "男性"
        [[code]]
        code = "1"
        name = "男 "
        [[code]]
        name = ""
        code = 3
        [[unsettled]]
        text = "人"
        candidates = ["女"]
        [[unsettled]]
        text = "谁"
        candidates = []
        """,
        encoding="utf-8",
    )
    with pytest.raises(ValueError) as caught:
        read_table(path)
    said = str(caught.value)
    for fault in (
        "wrong.toml: standrad: 未知的键,是否为 standard?",
        "wrong.toml: standard: 缺少此键",
        "wrong.toml: code[0].aliases: 应为非空文本的列表",
        "wrong.toml: code[1].code: 编码 1 重复",
        "wrong.toml: code[1]: “男 ”已用于 code[0]",
        "wrong.toml: code[2].code: 应为文本",
        "wrong.toml: code[2].name: 不能为空",
        "wrong.toml: unsettled[0].candidates: 码表中没有 女",
        "wrong.toml: unsettled[1].candidates: 不能为空",
    ):
        assert fault in said


def test_a_table_that_is_no_toml_is_told(tmp_path: Path) -> None:
    path = tmp_path / "wrong.toml"
    path.write_text("standard =", encoding="utf-8")
    with pytest.raises(ValueError, match=r"wrong\.toml"):
        read_table(path)
