"""Opinions, signatures, dates and seals put into the named boxes of a printed form, and what was put where."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from samples.paper import seals, signing
from samples.paper.official import Box, NamedBox, Official, Point
from samples.records import SURNAMES, UNITS

Rgb = npt.NDArray[np.uint8]
OPINIONS = ("同意", "同意借用", "情况属实", "经研究同意", "拟同意")
OTHERS = ("海州区审计局", "新浦农场", "海州区卫生健康委员会", "连云港市民政局", "东海县教育局")
"""Units whose seal belongs into no box."""
SEAL_RADIUS = 66.0
"""Points around a seal's middle in which its ink may lie."""
FIGURE_MM = 3.4
_OWN_PENS = tuple(signing.PENS.values())
_YEAR = 2026
_SAME_LINE = 4.0
"""Points."""


@dataclass(frozen=True, slots=True)
class MarkTruth:
    """What stands in one part of a named box: ``kind`` as in contract §3; ``text`` the opinion or the seal's unit.

    ``is_wrong`` is a seal of a unit that has no business there.
    """

    key: str
    kind: str
    present: bool
    text: str = ""
    value: str | None = None
    is_wrong: bool = False


@dataclass(frozen=True, slots=True)
class Custom:
    """How a form is endorsed: how often (0.0-1.0) and with what ink; ``across`` seals are pressed over values.

    ``looks`` and ``hands`` are those of :mod:`samples.paper.seals` and :mod:`samples.paper.signing`.
    """

    sealed: float = 0.8
    signed: float = 0.8
    wrong: float = 0.08
    across: int = 0
    ink: seals.Ink = seals.FRESH
    looks: tuple[str, ...] = ("song-bold", "hei", "kai", "fang")
    hands: tuple[str, ...] = signing.HANDS


@dataclass(slots=True)
class Paper:
    """The pages of a form under the pen, at ``dpi``."""

    pages: list[Rgb]
    dpi: int
    chance: random.Random

    pen: tuple[int, int, int] = signing.PENS["black"]

    def take_pen(self) -> None:
        """Go on with another pen, or the same."""
        self.pen = self.chance.choice(_OWN_PENS)

    def write(self, page: int, ink: signing.Mask, at: Point) -> None:
        """Write strokes, their middle at ``at`` (points)."""
        self.pages[page] = signing.write(self.pages[page], ink, at, self.dpi, self.pen)

    def press(self, page: int, ink: seals.Mask, at: Point, inked: seals.Ink) -> None:
        """Press a seal, its middle at ``at`` (points)."""
        self.pages[page] = seals.press(self.pages[page], ink, at, self.chance, self.dpi, inked)


def endorse(paper: Paper, form: Official, custom: Custom) -> tuple[MarkTruth, ...]:
    """Sign, date and seal the boxes by chance, then press the seals that lie across values."""
    marks = tuple(mark for box in form.boxes for mark in _endorsed(paper, box, custom))
    for _ in range(custom.across):
        _press_across(paper, form, custom)
    return marks


def _endorsed(paper: Paper, box: NamedBox, custom: Custom) -> Iterator[MarkTruth]:
    is_signed = paper.chance.random() < custom.signed
    paper.take_pen()
    if "opinion" in box.parts:
        words = paper.chance.choice(OPINIONS) if is_signed and "seal" in box.parts else ""
        if words:
            _write_opinion(paper, box, words)
        yield MarkTruth(box.key, "opinion", bool(words), words)
    if "signature" in box.parts:
        if is_signed:
            _sign(paper, box, custom)
        yield MarkTruth(box.key, "signature", is_signed)
    if "date" in box.parts:
        day = _write_date(paper, box) if is_signed else None
        yield MarkTruth(box.key, "date", day is not None, value=day)
    if "seal" in box.parts:
        yield _seal(paper, box, custom)


def _write_opinion(paper: Paper, box: NamedBox, words: str) -> None:
    left, top, _, _ = box.cell.box
    ink = signing.hand_words(words, paper.dpi, paper.chance, 5.0)
    wide, high = _points(ink, paper.dpi)
    paper.write(box.cell.page, ink, (left + 10 + wide / 2, top + 6 + high / 2))


