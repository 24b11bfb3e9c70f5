"""One installation of each kind for all tests of the contract."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest

from service.store.database import wal_is_safe
from tests.jobs.contract.backends import Backend, backend

NO_WAL = f"SQLite {sqlite3.sqlite_version} has the WAL-reset fault: the program itself uses no WAL with it"
NAMES = ("sqlite-delete", "sqlite-wal", "postgres", "celery-redis", "celery-rabbit")


def kind(name: str) -> object:
    """A parameter whose tests share a process, and so its servers."""
    marks = [pytest.mark.xdist_group(f"jobs-{name}")]
    if name == "sqlite-wal" and not wal_is_safe():
        marks.append(pytest.mark.skip(reason=NO_WAL))
    if name == "sqlite-delete" and wal_is_safe():
        marks.append(pytest.mark.skip(reason="this SQLite has no fault in its WAL: the program itself uses that"))
    return pytest.param(name, marks=marks)


@pytest.fixture(scope="session", params=[kind(name) for name in NAMES])
def place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Backend]:
    folder = tmp_path_factory.mktemp(request.param)
    with backend(request.param, folder, lambda: str(request.getfixturevalue("postgresql"))) as made:
        made.start_worker()
        yield made


@pytest.fixture
def working(place: Backend) -> Backend:
    """The same with its worker at work, whatever the test before did to it."""
    place.start_worker()
    return place


@pytest.fixture
def ringing(working: Backend) -> Backend:
    """Those that have a broker."""
    if working.broker is None:
        pytest.skip("has no broker")
    return working
