"""Counts, money and running numbers as people write them."""

from __future__ import annotations

import pytest

from forms.fieldtypes.base import Raw
from forms.fieldtypes.registry import make_type
from forms.record import Value

MONEY = make_type("money")
COUNT = make_type("integer")
ORDINAL = make_type("ordinal")
COMPENSATION = make_type("compensation")


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("1,234.50", 1234.5),
        ("¥3200", 3200),
        ("￥3,200.00", 3200),
        ("3200元", 3200),
        ("3200元/月", 3200),
        ("人民币3200元整", 3200),
        ("0.32万元", 3200),
        ("1.2万", 12000),
        ("３２００", 3200),
        ("3 200", 3200),
        ("32\n00", 3200),
        ("壹仟贰佰元整", 1200),
        ("叁元伍角", 3.5),
        ("壹万零伍拾元叁角贰分", 10050.32),
        ("三千二百", 3200),
        ("一万二千", 12000),
        (3200.0, 3200),
        (3200.5600000000004, 3200.56),
        ("0", 0),
    ],
    ids=repr,
)
def test_money_is_read(raw: Raw, value: float) -> None:
    reading = MONEY.read(raw)
    assert (reading.value, reading.settled) == (value, True)


@pytest.mark.parametrize(
    "raw",
    [
        "-500",
        "约3000",
        "3000-3500",
        "3,20",
        "1.234,50",
        "3 20",
        "三千多",
        "一百五",
        "一万二",
        "$300",
        "3200.555",
        True,
        "1e5",
    ],
    ids=repr,
)
def test_doubtful_money_is_left_to_a_person(raw: Raw) -> None:
    reading = MONEY.read(raw)
    assert not reading.settled
    assert reading.faults[0].code == "F-13"


def test_money_is_printed_in_plain_figures() -> None:
    assert [MONEY.write(amount) for amount in (3200, 3200.0, 3200.5, 0)] == ["3200", "3200", "3200.50", "0"]


def test_cents_are_a_warning_where_wages_are_whole() -> None:
    reading = make_type("money", {"whole": True}).read("3200.5")
    assert (reading.value, reading.settled, reading.faults[0].severity) == (3200.5, True, "warning")


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("12人", 12),
        ("12 名", 12),
        ("6个月", 6),
        ("十二", 12),
        ("二十", 20),
        ("两人", 2),
        ("12.0", 12),
        (12.0, 12),
        ("1,200", 1200),
    ],
    ids=repr,
)
def test_a_count_is_read(raw: Raw, value: int) -> None:
    assert COUNT.read(raw).value == value
    assert COUNT.read(raw).settled


@pytest.mark.parametrize("raw", ["12.5", "-3", "约12", "12-15", "十几", 12.5, "半"], ids=repr)
def test_a_doubtful_count_is_left_to_a_person(raw: Raw) -> None:
    assert not COUNT.read(raw).settled


def test_a_count_out_of_its_range_is_a_fault() -> None:
    age = make_type("integer", {"minimum": 16, "maximum": 120})
    assert [bool(age.check(value)) for value in (15, 16, 120, 121)] == [True, False, False, True]


@pytest.mark.parametrize("raw", ["1", "1.", "1、", "(1)", "（1）", "①", "001", "一", 1, 1.0], ids=repr)
def test_a_running_number_is_read(raw: Raw) -> None:
    assert ORDINAL.read(raw).value == 1


@pytest.mark.parametrize("raw", ["0", "合计", "1.5", -1], ids=repr)
def test_what_is_no_running_number(raw: Raw) -> None:
    assert not ORDINAL.read(raw).settled


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("是", True),
        ("否", False),
        ("未支付", False),
        ("12000元", 12000),
        ("是，12000元", 12000),
        ("是（1.2万元）", 12000),
        ("无", "无"),
        (5000, 5000),
        (True, True),
        ("☑是 □否", True),
    ],
    ids=repr,
)
def test_compensation_is_an_answer_or_an_amount(raw: Raw, value: Value) -> None:
    reading = COMPENSATION.read(raw)
    assert (reading.value, reading.settled) == (value, True)
    assert isinstance(reading.value, bool) == isinstance(value, bool)


def test_no_and_an_amount_contradict_each_other() -> None:
    assert not COMPENSATION.read("否,5000元").settled
