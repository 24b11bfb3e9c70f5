"""The description of the API against the application that is there."""

from __future__ import annotations

import re
from typing import Any

import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from openapi_spec_validator import validate
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error

from service.api.operations_table import OPERATIONS
from service.application import create_app
from service.runtime import Runtime


def test_the_description_is_valid_openapi(client: FlaskClient) -> None:
    validate(client.get("/api/v1/openapi.json").get_json())


def test_every_route_is_described_and_every_description_has_its_route(app: Flask) -> None:
    routes = {
        (method.lower(), re.sub(r"<(?:\w+:)?(\w+)>", "{}", rule.rule.removeprefix("/api/v1")))
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    described = {(item.method, re.sub(r"\{\w+\}", "{}", item.path)) for item in OPERATIONS}
    assert routes == described


def test_every_call_of_the_description_has_a_name_of_its_own() -> None:
    assert len({item.name for item in OPERATIONS}) == len(OPERATIONS)


def test_the_readable_page_shows_every_call(client: FlaskClient) -> None:
    page = client.get("/api/docs").get_data(as_text=True)
    for item in OPERATIONS:
        assert f'id="{item.name}"' in page


@pytest.fixture(scope="module")
def described(shared_runtime: Runtime) -> schemathesis.BaseSchema:
    """The API as its own description tells it, called in this process."""
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", create_app(shared_runtime))


# A stream of events lasts as long as its job; test_fills looks at one
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["as-described", "otherwise"])
@pytest.mark.parametrize("name", [item.name for item in OPERATIONS if item.name != "streamJob"])
def test_whatever_is_sent_no_call_ends_in_a_server_error(
    described: schemathesis.BaseSchema, name: str, mode: GenerationMode
) -> None:
    wanted = next(item for item in OPERATIONS if item.name == name)

    @settings(max_examples=5, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(case=described[wanted.path][wanted.method].as_strategy(generation_mode=mode))
    def call(case: schemathesis.Case[Any]) -> None:
        case.call_and_validate(checks=[not_a_server_error])

    try:
        call()
    except Unsatisfiable:
        pytest.skip("a call without parameters cannot be made otherwise")
