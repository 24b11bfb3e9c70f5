"""``make golden`` (``--golden``) writes the expected results anew; CI refuses the flag."""

from __future__ import annotations

import os

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--golden", action="store_true", help="write the expected results anew")


@pytest.fixture
def is_rewriting(request: pytest.FixtureRequest) -> bool:
    """Whether goldens are to be written."""
    rewriting = bool(request.config.getoption("--golden", default=False))
    assert not (rewriting and os.environ.get("CI")), "goldens are rewritten by a person, never in CI"
    return rewriting
