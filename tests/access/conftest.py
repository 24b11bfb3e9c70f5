"""The district of the access tests, made once a process."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.access.world import World, make_world


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Everybody signed in; nobody needs a second person."""
    made = make_world(tmp_path_factory.mktemp("world"), second_person=False)
    yield made
    made.runtime.close()
