"""How well ledgers of unknown layout are read: columns right, left to a person, wrong; values exact, review, silent.

    .venv/bin/python -m bench.ledgers [--seeds 900-959] [--kinds xlsx,docx,html,scan] [--verbose]
    .venv/bin/python -m bench.ledgers --rulings level,three-line,none [--conditions phone] [--looks long-cang]

Ledgers are invented (``samples/ledgers``): known and unclear heads, two-line heads, columns of no form, 同上, struck
lines, carried sums, several pages. Seeds from 900 up are kept for this table: nothing is tuned on them. A column is
*right* when it is read as what it holds and nobody has to look, *open* when a person is asked (its values are marked or
left out), *wrong* when it is read as something else unasked. A value is *silent* when it is wrong and not marked; a
*false fill* is a value that the ledger does not have; a struck person among the current ones counts as silent.
On paper a struck line is kept by its place, not its words. With ``--rulings`` the ledgers are scanned papers ruled in
these ways instead, in each condition and look by turns, set to the left or in the middle; ``none`` of the last columns
counts files that gave no ledger.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from PIL import Image

from forms.labels import normalise_label
from forms.record import ColumnStatus, Extraction, Row
from parsers.reading import ReadOptions, read_path
from samples.ledgers.drawing import draw_ledger
from samples.ledgers.files import as_docx, as_html, as_xlsx
from samples.ledgers.making import make_ledger
from samples.ledgers.ruling import RULINGS
from samples.ledgers.shapes import LedgerSample
from samples.paper import degrading
from samples.paper.drawn import Drawn
from samples.paper.fonts import looks

SCAN = "scan"
CONDITIONS = ("clean", "skew", "noise", "scanmix")
RULED_CONDITIONS = ("clean", "scanmix", "phone", "copier")
"""What is done to the papers of ``--rulings``: printed at 200 dpi, a slanting scan, a photo, a copy."""


@dataclass
class Score:
    """Counts of one kind of file."""

    files: int = 0
    columns: int = 0
    right: int = 0
    open: int = 0
    wrong: int = 0
    values: int = 0
    exact: int = 0
    review: int = 0
    silent: int = 0
    false_fills: int = 0
    persons: int = 0
    lost: int = 0
    struck: int = 0
    kept: int = 0
    none: int = 0
    seconds: float = 0.0

    def line(self, name: str) -> str:
        """The row of the table."""
        return (
            f"{name:<11}{self.files:>6}{self.columns:>8}{self.right / max(1, self.columns):>8.1%}"
            f"{self.open / max(1, self.columns):>7.1%}{self.wrong:>6}{self.values:>8}"
            f"{self.exact / max(1, self.values):>8.1%}{self.review / max(1, self.values):>8.1%}{self.silent:>7}"
            f"{self.false_fills:>6}{self.persons:>8}{self.lost:>5}{self.struck:>7}{self.kept:>5}"
            f"{self.none:>5}{self.seconds / max(1, self.files):>8.2f}"
        )


HEADING = (
    f"{'kind':<11}{'files':>6}{'columns':>8}{'right':>8}{'open':>7}{'wrong':>6}{'values':>8}{'exact':>8}{'review':>8}"
    f"{'silent':>7}{'false':>6}{'persons':>8}{'lost':>5}{'struck':>7}{'kept':>5}{'none':>5}{'s/file':>8}"
)

Say = Callable[[str], None]


def written(sample: LedgerSample, kind: str, seed: int, folder: Path) -> Path:
    """The ledger as a file of that kind; a scan in a font, at a slant and with noise by its seed."""
    if kind == SCAN:
        look, condition = looks()[seed % len(looks())], CONDITIONS[seed % len(CONDITIONS)]
        return scanned(draw_ledger(sample, look), condition, random.Random(f"{seed}-scan"), folder / f"{seed}.tif")
    path = folder / f"{seed}.{'xls' if kind == 'html' else kind}"
    path.write_bytes({"xlsx": as_xlsx, "docx": as_docx, "html": as_html}[kind](sample))
    return path


def ruled(sample: LedgerSample, ruling: str, seed: int, given: argparse.Namespace, folder: Path) -> Path:
    """The ledger on paper ruled in one way, in a look and a condition by its seed."""
    wanted, conditions = given.looks.split(",") if given.looks else looks(), given.conditions.split(",")
    look, condition = wanted[seed % len(wanted)], conditions[(seed + RULINGS.index(ruling)) % len(conditions)]
    pages = draw_ledger(sample, look, ruling=ruling, align=("left", "centre")[seed // 2 % 2])
    path = folder / f"{seed}-{ruling}-{look}-{condition}.tif"
    return scanned(pages, condition, random.Random(f"{seed}-{ruling}"), path)


def scanned(drawn: list[Drawn], condition: str, chance: random.Random, path: Path) -> Path:
    """Drawn pages as a file of worn pictures."""
    damage = degrading.CONDITIONS[condition]
    pages = [Image.fromarray(damage(page.picture, chance)) for page in drawn]
    pages[0].save(path, save_all=True, append_images=pages[1:], dpi=(200, 200), compression="tiff_deflate")
    return path


def score_file(sample: LedgerSample, path: Path, score: Score, say: Say) -> None:
    """Read one file and add what came of it."""
    started = time.perf_counter()
    reading = read_path(path, path.name, ReadOptions(form="ledger", checked=False))
    score.seconds += time.perf_counter() - started
    score.files += 1
    score.persons += len(sample.truth)
    if not reading.documents:
        score.none += 1
        say(f"{path.name}: {reading.problem}")
    for found in reading.documents[:1]:
        _score_columns(sample, found, score, lambda text: say(f"{path.name}: {text}"))
    rows = [row for found in reading.documents for row in found.record.rows]
    _score_rows(sample, rows, score, lambda text: say(f"{path.name}: {text}"))
    history = [row for found in reading.documents for row in found.history]
    past = {entry.value for row in history for entry in row.values()}
    score.struck += len(sample.struck)
    is_paper = any(entry.value is None for row in history for entry in row.values())
    score.kept += len(history) if is_paper else sum(name in past for name in sample.struck)


def _score_columns(sample: LedgerSample, found: Extraction, score: Score, say: Say) -> None:
    by_label = {normalise_label(choice.label.replace("/", "")): choice for choice in found.columns}
    for column in sample.columns:
        score.columns += 1
        choice = by_label.get(normalise_label("".join(column.path)))
        if choice is None or choice.status is ColumnStatus.UNSURE or (not choice.keys and column.keys):
            score.open += 1
        elif choice.keys == column.keys:
            score.right += 1
        else:
            score.wrong += 1
            say(f"column {column.path} holds {column.keys}, read as {choice.keys} ({choice.status})")


def _score_rows(sample: LedgerSample, rows: list[Row], score: Score, say: Say) -> None:
    """Persons are matched in order by what identifies them; what is read and matches nobody must be marked."""
    left = list(rows)
    for index, truth in enumerate(sample.truth):
        row = next((one for one in left if _is_person(one, truth)), None)
        if row is None:
            score.lost += 1
            score.values += len(truth)
            score.review += len(truth)
            say(f"person {index} not found")
            continue
        left.remove(row)
        _score_row(truth, row, score, lambda text, index=index: say(f"row {index}: {text}"))  # type: ignore[misc]  # a default is not in the signature asked for
    for row in left:
        loud = [key for key, entry in row.items() if entry.value not in ("", None) and not entry.review]
        score.silent += len(loud)
        if loud:
            say(f"a row of nobody: { {key: row[key].value for key in loud} }")


def _is_person(row: Row, truth: Mapping[str, object]) -> bool:
    texts = {str(entry.value) for entry in row.values()} | {entry.text for entry in row.values()}
    known = [str(truth[key]) for key in ("name", "id_number", "phone") if key in truth]
    return any(value in texts for value in known)


def _score_row(truth: Mapping[str, object], row: Row, score: Score, say: Say) -> None:
    for key, value in truth.items():
        score.values += 1
        entry = row.get(key)
        if entry is None or entry.review or entry.value is None:
            score.review += 1
        elif entry.value == value:
            score.exact += 1
        else:
            score.silent += 1
            say(f"{key} is {value!r}, read as {entry.value!r} unasked")
    for key, entry in row.items():
        if key not in truth and entry.value not in ("", None) and not entry.review:
            score.false_fills += 1
            say(f"{key} filled with {entry.value!r}")


def main() -> int:
    """Run and print; ends with 1 when anything was wrong in silence."""
    arguments = argparse.ArgumentParser(prog="python -m bench.ledgers", description=__doc__)
    arguments.add_argument("--seeds", default="900-939")
    arguments.add_argument("--kinds", default="xlsx,docx,html,scan")
    arguments.add_argument("--scans", type=int, default=8, help="how many of the seeds are scanned")
    arguments.add_argument("--rulings", default="", help="scanned papers ruled in these ways, instead of the kinds")
    arguments.add_argument("--conditions", default=",".join(RULED_CONDITIONS), help="of the papers of --rulings")
    arguments.add_argument("--looks", default="", help="fonts of the papers of --rulings; all that print by default")
    arguments.add_argument("--verbose", action="store_true", help="say what went wrong")
    given = arguments.parse_args()
    first, _, last = given.seeds.partition("-")
    seeds = range(int(first), int(last or first) + 1)
    print(HEADING, flush=True)
    whole = Score()
    with tempfile.TemporaryDirectory() as folder:
        for kind in (given.rulings or given.kinds).split(","):
            score = Score()
            for seed in seeds[: given.scans] if kind == SCAN else seeds:
                sample = make_ledger(seed)
                if given.rulings:
                    path = ruled(sample, kind, seed, given, Path(folder))
                else:
                    path = written(sample, kind, seed, Path(folder))
                score_file(sample, path, score, print if given.verbose else _quiet)
            print(score.line(kind), flush=True)
            for item in fields(Score):
                setattr(whole, item.name, getattr(whole, item.name) + getattr(score, item.name))
    print(whole.line("all"))
    return 1 if whole.silent or whole.wrong or whole.false_fills else 0


def _quiet(_text: str) -> None:
    return


if __name__ == "__main__":
    raise SystemExit(main())
