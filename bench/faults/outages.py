"""Servers taken away and disks filled while files come in: nothing is lost, and all is done within a minute after."""

from __future__ import annotations

import json
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench.faults.installation import Installation, installation, send_to
from tests.jobs.contract.backends import Server as Machine
from tests.journeys.server import ROOT

RECOVERY = 60.0
SMALL_DISK_MIB = 24


def report(name: str, place: Installation, began: float, recovery: float = RECOVERY) -> bool:
    """Wait until all is done, print what the fault came to, and say whether it kept what is promised."""
    took = place.settle(recovery)
    lost = len(place.missing()) + (0 if took is None else place.unread())
    double, integrity = place.doubles(), place.integrity()
    kept = took is not None and not lost and not double and integrity == "ok"
    done = "not all done in time" if took is None else f"all done {took:.1f} s after"
    print(
        f"{name}: {time.monotonic() - began:.0f} s, accepted {len(place.accepted.ids)}, lost {lost}, double {double}, "
        f"integrity {integrity}, {done}; answers {dict(place.accepted.answers)} -> {'kept' if kept else 'NOT KEPT'}",
        flush=True,
    )
    return kept


def restart(machine: Machine) -> None:
    """Start a server again that was killed."""
    done = subprocess.run(  # noqa: S603  # our own script
        [ROOT / "scripts/servers", "restart", machine.folder], capture_output=True, text=True, check=True
    )
    machine.pid = json.loads(done.stdout)["pid"]


def database_stopped(seconds: float) -> bool:
    """PostgreSQL stands still and then goes on."""
    with installation("postgresql") as (place, machines):
        began = time.monotonic()
        with place.handing_in(pause=0.3):
            time.sleep(3)
            send_to(machines["database"], signal.SIGSTOP)
            time.sleep(seconds)
            send_to(machines["database"], signal.SIGCONT)
            time.sleep(2)
        return report(f"database stopped for {seconds:.0f} s", place, began)


def database_killed(seconds: float) -> bool:
    """PostgreSQL is killed and comes back."""
    with installation("postgresql") as (place, machines):
        began = time.monotonic()
        with place.handing_in(pause=0.3):
            place.wait_for_more(3)
            send_to(machines["database"], signal.SIGKILL)
            time.sleep(seconds)
            restart(machines["database"])
            place.wait_for_more(2)
        return report(f"database killed, back after {seconds:.0f} s", place, began)


def broker_away(kind: str, seconds: float) -> bool:
    """The broker is killed and comes back, and everything in it is thrown away."""
    with installation("postgresql", kind) as (place, machines):
        began = time.monotonic()
        with place.handing_in(pause=1.0):
            time.sleep(6)
            send_to(machines["broker"], signal.SIGKILL)
            time.sleep(seconds)
            restart(machines["broker"])
        kept = report(f"{kind} killed, back after {seconds:.0f} s", place, began)
        began = time.monotonic()
        with place.handing_in(pause=0.5):
            for _ in range(5):
                time.sleep(0.5)
                EMPTY[kind](machines["broker"])
        return report(f"{kind} emptied five times", place, began) and kept


def _empty_redis(machine: Machine) -> None:
    import redis  # noqa: PLC0415  # only this fault needs it

    redis.Redis.from_url(machine.url).flushall()


def _empty_rabbitmq(machine: Machine) -> None:
    from kombu import Connection  # noqa: PLC0415  # only this fault needs it

    with Connection(machine.url) as connection:
        connection.default_channel.queue_purge("forms.ocr")


EMPTY: dict[str, Callable[[Machine], None]] = {"redis": _empty_redis, "rabbitmq": _empty_rabbitmq}


def disk_full() -> bool:
    """A small disk under the data folder fills up with something else, and has room again."""
    with tempfile.TemporaryDirectory(prefix="faults-disk-") as name:
        disk = Path(name)
        mounted = subprocess.run(  # noqa: S603  # a command of ours
            ["/usr/bin/mount", "-t", "tmpfs", "-o", f"size={SMALL_DISK_MIB}m", "tmpfs", name], check=False
        )
        if mounted.returncode:
            print("disk full: not measured, only root may mount a small disk", flush=True)
            return True
        try:
            place = Installation(disk, {"reserve_mib": "0"})
            try:
                return _fill(place, disk)
            finally:
                place.close()
        finally:
            _unmount(name)


def _unmount(name: str) -> None:
    """Take the disk away, once the last of the processes that were ended has let go of it."""
    until = time.monotonic() + 20
    while subprocess.run(["/usr/bin/umount", name], check=False, capture_output=True).returncode:  # noqa: S603  # ours
        if time.monotonic() > until:
            subprocess.run(["/usr/bin/umount", "--lazy", name], check=True)  # noqa: S603  # as above
            return
        time.sleep(0.2)


def _fill(place: Installation, disk: Path) -> bool:
    began = time.monotonic()
    ballast = disk / "ballast"
    with place.handing_in(pause=0.1):
        time.sleep(2)
        with ballast.open("wb", buffering=0) as file:
            try:
                while True:
                    file.write(b"\0" * 4096)
            except OSError:
                pass
        time.sleep(8)
        ballast.unlink()
        time.sleep(1)
    return report("disk full for 8 s", place, began)
