"""Coded values and answers of yes or no."""

from __future__ import annotations

import pytest

from forms.fieldtypes.base import Raw
from forms.fieldtypes.registry import make_type


@pytest.mark.parametrize(
    ("table", "raw", "name", "code"),
    [
        ("sex", "男", "男", "1"),
        ("sex", "1", "男", "1"),
        ("sex", 2, "女", "2"),
        ("sex", "1男", "男", "1"),
        ("sex", "男(1)", "男", "1"),
        ("sex", "☑男 □女", "男", "1"),
        ("sex", "□男 √女", "女", "2"),
        ("sex", "男√ 女□", "男", "1"),
        ("ethnicity", "汉族", "汉族", "01"),
        ("ethnicity", "01", "汉族", "01"),
        ("ethnicity", "1", "汉族", "01"),
        ("ethnicity", "汉 族", "汉族", "01"),
        ("ethnicity", "基诺族", "基诺族", "56"),
        ("political-status", "中共党员", "中共党员", "01"),
        ("political-status", "0 1", "中共党员", "01"),
        ("education", "本科", "大学本科", "21"),
        ("education", "大专", "大学专科", "31"),
        ("education", "中专", "中等专科", "41"),
        ("education", "高中", "普通高中", "61"),
        ("education", "大专肄业", "大学专科肄业", "33"),
        ("education", "21", "大学本科", "21"),
        ("education", "硕士研究生", "硕士研究生", "14"),
        ("employment-form", "劳务派遣（区代理处）", "劳务派遣(区代理处)", "1"),
        ("employment-form", "购买服务", "劳务外包/购买服务", "9"),
        ("funding", "全额拨款", "财政拨款", "1"),
        ("funding", "经费自理", "单位自筹", "4"),
        ("funding", "工资列指挥部", "项目(工程)经费", "5"),
        ("establishment-type", "事业（专技）", "事业(专技)", "4"),
        ("unit-kind", "F", "国有企业", "F"),
        ("loan-reason", "阶段性季节性工作", "阶段性、季节性工作任务难以完成", "3"),
    ],
    ids=repr,
)
def test_a_word_an_alias_or_a_code_is_the_full_name_with_its_code(table: str, raw: Raw, name: str, code: str) -> None:
    reading = make_type("coded", {"table": table}).read(raw)
    assert (reading.value, reading.code, reading.settled, reading.faults) == (name, code, True, ())


@pytest.mark.parametrize(
    ("table", "raw", "name"),
    [
        ("ethnicity", "汉", "汉族"),
        ("ethnicity", "毛难", "毛南族"),
        ("ethnicity", "崩龙族", "德昂族"),
        ("ethnicity", "僳僳族", "傈僳族"),
        ("political-status", "团员", "共青团员"),
        ("political-status", "民革", "民革党员"),
        ("employment-form", "临时工", "未签合同临时用工"),
    ],
)
def test_an_everyday_word_is_understood_with_a_hint_to_write_it_out(table: str, raw: str, name: str) -> None:
    reading = make_type("coded", {"table": table}).read(raw)
    assert (reading.value, reading.settled) == (name, True)
    assert [(fault.code, fault.severity, fault.suggestion) for fault in reading.faults] == [("F-6", "info", name)]


@pytest.mark.parametrize(
    ("table", "raw", "candidates"),
    [
        ("education", "研究生", ("博士研究生", "硕士研究生", "研究生班")),
        ("education", "大学", ("大学本科", "大学专科", "大学普通班")),
        ("political-status", "党员", ("中共党员", "中共预备党员")),
        ("employment-form", "劳务派遣", ("劳务派遣(区代理处)", "劳务派遣(其他机构)")),
        ("employment-form", "派遣制", ("劳务派遣(区代理处)", "劳务派遣(其他机构)")),
        ("employment-form", "雇员", ("单位直签劳动合同", "未签合同临时用工")),
        ("establishment-type", "事业编制", ("事业(管理)", "事业(专技)")),
        ("sex", "2男", ("女", "男")),
        ("sex", "☑男 ☑女", ("男", "女")),
        ("sex", "未知", ()),
        ("sex", "男/女", ()),
        ("sex", "0", ()),
        ("sex", "9", ()),
        ("ethnicity", "汉旅", ("汉族",)),
        ("ethnicity", "57", ()),
    ],
)
def test_a_word_of_several_meanings_or_none_is_left_to_a_person(
    table: str, raw: str, candidates: tuple[str, ...]
) -> None:
    reading = make_type("coded", {"table": table}).read(raw)
    assert (reading.settled, reading.code, reading.candidates) == (False, None, candidates)
    assert [fault.code for fault in reading.faults] == ["F-6"]


