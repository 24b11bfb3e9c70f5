"""Pictures of pages and seals that nobody here made: what of them was transcribed by others, and is it read so?

    .venv/bin/python -m bench.realdata [--folder FOLDER] [--verbose]

The files are not ours to give away and are not in the tree: ``--folder`` or ``HZFORMS_REALDATA`` says where they lie,
with ``transcription.json`` beside them. Without them nothing is measured, and the bench says so.

They are none of our forms, so what is scored is the page as it was read: *labels* that were transcribed and found,
*values* beside or behind them that are the transcribed ones (of those that differ, *marked* are for a person), *ticks*
that are right, *empty* cells that stayed empty, *seals* and *lines* that say what was transcribed, and *invented*:
cells with words in which no ink was seen. Other pictures of the folder are read for that last figure alone.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import time
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from parsers.document import Cell, Document, Grid
from parsers.readers import image
from parsers.scan.recognise import recognise_pictures

FOLDER = "HZFORMS_REALDATA"
SURE = 0.9
PICTURES = ("*.jpg", "*.jpeg", "*.png", "*.tif", "*.tiff")
LEAVE_OUT = re.compile(r"OVERLAY|CASIA")
"""Pictures with something drawn over them, and single characters."""


@dataclass
class Score:
    """Counts: how many there are, and how many are right."""

    labels: list[bool] = field(default_factory=list)
    values: list[bool] = field(default_factory=list)
    marked: list[bool] = field(default_factory=list)
    ticks: list[bool] = field(default_factory=list)
    empty: list[bool] = field(default_factory=list)
    seals: list[bool] = field(default_factory=list)
    lines: list[bool] = field(default_factory=list)
    invented: int = 0
    said: list[str] = field(default_factory=list)

    def add(self, other: Score) -> None:
        """Add the counts of another."""
        for item in fields(self):
            setattr(self, item.name, getattr(self, item.name) + getattr(other, item.name))

    def line(self, name: str, seconds: float) -> str:
        """The row of the table."""
        parts = (self.labels, self.values, self.marked, self.ticks, self.empty, self.seals, self.lines)
        shares = "".join(f"{f'{sum(part)}/{len(part)}' if part else '-':>9}" for part in parts)
        return f"{name:<42.42}{shares}{self.invented:>10}{seconds:>8.1f}"


HEADING = (
    f"{'file':<42}{'labels':>9}{'values':>9}{'marked':>9}{'ticks':>9}{'empty':>9}{'seals':>9}{'lines':>9}"
    f"{'invented':>10}{'s':>8}"
)


def plain(text: str) -> str:
    """A text in half width without white space."""
    return "".join(unicodedata.normalize("NFKC", text).split())


@dataclass(frozen=True, slots=True)
class Table:
    """A table as read: its cells in reading order."""

    cells: tuple[Cell, ...]

    def behind(self, label: str, others: Sequence[str]) -> tuple[str, float] | None:
        """What stands behind a label: the rest of its cell up to the next label, or the cell beside it.

        Gives the text and how sure it was read; ``None`` where the label was not found.
        """
        wanted = plain(label)
        for cell in self.cells:
            text = plain(cell.text)
            at = text.find(wanted)
            if at < 0:
                continue
            rest = text[at + len(wanted) :].lstrip("):：")
            ends = [end for other in others if (end := rest.find(plain(other))) >= 0]
            rest = rest[: min(ends, default=len(rest))]
            beside = self._beside(cell)
            if rest or beside is None:
                return rest, cell.confidence or 0.0
            return plain(beside.text), beside.confidence or 0.0
        return None

    def _beside(self, cell: Cell) -> Cell | None:
        column = cell.column + cell.column_span
        return next(
            (one for one in self.cells if one.column == column and one.row <= cell.row < one.row + one.row_span), None
        )


def tables_of(document: Document) -> list[Table]:
    """The tables of a document in its order."""
    grids = [block for page in document.pages for block in page.blocks if isinstance(block, Grid)]
    return [Table(tuple(sorted(grid.cells, key=lambda cell: (cell.row, cell.column)))) for grid in grids]


def score_table(table: Table, truth: Mapping[str, Any], score: Score) -> None:
    """Hold a table against the transcribed values by their labels."""
    for label, value in truth.items():
        others = [other for other in truth if other != label and other not in label]
        got = table.behind(label, others)
        score.labels.append(got is not None)
        if got is None:
            score.said.append(f"label {label!r} was not found")
        elif isinstance(value, Mapping):
            _score_ticks(table, label, value, score)
        elif value is None:
            score.empty.append(not got[0])
            if got[0]:
                score.said.append(f"{label} is empty, read {got[0]!r}")
        else:
            is_right = got[0] == plain(str(value))
            score.values.append(is_right)
            if not is_right:
                score.marked.append(got[1] < SURE)
                score.said.append(f"{label} is {value!r}, read {got[0]!r} ({got[1]:.2f})")


def _score_ticks(table: Table, label: str, options: Mapping[str, bool], score: Score) -> None:
    """Each option's box stands before its name, behind the label; in its cell or in the one beside or below it."""
    texts = [plain(cell.text) for cell in table.cells]
    wanted = plain(label)
    start = next((index for index, text in enumerate(texts) if wanted in text), 0)
    text = texts[start].partition(wanted)[2] + "".join(texts[start + 1 :])
    for name, is_ticked in options.items():
        found = re.search(rf"([☑□])[A-Za-z\-]*{re.escape(plain(name))}", text)
        is_right = found is not None and (found[1] == "☑") is is_ticked
        score.ticks.append(is_right)
        if not is_right:
            score.said.append(f"{label}: {name} is {is_ticked}, read {found[0] if found else None!r}")


