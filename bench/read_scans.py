"""How well and how fast our five forms are read when they come back as paper, a condition at a time.

    .venv/bin/python -m bench.read_scans [--seeds 901-903] [--conditions print200,photo] [--forms attachment-4]
                                         [--json outcomes.jsonl] [--markdown table.md] [--jobs 1]

Official forms are filled, printed, signed, sealed, worn and saved (``samples/paper``), then read by
``parsers.fenced.read_files`` as ``service read`` does. Seeds from 900 up are kept for this table: nothing is tuned on
them. *exact*: the value is the true one. *review*: a person is sent to look, rightly or not. *silent*: wrong, lost or
invented, and nobody is told; *(form)* are those of them that differ by white
space or the width of a character alone; *IDs* silent ID numbers. *false fills*:
something was read in an empty cell. *P / R*: precision and recall of seals and signatures; *unit*: seals whose unit was
read; *dates*: written days that are exact; *ECE*: expected calibration error of the fields' confidence.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.scans.markscoring import score_marks
from bench.scans.scoring import Sheet, score
from bench.scans.tables import COLUMNS, Row, markdown, plain, silent_list
from forms.catalogue import Catalogue
from parsers.fenced import read_files
from parsers.reading import ReadOptions
from samples.paper.conditions import possible
from samples.paper.official import FORMS
from samples.paper.returned import Truth, returned_papers


@dataclass(frozen=True, slots=True)
class Task:
    """A paper that is to be read: where it is, how many pages it has, and its truth."""

    condition: str
    seed: int
    path: Path
    pages: int
    truth: Truth


def make_tasks(folder: Path, forms: Sequence[str], seeds: Sequence[int], conditions: Sequence[str]) -> list[Task]:
    """The papers of all forms, seeds and conditions, in the order of the conditions."""
    tasks = [
        Task(paper.condition, paper.seed, paper.save(folder), len(paper.pages), paper.truth)
        for form in forms
        for paper in returned_papers(form, seeds, conditions)
    ]
    return sorted(tasks, key=lambda task: conditions.index(task.condition))


def read_all(tasks: Sequence[Task], jobs: int) -> Iterator[tuple[Task, dict[str, Any]]]:
    """Each task with what ``service read`` prints of it."""
    readings = read_files([task.path for task in tasks], ReadOptions(), jobs=jobs)
    for task, reading in zip(tasks, readings, strict=True):
        yield task, reading.to_plain()


def rows_of(readings: Iterator[tuple[Task, dict[str, Any]]], conditions: Sequence[str]) -> list[Row]:
    """The rows of the table, in order of the conditions."""
    rows = {condition: Row(condition) for condition in conditions}
    catalogue = Catalogue.load()
    for task, reading in readings:
        row = rows[task.condition]
        sheet = Sheet(task.condition, task.seed, catalogue.find(task.truth.form))
        row.outcomes += score(sheet, task.truth, reading)
        row.marks += score_marks(task.condition, task.seed, task.truth, reading)
        row.pages += task.pages
        row.seconds += reading["seconds"]
    return list(rows.values())


def write_lines(path: Path, rows: Sequence[Row]) -> None:
    """Every outcome as a JSON line: what calibration is fitted from, on seeds below 900."""
    with path.open("w", encoding="utf-8") as stream:
        for row in rows:
            lines = [item.to_plain() for item in row.outcomes] + [mark.to_plain() for mark in row.marks]
            stream.writelines(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)


def _seeds(text: str) -> list[int]:
    first, _, last = text.partition("-")
    return list(range(int(first), int(last or first) + 1))


def _names(text: str) -> list[str]:
    return text.split(",")


def main() -> None:
    """Reads the arguments, prints the table and the list of silent errors."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=_seeds, default=[901], help="first and last seed")
    parser.add_argument("--conditions", type=_names, default=possible())
    parser.add_argument("--forms", type=_names, default=list(FORMS))
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every outcome as a JSON line")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="write the table as Markdown")
    parser.add_argument("--jobs", type=int, default=1, help="files read at once; times are those of one alone")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep the papers there")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if given.keep:
            given.keep.mkdir(parents=True, exist_ok=True)
        tasks = make_tasks(given.keep or Path(folder), given.forms, given.seeds, given.conditions)
        rows = rows_of(read_all(tasks, given.jobs), given.conditions)
    print(plain(rows, COLUMNS))
    silent = silent_list(rows)
    print(f"\n{len(silent)} silent errors", *silent, sep="\n")
    if given.json:
        write_lines(given.json, rows)
    if given.markdown:
        given.markdown.write_text(markdown(rows, COLUMNS) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
