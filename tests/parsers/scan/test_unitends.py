"""What units are called at their end."""

from __future__ import annotations

import pytest

from parsers.scan.unitends import ends_as_a_unit


@pytest.mark.parametrize(
    "name", ["海州区教育局", "新海街道办事处（本级）", "海州区妇联", "第一小学 (东校区)", "某某公司"]
)
def test_a_whole_name_ends_as_a_unit(name: str) -> None:
    assert ends_as_a_unit(name)


@pytest.mark.parametrize("name", ["海州区城市管理", "海州区劳动保障事务代理", "", "（本级）"])
def test_a_name_that_broke_off_does_not(name: str) -> None:
    assert not ends_as_a_unit(name)
