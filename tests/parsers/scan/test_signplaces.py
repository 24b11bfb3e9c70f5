"""Which rows of cells ask for a seal and a day, by what is left of the words in one of them."""

from __future__ import annotations

import pytest

from parsers.scan.signplaces import _DAY_LEFT


@pytest.mark.parametrize("text", ["2026年8月12日", "202:3月9日", "2020月4日", "202年5", "202青2日", "2026月2日。"])
def test_what_is_left_of_a_day_is_known(text: str) -> None:
    assert _DAY_LEFT.fullmatch(text)


@pytest.mark.parametrize("text", ["同意", "3个月", "自2026年3月1日起借用", "12", "海编外〔2014〕3号", "满30日可续聘"])
def test_other_words_are_no_day(text: str) -> None:
    assert not _DAY_LEFT.fullmatch(text)
