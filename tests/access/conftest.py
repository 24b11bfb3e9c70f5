"""The district of the access tests, made once a process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from service.runtime import Runtime, open_runtime
from service.settings import Settings
from tests.access.world import World, make_world


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Everybody signed in; nobody needs a second person."""
    made = make_world(tmp_path_factory.mktemp("world"), second_person=False)
    yield made
    made.runtime.close()


@pytest.fixture
def make_runtime(tmp_path: Path) -> Iterator[Callable[..., Runtime]]:
    """Makes installations of a test's own, with settings of its own."""
    made: list[Runtime] = []

    def make(**settings: Any) -> Runtime:
        runtime = open_runtime(replace(Settings(data_dir=tmp_path / "data", reserve_mib=1), **settings))
        made.append(runtime)
        return runtime

    yield make
    for runtime in made:
        runtime.close()
