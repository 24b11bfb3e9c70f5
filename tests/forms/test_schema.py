"""The schemas of a form admit what the form admits."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema_rs import Draft202012Validator, ValidationError, meta

from forms.catalogue import Catalogue
from forms.schema import data_schema, header_schema, record_schema
from tests import strategies

CATALOGUE = Catalogue.load()
FORMS = [item.form for item in CATALOGUE.definitions]


@pytest.mark.parametrize("form", FORMS)
@given(data=st.data())
def test_normal_values_are_valid(form: str, data: st.DataObject) -> None:
    definition = CATALOGUE.find(form)
    plain: Any = data.draw(strategies.plain_data(definition))
    for schema, value in (
        (record_schema(definition), plain["records"]),
        (header_schema(definition), [plain["header"]]),
    ):
        meta.validate(schema)
        for item in value:
            Draft202012Validator({**schema, "required": []}).validate(item)
    meta.validate(data_schema(definition))
    Draft202012Validator(data_schema(definition)).validate(plain)


@pytest.mark.parametrize("form", FORMS)
def test_an_unknown_key_is_not_valid(form: str) -> None:
    definition = CATALOGUE.find(form)
    with pytest.raises(ValidationError):
        Draft202012Validator(data_schema(definition)).validate({"form": form, "records": [{"nmae": "王芳"}]})


def test_required_fields_are_named() -> None:
    assert {"name", "id_number"} <= set(record_schema(CATALOGUE.find("attachment-2"))["required"])
