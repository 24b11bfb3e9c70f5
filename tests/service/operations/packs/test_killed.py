"""Packs whose makers are killed: what was finished stays, and the end is the same."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from service.jobs.worker import run_next
from service.operations.packs.asked import Asked, Options, Recipient
from service.operations.packs.jobs import pack_body, pack_file, pack_of, queue_pack, resume_pack
from service.runtime import Runtime, open_runtime
from service.settings import Settings
from service.store.jobs import cancel
from service.store.pack_tables import pack_parts
from tests.conftest import ROOT
from tests.service.operations.packs.district import IDS, UNITS, make_district

PACK = (sys.executable, "-m", "service", "pack", "--unit", UNITS["town"][0], "--with-errors")
FINANCE = (*PACK, "--recipient", "财政局")
"""Of all packs that with the fewest pages: LibreOffice takes most of the time."""
BLOCK = 4096
OWN_MOUNTS = ("unshare", "--user", "--map-root-user", "--mount")
SMALL_DISK = (
    'mount -t tmpfs -o size="$2" tmpfs "$1" && cp -a "$0/." "$1" && shift 2 && ("$@"; echo "ended $?");'
    ' mount -o remount,size=64m "$MOUNTED" && exec "$@"'
)
"""A disk that is too small, and then is not: the same command in both."""


def start(*command: str, **more: str) -> subprocess.Popen[bytes]:
    made = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, "HZFORMS_RESERVE_MIB": "1", "HZFORMS_READERS": "1", **more},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    STARTED.append(made)
    return made


STARTED: list[subprocess.Popen[bytes]] = []


@pytest.fixture(autouse=True)
def _ended() -> Iterator[None]:
    """Nothing goes on behind a test that failed half-way."""
    yield
    while STARTED:
        end(STARTED.pop())


def start_worker(data: Path) -> subprocess.Popen[bytes]:
    return start(sys.executable, "-m", "service", "worker", HZFORMS_DATA_DIR=str(data), HZFORMS_LEASE_SECONDS="2")


def wait_for(condition: Callable[[], bool], maker: subprocess.Popen[bytes], seconds: float = 180) -> bool:
    """Whether it came true while the process lived."""
    until = time.monotonic() + seconds
    while time.monotonic() < until and maker.poll() is None:
        if condition():
            return True
        time.sleep(0.05)  # asked more often, it would take the time of what it waits for
    return False


def end(maker: subprocess.Popen[bytes], how: signal.Signals = signal.SIGKILL) -> None:
    if maker.poll() is None:
        os.killpg(maker.pid, how)
    if maker.stdout is not None and not maker.stdout.closed:
        maker.communicate()


def parts_in(runtime: Runtime) -> int:
    with runtime.database.reading() as connection:
        return int(connection.scalar(select(func.count()).select_from(pack_parts)) or 0)


@pytest.mark.slow
@pytest.mark.timeout(400)
@pytest.mark.xdist_group("office")
def test_a_pack_killed_and_cancelled_while_it_is_printed_ends_with_the_same_bytes(tmp_path: Path) -> None:
    data, twin = tmp_path / "data", tmp_path / "twin"
    runtime = open_runtime(Settings(data_dir=data, reserve_mib=1))
    make_district(runtime)
    runtime.close()
    shutil.copytree(data, twin)
    shutil.copy(tmp_path / "data.key", tmp_path / "twin.key")
    runtime = open_runtime(Settings(data_dir=data, reserve_mib=1))
    maker = start(*FINANCE, "--store", str(data), "--out", str(tmp_path / "a.zip"))
    assert wait_for(lambda: parts_in(runtime) >= 1, maker)
    end(maker)
    assert not (tmp_path / "a.zip").exists()

    asked = Asked(unit_id=IDS["town"], recipient=Recipient.FINANCE, options=Options(with_errors=True))
    pack = queue_pack(runtime, asked, "甲")
    worker = start_worker(data)
    assert wait_for(lambda: parts_in(runtime) >= 4, worker), "the roster, two originals, and pages"
    end(worker)
    assert pack_body(runtime, pack)["state"] == "running"

    worker = start_worker(data)

    def cancelled() -> bool:
        if pack_body(runtime, pack)["progress"]["done"] == 0 or pack_body(runtime, pack)["state"] != "running":
            return False
        with runtime.database.transaction() as connection:
            return cancel(connection, pack.job_id, {"code": "job-cancelled"})

    assert wait_for(cancelled, worker)
    assert pack_file(runtime, pack.id) is None
    resume_pack(runtime, pack.id)
    assert wait_for(lambda: pack_body(runtime, pack)["state"] == "done", worker), pack_body(runtime, pack)
    end(worker, signal.SIGTERM)
    found = pack_file(runtime, pack.id)
    assert found is not None
    assert pack_body(runtime, pack)["result"]["problems"] == []

    maker = start(*FINANCE, "--store", str(twin), "--out", str(tmp_path / "b.zip"), TZ="America/New_York")
    _, said = maker.communicate(timeout=200)
    assert maker.returncode == 0, said.decode()
    assert runtime.blobs.read(found[1]) == (tmp_path / "b.zip").read_bytes()
    runtime.close()


@pytest.mark.slow
def test_a_disk_that_fills_up_half_way_leaves_nothing_behind_and_the_rest_goes_on(tmp_path: Path) -> None:
    if subprocess.run([*OWN_MOUNTS, "true"], capture_output=True, check=False).returncode:
        pytest.skip("this machine lets nobody have mounts of their own")
    data, disk, out = tmp_path / "data", tmp_path / "disk", tmp_path / "a.zip"
    disk.mkdir()
    runtime = open_runtime(Settings(data_dir=data, reserve_mib=1))
    make_district(runtime)
    runtime.close()
    shutil.copy(tmp_path / "data.key", tmp_path / "disk.key")
    blocks = sum(-(-path.stat().st_size // BLOCK) for path in data.rglob("*") if path.is_file())
    size = str((blocks + 10) * BLOCK)
    command = (*PACK, "--no-pdf", "--no-scans", "--store", str(disk), "--out", str(out))
    inside = (*OWN_MOUNTS, "sh", "-c", SMALL_DISK, str(data), str(disk), size, *command)
    maker = start(*inside, HZFORMS_RESERVE_MIB="0", MOUNTED=str(disk))
    told, said = maker.communicate(timeout=110)
    assert "storage-full" in said.decode() + told.decode(), said.decode()
    assert maker.returncode == 0, said.decode()
    assert out.exists()


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
