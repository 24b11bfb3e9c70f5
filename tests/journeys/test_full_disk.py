"""A disk of two megabytes that fills up while files are handed in."""

from __future__ import annotations

import json
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.server import Server
from tests.service.making import filled

OWN_MOUNTS = ("unshare", "--user", "--map-root-user", "--mount")
"""A process with mounts of its own, which any user may have where the system allows it."""
SMALL_DISK = 'mount -t tmpfs -o size=2m tmpfs "$0" && exec "$@"'


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    if subprocess.run([*OWN_MOUNTS, "true"], capture_output=True, check=False).returncode:
        pytest.skip("this machine lets nobody have mounts of their own")
    data = tmp_path / "data"
    data.mkdir()
    server = Server(data, "--no-worker", inside=(*OWN_MOUNTS, "sh", "-c", SMALL_DISK, str(data)), reserve_mib="0")
    yield server
    server.stop()


def hand_in(server: Server, *files: tuple[str, bytes]) -> tuple[int, dict[str, Any]]:
    body = b""
    for name, content in files:
        body += f'--x\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode()
        body += content + b"\r\n"
    kind = {"Content-Type": "multipart/form-data; boundary=x"}
    request = urllib.request.Request(f"{server.address}/api/v1/documents", body + b"--x--\r\n", kind)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as fault:
        return fault.code, json.load(fault)


def test_a_disk_that_fills_up_in_the_second_file_keeps_neither_and_has_room_again(server: Server) -> None:
    large = b"%PDF-1.4 " + b"x" * 1_200_000
    status, problem = hand_in(server, ("a.pdf", large), ("b.pdf", large + b"y"))
    assert (status, problem["code"]) == (507, "storage-full")
    assert server.get("/api/v1/documents")["documents"] == []
    status, taken = hand_in(server, ("a.pdf", large))
    assert status == 202
    assert taken["documents"][0]["size"] == len(large)


def test_what_was_accepted_before_is_still_given_out(server: Server) -> None:
    form = filled("attachment-4")
    entry = hand_in(server, ("附件4.docx", form))[1]["documents"][0]
    while (status := hand_in(server, ("a.pdf", b"%PDF-1.4 " + b"x" * 700_000 + str(entry).encode()))[0]) == 202:
        entry = {**entry, "again": entry.get("again", 0) + 1}
    assert status == 507
    with urllib.request.urlopen(f"{server.address}{entry['href']}/original", timeout=30) as answer:
        assert answer.read() == form
    assert server.get("/readyz")["status"]
