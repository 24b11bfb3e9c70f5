"""Document numbers with misread brackets."""

from __future__ import annotations

import pytest

from parsers.scan.docnumbers import has_odd_brackets, with_office_space, with_year_brackets


@pytest.mark.parametrize(
    "read",
    [
        "海组借C\n2026]63号",
        "海组借C202663号",
        "海组借〔2026〕63号",
        "海组借202663号",
        "海组借12026〕63号",
        "海组借|2026〕63号",
        "海组借\nC\n2026]63\n号",
    ],
)
def test_the_number_is_proposed_as_it_is_printed(read: str) -> None:
    assert with_year_brackets(f"是，{read}") == "是，海组借〔2026〕63号"


@pytest.mark.parametrize("text", ["2026年63号", "科员", "幸福路2026弄3号楼", "海组借〔2026〕号", "共202603人"])
def test_other_text_stays(text: str) -> None:
    assert with_year_brackets(text) == text


@pytest.mark.parametrize(
    "text", ["海组借C2026〕78号", "海组借〔2026C78号", "海组借〔2026 78号", "海组借2026〕7号", "海组借〔2026)7号"]
)
def test_a_year_with_one_bracket_or_two_kinds_is_doubted(text: str) -> None:
    assert has_odd_brackets(f"是，{text}")


@pytest.mark.parametrize(
    "text", ["海组借〔2026〕78号", "海组借 (2026) 7 号", "(2026年)5号", "2026年3月5号", "海组借2026 7号"]
)
def test_a_year_with_its_brackets_or_with_none_is_not(text: str) -> None:
    assert not has_odd_brackets(f"是，{text}")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("海州区民政局海编外〔2022〕6号", "海州区民政局 海编外〔2022〕6号"),
        ("板浦镇人民政府板政发(2024)12号", "板浦镇人民政府 板政发(2024)12号"),
        ("海州区民政局 海编外〔2022〕6号", "海州区民政局 海编外〔2022〕6号"),
        ("海编办海编外〔2022〕6号", "海编办海编外〔2022〕6号"),
        ("海州区民政局办公会2026年8月5日研究同意", "海州区民政局办公会2026年8月5日研究同意"),
    ],
)
def test_a_gap_stands_between_an_office_and_its_number(text: str, wanted: str) -> None:
    assert with_office_space(text) == wanted
