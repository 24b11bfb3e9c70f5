"""Written days as the likeliest of the calendar: 2025年10595 is 2025年10月9日, for 年, 月 and 日 stand where they must.

On a fax the signs lose their inner strokes and are read as figures, E or nothing, while the figures themselves are
read well. All days of a century are held against what was read: each character at the price of its having been taken
for another (:mod:`parsers.ocr.misreading`), and where each stands on its line at the price of its standing elsewhere:
a figure takes half the room of a sign, so that the room between two signs tells how many figures were there.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import accumulate

import numpy as np

from parsers.decoder import Decoded
from parsers.ocr.lattice import Glyph
from parsers.ocr.misreading import Prices, first_row, next_row, pairing
from parsers.scan.asking import MANY, Asked
from parsers.scan.bilevel import is_coarse
from parsers.scan.daysigns import lacks_day_sign
from parsers.scan.readlines import ReadLine

FIRST_YEAR, LAST_YEAR = 1940, 2045
SIGNS = "年月日"
BREAK = "\n"
"""Stands between the glyphs of two lines."""
MOST = 18.0
"""The price from which on what was read is no date at all."""
WEIGHED, WITHIN = 60, 12.0
"""Days whose places on the line are looked at: so many at most, and none by so much dearer than the cheapest."""
HALF, SLACK = 0.5, 0.1
"""A figure's width in those of a sign, and how far from its place a character is found, in the same measure."""
EDGE_SLACK = 0.25
"""The same for the end of the ink and that of the last character, which is wider than its ink."""
DOUBLED = 4.0
"""By so much cheaper is a figure that was lost beside its like."""
FEWEST_PLACES = 4
DEAREST_PLACE = 4.5
"""No character's place costs more: it may be misplaced by a stray stroke."""
NEAR = 3.5
"""A day by so much dearer than another is nearly as likely: the other is 33 times as likely at most."""
AS_WRITTEN = 0.9
"""What was read as surely as this stands on the paper, and stays though it is no day."""
UNPROVEN = 0.45
"""How sure a day is at most of which only the calendar speaks: too little to be confirmed by other fields."""
_MARKS = frozenset(".,-·'`:;~_^*\"|/·，。、")


@dataclass(frozen=True, slots=True)
class Likely:
    """A day that may have been written, and its price."""

    day: dt.date
    price: float

    @property
    def value(self) -> str:
        """The normal value of a field that holds it."""
        return self.day.isoformat()

    @property
    def text(self) -> str:
        """As it is written on the forms."""
        return f"{self.day.year}年{self.day.month}月{self.day.day}日"


def likely_days(lines: Sequence[ReadLine]) -> list[Likely]:
    """The days that may have been written, the likeliest first; none where nothing there is like one."""
    glyphs = glyphs_with_breaks(lines)
    if not 5 <= len(glyphs) <= 20:
        return []
    cheapest = _cheapest(glyphs)
    if not cheapest or cheapest[0].price > MOST:
        return []
    near = [one for one in cheapest[:WEIGHED] if one.price <= cheapest[0].price + WITHIN]
    if not any(line.by_hand for line in lines):
        near = [Likely(one.day, one.price + place_price(lines, glyphs, one.text)) for one in near]
    return sorted(near, key=lambda one: one.price)


def as_likely_day(asked: Asked, decoded: Decoded) -> Decoded:
    """What was read in a field for days, held against the calendar; a person looks at whatever it changes.

    What is no date is shown as the likeliest. On a page whose characters lose strokes a date is doubted beside which
    another is nearly as likely.
    """
    is_date = asked.guess(decoded.text, 0.0).passes and not lacks_day_sign(decoded.text)
    if is_date and (decoded.review or all(line.care == 1 for line in asked.lines)):
        return decoded
    days = likely_days(asked.lines)
    if not days:
        return decoded
    near = [one for one in days if one.price - days[0].price < NEAR]
    if not is_date and asked.as_read().confidence >= AS_WRITTEN and not any(map(is_coarse, asked.lines)):
        return replace(decoded, review=True, candidates=decoded.candidates or _first(one.text for one in near))
    if not is_date:
        others = _first((*(one.text for one in near[1:]), decoded.text, *decoded.candidates))
        return Decoded(days[0].text, min(decoded.confidence or 0.0, UNPROVEN), review=True, candidates=others)
    value = asked.value(decoded.text)
    against = [one.text for one in near if one.value != value]
    if not against:
        return decoded
    sure = min(decoded.confidence or 0.0, UNPROVEN)
    return replace(decoded, confidence=sure, review=True, candidates=_first((*against, *decoded.candidates)))


def _first(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))[:MANY]


def glyphs_with_breaks(lines: Sequence[ReadLine]) -> list[Glyph]:
    """The glyphs of lines, a break between two of them."""
    glyphs: list[Glyph] = []
    for line in lines:
        if glyphs and line.reading.glyphs:
            glyphs.append(Glyph(BREAK, 1.0, 1.0))
        glyphs += line.reading.glyphs
    return glyphs


def _taken(meant: str, read: str) -> float:
    if read == BREAK:
        return math.inf
    if meant in SIGNS:
        return 3.0 if read in SIGNS or read.isdigit() else 2.0
    return 7.0 if read.isdigit() else 5.5


