"""The places where jobs can be kept and told of, each with its real servers, and workers that are real processes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, TypeVar

import psycopg

from service.jobs.ringing import Doorbell
from service.opening import open_database
from service.settings import Settings, read_settings
from service.store.jobs import Job, add_job, find_job, find_result
from tests.jobs.contract import program

ROOT = Path(__file__).parents[3]
PROGRAM = Path(program.__file__)
T = TypeVar("T")
LEASE = 4.0
LIMIT = 4.0


def lives(pid: int) -> bool:
    """Whether a process is there and not just waiting to be buried."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


class Server:
    """A server of ``scripts/servers``."""

    def __init__(self, kind: str) -> None:
        done = subprocess.run([ROOT / "scripts/servers", "start", kind], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        told = json.loads(done.stdout)
        self.url: str = told["url"]
        self.folder: str = told["folder"]
        self.pid: int = told["pid"]

    def stop(self) -> None:
        subprocess.run([ROOT / "scripts/servers", "stop", self.folder], check=True)


@contextmanager
def server(kind: str) -> Iterator[Server]:
    """A server as long as it is needed."""
    started = Server(kind)
    try:
        yield started
    finally:
        started.stop()


def new_database(postgresql: str) -> str:
    """The address of a new, empty database on that server."""
    name = f"forms_{uuid.uuid4().hex}"
    with psycopg.connect(postgresql, autocommit=True) as connection:
        connection.execute(f'create database "{name}"')
    return f"{postgresql.rpartition('/')[0]}/{name}"


class Backend:
    """An installation: its settings, its database, and its worker."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder = folder
        own = {"data_dir": str(folder / "data"), "lease_seconds": str(LEASE), "job_seconds": str(LIMIT)}
        own |= {"retry_seconds": "0.3,0.3,0.3", **settings}
        self.environment = {f"HZFORMS_{name.upper()}": value for name, value in own.items()}
        self.settings: Settings = read_settings(self.environment)
        self.database = open_database(self.settings)
        if self.settings.queue == "celery":
            Doorbell(self.settings, self.database)
        self.diary = folder / "diary"
        self.diary.touch()
        self.log = folder / "worker.log"
        self.worker: subprocess.Popen[bytes] | None = None
        self.broker: Server | None = None

    def start_worker(self) -> None:
        """Start the worker, if it is not there."""
        if self.worker is not None and self.worker.poll() is None:
            return
        with self.log.open("ab") as log:
            self.worker = subprocess.Popen(
                [sys.executable, PROGRAM, "worker"],
                cwd=ROOT,
                env={**os.environ, "PYTHONPATH": str(ROOT), **self.environment},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def stop_worker(self, number: signal.Signals = signal.SIGTERM) -> float:
        """End the worker so; returns how many seconds it took."""
        assert self.worker is not None
        began = time.monotonic()
        self.worker.send_signal(number)
        self.worker.wait(40)
        return time.monotonic() - began

    def add(self, act: str, **arguments: Any) -> str:
        """A job of the contract."""
        with self.database.transaction() as connection:
            return add_job(connection, "contract", {"act": act, "diary": str(self.diary), **arguments}, total=10)

    def job(self, identity: str) -> Job:
        with self.database.reading() as connection:
            found = find_job(connection, identity)
        assert found is not None
        return found

    def wait_for(self, identity: str, *states: str, seconds: float = 60) -> Job:
        """Wait until the job is in one of the states."""
        return self.until(lambda: found if (found := self.job(identity)).state in states else None, seconds)

    def until(self, look: Callable[[], T | None], seconds: float = 60) -> T:
        """Ask until there is an answer."""
        last = time.monotonic() + seconds
        while (found := look()) is None:
            assert time.monotonic() < last, self.log.read_text(encoding="utf-8")[-3000:]
            time.sleep(0.05)
        return found

    def effects(self, identity: str) -> int:
        """How often the job had its effect."""
        with self.database.reading() as connection:
            return int(find_result(connection, identity) is not None)

    def given_up(self, identity: str) -> int:
        """How often it was said that the job never gets done."""
        return len(self.runs(identity, "given up"))

    def runs(self, identity: str, what: str = "run") -> list[dict[str, Any]]:
        """The runs of a job as its diary has them."""
        lines = [json.loads(line) for line in self.diary.read_text(encoding="utf-8").splitlines()]
        return [line for line in lines if (line["job"], line["what"]) == (identity, what)]

    def close(self) -> None:
        if self.worker is not None and self.worker.poll() is None:
            self.stop_worker()
        self.database.close()


@contextmanager
def backend(name: str, folder: Path, postgresql: Callable[[], str]) -> Iterator[Backend]:
    """An installation of that kind with the servers it needs; ``postgresql`` gives the address of one."""
    with ExitStack() as closing:
        settings: dict[str, str] = {}
        broker: Server | None = None
        if name not in {"sqlite-delete", "sqlite-wal"}:
            settings["database"] = new_database(postgresql())
        if name.startswith("celery"):
            broker = closing.enter_context(server("redis" if name == "celery-redis" else "rabbitmq"))
            settings |= {"queue": "celery", "broker": broker.url}
        made = Backend(folder, **settings)
        closing.callback(made.close)
        made.broker = broker
        yield made
