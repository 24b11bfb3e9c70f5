"""Runs one side of one measurement in a process of its own, so that its memory is its own, too.

A measurement is a module of this package with

- ``TITLE``, ``UNIT``, ``PEER``: what is measured, what is counted, what it is measured against;
- ``SIZES``, ``PEER_SIZES`` and ``QUICK``: how many units (``QUICK`` replaces both with ``--quick``);
- ``LEAST``: how many times the peer's rate is promised; ``MOST_MB``: the most memory, or ``None``;
- where promised, ``MOST_SECONDS``: the most that the largest size may take, and ``MOST_GROWTH``: how many times
  what a unit takes at the smallest size it may take at the largest;
- ``ours(size)`` and ``peer(size)``: make ready, and return the work to be timed.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from bench.verdict import verdict

_KIB = 1024


class Measurement(Protocol):
    """What a module of this package must have."""

    TITLE: str
    UNIT: str
    PEER: str
    SIZES: tuple[int, ...]
    PEER_SIZES: tuple[int, ...]
    QUICK: tuple[int, ...]
    LEAST: float
    MOST_MB: float | None

    def ours(self, size: int) -> Callable[[], None]:
        """Our work, ready to be timed."""
        ...

    def peer(self, size: int) -> Callable[[], None]:
        """The peer's work, ready to be timed."""
        ...


@dataclass(frozen=True, slots=True)
class Cost:
    """What one run took: seconds of wall clock, and the most memory of the process in MB."""

    size: int
    seconds: float
    megabytes: float

    @property
    def rate(self) -> float:
        """Units a second."""
        return self.size / self.seconds


def names() -> tuple[str, ...]:
    """The measurements there are: the modules here that promise something. Other programs run by themselves."""
    here = Path(__file__).parent
    return tuple(sorted(path.stem for path in here.glob("*.py") if "\nLEAST = " in path.read_text(encoding="utf-8")))


def load(name: str) -> Measurement:
    """A measurement by name."""
    module: Measurement = importlib.import_module(f"bench.{name}")
    return module


def measure(name: str, side: str, size: int) -> Cost:
    """Run one side in a fresh process."""
    command = [sys.executable, "-m", "bench.runner", name, side, str(size)]
    environment = {**os.environ, "PYTHONPATH": str(Path.cwd())}
    result = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)  # noqa: S603  # our own module
    return Cost(size, **json.loads(result.stdout.splitlines()[-1]))


def show(name: str, *, quick: bool) -> bool:
    """Measure, print, and say whether what is promised is kept."""
    wanted = load(name)
    print(f"\n{wanted.TITLE}  ({wanted.UNIT}; peer: {wanted.PEER})", flush=True)
    sizes, peer_sizes = (wanted.QUICK, wanted.QUICK) if quick else (wanted.SIZES, wanted.PEER_SIZES)
    ours = {size: _print("ours", measure(name, "ours", size), wanted.UNIT) for size in sizes}
    peers = {size: _print("peer", measure(name, "peer", size), wanted.UNIT) for size in peer_sizes}
    common = max(set(ours) & set(peers), default=None)
    mine, other = (ours[common], peers[common]) if common else (ours[max(ours)], peers[max(peers)])
    ratio = mine.rate / other.rate
    most = max(cost.megabytes for cost in ours.values())
    in_memory = wanted.MOST_MB is None or most < wanted.MOST_MB
    in_time, times = _in_time(wanted, ours, quick=quick)
    is_kept = ratio >= wanted.LEAST and in_memory and in_time
    memory = "" if wanted.MOST_MB is None else f", {most:.0f} MB of {wanted.MOST_MB:.0f} MB"
    print(
        f"  {verdict(is_kept=is_kept)}: {ratio:.1f} times the peer's rate, promised {wanted.LEAST:g}{memory}{times}",
        flush=True,
    )
    return is_kept


def _in_time(wanted: Measurement, ours: dict[int, Cost], *, quick: bool) -> tuple[bool, str]:
    """Whether the seconds and the growth that a measurement promises are kept, and the words for it."""
    first, last = ours[min(ours)], ours[max(ours)]
    growth = (last.seconds / last.size) / (first.seconds / first.size)
    most, most_growth = getattr(wanted, "MOST_SECONDS", None), getattr(wanted, "MOST_GROWTH", None)
    words = "" if most is None else f", {last.seconds:.1f} s of {most:g} s"
    words += "" if most_growth is None else f", {growth:.2f} times the seconds a unit, promised {most_growth:g}"
    kept = (most is None or last.seconds <= most) and (most_growth is None or growth <= most_growth)
    return quick or kept, words


def _print(side: str, cost: Cost, unit: str) -> Cost:
    each = cost.seconds / cost.size * 1000
    rates = f"{cost.rate:10.1f}/s  {each:9.3f} ms each"
    print(f"  {side} {cost.size:>7,} {unit:<10} {cost.seconds:9.2f} s  {rates}  {cost.megabytes:6.0f} MB", flush=True)
    return cost


def main() -> None:
    """One side of one measurement; its cost as JSON on the last line."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("name")
    arguments.add_argument("side", choices=("ours", "peer"))
    arguments.add_argument("size", type=int)
    given = arguments.parse_args()
    module = load(given.name)
    work = (module.ours if given.side == "ours" else module.peer)(given.size)
    start = time.perf_counter()
    work()
    seconds = time.perf_counter() - start
    most = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    print(json.dumps({"seconds": seconds, "megabytes": most / _KIB}))


if __name__ == "__main__":
    main()
