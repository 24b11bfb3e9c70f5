"""Seals without colour: found, bleached where they are pale, and never taken for rules."""

from __future__ import annotations

import random
from itertools import combinations

import cv2
import numpy as np
import pytest

from parsers.scan import rings
from parsers.scan.circles import bleached, find_circles, is_pale, is_stain, rims_of, touches, without_red
from parsers.scan.faint import evened
from parsers.scan.gridding import find_grids
from parsers.scan.red import binarised, separate
from parsers.scan.sealtext import strip_of
from parsers.scan.units import Gray, mm
from samples.paper import drawn, practice, seals


def photocopied(*places: tuple[float, float], rows: int = 8) -> Gray:
    """A roster with grey seals at these places in millimetres."""
    picture = drawn.draw(practice.roster(46, rows=rows)).picture
    for x, y in places:
        at = (x * 72 / 25.4, y * 72 / 25.4)
        picture = seals.press(picture, seals.round_seal("海州区教育局", 200), at, random.Random(1))  # noqa: S311 - sample data
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.uint8)


@pytest.mark.parametrize("places", [(), ((120.0, 90.0),), ((110.0, 80.0), (128.0, 88.0)), ((5.0, 100.0),)])
def test_each_seal_is_found_and_nothing_else(places: tuple[tuple[float, float], ...]) -> None:
    found = find_circles(binarised(photocopied(*places)))
    middles = sorted(circle.middle for circle in found)
    assert len(middles) == len(places)
    for middle, place in zip(middles, places, strict=True):
        assert middle == pytest.approx((mm(place[0]), mm(place[1])), abs=mm(1))


def test_grey_seals_part_no_cell() -> None:
    plain = find_grids(photocopied())[0][0]
    gray = photocopied((110.0, 80.0), (128.0, 88.0))
    circles = find_circles(binarised(gray))
    (grid,), _ = find_grids(gray, rims_of(circles, gray.shape))
    assert [(c.row, c.column, c.row_span, c.column_span) for c in grid.cells] == [
        (c.row, c.column, c.row_span, c.column_span) for c in plain.cells
    ]


def test_a_pale_seal_is_bleached_and_black_stays() -> None:
    gray = np.full((mm(80), mm(80)), 255, np.uint8)
    cv2.circle(gray, (mm(40), mm(40)), mm(20), 140, 8)
    cv2.putText(gray, "2026", (mm(25), mm(42)), cv2.FONT_HERSHEY_SIMPLEX, 2, 0, 5)
    ink = binarised(gray)
    bare = bleached(gray, ink, find_circles(ink))
    assert bare[gray == 140].min() >= 200
    assert bare[gray == 0].max() == 0


def test_what_lies_under_a_seal_is_known() -> None:
    (circle,) = find_circles(binarised(photocopied((120.0, 90.0))))
    assert touches(circle, (mm(95), mm(85), mm(102), mm(92)))
    assert not touches(circle, (mm(60), mm(85), mm(90), mm(92)))
    assert not touches(circle, (mm(90), mm(60), mm(103), mm(73)))


def test_dense_print_does_not_use_up_the_places_that_are_looked_at() -> None:
    """Once four places within one clump of print were tried, and a pale ring elsewhere on the page was not."""
    places = rings._candidates(binarised(photocopied()), 0.05, edge=True)
    assert len(places) == rings.PLACES
    apart = [np.hypot(one[0] - two[0], one[1] - two[1]) for one, two in combinations(places, 2)]
    assert min(apart) > rings.APART * rings.SMALLER


def test_a_seal_as_pale_as_a_light_copy_leaves_it_is_found_with_its_words() -> None:
    """Where the page is bleached for reading nothing of it is left; a box with it must not pass for empty."""
    print_, seal = photocopied(), photocopied((120.0, 90.0))
    light = 235 - (print_.astype(np.int16) - seal).clip(0) // 4
    page = np.repeat(np.minimum(light, print_).astype(np.uint8)[..., None], 3, axis=2)
    layers = separate(page)
    assert not find_circles(binarised(layers.gray), layers.gray)
    pale = without_red(evened(page), layers.red)
    (circle,) = find_circles(binarised(layers.gray), pale)
    assert circle.middle == pytest.approx((mm(120), mm(90)), abs=mm(1))
    assert is_pale(circle, layers.gray)
    assert not is_stain(circle, layers.gray)
    strip = strip_of(pale, circle, [circle])
    assert strip is not None
    assert np.percentile(strip, 2) < 220
