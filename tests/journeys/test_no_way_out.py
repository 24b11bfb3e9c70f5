"""The program asks nobody: while files are filled, printed, taken in and read it connects to this machine alone."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import urllib.request
from pathlib import Path

import pytest

from tests.journeys.server import Server

STRACE = shutil.which("strace")
SAMPLES = Path(__file__).parents[2] / "samples" / "data"
PLACE = re.compile(r"sa_family=AF_INET6?,.*?(?:inet_addr\(\"([^\"]*)\"\)|inet_pton\(AF_INET6, \"([^\"]*)\")")
HERE = re.compile(r"127\.|::1$|::ffff:127\.|0\.0\.0\.0$|::$")


def filled(server: Server, form: str, kind: str) -> bytes:
    """An official file made of the sample data."""
    data = json.loads((SAMPLES / f"{form}.json").read_text(encoding="utf-8"))
    body = json.dumps({"header": data["header"], "records": data["records"][:2], "as": kind}).encode()
    request = urllib.request.Request(
        f"{server.address}/api/v1/forms/{form}/fills", body, {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=120) as answer:
        content: bytes = answer.read()
    return content


@pytest.mark.timeout(300)
def test_nothing_leaves_this_machine(tmp_path: Path) -> None:
    if STRACE is None or subprocess.run([STRACE, "true"], capture_output=True, check=False).returncode:
        pytest.skip("strace is not there or may not trace")
    trace = tmp_path / "trace"
    calls = "trace=connect,sendto,sendmsg,sendmmsg"
    inside = [STRACE, "-D", "-f", "-qq", "--seccomp-bpf", "-o", str(trace), "-e", calls]
    server = Server(tmp_path / "data", inside=inside)
    try:
        workbook = filled(server, "attachment-2", "xlsx")
        assert filled(server, "attachment-2", "pdf").startswith(b"%PDF-"), "printed by LibreOffice"
        entry = server.upload(workbook, "附件2.xlsx")
        found = server.wait_for(entry["href"], "read", "partial", "review", "failed", seconds=120)
        assert found["documents"], found
        server.get("/readyz")
    finally:
        server.stop()
    said = trace.read_text(encoding="utf-8", errors="replace")
    reached = {first or second for first, second in PLACE.findall(said)}
    assert "sa_family=AF_" in said, "nothing was traced"
    assert not [address for address in reached if not HERE.match(address)], reached
