"""How well and how fast our five forms are read when they come back as paper, beside peers in the same run.

    .venv/bin/python -m bench.read_scans [--seeds 901-903] [--conditions all] [--forms attachment-4]
                                         [--peers rapidocr,tesseract] [--no-peer] [--json FILE] [--markdown FILE]

Official forms are filled, printed, signed, sealed, worn and saved (``samples/paper``), then read by
``parsers.fenced`` as ``service read`` does. Seeds from 900 up are kept for this table: nothing is tuned on them; what
is fitted or mended is measured on seeds below.

*exact*: the value is the true one. *review*: a person is sent to look, rightly or not. *silent*: wrong, lost or
invented, and nobody is told; *(form)*: those of them that differ by white space or the width of a character alone;
*IDs*: silent ID numbers. *false fills*: something was read in an empty cell. *P / R*: precision and recall of seals and
signatures; *unit*: seals whose unit was read; *dates*: written days that are exact; *marks silent*: signatures, seals,
dates and opinions that are wrong, or seals of a wrong unit, of which nobody is told; *ECE*: expected calibration error.

Peers are given the best rules we could write around them (``bench/scans/mapping.py``) and our own normalising of
values. They have no notion of doubt: all that is not exact is wrong. They read the first seed alone, in the
conditions of ``--peer-conditions``. ``make setup-dev`` and ``scripts/hand-fonts`` install what this needs.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from bench.scans.mapping import mapped
from bench.scans.markscoring import score_marks
from bench.scans.papers import Task, make_tasks, read_tasks
from bench.scans.peers import PEERS, Peer, peers
from bench.scans.scoring import Sheet, score
from bench.scans.tables import COLUMNS, PEER_COLUMNS, Row, markdown, plain, silent_list
from forms.catalogue import Catalogue
from parsers.ocr.sidebyside import THREADS
from samples.paper.conditions import CONDITIONS, possible
from samples.paper.official import FORMS

USUAL = ("print200", "stamped", "scan", "fax", "copier", "margin", "photo", "curl", "long-cang", "corrected")
"""Conditions of a run without ``--conditions``: a few minutes on two processors that do nothing else."""
WHOLE_PAGE = "rapidocr"
"""The peer whose time ours is compared with."""


@dataclass(slots=True)
class Table:
    """The rows of a run: ours by condition, the peers' by condition and name, and the times by form."""

    ours: dict[str, Row] = field(default_factory=dict)
    theirs: dict[tuple[str, str], Row] = field(default_factory=dict)
    times: dict[str, dict[str, list[float]]] = field(default_factory=dict)
    """Form → reader → seconds a page of each paper that both read."""

    def add(self, task: Task, reading: dict[str, Any], sheet: Sheet) -> Row:
        """Count our reading of a paper; gives its own row."""
        outcomes = score(sheet, task.truth, reading)
        marks = list(score_marks(task.condition, task.seed, task.truth, reading))
        row = self.ours.setdefault(task.condition, Row(task.condition))
        row.outcomes += outcomes
        row.marks += marks
        row.pages += task.count
        row.seconds += reading["seconds"]
        if task.pages:
            self._time(task, "ours", reading["seconds"])
        return Row(task.path.name, outcomes, marks, task.count, reading["seconds"])

    def add_peer(self, name: str, peer: Peer, task: Task, sheet: Sheet) -> None:
        """Let a peer read a paper, and count."""
        started = time.perf_counter()
        words = [peer(page) for page in task.pages]
        seconds = time.perf_counter() - started
        row = self.theirs.setdefault((task.condition, name), Row(f"{task.condition}: {name}"))
        row.outcomes += score(sheet, task.truth, mapped(words, sheet.definition))
        row.pages += task.count
        row.seconds += seconds
        self._time(task, name, seconds)

    def _time(self, task: Task, reader: str, seconds: float) -> None:
        self.times.setdefault(task.truth.form, {}).setdefault(reader, []).append(seconds / task.count)

    def ratios(self) -> list[str]:
        """Our time for a page as a part of the whole-page engine's, a line for each form."""
        lines = []
        for form, times in sorted(self.times.items()):
            ours, other = sum(times.get("ours", [])), sum(times.get(WHOLE_PAGE, []))
            if other:
                lines.append(f"{form}: {ours / other:.2f} × the time of {WHOLE_PAGE} on the whole page")
        return lines