def score_document(document: Document, truth: Mapping[str, Any]) -> Score:
    """Hold what was read of a picture against its transcription; ``{}`` for one that has none."""
    score = Score()
    tables = tables_of(document)
    for number, wanted in enumerate(truth.get("tables", [])):
        score_table(tables[number] if number < len(tables) else Table(()), wanted, score)
    if "fields" in truth:
        score_table(Table(tuple(cell for table in tables for cell in table.cells)), truth["fields"], score)
    if "text" in truth:
        lines = [block.text for page in document.pages for block in page.blocks if not isinstance(block, Grid)]
        score.lines.append(any(plain(line) == plain(truth["text"]) for line in lines))
        score.said += [] if score.lines[-1] else [f"text is {truth['text']!r}, read {lines}"]
    if "seal" in truth:
        seals = [seal for page in document.pages for seal in page.seals]
        score.seals.append(any(plain(seal.text) == plain(truth["seal"]) for seal in seals))
        score.said += [] if score.seals[-1] else [f"seal is {truth['seal']!r}, read {[seal.text for seal in seals]}"]
        if "inner" in truth:
            score.seals.append(any(plain(seal.below) == plain(truth["inner"]) for seal in seals))
    score.invented = sum(bool(cell.text) and cell.ink is False for table in tables for cell in table.cells)
    return score


def pictures(folder: Path) -> Iterator[Path]:
    """The pictures of a folder that pages or seals are on."""
    found = sorted({path for pattern in PICTURES for path in folder.rglob(pattern)})
    yield from (path for path in found if not LEAVE_OUT.search(path.name) and "hostile" not in path.parts)


def main() -> int:
    """Run and print; ends with 1 when words were invented."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--folder", type=Path, default=os.environ.get(FOLDER), help=f"where they lie; or {FOLDER}")
    arguments.add_argument("--verbose", action="store_true", help="say what went wrong")
    given = arguments.parse_args()
    if given.folder is None or not (Path(given.folder) / "transcription.json").is_file():
        print(f"real pages: not measured, the files are not here (--folder or {FOLDER} says where they lie)")
        return 0
    folder = Path(given.folder)
    truths = json.loads((folder / "transcription.json").read_text(encoding="utf-8"))
    print(HEADING, flush=True)
    whole, spent = Score(), 0.0
    for path in pictures(folder):
        started = time.perf_counter()
        document, _ = recognise_pictures(image.read(path))
        seconds = time.perf_counter() - started
        score = score_document(document, truths.get(path.name, {}))
        whole.add(score)
        spent += seconds
        print(score.line(path.name, seconds), flush=True)
        if given.verbose:
            print(*(f"    {line}" for line in score.said), sep="\n", flush=True)
    print(whole.line("all", spent))
    return 1 if whole.invented or not all(whole.empty) else 0


if __name__ == "__main__":
    raise SystemExit(main())
