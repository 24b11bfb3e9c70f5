"""One running program and one browser for all tests of the pages."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.desk.desk import Desk, open_desk

CHROMIUM = Path("/usr/bin/chromium")
PATIENT_MS = 20_000
"""So long a page may take to show what is expected, on a machine with a lot to do."""
expect.set_options(timeout=PATIENT_MS)
NOTHING_OUTSIDE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--references", action="store_true", help="write the pictures of the pages anew")


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The program over the district, everybody signed in."""
    opened = open_desk(tmp_path_factory.mktemp("desk"))
    yield opened
    opened.server.stop()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A browser that finds no address but this machine's; a process drives one at a time."""
    arguments = [NOTHING_OUTSIDE, "--lang=zh-CN", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield browser
        browser.close()
