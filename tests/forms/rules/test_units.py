"""What names of units tell."""

from __future__ import annotations

import pytest

from forms.rules.units import UnitKind, full_names, is_same_unit, kind_of, looks_like

DIRECTORY = ("海州区人力资源和社会保障局", "海州区教育局", "中共海州区委组织部", "海州区财政局", "板浦镇人民政府")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("海州区教育局", UnitKind.DEPARTMENT),
        ("区委组织部", UnitKind.DEPARTMENT),
        ("区行政审批局(数据局)", UnitKind.DEPARTMENT),
        ("海州区人民法院", UnitKind.DEPARTMENT),
        ("区政府办公室", UnitKind.DEPARTMENT),
        ("海州区示例路网建设指挥部", UnitKind.HEADQUARTERS),
        ("浦南镇人民政府", UnitKind.TOWN),
        ("新海街道办事处", UnitKind.TOWN),
        ("海州经济开发区管委会", UnitKind.TOWN),
        ("岗埠农场", UnitKind.TOWN),
        ("板浦镇中心卫生院", UnitKind.SUBORDINATE),
        ("新浦中学", UnitKind.SUBORDINATE),
        ("浦南镇便民服务中心", UnitKind.SUBORDINATE),
        ("区劳动保障事务代理处", UnitKind.SUBORDINATE),
        ("瀛洲集团", UnitKind.COMPANY),
        ("某某", UnitKind.UNKNOWN),
    ],
)
def test_the_words_of_a_name_tell_its_kind(name: str, kind: UnitKind) -> None:
    assert kind_of(name) is kind


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("区人社局", "海州区人力资源和社会保障局"),
        ("中共连云港市海州区委员会组织部", "区委组织部"),
        ("新海街道", "新海街道办事处"),
        ("浦南镇", "浦南镇人民政府"),
    ],
)
def test_short_and_long_names_are_one_unit(one: str, other: str) -> None:
    assert is_same_unit(one, other)


@pytest.mark.parametrize(
    ("one", "other"), [("区教育局", "区财政局"), ("新海街道", "新南街道"), ("", ""), ("", "区教育局")]
)
def test_other_names_are_other_units(one: str, other: str) -> None:
    assert not is_same_unit(one, other)


@pytest.mark.parametrize(
    ("short", "first"),
    [
        ("区人社局", "海州区人力资源和社会保障局"),
        ("区委组织部", "中共海州区委组织部"),
        ("海州教育局", "海州区教育局"),
        ("板浦镇", "板浦镇人民政府"),
    ],
)
def test_a_short_form_finds_its_full_name(short: str, first: str) -> None:
    assert full_names(short, DIRECTORY)[0] == first


def test_a_name_like_none_finds_none() -> None:
    assert full_names("上海某某大学", DIRECTORY) == ()


def test_a_misread_seal_looks_like_its_unit_and_another_office_does_not() -> None:
    assert looks_like("海州区救育局", "海州区教育局")
    assert not looks_like("海州区水利局", "海州区示例中心小学")
