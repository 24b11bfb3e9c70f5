"""What takes long is worked out aside, once for all who ask, and what nobody fetched is not told as new."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator

import pytest

from service.operations import later
from service.operations.later import Later

LONG = 5.0


@pytest.fixture
def works() -> Iterator[Later]:
    made = Later()
    yield made
    made.close()


def test_what_is_quick_is_told_at_once_and_of_now(works: Later) -> None:
    told = works.of("a", lambda: 3, patience=LONG)
    assert told is not None
    assert (told.result, told.as_of) == (3, None)


def test_who_asks_again_gets_what_was_begun_with_its_moment(works: Later) -> None:
    go, runs = threading.Event(), []

    def long() -> str:
        runs.append(1)
        go.wait(LONG)
        return "there"

    assert works.of("a", long, patience=0.0) is None
    assert works.of("a", long, patience=0.0) is None
    go.set()
    told = works.of("a", long, patience=LONG)
    assert told is not None
    assert told.result == "there"
    assert told.as_of is not None
    assert len(runs) == 1
    again = works.of("a", lambda: "anew", patience=LONG)
    assert again is not None
    assert again.result == "anew"


def test_what_it_raises_is_raised_to_who_asks(works: Later) -> None:
    def fails() -> int:
        raise LookupError("no such unit")

    with pytest.raises(LookupError):
        works.of("a", fails, patience=LONG)


def test_what_nobody_came_back_for_is_worked_out_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(later, "AT_ONCE", 1)  # so that the second comes after the first
    works, go = Later(), threading.Event()
    assert works.of("a", lambda: go.wait(LONG), patience=0.0) is None
    go.set()
    done = works.of("b", lambda: 1, patience=LONG)
    assert done is not None
    monkeypatch.setattr(later, "FRESH_SECONDS", -LONG)
    told = works.of("a", lambda: "anew", patience=LONG)
    assert told is not None
    assert told.result == "anew"
    works.close()


def test_the_collector_does_not_walk_over_what_was_made_aside(works: Later) -> None:
    before = gc.get_freeze_count()
    told = works.of("many", lambda: [[number] for number in range(5_000)], patience=30)
    assert told is not None
    assert len(told.result) == 5_000
    assert gc.get_freeze_count() >= before + 5_000
    assert gc.isenabled()
