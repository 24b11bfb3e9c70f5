"""Several pieces of a page's work at the same time, where what they do runs outside the interpreter's lock."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

import cv2

THREADS = 2
"""Processors that one page may keep busy."""

Item = TypeVar("Item")
Result = TypeVar("Result")


def side_by_side(work: Callable[[Item], Result], items: Sequence[Item], threads: int = THREADS) -> list[Result]:
    """What ``work`` makes of each item, in their order; raises what it raises for the first that fails."""
    if threads < 2 or len(items) < 2:
        return [work(item) for item in items]
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(work, items))


@contextmanager
def all_threads() -> Iterator[None]:
    """Lets OpenCV share one step on a whole page in colour between :data:`THREADS`; else it has one for each step."""
    before = cv2.getNumThreads()
    cv2.setNumThreads(THREADS)
    try:
        yield
    finally:
        cv2.setNumThreads(before)
