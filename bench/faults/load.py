"""Many at once: read-modify-write from threads, and uploads together while people read lists."""

from __future__ import annotations

import io
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from PIL import Image
from sqlalchemy import insert, select, update

from bench.faults.installation import NET_FAULTS, Installation, database_alone, installation
from samples.paper.drawn import Box, Sheet, draw
from service.store.tables import jobs

THREADS = 4
TURNS = 200
UPLOADS = 50
READERS = 20
PAGES = 500
MOST_UPLOAD, MOST_LIST = 2.0, 0.5
"""Seconds."""


def _together(count: int, work: Callable[[], None]) -> None:
    threads = [threading.Thread(target=work) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def counted(database: str, turns: int = TURNS) -> bool:
    """Threads read a number and write the next one: none of it is lost, and nobody is turned away."""
    with database_alone(database) as store:
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


@dataclass
class _Seen:
    """What the crowd saw: seconds that lists took, and in which the server said that it is busy."""

    lists: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)


def crowd(database: str, pages: int = PAGES) -> bool:
    """Fifty uploads at once while twenty people read lists, and the worker reads that many scanned pages."""
    with installation(database, lease_seconds="60") as (place, _):
        for content in scans(pages):
            place.web.upload(content, "scan.pdf")
        with place.web.log.open("rb") as log:
            log.seek(0, 2)
            _look(place, seen := _Seen())
            said = log.read()
        slowest, lists = max(place.accepted.seconds), statistics.quantiles(seen.lists, n=20)[18]
        unanswered = place.accepted.answers.total() - place.accepted.answers["202"]
        under_way, lost, locked = place.waiting(), len(place.missing()), said.count(b"database is locked")
        place.cancel_all()
    kept = not (lost or locked or unanswered or seen.failures) and slowest <= MOST_UPLOAD and lists <= MOST_LIST
    taken, looked = statistics.median(place.accepted.seconds), statistics.median(seen.lists) * 1000
    print(
        f"{database}: {UPLOADS} uploads at once: p50 {taken:.2f} s, slowest {slowest:.2f} s, "
        f"{dict(place.accepted.answers)}; {READERS} readers: {len(seen.lists)} lists, p50 {looked:.0f} ms, "
        f"p95 {lists * 1000:.0f} ms, failed {len(seen.failures)}; {pages} pages handed in before, "
        f"{under_way} jobs under way; lost {lost}, locked {locked} -> {'kept' if kept else 'NOT KEPT'}",
        flush=True,
    )
    return kept


def _look(place: Installation, seen: _Seen) -> None:
    """Twenty people look at lists; in the midst of it fifty files come at once."""
    stop = threading.Event()

    def read() -> None:
        while not stop.wait(0.5):
            began = time.monotonic()
            try:
                place.web.get("/api/v1/documents")
            except NET_FAULTS as fault:
                seen.failures.append(type(fault).__name__)
            seen.lists.append(time.monotonic() - began)

    readers = [threading.Thread(target=read) for _ in range(READERS)]
    for reader in readers:
        reader.start()
    time.sleep(5)
    _together(UPLOADS, place.hand_in)
    time.sleep(5)
    stop.set()
    for reader in readers:
        reader.join()


def scans(pages: int, each: int = 10) -> Iterator[bytes]:
    """Scanned rosters as PDF files, ``each`` pages in one, no two alike."""
    rows = [["序号", "姓名", "身份证号", "工作单位", "备注"]]
    rows += [[str(number), "张某某", f"32079919800101{number:03d}X", "区第一中学", ""] for number in range(1, 16)]
    boxes = [[Box(text, label=not line) for text in row] for line, row in enumerate(rows)]
    picture = draw(Sheet([15, 30, 55, 45, 25], [10] * len(rows), boxes, title="借用人员备案表"), dpi=200).picture
    page = Image.fromarray(picture)
    whole = io.BytesIO()
    page.save(whole, "PDF", resolution=200, save_all=True, append_images=[page] * (each - 1))
    for number in range(max(1, pages // each)):
        yield whole.getvalue() + b"\n%% %d\n" % number
