"""Every spelling of a date that forms-reference §0.4 and the ledgers of its §2 name, and those that must not pass."""

from __future__ import annotations

import datetime as dt

import pytest

from forms.fieldtypes.base import Raw
from forms.fieldtypes.registry import make_type

DAY = make_type("day")
MONTH = make_type("month")
OPEN = make_type("day", {"open_ended": True})


@pytest.mark.parametrize(
    "raw",
    [
        "2024-7-1",
        "2024-07-01",
        "2024.7.1",
        "2024.07.01",
        "2024.07.01.",
        "2024/7/1",
        "2024年7月1日",
        "2024年07月01日",
        "2024 年 7 月 1 日",
        "2024年 7月 1号",
        "20240701",
        "二〇二四年七月一日",
        "二○二四年七月一日",
        "二零二四年七月一日",
        "贰零贰肆年柒月壹日",
        "２０２４年７月１日",
        "２０２４．０７．０１",
        "2024—7—1",
        "2024、7、1",
        "2024 7 1",
        "2024-07-01 00:00:00",
        "2024-07-01T00:00:00",
        "2024/7/1 0:00",
        "2024年7月1日星期一",
        "2024年7月1日(周一)",
        "自2024年7月1日起",
        "2024年7\n月1日",
        45474,
        45474.0,
        45474.5,
        20240701,
        dt.date(2024, 7, 1),
        dt.datetime(2024, 7, 1),  # noqa: DTZ001 - cells of a workbook have no zone
        dt.datetime(2024, 7, 1, 8, 30),  # noqa: DTZ001 - workbooks know no time zones
    ],
    ids=repr,
)
def test_a_day_is_read_in_any_spelling(raw: Raw) -> None:
    reading = DAY.read(raw)
    assert (reading.value, reading.settled, reading.faults) == ("2024-07-01", True, ())
    assert MONTH.read(raw).value == "2024-07"


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("二〇一五年十二月三十一日", "2015-12-31"),
        ("二〇一五年十月二十日", "2015-10-20"),
        ("二〇一五年三月廿一日", "2015-03-21"),
        ("2024.2.29", "2024-02-29"),
    ],
    ids=repr,
)
def test_other_days(raw: str, value: str) -> None:
    assert DAY.read(raw).value == value


@pytest.mark.parametrize(
    "raw",
    [
        "2015年3月",
        "2015.3",
        "2015.03",
        "2015-3",
        "2015/3",
        "201503",
        "二〇一五年三月",
        "2015年3月份",
        2015.3,
        201503,
        "2015年3月__日",
        "2015年3月上旬",
    ],
    ids=repr,
)
def test_a_month_where_a_day_is_due_stays_a_month(raw: Raw) -> None:
    reading = DAY.read(raw)
    assert (reading.value, reading.settled) == ("2015-03", False)
    assert reading.faults[0].code == "F-12"
    assert reading.faults[0].suggestion == "2015年3月__日"
    assert DAY.write(reading.value) == "2015年3月"


@pytest.mark.parametrize("raw", ["1990.3", "1990.03", "1990年3月", "199003", "1990-03-05", "1990/3", 1990.3], ids=repr)
def test_a_month_is_read_and_printed_with_a_point(raw: Raw) -> None:
    reading = MONTH.read(raw)
    assert (reading.value, reading.settled) == ("1990-03", True)
    assert MONTH.write(reading.value) == "1990.03"


def test_a_day_is_printed_without_leading_zeros() -> None:
    assert DAY.write("2024-07-01") == "2024年7月1日"


@pytest.mark.parametrize(
    ("raw", "candidates"),
    [
        ("15年3月1日", ("2015-03-01",)),
        ("15.3.1", ("2015-03-01",)),
        ("240701", ("2024-07-01",)),
        ("7/15/2024", ("2024-07-15",)),
        ("7/1/2024", ("2024-07-01", "2024-01-07")),
        ("45474", ("2024-07-01",)),
        ("35.3.1", ("2035-03-01", "1935-03-01")),
        (20247, ("2024-07", "1955-06-07")),
        (2015.1, ("2015-01", "2015-10")),
    ],
    ids=repr,
)
def test_what_may_be_several_dates_is_left_to_a_person(raw: Raw, candidates: tuple[str, ...]) -> None:
    reading = DAY.read(raw)
    assert not reading.settled
    assert reading.candidates == candidates
    assert reading.value == reading.text


@pytest.mark.parametrize(
    "raw",
    [
        "2024年2月30日",
        "2023.2.29",
        "2024-13-01",
        "2024.1.2.3",
        "2月30日",
        "2024",
        "2024年",
        "去年七月",
        "2024.7.1-2025.6.30",
        "2023.7-2024.6",
        "0001-01-01",
        "9999-12-31",
        "长期",
        "至今",
        "入职时",
        True,
        float("nan"),
        7,
        "2024-7.1",
        "20240732",
    ],
    ids=repr,
)
def test_no_day_is_made_up(raw: Raw) -> None:
    reading = DAY.read(raw)
    assert not reading.settled
    assert [fault.code for fault in reading.faults] == ["F-12"]
    assert reading.value in {"至今", "长期", reading.text}


@pytest.mark.parametrize(
    "guide",
    ["年 月 日", "    年  月  日", "____年__月__日", "20__年__月__日", "20  年  月  日", "年  月", "＿＿年＿月＿日"],
)
def test_a_bare_guide_is_an_empty_cell(guide: str) -> None:
    assert DAY.read(guide).value == ""
    assert MONTH.read(guide).value == ""
    assert DAY.read(guide).settled


@pytest.mark.parametrize(
    ("raw", "value"),
    [("至今", "至今"), ("长期", "长期"), ("无固定期限", "无固定"), ("长期有效", "长期"), (" 至 今 ", "至今")],
    ids=repr,
)
def test_an_open_end_is_a_value_only_where_the_form_allows_it(raw: str, value: str) -> None:
    assert OPEN.read(raw).value == value
    assert OPEN.read(raw).settled
    assert not DAY.read(raw).settled


def test_october_in_a_text_cell_is_october() -> None:
    assert MONTH.read("2015.10").value == "2015-10"
    assert MONTH.read("2015.10").settled
    assert MONTH.read(2015.11).value == "2015-11"


def test_checking_a_number_as_a_day_is_a_fault() -> None:
    assert DAY.check(45474)[0].code == "F-12"
