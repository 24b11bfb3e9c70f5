"""An installation in a temporary folder, its application, and the worker's next step."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from service.application import create_app
from service.jobs.worker import run_next
from service.runtime import Runtime, open_runtime
from service.settings import Settings


@pytest.fixture(scope="session", autouse=True)
def _data_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What the command line keeps while it is tested goes into no installation's data folder."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HZFORMS_DATA_DIR", str(tmp_path_factory.mktemp("cli")))
        yield


@pytest.fixture(scope="session")
def shared_runtime(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runtime]:
    """One installation for all tests of a process: its children load their libraries once."""
    runtime = open_runtime(Settings(data_dir=tmp_path_factory.mktemp("data"), fill_inline=3, reserve_mib=1))
    yield runtime
    runtime.close()


@pytest.fixture
def make_runtime(tmp_path: Path) -> Iterator[Callable[..., Runtime]]:
    """Makes installations of a test's own, with settings of its own."""
    made: list[Runtime] = []

    def make(**settings: object) -> Runtime:
        runtime = open_runtime(replace(Settings(data_dir=tmp_path / "data", reserve_mib=1), **settings))  # type: ignore[arg-type]  # by name
        made.append(runtime)
        return runtime

    yield make
    for runtime in made:
        runtime.close()


@pytest.fixture
def app(shared_runtime: Runtime) -> Flask:
    return create_app(shared_runtime)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def work(shared_runtime: Runtime) -> Callable[[], None]:
    """Runs all jobs that are due."""

    def work() -> None:
        while run_next(shared_runtime):
            pass

    return work
