"""Values of accepted forms come out of the store as they went in."""

from __future__ import annotations

import json
import math

import pytest

from forms.record import Value
from service.store.consolidating import head_values, row_from


@pytest.mark.parametrize(
    "value",
    ["许生", "", None, True, False, 1, 1.0, 0, -3.25, 12345678901234567890123, "无\n第二行", "a\ud800b", "\u2028"],
)
def test_a_value_comes_out_as_the_same_kind(value: Value) -> None:
    plain = {"name": {"value": value, "code": "01", "origin": "human", "review": True}}
    for found in (row_from(json.dumps(plain, ensure_ascii=False))["name"], head_values(plain)["name"]):
        assert (found.value, type(found.value)) == (value, type(value))
        assert (found.code, found.origin, found.review) == ("01", "human", True)


def test_what_older_rows_lack_is_not_made_up() -> None:
    found = row_from('{"name": {"value": "许生", "code": null, "origin": "ocr", "text": "许 生"}}')["name"]
    assert (found.code, found.review) == (None, False)


def test_a_number_that_json_has_no_sign_for() -> None:
    value = row_from('{"monthly_wage": {"value": NaN, "code": null, "origin": "digital"}}')["monthly_wage"].value
    assert isinstance(value, float)
    assert math.isnan(value)
