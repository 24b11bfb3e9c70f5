"""Who has waited in vain spares the next one the same wait, and somebody finds out when it is over."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from service.store.database import Database
from service.store.errors import DatabaseAwayError
from service.store.patience import PATIENCE, RETRY_SECONDS, Breaker


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_after_a_vain_wait_one_asks_again_every_few_seconds() -> None:
    clock = Clock()
    breaker = Breaker(clock)
    breaker.enter()
    breaker.failed(0.2, 10.0)
    breaker.enter()  # a quick failure says nothing of the next try
    breaker.failed(9.9, 10.0)
    with pytest.raises(DatabaseAwayError):
        breaker.enter()
    clock.now += RETRY_SECONDS
    breaker.enter()
    with pytest.raises(DatabaseAwayError):
        breaker.enter()  # one is asking already
    breaker.answered()
    breaker.enter()
    breaker.enter()


def test_a_file_that_another_process_holds_for_too_long_is_away_and_not_broken(tmp_path: Path) -> None:
    """A worker that stands still in the midst of a write holds the file for all others."""
    database = Database(tmp_path / "service.db")
    holder = sqlite3.connect(tmp_path / "service.db", isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    given = PATIENCE.set(0.2)
    try:
        with pytest.raises(DatabaseAwayError), database.transaction():
            pass
        holder.close()
        PATIENCE.set(None)
        with database.transaction():
            pass
    finally:
        PATIENCE.reset(given)
        holder.close()
    database.close()
