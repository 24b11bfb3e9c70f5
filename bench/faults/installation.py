"""An installation to be tormented: its server, what it accepted, and what became of it."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Connection, func, select

from service.opening import open_database
from service.settings import read_settings
from service.store.database import Database
from service.store.errors import DatabaseAwayError
from service.store.jobs import ENDED, cancel
from service.store.tables import changes, documents, jobs, metadata
from tests.jobs.contract.backends import Server as Machine
from tests.jobs.contract.backends import new_database, server
from tests.journeys.server import ROOT, Server

DATABASES = ("sqlite", "postgresql")
LEASE = "3"
NET_FAULTS = (urllib.error.URLError, HTTPException, ConnectionError, TimeoutError)


@dataclass
class Accepted:
    """The ids that were answered with 202, and what else was answered."""

    ids: list[str] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)


class Installation:
    """A server over a folder, with a worker beside it or, where a broker rings, apart from it."""

    def __init__(self, folder: Path, settings: Mapping[str, str], at_once: int = 1) -> None:
        self.folder = folder
        self._at_once = at_once
        self.settings = {"lease_seconds": LEASE, "retry_seconds": "1,2,3", **settings}
        self.environment = {f"HZFORMS_{name.upper()}": value for name, value in self.settings.items()}
        self.environment["HZFORMS_DATA_DIR"] = str(folder / "data")
        self.web = Server(folder / "data", **self.settings)
        self.database: Database = open_database(read_settings(self.environment))
        self.accepted = Accepted()
        self._worker: subprocess.Popen[bytes] | None = None
        self._number = 0
        self._lock = threading.Lock()
        if "broker" in settings:
            self.start_worker()

    def start_worker(self) -> None:
        """The worker that a broker rings."""
        with (self.folder / "worker.log").open("ab") as log:
            command = [sys.executable, "-m", "service", "worker", "--count", str(self._at_once)]
            environment = {**os.environ, **self.environment}
            self._worker = subprocess.Popen(  # noqa: S603  # our own program
                command, cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True
            )

    def hand_in(self, content: bytes = b"", name: str = "") -> None:
        """A file that nobody handed in before, a broken one where none is given; what was answered is noted."""
        with self._lock:
            self._number += 1
            number = self._number
        began = time.monotonic()
        try:
            broken = b"%%PDF-1.4 %d of %d" % (number, os.getpid())
            entry = self.web.upload(content or broken, name or f"{number}.pdf")
            self.accepted.ids.append(entry["id"])
            self.accepted.seconds.append(time.monotonic() - began)
            self.accepted.answers["202"] += 1
        except urllib.error.HTTPError as fault:
            with contextlib.suppress(json.JSONDecodeError, KeyError, *NET_FAULTS):
                self.accepted.answers[f"{fault.code} {json.load(fault)['code']}"] += 1
        except NET_FAULTS as fault:
            self.accepted.answers[type(fault).__name__] += 1

    @contextmanager
    def handing_in(self, at_once: int = 2, pause: float = 0.05, most: int | None = None) -> Iterator[None]:
        """Files come in meanwhile, one from each of so many senders, and more while no more than ``most`` wait."""
        stop = threading.Event()

        def send() -> None:
            self.hand_in()
            while not stop.wait(pause):
                if most is None or self.waiting() <= most:
                    self.hand_in()

        senders = [threading.Thread(target=send, daemon=True) for _ in range(at_once)]
        for sender in senders:
            sender.start()
        try:
            yield
        finally:
            stop.set()
            for sender in senders:
                sender.join()

    def wait_for_more(self, count: int, seconds: float = 60.0) -> None:
        """Wait until so many more files were accepted, or for so long."""
        enough, until = len(self.accepted.ids) + count, time.monotonic() + seconds
        while len(self.accepted.ids) < enough and time.monotonic() < until:
            time.sleep(0.05)

    def processes(self) -> dict[str, int]:
        """Web, worker and the child that does a job, as far as they are there."""
        found = {"web": self.web.process.pid}
        if self._worker is not None:
            found["worker"] = self._worker.pid
        for pid in children_of(self.web.process.pid):
            if "spawn_main" in _words_of(pid):
                found["worker"] = pid
        for pid in children_of(found.get("worker", 0)):
            for child in children_of(pid) if "forkserver" in _words_of(pid) else ():
                found["child"] = child
        return found

    def kill(self, who: str) -> bool:
        """Kill one of them with SIGKILL; web and a worker apart are started again, the others are by themselves."""
        pid = self.processes().get(who)
        if pid is None:
            return False
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        if who == "web":
            self.web.process.wait()
            self.web.start()
        if self._worker is not None and who == "worker":
            self._worker.wait()
            self.start_worker()
        return True

    def missing(self) -> list[str]:
        """What was accepted and is not there any more."""
        with self.database.reading() as connection:
            kept = set(connection.scalars(select(documents.c.id)))
        return [identity for identity in self.accepted.ids if identity not in kept]

    def waiting(self) -> int:
        """How many jobs have not ended; one at least while the database does not say."""
        query = select(func.count()).select_from(jobs).where(jobs.c.state.not_in(ENDED))
        try:
            with self.database.reading() as connection:
                return int(connection.execute(query).scalar_one())
        except DatabaseAwayError:
            return 1

    def ended(self) -> int:
        """How many jobs have ended, however."""
        query = select(func.count()).select_from(jobs).where(jobs.c.state.in_(ENDED))
        with self.database.reading() as connection:
            return int(connection.execute(query).scalar_one())

    def settle(self, seconds: float = 60.0) -> float | None:
        """Wait until all is done; returns after how long, ``None``: it was not in time."""
        began = time.monotonic()
        while self.waiting():
            if time.monotonic() - began > seconds:
                return None
            time.sleep(0.2)
        return time.monotonic() - began

    def cancel_all(self) -> None:
        """Nothing more is to be done."""
        with self.database.transaction() as connection:
            for identity in connection.scalars(select(jobs.c.id).where(jobs.c.state.not_in(ENDED))).all():
                cancel(connection, identity, {"code": "job-cancelled", "message": "job-cancelled"})

    def unread(self) -> int:
        """How many of what was accepted were never read, though their jobs have ended."""
        with self.database.reading() as connection:
            ended = documents.join(jobs, jobs.c.id == documents.c.job_id)
            over = (documents.c.state == "received", jobs.c.state.in_(ENDED))
            left = set(connection.scalars(select(documents.c.id).select_from(ended).where(*over)))
            dead = connection.execute(select(func.count()).select_from(jobs).where(jobs.c.state == "dead")).scalar_one()
        return len(left & set(self.accepted.ids)) + int(dead)

    def doubles(self) -> int:
        """How many documents were read more than once with effect."""
        with self.database.reading() as connection:
            read = select(changes.c.document_id).where(changes.c.action == "read").group_by(changes.c.document_id)
            return len(connection.execute(read.having(func.count() > 1)).all())

    def integrity(self) -> str:
        """What the database says of itself."""
        with self.database.reading() as connection:
            words = _integrity(connection) if self.database.is_sqlite else _readable(connection)
        lost = [row for row in self._blobs() if not row.is_file()]
        return f"{len(lost)} files missing" if lost else words

    def _blobs(self) -> list[Path]:
        with self.database.reading() as connection:
            hashes = set(connection.scalars(select(documents.c.sha256)))
        folder = self.folder / "data" / "blobs"
        return [folder / name[:2] / name[2:4] / name for name in hashes]

    def close(self) -> None:
        """End all of it."""
        self.web.stop()
        if self._worker is not None:
            self._worker.terminate()
            self._worker.wait(40)
        self.database.close()


def _integrity(connection: Connection) -> str:
    rows = connection.exec_driver_sql("PRAGMA integrity_check").all()
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    return "ok" if [tuple(row) for row in rows] == [("ok",)] and not broken else f"{rows} {broken}"


def _readable(connection: Connection) -> str:
    """Every row of every table, read whole, which makes PostgreSQL check the checksum of each page it reads."""
    for table in metadata.sorted_tables:
        for _ in connection.execute(select(table).execution_options(yield_per=1000)):
            continue
    return "ok"


def _words_of(pid: int) -> str:
    """The command line of a process."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def children_of(pid: int) -> list[int]:
    """The processes that this one started and that live."""
    found: list[int] = []
    for listing in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            found += [int(child) for child in listing.read_text(encoding="ascii").split()]
    return found


