"""The papers that a run reads, each with its truth, and our own reader on them as ``service read`` uses it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from parsers.fenced import FencedReader, Returned
from parsers.reading import ReadOptions
from samples.paper.degrading import Rgb
from samples.paper.returned import Truth, returned_papers


@dataclass(frozen=True, slots=True)
class Task:
    """A paper that is to be read: where it is, its truth, and its pages where a peer will want them."""

    condition: str
    seed: int
    path: Path
    count: int
    truth: Truth
    pages: tuple[Rgb, ...] = ()


def make_tasks(
    folder: Path,
    forms: Sequence[str],
    seeds: Sequence[int],
    conditions: Sequence[str],
    kept: frozenset[tuple[int, str]] = frozenset(),
) -> list[Task]:
    """The papers of all forms, seeds and conditions, in the order of the conditions.

    ``kept`` are the pairs of seed and condition of which the pages are kept in memory.
    """
    tasks = [
        Task(
            paper.condition,
            paper.seed,
            paper.save(folder),
            len(paper.pages),
            paper.truth,
            paper.pages if (paper.seed, paper.condition) in kept else (),
        )
        for form in forms
        for paper in returned_papers(form, seeds, conditions)
    ]
    return sorted(tasks, key=lambda task: conditions.index(task.condition))


def read_tasks(tasks: Sequence[Task], jobs: int) -> Iterator[tuple[Task, dict[str, Any]]]:
    """Each task with what ``service read`` prints of it. The first paper is read once more before, to warm up."""
    files = [Returned(task.path, task.path.name) for task in tasks]
    with FencedReader(jobs) as reader:
        readings = reader.read_all([*files[:1], *files], ReadOptions())
        next(readings, None)
        for task, (reading, *_) in zip(tasks, readings, strict=True):
            yield task, reading.to_plain()
