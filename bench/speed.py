"""What the reading of a scanned page costs, part by part, beside RapidOCR on the whole of the same picture.

    .venv/bin/python -m bench.speed [--seed 901] [--conditions stamped,print300] [--forms attachment-4] [--rows 20]
                                    [--times 3] [--no-peer] [--no-known]

Both keep :data:`parsers.ocr.sidebyside.THREADS` threads busy; the best of ``--times`` counts. *processor* and *clock*
are seconds a page. *networks* are the processor's seconds in the first reader and its witness, *second* those in the
second reader, *outside* the part of ours that is neither, at most :data:`MOST_OUTSIDE` over all pages. Where others use
the machine as well, believe the processor's ratio, not the clock's.

Below them stand pages that we printed ourselves (``bench/difference.py``), come back as scan, as a program's picture
and as photo with nothing added by hand: their values are known, and a page takes less than :data:`KNOWN_CLOCK` seconds
by the clock of two processors that do nothing else.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

import cv2

from bench.difference import WAYS, drawn, made
from bench.scans.peers import Peer, rapid_ocr
from bench.verdict import verdict
from forms.catalogue import Catalogue
from parsers.extracting import extract
from parsers.issued import MAP_FILE, PRINT_FILE
from parsers.ocr.base import Gray, LineReading, OcrEngine, PixelBox
from parsers.ocr.engines import Engines, make_engines
from parsers.ocr.sidebyside import THREADS
from parsers.picture import Picture
from parsers.scan.recognise import recognise_pictures, recognise_with
from samples.paper.degrading import Rgb
from samples.paper.returned import returned_papers

FORMS = ("attachment-4", "attachment-3", "attachment-5")
MOST_OUTSIDE = 0.25
KNOWN_FORMS, KNOWN_WAYS = ("attachment-4", "attachment-5"), ("paper200", "drawn200", "phone")
KNOWN_CLOCK = 0.5
"""Seconds."""


def _processor() -> float:
    """Seconds of the processor that this process, all its threads and its ended children have had."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


class Timed(OcrEngine):
    """An engine, and the processor's seconds that it took."""

    def __init__(self, engine: OcrEngine) -> None:
        self.name, self._engine, self._lock = engine.name, engine, Lock()
        self.line_scale = engine.line_scale
        self.seconds = 0.0

    @property
    def version(self) -> str:
        """That of the engine."""
        return self._engine.version

    def read(self, crops: Sequence[Gray], alphabet: frozenset[str] | None = None) -> tuple[LineReading, ...]:
        """As the engine does; nothing else of ours runs meanwhile."""
        started = _processor()
        answers = self._engine.read(crops, alphabet)
        self.seconds += _processor() - started
        return answers

    def find_lines(self, picture: Gray) -> tuple[PixelBox, ...]:
        """As the engine does, in the thread that asks."""
        started = time.thread_time()
        boxes = self._engine.find_lines(picture)
        with self._lock:
            self.seconds += time.thread_time() - started
        return boxes


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of a page: the processor's, the clock's, and of the processor's those in networks and second reader."""

    processor: float
    clock: float
    networks: float = 0.0
    second: float = 0.0


def _timed(work: Callable[[], object], pages: int) -> Cost:
    processor, clock = _processor(), time.perf_counter()
    work()
    return Cost((_processor() - processor) / pages, (time.perf_counter() - clock) / pages)


def _whole(peer: Peer, pages: Sequence[Rgb]) -> Cost:
    cv2.setNumThreads(THREADS)  # ours leaves it one
    return _timed(lambda: [peer(page) for page in pages], len(pages))


