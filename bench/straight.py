"""A hundred mixed pages as one file through one worker: does a page of a long stack cost what one of a short one does?

    .venv/bin/python -m bench.straight [--pages 100] [--seed 901]

Papers of all forms and of all :data:`CONDITIONS` (``samples/paper``) lie one on the other in one PDF of pictures. Its
first tenth is read, and then the whole, by one worker.
*processor* and *clock* are seconds a page, of the child and of all it started; *memory* is the most that any of its
processes ever held. Memory must stay below :data:`MOST_MEMORY`, and a page of the whole may cost no more than
:data:`STRAIGHT` times one of the tenth.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

from bench.stack import Stack, saved
from bench.verdict import verdict
from parsers.fenced import FencedReader
from parsers.reading import ReadOptions
from samples.paper.degrading import Rgb
from samples.paper.official import FORMS
from samples.paper.returned import returned_papers

CONDITIONS = ("print200", "photo", "stamped", "scan", "copier")
MOST_MEMORY = 1200.0
"""Megabytes of a worker's reading process."""
STRAIGHT = 1.25
EVERY = 0.2
"""Seconds between two looks at memory and processor."""


@dataclass(frozen=True, slots=True)
class Spent:
    """What reading a file took: seconds a page, and the megabytes that a process held at most."""

    pages: int
    processor: float
    clock: float
    memory: float


def mixed(count: int, seed: int) -> list[Rgb]:
    """So many pages of papers of every form and condition, one seed after the other."""
    pages: list[Rgb] = []
    for number in range(seed, seed + count):
        for turn, form in enumerate(FORMS):
            for condition in (*CONDITIONS[turn:], *CONDITIONS[:turn]):
                if len(pages) >= count:
                    return pages[:count]
                pages += [page for paper in returned_papers(form, [number], [condition]) for page in paper.pages]
    return pages[:count]


def descendants(root: int) -> Iterator[tuple[Path, list[str]]]:
    """The processes that a process started, and those that they did, each with its figures behind its name."""
    figures = {}
    for place in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it may have ended
            figures[int(place.name)] = (place / "stat").read_text().rpartition(")")[2].split()
    below = {root}
    while fresh := {one for one, known in figures.items() if int(known[1]) in below and one not in below}:
        below |= fresh
    for one in sorted(below - {root}):
        yield Path("/proc") / str(one), figures[one]


class Watch(Thread):
    """Looks at the processes below this one while a file is read: a child may end itself as soon as it has answered."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self._over = Event()
        self._ticks: dict[Path, tuple[int, int]] = {}
        self.memory = 0.0
        """Megabytes that any of them ever held."""

    @property
    def processor(self) -> float:
        """Seconds of the processor that they have had since the watch began."""
        return sum(last - first for first, last in self._ticks.values()) / os.sysconf("SC_CLK_TCK")

    def run(self) -> None:
        """Until :meth:`end`."""
        before = {place: self._spent(known) for place, known in descendants(os.getpid())}
        while not self._over.wait(EVERY):
            for place, known in descendants(os.getpid()):
                self._ticks[place] = (before.get(place, 0), self._spent(known))
                with suppress(OSError):
                    lines = (place / "status").read_text().splitlines()
                    peaks = [int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")]
                    self.memory = max(self.memory, *peaks) if peaks else self.memory

    def end(self) -> None:
        """No more looks."""
        self._over.set()
        self.join()

    @staticmethod
    def _spent(known: list[str]) -> int:
        return int(known[11]) + int(known[12])


def read(reader: FencedReader, pages: Sequence[Rgb], path: Path) -> Spent:
    """Read pages as one file.

    Raises:
        SystemExit: it could not be read.
    """
    saved(Stack(pages=list(pages)), path)
    watch, started = Watch(), time.monotonic()
    watch.start()
    readings = reader.read(path, ReadOptions())
    clock = time.monotonic() - started
    watch.end()
    for reading in readings:
        if reading.to_plain()["status"] == "failed":
            raise SystemExit(f"{path.name}: {reading.to_plain()['problem']}")
    return Spent(len(pages), watch.processor / len(pages), clock / len(pages), watch.memory)


def main() -> None:
    """Print a line for the tenth and one for the whole, and what is kept."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=100)
    parser.add_argument("--seed", type=int, default=901)
    given = parser.parse_args()
    pages = mixed(given.pages, given.seed)
    print(f"{'pages':>6}{'processor':>11}{'clock':>8}{'memory':>9}")
    spent: list[Spent] = []
    with tempfile.TemporaryDirectory() as folder, FencedReader() as reader:
        read(reader, pages[:1], Path(folder) / "warm.pdf")
        for count in (max(1, len(pages) // 10), len(pages)):
            one = read(reader, pages[:count], Path(folder) / f"pages-{count}.pdf")
            print(f"{one.pages:>6}{one.processor:>11.2f}{one.clock:>8.2f}{one.memory:>6.0f} MB", flush=True)
            spent.append(one)
    first, whole = spent
    is_straight = whole.processor <= STRAIGHT * first.processor
    print(f"memory below {MOST_MEMORY:.0f} MB: {verdict(is_kept=0 < whole.memory < MOST_MEMORY)}")
    print(f"a page of {whole.pages} at most {STRAIGHT} of one of {first.pages}: {verdict(is_kept=is_straight)}")


if __name__ == "__main__":
    main()
