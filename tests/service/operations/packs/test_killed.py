"""Packs whose makers are killed: what was finished stays, and the end is the same."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import func, select

from service.jobs.worker import run_next
from service.operations.packs.asked import Asked, Options
from service.operations.packs.jobs import pack_body, pack_file, pack_of, queue_pack, resume_pack
from service.runtime import Runtime, open_runtime
from service.settings import Settings
from service.store.jobs import cancel
from service.store.pack_tables import pack_parts
from tests.conftest import ROOT
from tests.service.operations.packs.district import IDS, UNITS, make_district


def start(data: Path, out: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "service", "pack", "--unit", UNITS["town"][0], "--with-errors", "--no-pdf"]
    environment = {**os.environ, "HZFORMS_RESERVE_MIB": "1", "HZFORMS_READERS": "1"}
    return subprocess.Popen(
        [*command, "--store", str(data), "--out", str(out)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def parts_in(runtime: Runtime) -> int:
    with runtime.database.reading() as connection:
        return int(connection.scalar(select(func.count()).select_from(pack_parts)) or 0)


@pytest.mark.slow
def test_a_pack_killed_half_way_is_taken_up_again_and_ends_with_the_same_bytes(tmp_path: Path) -> None:
    data, twin = tmp_path / "data", tmp_path / "twin"
    runtime = open_runtime(Settings(data_dir=data, reserve_mib=1))
    make_district(runtime)
    runtime.close()
    shutil.copytree(data, twin)
    shutil.copy(tmp_path / "data.key", tmp_path / "twin.key")
    runtime = open_runtime(Settings(data_dir=data, reserve_mib=1))
    killed = 0
    for least in (2, 6):
        maker = start(data, tmp_path / "a.zip")
        until = time.monotonic() + 90
        while parts_in(runtime) < least and maker.poll() is None and time.monotonic() < until:
            time.sleep(0.005)
        if maker.poll() is None:
            os.killpg(maker.pid, signal.SIGKILL)
            killed += 1
        maker.communicate()
    assert killed == 2
    kept = parts_in(runtime)
    assert kept >= 6
    assert not (tmp_path / "a.zip").exists()
    for folder, out in ((data, "a.zip"), (twin, "b.zip")):
        maker = start(folder, tmp_path / out)
        _, said = maker.communicate(timeout=110)
        assert maker.returncode == 0, said.decode()
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    runtime.close()


def test_a_job_that_was_stopped_goes_on_with_what_was_finished(tmp_path: Path) -> None:
    runtime = open_runtime(Settings(data_dir=tmp_path / "data", reserve_mib=1, readers=1))
    make_district(runtime)
    asked = Asked(unit_id=IDS["town"], options=Options(with_errors=True, pdf=False, scans=False))
    pack = queue_pack(runtime, asked, "甲")
    with runtime.database.transaction() as connection:
        assert cancel(connection, pack.job_id, {"code": "job-cancelled"})
    while run_next(runtime):
        pass
    assert pack_body(runtime, pack)["state"] == "cancelled"
    assert pack_file(runtime, pack.id) is None
    resume_pack(runtime, pack.id)
    while run_next(runtime):
        pass
    body = pack_body(runtime, pack_of(runtime, pack.id))
    assert body["state"] == "done"
    assert body["progress"]["done"] == body["progress"]["total"]
    found = pack_file(runtime, pack.id)
    assert found is not None
    assert found[0] == f"报送包_{UNITS['town'][0]}.zip"
    assert len(runtime.blobs.read(found[1])) == body["result"]["size"]
    runtime.close()


def test_what_is_missing_ends_the_job_with_its_code(tmp_path: Path) -> None:
    runtime = open_runtime(Settings(data_dir=tmp_path / "data", reserve_mib=1, readers=1))
    make_district(runtime)
    pack = queue_pack(runtime, Asked(options=Options(pdf=False)), "甲")
    while run_next(runtime):
        pass
    body = pack_body(runtime, pack)
    assert (body["state"], body["problem"]["code"]) == ("failed", "pack-incomplete")
    assert UNITS["other"][0] in body["problem"]["message_zh"]
    runtime.close()
