"""Labels and values in running text."""

from __future__ import annotations

import pytest

from forms.catalogue import Catalogue
from parsers.document import Cell
from parsers.locating.running import RunningReader
from parsers.locating.vocabulary import Certainty, vocabulary_of


def read(text: str, form: str = "attachment-2") -> dict[str, tuple[str, bool]]:
    """What stands under each key, and whether its label was sure; ``""`` is what belongs to none."""
    reader = RunningReader(vocabulary_of(Catalogue.load().find(form)), person_too=False)
    return {
        one.meaning.keys[0] if one.meaning else "": (
            one.value,
            one.meaning is not None and one.meaning.certainty is Certainty.EXACT,
        )
        for one in reader.read([Cell(0, 0, text)])
    }


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("填报单位：海州区图书馆    2026年8月20日", "2026年8月20日"),
        ("填报单位：海州区图书馆 2026 年 8 月", "2026 年 8 月"),
        ("填报单位：海州区图书馆2026.8.20", "2026.8.20"),
        ("填报单位：海州区图书馆      二〇二六年八月二十日", "二〇二六年八月二十日"),
    ],
)
def test_a_day_behind_the_unit_is_no_part_of_its_name(text: str, day: str) -> None:
    assert read(text) == {"unit": ("海州区图书馆", True), "filled_on": (day, False)}


def test_a_second_day_puts_the_unit_in_doubt_and_is_kept() -> None:
    found = read("填报单位：海州区图书馆 2026年8月20日   填报日期：2026年8月21日")
    assert found == {
        "unit": ("海州区图书馆", False),
        "": ("2026年8月20日", False),
        "filled_on": ("2026年8月21日", True),
    }


@pytest.mark.parametrize("pages", ["第1页", "共3页", "第1页，共3页"])
def test_a_number_of_pages_behind_the_unit_is_none_of_the_form_s(pages: str) -> None:
    assert read(f"填报单位：海州区图书馆   {pages}") == {"unit": ("海州区图书馆", True), "": (pages, False)}


@pytest.mark.parametrize("unit", ["海州区2026年世界杯办公室", "某某局二〇二六", "海州区第三小学"])
def test_figures_in_a_unit_s_name_stay(unit: str) -> None:
    assert read(f"填报单位：{unit}") == {"unit": (unit, True)}


@pytest.mark.parametrize("bracket", ["（盖章）", "(公章)"])
def test_a_label_whose_colon_was_lost_behind_its_bracket_has_its_value(bracket: str) -> None:
    found = read(f"填报单位{bracket}海州区农业农村局 填报日期：2026年8月20日")
    assert found["unit"] == ("海州区农业农村局", True)
    assert found["filled_on"][0] == "2026年8月20日"
    assert "unit" not in read(f"某某意见{bracket}海州区农业农村局")