def run(tasks: Sequence[Task], jobs: int, their: dict[str, Peer], lines: IO[str] | None) -> Table:
    """Read everything; says on standard error how each paper went, and writes outcomes as JSON lines as they come."""
    table, catalogue = Table(), Catalogue.load()
    for task, reading in read_tasks(tasks, jobs):
        row = table.add(task, reading, Sheet(task.condition, task.seed, catalogue.find(task.truth.form)))
        print(_said(row), file=sys.stderr, flush=True)
        if lines is not None:
            _write(row, lines)
    for task in tasks:
        for name, peer in their.items() if task.pages else ():
            table.add_peer(name, peer, task, Sheet(task.condition, task.seed, catalogue.find(task.truth.form)))
    return table


def _said(row: Row) -> str:
    silent = row.count(lambda item: item.is_silent)
    exact, review = row.part(lambda item: item.is_exact), row.part(lambda item: item.is_flagged)
    return f"{row.name}: exact {exact:.1%}, review {review:.1%}, silent {silent}, {row.seconds / row.pages:.1f} s/page"


def _write(row: Row, lines: IO[str]) -> None:
    """Every outcome as a JSON line: what calibration is fitted from, on seeds below 900."""
    for line in [item.to_plain() for item in row.outcomes] + [mark.to_plain() for mark in row.marks]:
        lines.write(json.dumps(line, ensure_ascii=False) + "\n")
    lines.flush()


def _report(table: Table) -> Iterable[str]:
    ours, theirs = list(table.ours.values()), list(table.theirs.values())
    yield plain(ours, COLUMNS)
    if theirs:
        yield "\n" + plain(theirs, PEER_COLUMNS)
        yield from ("", *table.ratios())
    silent = silent_list(ours)
    yield f"\n{len(silent)} silent errors"
    yield from silent


def _seeds(text: str) -> list[int]:
    first, _, last = text.partition("-")
    return list(range(int(first), int(last or first) + 1))


def _names(text: str) -> list[str]:
    return [name for name in text.split(",") if name]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=_seeds, default=[901], help="first and last seed")
    parser.add_argument(
        "--conditions",
        type=_names,
        default=[name for name in USUAL if name in possible()],
        help=f"all, or some of {', '.join(CONDITIONS)}",
    )
    parser.add_argument("--forms", type=_names, default=list(FORMS))
    parser.add_argument("--peers", type=_names, default=["rapidocr", "tesseract"], help=", ".join(PEERS))
    parser.add_argument("--peer-conditions", type=_names, default=["print200", "scan", "photo"])
    parser.add_argument("--no-peer", dest="peers", action="store_const", const=[])
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every outcome as a JSON line")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="write the tables as Markdown")
    parser.add_argument("--jobs", type=int, default=1, help="files read at once; times are those of one alone")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep the papers there")
    given = parser.parse_args()
    if given.conditions == ["all"]:
        given.conditions = possible()
    return given


def main() -> None:
    """Reads the arguments, prints the tables and the list of silent errors."""
    given = _arguments()
    with ExitStack() as stack:
        folder = given.keep or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        folder.mkdir(parents=True, exist_ok=True)
        lines = stack.enter_context(given.json.open("w", encoding="utf-8")) if given.json else None
        met = frozenset((given.seeds[0], name) for name in given.peer_conditions if given.peers)
        tasks = make_tasks(folder, given.forms, given.seeds, given.conditions, met)
        table = run(tasks, given.jobs, peers(given.peers, THREADS), lines)
    print(*_report(table), sep="\n")
    if given.markdown:
        parts = [markdown(list(table.ours.values()), COLUMNS), markdown(list(table.theirs.values()), PEER_COLUMNS)]
        text = "\n\n".join([*parts, "\n".join(f"- {line}" for line in table.ratios())])
        given.markdown.write_text(text.strip() + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
