"""Who has waited in vain spares the next one the same wait, and somebody finds out when it is over."""

from __future__ import annotations

import pytest

from service.store.errors import DatabaseAwayError
from service.store.patience import RETRY_SECONDS, Breaker


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
