"""What all tests share: where things lie, the catalogue, and how hard hypothesis tries."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from forms.catalogue import Catalogue

ROOT = Path(__file__).resolve().parent.parent

# Hundreds of processes of the program are started: compiled once, whatever the machine says of compiled files
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

settings.register_profile(
    "fast", max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("thorough", max_examples=1000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fast"))


def pytest_collection_finish() -> None:
    """What was imported stays: the collector need not walk through it again and again, a sixth of the whole time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def pytest_unconfigure() -> None:
    """At the end all of it may go, or packages in C++ complain of what was not given back."""
    gc.unfreeze()


@pytest.fixture(scope="session")
def root() -> Path:
    """The top folder of the project."""
    return ROOT


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    """The project's own forms."""
    return Catalogue.load()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """A PostgreSQL for all tests of a process, each with a database of its own; who kills one starts one."""
    from tests.jobs.contract.backends import server  # noqa: PLC0415  # the service is for those who need it

    with server("postgresql") as started:
        yield started.url
