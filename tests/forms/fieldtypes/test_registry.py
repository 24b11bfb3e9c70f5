"""Types are made by name, and wrong names or options are told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from forms.fieldtypes.registry import TYPES, make_type


def test_equal_calls_give_the_same_type() -> None:
    assert make_type("coded", {"table": "sex", "detail": False}) is make_type(
        "coded", {"detail": False, "table": "sex"}
    )


def test_every_type_of_the_format_exists(root: Path) -> None:
    page = (root / "docs" / "formats" / "definition.md").read_text(encoding="utf-8")
    rows = [line.split("`")[1] for line in page.split("## Field types")[1].splitlines() if line.startswith("| `")]
    assert sorted(rows) == sorted(TYPES)


@pytest.mark.parametrize(
    ("name", "options", "said"),
    [
        ("txt", {}, "未知的类型 txt,是否为 text?"),
        ("text", {"max_lenght": 3}, "没有参数 max_lenght,是否为 max_length?"),
        ("text", {"_memory": {}}, "没有参数 _memory"),
        ("text", {"max_length": "3"}, "参数 max_length 不对"),
        ("text", {"max_length": True}, "参数 max_length 不对"),
        ("text", {"cliches": "工作需要"}, "参数 cliches 不对"),
        ("text", {"cliches": [1]}, "参数 cliches 不对"),
        ("text", {"multiline": 1}, "参数 multiline 不对"),
        ("integer", {"minimum": "0"}, "参数 minimum 不对"),
        ("coded", {}, "缺少参数 table"),
        ("coded", {"table": "sexes"}, "没有码表 sexes"),
    ],
    ids=repr,
)
def test_a_wrong_name_or_option_is_told(name: str, options: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError) as caught:
        make_type(name, options)
    assert said in str(caught.value)
