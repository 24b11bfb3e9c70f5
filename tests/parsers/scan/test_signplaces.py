"""Which rows of cells ask for a seal and a day, by what is left of the words in one of them."""

from __future__ import annotations

import pytest

from parsers.scan.signatures import SIGNING
from parsers.scan.signplaces import _DAY_LEFT, _is_label


@pytest.mark.parametrize("text", ["2026年8月12日", "202:3月9日", "2020月4日", "202年5", "202青2日", "2026月2日。"])
def test_what_is_left_of_a_day_is_known(text: str) -> None:
    assert _DAY_LEFT.fullmatch(text)


@pytest.mark.parametrize("text", ["同意", "3个月", "自2026年3月1日起借用", "12", "海编外〔2014〕3号", "满30日可续聘"])
def test_other_words_are_no_day(text: str) -> None:
    assert not _DAY_LEFT.fullmatch(text)


@pytest.mark.parametrize(("text", "asks"), [("续签：0人", False), ("签：", True), ("本人签名", True), ("续签:", False)])
def test_a_contract_that_is_renewed_asks_for_no_signature(text: str, *, asks: bool) -> None:
    assert (SIGNING.search(text) is not None) is asks


@pytest.mark.parametrize(
    ("text", "is_label"), [("审批单位及文号", False), ("审批意见", True), ("审批意见/批准文号", False)]
)
def test_a_column_for_numbers_of_documents_is_no_place_to_sign(text: str, *, is_label: bool) -> None:
    assert _is_label(text) is is_label
