"""Who sends a byte now and then is answered and cut off, and costs nobody else anything."""

from __future__ import annotations

import contextlib
import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.server import Server

ALLOWED = 1.0
"""Seconds the server of these tests gives a sender."""
PATIENCE = ALLOWED + 6.0
"""By then it must have acted: it looks once a second, and the machine may be busy."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("slow")
    server = Server(folder / "data", "--no-worker", slow_seconds=str(ALLOWED), slow_bytes="1000")
    yield server
    server.stop()


def head(server: Server, length: int) -> bytes:
    return (
        f"POST /api/v1/documents HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n"
        f"Content-Type: multipart/form-data; boundary=x\r\nContent-Length: {length}\r\n\r\n"
    ).encode()


def drip(server: Server, quickly: bytes, slowly: bytes, pause: float = 0.1) -> tuple[bytes, float]:
    """Send some bytes at once and the others one by one; returns what came back until the end, and the seconds."""
    began = time.monotonic()
    with socket.create_connection(("127.0.0.1", server.port), 10) as connection:
        connection.sendall(quickly)
        connection.settimeout(pause)
        answer = b""
        for number in range(int(PATIENCE / pause)):
            with contextlib.suppress(OSError):
                connection.sendall(slowly[number % len(slowly) :][:1])
            try:
                chunk = connection.recv(65536)
            except TimeoutError:
                continue
            except ConnectionResetError:
                chunk = b""
            answer += chunk
            if not chunk:
                return answer, time.monotonic() - began
    raise AssertionError("the connection was not closed")


def problem_in(answer: bytes) -> dict[str, str]:
    lines, _, body = answer.partition(b"\r\n\r\n")
    assert lines.startswith((b"HTTP/1.1 408 ", b"HTTP/1.0 408 "))
    assert b"application/problem+json" in lines
    problem: dict[str, str] = json.loads(body)
    return problem


def test_a_head_that_never_ends_is_answered_408(server: Server) -> None:
    answer, seconds = drip(server, b"GET /healthz HTTP/1.1\r\n", b"X-Header: abcdefghijklmnopqrstuvwxyz\r\n")
    assert problem_in(answer)["code"] == "request-timeout"
    assert seconds >= ALLOWED


def test_a_body_of_a_few_bytes_a_second_is_answered_408_in_both_languages(server: Server) -> None:
    answer, seconds = drip(server, head(server, 100_000), b"x")
    problem = problem_in(answer)
    assert problem["code"] == "request-timeout"
    assert "重新发送" in problem["message_zh"]
    assert "send it again" in problem["message_en"]
    assert seconds >= ALLOWED


def test_having_sent_much_is_no_leave_to_stop(server: Server) -> None:
    answer, _ = drip(server, head(server, 3_000_000) + b"x" * 2_000_000, b"x")
    assert problem_in(answer)["code"] == "request-timeout"


def test_blank_lines_keep_no_connection(server: Server) -> None:
    answer, _ = drip(server, b"\r\n", b"\r\n")
    assert answer == b""


def test_a_sender_that_is_slow_but_keeps_the_pace_is_heard(server: Server) -> None:
    body = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n%PDF-1.4 '
    body += b"x" * 8_000 + b"\r\n--x--\r\n"
    with socket.create_connection(("127.0.0.1", server.port), 10) as connection:
        connection.sendall(head(server, len(body)))
        for start in range(0, len(body), 1000):  # twice as long as it may fall behind
            connection.sendall(body[start : start + 1000])
            time.sleep(0.25)
        assert connection.recv(65536).startswith(b"HTTP/1.1 202 ")


def test_hundreds_of_idle_and_dripping_connections_shut_nobody_out(server: Server) -> None:
    with contextlib.ExitStack() as held:
        others = [held.enter_context(socket.create_connection(("127.0.0.1", server.port), 10)) for number in range(250)]
        for number, connection in enumerate(others):
            connection.sendall((b"", b"GET / HT", head(server, 5_000) + b"x")[number % 3])
        slowest = 0.0
        for _ in range(10):
            began = time.monotonic()
            assert server.get("/healthz")["status"] == "ok"
            slowest = max(slowest, time.monotonic() - began)
        assert slowest < 2
        until = time.monotonic() + PATIENCE
        for connection in others[2::3]:
            connection.settimeout(max(0.1, until - time.monotonic()))
            assert connection.recv(65536).startswith(b"HTTP/1.1 408 ")


def open_remains(server: Server) -> list[Path]:
    """The files without a name that the server holds open: bodies too large for memory."""
    found = []
    for link in Path(f"/proc/{server.process.pid}/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):  # closed in between
            if "(deleted)" in str(link.readlink()):
                found.append(link)
    return found


def test_a_body_left_half_way_leaves_no_file(server: Server) -> None:
    with socket.create_connection(("127.0.0.1", server.port), 10) as connection:
        connection.sendall(head(server, 3_000_000) + b"x" * 1_000_000)
        until = time.monotonic() + PATIENCE
        while not open_remains(server) and time.monotonic() < until:
            time.sleep(0.05)
        assert open_remains(server)
        assert connection.recv(65536).startswith(b"HTTP/1.1 408 ")
    until = time.monotonic() + PATIENCE
    while open_remains(server) and time.monotonic() < until:
        time.sleep(0.05)
    assert not open_remains(server)


@pytest.mark.parametrize("header", ["X-Forwarded-For: 10.1.2.3", "Forwarded: for=10.1.2.3", "X-Forwarded-Proto: https"])
def test_what_came_through_a_proxy_that_was_not_announced_is_not_from_this_machine(server: Server, header: str) -> None:
    for more, status in (("", b"200"), (f"{header}\r\n", b"401")):
        with socket.create_connection(("127.0.0.1", server.port), 10) as connection:
            lines = (
                f"GET /api/v1/documents HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nConnection: close\r\n{more}\r\n"
            )
            connection.sendall(lines.encode())
            assert connection.recv(65536).split()[1] == status
