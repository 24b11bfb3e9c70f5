"""Values corrected by hand: crossed out with a pen, the new value written beside."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from forms.record import Value
from samples.paper import signing
from samples.paper.endorsing import Paper
from samples.paper.official import Box, Official, PrintedCell
from samples.records import make_records

CORRECTABLE = ("name", "id_number", "phone", "post", "lending_unit", "borrowed_post", "destination", "education")
_ELSEWHERE = 5000
"""Added to the seed: whose values the new ones are."""
_SMALLEST_MM = 2.6


@dataclass(frozen=True, slots=True)
class Correction:
    """A value that was changed on paper."""

    record: int
    key: str
    value: Value


def correct(paper: Paper, form: Official, count: int) -> tuple[Mapping[str, Value], ...]:
    """Correct ``count`` values of a form on paper; gives the records as they now stand."""
    records = [dict(record) for record in form.records]
    places = list(_places(form))
    paper.take_pen()
    for change, cell in paper.chance.sample(places, min(count, len(places))):
        _cross_out(paper, cell)
        _write_beside(paper, cell, str(change.value))
        records[change.record][change.key] = change.value
    return tuple(records)


def _places(form: Official) -> Iterator[tuple[Correction, PrintedCell]]:
    """What can be changed: values that stand alone in one cell of the page, each with another person's value."""
    others = make_records(form.definition.form, len(form.records), form.seed + _ELSEWHERE)["records"]
    for index, (record, other) in enumerate(zip(form.records, others, strict=True)):
        for key in CORRECTABLE:
            cells = [cell for cell in form.cells if cell.text and cell.text == record.get(key)]
            if len(cells) == 1 and key in other and other[key] != record[key]:
                yield Correction(index, key, other[key]), cells[0]


def _ink(cell: PrintedCell) -> Box:
    boxes = [letter.box for letter in cell.letters if letter.text.strip()]
    return (
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
    )


def _cross_out(paper: Paper, cell: PrintedCell) -> None:
    """One or two uneven strokes through each line of the value."""
    lines: dict[int, list[Box]] = {}
    for letter in cell.letters:
        lines.setdefault(round(letter.box[1]), []).append(letter.box)
    for boxes in lines.values():
        left, right = min(box[0] for box in boxes) - 1.5, max(box[2] for box in boxes) + 1.5
        top, bottom = boxes[0][1], boxes[0][3]
        for _ in range(paper.chance.choice((1, 1, 2))):
            middle = (top + bottom) / 2 + paper.chance.uniform(0.0, 0.2) * (bottom - top)
            ink = _stroke(right - left, (bottom - top) * 0.5, paper.dpi, paper.chance)
            paper.write(cell.page, ink, ((left + right) / 2, middle))


def _stroke(wide: float, high: float, dpi: int, chance: random.Random) -> signing.Mask:
    """A nearly level pen stroke in a plate of ``wide`` × ``high`` points."""
    size = (max(4, round(wide * dpi / 72)), max(4, round(high * dpi / 72)))
    plate: npt.NDArray[np.uint8] = np.zeros((size[1], size[0]), np.uint8)
    xs = np.linspace(0, size[0] - 1, 24)
    sway, tilt = chance.uniform(0.05, 0.15) * size[1], chance.uniform(-0.3, 0.3) * size[1]
    ys = size[1] / 2 + tilt * (xs / size[0] - 0.5) + sway * np.sin(xs / size[0] * chance.uniform(3, 9))
    points = np.stack([xs, ys], axis=1).round().astype(np.int32)
    cv2.polylines(plate, [points], isClosed=False, color=255, thickness=max(1, round(dpi / 90)), lineType=cv2.LINE_AA)
    return plate.astype(np.float32) / np.float32(255)


def _write_beside(paper: Paper, cell: PrintedCell, text: str) -> None:
    """The new value to the right of the old where there is room, else above it, over the rule if need be."""
    left, top, right, _ = _ink(cell)
    height = max(_SMALLEST_MM, min(4.0, (cell.box[3] - cell.box[1]) * 25.4 / 72 * 0.5))
    ink = signing.hand_words(text, paper.dpi, paper.chance, height)
    wide, high = ink.shape[1] * 72 / paper.dpi, ink.shape[0] * 72 / paper.dpi
    if cell.box[2] - right > wide + 6:
        paper.write(cell.page, ink, (right + 4 + wide / 2, (cell.box[1] + cell.box[3]) / 2))
        return
    room = cell.box[2] - cell.box[0] - 2
    if wide > room:
        ink = np.asarray(cv2.resize(ink, (round(room * paper.dpi / 72), ink.shape[0]), interpolation=cv2.INTER_AREA))
    middle = min(max((left + right) / 2, cell.box[0] + room / 2), cell.box[2] - room / 2) if wide > room else None
    at = middle if middle is not None else (cell.box[0] + cell.box[2]) / 2
    paper.write(cell.page, np.asarray(ink, np.float32), (at, max(cell.box[1] + high * 0.35, top - high * 0.45)))
