"""The walk of docs/walk.md: exactly its commands, against a server of their own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from tests.journeys.server import Server

ROOT = Path(__file__).parents[2]
WALK = ROOT / "docs" / "walk.md"
BLOCK = re.compile(r"^```bash\n(.*?)^```$", re.MULTILINE | re.DOTALL)
TOKEN = re.compile(r"一次性令牌[^:]*:(\S+)")


@pytest.mark.timeout(300)
def test_three_roles_walk_from_signing_in_to_a_corrected_submission(tmp_path: Path) -> None:
    server = Server(tmp_path / "data")
    place = tmp_path / "walk"
    place.mkdir()
    try:
        token = TOKEN.search(server.log.read_text(encoding="utf-8"))
        assert token is not None, "the first start prints the token"
        script = "\n".join(BLOCK.findall(WALK.read_text(encoding="utf-8")))
        environment = {
            **os.environ,
            "ADDRESS": server.address,
            "TOKEN": token[1],
            "PYTHON": sys.executable,
            "SAMPLES": str(ROOT / "samples" / "data"),
            "PYTHONPATH": str(ROOT),
            "HZFORMS_DATA_DIR": str(tmp_path / "cli"),
        }
        done = subprocess.run(
            ["/bin/bash", "-x", "-c", script], cwd=place, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    finally:
        server.stop()
    whole = openpyxl.load_workbook(place / "whole.xlsx")
    numbers = [str(cell.value) for sheet in whole.worksheets for row in sheet.iter_rows() for cell in row]
    assert any(re.fullmatch(r"320799\d{11}[\dX]", text) for text in numbers)
    assert token[1] not in server.log.read_text(encoding="utf-8").split("一次性令牌")[-1].partition("\n")[2]
