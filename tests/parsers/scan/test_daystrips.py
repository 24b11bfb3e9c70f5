"""Where a box's day is written, by its printed words or by those of a box of the same size."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from parsers.scan.daystrips import DayPlace, day_places, has_unread_ink, strips
from parsers.scan.readlines import ReadLine
from parsers.scan.signatures import SignPlace
from parsers.scan.units import Gray, PixelBox, mm
from tests.parsers.scan.drawing import paper, sheet_of
from tests.parsers.scan.engines import sure
from tests.parsers.scan.test_signatures import CELL, HEIGHT, guide

BESIDE: PixelBox = (CELL[0] + mm(70), CELL[1], CELL[2] + mm(70), CELL[3])


def _near(box: PixelBox, other: PixelBox, pixels: int = 8) -> bool:
    return all(abs(one - two) <= pixels for one, two in zip(box, other, strict=True))


def test_a_day_that_a_seal_hides_is_looked_for_as_in_a_box_of_the_same_size() -> None:
    page = paper(160, 60)
    line = guide(page, "年   月   日", (48, 39))
    guide(page, "2026年8月12日", (105, 39))
    known, hidden = SignPlace(CELL, (line,)), SignPlace(BESIDE, ())
    own, moved = day_places(sheet_of(page).ink, [known, hidden], HEIGHT)
    left, top, right, bottom = own.box
    assert _near(moved.box, (left + mm(70), top, right + mm(70), bottom))
    assert [place.inside for place, _ in strips(page, 0.0, [own, moved])] == [BESIDE], "nothing is written in the first"


@pytest.mark.parametrize("text", ["2026年8月", "2026年8日", "2026 8月12日"])
def test_of_three_words_two_are_enough(text: str) -> None:
    page = paper(90, 60)
    (place,) = day_places(sheet_of(page).ink, [SignPlace(CELL, (guide(page, text, (42, 39)),))], HEIGHT)
    year, month, day = place.guides
    assert year < month < day
    assert place.written[0] > place.box[0]


@pytest.mark.parametrize("text", ["同意", "12日", "日月", "日月年"])
def test_without_two_words_in_their_order_nothing_is_known(text: str) -> None:
    page = paper(90, 60)
    place = SignPlace(CELL, (guide(page, text, (42, 39)),))
    assert day_places(sheet_of(page).ink, [place, SignPlace((0, 0, 40, 40), ())], HEIGHT) == ()


def test_words_that_were_hardly_read_say_nothing_of_places() -> None:
    page = paper(90, 60)
    line: ReadLine = guide(page, "2026年8月12日", (42, 39))
    for glyph in line.reading.glyphs:
        object.__setattr__(glyph, "probability", 0.4)
    assert day_places(sheet_of(page).ink, [SignPlace(CELL, (line,))], HEIGHT) == ()
    assert not list(strips(np.full((5, 5), 255, np.uint8), 0.0, []))


def test_a_day_in_the_middle_of_a_wider_box_is_looked_for_in_its_middle() -> None:
    page = paper(200, 60)
    wider: PixelBox = (CELL[2], CELL[1], CELL[2] + (CELL[2] - CELL[0]) + mm(16), CELL[3])
    at = (CELL[0] + CELL[2]) / 2 / mm(1) - 10
    known = SignPlace(CELL, (guide(page, "年   月   日", (at, 39)),))
    own, moved = day_places(sheet_of(page).ink, [known, SignPlace(wider, ())], HEIGHT)
    middle = (own.inside[0] + own.inside[2]) / 2
    assert own.is_central
    assert moved.guides[1] - (wider[0] + wider[2]) / 2 == pytest.approx(own.guides[1] - middle, abs=1)


def strip_with(text: str) -> tuple[DayPlace, Gray]:
    page = paper(90, 60)
    (place,) = day_places(sheet_of(page).ink, [SignPlace(CELL, (guide(page, text, (32, 39)),))], HEIGHT)
    ((_, strip),) = strips(page, 0.0, [place])
    return place, strip


@pytest.mark.parametrize(
    ("written", "read", "unread"),
    [
        ("2026年8月12日", "2026年8月12日", False),
        ("2026年8月12日", "2026年8月2日", True),
        ("2026年8月12日", "2026年月12日", True),
        ("2026年8月12日", "年月日", True),
        ("2026年8月12日", "2026年812日", True),
    ],
)
def test_a_figure_that_nobody_read_is_seen_by_its_ink(written: str, read: str, *, unread: bool) -> None:
    place, strip = strip_with(written)
    assert has_unread_ink(place, strip, 0.0, sure(read)) is unread


def test_a_star_may_hide_a_figure() -> None:
    place, strip = strip_with("2026年8月12日")
    after = round((place.guides[0] + place.guides[1]) / 2) - place.box[0]
    cv2.circle(strip, (after, strip.shape[0] // 2), mm(1.2), 0, -1)
    assert has_unread_ink(place, strip, 0.0, sure("2026年8月12日"))


def test_a_pale_figure_close_to_its_word_is_seen() -> None:
    place, strip = strip_with("2026年8月 2日")
    left = round(place.guides[1] + 0.6 * place.em) - place.box[0]
    cv2.line(strip, (left, strip.shape[0] // 2 - mm(1)), (left, strip.shape[0] // 2 + mm(1)), 200, 2)
    assert has_unread_ink(place, strip, 0.0, sure("2026年8月2日"))


def test_where_the_year_was_not_read_another_box_tells_before_month_and_day_do() -> None:
    page = paper(160, 60)
    line, other = guide(page, "2026年8月12日", (25, 39)), guide(page, "8月12日", (115, 39))
    known, lacking = SignPlace(CELL, (line,)), SignPlace(BESIDE, (other,))
    own, moved = day_places(sheet_of(page).ink, [known, lacking], HEIGHT)
    left, top, right, bottom = own.box
    assert _near(moved.box, (left + mm(70), top, right + mm(70), bottom))
    (alone,) = day_places(sheet_of(page).ink, [lacking], HEIGHT)
    assert alone.guides[0] < alone.guides[1] < alone.guides[2]
