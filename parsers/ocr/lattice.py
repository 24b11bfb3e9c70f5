"""What a recogniser thinks of each place of a line, kept small, and the ways to read a text from it.

A recogniser answers for every narrow column of the picture with a probability for each of its 18,708 characters and
for "no character" (connectionist temporal classification, CTC). Only what may matter later is kept: each column's
alternatives above :data:`KEPT`; a run of columns that surely hold no character is kept as one.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

KEPT = 0.002
"""Alternatives less probable than this are dropped."""
FOUR_KEPT = 0.0002
"""The same for a 4 beside a 9, for hands that close it: the recogniser gives a 9 next to no chance of being one.

By four hands (seeds 600 and 601, 13 papers of 附件4 and 附件5) it gave 167 figures that were a 9 at most 0.0001 of
being a 4, and 11 that it took for a 9 and were a 4 at least 0.0005.
"""
SURE_BLANK = 0.995
"""A column this probably empty separates characters and says nothing else."""


@dataclass(frozen=True, slots=True)
class Step:
    """One column: where it is (0.0-1.0 of the line's width) and what it may be, best first; ``""`` is no character."""

    at: float
    options: tuple[tuple[str, float], ...]


Lattice = tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character read: its probability, the other characters it may be, and its middle (0.0-1.0 of the width)."""

    text: str
    probability: float
    at: float
    others: tuple[tuple[str, float], ...] = ()


def build_lattice(columns: npt.NDArray[np.float32], characters: Sequence[str], used: float = 1.0) -> Lattice:
    """The lattice of one line.

    Args:
        columns: probabilities, columns by characters; character 0 is "none".
        characters: the alphabet of the model.
        used: the part of the columns that the line fills; the rest is padding.
    """
    count = max(1, min(len(columns), int(np.ceil(len(columns) * used))))
    best = columns[:count].argmax(axis=1)
    chances = columns[np.arange(count), best]
    found: dict[int, list[tuple[str, float]]] = defaultdict(list)
    for row, (place, value) in enumerate(zip(best.tolist(), chances.tolist(), strict=True)):
        if value >= 1.0 - KEPT:  # nothing beside it can be kept
            found[row].append((characters[place], value))
    open_rows = np.flatnonzero(chances < 1.0 - KEPT)
    rows, places = np.nonzero(columns[open_rows] > KEPT)
    values = columns[open_rows[rows], places]
    for row, place, value in zip(open_rows[rows].tolist(), places.tolist(), values.tolist(), strict=True):
        found[row].append((characters[place], value))
    nines = [row for row in range(count) if characters[best[row]] == "9"]
    if nines:
        chance_of_four = columns[:, characters.index("4")]
        for row in nines:
            if FOUR_KEPT < chance_of_four[row] <= KEPT:
                found[row].append(("4", float(chance_of_four[row])))
    steps: list[Step] = []
    blank_before = True
    for row in range(count):
        options = tuple(sorted(found.get(row, [("", 1.0)]), key=lambda option: -option[1]))
        is_blank = options[0][0] == "" and options[0][1] >= SURE_BLANK
        if not (is_blank and blank_before):
            steps.append(Step((row + 0.5) / count, options))
        blank_before = is_blank
    return tuple(steps)


def glyphs_of(lattice: Lattice) -> tuple[Glyph, ...]:
    """The most probable reading: the best of each column, runs of one character taken together."""
    glyphs: list[Glyph] = []
    run: list[Step] = []
    last = ""
    for step in (*lattice, Step(1.0, (("", 1.0),))):
        best = step.options[0][0] if step.options else ""
        if best != last and run:
            glyphs.append(_glyph(last, run))
            run = []
        if best:
            run.append(step)
        last = best
    return tuple(glyphs)


def _glyph(text: str, run: Sequence[Step]) -> Glyph:
    peak = max(run, key=lambda step: step.options[0][1])
    others = tuple(option for option in peak.options if option[0] not in ("", text))
    return Glyph(text, peak.options[0][1], (run[0].at + run[-1].at) / 2, others)


def confidence_of(lattice: Lattice, glyphs: Sequence[Glyph]) -> float:
    """The probability that the best reading is right, a long text judged like one of twenty characters.

    It is never more than that of the least certain character: one doubtful character in a long line must show.
    """
    if not glyphs:
        return min((step.options[0][1] for step in lattice), default=1.0)
    least = min(glyph.probability for glyph in glyphs)
    whole = probability_of(lattice, [glyph.text for glyph in glyphs])
    return float(min(least, whole ** (min(1.0, 20.0 / len(glyphs)))))


def probability_of(lattice: Lattice, text: Sequence[str]) -> float:
    """The probability of a text: the sum over every way its characters can lie on the columns (CTC forward)."""
    labels = [""]
    for character in text:
        labels += [character, ""]
    alpha = {0: 1.0}
    """By place among the labels: the chance of having come so far. Most places have none at any column."""
    first = True
    for step in lattice:
        chance = dict(step.options)
        reached: dict[int, float] = {}
        for place, so_far in alpha.items():
            reached[place] = reached.get(place, 0.0) + so_far
            if place + 1 < len(labels):
                reached[place + 1] = reached.get(place + 1, 0.0) + so_far
            if not first and place + 2 < len(labels) and labels[place + 2] and labels[place + 2] != labels[place]:
                reached[place + 2] = reached.get(place + 2, 0.0) + so_far
        alpha = {place: so_far * here for place, so_far in reached.items() if (here := chance.get(labels[place], 0.0))}
        first = False
    ends = (len(labels) - 2, len(labels) - 1) if len(labels) > 1 else (0,)
    return min(1.0, sum(alpha.get(place, 0.0) for place in ends))


def rewritten(lattice: Lattice, rewrite: Callable[[str], str | None]) -> Lattice:
    """The lattice with its characters rewritten; those that become the same are added up, ``None`` is dropped.

    What is dropped is not made up for: a column of which much was dropped stays a doubtful one.
    """
    steps = []
    for step in lattice:
        sums: dict[str, float] = defaultdict(float)
        for character, chance in step.options:
            fresh = "" if character == "" else rewrite(character)
            if fresh is not None and len(fresh) <= 1:
                sums[fresh] += chance
        if sums:
            steps.append(Step(step.at, tuple(sorted(sums.items(), key=lambda option: -option[1]))))
        else:
            steps.append(Step(step.at, (("", 0.0),)))
    return tuple(steps)


def folded(character: str) -> str | None:
    """A character in its half-width form; a space is no character."""
    fresh = unicodedata.normalize("NFKC", character)
    return "" if fresh.isspace() else (fresh if len(fresh) == 1 else character)


def best_texts(lattice: Lattice, width: int = 12) -> tuple[tuple[str, float], ...]:
    """The most probable texts with their probabilities, best first (CTC prefix beam search)."""
    beams: dict[str, tuple[float, float]] = {"": (1.0, 0.0)}
    for step in lattice:
        fresh: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
        for prefix, (blank, ended) in beams.items():
            for character, chance in step.options:
                _extend(fresh, prefix, (blank, ended), (character, chance))
        ordered = sorted(fresh.items(), key=lambda item: -(item[1][0] + item[1][1]))
        beams = {prefix: (chances[0], chances[1]) for prefix, chances in ordered[:width]}
    return tuple((prefix, blank + ended) for prefix, (blank, ended) in beams.items())


def _extend(fresh: dict[str, list[float]], prefix: str, so_far: tuple[float, float], option: tuple[str, float]) -> None:
    blank, ended = so_far
    character, chance = option
    if not character:
        fresh[prefix][0] += (blank + ended) * chance
    elif prefix.endswith(character):
        fresh[prefix][1] += ended * chance
        fresh[prefix + character][1] += blank * chance
    else:
        fresh[prefix + character][1] += (blank + ended) * chance


def part_of(lattice: Lattice, start: float, end: float) -> Lattice:
    """The columns between two places of the line."""
    return tuple(step for step in lattice if start <= step.at <= end)
