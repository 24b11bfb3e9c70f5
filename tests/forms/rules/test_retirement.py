"""Legal retirement ages, delayed step by step from 2025."""

from __future__ import annotations

import datetime as dt

import pytest

from forms.rules.law import retirement_day


@pytest.mark.parametrize(
    ("birth", "sex", "early", "retires"),
    [
        ("1964-12-31", "男", False, "2024-12-31"),
        ("1965-01-10", "男", False, "2025-02-10"),
        ("1965-04-10", "男", False, "2025-05-10"),
        ("1965-05-10", "男", False, "2025-07-10"),
        ("1976-08-10", "男", False, "2039-07-10"),
        ("1976-09-10", "男", False, "2039-09-10"),
        ("1990-09-10", "男", False, "2053-09-10"),
        ("1970-01-10", "女", False, "2025-02-10"),
        ("1981-09-10", "女", False, "2039-09-10"),
        ("1974-12-10", "女", True, "2024-12-10"),
        ("1975-02-10", "女", True, "2025-03-10"),
        ("1975-03-10", "女", True, "2025-05-10"),
        ("1984-11-10", "女", True, "2039-11-10"),
        ("1990-11-10", "女", True, "2045-11-10"),
    ],
)
def test_the_day_of_retirement(birth: str, sex: str, early: bool, retires: str) -> None:  # noqa: FBT001 - a parameter of the table
    assert retirement_day(dt.date.fromisoformat(birth), sex, early=early) == dt.date.fromisoformat(retires)
