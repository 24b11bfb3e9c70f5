"""A database that takes connections and says nothing, or that somebody else holds: each request ends, and soon."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bench.faults.installation import all_of
from tests.jobs.contract.backends import new_database
from tests.jobs.contract.backends import server as server_of
from tests.journeys.server import Server

pytestmark = pytest.mark.xdist_group("jobs-postgres")
PATIENCE = 1.0
MOST_SECONDS = 2 * PATIENCE + 5.0 + 3.0
"""One vain question, one vain connection (five seconds), and a busy machine."""
AT_ONCE = 0.9


def answered(server: Server, path: str) -> tuple[int, str, str | None, float]:
    """Status, code, ``Retry-After`` and seconds of a request."""
    began = time.monotonic()
    try:
        with urllib.request.urlopen(server.address + path, timeout=40) as answer:
            return answer.status, "", None, time.monotonic() - began
    except urllib.error.HTTPError as fault:
        code = json.load(fault)["code"]
        return fault.code, code, fault.headers["Retry-After"], time.monotonic() - began


def uploaded(server: Server) -> int:
    try:
        server.upload(b"%PDF-1.4 one", "one.pdf")
    except urllib.error.HTTPError as fault:
        return fault.code
    return 202


def require_turned_away(server: Server, *, writes_only: bool = False) -> None:
    """The first to ask waits for their patience, the next one hardly."""
    began = time.monotonic()
    assert uploaded(server) == 503
    assert time.monotonic() - began < MOST_SECONDS
    began = time.monotonic()
    assert uploaded(server) == 503
    assert time.monotonic() - began < AT_ONCE
    if not writes_only:
        assert answered(server, "/api/v1/documents")[:3] == (503, "database-unavailable", "5")
    assert answered(server, "/healthz")[0] == 200


def require_back(server: Server) -> None:
    """It is there again within a few seconds, by itself."""
    until = time.monotonic() + 15
    while (found := uploaded(server)) != 202 and time.monotonic() < until:
        time.sleep(0.2)
    assert found == 202
    assert answered(server, "/api/v1/documents")[0] == 200


@contextmanager
def serving(folder: Path, **settings: str) -> Iterator[Server]:
    server = Server(folder / "data", "--no-worker", wait_seconds=str(PATIENCE), **settings)
    try:
        yield server
    finally:
        server.stop()


def test_a_server_that_stands_still_costs_one_wait(tmp_path: Path) -> None:
    with server_of("postgresql") as machine, serving(tmp_path, database=new_database(machine.url)) as server:
        assert uploaded(server) == 202
        stopped = all_of(machine)
        for pid in stopped:
            os.kill(pid, signal.SIGSTOP)
        try:
            require_turned_away(server)
        finally:
            for pid in stopped:
                os.kill(pid, signal.SIGCONT)
        require_back(server)


def test_a_file_that_another_process_holds_costs_one_wait(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        assert uploaded(server) == 202
        other = sqlite3.connect(tmp_path / "data" / "service.db", isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        try:
            require_turned_away(server, writes_only=sqlite3.sqlite_version_info >= (3, 51, 3))  # readers go on with WAL
        finally:
            other.execute("ROLLBACK")
            other.close()
        require_back(server)
