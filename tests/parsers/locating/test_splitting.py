"""Cells that hold several fields are taken apart where they can be, and marked where they cannot."""

from __future__ import annotations

import pytest

from forms.definition import Combined
from parsers.locating.splitting import split

PERIOD = Combined(("start_date", "end_date", "months"), "借用期限", "period")
BIRTH = Combined(("birth_month", "age"), "出生年月（岁）", "birth-age")


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2026.3-2026.12", "2026.3", "2026.12"),
        ("2023.7-2024.6", "2023.7", "2024.6"),
        ("2024.1.1-2026.12.31", "2024.1.1", "2026.12.31"),
        ("2024.1.1—2026.12.31", "2024.1.1", "2026.12.31"),
        ("2024年1月至2026年12月", "2024年1月", "2026年12月"),
        ("自2024年1月1日起至2026年12月31日止", "2024年1月1日", "2026年12月31日"),
        ("20240101-20261231", "20240101", "20261231"),
        ("202401-202612", "202401", "202612"),
        ("2024-01-01至2026-12-31", "2024-01-01", "2026-12-31"),
        ("2024-01-01~2026-12-31", "2024-01-01", "2026-12-31"),
        ("2024-1-1 - 2026-12-31", "2024-1-1", "2026-12-31"),
        ("2024-1-1-2026-12-31", "2024-1-1", "2026-12-31"),
        ("2024-01-2026-12", "2024-01", "2026-12"),
        ("2024/1/1-2026/12/31", "2024/1/1", "2026/12/31"),
        ("2026-3-1/2026-8-31", "2026-3-1", "2026-8-31"),
        ("2024.1.1\n2026.12.31", "2024.1.1", "2026.12.31"),
        ("2026. 3. 1 - 2026. 8. 31", "2026. 3. 1", "2026. 8. 31"),
    ],
)
def test_both_ends(text: str, start: str, end: str) -> None:
    found = split(PERIOD, text)
    assert found.texts == {"start_date": start, "end_date": end, "months": ""}
    assert found.doubt == ""


@pytest.mark.parametrize(
    "text", ["2026年3月-12月", "2026年3月1日至8月31日", "2024.1-2", "2026年3月1日-31日", "2026年3月1日 至 任务结束"]
)
def test_an_end_without_a_year_is_not_made_up(text: str) -> None:
    found = split(PERIOD, text)
    assert "end_date" not in found.texts
    assert found.doubt == "period-unclear"


@pytest.mark.parametrize("text", ["2026年3-8月", "2025-2026", "一年", "2026,3,1-2026,8,31"])
def test_what_is_no_period_is_left_whole(text: str) -> None:
    found = split(PERIOD, text)
    assert found.texts["start_date"] == text
    assert found.doubt == "period-unclear"


def test_one_end() -> None:
    assert split(PERIOD, "2023年7月起").doubt == "period-end-missing"
    assert split(PERIOD, "至2026年8月31日").doubt == "period-start-missing"


@pytest.mark.parametrize(
    ("text", "start", "end", "doubt"),
    [
        ("自    年  月  日 至 2026年9月15日，共 3 个月", "", "2026年9月15日", "period-start-missing"),
        ("自____年__月__日至2026年9月15日止,共 3 个月", "", "2026年9月15日", "period-start-missing"),
        ("   年 月 日-2026年9月15日 3个月", "", "2026年9月15日", "period-start-missing"),
        ("自2026年3月1日至   年  月  日，共 3 个月", "2026年3月1日", "", "period-end-missing"),
    ],
)
def test_the_guide_of_an_end_that_was_left_open_is_no_day(text: str, start: str, end: str, doubt: str) -> None:
    found = split(PERIOD, text)
    assert found.texts == {"start_date": start, "end_date": end, "months": "3"}
    assert found.doubt == doubt


@pytest.mark.parametrize(
    "text", ["自   年 月 日2026年3月1日", "2026年3月1日 年 月 日", "自2026年  月  日至2026年9月1日"]
)
def test_a_day_beside_a_guide_is_doubted(text: str) -> None:
    assert split(PERIOD, text).doubt == "period-unclear"


@pytest.mark.parametrize(
    ("written", "months"),
    [("1000", "1000"), ("12000", "12000"), ("1.5", "1.5"), ("二百二十", "二百二十"), ("两", "两"), ("1,000", "")],
)
def test_a_number_of_months_is_never_a_piece_of_another(written: str, months: str) -> None:
    assert split(PERIOD, f"自2026年6月13日至2026年12月12日，共 {written} 个月").texts["months"] == months


@pytest.mark.parametrize("text", ["1968.01\n（51岁）", "1968.01（51）", "1968.01 51岁", "1968.01(51周岁)"])
def test_birth_and_age(text: str) -> None:
    assert split(BIRTH, text).texts == {"birth_month": "1968.01", "age": "51"}


@pytest.mark.parametrize("text", ["1978.04（48-岁）", "1978.04（4日岁)", "1978.04（四十八周岁）"])
def test_an_age_that_is_no_number_is_not_taken_for_none(text: str) -> None:
    found = split(BIRTH, text)
    assert found.doubt == "combined-unsplit"
    assert "age" not in found.texts


@pytest.mark.parametrize("text", ["1978.04（  岁）", "1978.04", "1978.04   岁", "1978年4月周岁", "1978.04（ ＿周岁"])
def test_no_age_is_none(text: str) -> None:
    assert split(BIRTH, text).texts["age"] == ""