def _lost(meant: str) -> float:
    return 4.5 if meant in SIGNS else 7.0


def _put(read: str) -> float:
    if read == BREAK:
        return 0.0
    return 3.0 if read in _MARKS else 5.0


PRICES = Prices(_taken, _lost, _put)


@cache
def _endings() -> tuple[tuple[int, int, str], ...]:
    """Month, day, and how they are written behind the year, backwards."""
    leap = dt.date(2024, 1, 1)
    days = (leap + dt.timedelta(days=passed) for passed in range(366))
    return tuple((day.month, day.day, f"{day.month}月{day.day}日"[::-1]) for day in days)


def _cheapest(glyphs: Sequence[Glyph]) -> list[Likely]:
    years = range(FIRST_YEAR, LAST_YEAR + 1)
    heads = np.array(list(_rows(glyphs, (f"{year}年" for year in years))))
    tails = np.array(list(_rows(glyphs[::-1], (written for _, _, written in _endings()))))[:, ::-1]
    whole = (heads[:, None, :] + tails[None, :, :]).min(axis=2)
    order = np.argsort(whole, axis=None)[: 4 * WEIGHED]
    found = []
    for year, ending in zip(*np.unravel_index(order, whole.shape), strict=True):
        month, day, _ = _endings()[ending]
        try:
            found.append(Likely(dt.date(years[year], month, day), float(whole[year, ending])))
        except ValueError:
            continue  # a 29 February of another year
    return found


def _rows(glyphs: Sequence[Glyph], texts: Iterable[str]) -> Iterator[list[float]]:
    """For each text the prices of the first glyphs, from none to all; beginnings that texts share are priced once."""
    known = {"": first_row(glyphs, PRICES)}
    for text in texts:
        for end in range(1, len(text) + 1):
            if text[:end] not in known:
                known[text[:end]] = next_row(known[text[: end - 1]], glyphs, text[end - 1], PRICES)
        yield known[text]


def place_price(lines: Sequence[ReadLine], glyphs: Sequence[Glyph], text: str) -> float:
    """What it costs that the characters of a text stand where the glyphs do that they were read as."""
    pairs = dict(pairing(glyphs, text, PRICES))
    rights = list(accumulate(HALF if mark.isdigit() else 1.0 for mark in text))
    seen: list[list[tuple[float, float, float]]] = []
    place = 0
    for line in lines:
        count = len(line.reading.glyphs)
        if not count:
            continue
        own = [(glyphs[index].at, pairs[index]) for index in range(place, place + count) if index in pairs]
        place += count + 1
        seen.append([])
        if not _is_whole(line):
            continue
        for at, mark in own:
            left = rights[mark - 1] if mark else 0.0
            seen[-1].append((line.line.page_x(at), (left + rights[mark]) / 2, SLACK))
        if line is lines[-1] and own:
            seen[-1].append((float(line.line.box[2]), rights[-1], EDGE_SLACK))
    places = _misplaced([own for own in seen if len(own) > 1])
    return places + _broken(pairs, glyphs, text) - DOUBLED * _run_together(pairs, text)


def _is_whole(line: ReadLine) -> bool:
    """Whether a line is no part of a longer one, of which it is not known where on the page it stands."""
    return bool(line.line.crop.shape[1] >= line.line.pieces[-1].end - 1)


def _run_together(pairs: dict[int, int], text: str) -> int:
    """How many pairs of one figure, 11 and 22, were read as one: recognisers part like characters by the gap alone."""
    read = set(pairs.values())
    return sum(
        mark == text[place - 1] and mark.isdigit() and len({place, place - 1} & read) == 1
        for place, mark in enumerate(text)
        if place
    )


def _broken(pairs: dict[int, int], glyphs: Sequence[Glyph], text: str) -> float:
    """The price of line breaks within numbers: no program breaks a line there."""
    price = 0.0
    for place, glyph in enumerate(glyphs):
        if glyph.text == BREAK:
            before = max((mark for index, mark in pairs.items() if index < place), default=-1)
            if 0 <= before < len(text) - 1 and text[before : before + 2].isdigit():
                price += DEAREST_PLACE
    return price


def _misplaced(seen: Sequence[Sequence[tuple[float, float, float]]]) -> float:
    """The price of places seen, in pixels, for those due, in widths of a sign, by lines of one size of writing."""
    count = sum(map(len, seen))
    if count < FEWEST_PLACES:
        return 0.0
    known = np.zeros((count, 1 + len(seen)))
    known[:, 0] = [due for places in seen for _, due, _ in places]
    for column, places in enumerate(seen, start=1):
        start = sum(map(len, seen[: column - 1]))
        known[start : start + len(places), column] = 1.0
    found = np.array([x for places in seen for x, _, _ in places])
    fitted, *_ = np.linalg.lstsq(known, found, rcond=None)
    if fitted[0] <= 0:
        return DEAREST_PLACE * count
    off = (found - known @ fitted) / fitted[0]
    slack = np.array([one for places in seen for _, _, one in places])
    return float(np.minimum((off / slack) ** 2 / 2, DEAREST_PLACE).sum())
