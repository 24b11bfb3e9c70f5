"""Minutes of faults drawn by chance while files come in, and the history of every job looked over afterwards."""

from __future__ import annotations

import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import select

from bench.faults.installation import Installation, installation, send_to
from bench.faults.outages import report, restart
from service.store.errors import DatabaseAwayError
from service.store.jobs import ENDED
from service.store.tables import jobs
from tests.jobs.contract.backends import Server as Machine

AWAY = 10.0
"""Seconds for which a server stands still."""
PAUSE = 3.0
LONGEST_SETTLING = 180.0
"""Seconds for all that came in meanwhile to be done."""
SENDERS = 3


class History:
    """The states in which each job was seen, one after the other."""

    def __init__(self, place: Installation) -> None:
        self._place = place
        self._stop = threading.Event()
        self.seen: dict[str, list[str]] = {}

    def look(self) -> None:
        """See how all of them stand; nothing is seen while the database is away."""
        try:
            with self._place.database.reading() as connection:
                now = connection.execute(select(jobs.c.id, jobs.c.state)).all()
        except DatabaseAwayError:
            return
        for identity, state in now:
            states = self.seen.setdefault(identity, [])
            if not states or states[-1] != state:
                states.append(state)

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Look twice a second meanwhile."""

        def watch() -> None:
            while not self._stop.wait(0.5):
                self.look()

        watching = threading.Thread(target=watch, daemon=True)
        watching.start()
        try:
            yield
        finally:
            self._stop.set()
            watching.join()
            self.look()

    def backwards(self) -> list[list[str]]:
        """Jobs that were seen to go on after their end."""
        return [states for states in self.seen.values() if ENDED & set(states[:-1])]

    def unended(self) -> list[str]:
        """Jobs that have no end."""
        return [identity for identity, states in self.seen.items() if states[-1] not in ENDED]


def history(seconds: float, seed: int) -> bool:
    """PostgreSQL, Redis, two jobs at a time: something is killed or stands still every few seconds, for so long."""
    chance = random.Random(seed)
    with installation("postgresql", "redis", at_once=2) as (place, machines):
        faults = _faults(place, machines)
        done: Counter[str] = Counter()
        watched = History(place)
        began = time.monotonic()
        with watched.watched():
            with place.handing_in(SENDERS, pause=0.8):
                while time.monotonic() - began < seconds:
                    time.sleep(chance.uniform(0.5, PAUSE))
                    name = chance.choice(list(faults))
                    faults[name]()
                    done[name] += 1
            kept = report(f"history of {dict(done)}", place, began, LONGEST_SETTLING)
        backwards, unended = watched.backwards(), watched.unended()
        print(f"history: {len(watched.seen)} jobs, went on after their end {len(backwards)}, no end {len(unended)}")
        return kept and not backwards and not unended


def _faults(place: Installation, machines: dict[str, Machine]) -> dict[str, Callable[[], object]]:
    def killed(who: str) -> Callable[[], object]:
        return lambda: place.kill(who)

    def broker_killed() -> None:
        send_to(machines["broker"], signal.SIGKILL)
        restart(machines["broker"])

    def still(name: str) -> Callable[[], object]:
        def stand() -> None:
            send_to(machines[name], signal.SIGSTOP)
            time.sleep(AWAY)
            send_to(machines[name], signal.SIGCONT)

        return stand

    return {
        "web killed": killed("web"),
        "worker killed": killed("worker"),
        "child killed": killed("child"),
        "broker killed": broker_killed,
        "broker still": still("broker"),
        "database still": still("database"),
    }