@pytest.mark.parametrize("raw", ["□男 □女", "男□ 女□", "□男　□女", "☐男\n☐女"])
def test_options_with_no_tick_are_an_empty_cell(raw: str) -> None:
    assert make_type("coded", {"table": "sex"}).read(raw).value == ""


@pytest.mark.parametrize(
    ("table", "raw", "code"),
    [
        ("dismissal-method", "合同期满终止（2026年7月31日到期）", "1"),
        ("dismissal-method", "本人辞职(个人原因)", "4"),
        ("dismissal-method", "单位解除(不胜任)", "3"),
        ("dismissal-method", "其他：死亡", "9"),
        ("education", "大学本科（学士）", "21"),
        ("change", "离岗,2026年7月31日", "4"),
    ],
)
def test_free_words_may_follow_a_name_and_stay_as_written(table: str, raw: str, code: str) -> None:
    reading = make_type("coded", {"table": table, "detail": True}).read(raw)
    assert (reading.value, reading.code, reading.settled) == (raw, code, True)


@pytest.mark.parametrize(
    ("raw", "candidates"),
    [
        ("协商解除合同并补偿", ("协商解除",)),
        ("本人辞职未批准", ("本人辞职",)),
        ("本人辞职、协商解除", ("本人辞职",)),
        ("解除合同（双方同意）", ("协商解除", "单位解除")),
    ],
)
def test_words_that_run_on_are_left_to_a_person(raw: str, candidates: tuple[str, ...]) -> None:
    reading = make_type("coded", {"table": "dismissal-method", "detail": True}).read(raw)
    assert (reading.value, reading.settled, reading.candidates) == (raw, False, candidates)


def test_a_closed_list_is_offered() -> None:
    assert make_type("coded", {"table": "sex"}).choices() == ("男", "女")
    assert make_type("coded", {"table": "sex"}).alphabet() == frozenset("男女性")
    assert make_type("coded", {"table": "education", "detail": True}).alphabet() is None
    assert make_type("yes_no").choices() == ("是", "否")


@pytest.mark.parametrize(
    "raw", ["是", "有", "√", "✓", "Y", "yes", "已签", "已签订", "是。", True, "☑是 □否", "是☑ 否□", "是√ 否□"], ids=repr
)
def test_yes(raw: Raw) -> None:
    assert make_type("yes_no").read(raw).value is True


@pytest.mark.parametrize("raw", ["否", "没有", "×", "N", "未签", "未签订", False, "□是 ☑否", "是□ 否√"], ids=repr)
def test_no(raw: Raw) -> None:
    assert make_type("yes_no").read(raw).value is False


@pytest.mark.parametrize("raw", ["是否", "不详", "1", "☑是 ☑否", "部分", "是,2024年签", "是/否", "无"])
def test_neither_yes_nor_no(raw: str) -> None:
    reading = make_type("yes_no").read(raw)
    assert not reading.settled
    assert reading.value == raw


def test_nothing_may_mean_no_or_not_applicable() -> None:
    reading = make_type("yes_no").read("无")
    assert (reading.value, reading.settled, reading.candidates) == ("无", False, ("否", "/"))


@pytest.mark.parametrize("raw", ["是（五险）", "否，正在办理", "是\n海组干〔2024〕5号"])
def test_words_after_an_answer_are_kept_as_written(raw: str) -> None:
    reading = make_type("yes_no", {"detail": True}).read(raw)
    assert (reading.value, reading.settled, reading.faults) == (raw, True, ())


def test_a_detail_without_an_answer_is_kept_with_a_notice() -> None:
    reading = make_type("yes_no", {"detail": True}).read("海组干〔2024〕5号")
    assert (reading.value, reading.settled, reading.faults[0].severity) == ("海组干〔2024〕5号", True, "info")
