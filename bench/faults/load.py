"""Many at once: read-modify-write from threads, and uploads together while people read lists."""

from __future__ import annotations

import statistics
import threading
import time
from collections.abc import Callable

from sqlalchemy import insert, select, update

from bench.faults.installation import installation
from service.store.database import Database
from service.store.tables import jobs

THREADS = 4
TURNS = 200
UPLOADS = 50
READERS = 20


def _together(count: int, work: Callable[[], None]) -> None:
    threads = [threading.Thread(target=work) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def counted(database: str, turns: int = TURNS) -> bool:
    """Threads read a number and write the next one: none of it is lost, and nobody is turned away."""
    with installation(database) as (place, _):
        store: Database = place.database
        values = {"kind": "counter", "arguments": {}, "state": "queued", "run_at": 4e9, "created_at": 0.0}
        with store.transaction() as connection:
            connection.execute(
                insert(jobs).values(id="counter", attempt=0, lost_count=0, done=0, stage="", total=0, **values)
            )

        def count() -> None:
            for _ in range(turns):
                with store.transaction() as connection:
                    now = connection.execute(select(jobs.c.total).where(jobs.c.id == "counter")).scalar_one()
                    connection.execute(update(jobs).where(jobs.c.id == "counter").values(total=now + 1))

        began = time.monotonic()
        _together(THREADS, count)
        with store.reading() as connection:
            total = connection.execute(select(jobs.c.total).where(jobs.c.id == "counter")).scalar_one()
        took = time.monotonic() - began
    kept = bool(total == THREADS * turns)
    print(f"{database}: {THREADS} threads x {turns} read-modify-write: {total} in {took:.1f} s", flush=True)
    return kept


def crowd(database: str) -> bool:
    """Fifty uploads at once while twenty people read lists, and the worker reads files."""
    with installation(database) as (place, _):
        for _ in range(20):
            place.hand_in()
        place.accepted.seconds.clear()
        lists: list[float] = []
        stop = threading.Event()

        def read() -> None:
            while not stop.is_set():
                began = time.monotonic()
                place.web.get("/api/v1/documents")
                lists.append(time.monotonic() - began)
                time.sleep(0.5)

        readers = [threading.Thread(target=read) for _ in range(READERS)]
        for reader in readers:
            reader.start()
        time.sleep(2)
        _together(UPLOADS, place.hand_in)
        time.sleep(2)
        stop.set()
        for reader in readers:
            reader.join()
        settled = place.settle(120)
        lost = len(place.missing())
    slowest, p95 = max(place.accepted.seconds), statistics.quantiles(lists, n=20)[18]
    print(
        f"{database}: {UPLOADS} uploads at once: all answered within {slowest:.2f} s, {dict(place.accepted.answers)}; "
        f"{READERS} readers: {len(lists)} lists, p95 {p95 * 1000:.0f} ms; lost {lost}, "
        f"{'not all done' if settled is None else f'all done after {settled:.0f} s'}",
        flush=True,
    )
    return not lost and settled is not None
