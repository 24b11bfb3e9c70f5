"""The written day of each box for opinions, read once more by itself: as a strip from before 年 to behind 日.

In a box the day touches signatures, seals and rules, and the lines that a detector sees there break apart; the words
年, 月 and 日 are printed where the form has them. Where a seal hides them they stand as in a box of the same size. The
strip is cut from the page before seals of copies were bleached, which takes thin strokes of a pen with them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from parsers.ocr.base import LineReading
from parsers.scan.readlines import ReadLine
from parsers.scan.signatures import ALIKE, EM, SignPlace, middle_row
from parsers.scan.units import Gray, Mask, PixelBox, mm

SURE_GUIDE = 0.8
"""How sure 年, 月 and 日 must have been read to say where they stand."""
BEFORE, BEHIND, UP = 3.7, 0.85, 0.85
"""Printed characters from 年 and 日 to the ends of the strip, and from their middle to its top and bottom."""
NARROW = 2.7
"""Printed characters before 年 in which the figures of a year stand; further on somebody may have signed."""
GUIDE = 0.62
"""Printed characters from the middle of 年, 月 or 日 to its side."""
STROKE = 0.4
"""Part of the page's black that a stroke of a pen has at least."""
CENTRAL = 2.5
"""Printed characters from the middle of a box within which a day stands in its middle."""
TALL_ENOUGH, WIDEST = 0.35, 0.95
"""Printed characters that a figure is high at least and wide at most."""
PALEST = 0.12
"""Part of the page's black that the palest stroke of a figure has."""
CORE, REACHES = 0.3, 0.75
"""Printed characters from the middle of a word within which its strokes lie, and beyond which another joins them."""
BLOT, HIDDEN = 0.55, 9
"""Millimetres from the middle of a blot to its edge that no stroke of a pen has, and for how many figures it stands."""
LEAST_INK = 0.5
"""Square millimetres of ink beside 年, 月 and 日 from which something may be written there."""

_GUIDES, _LATER_GUIDES = "年月日", "月日"
_DAY = re.compile(r"年([^年月日]*)月([^年月日]*)日")


@dataclass(frozen=True, slots=True)
class DayPlace:
    """Where a box prints its day: the middles of 年, 月 and 日, and their row, in pixels of the page."""

    inside: PixelBox
    guides: tuple[float, float, float]
    row: int
    em: float

    @property
    def box(self) -> PixelBox:
        """The strip in which the day is written."""
        left, top, right, bottom = self.inside
        first, last = self.guides[0] - BEFORE * self.em, self.guides[2] + BEHIND * self.em
        up = UP * self.em
        return (
            max(left, round(first)),
            max(top, round(self.row - up)),
            min(right, round(last)),
            min(bottom, round(self.row + up)),
        )

    @property
    def written(self) -> PixelBox:
        """The part of the strip that a day fills, however wide it is written."""
        left, top, right, bottom = self.box
        return max(left, round(self.guides[0] - NARROW * self.em)), top, right, bottom

    def moved(self, inside: PixelBox) -> DayPlace:
        """The same in a box of the same size: forms set the day off from the right and the bottom."""
        return self._shifted(inside, inside[2] - self.inside[2])

    def centred(self, inside: PixelBox) -> DayPlace:
        """The same in a box of another width, where the form sets the day in the middle."""
        return self._shifted(inside, round((inside[0] + inside[2] - self.inside[0] - self.inside[2]) / 2))

    @property
    def is_central(self) -> bool:
        """Whether the day stands in the middle of its box."""
        middle = (self.inside[0] + self.inside[2]) / 2
        return abs((self.guides[0] + self.guides[2]) / 2 - middle) <= CENTRAL * self.em

    def _shifted(self, inside: PixelBox, right: int) -> DayPlace:
        year, month, day = (x + right for x in self.guides)
        return DayPlace(inside, (year, month, day), self.row + inside[3] - self.inside[3], self.em)


def day_places(ink: Mask, places: Sequence[SignPlace], height: float) -> tuple[DayPlace, ...]:
    """Where the days of a page's boxes stand; ``height`` is that of ordinary type, in pixels.

    A box in which 年 was not read is like another of its size in which it was; only without one do 月 and 日 say where
    it stands.
    """
    em = height * EM
    boxes = [place for place in places if not place.own_line]
    own = [_own(ink, place, em, _GUIDES) for place in boxes]
    known = [one for one in own if one is not None]
    found = [one or _like(place.inside, known) for place, one in zip(boxes, own, strict=True)]
    left = [
        _own(ink, place, em, _LATER_GUIDES) if one is None else None for place, one in zip(boxes, found, strict=True)
    ]
    known = [one for one in left if one is not None]
    last = [one or other or _like(place.inside, known) for place, one, other in zip(boxes, found, left, strict=True)]
    return tuple(one for one in last if one is not None)


