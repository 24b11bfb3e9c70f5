"""What was accepted is read, whoever is killed in between."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import time
import urllib.error
from collections.abc import Callable, Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.server import Server
from tests.service.making import filled

StartServer = Callable[..., Server]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[StartServer]:
    started: list[Server] = []

    def start(*arguments: str, **settings: str) -> Server:
        server = Server(tmp_path / "data", *arguments, **settings)
        started.append(server)
        return server

    yield start
    for server in started:
        server.stop()


def test_an_upload_outlives_a_server_that_is_killed_right_after_it(start: StartServer) -> None:
    server = start("--no-worker")
    entry = server.upload(filled("attachment-4"), "退回.docx")
    server.kill()
    again = start()
    found = again.wait_for(entry["href"], "read", "partial", "failed")
    assert found["state"] == "read"
    assert found["sha256"] == entry["sha256"]


def held_up(worker: int, do: Callable[[], list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """Do something while the worker stands still, holds whatever it claims and cannot end it.

    Stopped in the midst of a write it holds the database as well, which is answered 503: then once more, a bit later.
    """
    while True:
        os.kill(worker, signal.SIGSTOP)
        try:
            return do()
        except urllib.error.HTTPError as fault:
            if fault.code != HTTPStatus.SERVICE_UNAVAILABLE:
                raise
            fault.close()
        finally:
            os.kill(worker, signal.SIGCONT)
        time.sleep(0.2)


def test_a_job_whose_worker_is_killed_is_run_again_and_nothing_is_lost(start: StartServer) -> None:
    server = start(lease_seconds="2")
    worker = server.worker()
    entries = held_up(worker, lambda: [server.upload(filled("attachment-4", "pdf"), f"{n}.pdf") for n in range(3)])
    until = time.monotonic() + 20
    while time.monotonic() < until:
        if any(server.get(f"/api/v1/jobs/{entry['job']}")["state"] == "running" for entry in entries):
            break
    os.kill(worker, signal.SIGKILL)
    for entry in entries:
        assert server.wait_for(entry["href"], "read", "partial", "failed")["state"] == "read"
        assert server.wait_for(f"/api/v1/jobs/{entry['job']}", "done")["state"] == "done"
    assert server.worker() != worker


def test_the_server_ends_when_it_is_asked_to_and_its_worker_with_it(start: StartServer) -> None:
    server = start()
    worker = server.worker()
    assert server.stop() == 0
    until = time.monotonic() + 10
    while Path(f"/proc/{worker}").exists() and time.monotonic() < until:
        time.sleep(0.1)
    assert not Path(f"/proc/{worker}").exists()


def raw(server: Server, request: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", server.port), 20) as connection:
        connection.sendall(request)
        answer = b""
        # A server that refuses what is still being sent may cut the line after its answer
        with contextlib.suppress(ConnectionResetError):
            while chunk := connection.recv(65536):
                answer += chunk
    return answer


def test_bodies_that_lie_about_their_size_are_answered_in_json(start: StartServer) -> None:
    server = start("--no-worker", request_limit_mib="1")
    head = f"POST /api/v1/documents HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nConnection: close\r\n".encode()
    form = b"Content-Type: multipart/form-data; boundary=x\r\n"
    too_large = raw(server, head + form + b"Content-Length: 3000000\r\n\r\n")
    assert b" 413 " in too_large.split(b"\r\n")[0]
    assert b"application/problem+json" in too_large
    assert b'"too-large"' in too_large
    chunk = b"186a0\r\n" + b"x" * 100_000 + b"\r\n"
    chunked = raw(server, head + form + b"Transfer-Encoding: chunked\r\n\r\n" + chunk * 11)
    assert b" 413 " in chunked.split(b"\r\n")[0]
    assert b'"too-large"' in chunked
    part = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n%PDF-1.4 x\r\n--x--\r\n'
    small = b"%x\r\n" % len(part) + part + b"\r\n0\r\n\r\n"
    assert b" 202 " in raw(server, head + form + b"Transfer-Encoding: chunked\r\n\r\n" + small).split(b"\r\n")[0]
    listed: dict[str, Any] = server.get("/api/v1/documents")
    assert len(listed["documents"]) == 1