def ours(pages: Sequence[Rgb], catalogue: Catalogue) -> Cost:
    """Our reading of a paper, from its pictures to its fields."""
    engines = make_engines()
    first = Timed(engines.first)
    second = Timed(engines.second) if engines.second is not None else None
    witness = Timed(engines.witness) if engines.witness is not None else None
    coarse = Timed(engines.coarse) if engines.coarse is not None else None

    def read() -> None:
        pictures = [Picture(page, index) for index, page in enumerate(pages)]
        document, decoder = recognise_with(pictures, Engines(first, second, witness, coarse))
        extract(document, catalogue, None, decoder)

    cost = _timed(read, len(pages))
    asked = second.seconds if second is not None else 0.0
    networks = first.seconds + sum(one.seconds for one in (witness, coarse) if one is not None)
    return Cost(cost.processor, cost.clock, networks / len(pages), asked / len(pages))


def known(seed: int, times: int, catalogue: Catalogue) -> Iterator[tuple[str, Cost]]:
    """What our own first pages cost that come back as they were printed, and how they came back."""
    with tempfile.TemporaryDirectory() as folder:
        for _, form in made(list(KNOWN_FORMS), [seed]):
            place = Path(folder) / form.document_id
            place.mkdir()
            (place / PRINT_FILE).write_bytes(form.content)
            (place / MAP_FILE).write_text(json.dumps(form.field_map and form.field_map.to_plain()), encoding="utf-8")
            for name in KNOWN_WAYS:
                way = WAYS[name]
                page = way.condition(drawn(form.content, 0, way, random.Random(seed)), random.Random(seed + 1))

                def read(page: Rgb = page, place: Path = place) -> None:
                    document, decoder = recognise_pictures([Picture(page, 0)], borrow=lambda _: place)
                    extract(document, catalogue, None, decoder)

                read()
                costs = [_timed(read, 1) for _ in range(times)]
                best = Cost(min(cost.processor for cost in costs), min(cost.clock for cost in costs))
                yield f"{name} {form.field_map.form if form.field_map else ''}", best


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=901)
    parser.add_argument("--conditions", default="stamped,print300")
    parser.add_argument("--forms", default=",".join(FORMS))
    parser.add_argument("--rows", type=int, default=20)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--no-peer", action="store_true")
    parser.add_argument("--no-known", action="store_true")
    given = parser.parse_args()
    catalogue = Catalogue.load()
    peer = None if given.no_peer else rapid_ocr(THREADS)
    print(f"{'page':<26}{'processor':>10}{'clock':>7}{'networks':>10}{'second':>8}{'outside':>9}   of RapidOCR's")
    spent: list[Cost] = []
    for form in given.forms.split(","):
        for paper in returned_papers(form, [given.seed], given.conditions.split(","), given.rows):
            pages = paper.pages
            ours(pages[:1], catalogue)
            mine = min((ours(pages, catalogue) for _ in range(given.times)), key=lambda cost: cost.processor)
            spent.append(mine)
            outside = 1 - (mine.networks + mine.second) / mine.processor
            line = f"{paper.condition + ' ' + form:<26}{mine.processor:>10.2f}{mine.clock:>7.2f}{mine.networks:>10.2f}"
            line += f"{mine.second:>8.2f}{outside:>9.0%}"
            if peer is not None:
                other = [_whole(peer, pages) for _ in range(given.times)]
                processor, clock = min(cost.processor for cost in other), min(cost.clock for cost in other)
                line += f"   processor {mine.processor / processor:.2f}, clock {mine.clock / clock:.2f}"
            print(line, flush=True)
    whole = sum(cost.processor for cost in spent)
    outside = 1 - sum(cost.networks + cost.second for cost in spent) / whole
    print(f"outside the networks {outside:.1%}, at most {MOST_OUTSIDE:.0%}: {verdict(is_kept=outside <= MOST_OUTSIDE)}")
    for name, cost in () if given.no_known else known(given.seed, given.times, catalogue):
        kept = f"below {KNOWN_CLOCK} s by the clock: {verdict(is_kept=cost.clock < KNOWN_CLOCK)}"
        print(f"{'known ' + name:<26}{cost.processor:>10.2f}{cost.clock:>7.2f}   {kept}", flush=True)


if __name__ == "__main__":
    main()