@contextmanager
def installation(
    database: str, broker: str = "", at_once: int = 1, **more: str
) -> Iterator[tuple[Installation, dict[str, Machine]]]:
    """One with the servers it needs, and these settings; all is gone afterwards."""
    with ExitStack() as closing:
        folder = Path(closing.enter_context(TemporaryDirectory(prefix="faults-")))
        machines: dict[str, Machine] = {}
        settings = dict(more)
        if database == "postgresql":
            machines["database"] = closing.enter_context(server("postgresql"))
            settings["database"] = new_database(machines["database"].url)
        if broker:
            machines["broker"] = closing.enter_context(server(broker))
            settings |= {"queue": "celery", "broker": machines["broker"].url}
        made = Installation(folder, settings, at_once)
        closing.callback(made.close)
        yield made, machines


@contextmanager
def database_alone(kind: str) -> Iterator[Database]:
    """The database of an installation that serves nobody."""
    with ExitStack() as closing:
        folder = closing.enter_context(TemporaryDirectory(prefix="faults-"))  # the key comes to lie beside the data
        settings = {"HZFORMS_DATA_DIR": f"{folder}/data"}
        if kind == "postgresql":
            settings["HZFORMS_DATABASE"] = new_database(closing.enter_context(server("postgresql")).url)
        opened = open_database(read_settings(settings))
        closing.callback(opened.close)
        yield opened


def all_of(machine: Machine) -> list[int]:
    """The processes of a server."""
    found = [machine.pid]
    for pid in found:
        found += children_of(pid)
    return found


def send_to(machine: Machine, number: signal.Signals) -> None:
    """Send a signal to all processes of a server."""
    for pid in all_of(machine):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)
