"""Counts of scanned readings and their errors for ``parsers/calibration.json``, from returned paper with known truth.

    .venv/bin/python -m bench.calibrate --seeds 300-303 [--conditions print200,photo] [--jobs 2] [--add] [--write]

Seeds must lie below 900, for those from 900 up are what ``bench.read_scans`` judges by. Readings that something else
than their confidence sends to a person are not counted; hands and faxes are counted by themselves. Without ``--write``
the counts are only shown; ``--add`` adds them to those that are stored.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bench.scans.papers import Task, make_tasks
from bench.scans.scoring import Sheet, score
from forms.catalogue import Catalogue
from parsers.calibrating import CLEAN, COUNTS, MORE_WORN, SILENT_RATE, WORN, Bin, Care, Curve, count, kind_of
from parsers.fenced import read_files
from parsers.reading import ReadOptions
from samples.paper.conditions import CONDITIONS, possible
from samples.paper.official import FORMS

FIRST_HELD_OUT = 900
EDGES = (0.0, 0.5, 0.7, 0.85, 0.93, 0.97, 0.985, 0.993, 0.997, 0.999)
"""Confidences at which the bins begin."""
WORN_CONDITIONS = frozenset(name for name, one in CONDITIONS.items() if one.hand is not None or name == "fax")
Counts = dict[str, list[list[float]]]


def outcomes(tasks: Sequence[Task], jobs: int) -> dict[str, list[tuple[str, float, bool]]]:
    """(kind, confidence, exact) of each value read with nothing but a confidence to go by, by what the page was."""
    catalogue = Catalogue.load()
    found: dict[str, list[tuple[str, float, bool]]] = {CLEAN: [], WORN: []}
    readings = read_files([task.path for task in tasks], ReadOptions(care=Care(None)), jobs=jobs)
    for task, reading in zip(tasks, readings, strict=True):
        sheet = Sheet(task.condition, task.seed, catalogue.find(task.truth.form))
        for one in score(sheet, task.truth, reading.to_plain()):
            if one.confidence is not None and not one.is_flagged and one.wanted != "":
                page = WORN if one.condition in WORN_CONDITIONS else CLEAN
                found[page].append((kind_of(one.type), one.confidence, one.is_exact))
                if not one.is_exact:
                    print(one.condition, one.form, one.seed, one.place, one.wanted, "->", one.got, one.confidence)
    return found


def _added(fresh: dict[str, Counts]) -> dict[str, Counts]:
    stored = json.loads(COUNTS.read_text(encoding="utf-8"))
    for page, kinds in fresh.items():
        for kind, bins in kinds.items():
            for own, old in zip(bins, stored[page][kind], strict=True):
                own[1] += old[1]
                own[2] += old[2]
    return fresh


def _show(page: str, kinds: Counts) -> None:
    for kind, bins in kinds.items():
        curve = Curve(tuple(Bin(least, int(readings), int(wrong)) for least, readings, wrong in bins))
        total, wrong = sum(int(one[1]) for one in bins), sum(int(one[2]) for one in bins)
        least = curve.least_sure(SILENT_RATE * MORE_WORN if page == WORN else SILENT_RATE)
        worth = curve.worth(least)
        print(f"{page:<6} {kind:<8} {total:>6} readings, {wrong:>3} wrong; unseen from {least:.4f}, worth {worth:.4f}")


def main() -> None:
    """Reads the arguments, the papers, and shows or stores the counts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", default="300", help="first and last seed")
    parser.add_argument("--conditions", type=lambda text: text.split(","), default=possible())
    parser.add_argument("--forms", type=lambda text: text.split(","), default=list(FORMS))
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--add", action="store_true")
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    first, _, last = given.seeds.partition("-")
    seeds = list(range(int(first), int(last or first) + 1))
    if seeds[-1] >= FIRST_HELD_OUT or not set(given.conditions) <= CONDITIONS.keys():
        parser.error("seeds must lie below 900, conditions must be known")
    with tempfile.TemporaryDirectory() as folder:
        found = outcomes(make_tasks(Path(folder), given.forms, seeds, given.conditions), given.jobs)
    counts = {page: count(readings, EDGES) for page, readings in found.items()}
    counts = _added(counts) if given.add and COUNTS.exists() else counts
    for page, kinds in counts.items():
        _show(page, kinds)
    if given.write:
        COUNTS.write_text(json.dumps(counts, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
