"""A file that takes too long gives the pages that were read in time."""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np

from parsers.picture import Picture
from parsers.reading import in_time


def slow(pages: int) -> Iterator[Picture]:
    for index in range(pages):
        time.sleep(0.02)
        yield Picture(np.zeros((2, 2, 3), np.uint8), index)


def test_no_further_page_is_begun_when_the_time_is_up() -> None:
    assert 1 <= len(list(in_time(slow(50), 0.1))) < 20
    assert [picture.index for picture in in_time(slow(3), 0.0)] == [0]
    assert len(list(in_time(slow(3), 60))) == 3


def test_waiting_for_a_processor_does_not_count_but_not_for_ever() -> None:
    started = time.monotonic()
    assert len(list(in_time(slow(10), 0.05, lambda: time.monotonic() - started))) == 10
    assert len(list(in_time(slow(50), 0.02, lambda: 1000 * (time.monotonic() - started)))) < 40
