"""One fault of the paper at a time: are the page's cells found, and with ``--read`` what is read of it.

    .venv/bin/python -m bench.pages [--seeds 901-902] [--wear gaps,torn] [--forms attachment-1,…] [--read]

The official forms are filled, printed without our mark and worn (``bench/wear.py``). A cell counts as found when it
has its place or its address among the cells of the same page unworn; *unmarked* are cells too many that carry no
doubt. ``read`` adds documents of the right form, and fields exact, for a person, and silent (wrong or absent).
"""

from __future__ import annotations

import argparse
import io
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from bench.stack import DPI, Outcome, Sheaf, printed, score_fields
from bench.wear import WEAR, Rgb
from parsers.picture import Picture
from parsers.scan.circles import find_circles, rims_of
from parsers.scan.faint import evened
from parsers.scan.flattening import flatten
from parsers.scan.gridding import GridPlace, find_grids
from parsers.scan.red import binarised, separate
from samples.records import make_records

FORMS = ("attachment-1", "attachment-2", "attachment-4", "attachment-5")
PEOPLE = 6
OVERLAP = 0.5
"""Part that two cells must share, of what both cover, to be the same cell."""
LAID_BACK = {"turned-90": 1, "turned-180": 2, "turned-270": 3, "photo-180": 2}
"""Quarters by which pages were turned: the cells are compared upright, which OCR would see to."""

Box = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """A cell by its place in the frame of all grids, its address, and whether it carries a doubt."""

    box: Box
    address: tuple[int, ...]
    doubted: bool


def cells_of(pixels: Rgb, quarters: int = 0) -> tuple[list[Seen], float]:
    """The cells found on a picture, and the seconds it took."""
    started = time.perf_counter()
    page = np.ascontiguousarray(np.rot90(flatten(Picture(pixels)), -quarters))
    gray = separate(page).gray
    rims = rims_of(find_circles(binarised(gray)), gray.shape)
    grids, _ = find_grids(gray, rims, evened(page))
    return list(_seen(grids)), time.perf_counter() - started


def _seen(grids: Sequence[GridPlace]) -> Iterator[Seen]:
    if not grids:
        return
    edges = np.asarray([grid.box for grid in grids], float)
    left, top = (float(edge) for edge in edges[:, :2].min(axis=0))
    right, bottom = (float(edge) for edge in edges[:, 2:].max(axis=0))
    for number, grid in enumerate(grids):
        for cell in grid.cells:
            x0, y0, x1, y1 = cell.box
            wide, high = right - left, bottom - top
            box = ((x0 - left) / wide, (y0 - top) / high, (x1 - left) / wide, (y1 - top) / high)
            address = (number, cell.row, cell.column, cell.row_span, cell.column_span)
            yield Seen(box, address, bool(cell.notes) or not cell.whole)


def _shared(one: Box, other: Box) -> float:
    wide, high = min(one[2], other[2]) - max(one[0], other[0]), min(one[3], other[3]) - max(one[1], other[1])
    if wide <= 0 or high <= 0:
        return 0.0
    areas = [(box[2] - box[0]) * (box[3] - box[1]) for box in (one, other)]
    return wide * high / (sum(areas) - wide * high)


def compared(truth: Sequence[Seen], got: Sequence[Seen]) -> tuple[int, int]:
    """How many cells of the truth were found, and how many without a doubt are none of it."""
    by_address = len({cell.address for cell in truth} & {cell.address for cell in got})
    free, found = list(got), 0
    for cell in truth:
        best = max(free, key=lambda other: _shared(cell.box, other.box), default=None)
        if best is not None and _shared(cell.box, best.box) > OVERLAP:
            free.remove(best)
            found += 1
    return max(by_address, found), sum(not cell.doubted for cell in free) if found >= by_address else 0


def read(pages: Sequence[Rgb]) -> dict[str, Any]:
    """What the command line says of the pages as one TIFF."""
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "page.tif"
        first, *rest = (Image.fromarray(page) for page in pages)
        buffer = io.BytesIO()
        first.save(buffer, "TIFF", save_all=True, append_images=rest, dpi=(DPI, DPI), compression="tiff_deflate")
        path.write_bytes(buffer.getvalue())
        command = [sys.executable, "-m", "service", "read", str(path)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own program
        answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return answer


def row(name: str, sheaves: Sequence[Sheaf], truths: dict[int, list[Seen]], *, reading: bool) -> str:
    """One line of the table."""
    found = expected = unmarked = pages = right = 0
    seconds = 0.0
    outcome, faults = Outcome(), list[str]()
    for sheaf in sheaves:
        chance = random.Random(f"{name} {sheaf.form} {sheaf.owner}")
        worn = [WEAR[name](page, chance) for page in sheaf.pages]
        for page, clean in zip(worn, sheaf.pages, strict=True):
            cells, took = cells_of(page, LAID_BACK.get(name, 0))
            truth = truths[id(clean)]
            there, extra = compared(truth, cells)
            found, expected, unmarked = found + there, expected + len(truth), unmarked + extra
            seconds, pages = seconds + took, pages + 1
        if reading:
            answer = read(worn)
            mine = [one for one in answer["documents"] if one["form"] == sheaf.form]
            right += len(mine) == 1 == len(answer["documents"])
            if mine:
                score_fields(sheaf, mine[0], outcome, faults)
    line = f"{name:<12}{found / max(1, expected):>8.2%}{unmarked:>10}{seconds / max(1, pages):>9.2f}"
    if reading:
        fields = max(1, outcome.fields)
        line += f"{right:>6}/{len(sheaves):<3}{outcome.exact / fields:>8.2%}{outcome.review / fields:>9.2%}"
        line += f"{outcome.silent:>8}"
    return "\n".join([line, *(f"    {fault}" for fault in faults)])


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", default="901", help="first and last seed")
    parser.add_argument("--wear", default=",".join(WEAR))
    parser.add_argument("--forms", default=",".join(FORMS))
    parser.add_argument("--read", action="store_true", help="read the pages as well")
    given = parser.parse_args()
    first, _, last = given.seeds.partition("-")
    sheaves = [
        sheaf
        for form in given.forms.split(",")
        for seed in range(int(first), int(last or first) + 1)
        for sheaf in printed(form, _one_document(form, seed), marked=False)
    ]
    truths = {id(page): cells_of(page)[0] for sheaf in sheaves for page in sheaf.pages}
    reads = "   right   exact   review  silent" if given.read else ""
    print(f"{'wear':<12}{'cells':>8}{'unmarked':>10}{'s/page':>9}{reads}")
    for name in given.wear.split(","):
        print(row(name, sheaves, truths, reading=given.read), flush=True)


def _one_document(form: str, seed: int) -> dict[str, Any]:
    data = make_records(form, PEOPLE, seed)
    if form == "attachment-4":
        data["records"] = data["records"][:1]
    return data


if __name__ == "__main__":
    main()
