"""Workers that end: the first is replaced at once, those that end over and over ever more slowly."""

from __future__ import annotations

import time
from pathlib import Path

from service.jobs.supervising import MOST_RESTART_SECONDS, Place, restart_after
from service.settings import Settings


def test_the_wait_grows_and_has_an_end() -> None:
    waits = [restart_after(young) for young in range(8)]
    assert waits[:4] == [0.0, 0.0, 2.0, 4.0]
    assert waits[-1] == MOST_RESTART_SECONDS
    assert waits == sorted(waits)


def test_a_worker_that_cannot_begin_is_not_started_over_and_over(tmp_path: Path) -> None:
    blocked = tmp_path / "data"
    blocked.write_text("no folder", encoding="ascii")
    place = Place(Settings(data_dir=blocked))
    first = place.worker
    first.join(60)
    now = time.monotonic()
    place.look(now)
    second = place.worker
    assert second is not first
    second.join(60)
    place.look(now + 1)
    place.look(now + 2.5)
    assert place.worker is second
    place.look(now + 3.1)
    assert place.worker is not second
    place.worker.join(60)
    assert place.worker.exitcode != 0