def _sign(paper: Paper, box: NamedBox, custom: Custom) -> None:
    left, top, right, bottom = box.cell.box
    chance, guide = paper.chance, box.cell.end_of("签字：")
    year = box.cell.end_of("年")
    begin = guide[2] + 2 if guide else left + 8
    is_beside = guide is not None and year is not None and abs(year[1] - guide[1]) < _SAME_LINE
    room = (year[0] - 22 if is_beside and year else right - 4) - begin
    middle = (guide[1] + guide[3]) / 2 if guide else (top + bottom) / 2
    high = min(9.0, (bottom - top) * 25.4 / 72 * 0.7)
    name = chance.choice(SURNAMES) + "".join(chance.sample("伟明建国晓东丽强芳军", 2))
    ink = signing.signature(name, paper.dpi, chance, chance.choice(custom.hands), high * chance.uniform(0.7, 1.0))
    ink = _fitted(ink, room * paper.dpi / 72)
    wide, _ = _points(ink, paper.dpi)
    paper.write(box.cell.page, ink, (begin + wide / 2 + chance.uniform(0, max(0.0, room - wide)) / 3, middle))


def _write_date(paper: Paper, box: NamedBox) -> str | None:
    """Figures in the gaps before 年, 月 and 日; gives the day, ``None`` where the box prints no such words."""
    day = (_YEAR, paper.chance.randint(1, 9), paper.chance.randint(1, 28))
    guides = [box.cell.end_of(word) for word in "年月日"]
    before: float | None = None
    for part, guide in zip(day, guides, strict=True):
        if guide is None:
            return None
        ink = signing.hand_words(str(part), paper.dpi, paper.chance, FIGURE_MM)
        if before is not None:
            ink = _fitted(ink, (guide[0] - before) * 0.95 * paper.dpi / 72)
        wide, _ = _points(ink, paper.dpi)
        middle = guide[0] - 1 - wide / 2 if before is None else (before + guide[0]) / 2
        paper.write(box.cell.page, ink, (middle, (guide[1] + guide[3]) / 2))
        before = guide[2]
    return f"{day[0]}-{day[1]:02d}-{day[2]:02d}"


def _seal(paper: Paper, box: NamedBox, custom: Custom) -> MarkTruth:
    chance = paper.chance
    if chance.random() >= custom.sealed:
        return MarkTruth(box.key, "seal", present=False)
    is_wrong = bool(box.units) and chance.random() < custom.wrong
    unit = chance.choice(OTHERS if is_wrong else box.units or UNITS)
    left, top, right, bottom = box.cell.box
    words = box.cell.end_of("（盖章）")
    aim = (words[0] - 16, words[3] + 2) if words else ((left + right) / 2, (top + bottom) / 2)
    reach = 34.0
    x = min(max(aim[0] + chance.uniform(-10, 10), left + reach), right - reach)
    y = min(max(aim[1] + chance.uniform(-8, 8), top + reach), bottom - reach)
    ink = seals.cut_seal(unit, paper.dpi, seals.any_look(chance, custom.looks))
    paper.press(box.cell.page, ink, (x, y), custom.ink)
    return MarkTruth(box.key, "seal", present=True, text=unit, is_wrong=is_wrong)


def _press_across(paper: Paper, form: Official, custom: Custom) -> None:
    """A seal over written words, clear of every named box. Whose it is does not matter; its ink does."""
    chance = paper.chance
    boxes = [(box.cell.page, box.cell.box) for box in form.boxes]
    free = [
        (cell.page, ((cell.box[0] + cell.box[2]) / 2, (cell.box[1] + cell.box[3]) / 2))
        for cell in form.cells
        if cell.text and not any(page == cell.page and _is_near(cell.box, box) for page, box in boxes)
    ]
    page, at = chance.choice(free)
    unit = str(form.header.get("unit") or chance.choice(UNITS))
    ink = seals.cut_seal(unit, paper.dpi, seals.any_look(chance, custom.looks))
    paper.press(page, ink, at, custom.ink)


def _is_near(cell: Box, box: Box) -> bool:
    x, y = (cell[0] + cell[2]) / 2, (cell[1] + cell[3]) / 2
    return box[0] - SEAL_RADIUS < x < box[2] + SEAL_RADIUS and box[1] - SEAL_RADIUS < y < box[3] + SEAL_RADIUS


def _fitted(ink: signing.Mask, pixels: float) -> signing.Mask:
    """The strokes squeezed into a width; a hand has no other way in a narrow gap."""
    if ink.shape[1] <= pixels:
        return ink
    return np.asarray(cv2.resize(ink, (max(4, round(pixels)), ink.shape[0]), interpolation=cv2.INTER_AREA), np.float32)


def _points(ink: signing.Mask, dpi: int) -> tuple[float, float]:
    """Width and height of strokes in points."""
    return ink.shape[1] * 72 / dpi, ink.shape[0] * 72 / dpi


def marked(marks: Sequence[MarkTruth], kind: str) -> dict[str, MarkTruth]:
    """The marks of one kind by their box."""
    return {mark.key: mark for mark in marks if mark.kind == kind}
