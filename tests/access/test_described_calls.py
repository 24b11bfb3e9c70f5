"""Schemathesis over the description as three roles: no server error, and no answer that is not described.

``HZFORMS_TEST_EXAMPLES`` sets how many examples a call gets (2; the nightly run takes 200).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import status_code_conformance

from service.access.matrix import Role
from service.api.operations_table import OPERATIONS
from tests.access.world import World, make_world

pytestmark = pytest.mark.xdist_group("described")  # one district for all tests of a process
EXAMPLES = int(os.environ.get("HZFORMS_TEST_EXAMPLES", "2"))
FEW = 2
MODES = {
    Role.LIAISON: (GenerationMode.NEGATIVE,),
    Role.DEPARTMENT: (GenerationMode.POSITIVE,),
    Role.SYSTEM: (GenerationMode.POSITIVE,),
}
"""With few examples each role tries one kind of them; ``test_description`` tries both at the local desk."""
LEFT_OUT = frozenset({"streamJob", "signOut", "signIn", "stepUp"})
"""A stream lasts as long as its job; the others end or renew the session with which the calls are made."""
COOKIE = "hzforms_session"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A district of these tests' own."""
    made = make_world(tmp_path_factory.mktemp("described"))
    yield made
    made.runtime.close()


@pytest.fixture(scope="module")
def described(place: World) -> schemathesis.BaseSchema:
    """The API as its description tells it to somebody who is signed in."""
    return schemathesis.openapi.from_dict(place.call(Role.LIAISON, "GET", "/api/v1/openapi.json").get_json())


@pytest.mark.parametrize("role", list(MODES))
@pytest.mark.parametrize("name", [item.name for item in OPERATIONS if item.name not in LEFT_OUT])
def test_a_role_gets_only_described_answers(
    place: World, described: schemathesis.BaseSchema, name: str, role: Role
) -> None:
    wanted = next(item for item in OPERATIONS if item.name == name)
    described.app = place.app
    cookie = place.clients[role].get_cookie(COOKIE)
    assert cookie is not None
    for mode in MODES[role] if EXAMPLES <= FEW else (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):

        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(case=described[wanted.path][wanted.method].as_strategy(generation_mode=mode))
        def call(case: schemathesis.Case[Any]) -> None:
            # No token beside the cookie: what Schemathesis draws for one would be refused before anything is tried
            case.headers.pop("Authorization", None)
            answer = case.call_and_validate(
                headers={"X-CSRF-Token": place.csrf[role], "Authorization": ""},
                cookies={COOKIE: cookie.value},
                checks=[not_a_server_error, status_code_conformance],
            )
            assert b'"sign-in-needed"' not in answer.content, "the person is signed in"

        try:
            call()
        except Unsatisfiable:
            continue  # a call without parameters cannot be made otherwise