def strips(gray: Gray, black: float, places: Sequence[DayPlace]) -> Iterator[tuple[DayPlace, Gray]]:
    """The strips in which something is written, cut from a page as it came; ``black`` is the level of its print."""
    for place in places:
        left, top, right, bottom = place.box
        if right - left < mm(5) or bottom - top < mm(2):
            continue
        beside = np.asarray(gray[top:bottom, left:right] < 255 - (255 - black) * STROKE, np.uint8)
        for x in place.guides:
            half = GUIDE * place.em
            beside[:, max(0, round(x - half) - left) : max(0, round(x + half) - left)] = 0
        if np.count_nonzero(beside) >= LEAST_INK * mm(1) ** 2:
            yield place, np.ascontiguousarray(gray[top:bottom, left:right])


def _own(ink: Mask, place: SignPlace, em: float, words: str) -> DayPlace | None:
    """The day's place by those of ``words`` that were read in the box itself, in the last line that has them."""
    for line in reversed(place.lines):
        at = _guides_of(line, words)
        if at is not None and at[0] < at[1] < at[2]:
            rows = [middle_row(ink, line, x, em) for x in at]
            return DayPlace(place.inside, at, int(np.median(rows)), em)
    return None


def _guides_of(line: ReadLine, words: str) -> tuple[float, float, float] | None:
    """The middles of 年, 月 and 日 of a line; one of them that was not read stands where it must."""
    text, glyphs = line.reading.text, line.reading.glyphs
    if len(glyphs) != len(text):
        return None
    places = {
        char: line.line.page_x(glyphs[index].at)
        for index, char in enumerate(text)
        if char in words and glyphs[index].probability >= SURE_GUIDE
    }
    year, month, day = places.get("年"), places.get("月"), places.get("日")
    match year, month, day:
        case float(), float(), float():
            return year, month, day
        case float(), float(), None:
            return year, month, 2 * month - year
        case float(), None, float():
            return year, (year + day) / 2, day
        case None, float(), float() if "年" not in words:
            return 2 * month - day, month, day
        case _:
            return None


def _like(inside: PixelBox, known: Sequence[DayPlace]) -> DayPlace | None:
    wide, high = inside[2] - inside[0], inside[3] - inside[1]
    as_high = [one for one in known if abs(one.inside[3] - one.inside[1] - high) <= mm(ALIKE)]
    for one in as_high:
        if abs(one.inside[2] - one.inside[0] - wide) <= mm(ALIKE):
            return one.moved(inside)
    return next((one.centred(inside) for one in as_high if one.is_central), None)


def has_unread_ink(place: DayPlace, strip: Gray, black: float, read: LineReading) -> bool:
    """Whether a strip holds more than the figures that were read in it.

    Between 年 and 月 and between 月 and 日 stand as many figures as there are pieces of ink, and none is broader than a
    pen makes it: a star there may hide one. A strip whose words were not read in their order holds what nobody knows.
    """
    figures = _DAY.search(read.text)
    if figures is None:
        return True
    dark = np.asarray(strip < 255 - (255 - black) * STROKE, np.uint8)
    pale = np.asarray(strip < 255 - (255 - black) * PALEST, np.uint8)
    half = GUIDE * place.em
    for first, second, text in zip(place.guides[:2], place.guides[1:], figures.groups(), strict=True):
        start, end = (max(0, round(edge) - place.box[0]) for edge in (first + half, second - half))
        beside = _pieces_beside(pale, (first - place.box[0], second - place.box[0]), place.em)
        if max(_pieces_of(dark[:, start:end], place.em), beside) > len(text):
            return True
    return False


def _pieces_beside(pale: Mask, guides: tuple[float, float], em: float) -> int:
    """How many figures stand between two words, pale and close ones too; one that touches a word makes it wider."""
    count, _, stats, _ = cv2.connectedComponentsWithStats(pale, connectivity=8)
    pieces = 0
    spans: list[tuple[int, int]] = []
    for x, _, wide, high, _ in stats[1:count].tolist():
        core = CORE * em
        if high < TALL_ENOUGH * em:
            continue
        if x < guides[0] + core and x + wide > guides[0] - core:
            pieces += x + wide > guides[0] + REACHES * em
        elif guides[0] < x + wide / 2 < guides[1] - core and x + wide <= guides[1]:
            spans.append((x, x + wide))
    reached = -1.0
    for left, right in sorted(spans):
        pieces += left >= reached - 1
        reached = max(reached, right)
    return pieces


def _pieces_of(dark: Mask, em: float) -> int:
    """How many figures there are between two words at least; more than any day has where a blot may hide them."""
    if not dark.any():
        return 0
    if float(cv2.distanceTransform(cv2.copyMakeBorder(dark, 1, 1, 1, 1, 0, value=0), cv2.DIST_L2, 3).max()) > mm(BLOT):
        return HIDDEN
    count, _, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
    spans = sorted((x, x + wide) for x, _, wide, high, _ in stats[1:count].tolist() if high >= TALL_ENOUGH * em)
    reached, pieces, inked = -1, 0, 0
    for left, right in spans:
        pieces += left >= reached
        inked += max(0, right - max(left, reached))
        reached = max(reached, right)
    return max(pieces, round(inked / (WIDEST * em)))
