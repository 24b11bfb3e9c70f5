"""The district of the tests of progress."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from service.runtime import Runtime
from tests.service.operations.progress.district import District


@pytest.fixture
def district(make_runtime: Callable[..., Runtime]) -> District:
    return District(make_runtime(year=2026))
