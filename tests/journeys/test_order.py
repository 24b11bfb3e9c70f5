"""What is told to be kept is on the disk by then: the calls of a server, in the order in which it makes them."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.server import Server

STRACE = shutil.which("strace")
CALLS = "trace=fsync,fdatasync,rename,renameat,renameat2,sendto"
CONTENT = b"%PDF-1.4 in order"
NAME = hashlib.sha256(CONTENT).hexdigest()


def is_traceable() -> bool:
    """Whether processes may be traced here; in a container they often may not."""
    return STRACE is not None and not subprocess.run([STRACE, "true"], capture_output=True, check=False).returncode


@pytest.fixture
def calls(tmp_path: Path) -> Iterator[list[str]]:
    if STRACE is None or not is_traceable():
        pytest.skip("strace is not there or may not trace")
    trace = tmp_path / "trace"
    inside = [STRACE, "-D", "-f", "-qq", "-yy", "-s", "16", "-o", str(trace), "-e", CALLS]
    server = Server(tmp_path / "data", "--no-worker", inside=inside)
    try:
        server.upload(CONTENT, "a.pdf")
        yield trace.read_text(encoding="utf-8", errors="replace").splitlines()
    finally:
        server.stop()


def place(calls: list[str], pattern: str, after: int = -1) -> int:
    """The first call of that form after another one."""
    found = [number for number, line in enumerate(calls) if number > after and re.search(pattern, line)]
    assert found, (pattern, calls[after + 1 :])
    return found[0]


def test_a_file_and_its_folders_are_synced_and_then_its_row_before_anybody_is_told(calls: list[str]) -> None:
    written = place(calls, r"fsync\(\d+<[^>]*/blobs/incoming/[^>]*>\) += 0")
    named = place(calls, rf'rename\w*\(.*/blobs/incoming/.*/blobs/{NAME[:2]}/{NAME[2:4]}/{NAME}"', written)
    folder = place(calls, rf"fsync\(\d+<[^>]*/blobs/{NAME[:2]}/{NAME[2:4]}>\) += 0", named)
    top = place(calls, r"fsync\(\d+<[^>]*/blobs>\) += 0", folder)
    kept = place(calls, r"f(data)?sync\(\d+<[^>]*/service\.db(-wal)?>\) += 0", top)
    told = place(calls, r'sendto\(.*"HTTP/1\.1 202', kept)
    early = [line for line in calls[:told] if "HTTP/1.1 202" in line]
    assert not early, "nobody is told before"
